"""The `training` argument, given where an inner layer is called; and what training alone counts."""

import pytest

from conformance import fixtures
from conformance.measuring.case import ALL, checks
from conformance.words import INFERENCE, Word

CONTAINERS = ("Functional", "Subclassed", "not-handing-on", "layer-in-layer", "nested")
CARRYING = ("Functional", "not-handing-on", "layer-in-layer", "nested")
FITTED = ("Functional", "nested")
SIBLINGS = ("before", "after", "in-nested-model")
PHASES = ("frozen", "thawed")
PENALTIES = ("L1", "bias", "activity", "add_loss", "nested", "frozen")


# training/explicit-value-wins


@checks("training/explicit-value-wins", expects=Word.TRUE, core=["Functional", "Subclassed", "nested"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_true_under_false(observe, container):
    """Given True inside, a layer sees True in a model called with `training=False`."""
    observe(fixtures.explicits.in_call("explicit", container, True, training=False))


@checks("training/explicit-value-wins", expects=Word.TRUE)
@pytest.mark.parametrize("container", ["Functional", "nested"])
def test_true_under_nothing(observe, container):
    """Given True inside, a layer sees True in a model that is simply called."""
    observe(fixtures.explicits.in_call("explicit", container, True))


@checks("training/explicit-value-wins", expects=Word.FALSE, core=["Functional", "Subclassed", "nested"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_false_under_true(observe, container):
    """Given False inside, a layer sees False in a model called with `training=True`."""
    observe(fixtures.explicits.in_call("explicit", container, False, training=True))


@checks("training/explicit-value-wins", expects=Word.TRUE, core=["Functional"])
@pytest.mark.parametrize("container", FITTED)
def test_true_in_predict_of(observe, container):
    """Given True inside, a layer sees True in `predict()`."""
    observe(fixtures.explicits.in_step(container, True, "predict"))


@checks("training/explicit-value-wins", expects=Word.TRUE)
def test_true_in_evaluate(observe):
    """Given True inside, a layer sees True in `evaluate()`."""
    observe(fixtures.explicits.in_step("Functional", True, "evaluate"))


@checks("training/explicit-value-wins", expects=Word.FALSE, core=ALL)
@pytest.mark.parametrize("container", FITTED)
def test_false_in_fit_of(observe, container):
    """Given False inside, a layer (or a whole model) sees False in `fit()`."""
    observe(fixtures.explicits.in_step(container, False, "fit"))


@checks("training/explicit-value-wins", expects=Word.FALSE)
def test_false_in_train_on_batch(observe):
    """Given False inside, a whole model sees False in `train_on_batch()`."""
    observe(fixtures.explicits.in_step("nested", False, "train_on_batch"))


@checks("training/explicit-value-wins", expects=Word.FALSE)
@pytest.mark.parametrize("container", ["not-handing-on", "nested"])
def test_false_under_true_in_function(observe, container):
    """Given False inside, a layer sees False in a `tf.function` that calls the model with True."""
    observe(fixtures.explicits.in_traced_call("explicit", container, False, training=True))


@checks("training/explicit-value-wins", expects=Word.MOVING, core=["nested"])
@pytest.mark.parametrize("container", ["Functional", "layer-in-layer", "nested"])
def test_batchnorm_false_under_true(observe, container):
    """Given False, BatchNormalization uses its moving statistics in a model called with True."""
    observe(fixtures.explicits.batchnorm_in_call(container, False, training=True))


@checks("training/explicit-value-wins", expects=Word.BATCH)
@pytest.mark.parametrize("container", ["Functional", "layer-in-layer"])
def test_batchnorm_true_under_false(observe, container):
    """Given True, BatchNormalization uses the batch's statistics in a model called with False."""
    observe(fixtures.explicits.batchnorm_in_call(container, True, training=False))


@checks("training/explicit-value-wins", expects=Word.FALSE)
@pytest.mark.parametrize("route", ["clone_model", "from_config"])
def test_false_in_rebuilt_model(observe, route):
    """A model made again from its configuration keeps the False that was given inside."""
    observe(fixtures.explicits.in_rebuilt(route, False, training=True))


@checks("training/explicit-value-wins", expects=Word.MOVING, core=ALL)
@pytest.mark.parametrize("phase", PHASES)
def test_recipe_batchnorm(observe, phase):
    """Fine-tuning: in `fit()`, BN in `base(inputs, training=False)` uses its moving statistics."""
    observe(fixtures.finetuning.fitted(phase, "mode"))


@checks(
    "training/explicit-value-wins",
    expects=Word.STATISTICS_KEPT,
    core=ALL,
)
@pytest.mark.parametrize("phase", PHASES)
def test_recipe_statistics(observe, phase):
    """Fine-tuning: `fit()` keeps the moving statistics, also once the base was thawed."""
    observe(fixtures.finetuning.fitted(phase, "statistics"))


@checks("training/explicit-value-wins", expects=Word.WEIGHTS_UPDATED)
def test_recipe_thawed_weights(observe):
    """Fine-tuning: the thawed base does learn; False puts it in inference mode, and freezes nothing."""
    observe(fixtures.finetuning.fitted("thawed", "weights"))


# training/explicit-value-stays-local


@checks(
    "training/explicit-value-stays-local",
    expects=Word.FALSE,
    core=["Functional-after", "nested-after"],
)
@pytest.mark.parametrize("sibling", ["after", "in-nested-model"])
@pytest.mark.parametrize("container", CARRYING)
def test_beside_true_under_false(observe, container, sibling):
    """Beside a layer given True, one that was given nothing sees the False of the call."""
    observe(fixtures.explicits.in_call(sibling, container, True, training=False))


@checks(
    "training/explicit-value-stays-local",
    expects=Word.TRUE,
    core=["Functional-after", "nested-after"],
)
@pytest.mark.parametrize("sibling", ["after", "in-nested-model"])
@pytest.mark.parametrize("container", CARRYING)
def test_beside_false_under_true(observe, container, sibling):
    """Beside a layer given False, one that was given nothing sees the True of the call."""
    observe(fixtures.explicits.in_call(sibling, container, False, training=True))


@checks("training/explicit-value-stays-local", expects=INFERENCE)
@pytest.mark.parametrize("container", CARRYING)
def test_after_true_under_nothing(observe, container):
    """After a layer given True, in a model that is simply called, the next is in inference mode.

    Not the first such call: what that leaves behind, the whole process may see from then on.
    """
    fixtures.explicits.in_call("after", container, True)
    observe(fixtures.explicits.in_call("after", container, True))


@checks("training/explicit-value-stays-local", expects=Word.PASSES)
@pytest.mark.parametrize("sibling", ["after", "in-nested-model"])
@pytest.mark.parametrize("container", FITTED)
def test_dropout_beside_true_in_predict(observe, container, sibling):
    """Beside a layer given True, a dropout that was given nothing is off in `predict()`."""
    observe(fixtures.explicits.beside_in_step(sibling, container, True, "predict"))


@checks("training/explicit-value-stays-local", expects=Word.DROPS, core=["Functional-after", "nested-after"])
@pytest.mark.parametrize("sibling", SIBLINGS)
@pytest.mark.parametrize("container", FITTED)
def test_dropout_beside_false_in_fit(observe, container, sibling):
    """Beside a layer given False, a dropout that was given nothing drops in `fit()`."""
    observe(fixtures.explicits.beside_in_step(sibling, container, False, "fit"))


@checks("training/explicit-value-stays-local", expects=Word.FALSE)
def test_again_after_true_under_false(observe):
    """A layer called with True, and then again without, sees the False of the call the second time."""
    observe(fixtures.explicits.shared_in_call(True, training=False))


@checks("training/explicit-value-stays-local", expects=Word.TRUE)
def test_again_after_false_under_true(observe):
    """A layer called with False, and then again without, sees the True of the call the second time."""
    observe(fixtures.explicits.shared_in_call(False, training=True))


@checks("training/explicit-value-stays-local", expects=Word.DROPS, core=ALL)
@pytest.mark.parametrize("phase", PHASES)
def test_recipe_dropout(observe, phase):
    """Fine-tuning: behind `base(inputs, training=False)`, the head's Dropout drops in `fit()`."""
    observe(fixtures.finetuning.fitted(phase, "dropout"))


# training/penalties-are-off-in-inference


@checks("training/penalties-are-off-in-inference", expects=Word.NOT_COUNTED, core=ALL)
def test_L2_in_evaluate(observe):
    """The loss of `evaluate()` does not hold an L2 penalty."""
    observe(fixtures.penalties.in_loss_of("evaluate"))


@checks("training/penalties-are-off-in-inference", expects=Word.NOT_COUNTED)
@pytest.mark.parametrize("step", ["test_on_batch", "validation"])
def test_L2_in_inference_step(observe, step):
    """Nor does that of `test_on_batch()`, nor the `val_loss` of `fit()`."""
    observe(fixtures.penalties.in_loss_of(step))


@checks("training/penalties-are-off-in-inference", expects=Word.COUNTED, core=["fit"])
@pytest.mark.parametrize("step", ["fit", "train_on_batch"])
def test_L2_in_training_step(observe, step):
    """The loss of `fit()` and `train_on_batch()` holds an L2 penalty."""
    observe(fixtures.penalties.in_loss_of(step))


@checks("training/penalties-are-off-in-inference", expects=Word.PASSES, core=["evaluate"])
@pytest.mark.parametrize("step", ["evaluate", "test_on_batch"])
def test_dropout_in_inference_step(observe, step):
    """In `evaluate()` and `test_on_batch()` dropout masks nothing."""
    observe(fixtures.penalties.dropout_in(step))


@checks("training/penalties-are-off-in-inference", expects=Word.DROPS, core=["fit"])
@pytest.mark.parametrize("step", ["fit", "train_on_batch"])
def test_dropout_in_training_step(observe, step):
    """In `fit()` and `train_on_batch()` dropout drops."""
    observe(fixtures.penalties.dropout_in(step))


@checks("training/penalties-are-off-in-inference", expects=Word.NOT_COUNTED, core=["L1"])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_in_evaluate(observe, penalty):
    """The loss of `evaluate()` does not hold a penalty of another kind."""
    observe(fixtures.penalties.in_loss_of("evaluate", penalty))


@checks("training/penalties-are-off-in-inference", expects=Word.COUNTED, core=["L1"])
@pytest.mark.parametrize("penalty", PENALTIES)
def test_in_fit(observe, penalty):
    """The loss of `fit()` holds a penalty of another kind."""
    observe(fixtures.penalties.in_loss_of("fit", penalty))
