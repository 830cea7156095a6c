"""Layers of one's own: how `call` names `training`, and a value that is handed on by `.call(...)`."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: How `call` names `training`.
SIGNATURES = (
    "training=None",
    "training=False",
    "name-only",
    "name-only=False",
    "required",
    "behind-mask",
    "any-names",
)
#: One without a default is left out: that Python refuses a call without a value is no fault.
DEFAULTED = tuple(signature for signature in SIGNATURES if signature != "required")
PLACED = ("training=None", "training=False", "required")
HELD = ("in-Functional", "model")
#: What hands a value on by `.call(...)`.
HANDING = (
    "base.call-Functional",
    "base.call-Sequential",
    "base.call-Subclassed",
    "super.call-Functional",
    "super.call-Sequential",
)
TRAINED = ("call-training", "fit")
INFERRED = ("call", "predict")


@checks("training/reaches-nested-layers", expects=Word.DROPS)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("signature", SIGNATURES)
def test_own_told_true(observe, signature, held):
    """However `call` names `training`, a model called with True turns the Dropout inside on."""
    observe(fixtures.signatures.in_step(signature, held, "call-training"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("signature", SIGNATURES)
def test_own_in_fit(observe, signature, held):
    """However `call` names `training`, `fit()` turns the Dropout inside on."""
    observe(fixtures.signatures.in_step(signature, held, "fit"))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("signature", DEFAULTED)
@pytest.mark.parametrize("step", INFERRED)
def test_own_in_inference(observe, step, signature, held):
    """Simply called, and in `predict()`, the Dropout inside masks nothing."""
    observe(fixtures.signatures.in_step(signature, held, step))


@checks("training/reaches-nested-layers", expects=Word.DROPS)
@pytest.mark.parametrize("signature", PLACED)
def test_own_told_by_place(observe, signature):
    """A True that a model of one's own hands on by place, not by name, turns the Dropout inside on."""
    observe(fixtures.signatures.in_step(signature, "by-place", "call-training"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("signature", PLACED)
def test_own_by_place_in_fit(observe, signature):
    """So does the one that `fit()` gives."""
    observe(fixtures.signatures.in_step(signature, "by-place", "fit"))


@checks("training/explicit-value-wins", expects=Word.PASSES)
@pytest.mark.parametrize("step", TRAINED)
@pytest.mark.parametrize("handing", HANDING)
def test_false_by_hand(observe, handing, step):
    """A False that is handed on by `.call(...)` turns the Dropout of that model off."""
    observe(fixtures.signatures.dropout(handing, False, step))


@checks("training/explicit-value-wins", expects=Word.MOVING)
@pytest.mark.parametrize("step", TRAINED)
@pytest.mark.parametrize("handing", HANDING)
def test_mode_by_hand(observe, handing, step):
    """And puts its BatchNormalization in inference mode."""
    observe(fixtures.signatures.mode(handing, False, step))


@checks("training/explicit-value-wins", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("step", TRAINED)
@pytest.mark.parametrize("handing", HANDING)
def test_statistics_by_hand(observe, handing, step):
    """And keeps its moving statistics."""
    observe(fixtures.signatures.statistics(handing, False, step))


@checks("dropout/can-be-forced-on", expects=Word.DROPS)
@pytest.mark.parametrize("step", INFERRED)
@pytest.mark.parametrize("handing", HANDING)
def test_true_by_hand(observe, handing, step):
    """A True that is handed on by `.call(...)` turns the Dropout of that model on."""
    observe(fixtures.signatures.dropout(handing, True, step))


@checks("dropout/can-be-forced-on", expects=Word.DROPS)
@pytest.mark.parametrize("step", INFERRED)
def test_inherited_true(observe, step):
    """A Dropout whose own `call` hands True to the one that it inherits drops in inference too."""
    observe(fixtures.signatures.inherited(True, step))


@checks("training/explicit-value-wins", expects=Word.PASSES)
@pytest.mark.parametrize("step", TRAINED)
def test_inherited_false(observe, step):
    """One that hands it False never drops."""
    observe(fixtures.signatures.inherited(False, step))
