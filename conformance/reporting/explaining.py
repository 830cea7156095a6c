"""All that is known of one case: its claim, what it does, what was seen where, why, and a script for it.

A pure function of the matrix and of what scripts printed; only the case's own source and the pins'
scripts are read beside it.
"""

from __future__ import annotations

import dataclasses
import difflib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.columns.columns import Column
from conformance.columns.scripts import Words
from conformance.exits import Exit
from conformance.legible import legible
from conformance.matrix import sources
from conformance.matrix.matrix import ranges
from conformance.matrix.sources import Function
from conformance.pins.faults import REPRODUCTIONS, UNREPORTED
from conformance.recipes.standing import Cookbook
from conformance.reporting import remedies
from conformance.words import Outcome

Matrix = Mapping[str, Any]
Case = Mapping[str, Any]
_INDENT = " " * 12


@dataclasses.dataclass(frozen=True)
class Evidence:
    """Scripts: `own` has those of cases' very situations, by case, and `printed` what all scripts printed."""

    own: Mapping[str, str] = dataclasses.field(default_factory=dict)
    printed: Words = dataclasses.field(default_factory=dict)

    def of(self, case: Case, pins: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return the scripts that stand beside a case: its own, or else those of pins that explain it."""
        if case["id"] in self.own:
            return [self.own[case["id"]]]
        return list(dict.fromkeys(pin["reproduction"] for pin in pins if pin["reproduction"]))


class CaseError(Exception):
    """A case that no column has. Its text is one line."""

    exit_code = Exit.BAD_INPUT


def explain(
    name: str,
    matrix: Matrix,
    columns: Sequence[Column],
    whole: bool,
    known: sources.Functions,
    evidence: Evidence,
    cookbook: Cookbook,
) -> str:
    """Return what is known of a case, or of a claim's cases, in columns.

    These are the `whole` list or the one that was asked for. Raises CaseError, with the nearest ids, where
    no column has such a case.
    """
    of_claim = next((claim for claim in matrix["claims"] if claim["id"] == name), None)
    if of_claim:
        return "\n".join(_claimed(of_claim, matrix, columns)) + "\n"
    case = case_of(name, matrix)
    claim = next(claim for claim in matrix["claims"] if claim["id"] == case["claim"])
    function = sources.function_of(name, known)
    here = [column for column in columns if column.id in case["results"]]
    lines = [legible(name), ""]
    lines += _about(claim)
    lines += _asked(case, function)
    lines += _seen(case, here, whole)
    pins = pins_of(case, here, matrix)
    lines += _why(case, here, pins, cookbook)
    scripts = evidence.of(case, pins)
    lines += [line for name in scripts for line in script(name, case, here, evidence)]
    if function and not any(is_shown(name, case, here, evidence.printed) for name in scripts):
        lines += _by_hand(case, here, function)
    return "\n".join(lines) + "\n"


def _claimed(claim: Mapping[str, Any], matrix: Matrix, columns: Sequence[Column]) -> Iterator[str]:
    """Yield a claim, and its cases: what deviates first, core before edge."""
    yield from (legible(claim["id"]), "")
    yield from _about(claim)
    yield _line("since", claim["since"])
    cases = [case for case in matrix["cases"] if case["claim"] == claim["id"]]
    found = [(case, [case["results"][c.id] for c in columns if c.id in case["results"]]) for case in cases]
    yield ""
    for case, cells in sorted(found, key=lambda row: _rank(*row)):
        yield f"{'core' if case['core'] else 'edge'}  {_together(cells)}  {legible(case['id'])}"
    if not cases:
        yield "no cases of its own: what it says is derived from those of another claim"


_QUIET = [outcome.value for outcome in (Outcome.HOLDS, Outcome.NOT_APPLICABLE)]


def _rank(case: Case, cells: Sequence[Mapping[str, Any]]) -> Any:
    outcomes = [cell["outcome"] for cell in cells]
    deviating = outcomes.count(Outcome.DEVIATES.value)
    quiet = min((_QUIET.index(o) + 1 if o in _QUIET else 0 for o in outcomes), default=len(_QUIET) + 1)
    return (not deviating, quiet if not deviating else 0, not case["core"], -deviating, case["id"])


def _together(cells: Sequence[Mapping[str, Any]]) -> str:
    """Return what cells say: the one, or how many of them deviate."""
    if len(cells) == 1:
        return _said(cells[0])
    deviating = sum(cell["outcome"] == Outcome.DEVIATES.value for cell in cells)
    return f"deviates in {deviating} of {len(cells)}"


def case_of(name: str, matrix: Matrix) -> Case:
    """Return the case of a name. Raises CaseError, with the nearest ids."""
    cases: dict[str, Case] = {case["id"]: case for case in matrix["cases"]}
    if name not in cases:
        of_claim = [case for case in cases if case.split("[")[0] == name]
        near = difflib.get_close_matches(name.lower(), cases, 3, 0.5) or of_claim[:3]
        lists = "`python -m conformance claims` lists the claims, and `explain CLAIM` its cases"
        hint = "nearest: " + ", ".join(near) if near else lists
        raise CaseError(legible(f"no case is called {legible(name)!r}; {hint}", 1000))
    return cases[name]


def _about(claim: Mapping[str, Any]) -> Iterator[str]:
    yield _line("claim", claim["statement"])
    yield _line("quote", " ".join(claim["quote"].split()))
    if claim["translation"]:
        yield _line("", f"({claim['translation']})")
    yield _line("source", claim["source"])


def _asked(case: Case, function: Function | None) -> Iterator[str]:
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


def pins_of(case: Case, columns: Sequence[Column], matrix: Matrix) -> list[Mapping[str, Any]]:
    """Return the pins that explain what deviates in columns."""
    named = {case["results"][column.id]["pin"] for column in columns}
    return [pin for pin in matrix["pins"] if pin["id"] in named]


def _why(
    case: Case, columns: Sequence[Column], pins: Sequence[Mapping[str, Any]], cookbook: Cookbook
) -> Iterator[str]:
    """Yield the pins that explain what deviates, and what to write in the first and last column of it."""
    causes = []
    for pin in pins:
        link = "not reported upstream" if pin["url"] == UNREPORTED else legible(pin["url"])
        yield _line("because", f"{legible(pin['reason'])} (pin {legible(pin['id'])}; {link})")
        there = [c.id for c in columns if case["results"][c.id]["pin"] == pin["id"]]
        sides = there[0], there[-1]
        cause = remedies.row(pin, case["claim"], cookbook, *sides)
        yield from (_line("write", line) for line in remedies.told([cause], *sides))
        causes.append(cause)
    yield from remedies.code(remedies.recipes(causes, cookbook))


def script(name: str, case: Case, columns: Sequence[Column], evidence: Evidence) -> Iterator[str]:
    """Yield a script under what it is to a case: a reproduction only where it prints its word."""
    yield from ("", f"# fixtures/reproductions/{name}: {label(name, case, columns, evidence)}.")
    yield "# It needs this TensorFlow, and nothing of this project."
    yield (REPRODUCTIONS / name).read_text(encoding="utf-8").rstrip()


def is_shown(name: str, case: Case, columns: Sequence[Column], printed: Words) -> bool:
    """Return whether a script prints the word of a case, in all columns of it where it was run."""
    cells = {c.id: case["results"][c.id]["observed"] for c in columns if case["results"][c.id]["pin"]}
    words = [(printed[name, i], word) for i, word in cells.items() if (name, i) in printed]
    return bool(words) and all(one == other for one, other in words)


def label(name: str, case: Case, columns: Sequence[Column], evidence: Evidence) -> str:
    """Return what a script is to a case in columns, by what it printed where it was run."""
    is_own = evidence.own.get(case["id"]) == name
    what = "a script of this very situation" if is_own else "a script for the same cause"
    printed, cells = evidence.printed, {c.id: case["results"][c.id] for c in columns}
    deviating = [i for i, cell in cells.items() if cell["outcome"] == Outcome.DEVIATES.value]
    run = [i for i in deviating if (name, i) in printed]
    if not run:
        return f"{what}; it was not run {'here' if len(cells) == 1 else 'in any of these'}"
    alike = [i for i in run if printed[name, i] == cells[i]["observed"]]
    if len(cells) > 1:
        counted = f"{len(alike)} of the {len(run)} columns in which this case deviates and it was run"
        return f"{what}; it prints this case's word in {counted}"
    word = printed[name, run[0]]
    if alike:
        return f"a reproduction: in {legible(run[0])} it prints {legible(repr(word))}, as this case says"
    prints = f"it prints {legible(repr(word)) if word else 'no word'} here"
    return f"{what}; {prints}: the case or the script is wrong" if is_own else f"{what}, {prints}"


def _by_hand(case: Case, columns: Sequence[Column], function: Function) -> Iterator[str]:
    """Yield how to run the case itself."""
    moved = [c.id for c in columns if case["results"][c.id]["outcome"] == Outcome.DEVIATES.value]
    column = (moved or [c.id for c in columns] or ["COLUMN"])[-1]
    node = shlex.quote(function.node(case["id"]))
    yield from ("", "run it, in an environment of your own or in a column's:")
    yield f"  pytest {node}"
    yield f"  CONFORMANCE_RESULTS=reports/local tox run -e {column} -- {node}"
