"""What a model is compiled with: metrics, schedules, clipped gradients, scaled losses, averages."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Options of `compile()`, and of an optimizer.
OPTIONS = (
    "metrics",
    "weighted_metrics",
    "loss_weights",
    "jit_compile",
    "ExponentialDecay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "LossScaleOptimizer",
    "use_ema",
    "weight_decay",
)
#: Those that change how a step is made up.
STEPS = ("metrics", "ExponentialDecay", "clipnorm", "LossScaleOptimizer", "use_ema")
OVERWRITING = ("fit", "every-third-step", "by-hand", "SwapEMAWeights")
#: What is frozen beside the layers that are looked at, by how averages take the place of weights.
BESIDE = [("fit", "first"), ("fit", "second"), ("fit", "third"), *((way, "first") for way in OVERWRITING[1:])]


# What is frozen.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("option", OPTIONS)
def test_frozen_in_model_compiled_with(observe, option):
    """Whatever a model is compiled with, a frozen Dense does not learn in `fit()`."""
    observe(fixtures.compiling.with_option(option).frozen_dense())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("option", [*STEPS, "weighted_metrics"])
def test_frozen_statistics_in_model_compiled_with(observe, option):
    """Nor do the moving statistics of a frozen BatchNormalization move."""
    observe(fixtures.compiling.with_option(option).frozen_statistics())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("option", ["use_ema", "weight_decay"])
def test_frozen_gamma_in_model_compiled_with(observe, option):
    """Nor do its gamma and beta, which decay or an average could move."""
    observe(fixtures.compiling.with_option(option).frozen_gamma())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("option", ["metrics", "jit_compile", "ExponentialDecay", "LossScaleOptimizer"])
def test_frozen_mode_in_model_compiled_with(observe, option):
    """A frozen BatchNormalization uses its moving statistics in every batch."""
    observe(fixtures.compiling.with_option(option).frozen_mode())


# What is not.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("option", [*STEPS, "jit_compile"])
def test_statistics_in_model_compiled_with(observe, option):
    """Each batch moves the moving statistics of one that trains once: no step is taken twice or lost."""
    observe(fixtures.compiling.with_option(option).statistics())


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("option", STEPS)
def test_dropout_in_model_compiled_with(observe, option):
    """Dropout drops in every batch."""
    observe(fixtures.compiling.with_option(option).dropout())


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("option", ["metrics", "jit_compile", "LossScaleOptimizer"])
def test_training_in_model_compiled_with(observe, option):
    """A layer sees True in every batch."""
    observe(fixtures.compiling.with_option(option).training())


# An optimizer that keeps averages, and a layer that is frozen after its first steps.


@checks("snapshot/touches-nothing-else", expects=Word.SAME)
@pytest.mark.parametrize(("way", "frozen"), BESIDE)
def test_averages_of_neighbours(observe, way, frozen):
    """When averages take the place of weights, the other layers get their own, and none of another layer."""
    observe(fixtures.compiling.averaged_after(way, frozen).neighbours())


@checks("snapshot/touches-nothing-else", expects=Word.SAME)
@pytest.mark.parametrize("way", ["fit", "by-hand"])
def test_averages_of_neighbours_new_optimizer(observe, way):
    """So they do where the model is compiled again with a new optimizer."""
    observe(fixtures.compiling.averaged_after(way, "first", "new-optimizer").neighbours())


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("way", OVERWRITING)
def test_averages_of_frozen(observe, way):
    """The layer that was frozen keeps its weights."""
    observe(fixtures.compiling.averaged_after(way, rate=fixtures.compiling.QUICKLY).layer())


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_averages_of_thawed(observe):
    """Thawed and compiled again with the same optimizer, the layer learns."""
    observe(fixtures.compiling.averaged_after("fit", thaw=True, rate=fixtures.compiling.QUICKLY).layer())


@checks("snapshot/touches-nothing-else", expects=Word.SAME)
def test_averages_of_neighbours_of_thawed(observe):
    """After that, too, the others get their own averages."""
    observe(fixtures.compiling.averaged_after("fit", thaw=True).neighbours())
