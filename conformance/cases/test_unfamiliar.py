"""Classes that Keras does not know: layers loaded without their class, and layers in a `tf.Module`."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

HOLDERS = ("layer", "model")
#: A layer that was frozen when its model was saved, or only after it was loaded.
FREEZING = ("frozen", "frozen-since")
LEARNS = ["saving/resumes-as-it-was[revived-free-learns]"]
MODULE_LISTS = ["propagation/empties-trainable-weights[module-lists]"]
HOLDER_LISTS = ["propagation/empties-trainable-weights[holder-of-module-lists-{holder}]"]


# A layer of one's own, from a SavedModel, whose class is not at hand.


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("was", ["free", "frozen"])
def test_revived_flags(observe, was):
    """A layer that is loaded without its class has the flag that it was saved with; so have those in it."""
    observe(fixtures.revived.flags(was))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED)
def test_revived_free_learns(observe):
    """One that was not frozen goes on learning."""
    observe(fixtures.revived.weights("free"))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_UPDATED)
def test_revived_free_statistics(observe):
    """Its moving statistics go on moving."""
    observe(fixtures.revived.statistics("free"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, given=LEARNS)
@pytest.mark.parametrize("change", FREEZING)
def test_revived_frozen_rests(observe, change):
    """One that was frozen when it was saved, or once it was loaded, learns nothing in `fit()`."""
    observe(fixtures.revived.weights(change))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, given=LEARNS)
@pytest.mark.parametrize("change", FREEZING)
def test_revived_frozen_statistics(observe, change):
    """Nor do its moving statistics move."""
    observe(fixtures.revived.statistics(change))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, given=LEARNS)
@pytest.mark.parametrize("change", FREEZING)
def test_revived_frozen_mode(observe, change):
    """Its BatchNormalization is in inference mode."""
    observe(fixtures.revived.mode(change))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED, given=LEARNS)
def test_revived_thawed_learns(observe):
    """Saved while it was frozen, and thawed once it was loaded, it learns."""
    observe(fixtures.revived.weights("thawed-since"))


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED, given=LEARNS)
def test_revived_thawed_statistics(observe):
    """Its moving statistics move."""
    observe(fixtures.revived.statistics("thawed-since"))


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH, given=LEARNS)
def test_revived_thawed_mode(observe):
    """Its BatchNormalization is in training mode."""
    observe(fixtures.revived.mode("thawed-since"))


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("change", ["free", *FREEZING])
def test_revived_dropout_in_fit(observe, change):
    """Its Dropout drops in `fit()`, frozen or not."""
    observe(fixtures.revived.dropout(change, "fit"))


@checks("saving/predicts-in-inference-mode", expects=Word.PASSES)
def test_revived_dropout_in_predict(observe):
    """It masks nothing in `predict()`."""
    observe(fixtures.revived.dropout("free", "predict"))


# Layers in a `tf.Module`, in a loop of one's own.


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
def test_module_lists(observe):
    """A `tf.Module` lists as trainable what the layers in it list."""
    observe(fixtures.modules.listed())


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED, given=MODULE_LISTS)
def test_module_of_frozen_layers_lists(observe):
    """Where all layers in it are frozen, it lists nothing."""
    observe(fixtures.modules.listed_frozen())


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, given=MODULE_LISTS)
@pytest.mark.parametrize("part", ["norm", "dense"])
def test_frozen_in_module(observe, part):
    """A frozen layer in it does not learn in a loop over what the module lists."""
    observe(fixtures.modules.looped(part, part))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_frozen_statistics_in_module(observe):
    """Nor do the statistics of a frozen BatchNormalization move."""
    observe(fixtures.modules.looped_statistics("norm"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_statistics_beside_frozen_in_module(observe):
    """Those of one beside a frozen Dense do."""
    observe(fixtures.modules.looped_statistics("dense"))


# A `tf.Module` in a layer, or a model.


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("holder", HOLDERS)
def test_holder_of_module_lists(observe, holder):
    """A layer or a model that holds a module lists as trainable what the layers in the module list."""
    observe(fixtures.modules.listed_by(holder, frozen=False))


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED, given=HOLDER_LISTS)
@pytest.mark.parametrize("holder", HOLDERS)
def test_frozen_holder_of_module_lists(observe, holder):
    """Frozen, it lists nothing."""
    observe(fixtures.modules.listed_by(holder, frozen=True))


@checks("propagation/frozen-container-governs", expects=Word.WEIGHTS_KEPT, given=HOLDER_LISTS)
@pytest.mark.parametrize("step", ["fit", "tape"])
@pytest.mark.parametrize("holder", HOLDERS)
def test_module_in_frozen(observe, holder, step):
    """The layers in a module do not learn where the layer or model that holds it is frozen."""
    observe(fixtures.modules.weights(holder, step))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("holder", HOLDERS)
def test_flags_in_module(observe, holder):
    """They say that they are frozen."""
    observe(fixtures.modules.flags_inside(holder))


@checks("propagation/inner-batchnorm-follows", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("holder", HOLDERS)
def test_statistics_in_module(observe, holder):
    """The moving statistics of a BatchNormalization among them do not move."""
    observe(fixtures.modules.statistics(holder, "fit"))


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING)
@pytest.mark.parametrize("holder", HOLDERS)
def test_mode_in_module(observe, holder):
    """It is in inference mode."""
    observe(fixtures.modules.mode(holder, "fit"))


@checks("training/reaches-nested-layers", expects=Word.DROPS)
@pytest.mark.parametrize("told", ["training", "nothing"])
@pytest.mark.parametrize("step", ["call-training", "fit"])
@pytest.mark.parametrize("holder", HOLDERS)
def test_dropout_in_module(observe, holder, step, told):
    """A value of `training` reaches the Dropout in a module, whether or not the module names it."""
    observe(fixtures.modules.dropout(holder, told, step))
