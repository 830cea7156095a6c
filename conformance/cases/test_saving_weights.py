"""Weights from one model to another: they land where they were, whatever is frozen on either side."""

import pytest

from conformance import fixtures
from conformance.measuring.case import ALL, checks
from conformance.words import Word

ROUTES = ("weights.h5", "h5", "TF", "Checkpoint", "model.h5", "model.keras", "set_weights")
#: What the model that writes has frozen, and what the one that reads.
CHANGES = ("first-nothing", "nothing-first", "first-last")
CONTAINERS = (
    "Functional",
    "Subclassed",
    "models-2-deep",
    "layer",
    "list",
    "TimeDistributed",
    "Bidirectional",
)
#: A file, and a layer in it that holds two others.
COMPOUND = ("keras-layer", "keras-Bidirectional", "h5-layer", "h5-Bidirectional")
GIVEN = ["saving/weights-land-where-they-were[nothing-frozen-{route}]"]


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, core=ALL)
@pytest.mark.parametrize("route", [*ROUTES, "model.h5-by-name"])
def test_nothing_frozen(observe, route):
    """With nothing frozen, the weights of a nested model land where they were."""
    observe(fixtures.weight_files.landed(route, "nothing", "nothing"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, core=ALL, given=GIVEN)
@pytest.mark.parametrize("route", ["weights.h5", "h5", "TF", "Checkpoint"])
def test_frozen_layer_of_flat_model(observe, route):
    """Written with a layer of a plain model frozen, and read with it thawed, they do."""
    observe(fixtures.weight_files.landed(route, "first", "nothing", container="flat"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, core=ALL, given=GIVEN)
@pytest.mark.parametrize("change", ["all-nothing", "nothing-all"])
@pytest.mark.parametrize("route", ["weights.h5", "h5", "TF", "Checkpoint"])
def test_frozen_base(observe, route, change):
    """Written with a base frozen and read with it thawed, or the reverse, they do."""
    observe(fixtures.weight_files.landed(route, *change.split("-")))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=GIVEN)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_layer_of_nested_model(observe, route, change):
    """Of a nested model of equal layers, written with one of them frozen and read with another, they do."""
    observe(fixtures.weight_files.landed(route, *change.split("-")))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=GIVEN)
@pytest.mark.parametrize("route", ["weights.h5", "h5", "set_weights"])
def test_same_layer_of_nested_model_frozen(observe, route):
    """With the same layer of a nested model frozen on both sides, they do."""
    observe(fixtures.weight_files.landed(route, "first", "first"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=GIVEN)
@pytest.mark.parametrize("change", ["all-nothing", "nothing-all"])
@pytest.mark.parametrize("route", ROUTES)
def test_frozen_base_of_batchnorms(observe, route, change):
    """Of a base of several BatchNormalization, frozen on one side only, they do."""
    observe(fixtures.weight_files.landed(route, *change.split("-"), parts="BatchNormalization"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=GIVEN)
@pytest.mark.parametrize("route", ["weights.h5", "h5", "TF", "model.h5", "set_weights"])
def test_frozen_base_with_batchnorm(observe, route):
    """Of a base with a BatchNormalization and other layers, written frozen and read thawed, they do."""
    parts = "BatchNormalization-and-Dense"
    observe(fixtures.weight_files.landed(route, "all", "nothing", parts=parts))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=GIVEN)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("route", ["weights.h5", "h5", "set_weights"])
def test_frozen_layer_in(observe, route, container):
    """Written with the first of the layers in a container frozen, and read with all thawed, they do."""
    observe(fixtures.weight_files.landed(route, "first", "nothing", container=container))


@checks(
    "saving/weights-land-where-they-were",
    expects=Word.IN_PLACE,
    given=["saving/weights-land-where-they-were[nothing-frozen-model.h5-by-name]"],
)
@pytest.mark.parametrize("change", ["first-nothing", "nothing-first"])
def test_read_by_name(observe, change):
    """Read by the names of layers, they do."""
    observe(fixtures.weight_files.landed("model.h5-by-name", *change.split("-")))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=GIVEN)
@pytest.mark.parametrize("change", ["all-nothing", "nothing-all"])
@pytest.mark.parametrize("route", ["weights.h5", "TF", "model.keras"])
def test_compiled_and_trained(observe, route, change):
    """Between models that were trained, each with its own layers frozen, they do."""
    observe(fixtures.weight_files.landed_compiled(route, *change.split("-")))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("frozen", ["first", "all"])
@pytest.mark.parametrize("parts", ["Dense", "BatchNormalization"])
@pytest.mark.parametrize("how", ["clone_model", "from_config"])
def test_carried_to_a_copy(observe, how, parts, frozen):
    """Carried by `set_weights(get_weights())` to a copy of a nested model with frozen layers, they do."""
    observe(fixtures.weight_files.landed_in_another(how, "Sequential", parts, frozen))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("what", COMPOUND)
def test_layer_loaded(observe, what):
    """Loaded from its own file, a model has the weights of a layer of several where they were."""
    observe(fixtures.weight_files.landed_in_own_file(*what.split("-"), frozen=False))


@checks(
    "saving/weights-land-where-they-were",
    expects=Word.IN_PLACE,
    given=["saving/weights-land-where-they-were[layer-loaded-{what}]"],
)
@pytest.mark.parametrize("what", COMPOUND)
def test_half_frozen_layer_loaded(observe, what):
    """Loaded from its own file, a model with a layer of which a half was frozen has them where they were."""
    observe(fixtures.weight_files.landed_in_own_file(*what.split("-"), frozen=True))
