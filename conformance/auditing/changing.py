"""What setting a flag reaches, and what a change after compile() does before and after the next one."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Tuple

import numpy as np

from conformance.auditing import experiments, feeding, walking
from conformance.auditing.findings import Finding, judged, not_applicable
from conformance.auditing.walking import Place
from conformance.measuring import installed, instruments
from conformance.measuring.observation import Observation
from conformance.words import Word

Build = Callable[[], Any]
_WHOLE = "the model"


def _ready(build: Build) -> Tuple[Any, Any, Any]:
    """Return a new model with its variables, what it takes, and what it should give."""
    made = experiments.new(build)
    x = feeding.inputs(made)
    model = experiments.with_variables(made.model, x)
    return model, x, feeding.targets(made, experiments.called_arrays(model, x))


# Freezing and thawing.


def reached(build: Build) -> Iterator[Finding]:
    """Return what freezing and thawing reaches: of the whole, and of each child that holds layers."""
    model = experiments.with_variables(*_model_and_inputs(build))
    holders = [place for place in walking.walk(model) if any(True for _ in walking.held(place.layer))]
    children = [place.path for place in holders if place.path and not place.holders[0].path]
    for path in ["", *children]:
        if path:
            model = experiments.with_variables(*_model_and_inputs(build))
        yield from _set(model, path, False)
        yield from _set(model, path, True)


def _model_and_inputs(build: Build) -> Tuple[Any, Any]:
    made = experiments.new(build)
    return made.model, feeding.inputs(made)


def _set(model: Any, path: str, value: bool) -> Iterator[Finding]:
    """Set the flag of one layer, and return what each layer inside it says then, and what is listed."""
    name = path or _WHOLE
    question = f"{name}.trainable = {value}"
    claim = f"propagation/{'true' if value else 'false'}-reaches-inner-layers"
    outer = next(place.layer for place in walking.walk(model) if place.path == path)
    outer.trainable = value
    listed = set(installed.identities(outer.trainable_weights))
    for place in walking.walk(outer):
        inner = ".".join(filter(None, (path, place.path))) or _WHOLE
        if place.path:
            seen = instruments.flags_reach([bool(place.layer.trainable)], value)
            yield judged(question, "flag", inner, claim, seen, [Word.REACHES])
        if place.weights:
            yield _listed(question, inner, place, listed, value)


def _listed(question: str, name: str, place: Place, listed: Any, value: bool) -> Finding:
    own = installed.identities(place.weights)
    seen = instruments.weights_listed([one for one in own if one in listed], own)
    expected = Word.ALL_LISTED if value else Word.NONE_LISTED
    return judged(
        question, "trainable_weights", name, "propagation/empties-trainable-weights", seen, [expected]
    )


# A change after compile().


def after_compile(build: Build) -> Iterator[Finding]:
    """Return what freezing or thawing the whole after compile() does, before and after the next one."""
    yield from _changed(build, "frozen", False)
    yield from _changed(build, "thawed", True)


def _changed(build: Build, done: str, value: bool) -> Iterator[Finding]:
    """Set the whole model's flag after compile(), take a step; compile it anew, take another."""
    model, x, y = _ready(build)
    model.trainable = not value
    weights = [weight for place in walking.walk(model) for weight in place.weights]
    question = f"{done} after compile()"
    if not weights:
        yield not_applicable(question, "weights", _WHOLE, "it has no weights")
        return
    experiments.compiled(model, anew=True)
    model.trainable = value
    first = _step(model, x, y, weights)
    waits = [Word.WEIGHTS_KEPT] if value else [Word.WEIGHTS_UPDATED, Word.WEIGHTS_PARTLY]
    claim = f"snapshot/{'thawing' if value else 'freezing'}-waits-for-compile"
    case = f"{claim}[{done}-after-compile]"
    yield judged(question, "weights", _WHOLE, claim, first, waits, case=case)
    experiments.compiled(model, anew=True)
    second = _step(model, x, y, weights)
    applies = [Word.WEIGHTS_UPDATED, Word.WEIGHTS_PARTLY] if value else [Word.WEIGHTS_KEPT]
    claim = "snapshot/recompiling-applies"
    yield judged(question, "weights, compiled again", _WHOLE, claim, second, applies)


def _step(model: Any, x: Any, y: Any, weights: List[Any]) -> Observation:
    before: List[np.ndarray] = installed.read_all(weights)
    model.train_on_batch(x, y)
    return instruments.weights_moved(before, installed.read_all(weights))
