"""compile(): what `trainable` was then is what counts, until the next one."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import EXECUTION
from conformance.measuring.case import checks
from conformance.words import Word

MOMENTS = ("compile", "fit", "train_on_batch", "evaluate", "predict", "train-begin", "epoch-end")
#: Those at which more than one thing is watched: the others differ in the step that came before only.
MAIN_MOMENTS = ("compile", "fit", "train_on_batch", "epoch-end")


# snapshot/freezing-waits-for-compile


@checks(
    "snapshot/freezing-waits-for-compile",
    expects=Word.WEIGHTS_UPDATED,
    core=["compile", "fit", "train_on_batch"],
)
@pytest.mark.parametrize("moment", MOMENTS)
def test_frozen_after(observe, moment):
    """Frozen after `compile()`, at any moment, a Dense still learns in the next `fit()`."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", moment=moment))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED, core=["fit"])
@pytest.mark.parametrize("moment", MAIN_MOMENTS)
def test_batchnorm_frozen_after(observe, moment):
    """Frozen after `compile()`, at any moment, BN's gamma still learns in the next `fit()`."""
    observe(fixtures.snapshots.base_after("BatchNormalization", "freeze", moment=moment))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_after_fit_then_train_on_batch(observe):
    """Frozen after a `fit()`, the layer still learns in `train_on_batch()`."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", then="train_on_batch"))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_after_fit_then_smaller_batch(observe):
    """Frozen after a `fit()`, the layer still learns in one with a smaller batch."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", rows=32))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("execution", EXECUTION)
def test_frozen_after_fit_executed(observe, execution):
    """Frozen after a `fit()`, the layer still learns, however the step is executed."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", mode=execution))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("moment", ["compile", "train-begin", "epoch-end"])
def test_frozen_run_eagerly_after(observe, moment):
    """Frozen with `run_eagerly=True`, where every step reads the flags anew, it still learns."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", moment=moment, mode="run_eagerly"))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_after_fit_with_adam(observe):
    """Frozen after a `fit()` with Adam, the layer still learns."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", optimizer="Adam"))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("kind", ["Subclassed", "nested", "shared-layer"])
def test_frozen_after_fit_in(observe, kind):
    """Frozen after a `fit()` of any kind of model, the layer still learns."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", kind=kind))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_before_the_first_step_in_subclassed(observe):
    """Frozen after `compile()`, before a model of a class of one's own took any step, the layer learns."""
    observe(fixtures.snapshots.base_after("Dense", "freeze", moment="compile", kind="Subclassed"))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_with_the_whole_model(observe):
    """Frozen as a whole after `compile()`, a model still learns."""
    observe(fixtures.snapshots.whole_model_frozen("Dense", "train_on_batch"))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_and_train_function_made_anew(observe):
    """Frozen after a step, the layer still learns with `make_train_function(force=True)`."""
    how = {"moment": "train_on_batch", "then": "train_on_batch", "afterwards": "make_train_function"}
    observe(fixtures.snapshots.base_after("Dense", "freeze", **how))


@checks("snapshot/freezing-waits-for-compile", expects=Word.WEIGHTS_UPDATED)
def test_frozen_and_back_run_eagerly(observe):
    """Frozen after a `fit()` and then thawed again, the layer still learns."""
    how = {"afterwards": "toggled-back", "mode": "run_eagerly"}
    observe(fixtures.snapshots.base_after("Dense", "freeze", **how))


# snapshot/thawing-waits-for-compile


@checks(
    "snapshot/thawing-waits-for-compile",
    expects=Word.WEIGHTS_KEPT,
    core=["compile", "fit", "train_on_batch"],
)
@pytest.mark.parametrize("moment", MOMENTS)
def test_thawed_after(observe, moment):
    """Thawed after `compile()`, at any moment, a Dense still rests in the next `fit()`."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", moment=moment))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT, core=["fit"])
@pytest.mark.parametrize("moment", MAIN_MOMENTS)
def test_batchnorm_thawed_after(observe, moment):
    """Thawed after `compile()`, at any moment, BN's gamma still rests in the next `fit()`."""
    observe(fixtures.snapshots.base_after("BatchNormalization", "thaw", moment=moment))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_after_fit_then_train_on_batch(observe):
    """Thawed after a `fit()`, the layer still rests in `train_on_batch()`."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", then="train_on_batch"))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_after_fit_then_smaller_batch(observe):
    """Thawed after a `fit()`, the layer still rests in one with a smaller batch."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", rows=32))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_before_the_first_step_in_subclassed(observe):
    """Thawed after `compile()`, before a model of a class of one's own took any step, the layer rests."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", moment="compile", kind="Subclassed"))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_after_fit_run_eagerly(observe):
    """Thawed after a `fit()` with `run_eagerly=True`, the layer still rests."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", mode="run_eagerly"))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("moment", ["compile", "train-begin", "epoch-end"])
