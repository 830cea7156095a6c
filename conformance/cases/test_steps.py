"""How a step is run: batches, other data, weights, several inputs. Each batch counts, and counts once."""

import numpy as np
import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Ways to feed `fit()`, and `train_on_batch()` by hand.
FED = (
    "several-batches",
    "smaller-last",
    "last-of-one",
    "one-row",
    "epochs",
    "validation",
    "dataset",
    "generator",
    "Sequence",
    "train_on_batch",
    "sample_weight",
    "class_weight",
    "steps_per_execution",
    "two-inputs",
    "two-outputs",
    "masked",
    "own-train-step",
)
#: Ways in which one batch follows another by other means.
FOLLOWING = (
    "several-batches",
    "epochs",
    "dataset",
    "train_on_batch",
    "steps_per_execution",
    "own-train-step",
)
INFERRED = ("validation", "evaluate", "predict")
DEEP = ("layers-deep", "models-deep", "frozen-models-deep", "mixed-deep", "list-deep")
TRUE = {"int": 1, "numpy-bool": np.bool_(True)}
FALSE = {"int": 0, "numpy-bool": np.bool_(False)}
NESTINGS = ("Functional", "layers-2-deep", "models-2-deep", "mixed-4-deep", "RNN-cell", "TimeDistributed")
CONTAINERS = ("Functional", "Subclassed", "nested")
INSIDE = ("LSTM-dropout", "GRU-recurrent_dropout", "MultiHeadAttention-dropout")


# Each batch, whatever it comes from: training mode.


@checks("training/set-by-entry-point", expects=Word.TRUE, core=["several-batches"])
@pytest.mark.parametrize("fed", FED)
def test_fed(observe, fed):
    """However a model is fed, a layer sees True in every batch that trains, the last one too."""
    observe(fixtures.running.fed(fed).training())


@checks("training/set-by-entry-point", expects=Word.FALSE)
@pytest.mark.parametrize("fed", INFERRED)
def test_fed_in_inference(observe, fed):
    """It sees False in every other batch: between two epochs, and where the last batch is smaller."""
    observe(fixtures.running.fed(fed).training_in_inference())


@checks("dropout/fit-turns-it-on", expects=Word.DROPS, core=["several-batches"])
@pytest.mark.parametrize("fed", FED)
def test_fed_dropout(observe, fed):
    """However a model is fed, Dropout drops in every batch that trains, after a validation too."""
    observe(fixtures.running.fed(fed).dropout())


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("fed", FOLLOWING)
def test_fed_anew(observe, fed):
    """Each batch gets a mask of its own."""
    observe(fixtures.running.fed(fed).masks())


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("fed", INFERRED)
def test_fed_dropout_in_inference(observe, fed):
    """In every batch that does not train, it masks nothing."""
    observe(fixtures.running.fed(fed).dropout_in_inference())


# Each batch, once: statistics.


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, core=["several-batches"])
@pytest.mark.parametrize("fed", FED)
def test_fed_statistics(observe, fed):
    """However a model is fed, each batch moves the moving statistics once, by `1 - momentum`."""
    observe(fixtures.running.fed(fed).statistics())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH, core=["several-batches"])
@pytest.mark.parametrize("fed", FED)
def test_fed_mode(observe, fed):
    """It normalizes each batch with its own statistics: a smaller one, a single row, one after validation."""
    observe(fixtures.running.fed(fed).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("fed", INFERRED)
def test_fed_mode_in_inference(observe, fed):
    """A batch that does not train is normalized with what the batches before it left behind."""
    observe(fixtures.running.fed(fed).mode(trains=False))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_single_values_fused(observe):
    """Batches of one image of one pixel move the statistics of a fused kernel as any batch does."""
    observe(fixtures.running.fed("fused").statistics())


# What is frozen.


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, core=["several-batches"])
@pytest.mark.parametrize("fed", [*FED, "fused"])
def test_fed_frozen_mode(observe, fed):
    """However a model is fed, a frozen BatchNormalization uses its moving statistics in every batch."""
    observe(fixtures.running.fed(fed).frozen_mode())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, core=["several-batches"])
@pytest.mark.parametrize("fed", [*FED, "fused"])
def test_fed_frozen_statistics(observe, fed):
    """However a model is fed, these do not move."""
    observe(fixtures.running.fed(fed).frozen_statistics())


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("fed", FED)
def test_fed_frozen_gamma(observe, fed):
    """Nor do its gamma and beta."""
    observe(fixtures.running.fed(fed).frozen_gamma())


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT, core=["several-batches"])
@pytest.mark.parametrize("fed", FED)
def test_fed_frozen_dense(observe, fed):
    """However a model is fed, a frozen Dense does not learn, where one beside it does."""
    observe(fixtures.running.fed(fed).frozen_dense())


