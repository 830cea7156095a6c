"""The `training` argument: who sets it, and how deep it reaches."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import EXECUTION, MODELS
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

NESTINGS = (
    "Sequential",
    "Functional",
    "Subclassed",
    "SubclassedSilent",
    "layer",
    "layers-2-deep",
    "layers-4-deep",
    "models-2-deep",
    "models-4-deep",
    "mixed-4-deep",
    "list",
    "dict",
    "TimeDistributed",
    "TimeDistributed-layer",
    "RNN-cell",
    "RNN-silent-cell",
    "StackedRNNCells",
)


# training/set-by-entry-point


@checks("training/set-by-entry-point", expects=Word.TRUE, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", MODELS)
def test_in_fit_of(observe, container):
    """In `fit()` of any kind of model, a layer inside sees True."""
    observe(fixtures.trainings.in_step("fit", container))


@checks("training/set-by-entry-point", expects=Word.TRUE, core=["Functional"])
@pytest.mark.parametrize("container", ["Sequential", "Functional", "Subclassed"])
def test_in_train_on_batch_of(observe, container):
    """In `train_on_batch()` a layer inside sees True."""
    observe(fixtures.trainings.in_step("train_on_batch", container))


@checks("training/set-by-entry-point", expects=Word.FALSE, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", MODELS)
def test_in_evaluate_of(observe, container):
    """In `evaluate()` of any kind of model, a layer inside sees False."""
    observe(fixtures.trainings.in_step("evaluate", container))


@checks("training/set-by-entry-point", expects=Word.FALSE, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", MODELS)
def test_in_predict_of(observe, container):
    """In `predict()` of any kind of model, a layer inside sees False."""
    observe(fixtures.trainings.in_step("predict", container))


@checks("training/set-by-entry-point", expects=Word.FALSE)
@pytest.mark.parametrize("container", ["Sequential", "Functional", "Subclassed"])
@pytest.mark.parametrize("step", ["test_on_batch", "predict_on_batch"])
def test_in_step_on_batch(observe, step, container):
    """In `test_on_batch()` and `predict_on_batch()` a layer inside sees False."""
    observe(fixtures.trainings.in_step(step, container))


@checks("training/set-by-entry-point", expects=Word.FALSE)
def test_in_validation_of_fit(observe):
    """In the pass over `validation_data` that ends an epoch of `fit()`, a layer sees False."""
    observe(fixtures.trainings.in_step("validation"))


@checks("training/set-by-entry-point", expects=Word.FALSE)
def test_in_predict_inside_fit(observe):
    """In `predict()` called by a callback of `fit()`, a layer sees False."""
    observe(fixtures.trainings.in_step("predict-in-callback"))


@checks("training/set-by-entry-point", expects=Word.TRUE)
def test_in_fit_after_predict_inside(observe):
    """When the callback is done, `fit()` goes on with True."""
    observe(fixtures.trainings.in_step("fit-after-callback"))


@checks("training/set-by-entry-point", expects=Word.TRUE)
def test_in_fit_on_dataset(observe):
    """In `fit()` on a `tf.data.Dataset` a layer sees True."""
    observe(fixtures.trainings.in_step("fit-dataset"))


@checks("training/set-by-entry-point", expects=Word.FALSE)
def test_in_evaluate_on_dataset(observe):
    """In `evaluate()` on a `tf.data.Dataset` a layer sees False."""
    observe(fixtures.trainings.in_step("evaluate-dataset"))


@checks("training/set-by-entry-point", expects=INFERENCE)
@pytest.mark.parametrize("before", ["fit", "call-training"])
def test_called_after(observe, before):
    """Simply called after a step in training mode, a model is in inference mode: nothing sticks."""
    observe(fixtures.trainings.in_step("call-after-" + before))


@checks("training/set-by-entry-point", expects=INFERENCE, core=["layer", "Sequential", "Functional"])
@pytest.mark.parametrize("called", ["layer", *MODELS])
def test_simply_called(observe, called):
    """A layer or a model that is simply called is in inference mode."""
    observe(fixtures.trainings.called(called))


@checks("training/set-by-entry-point", expects=INFERENCE)
@pytest.mark.parametrize("called", ["layer", "Functional", "Subclassed"])
def test_called_in_function(observe, called):
    """Simply called inside a `tf.function`, it is in inference mode."""
    observe(fixtures.trainings.called_traced(called))


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("execution", EXECUTION)
def test_in_fit_executed(observe, execution):
    """In `fit()` a layer sees True, however the step is executed."""
    observe(fixtures.trainings.in_step_executed("fit", execution))


@checks("training/set-by-entry-point", expects=Word.FALSE)
@pytest.mark.parametrize("execution", ["run_eagerly"])
def test_in_evaluate_executed(observe, execution):
    """In `evaluate()` a layer sees False, also when it is run eagerly."""
    observe(fixtures.trainings.in_step_executed("evaluate", execution))


@checks("training/set-by-entry-point", expects=Word.TRUE)
def test_in_own_train_step(observe):
    """In a `train_step` of one's own that says `training=True`, a layer sees True."""
    observe(fixtures.trainings.in_own_step("fit"))


