"""Every layer inside a model, wherever it is held, with a path that a reader finds in the code.

Objects are walked: attributes, lists, dicts, tuples, wrappers, cells, and what a function closes over. What
Keras itself lists comes last, for what is held nowhere else, such as the layers of a Functional model.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import types
from collections.abc import Mapping, Sequence, Set
from typing import Any, Deque, Dict, FrozenSet, Iterator, List, Tuple

import tensorflow as tf

from conformance.auditing.blame import LIBRARIES
from conformance.measuring import installed

keras = tf.keras
Parts = Iterator[Tuple[str, Any]]

#: Layers to Keras, in some releases, that compute nothing of a model.
_NO_PART = tuple(filter(None, (getattr(keras.layers, "InputLayer", None), keras.metrics.Metric)))


@dataclasses.dataclass(eq=False)
class Place:
    """A layer where it was found, and what holds it directly."""

    path: str
    layer: Any
    holders: List[Place]

    @property
    def weights(self) -> List[Any]:
        """What this layer itself would train, without what the layers inside have."""
        return _own(self.layer, "_trainable_variables", "_trainable_weights")

    @property
    def state(self) -> List[Any]:
        """What else this layer itself keeps, such as moving statistics."""
        return _own(self.layer, "_non_trainable_variables", "_non_trainable_weights")

    @property
    def says_frozen(self) -> bool:
        """Whether its own flag is False."""
        return not self.layer.trainable

    @property
    def is_governed(self) -> bool:
        """Whether all that holds it is frozen, or is held so."""
        return bool(self.holders) and all(h.says_frozen or h.is_governed for h in self.holders)


def _own(layer: Any, *names: str) -> List[Any]:
    """Return the variables in the first list that a layer has of some: those that it made itself."""
    for name in names:
        found = vars(layer).get(name)
        if found is not None:
            return list(found)
    return []


def is_layer(value: Any) -> bool:
    """Return whether a value is a layer or model that takes part in what a model computes."""
    return isinstance(value, keras.layers.Layer) and not isinstance(value, _NO_PART)


def is_theirs(value: Any) -> bool:
    """Return whether a value's class was not written by TensorFlow or Keras."""
    return type(value).__module__.split(".")[0] not in LIBRARIES


def calls_theirs(layer: Any) -> bool:
    """Return whether a layer's `call` was not written by TensorFlow or Keras.

    A class that only gives its inputs and outputs to a Functional model leaves `call` to Keras.
    """
    module = str(getattr(type(layer).call, "__module__", None) or type(layer).__module__)
    return module.split(".")[0] not in LIBRARIES


def walk(root: Any) -> List[Place]:
    """Return the layer or model itself and all that it holds, the outer ones first."""
    first = Place("", root, [])
    known: Dict[int, Place] = {id(root): first}
    waiting: Deque[Place] = collections.deque([first])
    while waiting:
        holder = waiting.popleft()
        for name, layer in held(holder.layer):
            place = known.get(id(layer))
            if place is None:
                place = known[id(layer)] = Place((holder.path + name).lstrip("."), layer, [holder])
                waiting.append(place)
            elif not _is_around(place, holder):
                place.holders.append(holder)
    return list(known.values())


def _is_around(place: Place, inner: Place) -> bool:
    """Return whether a place is another one, or holds it: a child may know its parent."""
    return place is inner or any(_is_around(place, holder) for holder in inner.holders)


def held(layer: Any) -> Parts:
    """Return the layers directly inside a layer, each once, with what leads to it from there."""
    seen = {id(layer)}
    for parts in (_attributes(layer), _listed(layer)):
        waiting: Deque[Tuple[str, Any]] = collections.deque(parts)
        while waiting:
            path, value = waiting.popleft()
            if id(value) in seen:
                continue
            seen.add(id(value))
            if is_layer(value):
                yield path, value
            else:
                waiting.extend((path + name, part) for name, part in _of_object(value))


def _attributes(layer: Any) -> Parts:
    return (("." + name, value) for name, value in list(vars(layer).items()) if name not in keras_own())


def _listed(layer: Any) -> Parts:
    """Return what Keras lists as held by a layer, by the names that its layers have."""
    return ((f".{getattr(inner, 'name', 'layer')}", inner) for inner in installed.inner_layers(layer))


def _of_object(value: Any) -> Parts:
    """Return what a value that is no layer holds: nothing for a number, an array, a library's object."""
    if isinstance(value, (str, bytes)):
        return
    if isinstance(value, Mapping):
        yield from ((f"[{key!r}]", part) for key, part in list(value.items()))
    elif isinstance(value, Sequence) and not isinstance(value, range):
        yield from ((f"[{index}]", part) for index, part in enumerate(value))
    elif isinstance(value, Set):  # which has another order in each process: by name it has one
        parts = sorted(value, key=lambda part: str(getattr(part, "name", "")))
        yield from ((f"[{index}]", part) for index, part in enumerate(parts))
    elif isinstance(value, functools.partial):
        yield from _of_object([value.func, *value.args, *value.keywords.values()])
    elif isinstance(value, types.MethodType):
        yield "", value.__self__
    elif isinstance(value, types.FunctionType):
        yield from _of_function(value)
    elif is_theirs(value) and hasattr(value, "__dict__") and not isinstance(value, (type, types.ModuleType)):
        yield from (("." + name, part) for name, part in list(vars(value).items()))


def _of_function(value: types.FunctionType) -> Parts:
    """Return what a function of the user's closes over."""
    if value.__module__ is None or value.__module__.split(".")[0] in LIBRARIES:
        return
    for name, cell in zip(value.__code__.co_freevars, value.__closure__ or ()):
        try:
            yield "." + name, cell.cell_contents
        except ValueError:  # not yet filled
            continue


@functools.lru_cache(maxsize=None)
def keras_own() -> FrozenSet[str]:
    """Return the attributes that Keras itself gives to any layer or model: its books, not what users hold."""
    sequential = keras.Sequential([keras.layers.InputLayer(input_shape=(1,)), keras.layers.Flatten()])
    inputs = keras.layers.Input(shape=(1,))
    graph = keras.Model(inputs, keras.layers.Flatten()(inputs))
    for model in (sequential, graph):
        model.compile(optimizer="sgd", loss="mse")
    # A model of a user's, without anything in it.
    bare = type("Bare", (keras.Model,), {"call": lambda self, inputs: inputs})()
    probes = (keras.layers.Layer(), keras.Sequential(), sequential, graph, bare)
    return frozenset(name for probe in probes for name in vars(probe))
