"""Networks of `keras.applications` as the base of a new model, through the phases of fine-tuning."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: One that has only BatchNormalization, and one that has a Dropout too.
APPLICATIONS = ("MobileNet", "EfficientNetB0")
TOLD_FALSE = [("MobileNet", "thawed-told-false"), ("EfficientNetB0", "frozen-told-false")]


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("application", APPLICATIONS)
def test_application_flags(observe, application):
    """False, set to a whole network, reaches every layer of it."""
    observe(fixtures.applications.reached(application))


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("application", APPLICATIONS)
def test_application_lists(observe, application):
    """Frozen, a whole network lists nothing as trainable."""
    observe(fixtures.applications.listed(application))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("part", ["kernels", "affine"])
@pytest.mark.parametrize("application", APPLICATIONS)
def test_application_frozen_weights(observe, application, part):
    """A frozen network under a new head keeps all kernels in `fit()`, and all of gamma and beta."""
    observe(fixtures.applications.weights(application, "frozen", part))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("application", APPLICATIONS)
def test_application_frozen_statistics(observe, application):
    """And all of its moving statistics."""
    observe(fixtures.applications.statistics(application, "frozen"))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.SAME)
@pytest.mark.parametrize("phase", ["frozen", "last-thawed"])
def test_application_features(observe, phase):
    """Where its BatchNormalization is frozen, a network gives in `fit()` what it gives in `predict()`."""
    observe(fixtures.applications.features("MobileNet", phase))


@checks("frozen/is-not-inference-mode", expects=Word.DROPS)
def test_application_dropout(observe):
    """Dropout in a frozen network drops in `fit()` all the same."""
    observe(fixtures.applications.dropout("EfficientNetB0", "frozen"))


@checks("training/explicit-value-wins", expects=Word.PASSES)
@pytest.mark.parametrize(("application", "phase"), TOLD_FALSE)
def test_application_told_false(observe, application, phase):
    """Called with `training=False`, a network gives in `fit()` what it gives in `predict()`, thawed too."""
    observe(fixtures.applications.dropout(application, phase))


@checks("training/explicit-value-wins", expects=Word.STATISTICS_KEPT)
def test_application_thawed_statistics_told_false(observe):
    """Thawed, and called with `training=False`, it keeps its moving statistics."""
    observe(fixtures.applications.statistics("MobileNet", "thawed-told-false"))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_application_thawed_weights(observe):
    """Thawed so and compiled again, all kernels learn."""
    observe(fixtures.applications.weights("MobileNet", "thawed-told-false", "kernels"))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_application_last_layers(observe):
    """Thawed in its last layers only, these learn."""
    observe(fixtures.applications.weights("MobileNet", "last-thawed", "last"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_application_first_layers(observe):
    """And the layers before them do not."""
    observe(fixtures.applications.weights("MobileNet", "last-thawed", "first"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_application_last_statistics(observe):
    """BatchNormalization in these, frozen as the guides advise, keeps its moving statistics."""
    observe(fixtures.applications.statistics("MobileNet", "last-thawed"))


@checks("propagation/true-reaches-inner-layers", expects=Word.WEIGHTS_UPDATED)
def test_application_thawed_in_stages(observe):
    """After its last layers the whole network is thawed with `trainable = True`: all kernels learn."""
    observe(fixtures.applications.weights("MobileNet", "thawed-after-the-last", "kernels"))


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED)
def test_application_thawed_statistics(observe):
    """And all moving statistics move."""
    observe(fixtures.applications.statistics("MobileNet", "thawed-after-the-last"))
