"""Drift: what results say that pins do not, or no longer. One function judges, everything else groups."""

from __future__ import annotations

import dataclasses
import enum
import itertools
from typing import Any, Callable, Collection, Dict, Iterable, List, Mapping, Optional, Sequence, Set

from conformance.pins import since
from conformance.pins.globs import matches, names
from conformance.pins.pins import Pin
from conformance.results import blame
from conformance.results.verdicts import is_canary
from conformance.words import Outcome


class Judgement(str, enum.Enum):
    """What is to be said of one case in one column, given its pin and what was seen."""

    AS_EXPECTED = "as expected"
    PINNED = "pinned"
    REGRESSED = "regressed"
    FIXED = "fixed"
    CHANGED = "changed"
    STOPPED = "stopped"
    STALE = "stale"

    def __str__(self) -> str:
        return self.value


_NO_ANSWER = "no case that ran and could answer"
#: What is not as pinned, worst first.
DRIFT = (
    Judgement.REGRESSED,
    Judgement.CHANGED,
    Judgement.STOPPED,
    Judgement.FIXED,
    Judgement.STALE,
)


def judge(pinned: Optional[str], outcome: str, observed: Optional[str]) -> Judgement:
    """Return the one judgement on a case: `pinned` is the word of the pin that covers it, if one does."""
    if outcome == Outcome.BLOCKED.value:
        return Judgement.AS_EXPECTED
    if outcome == Outcome.DEVIATES.value:
        if pinned is None:
            return Judgement.REGRESSED
        return Judgement.PINNED if observed == pinned else Judgement.CHANGED
    if outcome == Outcome.HOLDS.value:
        return Judgement.AS_EXPECTED if pinned is None else Judgement.FIXED
    if outcome == Outcome.NOT_APPLICABLE.value and pinned is None:
        return Judgement.AS_EXPECTED
    return Judgement.STOPPED


def sentence(
    judgement: Judgement, case: str, record: Mapping[str, Any], pin: Optional[Pin], column: Mapping[str, Any]
) -> str:
    """Return what is to be said of a case that is not as pinned, and what to do about it."""
    seen = record["reason"] or record["observed"] or record["outcome"]
    if pin is not None and not pin.observed and judgement is Judgement.REGRESSED:
        return f"{Judgement.STALE}: {seen}; {pin.reason}"
    if pin is None or not pin.observed:
        return f"{judgement}: {seen}; no pin says so"
    known = f"pin {pin.id} says {pin.word(case)!r}"
    if judgement is Judgement.FIXED:
        release = f"TensorFlow {column['tensorflow']} with Keras {column['keras']}"
        how = f"shrink its `where`, which is {place(pin)}, to leave out {release}"
        return f"fixed: it holds, and {known}; {how}: `python -m conformance pin --prune` can"
    return f"{judgement}: {seen}, where {known}"


def place(pin: Pin) -> str:
    """Return where a pin applies, as one would say it: `keras3 keras <=3.1.1 or tf1`."""
    return " or ".join(" ".join(_parts(each)) for each in pin.where)


def _parts(where: Mapping[str, Any]) -> Iterable[str]:
    for key, wanted in where.items():
        said = ", ".join(wanted) if isinstance(wanted, (list, tuple)) else str(wanted)
        yield said if key in ("flavour", "columns") else f"{key} {said}"


@dataclasses.dataclass(frozen=True)
class Moved:
    """One case in one column that is not as pinned; `why`, where it is the suite that moved."""

    judgement: Judgement
    case: str
    column: str
    pin: Optional[Pin]
    seen: str
    why: str = ""

    @property
    def cause(self) -> str:
        """What moves together: a pin's cases, or those of a claim that say the same unpinned."""
        if self.pin:
            return self.pin.id
        return f"{self.case.split('[')[0]}: {self.seen}" + (f" ({self.why})" if self.why else "")

    @property
    def is_unpinned(self) -> bool:
        """Whether it deviates, and no pin says that it does so."""
        is_new = self.judgement is Judgement.STALE and self.pin is None
        return is_new or self.judgement in (Judgement.REGRESSED, Judgement.CHANGED)


def pin_for(pins: Sequence[Pin], case: str, column: Mapping[str, Any]) -> Optional[Pin]:
    """Return the pin that covers a case in a column, None without one.

    For a case that is younger than the pins it is one that knows no word, and says so.
    """
    found = next((pin for pin in pins if pin.applies(column) and pin.word(case)), None)
    why = "" if found else since.asked(since.of(pins), case)
    return Pin("", (), {}, why, "") if why else found


