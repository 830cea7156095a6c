"""Whole models in files: flags, training that goes on, and predictions."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import FILES
from conformance.measuring.case import ALL, checks
from conformance.words import Word

ROUTES = (*FILES, "clone_model", "from_config")
#: Parts that stand in every file, and those that do so where that costs little.
PARTS = ("Dense", "constructor", "Dropout", "box", "half-frozen-box")
BOXES = ("box", "half-frozen-box", "thawed-in-frozen-box")
CHEAP_ROUTES = ("keras", "h5", "clone_model", "from_config")
LOADED = (*FILES, "Checkpoint")
#: What a reader has in mind: whole models in files, with a frozen layer, or a frozen base.
FREE_BOXES = [f"{route}-free-box" for route in FILES]
FLAGGED = [f"{route}-{part}" for route in FILES for part in ("Dense", "box")]
FLAGGED_INSIDE = [f"{route}-{part}" for route in FILES for part in ("box", "half-frozen-box")]
RESTING = [f"{route}-{part}" for route in FILES for part in ("frozen", "in-whole")]
LEARNING = [f"{route}-free" for route in FILES]
FREE_BOX = ["saving/flags-come-back[free-flags-{route}-free-box]"]
FREE_LAYERS = ["saving/flags-come-back[flags-in-free-layer-of-layers-{route}-{part}]"]
GOVERNS = "propagation/frozen-container-governs[layers-thawed-inside-in-step-fit-Functional]"
GOES_ON = ["saving/resumes-as-it-was[nothing-frozen-{route}]"]


# saving/flags-come-back


@checks("saving/flags-come-back", expects=Word.SAME, core=FREE_BOXES)
@pytest.mark.parametrize("part", ["free-box"])
@pytest.mark.parametrize("route", ROUTES)
def test_free_flags(observe, route, part):
    """A part of which nothing is frozen comes back with nothing frozen."""
    observe(fixtures.saved_flags.of_part(route, part, inside=True))


@checks(
    "saving/flags-come-back",
    expects=Word.SAME,
    core=FLAGGED,
    given=FREE_BOX,
)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("route", ROUTES)
def test_flag(observe, route, part):
    """A part of a model comes back with the flag that it had."""
    observe(fixtures.saved_flags.of_part(route, part))


@checks(
    "saving/flags-come-back",
    expects=Word.SAME,
    core=FLAGGED_INSIDE,
    given=FREE_BOX,
)
@pytest.mark.parametrize("part", BOXES)
@pytest.mark.parametrize("route", ROUTES)
def test_flags_inside(observe, route, part):
    """The layers in a part that holds some come back with theirs."""
    observe(fixtures.saved_flags.of_part(route, part, inside=True))


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("part", ["Bidirectional", "TimeDistributed", "layer"])
@pytest.mark.parametrize("route", CHEAP_ROUTES)
def test_flags_in_free_layer_of_layers(observe, route, part):
    """A layer that holds others, with nothing frozen, comes back with nothing frozen."""
    observe(fixtures.saved_flags.of_part(route, "free-" + part, inside=True))


@checks("saving/flags-come-back", expects=Word.SAME, given=FREE_LAYERS)
@pytest.mark.parametrize("part", ["Bidirectional", "TimeDistributed", "layer"])
@pytest.mark.parametrize("route", CHEAP_ROUTES)
def test_flag_of_layer_of_layers(observe, route, part):
    """Frozen, it comes back with the flag that it had."""
    observe(fixtures.saved_flags.of_part(route, part))


@checks("saving/flags-come-back", expects=Word.SAME, given=FREE_LAYERS)
@pytest.mark.parametrize("part", ["Bidirectional", "TimeDistributed", "layer"])
@pytest.mark.parametrize("route", CHEAP_ROUTES)
def test_flags_in_layer_of_layers(observe, route, part):
    """So do the layers that it holds."""
    observe(fixtures.saved_flags.of_part(route, part, inside=True))


@checks(
    "saving/flags-come-back",
    expects=Word.SAME,
    given=["saving/flags-come-back[flags-in-free-layer-of-layers-{route}-Bidirectional]"],
)
@pytest.mark.parametrize("route", CHEAP_ROUTES)
def test_flags_in_half_frozen_bidirectional(observe, route):
    """So do those of a Bidirectional of which the backward one was frozen."""
    observe(fixtures.saved_flags.of_part(route, "half-frozen-Bidirectional", inside=True))


@checks("saving/flags-come-back", expects=Word.SAME, given=FREE_BOX)
@pytest.mark.parametrize("route", ROUTES)
def test_own_flag(observe, route):
    """A model that was frozen as a whole comes back frozen."""
    observe(fixtures.saved_flags.of_model(route, inside=False))


@checks("saving/flags-come-back", expects=Word.SAME, given=FREE_BOX)
@pytest.mark.parametrize("route", ROUTES)
def test_flags_inside_frozen_model(observe, route):
    """So does all that it holds, but for what was thawed again."""
    observe(fixtures.saved_flags.of_model(route, inside=True, thawed_inside=True))


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("route", ["weights.h5", "h5", "TF", "Checkpoint"])
def test_flags_after_reading_weights(observe, route):
    """A model keeps its own flags when it reads weights that another had frozen."""
    observe(fixtures.weight_files.flags_after_reading(route, "first", "last"))


# saving/resumes-as-it-was


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED, core=ALL)
@pytest.mark.parametrize("route", LOADED)
def test_nothing_frozen(observe, route):
    """A plain model that was trained with nothing frozen learns after it was loaded."""
    observe(fixtures.model_files.goes_on(route))


@checks(
    "saving/resumes-as-it-was",
    expects=Word.WEIGHTS_KEPT,
    core=RESTING,
    given=GOES_ON,
)
@pytest.mark.parametrize("part", ["frozen", "half-frozen", "in-whole", "norm-in-whole", "frozen-norm"])
@pytest.mark.parametrize("route", LOADED)
def test_frozen_rests(observe, route, part):
    """What was frozen does not learn in `fit()` of the loaded model."""
    observe(fixtures.model_files.resumed(route, "weights", part))


@checks(
    "saving/resumes-as-it-was",
    expects=Word.WEIGHTS_UPDATED,
    core=LEARNING,
    given=GOES_ON,
)
@pytest.mark.parametrize("part", ["free", "half-free", "norm"])
@pytest.mark.parametrize("route", LOADED)
def test_free_learns(observe, route, part):
    """What was not frozen learns in `fit()` of the loaded model."""
    observe(fixtures.model_files.resumed(route, "weights", part))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_KEPT, given=[*GOES_ON, GOVERNS])
@pytest.mark.parametrize("route", ["keras", "h5", "Checkpoint"])
def test_frozen_container_governs(observe, route):
    """Nor does a layer that says True in a container that was frozen."""
    observe(fixtures.model_files.governed(route))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_KEPT, given=GOES_ON)
@pytest.mark.parametrize("part", ["frozen-norm", "norm-in-whole"])
@pytest.mark.parametrize("route", LOADED)
def test_frozen_statistics_rest(observe, route, part):
    """The statistics of a frozen BatchNormalization do not move in it."""
    observe(fixtures.model_files.resumed(route, "statistics", part))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_UPDATED, given=GOES_ON)
@pytest.mark.parametrize("route", LOADED)
def test_free_statistics_move(observe, route):
    """Those of one that was not frozen do."""
    observe(fixtures.model_files.resumed(route, "statistics", "norm"))


@checks("saving/resumes-as-it-was", expects=Word.DROPS, given=GOES_ON)
@pytest.mark.parametrize("route", LOADED)
def test_dropout_drops(observe, route):
    """Dropout drops in it, although its flag is False."""
    observe(fixtures.model_files.resumed(route, "fit", "Dropout"))


@checks("saving/resumes-as-it-was", expects=Word.SAME, given=GOES_ON)
@pytest.mark.parametrize("route", LOADED)
def test_optimizer_goes_on(observe, route):
    """With momentum, the loaded model takes the step that the saved one takes."""
    observe(fixtures.model_files.resumed(route, "step", "free"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED, given=GOES_ON)
@pytest.mark.parametrize("part", ["frozen", "half-frozen", "in-whole", "norm-in-whole", "frozen-norm"])
@pytest.mark.parametrize("route", LOADED)
def test_thawed_learns(observe, route, part):
    """Thawed after it was loaded, and compiled, what was frozen learns."""
    observe(fixtures.model_files.thawed(route, "weights", part))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_UPDATED, given=GOES_ON)
@pytest.mark.parametrize("part", ["frozen-norm", "norm-in-whole"])
@pytest.mark.parametrize("route", LOADED)
def test_thawed_statistics_move(observe, route, part):
    """So do the statistics of its BatchNormalization move."""
    observe(fixtures.model_files.thawed(route, "statistics", part))


# saving/predicts-in-inference-mode


@checks("saving/predicts-in-inference-mode", expects=Word.PASSES, core=ALL, given=FREE_BOX)
@pytest.mark.parametrize("route", FILES)
def test_dropout_in_predict(observe, route):
    """Dropout masks nothing in `predict()` of a loaded model."""
    observe(fixtures.model_files.predicted(route, "Dropout"))


@checks("saving/predicts-in-inference-mode", expects=Word.MOVING, core=ALL, given=FREE_BOX)
@pytest.mark.parametrize("part", ["norm", "frozen-norm"])
@pytest.mark.parametrize("route", FILES)
def test_batchnorm_in_predict(observe, route, part):
    """BatchNormalization uses its moving statistics in it, frozen or not."""
    observe(fixtures.model_files.predicted(route, part))


@checks("saving/predicts-in-inference-mode", expects=Word.PASSES)
@pytest.mark.parametrize("route", ["saved_model.save", "export"])
def test_dropout_served(observe, route):
    """Dropout masks nothing in what TensorFlow serves."""
    observe(fixtures.model_files.served(route, "Dropout"))


@checks("saving/predicts-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("part", ["norm", "frozen-norm"])
@pytest.mark.parametrize("route", ["saved_model.save", "export"])
def test_batchnorm_served(observe, route, part):
    """BatchNormalization uses its moving statistics in it, frozen or not."""
    observe(fixtures.model_files.served(route, part))
