"""Batch normalization: which statistics it normalizes with, when they move, and what TF1's layer does."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import (
    BATCHNORM_KERNELS,
    BATCHNORMS,
    EXECUTION,
    FILES,
    FROZEN_BY,
    HOLDERS,
    INFERENCE_STEPS,
    TRAINING_STEPS,
    USUAL_BATCHNORMS,
)
from conformance.measuring.case import checks
from conformance.words import Word

#: Those that compute another thing.
COMPUTED = tuple(v for v in BATCHNORMS if v not in ("rank3", "center-off", "scale-off"))


# batchnorm/inference-uses-moving-statistics


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=USUAL_BATCHNORMS)
@pytest.mark.parametrize("variant", COMPUTED)
def test_called_without_training(observe, variant):
    """Called without `training`, it normalizes with the moving statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_called_with_training_false(observe, variant):
    """Called with `training=False`, it normalizes with the moving statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=False).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_traced_without_training(observe, variant):
    """Inside a `tf.function`, called without `training`, it normalizes with the moving statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_traced(variant, layer).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=["rank2"])
@pytest.mark.parametrize("variant", [*USUAL_BATCHNORMS, "renorm"])
def test_gathered_in_training(observe, variant):
    """What a call in training gathered is what the next call in inference normalizes with."""
    observe(fixtures.batchnorms.gathered(variant).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=["evaluate", "predict"])
