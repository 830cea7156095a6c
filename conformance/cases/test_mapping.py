"""Layers that TensorFlow calls for each of several batches: in `Dataset.map`, `tf.map_fn`, a loop."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Who calls the layer: once for each batch.
WAYS = ("Dataset.map", "map_fn", "vectorized_map", "while_loop", "cond")
DROPS = ["dropout/on-when-training[mapped-dropout-on-{way}]"]
BATCH = ["batchnorm/training-uses-batch-statistics[mapped-mode-{way}]"]


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_dropout(observe, way):
    """Called for each batch without `training`, Dropout masks nothing."""
    observe(fixtures.mapping.dropout(way))


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_dropout_on(observe, way):
    """Called for each batch with `training=True`, it drops."""
    observe(fixtures.mapping.dropout(way, training=True))


@checks("dropout/on-when-training", expects=Word.DROPS, given=DROPS)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_masks_anew(observe, way):
    """Each batch gets a mask of its own."""
    observe(fixtures.mapping.masks(way))


@checks("training/reaches-nested-layers", expects=Word.DROPS, given=DROPS)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_nested(observe, way):
    """A model that is called so with `training=True` turns a Dropout in a model inside on."""
    observe(fixtures.mapping.nested(way))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_inference(observe, way):
    """Called without `training`, BatchNormalization normalizes with its moving statistics."""
    observe(fixtures.mapping.mode(way))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_mode(observe, way):
    """With `training=True` it normalizes each batch with that batch's statistics."""
    observe(fixtures.mapping.mode(way, training=True))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, given=BATCH)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_statistics(observe, way):
    """And it moves the moving ones once with each batch."""
    observe(fixtures.mapping.statistics(way))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_frozen_mode(observe, way):
    """Frozen, it normalizes with its moving statistics, even under `training=True`."""
    observe(fixtures.mapping.mode(way, frozen=True, training=True))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("way", WAYS)
def test_mapped_frozen_statistics(observe, way):
    """And these do not move."""
    observe(fixtures.mapping.frozen_statistics(way))
