"""Strategies: the claims where a model is made under `tf.distribute`, on two replicas or on one device."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

STRATEGIES = ("MirroredStrategy", "OneDeviceStrategy")
INFERRING = ("evaluate", "predict")
SYNCHRONIZED = ("synchronized", "SyncBatchNormalization")
SAVED = ("get_weights", "weights-file")


# training/set-by-entry-point


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_replicas_see_in_fit(observe, strategy):
    """Under a strategy every replica sees True in `fit()`."""
    observe(fixtures.strategies.stepped("fit", "training", strategy))


@checks("training/set-by-entry-point", expects=INFERENCE)
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("step", INFERRING)
def test_replicas_see_in(observe, step, strategy):
    """Under a strategy every replica is told of inference in `evaluate()` and `predict()`."""
    observe(fixtures.strategies.stepped(step, "training", strategy))


# dropout


@checks("dropout/fit-turns-it-on", expects=Word.DROPS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_on_replicas(observe, strategy):
    """Under a strategy Dropout drops in `fit()` on every replica."""
    observe(fixtures.strategies.stepped("fit", "dropout", strategy))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("step", INFERRING)
def test_on_replicas_in_step(observe, step, strategy):
    """Under a strategy Dropout masks nothing in `evaluate()` and `predict()`, on any replica."""
    observe(fixtures.strategies.stepped(step, "dropout", strategy))


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_called_after_fit_on_replicas(observe, strategy):
    """A layer of no model that is called after that, without `training`, masks nothing."""
    observe(fixtures.strategies.stepped("afterwards", "dropout", strategy))


@checks("dropout/on-when-training", expects=Word.DROPS)
def test_on_replicas_in_loop(observe):
    """Called with `training=True` in `strategy.run`, Dropout drops on every replica."""
    observe(fixtures.strategies.in_loop("dropout"))


# batchnorm/training-uses-batch-statistics


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_replicas_mode_in_fit(observe, strategy):
    """Under a strategy BN normalizes in `fit()` with the statistics of its replica's share."""
    observe(fixtures.strategies.stepped("fit", "mode", strategy))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_replicas_statistics_in_fit(observe, strategy):
    """Under a strategy the statistics of every replica move in `fit()`."""
    observe(fixtures.strategies.stepped("fit", "statistics", strategy))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_statistics_of_whole_batch_in_fit(observe, strategy):
    """Read after `fit()` under a strategy, the statistics moved by momentum to those of the whole batch."""
    observe(fixtures.strategies.stepped("fit", "whole-batch", strategy))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_statistics_with_a_replica_left_empty(observe):
    """With nine rows in batches of eight, the last of which leaves a replica empty, statistics move."""
    observe(fixtures.strategies.nine_rows("fit", "statistics"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
def test_replicas_mode_in_loop(observe):
    """Called with `training=True` in `strategy.run`, BN normalizes with the statistics of its share."""
    observe(fixtures.strategies.in_loop("mode"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("whose", ["statistics", "whole-batch"])
def test_replicas_statistics_in_loop(observe, whose):
    """In a loop that calls `strategy.run` statistics move: on every replica, by momentum to the batch's."""
    observe(fixtures.strategies.in_loop(whose))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("variant", SYNCHRONIZED)
def test_mode_over_all_replicas(observe, variant):
    """Synchronized, it normalizes with the statistics of the whole batch on every replica."""
    observe(fixtures.strategies.synchronized(variant, "mode"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("variant", SYNCHRONIZED)
def test_statistics_over_all_replicas(observe, variant):
    """Synchronized, every replica's statistics move by momentum to those of the whole batch."""
    observe(fixtures.strategies.synchronized(variant, "statistics"))


# batchnorm/inference-uses-moving-statistics


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("step", INFERRING)
def test_on_replicas_after_fit(observe, step, strategy):
    """Under a strategy, after a `fit()`, BN normalizes with its moving statistics on every replica."""
    observe(fixtures.strategies.stepped(step, "mode", strategy))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.SAME)
def test_same_rows_on_both_replicas(observe):
    """After a `fit()` on two replicas, rows come out alike on whichever of them they are predicted."""
    observe(fixtures.strategies.stepped("predict", "same-rows"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
def test_evaluated_after_a_replica_left_empty(observe):
    """After a last batch that left a replica empty, `evaluate()` normalizes with moving statistics."""
    observe(fixtures.strategies.nine_rows("evaluate", "mode"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("route", SAVED)
def test_saved_under_a_strategy(observe, route, strategy):
    """Saved under a strategy and read back without, it normalizes with what all replicas gathered."""
    observe(fixtures.strategies.stepped("saved", route, strategy))


# Frozen.


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_frozen_mode_on_replicas(observe, strategy):
    """Under a strategy, frozen, it normalizes in `fit()` with moving statistics on every replica."""
    observe(fixtures.strategies.stepped("fit", "frozen-mode", strategy))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
def test_frozen_mode_on_replicas_in_loop(observe):
    """Frozen, called with `training=True` in `strategy.run`, it normalizes with moving statistics."""
    observe(fixtures.strategies.in_loop("frozen-mode"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_frozen_statistics_on_replicas(observe, strategy):
    """Under a strategy, frozen, no replica's moving statistics move in `fit()`."""
    observe(fixtures.strategies.stepped("fit", "frozen-statistics", strategy))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_frozen_statistics_with_a_replica_left_empty(observe):
    """Frozen, no replica's statistics move where the last batch leaves one empty."""
    observe(fixtures.strategies.nine_rows("fit", "frozen-statistics"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_frozen_statistics_on_replicas_in_loop(observe):
    """Frozen, called with `training=True` in `strategy.run`, its moving statistics do not move."""
    observe(fixtures.strategies.in_loop("frozen-statistics"))


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_frozen_gamma_on_replicas(observe, strategy):
    """Under a strategy gamma and beta of a frozen BN do not move in `fit()`."""
    observe(fixtures.strategies.stepped("fit", "frozen-gamma", strategy))


@checks("batchnorm/frozen-keeps-weights", expects=Word.WEIGHTS_KEPT)
def test_frozen_gamma_with_a_replica_left_empty(observe):
    """Gamma and beta of a frozen BN do not move where the last batch leaves a replica empty."""
    observe(fixtures.strategies.nine_rows("fit", "frozen-gamma"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_frozen_on_replicas(observe, strategy):
    """Under a strategy a frozen Dense does not move in `fit()`."""
    observe(fixtures.strategies.stepped("fit", "frozen-Dense", strategy))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_frozen_with_a_replica_left_empty(observe):
    """A frozen Dense does not move where the last batch leaves a replica empty."""
    observe(fixtures.strategies.nine_rows("fit", "frozen-Dense"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("watched", ["frozen-Dense", "frozen-gamma"])
def test_frozen_on_replicas_in_loop(observe, watched):
    """In a loop over `trainable_weights` that calls `strategy.run`, frozen weights do not move."""
    observe(fixtures.strategies.in_loop(watched))


# Flags that change, outside of the strategy's scope.


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("layer", ["Dense", "BatchNormalization"])
def test_frozen_after_fit_on_replicas(observe, layer):
    """On two replicas, frozen after a `fit()`, it still learns in the next."""
    observe(fixtures.strategies.base_after("frozen", layer))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("layer", ["Dense", "BatchNormalization"])
def test_thawed_after_fit_on_replicas(observe, layer):
    """On two replicas, thawed after a `fit()`, it still rests in the next."""
    observe(fixtures.strategies.base_after("thawed", layer))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_UPDATED)
def test_statistics_frozen_after_fit_on_replicas(observe):
    """On two replicas, frozen after a `fit()`, BN's statistics still move in the next."""
    observe(fixtures.strategies.base_after("frozen", "statistics"))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.BATCH)
def test_mode_frozen_after_fit_on_replicas(observe):
    """On two replicas, frozen after a `fit()`, BN stays in training mode in the next."""
    observe(fixtures.strategies.base_after("frozen", "mode"))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_KEPT)
def test_statistics_thawed_after_fit_on_replicas(observe):
    """On two replicas, thawed after a `fit()`, BN's statistics still rest in the next."""
    observe(fixtures.strategies.base_after("thawed", "statistics"))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.MOVING)
def test_mode_thawed_after_fit_on_replicas(observe):
    """On two replicas, thawed after a `fit()`, BN stays in inference mode in the next."""
    observe(fixtures.strategies.base_after("thawed", "mode"))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("layer", ["Dense", "BatchNormalization"])
def test_frozen_and_compiled_on_replicas(observe, layer):
    """On two replicas, frozen and compiled again, it rests."""
    observe(fixtures.strategies.base_after("frozen-and-compiled", layer))


@checks("snapshot/recompiling-applies", expects=Word.STATISTICS_KEPT)
def test_statistics_frozen_and_compiled_on_replicas(observe):
    """On two replicas, frozen and compiled again, BN's statistics rest."""
    observe(fixtures.strategies.base_after("frozen-and-compiled", "statistics"))


@checks("snapshot/recompiling-applies", expects=Word.MOVING)
def test_mode_frozen_and_compiled_on_replicas(observe):
    """On two replicas, frozen and compiled again, BN is in inference mode."""
    observe(fixtures.strategies.base_after("frozen-and-compiled", "mode"))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("layer", ["Dense", "BatchNormalization"])
def test_thawed_and_compiled_on_replicas(observe, layer):
    """On two replicas, thawed and compiled again, it learns."""
    observe(fixtures.strategies.base_after("thawed-and-compiled", layer))


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
def test_mode_thawed_and_compiled_on_replicas(observe):
    """On two replicas, thawed and compiled again, BN is in training mode."""
    observe(fixtures.strategies.base_after("thawed-and-compiled", "mode"))


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED)
def test_statistics_thawed_and_compiled_on_replicas(observe):
    """On two replicas, thawed and compiled again, BN's statistics move."""
    observe(fixtures.strategies.base_after("thawed-and-compiled", "statistics"))
