"""Who holds the weights: layers in layers, layers reached twice, tied weights, adapters, parts of a layer."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

HELD = (
    "made-in-constructor",
    "made-in-build",
    "namedtuple",
    "activation",
    "MultiHeadAttention",
    "TimeDistributed",
    "RNN",
    "tf-Variable",
)
#: Those whose layers inside are made when they are built.
BUILT_LATER = ("made-in-build", "MultiHeadAttention")


# Layers that hold others.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_held_in_frozen_in_fit(observe, frozen_by, held):
    """What a frozen layer holds, made in its constructor or in `build`, does not learn in `fit()`."""
    observe(fixtures.holding.weights_after("fit", held, frozen_by))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("held", ["made-in-constructor", "made-in-build", "MultiHeadAttention"])
@pytest.mark.parametrize("step", ["train_on_batch", "tape"])
def test_held_in_frozen_by_constructor_in_step(observe, step, held):
    """What a layer made with `trainable=False` holds learns in no other step either."""
    observe(fixtures.holding.weights_after(step, held, "constructor"))


@checks("propagation/frozen-container-governs", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build"])
def test_held_in_frozen_is_not_listed_outside(observe, frozen_by, held):
    """A model lists nothing of what a frozen layer in it holds."""
    observe(fixtures.holding.listed_outside(held, frozen_by))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("held", BUILT_LATER)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_made_in_build_frozen(observe, frozen_by, held):
    """What a frozen layer makes in `build` is False too."""
    observe(fixtures.holding.flags_inside(held, frozen_by))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("held", ["made-in-constructor", "activation", *BUILT_LATER])
@pytest.mark.parametrize("frozen_by", ["constructor-then-thawed", "before-build-then-thawed"])
def test_held_thawed(observe, frozen_by, held):
    """Frozen before it is built and thawed after that, a layer has nothing but True inside."""
    observe(fixtures.holding.flags_inside(held, frozen_by))


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("held", ["made-in-constructor", "activation", *BUILT_LATER])
@pytest.mark.parametrize("frozen_by", ["constructor-then-thawed", "before-build-then-thawed"])
def test_held_thawed_is_listed_outside(observe, frozen_by, held):
    """Frozen before it is built and thawed after that, all that a layer holds is listed by its model."""
    observe(fixtures.holding.listed_outside(held, frozen_by))


@checks("propagation/inner-batchnorm-follows", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("held", ["made-in-constructor", "made-in-build"])
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_batchnorm_held_in_frozen(observe, frozen_by, held):
    """The statistics of a BN in a frozen layer rest, whether the constructor made it or `build`."""
    observe(fixtures.holding.statistics_after("fit", held, frozen_by))
