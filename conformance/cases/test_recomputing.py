"""Steps that save memory: what `tf.recompute_grad` and `keras.RematScope` compute twice."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: A step of one's own around `tf.recompute_grad`; `fit()` of layers that were made in a `keras.RematScope`.
WAYS = (
    "recompute_grad",
    "traced-recompute_grad",
    "RematScope",
    "RematScope-eager",
    "RematScope-activations",
)
STEP = ["training/set-by-entry-point[recomputed-{way}]"]
PLAIN = ["dropout/on-when-training[mask-of-gradient-nothing-{execution}]"]


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed(observe, way):
    """Where activations are computed anew for the gradients, a layer sees True then too."""
    observe(fixtures.recomputing.recomputed(way).training())


@checks("dropout/on-when-training", expects=Word.DROPS, given=STEP)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed_dropout(observe, way):
    """Dropout drops then too."""
    observe(fixtures.recomputing.recomputed(way).dropout())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, given=STEP)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed_statistics(observe, way):
    """Such a step moves the moving statistics once, as any other."""
    observe(fixtures.recomputing.recomputed(way).statistics())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, given=STEP)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed_frozen_mode(observe, way):
    """A frozen BatchNormalization uses its moving statistics when it is computed anew."""
    observe(fixtures.recomputing.recomputed(way).frozen_mode())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, given=STEP)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed_frozen_statistics(observe, way):
    """These do not move in such a step."""
    observe(fixtures.recomputing.recomputed(way).frozen_statistics())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT, given=STEP)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed_frozen_gamma(observe, way):
    """Nor do its gamma and beta."""
    observe(fixtures.recomputing.recomputed(way).frozen_gamma())


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, given=STEP)
@pytest.mark.parametrize("way", WAYS)
def test_recomputed_frozen_dense(observe, way):
    """A frozen Dense does not learn in such a step."""
    observe(fixtures.recomputing.recomputed(way).frozen_dense())


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("execution", ["eager", "traced"])
@pytest.mark.parametrize("way", ["nothing"])
def test_mask_of_gradient(observe, way, execution):
    """The gradient of Dropout is of the units that it kept, and of no others."""
    observe(fixtures.recomputing.mask_of_gradient(way, execution == "traced"))


@checks("dropout/on-when-training", expects=Word.DROPS, given=PLAIN)
@pytest.mark.parametrize("execution", ["eager", "traced"])
@pytest.mark.parametrize("way", ["recompute_grad", "RematScope"])
def test_mask_of_recomputed_gradient(observe, way, execution):
    """So it is where its output is computed anew for the gradient."""
    observe(fixtures.recomputing.mask_of_gradient(way, execution == "traced"))
