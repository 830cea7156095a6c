"""Two columns compared: what a user would notice on the way from one to the other.

Pure functions of two results. `change` alone decides what is a change; everything else groups and orders.
"""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.exits import Exit
from conformance.legible import legible
from conformance.pins.pins import Pin
from conformance.results import blame
from conformance.results.results import Results, ResultsError
from conformance.results.verdicts import is_canary, why_invalid
from conformance.words import UNKNOWN, Outcome

Record = Mapping[str, Any]


#: The claims in the order of consequence: what goes wrong in silence in ordinary training code stands first.
CONSEQUENCE = (
    "training/set-by-entry-point",
    "dropout/fit-turns-it-on",
    "dropout/off-in-inference",
    "batchnorm/inference-uses-moving-statistics",
    "batchnorm/training-uses-batch-statistics",
    "batchnorm/frozen-runs-in-inference-mode",
    "frozen/weights-are-not-updated",
    "batchnorm/frozen-keeps-weights",
    "batchnorm/frozen-keeps-moving-statistics",
    "snapshot/freezing-waits-for-compile",
    "snapshot/thawing-waits-for-compile",
    "snapshot/recompiling-applies",
    "snapshot/covers-batchnorm-statistics",
    "snapshot/is-per-model",
    "training/explicit-value-wins",
    "dropout/can-be-forced-on",
    "training/explicit-value-stays-local",
    "training/reaches-nested-layers",
    "propagation/frozen-container-governs",
    "propagation/true-reaches-inner-layers",
    "propagation/false-reaches-inner-layers",
    "propagation/inner-batchnorm-follows",
    "frozen/optimizer-leaves-it-alone",
    "frozen/state-updates-are-not-run",
    "batchnorm/thawed-trains-again",
    "frozen/is-not-inference-mode",
    "dropout/ignores-trainable",
    "dropout/on-when-training",
    "training/penalties-are-off-in-inference",
    "snapshot/touches-nothing-else",
    "propagation/empties-trainable-weights",
    "dropout/has-no-weights",
    "batchnorm/tf1-freezing-is-not-inference",
    "saving/weights-land-where-they-were",
    "saving/flags-come-back",
    "saving/resumes-as-it-was",
    "saving/predicts-in-inference-mode",
)


class Change(enum.Enum):
    """What became of a case; the worst first."""

    LOST = "no longer holds"
    OTHERWISE = "deviates in another way"
    WON = "holds now"
    APPEARED = "applies now, and deviates"
    GONE = "no longer applies"
    UNANSWERED = "gives no answer in one of the two"


@dataclasses.dataclass(frozen=True)
class Noticed:
    """What became of the cases of one claim that changed alike.

    `was` and `now` count the words that they recorded; `core` is how many of them are core cases;
    `causes` are the pins that explain the deviation, before it was gone or since it is there.
    """

    claim: str
    change: Change
    cases: tuple[str, ...]
    core: int
    was: Mapping[str, int]
    now: Mapping[str, int]
    causes: tuple[Pin, ...]


