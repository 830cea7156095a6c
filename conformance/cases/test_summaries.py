"""What `summary()` says of a container that was frozen, and thawed."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

CONTAINERS = ("base", "model")


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("course", ["frozen", "frozen-and-compiled", "compiled-and-frozen"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_summary(observe, container, course):
    """`summary()` counts no parameter of a frozen container as trainable."""
    observe(fixtures.summaries.trainable(container, course))


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("course", ["frozen-and-thawed", "frozen-compiled-and-thawed"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_summary_thawed(observe, container, course):
    """Thawed, all of its parameters."""
    observe(fixtures.summaries.trainable(container, course))
