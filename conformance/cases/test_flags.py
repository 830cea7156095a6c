"""A flag that is given as a value that is not a `bool`, such as one that was read from a file or computed."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

CONTAINERS = ("Sequential", "Functional", "Subclassed")
FORMS = ("int", "numpy-bool")


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("form", FORMS)
def test_false_given_as(observe, form, container):
    """Any value that means False, set to a container, reaches everything inside it."""
    observe(fixtures.flags.reached(container, "frozen", form))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("form", FORMS)
def test_true_given_as(observe, form, container):
    """So does any value that means True, after that."""
    observe(fixtures.flags.reached(container, "thawed", form))


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_listed_given_as(observe, form):
    """Frozen by any such value, a container lists nothing."""
    observe(fixtures.flags.listed("Functional", "frozen", form))


@checks(
    "batchnorm/frozen-runs-in-inference-mode",
    expects=Word.MOVING,
    given=["batchnorm/frozen-runs-in-inference-mode[frozen-called-with-training-true-rank2]"],
)
@pytest.mark.parametrize("form", FORMS)
def test_mode_given_as(observe, form):
    """Frozen by any such value, a BatchNormalization that is called with True is in inference mode."""
    observe(fixtures.flags.mode("frozen", form))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("form", FORMS)
def test_statistics_given_as(observe, form):
    """Its moving statistics do not move."""
    observe(fixtures.flags.statistics("frozen", form))


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
@pytest.mark.parametrize("form", FORMS)
def test_thawed_mode_given_as(observe, form):
    """Thawed by any value that means True, it is in training mode again."""
    observe(fixtures.flags.mode("thawed", form))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("form", FORMS)
def test_dense_given_as(observe, form):
    """Frozen by any value that means False, a Dense does not learn in `fit()`."""
    observe(fixtures.flags.fitted("frozen", form))
