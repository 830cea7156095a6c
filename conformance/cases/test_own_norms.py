"""BatchNormalization of classes of one's own."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: A class that adds nothing, and one whose `call` hands all on to the `call` that it inherits.
KINDS = ("plain", "with-a-call")
STEPS = ("call-training", "fit")
#: By the flag of the layer, of what holds it, or of its own constructor.
FROZEN = [
    ("plain", "frozen"),
    ("with-a-call", "frozen"),
    ("plain", "frozen-base"),
    ("with-a-call", "frozen-base"),
    ("made-frozen", "nothing"),
]
#: Where the layer of Keras itself does not, nothing is asked of a class that is made of it.
AS_KERAS = ["batchnorm/frozen-runs-in-inference-mode[frozen-called-with-training-true-rank2]"]


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS)
def test_own_norm_trains(observe, kind, step):
    """In training mode it normalizes with the statistics of the batch."""
    observe(fixtures.own_norms.mode(kind, "nothing", step))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("step", ["call", "predict"])
@pytest.mark.parametrize("kind", KINDS)
def test_own_norm_infers(observe, kind, step):
    """In inference mode it normalizes with its moving statistics."""
    observe(fixtures.own_norms.mode(kind, "nothing", step))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, given=AS_KERAS)
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("kind", "by"), FROZEN)
def test_own_norm_frozen_mode(observe, kind, by, step):
    """Frozen, it is in inference mode."""
    observe(fixtures.own_norms.mode(kind, by, step))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize(("kind", "by"), FROZEN)
def test_own_norm_frozen_statistics(observe, kind, by):
    """And its moving statistics do not move in `fit()`."""
    observe(fixtures.own_norms.statistics(kind, by, "fit"))


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize(("kind", "by"), FROZEN)
def test_own_norm_frozen_weights(observe, kind, by):
    """Nor do gamma and beta."""
    observe(fixtures.own_norms.scale(kind, by, "fit"))


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
@pytest.mark.parametrize("kind", [*KINDS, "made-frozen"])
def test_own_norm_thawed_mode(observe, kind):
    """Thawed before `compile()`, it is in training mode in `fit()`."""
    observe(fixtures.own_norms.mode(kind, "thawed", "fit"))


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("kind", [*KINDS, "made-frozen"])
def test_own_norm_thawed_statistics(observe, kind):
    """And its moving statistics move again."""
    observe(fixtures.own_norms.statistics(kind, "thawed", "fit"))
