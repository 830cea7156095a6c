"""What setting a flag reaches, and what a change after compile() does before and after the next one."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Set, Tuple

import numpy as np
import tensorflow as tf

from conformance.auditing import experiments, walking
from conformance.auditing.experiments import Batch
from conformance.auditing.findings import WHOLE, Finding, judged, not_applicable
from conformance.auditing.walking import Place
from conformance.measuring import installed, instruments
from conformance.measuring.observation import Observation
from conformance.words import Word

keras = tf.keras
Build = Callable[[], Any]


def _new(build: Build, batch: Batch) -> Any:
    return experiments.with_variables(experiments.new(build).model, batch.x)


# Freezing and thawing.


def reached(build: Build, batch: Batch) -> Iterator[Finding]:
    """Return what freezing and thawing reaches: of the whole, and of each child that holds layers."""
    model = _new(build, batch)
    holders = [place for place in walking.walk(model) if any(True for _ in walking.held(place.layer))]
    children = [place.path for place in holders if place.path and not place.holders[0].path]
    for path, of in _untouched(["", *children], lambda: _new(build, batch), model):
        yield from _set(of, path, False)
        yield from _set(of, path, True)


def _untouched(paths: List[str], make: Callable[[], Any], model: Any) -> Iterator[Tuple[str, Any]]:
    """Return each path with a model in which nothing was set of what is there: a new one where it was.

    Children that have no layer and no variable in common need one model for all of them.
    """
    touched: Set[int] = set()
    for path in paths:
        inside = _identities(model, path)
        if touched & inside:
            model, touched = make(), set()
            inside = _identities(model, path)
        touched |= inside
        yield path, model


def _identities(model: Any, path: str) -> Set[int]:
    """Return what tells the layers and variables below a path from others."""
    outer = next(place.layer for place in walking.walk(model) if place.path == path)
    places = walking.walk(outer)
    held = [variable for place in places for variable in place.weights + place.state]
    return {*map(id, held), *(id(place.layer) for place in places)}


def _set(model: Any, path: str, value: bool) -> Iterator[Finding]:
    """Set the flag of one layer, and return what each layer inside it says then, and what is listed."""
    name = path or WHOLE
    question = f"{name}.trainable = {value}"
    claim = f"propagation/{'true' if value else 'false'}-reaches-inner-layers"
    outer = next(place.layer for place in walking.walk(model) if place.path == path)
    outer.trainable = value
    listed = set(installed.identities(outer.trainable_weights))
    for place in walking.walk(outer):
        inner = ".".join(filter(None, (path, place.path))) or WHOLE
        if place.path and not any(part.weights or part.state for part in walking.walk(place.layer)):
            yield not_applicable(question, "flag", inner, "it has no variables")
        elif place.path:
            seen = instruments.flags_reach([bool(place.layer.trainable)], value)
            case = _held_case(claim, outer, place, value)
            yield judged(question, "flag", inner, claim, seen, [Word.REACHES], case=case)
        if place.weights and value and (place.says_frozen or place.is_governed):
            yield not_applicable(
                question, "trainable_weights", inner, "it, or what holds it, still says frozen"
            )
        elif place.weights:
            yield _listed(question, inner, place, listed, value)


def _held_case(claim: str, outer: Any, place: Place, value: bool) -> str:
    """Return the suite's case of layers in a list or a dict on the way to a layer, nothing where none is.

    That a layer stays frozen is explained by a case in which it was frozen by hand. One that was thawed need
    not have been.
    """
    way, _, key = place.path.partition("[")
    if not key or (value and place.layer.trainable):
        return ""
    kind = "dict" if key[0] in "'\"" else "list"
    if kind == "list" and "." not in way and isinstance(outer, keras.Model):
        kind = "model-list"
    return f"{claim}[{'thawed-after-layers-were-frozen-by-hand' if value else 'frozen'}-{kind}]"


def _listed(question: str, name: str, place: Place, listed: Any, value: bool) -> Finding:
    own = installed.identities(place.weights)
    seen = instruments.weights_listed([one for one in own if one in listed], own)
    expected = Word.ALL_LISTED if value else Word.NONE_LISTED
    return judged(
        question, "trainable_weights", name, "propagation/empties-trainable-weights", seen, [expected]
    )


# A change after compile().


def after_compile(build: Build, batch: Batch) -> Iterator[Finding]:
    """Return what freezing or thawing the whole after compile() does, before and after the next one."""
    model = _new(build, batch)
    model.trainable = True
    experiments.compiled(model, anew=True)
    weights = [weight for place in walking.walk(model) for weight in place.weights]
    if not weights or _step(model, batch, weights).word is not Word.WEIGHTS_UPDATED:
        why = "a step of plain SGD moves none of its weights" if weights else "it has no weights"
        yield not_applicable("after compile()", "weights", WHOLE, why)
        return
    yield from _changed(build, batch, "frozen", False)
    yield from _changed(build, batch, "thawed", True)


def _changed(build: Build, batch: Batch, done: str, value: bool) -> Iterator[Finding]:
    """Set the whole model's flag after compile(), take a step; compile it anew, take another."""
    model = _new(build, batch)
    model.trainable = not value
    weights = [weight for place in walking.walk(model) for weight in place.weights]
    question = f"{done} after compile()"
    experiments.compiled(model, anew=True)
    model.trainable = value
    first = _step(model, batch, weights)
    moves, stays = [Word.WEIGHTS_UPDATED], [Word.WEIGHTS_KEPT]
    claim = f"snapshot/{'thawing' if value else 'freezing'}-waits-for-compile"
    is_own = experiments.kind(model) == "Subclassed"
    case = f"{claim}[{done}-{'before-the-first-step-in-subclassed' if is_own else 'after-compile'}]"
    yield judged(question, "weights", WHOLE, claim, first, stays if value else moves, case=case)
    experiments.compiled(model, anew=True)
    second = _step(model, batch, weights)
    claim = "snapshot/recompiling-applies"
    yield judged(question, "weights, compiled again", WHOLE, claim, second, moves if value else stays)


def _step(model: Any, batch: Batch, weights: List[Any]) -> Observation:
    before: List[np.ndarray] = installed.read_all(weights)
    model.train_on_batch(batch.x, batch.y)
    seen = instruments.weights_moved(before, installed.read_all(weights))
    # Of a whole model some weights may have no gradient: any that moved will do.
    return Observation(Word.WEIGHTS_UPDATED, seen.measured) if seen.word is Word.WEIGHTS_PARTLY else seen
