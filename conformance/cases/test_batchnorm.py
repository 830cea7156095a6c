"""Batch normalization: which statistics it normalizes with, when they move, and what freezing does."""

import pytest

import fixtures
from conformance.axes import EXECUTION, FROZEN_BY, INFERENCE_STEPS, TRAINING_STEPS
from conformance.case import checks
from conformance.words import Word

VARIANTS = (
    "rank2",
    "rank3",
    "rank4",
    "fused",
    "unfused",
    "renorm",
    "virtual_batch_size",
    "synchronized",
    "SyncBatchNormalization",
    "center-off",
    "scale-off",
    "axis1",
    "several-axes",
    "mixed_float16",
)
#: Those of them that compute another thing.
COMPUTED = tuple(v for v in VARIANTS if v not in ("rank3", "center-off", "scale-off"))
#: The layer as most models have it: behind a Dense, and behind a convolution, where it is fused.
USUAL = ("rank2", "rank4")
#: One variant for each of the ways in which Keras has computed it.
KERNELS = ("rank2", "rank4", "unfused", "renorm", "axis1", "mixed_float16")
CONTAINERS = (
    "Sequential",
    "Functional",
    "Subclassed",
    "SubclassedSilent",
    "layer-in-layer",
    "nested",
    "list",
    "dict",
    "tuple",
    "TimeDistributed",
)
#: Other ways to freeze than the usual one, of which a fit can know the difference.
OTHERWISE = ("constructor", "attribute-before-build")
HOLDERS = ("list", "dict", "TimeDistributed")
ROUTES = ("keras", "h5", "SavedModel", "clone_model", "from_config")
FILES = ("keras", "h5", "SavedModel")


# batchnorm/inference-uses-moving-statistics


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=USUAL)
@pytest.mark.parametrize("variant", COMPUTED)
def test_called_without_training(observe, variant):
    """Called without `training`, it normalizes with the moving statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL)
def test_called_with_training_false(observe, variant):
    """Called with `training=False`, it normalizes with the moving statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=False).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL)
