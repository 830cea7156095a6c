"""An audit as the test report that every CI reads: JUnit's XML, a test for each layer and question."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from conformance.auditing import findings, showing
from conformance.auditing.findings import Finding
from conformance.legible import legible
from conformance.words import Outcome

#: Longer than a message with the reason of a pin.
_MOST = 1000
_COUNTED = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def report(name: str, column: Mapping[str, Any], found: Sequence[Finding]) -> str:
    """Return the report: a suite for each question, a test for each thing that it asks of a layer.

    What deviates has failed; a question without an answer is an error; what cannot be judged, or is known of
    this TensorFlow by a pin, was skipped.
    """
    root = Element("testsuites", name=legible(f"{name} in {column['id']}"))
    asked: Dict[str, List[Finding]] = {}
    for one in found:
        asked.setdefault(one.question, []).append(one)
    for question, those in asked.items():
        suite = SubElement(root, "testsuite", name=legible(question))
        for one in those:
            suite.append(_test(one))
        _count(suite)
    _count(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _on_lines(ElementTree.tostring(root, "unicode"))


def _test(one: Finding) -> Element:
    about = ": ".join(filter(None, (one.layer, one.about))) or one.question
    test = Element("testcase", classname=legible(one.claim or "audit"), name=legible(about))
    how = _ended(one)
    if how:
        SubElement(test, how[0], type=how[1], message=legible(how[2], _MOST))
    return test


def _ended(one: Finding) -> Optional[Tuple[str, str, str]]:
    """Return how a test ended that did not pass: its element, the class of it, and the sentence."""
    if one.outcome is Outcome.HOLDS:
        return None
    if one.outcome is Outcome.NOT_APPLICABLE:
        return "skipped", one.outcome.value, one.reason
    if one.outcome is not Outcome.DEVIATES:
        return "error", one.outcome.value, one.reason
    row = showing.row(one, [one])
    said = "; ".join(filter(None, (row.said, row.where, row.why, *row.remedies)))
    known = findings.is_known(one)
    return ("skipped", "pinned", said) if known else ("failure", one.alarm or one.outcome.value, said)


def _count(element: Element) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for plural, name in _COUNTED.items():
        element.set(plural, str(sum(1 for _ in element.iter(name))))


def _on_lines(text: str) -> str:
    """Return XML with a line for each test: in texts of it no tag begins."""
    for tag in ("<testsuite ", "<testcase ", "</testsuite>", "</testsuites>"):
        text = text.replace(tag, "\n" + tag)
    return text + "\n"
