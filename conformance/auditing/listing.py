"""Which claims can be asked of which layer, before any of them is: what a test runner lists.

More is listed than has an answer, never less: what a layer cannot be judged by says so when it is asked.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence, Tuple

from conformance.auditing import blame, experiments, feeding, returning, walking
from conformance.auditing.experiments import is_batchnorm, masking_rate
from conformance.auditing.findings import WHOLE
from conformance.auditing.loading import SubjectError
from conformance.auditing.walking import Place
from conformance.auditing.watching import Log, Watch
from conformance.measuring.observation import NotApplicable

Asks = Callable[[Place, Log], bool]


def _listens(place: Place, log: Log) -> bool:
    return log.listens


def _masks(place: Place, log: Log) -> bool:
    return masking_rate(place.layer) is not None


def _is_frozen(place: Place) -> bool:
    return place.says_frozen or place.is_governed


def _normalizes_thawed(place: Place, log: Log) -> bool:
    return is_batchnorm(place.layer) and not _is_frozen(place)


def _is_inside(place: Place, log: Log) -> bool:
    return bool(place.path) and any(part.weights or part.state for part in walking.walk(place.layer))


def _is_whole(place: Place, log: Log) -> bool:
    return not place.path


#: What a layer must be for a claim to be asked of it. In the order in which they are listed.
ASKS: Dict[str, Asks] = {
    "training/set-by-entry-point": _listens,
    "training/reaches-nested-layers": _listens,
    "training/explicit-value-wins": lambda place, log: log.listens and bool(log.written - {None}),
    "dropout/on-when-training": _masks,
    "dropout/off-in-inference": _masks,
    "batchnorm/training-uses-batch-statistics": _normalizes_thawed,
    "batchnorm/inference-uses-moving-statistics": _normalizes_thawed,
    "batchnorm/frozen-runs-in-inference-mode": lambda place, log: (
        is_batchnorm(place.layer) and place.says_frozen
    ),
    "propagation/inner-batchnorm-follows": lambda place, log: (
        is_batchnorm(place.layer) and place.is_governed and not place.says_frozen
    ),
    "batchnorm/frozen-keeps-moving-statistics": lambda place, log: (
        is_batchnorm(place.layer) and _is_frozen(place)
    ),
    "batchnorm/frozen-keeps-weights": lambda place, log: (
        is_batchnorm(place.layer) and bool(place.weights) and place.says_frozen
    ),
    "frozen/weights-are-not-updated": lambda place, log: (
        not is_batchnorm(place.layer) and bool(place.weights) and place.says_frozen
    ),
    "frozen/state-updates-are-not-run": lambda place, log: (
        not is_batchnorm(place.layer) and bool(place.state) and _is_frozen(place)
    ),
    "propagation/frozen-container-governs": lambda place, log: (
        bool(place.weights) and place.is_governed and not place.says_frozen
    ),
    "propagation/empties-trainable-weights": lambda place, log: bool(place.weights),
    "propagation/false-reaches-inner-layers": _is_inside,
    "propagation/true-reaches-inner-layers": _is_inside,
    "snapshot/freezing-waits-for-compile": _is_whole,
    "snapshot/thawing-waits-for-compile": _is_whole,
    "snapshot/recompiling-applies": _is_whole,
    "saving/flags-come-back": lambda place, log: True,
    "saving/weights-land-where-they-were": lambda place, log: bool(place.weights or place.state),
    "saving/predicts-in-inference-mode": _is_whole,
}

_USED = tuple(question.name for question in experiments.QUESTIONS)
_TRAINS = tuple(question.name for question in experiments.QUESTIONS if question.trains)
#: The questions that have something to say of a claim, by its id or its family; all ways of use otherwise.
_QUESTIONS: Dict[str, Sequence[str]] = {
    "propagation/empties-trainable-weights": ("flags", *_TRAINS),
    "propagation/frozen-container-governs": _TRAINS,
    "propagation/false-reaches-inner-layers": ("flags",),
    "propagation/true-reaches-inner-layers": ("flags",),
    "snapshot": ("after compile()",),
    "saving": tuple(returning.ROUTES),
    "frozen": _TRAINS,
}


def questions(claim: str) -> Sequence[str]:
    """Return the names of the questions in which a claim is judged."""
    return _QUESTIONS.get(claim) or _QUESTIONS.get(claim.split("/")[0]) or _USED


def listed(build: Callable[[], Any], claims: Sequence[str]) -> List[Tuple[str, str]]:
    """Return claims, of some, each with the path of a layer that it can be asked of.

    A model is built for it, and called where it would not be built otherwise. Raises SubjectError.
    """
    try:
        places = _places(build)
    except SubjectError:
        raise
    except (Exception, NotApplicable) as error:
        raise SubjectError(f"the model cannot be called: {blame.said(error)}") from None
    return [
        (claim, place.path or WHOLE)
        for claim, asks in ASKS.items()
        for place, log in places
        if claim in claims and asks(place, log)
    ]


def _places(build: Callable[[], Any]) -> List[Tuple[Place, Log]]:
    with Watch(lambda layer: False) as watch:
        made = experiments.new(build)
        model = experiments.with_variables(made.model, feeding.inputs(made))
        places = [(place, watch.attach(place.layer)) for place in walking.walk(model)]
    written = {place: log.written for place, log in places}
    for place, _ in places:  # the outer ones first: what is written for a layer is for what it holds too
        for holder in place.holders:
            written[place] |= written[holder]
    return places
