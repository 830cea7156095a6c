"""Reproductions: scripts of a few lines that show a finding without this suite, held against the matrix.

A script runs at both ends of each run of columns that its pin applies to, and in the columns beside
them. One of the pin's cases must have said, in every one of these columns, what the script prints.
Pure functions of pins, printed words, and results in which blame is settled; `reproducing` runs the scripts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.columns import scripts
from conformance.columns.columns import Column
from conformance.pins.pins import Pin
from conformance.results.results import Results
from conformance.words import Outcome

MOST_LINES = 25
#: By column: the word that a script printed, None where it printed none.
Words = Mapping[str, "str | None"]
#: Outcomes of a case that saw something.
ANSWERED = (Outcome.HOLDS.value, Outcome.DEVIATES.value)


@dataclasses.dataclass(frozen=True)
class Finding:
    """What a script came to: whose it is, a pin or a case; the case it shows; every disagreement."""

    of: str
    case: str
    wrong: Sequence[str]


def lineages(listed: Sequence[Column], measured: Mapping[str, Results]) -> Iterator[list[str]]:
    """Yield the measured columns of each lineage, in their order: neighbours follow each other."""
    for lineage in dict.fromkeys(column.lineage for column in listed):
        yield [column.id for column in listed if column.lineage == lineage and column.id in measured]


def around(pin: Pin, listed: Sequence[Column], measured: Mapping[str, Results]) -> list[str]:
    """Return the columns in which a pin's script has to run.

    These are the ends of each run of columns that the pin applies to, and their neighbours, lineage by
    lineage: a range begins and ends there.
    """
    found: list[str] = []
    for row in lineages(listed, measured):
        inside = [pin.applies(measured[column]["column"]) for column in row]
        found += [row[place] for place in range(len(row)) if _is_end(inside, place)]
    return found


def _is_end(inside: Sequence[bool], place: int) -> bool:
    beside = [inside[other] if 0 <= other < len(inside) else None for other in (place - 1, place + 1)]
    return any(other is not True for other in beside) if inside[place] else True in beside


def finding(pin: Pin, printed: Words, measured: Mapping[str, Results]) -> Finding:
    """Return what a script's words come to: for the case of its pin that they fit best."""
    cases = sorted({case for column in printed for case in measured[column]["cases"] if pin.word(case)})
    findings = [Finding(pin.id, case, list(_of_pin(pin, case, printed, measured))) for case in cases]
    return min(findings, key=lambda found: len(found.wrong), default=Finding(pin.id, "", ["was run nowhere"]))


def _of_pin(pin: Pin, case: str, printed: Words, measured: Mapping[str, Results]) -> Iterator[str]:
    yield from disagreements(case, printed, measured)
    for column, word in printed.items():
        outcome = _record(case, measured[column])["outcome"]
        silent = outcome not in (*ANSWERED, Outcome.BLOCKED.value)
        if silent and word == pin.word(case):
            yield f"in {column} it prints {word!r}, and {case} says nothing: {outcome}"


def disagreements(case: str, printed: Words, measured: Mapping[str, Results]) -> Iterator[str]:
    """Yield a line for each column in which a script prints something else than a case says."""
    for column, word in printed.items():
        record = _record(case, measured[column])
        prints = "prints no word" if word is None else f"prints {word!r}"
        if record["outcome"] in ANSWERED and word != record["observed"]:
            yield f"in {column} it {prints}, and {case} says {record['observed']!r}"


def _record(case: str, found: Results) -> Mapping[str, Any]:
    return found["cases"].get(case) or {"outcome": Outcome.NOT_RUN.value}


def faults(path: Path) -> Iterator[str]:
    """Yield what a script is not allowed: too many lines, or more than TensorFlow, NumPy and Python."""
    return scripts.faults(path, MOST_LINES, "reproduction")
