"""Weights one by one: frozen or thawed by a flag of their own, which a variable of Keras 3 has."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: The step after which a flag is changed (or `compile()` itself), and the one that follows.
STEPS = [("compile", "fit"), ("fit", "fit"), ("fit", "train_on_batch"), ("train_on_batch", "train_on_batch")]
ROUTES = ("weights.h5", "Checkpoint", "set_weights", "keras-loaded", "h5-loaded")


# One weight of a layer.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize(
    "weight",
    [
        "Dense-kernel",
        "Dense-bias",
        "Conv2D-kernel",
        "Embedding",
        "LSTM-recurrent_kernel",
        "BatchNormalization-gamma",
        "BatchNormalization-beta",
        "custom",
    ],
)
@pytest.mark.parametrize("step", ["fit", "train_on_batch", "tape"])
def test_flagged(observe, step, weight):
    """A weight whose own flag is False does not learn, though its layer is not frozen."""
    observe(fixtures.weight_flags.frozen_alone(weight, step))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("step", ["fit", "train_on_batch", "tape"])
def test_flagged_all_but_biases(observe, step):
    """Where all weights are frozen but the biases, no kernel learns."""
    observe(fixtures.weight_flags.biases_alone(step))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", ["AdamW", "SGD-momentum", "Adam-ema"])
@pytest.mark.parametrize("since", ["the-beginning", "a-fit"])
def test_flagged_with_optimizer(observe, since, optimizer):
    """Neither weight decay nor what an optimizer keeps moves it, with the same optimizer compiled again."""
    observe(fixtures.weight_flags.with_optimizer(optimizer, since))


# A BatchNormalization of which weights are frozen, and the layer is not.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("flags", ["gamma-frozen", "gamma-and-beta-frozen", "moving-statistics-flagged"])
def test_flagged_weights_statistics(observe, flags):
    """Its moving statistics go on moving by momentum, whatever its weights' flags say."""
    observe(fixtures.weight_flags.statistics(flags))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("flags", ["gamma-frozen", "gamma-and-beta-frozen", "moving-statistics-flagged"])
def test_flagged_weights_mode(observe, flags):
    """It stays in training mode: only the layer's own flag freezes it."""
    observe(fixtures.weight_flags.mode(flags))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_statistics_flagged_in_frozen(observe):
    """In a frozen layer the moving statistics do not move, though their own flags say True."""
    observe(fixtures.weight_flags.statistics("moving-statistics-flagged", frozen=True))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
def test_mode_of_flagged_in_frozen(observe):
    """The frozen layer is in inference mode all the same."""
    observe(fixtures.weight_flags.mode("moving-statistics-flagged", frozen=True))


# A flag that is changed after `compile()`.


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize(("since", "then"), STEPS)
def test_weight_frozen_since(observe, since, then):
    """Frozen after `compile()`, or after a step, a weight still learns."""
    observe(fixtures.weight_flags.changed(False, since, then))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize(("since", "then"), STEPS)
def test_weight_thawed_since(observe, since, then):
    """Thawed after `compile()`, or after a step, it does not learn yet."""
    observe(fixtures.weight_flags.changed(True, since, then))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_weight_frozen_run_eagerly(observe):
    """The same with `run_eagerly=True`: frozen after a fit, it still learns."""
    observe(fixtures.weight_flags.changed(False, "fit", "fit", run_eagerly=True))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_weight_thawed_run_eagerly(observe):
    """Thawed after a fit, it does not learn yet."""
    observe(fixtures.weight_flags.changed(True, "fit", "fit", run_eagerly=True))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_KEPT)
def test_weight_frozen_and_compiled_again(observe):
    """Once the model is compiled again, a weight that was frozen since does not learn."""
    observe(fixtures.weight_flags.changed(False, "fit", "fit-compiled-again"))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_weight_thawed_and_compiled_again(observe):
    """One that was thawed since learns."""
    observe(fixtures.weight_flags.changed(True, "fit", "fit-compiled-again"))


# A weight that is thawed in what is frozen.


@checks("propagation/frozen-container-governs", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("container", ["layer", "Sequential", "Functional", "Subclassed"])
def test_weight_thawed_in_frozen(observe, container):
    """In a frozen layer or container a weight does not learn, though its own flag says True."""
    observe(fixtures.weight_flags.thawed_in_frozen(container))


# Written and read.


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("weight", ["gamma", "kernel"])
@pytest.mark.parametrize("route", ROUTES)
def test_weight_flagged_when_written(observe, route, weight):
    """Weights land where they were, also where one of a layer's weights was frozen alone."""
    observe(fixtures.weight_flags.landed(weight, route))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("route", ["keras", "h5"])
def test_weight_flagged_when_saved(observe, route):
    """A weight that was frozen when its model was saved does not learn once it is loaded."""
    observe(fixtures.weight_flags.resumed(route))
