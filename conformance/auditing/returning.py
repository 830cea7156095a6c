"""What comes back of a model through each file format, or made again from its configuration.

By the routes of the suite's own cases. The user's classes are made known to Keras, as they would be in code
that loads such a file.
"""

from __future__ import annotations

import inspect
import tempfile
from typing import Any, Callable, Dict, Iterator, List, Set

import numpy as np
import tensorflow as tf

from conformance.auditing import blame, experiments, walking
from conformance.auditing.experiments import Batch
from conformance.auditing.findings import WHOLE, Finding, judged, not_applicable
from conformance.auditing.walking import Place
from conformance.fixtures.situations import saving
from conformance.measuring import installed, instruments
from conformance.measuring.observation import NeverReturns, NotApplicable, Observation
from conformance.words import Word

keras = tf.keras
#: The routes, by the names of the questions.
ROUTES = {
    "saved as .keras": "keras",
    "saved as .h5": "h5",
    "saved as SavedModel": "SavedModel",
    "clone_model()": "clone_model",
    "from_config()": "from_config",
}
_FILES = ("keras", "h5", "SavedModel")


def returned(build: Callable[[], Any], batch: Batch, name: str) -> Iterator[Finding]:
    """Return what came back through one route: flags, and, if it is a file, weights and outputs.

    Raises NotApplicable where a model has no such route, because Keras or a class of the user's has none.
    """
    model = _used(build, batch)
    places = walking.walk(model)
    classes = {type(place.layer) for place in places if walking.is_theirs(place.layer)}
    again = _again(model, classes, ROUTES[name])
    is_file = ROUTES[name] in _FILES
    back = {place.path: place for place in walking.walk(again)}
    lost, silent = [place.path for place in places if place.path not in back], _silent(classes)
    if lost and silent:
        raise NotApplicable(f"{silent[0]} has no get_config(): it came back without {lost[0]}")
    for place in places:
        yield from _place(name, place, back, is_file)
    if is_file:
        yield _outputs(name, model, again, batch.x)


def _used(build: Callable[[], Any], batch: Batch) -> Any:
    """Return a model that was called in training mode once: its statistics are no new layer's any more."""
    model = experiments.with_variables(experiments.new(build).model, batch.x)
    listens = "training" in inspect.signature(model.call).parameters
    experiments.called(model, batch.x, **({"training": True} if listens else {}))
    return model


def _again(model: Any, classes: Set[Any], route: str) -> Any:
    known: Dict[str, Any] = {each.__name__: each for each in classes}
    try:
        with tempfile.TemporaryDirectory() as folder, keras.utils.custom_object_scope(known):
            return saving.ROUTES[route](model, folder)
    except NeverReturns:
        raise
    except NotImplementedError as error:
        raise NotApplicable(f"it has no such route: {blame.said(error)}") from None
    except Exception as error:
        silent = _silent(classes)
        if not silent:
            raise
        raise NotApplicable(f"{silent[0]} has no get_config() ({blame.said(error)})") from None


def _silent(classes: Set[Any]) -> List[str]:
    """Return the classes, with whose they are, that do not say by themselves how they are made again."""
    return sorted(
        f"{blame.owner(each)} {each.__name__}"
        for each in classes
        if each.get_config.__module__.split(".")[0] in blame.LIBRARIES
    )


def _place(name: str, place: Place, there: Dict[str, Place], is_file: bool) -> Iterator[Finding]:
    """Return whether a layer's flag, and what it holds, came back."""
    path, back = place.path or WHOLE, there.get(place.path)
    held = place.weights + place.state
    if back is None or len(back.weights + back.state) != len(held):
        yield not_applicable(name, "flag", path, "what came back holds it elsewhere, or otherwise")
        return
    yield _flag(name, place, there)
    if held and is_file:
        written, read = installed.read_all(held), installed.read_all(back.weights + back.state)
        never = [np.full(array.shape, np.nan) for array in written]
        seen = instruments.weights_landed(written, never, read)
        yield judged(name, "weights", path, "saving/weights-land-where-they-were", seen, [Word.IN_PLACE])


def _flag(name: str, place: Place, there: Dict[str, Place]) -> Finding:
    """Return whether a layer's flag came back. Lost with that of what holds it, it is no other fault."""
    path = place.path or WHOLE
    if any(_is_lost(each, there) for each in place.holders) and _is_lost(place, there):
        return not_applicable(name, "flag", path, "the flag of what holds it came back as another")
    flags = ([bool(each.layer.trainable)] for each in (place, there[place.path]))
    case = _case(place, ROUTES[name])
    seen = instruments.same_flags(*flags)
    return judged(name, "flag", path, "saving/flags-come-back", seen, [Word.SAME], case=case)


def _is_lost(place: Place, there: Dict[str, Place]) -> bool:
    """Return whether what was frozen came back thawed."""
    return place.path in there and place.says_frozen and not there[place.path].says_frozen


def _case(place: Place, route: str) -> str:
    """Return the suite's case of a flag that says frozen: of a model, of one inside it, or of a layer."""
    if place.layer.trainable:
        return ""
    if not place.path:
        return f"saving/flags-come-back[own-flag-{route}]"
    if walking.is_theirs(place.layer) or len(walking.walk(place.layer)) > 1:
        is_box = isinstance(place.layer, keras.Model) and not walking.is_theirs(place.layer)
        return f"saving/flags-come-back[flag-{route}-box]" if is_box else ""
    return f"saving/flags-come-back[flag-{route}-Dense]"


def _outputs(name: str, model: Any, again: Any, x: Any) -> Finding:
    """Return whether what came back predicts as the model did."""
    first, second, loaded = (_flat(each, x) for each in (model, model, again))
    if _same(first, second).word is not Word.SAME:
        return not_applicable(name, "outputs", WHOLE, "it gives other outputs each time")
    claim = "saving/predicts-in-inference-mode"
    return judged(name, "outputs", WHOLE, claim, _same(first, loaded), [Word.SAME])


def _flat(model: Any, x: Any) -> np.ndarray:
    parts = tf.nest.flatten(experiments.called(model, x))
    return np.concatenate([np.asarray(part, "float64").ravel() for part in parts])


def _same(first: np.ndarray, second: np.ndarray) -> Observation:
    if first.shape != second.shape:
        return Observation(Word.CHANGED)
    return instruments.same_values(first, second)