@checks("frozen/state-updates-are-not-run", expects=Word.STATE_KEPT)
@pytest.mark.parametrize("fed", ["smaller-last", "epochs", "sample_weight", "masked", "own-train-step"])
def test_fed_frozen_state(observe, fed):
    """However a model is fed, the state of a frozen layer does not move."""
    observe(fixtures.running.fed(fed).frozen_state())


# Penalties.


@checks("training/penalties-are-off-in-inference", expects=Word.COUNTED)
@pytest.mark.parametrize("step", ["fit", "fit-weighted"])
def test_L2_in_batches(observe, step):
    """The loss of `fit()` on several batches, weighted or not, holds an L2 penalty once."""
    observe(fixtures.counting.in_loss_of(step))


@checks("training/penalties-are-off-in-inference", expects=Word.NOT_COUNTED)
@pytest.mark.parametrize("step", ["evaluate", "evaluate-weighted"])
def test_L2_in_batches_of_evaluate(observe, step):
    """The loss of `evaluate()` on several batches, weighted or not, does not hold it."""
    observe(fixtures.counting.in_loss_of(step))


@checks("training/penalties-are-off-in-inference", expects=Word.COUNTED)
@pytest.mark.parametrize("where", DEEP)
def test_added_loss_in_fit(observe, where):
    """The loss of `fit()` holds what a layer deep inside adds to it."""
    observe(fixtures.counting.in_loss_of("fit", where))


@checks("training/penalties-are-off-in-inference", expects=Word.NOT_COUNTED)
@pytest.mark.parametrize("where", ["layers-deep", "models-deep"])
def test_added_loss_in_evaluate(observe, where):
    """The loss of `evaluate()` does not hold it."""
    observe(fixtures.counting.in_loss_of("evaluate", where))


# Values that mean True or False.


@checks("training/reaches-nested-layers", expects=Word.TRUE)
@pytest.mark.parametrize("nesting", NESTINGS)
@pytest.mark.parametrize("value", TRUE)
def test_like_true_reaches(observe, value, nesting):
    """A value that Python takes for True reaches a layer inside anything that the model is made of."""
    observe(fixtures.nestings.called(nesting, training=TRUE[value]))


@checks("training/reaches-nested-layers", expects=Word.FALSE)
@pytest.mark.parametrize("nesting", NESTINGS)
@pytest.mark.parametrize("value", FALSE)
def test_like_false_reaches(observe, value, nesting):
    """So does one that Python takes for False."""
    observe(fixtures.nestings.called(nesting, training=FALSE[value]))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", TRUE)
def test_model_called_with_a_value_like_true(observe, value, container):
    """In a model called with a value that Python takes for True, Dropout drops."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.model_called(container, dropout, training=TRUE[value]))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", FALSE)
def test_model_called_with_a_value_like_false(observe, value, container):
    """In a model called with a value that Python takes for False, it masks nothing."""
    dropout = fixtures.layers.dropout("Dropout")
    observe(fixtures.dropouts.model_called(container, dropout, training=FALSE[value]))


@checks(
    "dropout/on-when-training",
    expects=Word.DROPS,
    given=["dropout/on-when-training[inside-a-layer-with-training-true-{inside}]"],
)
@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("value", TRUE)
def test_inside_a_layer_with_a_value_like_true(observe, value, inside):
    """Dropout inside a layer that is called with a value that Python takes for True is on."""
    observe(fixtures.dropouts.inside_called(inside, training=TRUE[value]))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("value", FALSE)
def test_inside_a_layer_with_a_value_like_false(observe, value, inside):
    """Dropout inside a layer that is called with a value that Python takes for False is off."""
    observe(fixtures.dropouts.inside_called(inside, training=FALSE[value]))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", TRUE)
def test_inside_called_with_a_value_like_true(observe, value, container):
    """In a model called with a value that Python takes for True, BN uses the batch's statistics."""
    observe(fixtures.batchnorms.called_inside(container, training=TRUE[value]).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", FALSE)
def test_inside_called_with_a_value_like_false(observe, value, container):
    """In a model called with a value that Python takes for False, BN uses its moving statistics."""
    observe(fixtures.batchnorms.called_inside(container, training=FALSE[value]).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("value", TRUE)
def test_inside_frozen_called_with_a_value_like_true(observe, value, container):
    """Frozen, BN in a model called with a value that Python takes for True uses its moving statistics."""
    observe(fixtures.batchnorms.called_inside(container, freeze=True, training=TRUE[value]).mode())
