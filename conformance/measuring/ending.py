"""How a case ends in pytest: what its report says, passes or fails, follows from the record and the pins."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence, Tuple

from conformance.legible import legible
from conformance.measuring.case import Case
from conformance.pins import drift
from conformance.pins.pins import Pin
from conformance.results import blame
from conformance.words import Outcome

Record = Mapping[str, Any]
#: Characters of what pytest itself shows of a case: a sentence, and a pin's reason in it.
_MOST_SHOWN = 1000
_STATUS = {
    Outcome.HOLDS.value: ("holds", ".", "HOLDS"),
    Outcome.DEVIATES.value: ("deviates", "d", ("DEVIATES", {"yellow": True})),
    Outcome.NOT_APPLICABLE.value: ("not applicable", "n", "NOT APPLICABLE"),
    Outcome.NOT_RUN.value: ("not run", "s", "NOT RUN"),
    Outcome.BLOCKED.value: ("blocked", "b", "BLOCKED"),
}


def properties(case: Case, kept: Record, column: Mapping[str, Any]) -> List[Tuple[str, object]]:
    """Return what `--junitxml` is to say of a case beside its name and how it ended."""
    said = {"claim": case.claim, "column": column["id"], "outcome": kept["outcome"]}
    return [*said.items(), *([("observed", kept["observed"])] if kept["observed"] else [])]


def settle(report: Any, kept: Record) -> None:
    """Make pytest's outcome follow from the record: a deviation fails."""
    outcome = kept["outcome"]
    if outcome == Outcome.HOLDS.value:
        report.outcome, report.longrepr = "passed", None
    elif outcome == Outcome.DEVIATES.value:
        report.outcome, report.longrepr = "failed", legible(kept["reason"], _MOST_SHOWN)
    elif outcome == Outcome.ERROR.value:
        report.outcome = "failed"
        report.longrepr = report.longrepr or kept["reason"]


def report_only(report: Any, kept: Record) -> None:
    """Let a deviation be seen without failing."""
    if kept["outcome"] == Outcome.DEVIATES.value:
        report.outcome = "skipped"
        report.longrepr = report.wasxfail = legible(kept["reason"], _MOST_SHOWN)


def judge(report: Any, case: str, kept: Record, pins: Sequence[Pin], column: Mapping[str, Any]) -> None:
    """Let the pins decide: what deviates as pinned is expected to, anything else that moved fails.

    Other cases are still at work, so a case is taken as blocked where the pins say that it is.
    """
    kept = blame.settled({case: kept}, drift.known_to_fail(pins, column))[case]
    pin = drift.pin_for(pins, case, column)
    judgement = drift.judge(pin.word(case) if pin else None, kept["outcome"], kept["observed"])
    if kept["outcome"] == Outcome.BLOCKED.value:
        report.outcome, report.blocked = "skipped", True
        report.longrepr = report.wasxfail = legible(kept["reason"], _MOST_SHOWN)
    elif judgement is drift.Judgement.PINNED:
        report.outcome, report.pinned = "skipped", True
        why = f"{pin.reason} ({pin.url})"  # type: ignore[union-attr]
        report.longrepr = report.wasxfail = legible(why, _MOST_SHOWN)
    elif judgement in drift.DRIFT:
        said = legible(drift.sentence(judgement, case, kept, pin, column), _MOST_SHOWN)
        report.outcome = "failed"
        if kept["outcome"] == Outcome.ERROR.value:  # pytest's traceback shows where
            report.sections.append(("conformance", said))
        else:
            report.longrepr = said


def status(report: Any) -> Any:
    """Return how pytest shows a case: category, letter and word; None where it shows it its own way."""
    kept = getattr(report, "conformance", None)
    if not kept:
        return None
    if getattr(report, "pinned", False):
        return "xfailed", "x", "XFAIL"
    if getattr(report, "blocked", False):
        return _STATUS[Outcome.BLOCKED.value]
    return None if report.outcome == "failed" else _STATUS.get(kept[1]["outcome"])