def test_traced_without_training(observe, variant):
    """Inside a `tf.function`, called without `training`, it normalizes with the moving statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_traced(variant, layer).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING, core=["rank2"])
@pytest.mark.parametrize("variant", [*USUAL, "renorm"])
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
@pytest.mark.parametrize("variant", USUAL)
def test_in_graph_with_training_false(observe, variant):
    """In a graph of TF1's kind, with `training=False`, it normalizes with the moving statistics."""
    observe(fixtures.batchnorms.called_in_graph(variant, "nobody", training=False).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("route", FILES)
def test_gathered_before_saving(observe, route):
    """Loaded back from a file, it normalizes with the moving statistics that were saved."""
    observe(fixtures.saving.returned(route, "nobody").inferred_with_saved())


# batchnorm/training-uses-batch-statistics


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH, core=USUAL)
@pytest.mark.parametrize("variant", [*COMPUTED, "renorm-correcting"])
def test_called_with_training_true(observe, variant):
    """Called with `training=True`, it normalizes with the batch's statistics."""
    layer = fixtures.batchnorms.build(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("variant", USUAL)
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


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, core=USUAL)
@pytest.mark.parametrize("variant", [*KERNELS, "virtual_batch_size"])
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
@pytest.mark.parametrize("variant", USUAL)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_in_training_step(observe, step, variant):
    """In `fit()` and `train_on_batch()` it normalizes with the batch's statistics."""
    observe(fixtures.batchnorm_zoo.after(step, variant).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("execution", EXECUTION)
def test_in_fit_executed(observe, execution):
    """In `fit()` it normalizes with the batch's statistics, however the step is executed."""
    observe(fixtures.batchnorm_zoo.after("fit", mode=execution).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, core=USUAL)
@pytest.mark.parametrize("variant", USUAL)
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
@pytest.mark.parametrize("variant", USUAL)
def test_in_graph_with_training_true(observe, variant):
    """In a graph of TF1's kind, with `training=True`, it normalizes with the batch's statistics."""
    observe(fixtures.batchnorms.called_in_graph(variant, "nobody", training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("container", ["Sequential", "TimeDistributed"])
def test_loop_moves_by_momentum(observe, container):
    """A tape loop that passes `training=True` moves the moving statistics by `1 - momentum`."""
    observe(fixtures.batchnorms.stepped_inside(container, "tape").moved_by())


# batchnorm/frozen-runs-in-inference-mode


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, core=USUAL)
@pytest.mark.parametrize("variant", VARIANTS)
def test_frozen_called_with_training_true(observe, variant):
    """Frozen, it normalizes with the moving statistics although `training=True` is passed."""
    layer = fixtures.batchnorms.frozen(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, core=["attribute-before-build"])
@pytest.mark.parametrize("frozen_by", FROZEN_BY)
def test_frozen_in_another_way_called_with_training_true(observe, frozen_by):
    """However it was frozen, before its first call or after, it does."""
    layer = fixtures.batchnorms.frozen("rank4", frozen_by)
    observe(fixtures.batchnorms.called_as("rank4", layer, training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL)
def test_frozen_traced_with_training_true(observe, variant):
    """Inside a `tf.function`, called with `training=True`, it does."""
    layer = fixtures.batchnorms.frozen(variant)
    observe(fixtures.batchnorms.called_traced(variant, layer, training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("given", ["one", "tensor", "tensor-in-function"])
def test_frozen_training_given_as(observe, given):
    """Called with another value that means True, it does."""
    layer = fixtures.batchnorms.frozen()
    observe(fixtures.batchnorms.called_truly(given, layer).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, core=["fit-rank2", "fit-rank4"])
@pytest.mark.parametrize("variant", USUAL)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_frozen_in_step(observe, step, variant):
    """In `fit()` and `train_on_batch()` it normalizes with the moving statistics."""
    observe(fixtures.batchnorm_zoo.after(step, variant, by="attribute-after-build").mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("frozen_by", OTHERWISE)
def test_frozen_in_another_way_in_fit(observe, frozen_by):
    """However it was frozen before `compile()`, it does so in `fit()`."""
    observe(fixtures.batchnorm_zoo.after("fit", by=frozen_by).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("execution", EXECUTION)
def test_frozen_in_fit_executed(observe, execution):
    """In `fit()` it does so, however the step is executed."""
    observe(fixtures.batchnorm_zoo.after("fit", by="attribute-after-build", mode=execution).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("container", CONTAINERS)
def test_frozen_inside_called_with_training_true(observe, container):
    """Frozen inside a model that is called with `training=True`, it does."""
    observe(fixtures.batchnorms.called_inside(container, freeze=True, training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("container", HOLDERS)
def test_frozen_inside_in_fit(observe, container):
    """Frozen inside a model that is fitted, it does."""
    observe(fixtures.batchnorms.stepped_inside(container, "fit", freeze=True, run_eagerly=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL)
def test_frozen_in_graph(observe, variant):
    """In a graph of TF1's kind, with `training=True`, it does."""
    observe(fixtures.batchnorms.called_in_graph(variant, "attribute-before-build", training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL)
def test_frozen_in_fit_of_a_graph(observe, variant):
    """In `fit()` with eager execution off, as in TF1, it does."""
    observe(fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", mode="graph").mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.SAME)
@pytest.mark.parametrize("frozen_by", ["attribute", "parent"])
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_flag_comes_back(observe, route, frozen_by):
    """Loaded back, or made again from its configuration, it is still `trainable=False`."""
    observe(fixtures.saving.returned(route, frozen_by).flag)


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_comes_back(observe, route):
    """Loaded back, or made again from its configuration, it still runs in inference mode."""
    observe(fixtures.saving.returned(route, "attribute").trained.mode())


# batchnorm/frozen-keeps-moving-statistics


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, core=USUAL)
@pytest.mark.parametrize("variant", [*KERNELS, "virtual_batch_size"])
def test_frozen_call_gathers_nothing(observe, variant):
    """Frozen, a call with `training=True` does not move its moving statistics."""
    layer = fixtures.batchnorms.frozen(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).moved())


@checks(
    "batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, core=["attribute-before-build"]
)
@pytest.mark.parametrize("frozen_by", FROZEN_BY)
def test_frozen_in_another_way_call_gathers_nothing(observe, frozen_by):
    """However it was frozen, before its first call or after, it does not."""
    layer = fixtures.batchnorms.frozen("rank4", frozen_by)
    observe(fixtures.batchnorms.called_as("rank4", layer, training=True).moved())


@checks(
    "batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, core=["fit-rank2", "fit-rank4"]
)
@pytest.mark.parametrize("variant", USUAL)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_frozen_step_gathers_nothing(observe, step, variant):
    """`fit()` and `train_on_batch()` do not move them."""
    observe(fixtures.batchnorm_zoo.after(step, variant, by="attribute-after-build").moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("frozen_by", OTHERWISE)
def test_frozen_in_another_way_fit_gathers_nothing(observe, frozen_by):
    """However it was frozen before `compile()`, `fit()` does not move them."""
    observe(fixtures.batchnorm_zoo.after("fit", by=frozen_by).moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("mode", [*EXECUTION, "graph"])
def test_frozen_fit_executed_gathers_nothing(observe, mode):
    """`fit()` does not move them, however the step is executed."""
    observe(fixtures.batchnorm_zoo.after("fit", by="attribute-after-build", mode=mode).moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("container", HOLDERS)
def test_frozen_inside_gathers_nothing(observe, container):
    """Frozen inside a model that a tape loop trains, it does not move them."""
    observe(fixtures.batchnorms.stepped_inside(container, "tape", freeze=True).moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("route", FILES)
def test_frozen_comes_back_and_gathers_nothing(observe, route):
    """Loaded back frozen, a call with `training=True` does not move them."""
    observe(fixtures.saving.returned(route, "attribute").trained.moved())


# batchnorm/frozen-keeps-weights


@checks(
    "batchnorm/frozen-keeps-weights",
    expects=Word.WEIGHTS_KEPT,
    core=["fit-rank2", "fit-rank4", "train_on_batch-rank2"],
)
@pytest.mark.parametrize("variant", USUAL)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_frozen_in_step_learns_nothing(observe, step, variant):
    """`fit()` and `train_on_batch()` do not move its gamma and beta."""
    observe(fixtures.batchnorm_zoo.after(step, variant, by="attribute-after-build").learned())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("variant", ["center-off", "scale-off", "renorm", "mixed_float16"])
def test_frozen_variant_learns_nothing(observe, variant):
    """`fit()`, run eagerly, does not move what a variant of the layer has of them."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", mode="run_eagerly")
    observe(step.learned())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT, core=["attribute-before-build"])
@pytest.mark.parametrize("frozen_by", OTHERWISE)
def test_frozen_in_another_way_learns_nothing(observe, frozen_by):
    """However it was frozen before `compile()`, `fit()` does not move them."""
    observe(fixtures.batchnorm_zoo.after("fit", by=frozen_by).learned())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("mode", [*EXECUTION, "graph"])
def test_frozen_in_fit_executed_learns_nothing(observe, mode):
    """`fit()` does not move them, however the step is executed."""
    observe(fixtures.batchnorm_zoo.after("fit", by="attribute-after-build", mode=mode).learned())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("container", HOLDERS)
def test_frozen_inside_learns_nothing(observe, container):
    """Frozen inside a model that is fitted, it does not move them."""
    observe(fixtures.batchnorms.stepped_inside(container, "fit", freeze=True, run_eagerly=True).learned())


# batchnorm/thawed-trains-again


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH, core=["attribute-after-build"])
@pytest.mark.parametrize("frozen_by", FROZEN_BY)
def test_thawed_called_with_training_true(observe, frozen_by):
    """Set back to True, it normalizes with the batch's statistics where `training=True` is passed."""
    layer = fixtures.batchnorms.thawed("rank2", frozen_by)
    observe(fixtures.batchnorms.called_as("rank2", layer, training=True).mode())


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL)
def test_thawed_call_moves_by_momentum(observe, variant):
    """Set back to True, a call with `training=True` moves the moving statistics again."""
    layer = fixtures.batchnorms.thawed(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).moved_by())


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL)
def test_thawed_in_fit(observe, variant):
    """Set back to True and compiled again, `fit()` normalizes with the batch's statistics again."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", thaw=True)
    observe(step.mode())


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL)
def test_thawed_fit_moves_by_momentum(observe, variant):
    """Set back to True and compiled again, `fit()` moves the moving statistics again."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", thaw=True)
    observe(step.moved_by())


@checks("batchnorm/thawed-trains-again", expects=Word.WEIGHTS_UPDATED, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL)
def test_thawed_learns(observe, variant):
    """Set back to True and compiled again, `fit()` moves gamma and beta again."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", thaw=True)
    observe(step.learned())


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
@pytest.mark.parametrize("route", FILES)
def test_thawed_after_coming_back(observe, route):
    """Loaded back frozen and set back to True, it normalizes with the batch's statistics."""
    observe(fixtures.saving.returned(route, "attribute").thawed.mode())


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
