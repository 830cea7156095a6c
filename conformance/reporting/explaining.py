"""All that is known of one case: its claim, what it does, what was seen where, why, and a script for it.

A pure function of the matrix; only the case's own source and the pins' scripts are read beside it.
"""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.legible import legible
from conformance.matrix import sources
from conformance.matrix.matrix import ranges
from conformance.matrix.sources import Function
from conformance.pins.faults import REPRODUCTIONS, UNREPORTED
from conformance.words import Outcome

Matrix = Mapping[str, Any]
Case = Mapping[str, Any]
_INDENT = " " * 12


class CaseError(Exception):
    """A case that no column has. Its text is one line."""

    exit_code = Exit.BAD_INPUT


def explain(
    name: str, matrix: Matrix, columns: Sequence[Column], whole: bool, known: sources.Functions
) -> str:
    """Return what is known of a case in columns, which are the `whole` list or the one that was asked for.

    Raises CaseError, with the nearest ids, where no column has such a case.
    """
    case = _case(name, matrix)
    claim = next(claim for claim in matrix["claims"] if claim["id"] == case["claim"])
    function = sources.function_of(name, known)
    here = [column for column in columns if column.id in case["results"]]
    lines = [legible(name), ""]
    lines += _about(claim, case, function)
    lines += _seen(case, here, whole)
    lines += _why(case, here, matrix, function)
    return "\n".join(lines) + "\n"


def _case(name: str, matrix: Matrix) -> Case:
    cases: dict[str, Case] = {case["id"]: case for case in matrix["cases"]}
    if name not in cases:
        of_claim = [case for case in cases if case.split("[")[0] == name]
        near = difflib.get_close_matches(name, cases, 3, 0.5) or of_claim[:3]
        hint = "nearest: " + ", ".join(near) if near else "see reports/matrix.json"
        raise CaseError(legible(f"no case is called {legible(name)!r}; {hint}", 1000))
    return cases[name]


def _about(claim: Mapping[str, Any], case: Case, function: Function | None) -> Iterator[str]:
    yield _line("claim", claim["statement"])
    yield _line("quote", " ".join(claim["quote"].split()))
    if claim["translation"]:
        yield _line("", f"({claim['translation']})")
    yield _line("source", claim["source"])
    if function:
        yield _line("does", f"{function.does} ({function.path}, line {function.line})")
    yield _line("expected", f"{legible(case['expected'])} ({'core' if case['core'] else 'edge'})")


def _line(label: str, text: str) -> str:
    return f"{label:12}{text}"


def _seen(case: Case, columns: Sequence[Column], whole: bool) -> Iterator[str]:
    said = {column.id: _said(case["results"][column.id]) for column in columns}
    if whole:
        yield _line("seen", ranges(columns, said).replace("; ", f"\n{_INDENT}") or "in no column")
        return
    for column in columns:
        cell = case["results"][column.id]
        yield _line("seen", f"{said[column.id]} in {legible(column.id)}")
        if "measured" in cell:
            yield _line("measured", f"{cell['measured']:.6g}")
        if "reason" in cell:
            yield _line("reason", legible(cell["reason"]))
    if not columns:
        yield _line("seen", "nothing: this column has no valid results of it")


def _said(cell: Mapping[str, Any]) -> str:
    word = f" ({legible(cell['observed'])})" if cell["observed"] else ""
    return f"{cell['outcome'].replace('-', ' ')}{word}"


def _why(case: Case, columns: Sequence[Column], matrix: Matrix, function: Function | None) -> Iterator[str]:
    """Yield the pins that explain what deviates, with their scripts; without one, how to run the case."""
    named = dict.fromkeys(case["results"][column.id]["pin"] for column in columns)
    pins = [pin for pin in matrix["pins"] if pin["id"] in named]
    for pin in pins:
        link = "not reported upstream" if pin["url"] == UNREPORTED else legible(pin["url"])
        yield _line("because", f"{legible(pin['reason'])} (pin {legible(pin['id'])}; {link})")
    scripts = dict.fromkeys(pin["reproduction"] for pin in pins if pin["reproduction"])
    for script in scripts:
        yield from (
            "",
            f"# fixtures/reproductions/{script}: it needs this TensorFlow, and nothing of this project",
        )
        yield (REPRODUCTIONS / script).read_text(encoding="utf-8").rstrip()
    if function and not scripts:
        moved = [c.id for c in columns if case["results"][c.id]["outcome"] == Outcome.DEVIATES.value]
        column = (moved or [c.id for c in columns] or ["COLUMN"])[-1]
        node = shlex.quote(function.node(case["id"]))
        yield from ("", "run it, in an environment of your own or in a column's:")
        yield f"  pytest {node}"
        yield f"  CONFORMANCE_RESULTS=reports/local tox run -e {column} -- {node}"