def test_thawed_run_eagerly_after(observe, moment):
    """Thawed with `run_eagerly=True`, where every step reads the flags anew, it still rests."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", moment=moment, mode="run_eagerly"))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_after_fit_with_adam_run_eagerly(observe):
    """Thawed after a `fit()` with Adam and `run_eagerly=True`, the layer still rests."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", optimizer="Adam", mode="run_eagerly"))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("kind", ["Subclassed", "nested"])
def test_thawed_after_fit_in(observe, kind):
    """Thawed after a `fit()` of any kind of model, the layer still rests."""
    observe(fixtures.snapshots.base_after("Dense", "thaw", kind=kind))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_and_train_function_made_anew(observe):
    """Thawed after a step, the layer still rests with `make_train_function(force=True)`."""
    how = {"moment": "train_on_batch", "then": "train_on_batch", "afterwards": "make_train_function"}
    observe(fixtures.snapshots.base_after("Dense", "thaw", **how))


@checks("snapshot/thawing-waits-for-compile", expects=Word.WEIGHTS_KEPT)
def test_thawed_and_back_run_eagerly(observe):
    """Thawed after a `fit()` and then frozen again, the layer still rests."""
    how = {"afterwards": "toggled-back", "mode": "run_eagerly"}
    observe(fixtures.snapshots.base_after("Dense", "thaw", **how))


# snapshot/covers-batchnorm-statistics


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_UPDATED, core=["compile", "fit"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_statistics_frozen_after(observe, moment):
    """Frozen after `compile()`, BN's statistics still move in the next `fit()`."""
    observe(fixtures.snapshots.base_after("statistics", "freeze", moment=moment))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.BATCH, core=["compile", "fit"])
@pytest.mark.parametrize("moment", MAIN_MOMENTS)
def test_mode_frozen_after(observe, moment):
    """Frozen after `compile()`, BN stays in training mode in the next `fit()`."""
    observe(fixtures.snapshots.base_after("mode", "freeze", moment=moment))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_KEPT, core=["compile", "fit"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_statistics_thawed_after(observe, moment):
    """Thawed after `compile()`, BN's statistics still rest in the next `fit()`."""
    observe(fixtures.snapshots.base_after("statistics", "thaw", moment=moment))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.MOVING, core=["compile", "fit"])
@pytest.mark.parametrize("moment", MAIN_MOMENTS)
def test_mode_thawed_after(observe, moment):
    """Thawed after `compile()`, BN stays in inference mode in the next `fit()`."""
    observe(fixtures.snapshots.base_after("mode", "thaw", moment=moment))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("kind", ["Subclassed", "nested"])
def test_statistics_frozen_after_fit_in(observe, kind):
    """Frozen after a `fit()` of any kind of model, BN's statistics still move."""
    observe(fixtures.snapshots.base_after("statistics", "freeze", kind=kind))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("kind", ["Subclassed", "nested"])
def test_statistics_thawed_after_fit_in(observe, kind):
    """Thawed after a `fit()` of any kind of model, BN's statistics still rest."""
    observe(fixtures.snapshots.base_after("statistics", "thaw", kind=kind))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("execution", EXECUTION)
def test_statistics_frozen_after_fit_executed(observe, execution):
    """Frozen after a `fit()`, BN's statistics still move, however the step is executed."""
    observe(fixtures.snapshots.base_after("statistics", "freeze", mode=execution))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_KEPT)
def test_statistics_thawed_after_fit_run_eagerly(observe):
    """Thawed after a `fit()` with `run_eagerly=True`, BN's statistics still rest."""
    observe(fixtures.snapshots.base_after("statistics", "thaw", mode="run_eagerly"))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_UPDATED)
def test_statistics_frozen_then_smaller_batch(observe):
    """Frozen after a `fit()`, BN's statistics still move in one with a smaller batch."""
    observe(fixtures.snapshots.base_after("statistics", "freeze", rows=32))


@checks("snapshot/covers-batchnorm-statistics", expects=Word.STATISTICS_KEPT)
def test_statistics_thawed_then_smaller_batch(observe):
    """Thawed after a `fit()`, BN's statistics still rest in one with a smaller batch."""
    observe(fixtures.snapshots.base_after("statistics", "thaw", rows=32))