def moved(pins: Sequence[Pin], results: Mapping[str, Any]) -> List[Moved]:
    """Return what is not as pinned among the cases of one column's results.

    What deviates unpinned only because the pins are older than the case has not regressed: it is they
    that are stale.
    """
    column, asked = results["column"], since.of(pins)
    here = [pin for pin in pins if pin.applies(column)]
    found = []
    for case, record in blame.settled(results["cases"], known_to_fail(here, column)).items():
        if is_canary(case):
            continue
        pin = next((p for p in here if p.word(case)), None)
        said = judge(pin.word(case) if pin else None, record["outcome"], record["observed"])
        if said in DRIFT:
            seen = str(record["observed"] or record["outcome"])
            why = since.asked(asked, case) if said is Judgement.REGRESSED else ""
            found.append(Moved(Judgement.STALE if why else said, case, column["id"], pin, seen, why))
    return found


def known_to_fail(pins: Sequence[Pin], column: Mapping[str, Any]) -> Callable[[str], bool]:
    """Return the question whether a case deviates in a column by the pins, for one that was not asked."""
    return lambda case: any(pin.applies(column) and pin.word(case) for pin in pins)


def stale(pins: Sequence[Pin], all_results: Sequence[Mapping[str, Any]]) -> List[Moved]:
    """Return the pins that match no case in any of the results, or blocked ones only: each is an error."""
    found = []
    answering = [_answering(results) for results in all_results]
    for pin in pins:
        here = [(r, cases) for r, cases in zip(all_results, answering) if pin.applies(r["column"])]
        cases = {case for _, those in here for case in those}
        where = ", ".join(r["column"]["id"] for r, _ in here) or "no column"
        for globs in pin.observed.values():
            alone = [g for g in globs if not any(matches((g,), case) for case in cases)]
            found += [Moved(Judgement.STALE, glob, where, pin, _NO_ANSWER) for glob in alone]
    return found


def _answering(results: Mapping[str, Any]) -> Set[str]:
    """Return the cases that can answer for their claim in a column: all but the blocked ones."""
    cases = blame.settled(results["cases"])
    return {case for case, record in cases.items() if record["outcome"] != Outcome.BLOCKED.value}


def unmatched(
    pins: Sequence[Pin], all_results: Sequence[Mapping[str, Any]], further: Iterable[Mapping[str, Any]]
) -> List[Moved]:
    """Return the globs that match no case at all, of the pins that apply where the results are from.

    Results may be of some cases only, so `further` ones are looked at as long as a glob matches nothing.
    """
    where = [(pin, [r["column"]["id"] for r in all_results if pin.applies(r["column"])]) for pin in pins]
    left = [
        (pin, glob, ids) for pin, ids in where if ids for globs in pin.observed.values() for glob in globs
    ]
    cases: Set[str] = set()
    for results in itertools.chain(all_results, further):
        new = set(results["cases"]) - cases
        cases |= new
        left = [each for each in left if not _covers(*each[:2], new)] if new else left
        if not left:
            return []
    known = sorted(cases)
    why = since.of(pins)
    return [
        Moved(Judgement.STALE, glob, ", ".join(ids), pin, since.became(why, glob, known))
        for pin, glob, ids in left
    ]


def _covers(pin: Pin, glob: str, cases: Collection[str]) -> bool:
    return glob in cases or any(matches((glob,), name) for case in cases for name in names(case, pin.renames))


def absent(pins: Sequence[Pin], all_results: Sequence[Mapping[str, Any]]) -> List[Moved]:
    """Return the pinned cases that some of the results lack, though others have them."""
    cases = {case for results in all_results for case in results["cases"]}
    return [
        Moved(Judgement.STOPPED, case, results["column"]["id"], pin, "not in the results")
        for results in all_results
        for case in sorted(cases - set(results["cases"]))
        for pin in [pin_for(pins, case, results["column"])]
        if pin and pin.observed
    ]


def by_cause(found: Iterable[Moved]) -> Dict[Judgement, Dict[str, List[Moved]]]:
    """Return what moved, grouped by judgement, worst first, and then by cause."""
    grouped: Dict[Judgement, Dict[str, List[Moved]]] = {}
    rows = list(found)
    for judgement in DRIFT:
        for row in rows:
            if row.judgement is judgement:
                grouped.setdefault(judgement, {}).setdefault(row.cause, []).append(row)
    return grouped
