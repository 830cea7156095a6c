"""compile(), called again: what it applies, for which model, and what it leaves alone."""

import pytest

from conformance import fixtures
from conformance.measuring.axes import TRAINING_STEPS
from conformance.measuring.case import checks
from conformance.words import Word

WATCHED = ("Dense", "BatchNormalization", "statistics", "mode")
DIRECTIONS = ("freeze", "thaw")


# snapshot/recompiling-applies


@checks(
    "snapshot/recompiling-applies",
    expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT, Word.MOVING),
    core=["Dense", "statistics"],
)
@pytest.mark.parametrize("watched", WATCHED)
def test_frozen_and_compiled_again(observe, watched):
    """Frozen after a `fit()` and compiled again, the layer rests in `fit()`, and BN is in inference mode."""
    observe(fixtures.snapshots.base_after(watched, "freeze", moment="fit", afterwards="compiled"))


@checks(
    "snapshot/recompiling-applies",
    expects=(Word.WEIGHTS_UPDATED, Word.STATISTICS_UPDATED, Word.BATCH),
    core=["Dense", "statistics"],
)
@pytest.mark.parametrize("watched", WATCHED)
def test_thawed_and_compiled_again(observe, watched):
    """Thawed after a `fit()` and compiled again, the layer learns in `fit()`, and BN is in training mode."""
    observe(fixtures.snapshots.base_after(watched, "thaw", moment="fit", afterwards="compiled"))


@checks("snapshot/recompiling-applies", expects=(Word.WEIGHTS_UPDATED, Word.STATISTICS_UPDATED))
@pytest.mark.parametrize("watched", ["Dense", "statistics"])
def test_nested_thawed_and_compiled_again(observe, watched):
    """Thawed and compiled again, a nested base learns in `train_on_batch()`."""
    how = {"moment": "train_on_batch", "then": "train_on_batch", "kind": "nested"}
    observe(fixtures.snapshots.base_after(watched, "thaw", afterwards="compiled", **how))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_KEPT)
def test_frozen_and_compiled_with_the_same_adam(observe):
    """Frozen and compiled again with the optimizer that it had, the layer rests: no momentum moves it."""
    how = {"afterwards": "compiled-with-same-optimizer", "optimizer": "Adam"}
    observe(fixtures.snapshots.base_after("Dense", "freeze", **how))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize(("optimizer", "mode"), [("SGD", "run_eagerly"), ("Adam", "traced")])
def test_thawed_and_compiled_with_the_same(observe, optimizer, mode):
    """Thawed and compiled again with the optimizer that it had, the layer learns."""
    how = {"afterwards": "compiled-with-same-optimizer", "optimizer": optimizer, "mode": mode}
    observe(fixtures.snapshots.base_after("Dense", "thaw", **how))


@checks("snapshot/recompiling-applies", expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT))
@pytest.mark.parametrize("watched", ["Dense", "statistics"])
def test_frozen_and_compiled_again_run_eagerly(observe, watched):
    """Frozen and compiled again with `run_eagerly=True`, the base rests."""
    how = {"afterwards": "compiled", "mode": "run_eagerly"}
    observe(fixtures.snapshots.base_after(watched, "freeze", **how))


@checks("snapshot/recompiling-applies", expects=(Word.WEIGHTS_UPDATED, Word.STATISTICS_UPDATED))
@pytest.mark.parametrize("watched", ["Dense", "statistics"])
def test_thawed_and_compiled_again_run_eagerly(observe, watched):
    """Thawed and compiled again with `run_eagerly=True`, the base learns."""
    how = {"afterwards": "compiled", "mode": "run_eagerly"}
    observe(fixtures.snapshots.base_after(watched, "thaw", **how))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_KEPT)
def test_frozen_and_compiled_again_in_a_callback(observe):
    """Frozen and compiled again while `fit()` runs, the layer rests in the next epoch."""
    how = {"moment": "epoch-end", "afterwards": "compiled"}
    observe(fixtures.snapshots.base_after("Dense", "freeze", **how))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_thawed_and_compiled_again_in_a_callback(observe):
    """Thawed and compiled again while `fit()` runs, the layer learns in the next epoch."""
    how = {"moment": "epoch-end", "afterwards": "compiled"}
    observe(fixtures.snapshots.base_after("Dense", "thaw", **how))


# snapshot/is-per-model


@checks(
    "snapshot/is-per-model",
    expects=(Word.WEIGHTS_UPDATED, Word.STATISTICS_UPDATED, Word.BATCH),
    core=["Dense-train_on_batch", "Dense-fit"],
)
@pytest.mark.parametrize("step", TRAINING_STEPS)
@pytest.mark.parametrize("watched", WATCHED)
def test_discriminator_by_itself_in(observe, watched, step):
    """Frozen for the GAN after its own `compile()`, the discriminator still trains by itself."""
    observe(fixtures.sharing.discriminator_after(watched, "discriminator", step))


