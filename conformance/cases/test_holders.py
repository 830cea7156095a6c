"""Who holds the weights: layers in layers, layers reached twice, tied weights, adapters, parts of a layer."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

HELD = (
    "made-in-constructor",
    "made-in-build",
    "activation",
    "MultiHeadAttention",
    "TimeDistributed",
    "tf-Variable",
)
#: Those whose layers inside are made when they are built.
BUILT_LATER = ("made-in-build", "MultiHeadAttention")


# Layers that hold others.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_held_in_frozen_in_fit(observe, frozen_by, held):
    """What a frozen layer holds, made in its constructor or in `build`, does not learn in `fit()`."""
    observe(fixtures.holding.weights_after("fit", held, frozen_by))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("held", ["made-in-constructor", "made-in-build", "MultiHeadAttention"])
@pytest.mark.parametrize("step", ["train_on_batch", "tape"])
def test_held_in_frozen_by_constructor_in_step(observe, step, held):
    """What a layer made with `trainable=False` holds learns in no other step either."""
    observe(fixtures.holding.weights_after(step, held, "constructor"))


@checks("propagation/frozen-container-governs", expects=Word.NONE_LISTED)
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build"])
def test_held_in_frozen_is_not_listed_outside(observe, frozen_by, held):
    """A model lists nothing of what a frozen layer in it holds."""
    observe(fixtures.holding.listed_outside(held, frozen_by))


@checks("propagation/false-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("held", BUILT_LATER)
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_made_in_build_frozen(observe, frozen_by, held):
    """What a frozen layer makes in `build` is False too."""
    observe(fixtures.holding.flags_inside(held, frozen_by))


@checks("propagation/true-reaches-inner-layers", expects=Word.REACHES)
@pytest.mark.parametrize("held", ["made-in-constructor", "activation", *BUILT_LATER])
@pytest.mark.parametrize("frozen_by", ["constructor-then-thawed", "before-build-then-thawed"])
def test_held_thawed(observe, frozen_by, held):
    """Frozen before it is built and thawed after that, a layer has nothing but True inside."""
    observe(fixtures.holding.flags_inside(held, frozen_by))


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("held", ["made-in-constructor", "activation", *BUILT_LATER])
@pytest.mark.parametrize("frozen_by", ["constructor-then-thawed", "before-build-then-thawed"])
def test_held_thawed_is_listed_outside(observe, frozen_by, held):
    """Frozen before it is built and thawed after that, all that a layer holds is listed by its model."""
    observe(fixtures.holding.listed_outside(held, frozen_by))


@checks("propagation/inner-batchnorm-follows", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("held", ["made-in-constructor", "made-in-build"])
@pytest.mark.parametrize("frozen_by", ["constructor", "attribute-before-build", "attribute-after-build"])
def test_batchnorm_held_in_frozen(observe, frozen_by, held):
    """The statistics of a BN in a frozen layer rest, whether the constructor made it or `build`."""
    observe(fixtures.holding.statistics_after("fit", held, frozen_by))


# Layers that one model reaches in two ways.


@checks("snapshot/touches-nothing-else", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("toggle", ["frozen", "thawed"])
@pytest.mark.parametrize("frozen_by", ["themselves", "first", "last", "both"])
def test_layers_in_two_models_rest(observe, frozen_by, toggle):
    """Frozen before `compile()`, a layer in two models of one rests when another layer is toggled."""
    observe(fixtures.doubling.after_toggle("weights", "two-models", frozen_by, toggle))


@checks("snapshot/touches-nothing-else", expects=Word.SAME)
@pytest.mark.parametrize("toggle", ["frozen", "thawed"])
@pytest.mark.parametrize("frozen_by", ["themselves", "first", "last", "both"])
def test_layers_in_two_models_flags(observe, frozen_by, toggle):
    """The flags of all layers but the one that was toggled are what they were before the step."""
    observe(fixtures.doubling.after_toggle("flags", "two-models", frozen_by, toggle))


@checks("snapshot/touches-nothing-else", expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT, Word.SAME))
@pytest.mark.parametrize(
    "held", ["two-Sequentials", "two-lists", "itself-then-model", "model-then-itself", "twice-in-one"]
)
@pytest.mark.parametrize("watched", ["weights", "statistics", "flags"])
def test_layers_reached_twice_rest(observe, watched, held):
    """However one model comes to reach a frozen layer twice, it rests when another is toggled."""
    observe(fixtures.doubling.after_toggle(watched, held, "themselves", "frozen"))


@checks("snapshot/touches-nothing-else", expects=Word.WEIGHTS_KEPT)
def test_layers_in_two_models_rest_after_fit(observe):
    """Toggled after a `fit()`, another layer changes nothing for those in two models either."""
    observe(fixtures.doubling.after_toggle("weights", "two-models", "themselves", "frozen", "fit"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize(
    ("held", "frozen_by"),
    [
        ("two-models", "themselves"),
        ("two-models", "first"),
        ("two-models", "last"),
        ("two-lists", "themselves"),
        ("itself-then-model", "themselves"),
        ("twice-in-one", "themselves"),
        ("twice-in-one", "first"),
    ],
)
def test_layers_reached_twice(observe, held, frozen_by):
    """A frozen layer that one model reaches in two ways does not learn."""
    observe(fixtures.doubling.after_toggle("weights", held, frozen_by))


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
@pytest.mark.parametrize("held", ["two-models", "two-lists", "itself-then-model", "twice-in-one"])
def test_layers_reached_twice_are_listed_as_before(observe, held):
    """Frozen and thawed, a model lists what it reaches twice as it did before."""
    observe(fixtures.doubling.listed_as_before(held))


@checks("propagation/frozen-container-governs", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("held", ["two-models", "two-lists"])
def test_layer_thawed_inside_of_two(observe, held):
    """Thawed by hand inside of two frozen holders, a layer does not learn."""
    observe(fixtures.doubling.thawed_by_hand_after(held))


# Tied weights.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("tied", ["layer", "variable", "nothing"])
@pytest.mark.parametrize("source", ["Embedding", "Dense"])
@pytest.mark.parametrize("frozen", ["before-build", "after-build"])
def test_frozen_and_tied_to(observe, frozen, source, tied):
    """A frozen layer whose kernel a head uses, too, does not learn, whatever the head holds of it."""
    observe(fixtures.tying.source_after("fit", source, tied, frozen))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("tied", ["layer", "variable"])
@pytest.mark.parametrize("step", ["train_on_batch", "tape"])
def test_frozen_and_tied_to_in_step(observe, step, tied):
    """The same in other steps."""
    observe(fixtures.tying.source_after(step, "Embedding", tied, "after-build"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("tied", ["variable", "nothing"])
@pytest.mark.parametrize("source", ["Embedding", "Dense"])
def test_frozen_and_tied_to_toggled(observe, source, tied):
    """The same where the head, which does not hold that layer, was frozen and thawed meanwhile."""
    observe(fixtures.tying.source_after("fit", source, tied, "head-toggled"))


@checks("propagation/frozen-container-governs", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("source", ["Embedding", "Dense"])
def test_tied_to_frozen_head(observe, source):
    """A frozen head holds the layer whose kernel it uses: that one does not learn."""
    observe(fixtures.tying.source_after("fit", source, "layer", "head"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("source", ["Embedding", "Dense"])
def test_tied_as_a_weight_of_frozen_head(observe, source):
    """A kernel that a frozen head has for a weight of its own does not learn."""
    observe(fixtures.tying.source_after("fit", source, "variable", "head"))


# A part of the weights.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("kind", ["Dense", "Embedding", "EinsumDense", "Conv2D"])
@pytest.mark.parametrize(
    "toggle", ["nothing", "layer", "base", "model", "base-set-to-what-it-is", "other-layer"]
)
def test_kernel_beside_adapter(observe, toggle, kind):
    """The kernel that `enable_lora()` froze does not learn, also when what holds it was toggled."""
    observe(fixtures.adapting.adapted_after("kernel", kind, toggle))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("kind", ["Dense", "Embedding", "EinsumDense", "Conv2D"])
def test_adapter_in_frozen(observe, kind):
    """In a frozen base the adapter itself does not learn."""
    observe(fixtures.adapting.adapted_after("all", kind, "base-frozen"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("said_by", ["add_weight", "its-own-flag", "list-of-its-layer"])
@pytest.mark.parametrize("step", ["fit", "tape"])
def test_one_weight(observe, step, said_by):
    """One weight of a layer that is not to be trained is not trained."""
    observe(fixtures.adapting.one_weight_after(step, said_by))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize(
    ("said_by", "toggled"),
    [("add_weight", "layer"), ("add_weight", "other-layer"), ("its-own-flag", "other-layer")],
)
def test_one_weight_toggled(observe, said_by, toggled):
    """The same once its layer, or another, was frozen and thawed."""
    observe(fixtures.adapting.one_weight_after("fit", said_by, toggled))


@checks("propagation/empties-trainable-weights", expects=Word.ALL_LISTED)
def test_one_weight_is_not_listed(observe):
    """Frozen and thawed, a layer lists its trainable weights, and no other."""
    observe(fixtures.adapting.listed_after_toggle("add_weight"))


# A base, taken over.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("part", ["first", "inside", "batchnorm"])
@pytest.mark.parametrize(
    "taken_over",
    [
        "layer-frozen",
        "layer-all-frozen-in-a-loop",
        "layer-all-but-the-last-frozen",
        "extended-frozen",
        "extended-all-frozen-in-a-loop",
    ],
)
def test_base(observe, taken_over, part):
    """A base taken over as a layer, or extended, does not learn: frozen as a whole or in a loop."""
    observe(fixtures.extending.part_after(part, taken_over))


@checks("frozen/state-updates-are-not-run", expects=Word.STATE_KEPT)
@pytest.mark.parametrize(
    "taken_over",
    [
        "layer-frozen",
        "layer-all-but-the-last-frozen",
        "layer-batchnorm-frozen-in-a-loop",
        "extended-frozen",
        "extended-all-frozen-in-a-loop",
    ],
)
def test_statistics_of_base(observe, taken_over):
    """The statistics of its batch normalization rest."""
    observe(fixtures.extending.state_after(taken_over))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize("taken_over", ["layer-all-frozen-in-a-loop", "extended-frozen"])
def test_last_layer_of_base_thawed(observe, taken_over):
    """Thawed after a first `fit()` and compiled again, the last layer of the base learns."""
    observe(fixtures.extending.part_after_second("last", taken_over, "last-thawed"))


@checks("snapshot/recompiling-applies", expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT))
@pytest.mark.parametrize("taken_over", ["layer-all-frozen-in-a-loop", "extended-frozen"])
@pytest.mark.parametrize("part", ["first", "statistics"])
def test_rest_of_base_thawed(observe, part, taken_over):
    """Where its last layer was thawed and the model compiled again, the rest of the base rests."""
    observe(fixtures.extending.part_after_second(part, taken_over, "last-thawed"))


@checks("snapshot/recompiling-applies", expects=(Word.WEIGHTS_KEPT, Word.STATISTICS_KEPT))
@pytest.mark.parametrize("then", ["head-replaced", "taken-over-by-another"])
@pytest.mark.parametrize("part", ["first", "inside", "statistics"])
def test_base_with_another_head(observe, part, then):
    """A frozen base under another head rests, in the same model or another that is compiled."""
    observe(fixtures.extending.part_after_second(part, "layer-frozen", then))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize(
    "kind",
    [
        "Dense",
        "Conv2D",
        "Embedding",
        "LSTM",
        "LayerNormalization",
        "BatchNormalization",
        "custom",
    ],
)
def test_all_weights_frozen_and_compiled_again(observe, kind):
    """Frozen after a `fit()` and compiled again, a layer moves none of its weights, biases included."""
    observe(fixtures.extending.all_weights_after("freeze", kind))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
@pytest.mark.parametrize(
    "kind",
    [
        "Dense",
        "Conv2D",
        "Embedding",
        "LSTM",
        "LayerNormalization",
        "BatchNormalization",
        "custom",
    ],
)
def test_all_weights_thawed_and_compiled_again(observe, kind):
    """Thawed after a `fit()` and compiled again, a layer moves all of its weights, biases included."""
    observe(fixtures.extending.all_weights_after("thaw", kind))
