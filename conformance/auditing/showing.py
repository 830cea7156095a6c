"""An audit's findings, put together for people: what is wrong with one layer is one row, worst first.

As text for a terminal, and as JSON, which has every finding. Other formats are in `pages` and `junit`.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from conformance.auditing import findings
from conformance.auditing.findings import Finding
from conformance.legible import legible
from conformance.words import Outcome

#: What stands above the findings of each weight, and how many there are of it in the last line.
HEADS = (
    "Alarms",
    "Deviates",
    "What this TensorFlow is known to do with any model",
    "No answer",
    "Not applicable",
    "Holds",
)
_COUNTED = ("alarms", "deviate", "known", "without an answer", "not applicable", "hold")
#: The weights of what is not shown unless it is asked for.
_QUIET = 4


@dataclasses.dataclass(frozen=True)
class Row:
    """What was found of one layer, all questions that say so, and the pins that explain it."""

    finding: Finding
    questions: Tuple[str, ...]
    pins: Tuple[str, ...] = ()

    @property
    def layer(self) -> str:
        """The layer, or the questions where it is about no layer."""
        return self.finding.layer or ", ".join(self.questions)

    @property
    def said(self) -> str:
        """What was seen, beside what was expected."""
        one = self.finding
        if not one.word:
            return one.about
        told = f"{one.about}: {one.word}"
        if one.alarm:
            told = f"{one.alarm}: {told}"
        return told if one.word in one.expected else f"{told}, expected {' or '.join(one.expected)}"

    @property
    def where(self) -> str:
        """The questions, where the layer does not say it."""
        return f"in {', '.join(self.questions)}" if self.finding.layer else ""

    @property
    def why(self) -> str:
        """The reason, with the pins that it is of."""
        reason = self.finding.reason
        return f"{reason} (pin {', '.join(self.pins)})" if self.pins else reason

    @property
    def remedies(self) -> Tuple[str, ...]:
        """What to write instead, one way or another, as it was seen to hold here."""
        words = ("write", *("or" for _ in self.finding.remedies))
        return tuple(f"{word}: {remedy}" for word, remedy in zip(words, self.finding.remedies))


def rows(found: Sequence[Finding]) -> List[Row]:
    """Return a row for each layer and each thing that was found of it."""
    asked: Dict[Finding, List[Finding]] = {}
    for one in found:
        bare = dataclasses.replace(one, question="", case="", asked="", pin="")
        asked.setdefault(bare, []).append(one)
    return [row(bare, those) for bare, those in asked.items()]


def row(finding: Finding, those: Sequence[Finding]) -> Row:
    """Return a row of findings that differ in nothing but their questions and pins."""
    questions, pins = ({getattr(one, name): None for one in those} for name in ("question", "pin"))
    return Row(finding, tuple(questions), tuple(filter(None, pins)))


def sections(found: Sequence[Finding], everything: bool) -> Iterator[Tuple[str, List[Row]]]:
    """Return a heading and the rows below it, worst first; what is quiet only if it is asked for."""
    for grave, head in enumerate(HEADS):
        those = [finding for finding in found if findings.weight(finding) == grave]
        if those and (grave < _QUIET or everything):
            yield head, rows(those)


def title(name: str, column: Mapping[str, Any]) -> str:
    """Return what was asked of what, and where."""
    return f"{name} in {column['id']} (TensorFlow {column['tensorflow']}, Keras {column['keras']})"


def total(found: Sequence[Finding]) -> str:
    """Return how many findings there are of each kind, in a line."""
    counts = [sum(findings.weight(finding) == grave for finding in found) for grave in range(len(HEADS))]
    told = [f"{count} {word}" for count, word in zip(counts, _COUNTED) if count]
    return ", ".join(told) or "nothing was asked"


def as_json(name: str, column: Mapping[str, Any], found: Sequence[Finding], everything: bool = True) -> str:
    """Return an audit as JSON: its layers as they are walked, and every finding, worst first."""
    value = {
        "schema": 1,
        "subject": name,
        "column": column,
        "layers": list(dict.fromkeys(one.layer for one in found if one.layer)),
        "findings": [finding.as_table() for finding in findings.worst_first(found)],
    }
    return json.dumps(value, indent=1) + "\n"


def as_text(name: str, column: Mapping[str, Any], found: Sequence[Finding], everything: bool) -> str:
    """Return an audit as a text, worst first; what holds, and what is not applicable, only if asked for."""
    lines = [legible(title(name, column)), ""]
    for head, those in sections(found, everything):
        lines += [f"{head}:", *_lines(those), ""]
    return "\n".join([*lines, total(found)]) + "\n"


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """Return what was seen and where; below all that have it in common the claim, the cause, the remedy."""
    alike: Dict[Tuple[str, ...], List[Row]] = {}
    for each in rows:
        alike.setdefault((each.finding.claim, each.why, *each.remedies), []).append(each)
    for common, those in alike.items():
        for each in those:
            yield "  " + legible(f"{each.layer}: {each.said}" if each.said else each.layer, 300)
            yield from ("      " + legible(part) for part in (each.where,) if part)
        yield from ("      " + legible(part) for part in common if part)


def names(found: Sequence[Finding]) -> List[str]:
    """Return what was reported, each layer and fault once: what a test of a fault compares."""
    told = (
        f"{one.layer if one.layer != findings.WHOLE else one.question}: {one.alarm or one.about}: {one.word}"
        for one in findings.worst_first(list(found))
        if one.outcome is Outcome.DEVIATES and not findings.is_known(one)
    )
    return list(dict.fromkeys(told))
