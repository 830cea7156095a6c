"""Frozen state: weights and state stay as they are, and it is not inference mode."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import FROZEN_BY, TRAINING_STEPS
from conformance.measuring.case import checks
from conformance.words import Word

KINDS = ("Dense", "Conv2D", "Embedding", "LSTM", "Bidirectional", "LayerNormalization", "custom")
STATEFUL = (
    "BatchNormalization",
    "add_update",
    "add_update-of-an-op",
    "assign",
    "SpectralNormalization",
    "Dropout-seed",
)
PARENTS = (
    "Sequential",
    "Functional",
    "Subclassed",
    "model-list",
    "layer",
    "list",
    "dict",
    "models-2-deep",
    "layers-3-deep",
    "mixed-4-deep",
)
#: Parents that stand side by side in one model, in its steps.
PARENTS_IN_STEPS = (
    "Sequential",
    "Functional",
    "Subclassed",
    "layer",
    "list",
    "models-2-deep",
    "layers-3-deep",
)
OPTIMIZERS = ("SGD-momentum", "SGD-weight_decay", "Adam", "Adam-ema", "AdamW", "RMSprop", "Adagrad")
NORMALIZERS = ("LayerNormalization", "GroupNormalization", "UnitNormalization")


# frozen/weights-are-not-updated


@checks(
    "frozen/weights-are-not-updated",
    expects=Word.WEIGHTS_KEPT,
    core=[
        "attribute-after-build-Dense",
        "attribute-after-build-Conv2D",
        "attribute-before-build-Dense",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_in_fit(observe, frozen_by, kind):
    """A layer of any kind, frozen in any way before `compile()`, does not learn in `fit()`."""
    observe(fixtures.freezing.kind_after("fit", kind, frozen_by))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("kind", ["Dense", "Bidirectional", "custom"])
@pytest.mark.parametrize("frozen_by", ["parent", "grandparent"])
def test_in_fit_frozen_from_above(observe, frozen_by, kind):
    """Frozen through what holds it, it does not learn in `fit()`."""
    observe(fixtures.freezing.kind_after("fit", kind, frozen_by))


@checks(
    "frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, core=["train_on_batch-Dense", "tape-Dense"]
)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("step", ["train_on_batch", "tape"])
def test_in_step(observe, step, kind):
    """Frozen after it was built, it learns neither in `train_on_batch()` nor in a tape loop."""
    observe(fixtures.freezing.kind_after(step, kind, "attribute-after-build"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("kind", ["Dense", "Bidirectional", "custom"])
def test_in_tape_frozen_before_build(observe, kind):
    """Frozen before it was built, it does not learn in a tape loop."""
    observe(fixtures.freezing.kind_after("tape", kind, "attribute-before-build"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("step", ["fit", "call-training"])
def test_inside_spectral_normalization(observe, step):
    """The kernel of a Dense in a frozen SpectralNormalization stays as it is."""
    observe(fixtures.freezing.spectral_kernel_after(step))


# frozen/state-updates-are-not-run


@checks(
    "frozen/state-updates-are-not-run",
    expects=Word.STATE_KEPT,
    core=["BatchNormalization", "add_update"],
)
@pytest.mark.parametrize("watched", [*STATEFUL, "stateful-RNN"])
def test_called(observe, watched):
    """What a frozen layer keeps besides its weights does not move when it is called with `training=True`."""
    observe(fixtures.stateful.called(watched, "attribute-after-build"))


@checks("frozen/state-updates-are-not-run", expects=Word.STATE_KEPT)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "parent"])
@pytest.mark.parametrize("watched", ["BatchNormalization", "add_update", "assign"])
def test_called_frozen_otherwise(observe, watched, frozen_by):
    """However it was frozen, its state does not move."""
    observe(fixtures.stateful.called(watched, frozen_by))


@checks(
    "frozen/state-updates-are-not-run",
    expects=Word.STATE_KEPT,
    core=["fit-BatchNormalization", "train_on_batch-BatchNormalization"],
)
@pytest.mark.parametrize("watched", STATEFUL)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_state_in_step(observe, step, watched):
    """Nor does its state move in `fit()` and `train_on_batch()`."""
    observe(fixtures.stateful.after(step, watched))


# frozen/is-not-inference-mode


@checks("frozen/is-not-inference-mode", expects=Word.DROPS, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", PARENTS)
def test_dropout_under_frozen_parent_called(observe, container):
    """Dropout in a frozen container drops when that is called with `training=True`."""
    observe(fixtures.frozen_parents.dropout_called(container))


@checks(
    "frozen/is-not-inference-mode",
    expects=Word.DROPS,
    given=["dropout/on-when-training[called-with-training-true-{kind}]"],
)
@pytest.mark.parametrize("kind", ["SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout"])
def test_noise_under_frozen_parent_called(observe, kind):
    """So do its relatives."""
    observe(fixtures.frozen_parents.dropout_called("Sequential", kind))


@checks("frozen/is-not-inference-mode", expects=Word.DROPS)
def test_recurrent_dropout_under_frozen_parent_called(observe):
    """So does dropout inside a recurrent layer."""
    observe(fixtures.frozen_parents.recurrent_dropout_called())


@checks("frozen/is-not-inference-mode", expects=Word.TRUE, core=["Sequential"])
@pytest.mark.parametrize("container", PARENTS)
def test_custom_layer_under_frozen_parent_called(observe, container):
    """A custom layer in a frozen container called with `training=True` sees True."""
    observe(fixtures.frozen_parents.training_called(container))


@checks("frozen/is-not-inference-mode", expects=Word.DROPS, core=["fit-Sequential", "fit-Functional"])
@pytest.mark.parametrize("container", PARENTS_IN_STEPS)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_dropout_under_frozen_parent_in_step(observe, step, container):
    """Dropout in a frozen container drops in `fit()` and `train_on_batch()`."""
    observe(fixtures.frozen_parents.dropout_after(step, container))


@checks("frozen/is-not-inference-mode", expects=Word.TRUE)
@pytest.mark.parametrize("container", PARENTS_IN_STEPS)
def test_custom_layer_under_frozen_parent_in_fit(observe, container):
    """A custom layer in a frozen container sees True in `fit()`."""
    observe(fixtures.frozen_parents.training_after("fit", container))


@checks("frozen/is-not-inference-mode", expects=Word.SAME, core=["LayerNormalization-attribute-after-build"])
@pytest.mark.parametrize("frozen_by", ["attribute-after-build", "attribute-before-build", "parent"])
@pytest.mark.parametrize("kind", NORMALIZERS)
def test_normalization_computes_the_same(observe, kind, frozen_by):
    """A normalization that keeps no statistics computes the same frozen as free."""
    observe(fixtures.frozen_parents.normalizer_called(kind, frozen_by))


@checks("frozen/is-not-inference-mode", expects=Word.STATE_UPDATED)
@pytest.mark.parametrize("step", ["fit", "call-training"])
def test_batchnorm_behind_frozen_layer(observe, step):
    """A BatchNormalization behind a frozen layer goes on gathering its statistics."""
    observe(fixtures.stateful.neighbour_after(step))


# frozen/optimizer-leaves-it-alone


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT, core=["AdamW", "SGD-momentum"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_after_fit_same_optimizer(observe, optimizer):
    """Frozen after a fit, it is left alone by the optimizer that has already moved it."""
    observe(fixtures.optimizing.frozen_after("weights", optimizer))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", ["SGD-momentum", "AdamW", "Adam-ema"])
def test_frozen_after_fit_new_optimizer(observe, optimizer):
    """Frozen after a fit, it is left alone by a new optimizer."""
    observe(fixtures.optimizing.frozen_after("weights", optimizer, "new-optimizer"))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT, core=["AdamW"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_at_first(observe, optimizer):
    """Frozen from the beginning, it is left alone."""
    observe(fixtures.optimizing.frozen_after("at-first", optimizer))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.STATE_KEPT, core=["Adam", "SGD-momentum"])
@pytest.mark.parametrize("optimizer", ["SGD-momentum", "Adam", "Adam-ema", "AdamW", "RMSprop", "Adagrad"])
def test_slots_of_frozen(observe, optimizer):
    """What the optimizer keeps for a layer that was frozen after a fit does not move."""
    observe(fixtures.optimizing.frozen_after("slots", optimizer))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT, core=["fit-MaxNorm"])
@pytest.mark.parametrize("constraint", ["MaxNorm", "UnitNorm", "NonNeg"])
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_constraint_on_frozen(observe, step, constraint):
    """A constraint does not move a frozen kernel that breaks it."""
    observe(fixtures.optimizing.constrained_after(step, constraint))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.SAME, core=["L2-attribute-after-build"])
@pytest.mark.parametrize("frozen_by", FROZEN_BY)
@pytest.mark.parametrize("penalty", ["L2", "activity", "add_loss"])
def test_penalty_of_frozen(observe, penalty, frozen_by):
    """A frozen layer adds the same to the loss as it did."""
    observe(fixtures.optimizing.penalty_of(penalty, frozen_by))
