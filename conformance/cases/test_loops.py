"""Loops and steps of a user's own, other data after a toggle, and gradients that are accumulated."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

LOOPS = ("loop", "traced-loop", "accumulating-loop")
#: When a step of a loop was traced: never, before the toggle, before it for another batch, after it.
MOMENTS = ("eagerly", "traced-before", "traced-anew", "traced-after")
THEN = ("dataset", "generator", "sample_weight")
ACCUMULATING = ("SGD", "SGD-momentum", "AdamW")


# A loop over several batches, of which the last is smaller.


@checks("training/set-by-entry-point", expects=Word.TRUE)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped(observe, loop):
    """In a loop that says `training=True`, a layer sees True in every batch."""
    observe(fixtures.loops.looped(loop).training())


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped_dropout(observe, loop):
    """In such a loop Dropout drops in every batch."""
    observe(fixtures.loops.looped(loop).dropout())


@checks("dropout/on-when-training", expects=Word.DROPS)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped_anew(observe, loop):
    """In such a loop each batch gets a mask of its own."""
    observe(fixtures.loops.looped(loop).masks())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped_statistics(observe, loop):
    """Each batch moves the moving statistics once, also those whose gradients are only added up."""
    observe(fixtures.loops.looped(loop).statistics())


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped_frozen_mode(observe, loop):
    """In a loop that says `training=True`, a frozen BatchNormalization uses its moving statistics."""
    observe(fixtures.loops.looped(loop).frozen_mode())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped_frozen_statistics(observe, loop):
    """These do not move."""
    observe(fixtures.loops.looped(loop).frozen_statistics())


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("loop", LOOPS)
def test_looped_frozen_dense(observe, loop):
    """A loop over `trainable_weights` does not move a frozen Dense."""
    observe(fixtures.loops.looped(loop).frozen_dense())


# A flag toggled between two steps of a loop.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("moment", MOMENTS)
def test_frozen_in_loop(observe, moment):
    """A Dense that was frozen between two steps of a loop does not learn, whenever the step was traced."""
    observe(fixtures.loops.toggled("Dense", "freeze", moment))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
@pytest.mark.parametrize("moment", MOMENTS)
def test_frozen_in_loop_mode(observe, moment):
    """A BatchNormalization that was frozen between two steps of a loop is in inference mode."""
    observe(fixtures.loops.toggled("mode", "freeze", moment))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("moment", MOMENTS)
def test_frozen_in_loop_statistics(observe, moment):
    """Its moving statistics do not move."""
    observe(fixtures.loops.toggled("statistics", "freeze", moment))


@checks("batchnorm/thawed-trains-again", expects=Word.BATCH)
@pytest.mark.parametrize("moment", MOMENTS)
def test_thawed_in_loop_mode(observe, moment):
    """A BatchNormalization that was thawed between two steps of a loop is in training mode again."""
    observe(fixtures.loops.toggled("mode", "thaw", moment))


@checks("batchnorm/thawed-trains-again", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("moment", MOMENTS)
def test_thawed_in_loop_statistics(observe, moment):
    """Its moving statistics move again."""
    observe(fixtures.loops.toggled("statistics", "thaw", moment))


# A flag toggled after `compile()`, and a step of another kind.


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("then", THEN)
def test_frozen_then_fed(observe, then):
    """Frozen after a `fit()` on arrays, a Dense still learns in one on data of another kind."""
    observe(fixtures.loops.fed_otherwise("Dense", "freeze", then))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("then", THEN)
def test_statistics_frozen_then_fed(observe, then):
    """Frozen after a `fit()` on arrays, BN's statistics still move in one on data of another kind."""
    observe(fixtures.loops.fed_otherwise("statistics", "freeze", then))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_then_fed_dataset(observe):
    """Thawed after a `fit()` on arrays, a Dense still rests in one on a `tf.data.Dataset`."""
    observe(fixtures.loops.fed_otherwise("Dense", "thaw", "dataset"))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("moment", ["compile", "fit"])
def test_frozen_own_train_step_after(observe, moment):
    """Frozen after `compile()`, a Dense in a model with a `train_step` of its own still learns."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", moment=moment, kind="own-train-step"))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.BATCH)
@pytest.mark.parametrize("moment", ["compile", "fit"])
def test_mode_frozen_own_train_step_after(observe, moment):
    """Frozen after `compile()`, BN in such a model stays in training mode."""
    observe(fixtures.snapshots.base_after("mode", "freeze", moment=moment, kind="own-train-step"))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_own_train_step_after_fit(observe):
    """Thawed after a `fit()`, a Dense in such a model still rests."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", moment="fit", kind="own-train-step"))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_KEPT)
def test_statistics_thawed_own_train_step_after_fit(observe):
    """Thawed after a `fit()`, BN's statistics in such a model still rest."""
    observe(fixtures.snapshots.base_after("statistics", "thaw", moment="fit", kind="own-train-step"))


# An optimizer that accumulates gradients by itself.


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", ACCUMULATING)
def test_accumulating_frozen_at_first(observe, optimizer):
    """Frozen from the beginning, a layer is left alone by an optimizer that accumulates gradients."""
    observe(fixtures.loops.accumulated("at-first", optimizer))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("optimizer", ACCUMULATING)
def test_accumulating_frozen_after_fit(observe, optimizer):
    """Frozen after a fit, it is left alone by the optimizer that has gathered its gradients."""
    observe(fixtures.loops.accumulated("weights", optimizer))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.STATE_KEPT)
@pytest.mark.parametrize("optimizer", ACCUMULATING)
def test_accumulating_slots_of_frozen(observe, optimizer):
    """What such an optimizer keeps for it, gathered gradients too, does not move."""
    observe(fixtures.loops.accumulated("slots", optimizer))


@checks("frozen/optimizer-leaves-it-alone", expects=Word.WEIGHTS_KEPT)
def test_accumulating_frozen_then_new_optimizer(observe):
    """Frozen after a fit, it is left alone by a new optimizer that accumulates gradients."""
    observe(fixtures.loops.accumulated("weights", "SGD", "new-optimizer"))