@checks("training/set-by-entry-point", expects=Word.FALSE)
def test_in_own_test_step(observe):
    """In a `test_step` of one's own that says `training=False`, a layer sees False."""
    observe(fixtures.trainings.in_own_step("evaluate"))


@checks("training/set-by-entry-point", expects=INFERENCE)
def test_in_own_train_step_that_forgets(observe):
    """In a `train_step` that simply calls the model, the model is in inference mode."""
    observe(fixtures.trainings.in_own_step("fit", forgets=True))


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("container", ["Sequential", "Subclassed"])
def test_in_loop(observe, container):
    """In a tape loop that says `training=True`, a layer sees True."""
    observe(fixtures.trainings.in_loop("tape", container))


@checks("training/set-by-entry-point", expects=INFERENCE)
def test_in_loop_that_forgets(observe):
    """In a tape loop that simply calls the model, the model is in inference mode."""
    observe(fixtures.trainings.in_loop("tape-without-training"))


@checks("training/set-by-entry-point", expects=Word.TRUE)
def test_in_traced_loop(observe):
    """In a tape loop inside a `tf.function` that says `training=True`, a layer sees True."""
    observe(fixtures.trainings.in_traced_loop(training=True))


@checks("training/set-by-entry-point", expects=INFERENCE)
def test_in_traced_loop_that_forgets(observe):
    """In a tape loop inside a `tf.function` that simply calls the model, it is in inference mode."""
    observe(fixtures.trainings.in_traced_loop())


# training/reaches-nested-layers


@checks(
    "training/reaches-nested-layers",
    expects=Word.TRUE,
    core=["Sequential", "Functional", "Subclassed", "layer", "models-2-deep"],
)
@pytest.mark.parametrize("nesting", NESTINGS)
def test_true_reaches(observe, nesting):
    """`model(x, training=True)` reaches a layer inside anything that the model is made of."""
    observe(fixtures.nestings.called(nesting, training=True))


@checks("training/reaches-nested-layers", expects=Word.FALSE, core=["Functional", "layer"])
@pytest.mark.parametrize(
    "nesting", ["Functional", "layer", "mixed-4-deep", "dict", "TimeDistributed", "RNN-cell"]
)
def test_false_reaches(observe, nesting):
    """`model(x, training=False)` reaches it just so."""
    observe(fixtures.nestings.called(nesting, training=False))


@checks("training/reaches-nested-layers", expects=Word.FALSE)
@pytest.mark.parametrize("nesting", ["Functional", "mixed-4-deep"])
def test_false_reaches_after_true(observe, nesting):
    """A second call with False is not answered with the True of the first."""
    observe(fixtures.nestings.called_twice(nesting, first=True, second=False))


@checks("training/reaches-nested-layers", expects=Word.TRUE)
@pytest.mark.parametrize("nesting", ["Functional", "mixed-4-deep"])
def test_true_reaches_after_false(observe, nesting):
    """A second call with True is not answered with the False of the first."""
    observe(fixtures.nestings.called_twice(nesting, first=False, second=True))


@checks("training/reaches-nested-layers", expects=Word.TRUE)
@pytest.mark.parametrize("nesting", ["models-4-deep", "layers-4-deep", "mixed-4-deep"])
def test_true_reaches_in_function(observe, nesting):
    """Inside a `tf.function` it reaches as deep."""
    observe(fixtures.nestings.called_traced(nesting, training=True))


@checks("training/reaches-nested-layers", expects=Word.TRUE)
@pytest.mark.parametrize("called", ["layer", "SubclassedSilent"])
def test_true_reaches_through_the_called(observe, called):
    """It passes through the layer or model that is called, also where its own `call` does not name it."""
    observe(fixtures.nestings.itself_called(called, training=True))


@checks("training/reaches-nested-layers", expects=Word.DROPS)
def test_true_reaches_bidirectional_dropout(observe):
    """It reaches the dropout of an LSTM inside Bidirectional."""
    observe(fixtures.nestings.bidirectional_called(training=True))