@pytest.mark.parametrize("step", INFERENCE_STEPS)
def test_gathered_in_fit(observe, step):
    """What `fit()` gathered is what `evaluate()`, `predict()` and their one-batch forms use."""
    observe(fixtures.batchnorm_zoo.inferring(step).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("step", INFERENCE_STEPS)
def test_step_gathers_nothing(observe, step):
    """`evaluate()`, `predict()` and their one-batch forms do not move the moving statistics."""
    observe(fixtures.batchnorm_zoo.inferring(step).moved())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("arguments", [{}, {"training": False}], ids=["none", "false"])
def test_call_gathers_nothing(observe, arguments):
    """A call in inference mode does not move the moving statistics."""
    layer = fixtures.batchnorms.build()
    observe(fixtures.batchnorms.called_as("rank2", layer, **arguments).moved())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("container", ["nested", "TimeDistributed"])
def test_inside_called_without_training(observe, container):
    """In a model that is simply called it normalizes with the moving statistics."""
    observe(fixtures.batchnorms.called_inside(container).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_in_graph_with_training_false(observe, variant):
    """In a graph of TF1's kind, with `training=False`, it normalizes with the moving statistics."""
    observe(fixtures.batchnorms.called_in_graph(variant, "nobody", training=False).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("route", FILES)
def test_gathered_before_saving(observe, route):
    """Loaded back from a file, it normalizes with the moving statistics that were saved."""
    observe(fixtures.saving.returned(route, "nobody").inferred_with_saved())


# batchnorm/training-uses-batch-statistics


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH, core=USUAL_BATCHNORMS)
@pytest.mark.parametrize("variant", [*COMPUTED, "renorm-correcting"])
def test_called_with_training_true(observe, variant):
    """Called with `training=True`, it normalizes with the batch's statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_traced_with_training_true(observe, variant):
    """Inside a `tf.function`, called with `training=True`, it normalizes with the batch's statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_traced(variant, layer, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("given", ["one", "numpy", "tensor", "tensor-in-function"])
def test_training_given_as(observe, given):
    """Any other value that means True puts it in training mode too."""
    layer = fixtures.batchnorms.build()
    observe(fixtures.batchnorms.called_truly(given, layer).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, core=USUAL_BATCHNORMS)
@pytest.mark.parametrize("variant", [*BATCHNORM_KERNELS, "virtual_batch_size"])
def test_call_moves_by_momentum(observe, variant):
    """A call in training moves the moving mean and variance by `1 - momentum` of the way."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, core=["0.9"])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_of(observe, momentum):
    """Another momentum moves them by its own share."""
    layer = fixtures.batchnorms.build(momentum=momentum)
    observe(fixtures.batchnorms.called_as("rank2", layer, training=True).moved_by(momentum))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_KEPT)
def test_momentum_of_one(observe):
    """With a momentum of 1 they stay where they are."""
    layer = fixtures.batchnorms.build(momentum=1.0)
    observe(fixtures.batchnorms.called_as("rank2", layer, training=True).moved())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH, core=["fit-rank2", "fit-rank4"])
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_in_training_step(observe, step, variant):
    """In `fit()` and `train_on_batch()` it normalizes with the batch's statistics."""
    observe(fixtures.batchnorm_zoo.after(step, variant).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("execution", EXECUTION)
def test_in_fit_executed(observe, execution):
    """In `fit()` it normalizes with the batch's statistics, however the step is executed."""
    observe(fixtures.batchnorm_zoo.after("fit", mode=execution).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, core=USUAL_BATCHNORMS)
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_fit_moves_by_momentum(observe, variant):
    """One batch of `fit()` moves the moving statistics once, by `1 - momentum` of the way."""
    observe(fixtures.batchnorm_zoo.after("fit", variant).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("container", ["Functional", "Subclassed", "nested", *HOLDERS])
def test_inside_called_with_training_true(observe, container):
    """In a model called with `training=True` it normalizes with the batch's statistics."""
    observe(fixtures.batchnorms.called_inside(container, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("container", ["nested", "TimeDistributed"])
def test_inside_moves_by_momentum(observe, container):
    """In a model called with `training=True` it moves the moving statistics by `1 - momentum`."""
    observe(fixtures.batchnorms.called_inside(container, training=True).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_in_graph_with_training_true(observe, variant):
    """In a graph of TF1's kind, with `training=True`, it normalizes with the batch's statistics."""
    observe(fixtures.batchnorms.called_in_graph(variant, "nobody", training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("container", ["Sequential", "TimeDistributed"])
def test_loop_moves_by_momentum(observe, container):
    """A tape loop that passes `training=True` moves the moving statistics by `1 - momentum`."""
    observe(fixtures.batchnorms.stepped_inside(container, "tape").moved_by())


# batchnorm/tf1-freezing-is-not-inference

KERAS = "keras.layers.BatchNormalization"
TF1_HOMES = (KERAS, "compat.v1.keras.layers.BatchNormalization", "compat.v1.layers.BatchNormalization")
FUNCTION = "compat.v1.layers.batch_normalization"
COMPAT_KERAS = TF1_HOMES[1]


@checks("batchnorm/tf1-freezing-is-not-inference", expects=Word.BATCH, core=TF1_HOMES)
@pytest.mark.parametrize("home", [*TF1_HOMES, FUNCTION])
def test_tf1_frozen_in_graph(observe, home):
    """Frozen, called with `training=True` in a graph, it normalizes with the batch's statistics."""
    observe(fixtures.tf1_batchnorms.called(home, "graph").mode())


@checks("batchnorm/tf1-freezing-is-not-inference", expects=Word.BATCH)
@pytest.mark.parametrize("home", [*TF1_HOMES[1:], FUNCTION])
def test_tf1_frozen_eagerly(observe, home):
    """Frozen, called with `training=True` eagerly, it does."""
    observe(fixtures.tf1_batchnorms.called(home, "eagerly").mode())


@checks("batchnorm/tf1-freezing-is-not-inference", expects=Word.BATCH)
@pytest.mark.parametrize("frozen_by", FROZEN_BY)
def test_tf1_frozen_in_another_way(observe, frozen_by):
    """However it was frozen, it does."""
    observe(fixtures.tf1_batchnorms.called(COMPAT_KERAS, "graph", by=frozen_by).mode())


@checks("batchnorm/tf1-freezing-is-not-inference", expects=Word.BATCH)
@pytest.mark.parametrize("variant", ["rank4", "unfused", "renorm", "virtual_batch_size"])
def test_tf1_frozen_variant(observe, variant):
    """Whatever its options, it does."""
    observe(fixtures.tf1_batchnorms.called(COMPAT_KERAS, "graph", variant).mode())


@checks("batchnorm/tf1-freezing-is-not-inference", expects=Word.BATCH, core=["graph"])
@pytest.mark.parametrize("mode", ["graph", "traced"])
def test_tf1_frozen_in_fit(observe, mode):
    """Frozen, it does so in `fit()` too."""
    observe(fixtures.tf1_batchnorms.fitted(COMPAT_KERAS, mode).mode())


@checks("batchnorm/tf1-freezing-is-not-inference", expects=Word.WEIGHTS_KEPT, core=["graph"])
@pytest.mark.parametrize("mode", ["graph", "traced"])
def test_tf1_frozen_in_fit_learns_nothing(observe, mode):
    """Its gamma and beta are frozen all the same."""
    observe(fixtures.tf1_batchnorms.fitted(COMPAT_KERAS, mode).learned())