@checks(
    "snapshot/is-per-model",
    expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT, Word.MOVING),
    core=["Dense-train_on_batch", "Dense-fit"],
)
@pytest.mark.parametrize("step", TRAINING_STEPS)
@pytest.mark.parametrize("watched", WATCHED)
def test_discriminator_in_gan_in(observe, watched, step):
    """Frozen before the GAN's `compile()`, the discriminator rests while the GAN trains."""
    observe(fixtures.sharing.discriminator_after(watched, "gan", step))


@checks("snapshot/is-per-model", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("step", TRAINING_STEPS)
def test_generator_in(observe, step):
    """What the GAN itself holds learns in its steps."""
    observe(fixtures.sharing.generator_after(step))


@checks("snapshot/is-per-model", expects=Word.WEIGHTS_UPDATED)
def test_discriminator_by_itself_run_eagerly(observe):
    """With `run_eagerly=True` the discriminator still trains by itself."""
    step, mode = "train_on_batch", "run_eagerly"
    observe(fixtures.sharing.discriminator_after("Dense", "discriminator", step, mode))


@checks("snapshot/is-per-model", expects=Word.WEIGHTS_KEPT)
def test_discriminator_in_gan_run_eagerly(observe):
    """With `run_eagerly=True` it rests while the GAN trains."""
    step, mode = "train_on_batch", "run_eagerly"
    observe(fixtures.sharing.discriminator_after("Dense", "gan", step, mode))


@checks("snapshot/is-per-model", expects=(Word.WEIGHTS_UPDATED, Word.STATISTICS_UPDATED))
@pytest.mark.parametrize("watched", ["Dense", "statistics"])
@pytest.mark.parametrize(("model", "direction"), [("older", "freeze"), ("newer", "thaw")])
def test_shared_base_trainable_for_the(observe, model, direction, watched):
    """A model compiled while the shared base was trainable trains it; the other was compiled frozen."""
    observe(fixtures.sharing.base_after(watched, model, direction))


@checks("snapshot/is-per-model", expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT))
@pytest.mark.parametrize("watched", ["Dense", "statistics"])
@pytest.mark.parametrize(("model", "direction"), [("older", "thaw"), ("newer", "freeze")])
def test_shared_base_frozen_for_the(observe, model, direction, watched):
    """A model compiled while the shared base was frozen leaves it alone; the other trains it."""
    observe(fixtures.sharing.base_after(watched, model, direction))


# snapshot/touches-nothing-else


@checks(
    "snapshot/touches-nothing-else",
    expects=(Word.WEIGHTS_UPDATED, Word.STATISTICS_UPDATED, Word.BATCH),
    core=["Dense-fit-freeze", "Dense-fit-thaw", "mode-fit-freeze"],
)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("moment", ["compile", "fit"])
@pytest.mark.parametrize("watched", ["Dense", "statistics", "mode"])
def test_neighbours_train(observe, watched, moment, direction):
    """The other Dense still learns, and the other BN stays in training mode."""
    observe(fixtures.snapshots.neighbours_after(watched, direction, moment=moment))


@checks("snapshot/touches-nothing-else", expects=Word.DROPS, core=["fit-freeze"])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("moment", ["compile", "fit"])
def test_neighbours_drop(observe, moment, direction):
    """The Dropout beside them still drops."""
    observe(fixtures.snapshots.neighbours_after("Dropout", direction, moment=moment))


@checks("snapshot/touches-nothing-else", expects=Word.SAME, core=["fit-freeze", "fit-thaw"])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("moment", ["compile", "fit"])
def test_neighbours_flags(observe, moment, direction):
    """The flags of all other layers are what they were."""
    observe(fixtures.snapshots.neighbours_after("flags", direction, moment=moment))


@checks(
    "snapshot/touches-nothing-else",
    expects=(Word.WEIGHTS_UPDATED, Word.BATCH, Word.DROPS, Word.SAME),
)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("watched", ["Dense", "mode", "Dropout", "flags"])
def test_neighbours_train_compiled_again(observe, watched, direction):
    """After the new `compile()`, too, the others train, drop, and have the flags they had."""
    how = {"moment": "fit", "afterwards": "compiled"}
    observe(fixtures.snapshots.neighbours_after(watched, direction, **how))


@checks(
    "snapshot/touches-nothing-else",
    expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT, Word.MOVING, Word.SAME),
)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("watched", ["Dense", "statistics", "mode", "flags"])
def test_frozen_neighbours_rest(observe, watched, direction):
    """Others that were frozen before `compile()` still rest, and say so."""
    observe(fixtures.snapshots.neighbours_after(watched, direction, moment="compile", company="frozen"))


@checks("snapshot/touches-nothing-else", expects=Word.SAME)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("step", ["fit", "evaluate"])
def test_step_leaves_flags(observe, step, direction):
    """A step leaves the layer's own flags as the toggle set them, while it goes by older ones."""
    observe(fixtures.snapshots.flags_after(step, direction))


@checks("snapshot/touches-nothing-else", expects=Word.SAME, core=["Sequential-freeze"])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("kind", ["Sequential", "nested"])
def test_compile_leaves_flags(observe, kind, direction):
    """`compile()` itself changes no flag."""
    observe(fixtures.snapshots.flags_across_compile(kind, direction))
