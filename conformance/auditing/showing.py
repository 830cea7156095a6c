"""An audit's findings as text: a table in a terminal, worst first, or JSON."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

from conformance.auditing import findings
from conformance.auditing.findings import Finding
from conformance.legible import legible
from conformance.words import Outcome

#: What two findings share that differ only in where they were asked.
_Key = Tuple[Any, ...]
_HEADS = (
    "Alarms",
    "Deviates",
    "What this TensorFlow is known to do with any model",
    "No answer",
    "Not applicable",
    "Holds",
)


def as_json(name: str, column: Mapping[str, Any], found: Sequence[Finding]) -> str:
    """Return an audit as JSON: what was asked of what, where, and every finding, worst first."""
    rows = [finding.as_table() for finding in findings.worst_first(found)]
    return json.dumps({"schema": 1, "subject": name, "column": column, "findings": rows}, indent=1) + "\n"


def as_text(name: str, column: Mapping[str, Any], found: Sequence[Finding], everything: bool) -> str:
    """Return an audit as a text, worst first; what holds, and what is not applicable, only if asked for."""
    lines = [f"{name} in {column['id']} (TensorFlow {column['tensorflow']}, Keras {column['keras']})", ""]
    for grave, head in enumerate(_HEADS):
        those = [finding for finding in found if findings.weight(finding) == grave]
        if those and (grave < 4 or everything):
            lines += [f"{head}:", *_rows(those), ""]
    return "\n".join([*lines, total(found)]) + "\n"


def total(found: Sequence[Finding]) -> str:
    """Return how many findings there are of each kind, in a line."""
    counts = [sum(findings.weight(finding) == grave for finding in found) for grave in range(len(_HEADS))]
    words = ("alarms", "deviate", "known", "without an answer", "not applicable", "hold")
    told = [f"{count} {word}" for count, word in zip(counts, words) if count]
    return ", ".join(told) or "nothing was asked"


def _rows(found: Iterable[Finding]) -> List[str]:
    """Return a row for what was found of each layer, with all questions that say so."""
    asked: Dict[_Key, List[str]] = {}
    for one in found:
        key = (one.alarm, one.layer, one.about, one.word, one.expected, one.claim, one.reason)
        asked.setdefault(key, []).append(one.question)
    return [_row(key, questions) for key, questions in asked.items()]


def _row(key: _Key, questions: List[str]) -> str:
    alarm, layer, about, word, expected, claim, reason = key
    where = ", ".join(dict.fromkeys(questions))
    said = (
        f"{layer or where}: {alarm + ': ' if alarm else ''}{about}: {word}" if word else f"{layer or where}"
    )
    told = f", expected {' or '.join(expected)}" if word and word not in expected else ""
    tail = [f"in {where}" if layer else "", claim, reason]
    head = f"  {said}{told}"
    return legible_lines(head, [part for part in tail if part])


def legible_lines(head: str, tail: Sequence[str]) -> str:
    """Return a row: what was seen, and below it where, by which claim, and why."""
    return "\n".join(["  " + legible(head, 300), *(f"      {legible(part, 400)}" for part in tail)])


def names(found: Iterable[Finding]) -> List[str]:
    """Return what was reported, each layer and fault once: what a test of a fault compares."""
    told = (
        f"{one.layer if one.layer != findings.WHOLE else one.question}: {one.alarm or one.about}: {one.word}"
        for one in findings.worst_first(list(found))
        if one.outcome is Outcome.DEVIATES and not (one.pin and not one.alarm)
    )
    return list(dict.fromkeys(told))
