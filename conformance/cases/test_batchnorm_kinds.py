"""Batch normalization of more kinds: ranks, dtypes, few values, under a mask, in a cell, used twice."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import TRAINING_STEPS
from conformance.measuring.case import checks
from conformance.words import Word

KINDS = (
    "rank5",
    "rank5-channels-first",
    "rank4-in-a-list",
    "rank4-two-axes",
    "rank4-float64",
    "rank4-float16",
    "rank2-float64",
    "rank4-tiny-epsilon",
    "rank4-renorm",
    "rank4-without-gamma",
    "rank4-fused-momentum-0",
    "rank2-synchronized",
)
FEW = (
    "rank2",
    "rank3",
    "rank4",
    "rank4-one-row",
    "rank5",
    "unfused",
    "mixed_float16",
)
MASKED = ("Masking", "Masking-Functional", "mask-argument")
CELLS = ("names-training", "silent")
LOOPS = ("unrolled", "looped")
SHARING = ("layer", "nested")
#: A kind that cannot be called at all says nothing about what it would do in training, or frozen.
INFERS = "batchnorm/inference-uses-moving-statistics[kind-called-without-training-{kind}]"


# batchnorm/inference-uses-moving-statistics


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("kind", KINDS)
def test_kind_called_without_training(observe, kind):
    """Of any rank and dtype, called without `training`, it normalizes with the moving statistics."""
    observe(fixtures.batchnorm_kinds.called(kind).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("masked_by", MASKED)
def test_masked_called_without_training(observe, masked_by):
    """Under a mask, called without `training`, it normalizes with the moving statistics."""
    observe(fixtures.batchnorm_kinds.masked(masked_by).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.MOVING)
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("cell", CELLS)
def test_in_cell_called_without_training(observe, cell, loop):
    """In a recurrent cell, called without `training`, it normalizes with the moving statistics."""
    observe(fixtures.batchnorm_kinds.in_cell(cell, loop).mode())


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("sharing", SHARING)
def test_used_twice_called_without_training(observe, sharing):
    """Used twice in a model that is simply called, it gathers nothing."""
    observe(fixtures.batchnorm_kinds.siamese_called(sharing).moved())


# batchnorm/training-uses-batch-statistics


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH, given=[INFERS])
@pytest.mark.parametrize("kind", KINDS)
def test_kind_called_with_training_true(observe, kind):
    """Of any rank and dtype, called with `training=True`, it normalizes with the batch's statistics."""
    observe(fixtures.batchnorm_kinds.called(kind, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED, given=[INFERS])
@pytest.mark.parametrize("kind", KINDS)
def test_kind_moves_by_momentum(observe, kind):
    """Of any rank and dtype, it moves its statistics by `1 - momentum` of the way."""
    step = fixtures.batchnorm_kinds.called(kind, training=True)
    observe(step.moved_by(fixtures.batchnorm_kinds.momentum(kind)))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("kind", FEW)
def test_two_values_move_by_momentum(observe, kind):
    """With two values in each channel too, its statistics move towards those that it normalizes with."""
    observe(fixtures.batchnorm_kinds.called_on_two_values(kind).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("masked_by", MASKED)
def test_masked_called_with_training_true(observe, masked_by):
    """Under a mask, it normalizes with the statistics of the values that are not masked."""
    observe(fixtures.batchnorm_kinds.masked(masked_by, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("masked_by", MASKED)
def test_masked_moves_by_momentum(observe, masked_by):
    """Under a mask, its statistics move towards those of the values that are not masked."""
    observe(fixtures.batchnorm_kinds.masked(masked_by, training=True).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_masked_step_moves_by_momentum(observe, step):
    """Behind a Masking in a model, a step moves them towards those of the values that are not masked."""
    observe(fixtures.batchnorm_kinds.masked_after(step).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("cell", CELLS)
def test_in_cell_called_with_training_true(observe, cell, loop):
    """In a recurrent cell, it normalizes each step of the sequence with that step's statistics."""
    observe(fixtures.batchnorm_kinds.in_cell(cell, loop, training=True).mode())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_TWICE)
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("cell", CELLS)
def test_in_cell_moves_by_momentum(observe, cell, loop):
    """In a recurrent cell, two steps of a sequence move its statistics twice."""
    observe(fixtures.batchnorm_kinds.in_cell(cell, loop, training=True).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_TWICE)
@pytest.mark.parametrize("loop", LOOPS)
def test_in_cell_fit_moves_by_momentum(observe, loop):
    """So they do in `fit()`."""
    observe(fixtures.batchnorm_kinds.cell_fitted(loop).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_TWICE)
@pytest.mark.parametrize("sharing", SHARING)
def test_used_twice_moves_by_momentum(observe, sharing):
    """Used twice in a model that is called with `training=True`, it moves its statistics twice."""
    observe(fixtures.batchnorm_kinds.siamese_called(sharing, training=True).moved_by())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_TWICE)
@pytest.mark.parametrize("sharing", SHARING)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_used_twice_step_moves_by_momentum(observe, step, sharing):
    """Used twice in a model, it moves its statistics twice in each step."""
    observe(fixtures.batchnorm_kinds.siamese_after(step, sharing).moved_by())


# batchnorm/frozen-runs-in-inference-mode


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING, given=[INFERS])
@pytest.mark.parametrize("kind", KINDS)
def test_kind_frozen(observe, kind):
    """Of any rank and dtype, frozen, it normalizes with the moving statistics, also with `training=True`."""
    observe(fixtures.batchnorm_kinds.called(kind, frozen=True, training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("masked_by", MASKED)
def test_masked_frozen(observe, masked_by):
    """Under a mask, frozen, it normalizes with the moving statistics."""
    observe(fixtures.batchnorm_kinds.masked(masked_by, frozen=True, training=True).mode())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("cell", CELLS)
def test_in_cell_frozen(observe, cell, loop):
    """In a recurrent cell, frozen, it normalizes with the moving statistics."""
    observe(fixtures.batchnorm_kinds.in_cell(cell, loop, frozen=True, training=True).mode())


# batchnorm/frozen-keeps-moving-statistics


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT, given=[INFERS])
@pytest.mark.parametrize("kind", KINDS)
def test_kind_frozen_gathers_nothing(observe, kind):
    """Of any rank and dtype, frozen, it gathers nothing."""
    observe(fixtures.batchnorm_kinds.called(kind, frozen=True, training=True).moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("masked_by", MASKED)
def test_masked_frozen_gathers_nothing(observe, masked_by):
    """Under a mask, frozen, it gathers nothing."""
    observe(fixtures.batchnorm_kinds.masked(masked_by, frozen=True, training=True).moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("cell", CELLS)
def test_in_cell_frozen_gathers_nothing(observe, cell, loop):
    """In a recurrent cell, frozen, it gathers nothing."""
    observe(fixtures.batchnorm_kinds.in_cell(cell, loop, frozen=True, training=True).moved())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("sharing", SHARING)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_used_twice_frozen_gathers_nothing(observe, step, sharing):
    """Used twice in a model, frozen, it gathers nothing in a step."""
    observe(fixtures.batchnorm_kinds.siamese_after(step, sharing, frozen=True).moved())
