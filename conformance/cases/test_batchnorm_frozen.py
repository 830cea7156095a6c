"""Batch normalization, frozen and thawed: what it normalizes with, and what may not move."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import (
    BATCHNORM_KERNELS,
    BATCHNORMS,
    EXECUTION,
    FILES,
    FROZEN_BY,
    HOLDERS,
    TRAINING_STEPS,
    USUAL_BATCHNORMS,
)
from conformance.measuring.case import checks
from conformance.words import Word

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
ROUTES = ("keras", "h5", "SavedModel", "clone_model", "from_config")


# batchnorm/frozen-runs-in-inference-mode


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, core=USUAL_BATCHNORMS)
@pytest.mark.parametrize("variant", BATCHNORMS)
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
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
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
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
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
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_frozen_in_graph(observe, variant):
    """In a graph of TF1's kind, with `training=True`, it does."""
    observe(fixtures.batchnorms.called_in_graph(variant, "attribute-before-build", training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
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


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, core=USUAL_BATCHNORMS)
@pytest.mark.parametrize("variant", [*BATCHNORM_KERNELS, "virtual_batch_size"])
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
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
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
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
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
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_thawed_call_moves_by_momentum(observe, variant):
    """Set back to True, a call with `training=True` moves the moving statistics again."""
    layer = fixtures.batchnorms.thawed(variant)
    observe(fixtures.batchnorms.called_as(variant, layer, training=True).moved_by())


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_thawed_in_fit(observe, variant):
    """Set back to True and compiled again, `fit()` normalizes with the batch's statistics again."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", thaw=True)
    observe(step.mode())


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_thawed_fit_moves_by_momentum(observe, variant):
    """Set back to True and compiled again, `fit()` moves the moving statistics again."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", thaw=True)
    observe(step.moved_by())


@checks("batchnorm/thawed-trains-again", expects=Word.WEIGHTS_UPDATED, core=["rank2"])
@pytest.mark.parametrize("variant", USUAL_BATCHNORMS)
def test_thawed_learns(observe, variant):
    """Set back to True and compiled again, `fit()` moves gamma and beta again."""
    step = fixtures.batchnorm_zoo.after("fit", variant, by="attribute-after-build", thaw=True)
    observe(step.learned())


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
@pytest.mark.parametrize("route", FILES)
def test_thawed_after_coming_back(observe, route):
    """Loaded back frozen and set back to True, it normalizes with the batch's statistics."""
    observe(fixtures.saving.returned(route, "attribute").thawed.mode())
