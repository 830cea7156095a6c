"""Written by hand for the golden tests: what cases look like. Nothing here runs."""

import pytest

from conformance.measuring.case import checks
from conformance.words import Word


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED, core=["compile"])
@pytest.mark.parametrize("moment", ["compile", "fit", "a-step"])
def test_frozen_after(observe, moment):
    """Frozen after `compile()`, a layer still learns."""
    observe(moment)


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, core="all")
@pytest.mark.parametrize("variant", ["rank2", "rank4"])
def test_frozen_in_fit(observe, variant):
    """Frozen, it uses the moving statistics in `fit()`."""
    observe(variant)
