"""What a check came to, as the test report that every CI reads: JUnit's XML, judged by the pins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from conformance.columns.checking import Checked
from conformance.columns.workplace import writing
from conformance.legible import legible
from conformance.pins import drift
from conformance.pins.drift import Judgement, Moved
from conformance.pins.pins import Pin
from conformance.results import blame, scratch
from conformance.results.results import Results
from conformance.results.verdicts import is_canary, why_invalid
from conformance.words import UNKNOWN, Outcome

#: Longer than a message with the reason and the link of a pin.
_MOST = 1000
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def make_room(path: Path) -> None:
    """Take away an earlier report. Raises WorkError, before anything is measured, where none can be made."""
    with writing(path):
        scratch.make_room(path)


def write(path: Path, text: str) -> None:
    """Write a report. Raises WorkError."""
    with writing(path):
        scratch.replace(path, text)


def report(
    checked: Sequence[tuple[Checked, Results | None]], known: Sequence[Pin], stale: Sequence[Moved] = ()
) -> str:
    """Return the report: a suite for each environment, a test for each of its cases, canaries included.

    What is not as pinned has failed, and so has a pin that names nothing; a case without an answer, and an
    environment without results, is an error; what is pinned, or is not applicable, was skipped.
    """
    root = Element("testsuites", name="conformance")
    for each, found in checked:
        suite = SubElement(root, "testsuite", name=legible(each.name))
        if found is None:
            test = _test(suite, "environment", each.name, {})
            SubElement(test, "error", message=legible(each.message, _MOST), type="not measured")
        else:
            _column(suite, found, known)
        _count(suite)
    if stale:
        _stale(SubElement(root, "testsuite", name="pins"), stale)
    _count(root)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _count(element: Element) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for plural, name in _COUNTED.items():
        element.set(plural, str(sum(1 for _ in element.iter(name))))


def _stale(suite: Element, stale: Sequence[Moved]) -> None:
    for moved in stale:
        test = _test(suite, moved.pin.id if moved.pin else "pins", moved.case, {})
        message = f"{moved.judgement}: {moved.seen}, in {moved.column}"
        SubElement(test, "failure", message=legible(message, _MOST), type=str(moved.judgement))
    _count(suite)


def _column(suite: Element, found: Mapping[str, Any], known: Sequence[Pin]) -> None:
    column = found["column"]
    silent = ("error", "invalid", "" if found["valid"] else why_invalid(found["cases"]))
    for case, record in blame.settled(found["cases"], drift.known_to_fail(known, column)).items():
        claim, _, situation = case.partition("[")
        said = {"column": column["id"], "outcome": record["outcome"], "observed": record["observed"]}
        test = _test(suite, claim, situation[:-1], said)
        how = _ended(case, record, known, column) if found["valid"] or is_canary(case) else silent
        if how:
            kind, what, text = how
            SubElement(test, kind, message=legible(text, _MOST), type=what)


#: How a case ended that did not pass: its element, the class of it, and the sentence.
_Ended = tuple[str, str, str]


def _ended(
    case: str, record: Mapping[str, Any], known: Sequence[Pin], column: Mapping[str, Any]
) -> _Ended | None:
    outcome, pin = record["outcome"], drift.pin_for(known, case, column)
    if is_canary(case):
        seen = str(record["reason"] or outcome)
        return None if outcome == Outcome.HOLDS.value else ("error", outcome, f"a canary failed: {seen}")
    judgement = drift.judge(pin.word(case) if pin else None, outcome, record["observed"])
    if outcome in [each.value for each in UNKNOWN]:
        return "error", outcome, drift.sentence(judgement, case, record, pin, column)
    if judgement in drift.DRIFT:
        return "failure", str(judgement), drift.sentence(judgement, case, record, pin, column)
    if judgement is Judgement.PINNED and pin:
        return "skipped", "pinned", f"{pin.reason} ({pin.url})"
    if outcome in (Outcome.NOT_APPLICABLE.value, Outcome.BLOCKED.value):
        return "skipped", outcome, str(record["reason"])
    return None


def _test(suite: Element, claim: str, situation: str, said: Mapping[str, Any]) -> Element:
    test = SubElement(suite, "testcase", classname=legible(claim), name=legible(situation))
    properties = SubElement(test, "properties") if said else None
    for name, value in said.items():
        if properties is not None and value is not None:
            SubElement(properties, "property", name=name, value=legible(str(value), _MOST))
    return test