@dataclasses.dataclass(frozen=True)
class Difference:
    """Two columns, what changed around them, and what a user notices, most consequential first."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    environment: tuple[tuple[str, str, str], ...]
    noticed: tuple[Noticed, ...]


_HOLDS, _DEVIATES, _LACKS, _UNKNOWN = "holds", "deviates", "not-applicable", "unknown"
#: One line for every pair of outcomes; None is no change.
_CHANGES = {
    (_HOLDS, _HOLDS): None,
    (_HOLDS, _DEVIATES): Change.LOST,
    (_HOLDS, _LACKS): Change.GONE,
    (_HOLDS, _UNKNOWN): Change.UNANSWERED,
    (_DEVIATES, _HOLDS): Change.WON,
    (_DEVIATES, _DEVIATES): Change.OTHERWISE,
    (_DEVIATES, _LACKS): Change.GONE,
    (_DEVIATES, _UNKNOWN): Change.UNANSWERED,
    (_LACKS, _HOLDS): None,
    (_LACKS, _DEVIATES): Change.APPEARED,
    (_LACKS, _LACKS): None,
    (_LACKS, _UNKNOWN): Change.UNANSWERED,
    (_UNKNOWN, _HOLDS): Change.UNANSWERED,
    (_UNKNOWN, _DEVIATES): Change.UNANSWERED,
    (_UNKNOWN, _LACKS): Change.UNANSWERED,
    (_UNKNOWN, _UNKNOWN): None,
}


def change(before: Record, after: Record) -> Change | None:
    """Return what became of a case, None where a user would notice nothing.

    Nothing is told of a case that is blocked: what blocks it is another case, of which it is told.
    """
    if Outcome.BLOCKED.value in (before["outcome"], after["outcome"]):
        return None
    if before["outcome"] == after["outcome"] and before["observed"] == after["observed"]:
        return None
    return _CHANGES[(_class(before), _class(after))]


def _class(record: Record) -> str:
    return _UNKNOWN if Outcome(record["outcome"]) in UNKNOWN else str(record["outcome"])


def difference(before: Results, after: Results, pins: Sequence[Pin]) -> Difference:
    """Return what changed between two columns.

    Raises ResultsError where one of them is invalid, or they were measured by different cases: then a
    difference would be one of the suite, and not of TensorFlow.
    """
    for each in (before, after):
        if not each["valid"]:
            why = f"{each['column']['id']}: invalid: {why_invalid(each['cases'])}"
            raise ResultsError(f"{why}; measure it again", Exit.NOT_MEASURED)
    if before["suite"]["digest"] != after["suite"]["digest"]:
        names = f"{before['column']['id']} and {after['column']['id']}"
        hint = "measure both with this checkout"
        raise ResultsError(f"{names}: measured by different suites; {hint}", Exit.BAD_INPUT)
    before, after = ({**each, "cases": blame.settled(each["cases"])} for each in (before, after))
    grouped: dict[tuple[str, Change], list[str]] = {}
    for case in sorted(set(before["cases"]) & set(after["cases"])):
        found = None if is_canary(case) else change(before["cases"][case], after["cases"][case])
        if found:
            grouped.setdefault((case.split("[")[0], found), []).append(case)
    noticed = [_noticed(c, kind, cases, before, after, pins) for (c, kind), cases in grouped.items()]
    around = tuple(environment(before["column"], after["column"]))
    return Difference(before["column"], after["column"], around, tuple(sorted(noticed, key=_rank)))


def _noticed(
    claim: str, kind: Change, cases: Sequence[str], before: Results, after: Results, pins: Sequence[Pin]
) -> Noticed:
    explained = before if kind is Change.WON else after
    here = [pin for pin in pins if pin.applies(explained["column"])]
    said = {case: explained["cases"][case]["observed"] for case in cases}
    causes = (pin for case in cases for pin in here if said[case] and pin.word(case) == said[case])
    return Noticed(
        claim=claim,
        change=kind,
        cases=tuple(sorted(cases, key=lambda case: (not after["cases"][case]["core"], case))),
        core=sum(after["cases"][case]["core"] for case in cases),
        was=_words(before["cases"][case] for case in cases),
        now=_words(after["cases"][case] for case in cases),
        causes=tuple({(pin.reason, pin.url, pin.remedies, pin.no_remedy): pin for pin in causes}.values()),
    )


def _words(records: Iterable[Record]) -> dict[str, int]:
    """Return how often each word was recorded, most often first; for a case without one, how it ended."""
    counted = Counter(legible(r["observed"] or r["outcome"].replace("-", " "), 80) for r in records)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _rank(noticed: Noticed) -> Any:
    """Return where it stands: core before edge, then by kind, by claim and by how many cases."""
    kinds = list(Change)
    quiet = noticed.change in (Change.GONE, Change.UNANSWERED)
    place = CONSEQUENCE.index(noticed.claim)
    return (quiet, not noticed.core, kinds.index(noticed.change), place, -len(noticed.cases))


def environment(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """Yield what else changed: a name, what it was, what it is."""
    for name in ("tensorflow", "keras", "flavour", "python", "numpy"):
        if before[name] != after[name]:
            yield name, legible(str(before[name]), 80), legible(str(after[name]), 80)
    told = {"tensorflow", "tensorflow-cpu", "keras", "numpy"}
    for name in sorted({*before["packages"], *after["packages"]} - told):
        was, now = (legible(column["packages"].get(name, "none"), 80) for column in (before, after))
        if was != now:
            yield legible(name, 80), was, now
