"""Propagation: what is set on a container reaches the layers inside it, and governs them."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

#: Ways to hold layers that a reader has in mind first.
USUAL = ("Sequential", "Functional", "Subclassed", "layer")
CONTAINERS = (
    *USUAL,
    "model-list",
    "list",
    "nested-list",
    "dict",
    "tuple",
    "TimeDistributed",
    "Bidirectional",
    "RNN",
    "StackedRNNCells",
    "Wrapper",
    "models-2-deep",
    "models-4-deep",
    "layers-3-deep",
    "lists-2-deep",
    "mixed-4-deep",
)
#: Containers that have layers before they have weights.
BUILT_LATER = ("Sequential", "Subclassed", "layer", "list", "tuple", "Bidirectional", "RNN", "mixed-4-deep")
#: One container for each of the ways in which Keras has found what is inside.
FINDERS = ("Functional", "Subclassed", "list", "Bidirectional", "RNN", "mixed-4-deep")
#: Containers whose constructor takes `trainable`, in one TensorFlow or another.
CONSTRUCTED = ("Sequential", "Functional", "layer", "list", "TimeDistributed", "Bidirectional", "RNN")
#: Containers of which a batch normalization can be the only layer, and that hand `training` on.
OF_BATCHNORM = (
    *USUAL,
    "model-list",
    "list",
    "nested-list",
    "dict",
    "tuple",
    "TimeDistributed",
    "Wrapper",
    "models-2-deep",
    "models-4-deep",
    "layers-3-deep",
    "mixed-4-deep",
)
GROWING = ("Sequential", "Subclassed", "layer", "list")


# propagation/false-reaches-inner-layers


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES, core=USUAL)
@pytest.mark.parametrize("container", [*CONTAINERS, "overriding-setter"])
def test_frozen(observe, container):
    """A built container set to False sets everything inside it to False."""
    observe(fixtures.propagating.after(container, "frozen").reached(False))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES, core=["Sequential"])
@pytest.mark.parametrize("container", BUILT_LATER)
def test_frozen_before_build(observe, container):
    """A container set to False before it is built sets everything inside it to False."""
    observe(fixtures.propagating.after_before_build(container, False).reached(False))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("container", FINDERS)
def test_frozen_again(observe, container):
    """A container that is False already, set to False, still sets what was thawed by hand inside it."""
    observe(fixtures.propagating.after(container, "frozen-again").reached(False))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("container", CONSTRUCTED)
def test_frozen_by_constructor(observe, container):
    """A container made with `trainable=False` has nothing but False inside."""
    observe(fixtures.propagating.after_constructor(container).reached(False))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("model", ["Sequential", "Functional"])
def test_shared_layer_frozen_by_one_model(observe, model):
    """A layer that two models share is False when one of them is frozen."""
    observe(fixtures.propagating.shared_flag(model, "one"))


# propagation/true-reaches-inner-layers


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES, core=["Sequential", "Functional"])
@pytest.mark.parametrize("container", [*FINDERS, "Sequential", "layer", "overriding-setter"])
def test_thawed(observe, container):
    """A container that was frozen and is set to True sets everything inside it to True."""
    observe(fixtures.propagating.after(container, "thawed").reached(True))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES, core=USUAL)
@pytest.mark.parametrize("container", CONTAINERS)
def test_thawed_after_layers_were_frozen_by_hand(observe, container):
    """Set to True, which it is already, a container thaws what was frozen layer by layer inside it."""
    observe(fixtures.propagating.after(container, "frozen-inside-then-thawed").reached(True))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("container", ["Functional", "Subclassed", "list", "Bidirectional"])
def test_thawed_after_one_layer_was_frozen_by_hand(observe, container):
    """Set to True, which it is already, a container thaws the one layer that was frozen by hand."""
    observe(fixtures.propagating.after(container, "one-frozen-inside-then-thawed").reached(True))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("container", ["Sequential", "list"])
def test_thawed_before_build(observe, container):
    """Frozen and thawed before it is built, a container has nothing but True inside."""
    observe(fixtures.propagating.after_before_build(container, False, True).reached(True))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("model", ["Sequential", "Functional"])
def test_shared_layer_thawed_by_the_other_model(observe, model):
    """A layer that one model froze is True when another model that shares it is thawed."""
    observe(fixtures.propagating.shared_flag(model, "other"))


# propagation/empties-trainable-weights


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED, core=USUAL)
@pytest.mark.parametrize("container", CONTAINERS)
def test_frozen_lists_nothing(observe, container):
    """A frozen container lists no trainable weights."""
    observe(fixtures.propagating.after(container, "frozen").listing())


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("container", ["Sequential", "Subclassed", "list", "Bidirectional"])
def test_frozen_before_build_lists_nothing(observe, container):
    """A container that was frozen before it was built lists no trainable weights."""
    observe(fixtures.propagating.after_before_build(container, False).listing())


@checks("propagation/empties-trainable-weights", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("container", CONSTRUCTED)
def test_frozen_by_constructor_lists_nothing(observe, container):
    """A container made with `trainable=False` lists no trainable weights."""
    observe(fixtures.propagating.after_constructor(container).listing())


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED, core=USUAL)
@pytest.mark.parametrize("container", CONTAINERS)
def test_thawed_lists_everything(observe, container):
    """Frozen and thawed, a container lists all of its weights, in the order of one never touched."""
    observe(fixtures.propagating.after(container, "thawed").listing())


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("container", ["Sequential", "list"])
def test_thawed_before_build_lists_everything(observe, container):
    """Frozen and thawed before it is built, a container lists all of its weights."""
    observe(fixtures.propagating.after_before_build(container, False, True).listing())


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("container", FINDERS)
def test_layer_toggled_inside_keeps_its_place(observe, container):
    """The first layer inside, frozen and thawed by hand, is listed where it was before."""
    observe(fixtures.propagating.after(container, "one-toggled-inside").listing())


# propagation/frozen-container-governs


@checks("propagation/frozen-container-governs", expects=Word.NONE_LISTED, core=USUAL)
@pytest.mark.parametrize(
    "container", [*USUAL, "list", "dict", "Bidirectional", "RNN", "Wrapper", "mixed-4-deep"]
)
def test_layers_thawed_inside_are_not_listed(observe, container):
    """A frozen container lists no trainable weights, also when the layers inside were thawed by hand."""
    observe(fixtures.propagating.after(container, "frozen-then-thawed-inside").listing())


@checks("propagation/frozen-container-governs", expects=Word.NONE_LISTED, core=["Functional"])
@pytest.mark.parametrize(
    "container", [*USUAL, "list", "dict", "Bidirectional", "RNN", "Wrapper", "mixed-4-deep"]
)
def test_layers_thawed_inside_are_not_listed_outside(observe, container):
    """A model lists nothing of a frozen container inside it, whatever was thawed by hand there."""
    observe(fixtures.propagating.after(container, "frozen-then-thawed-inside").listing_outside())


@checks("propagation/frozen-container-governs", expects=Word.WEIGHTS_KEPT, core=["fit-Functional"])
@pytest.mark.parametrize("container", ["Functional", "list", "Bidirectional"])
@pytest.mark.parametrize("step", ["fit", "train_on_batch", "tape"])
def test_layers_thawed_inside_in_step(observe, step, container):
    """What was thawed by hand inside a frozen container is not trained."""
    observe(fixtures.propagating.inside_after(step, container, "frozen-then-thawed-inside"))


@checks("propagation/frozen-container-governs", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("container", GROWING)
def test_layer_added_later_is_not_listed_outside(observe, container):
    """A layer that was added to a frozen container is not listed by the model around it."""
    observe(fixtures.propagating.added_listed(container))


@checks("propagation/frozen-container-governs", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("container", ["Sequential", "list"])
def test_layer_added_later_in_fit(observe, container):
    """A layer that was added to a frozen container is not trained."""
    observe(fixtures.propagating.added_after("fit", container))


# propagation/inner-batchnorm-follows


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING, core=USUAL)
@pytest.mark.parametrize("container", OF_BATCHNORM)
def test_batchnorm_in_frozen(observe, container):
    """In a frozen container called with `training=True`, it normalizes with the moving statistics."""
    observe(fixtures.propagating.batchnorm_after_sequence(container, "frozen"))


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING)
@pytest.mark.parametrize("container", ["Sequential", "Subclassed", "layer", "list", "tuple"])
def test_batchnorm_in_frozen_before_build(observe, container):
    """The same in a container that was frozen before it was built."""
    observe(fixtures.propagating.batchnorm_before_build(container))


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING)
@pytest.mark.parametrize("container", ["Sequential", "Functional", "layer", "list", "TimeDistributed"])
def test_batchnorm_in_frozen_by_constructor(observe, container):
    """The same in a container that was made with `trainable=False`."""
    observe(fixtures.propagating.batchnorm_by_constructor(container))


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING)
@pytest.mark.parametrize("container", ["Sequential", "Functional", "Subclassed", "list"])
def test_batchnorm_in_frozen_again(observe, container):
    """The same where it was thawed by hand, and the container was set to False once more."""
    observe(fixtures.propagating.batchnorm_after_sequence(container, "frozen-again"))


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING)
@pytest.mark.parametrize("container", ["Sequential", "Functional", "Subclassed", "list"])
def test_batchnorm_thawed_inside(observe, container):
    """The same where it was thawed by hand after its container had been frozen."""
    observe(fixtures.propagating.batchnorm_after_sequence(container, "frozen-then-thawed-inside"))


@checks("propagation/inner-batchnorm-follows", expects=Word.MOVING)
@pytest.mark.parametrize("container", GROWING)
def test_batchnorm_added_later(observe, container):
    """The same where it was added to a container that was frozen."""
    observe(fixtures.propagating.batchnorm_added_called(container))


@checks("propagation/inner-batchnorm-follows", expects=Word.BATCH)
@pytest.mark.parametrize("container", ["Sequential", "Functional", "Subclassed", "list"])
def test_batchnorm_in_thawed(observe, container):
    """In a container frozen and thawed again, it normalizes with the batch's statistics."""
    observe(fixtures.propagating.batchnorm_after_sequence(container, "thawed"))


@checks("propagation/inner-batchnorm-follows", expects=Word.STATISTICS_KEPT, core=["fit-Functional"])
@pytest.mark.parametrize(
    "container", ["Sequential", "Functional", "Subclassed", "layer", "list", "models-2-deep"]
)
@pytest.mark.parametrize("step", ["fit", "train_on_batch"])
def test_batchnorm_in_step(observe, step, container):
    """In `fit()` and `train_on_batch()` of a model around it, its moving statistics do not move."""
    observe(fixtures.propagating.batchnorm_after(step, container))
