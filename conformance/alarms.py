"""What drifted, told to people and to machines. Pure functions of judged results."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance import drift, pins
from conformance.drift import Judgement, Moved
from conformance.exits import Exit
from conformance.markdown import escaped
from conformance.pins import Pin

#: One exit code for each class, the worst that was found decides.
EXITS = {
    Judgement.REGRESSED: Exit.REGRESSED,
    Judgement.CHANGED: Exit.CHANGED,
    Judgement.STOPPED: Exit.STOPPED,
    Judgement.FIXED: Exit.FIXED,
    Judgement.STALE: Exit.STALE,
}
_MOST_CASES = 3
_MOST_COLUMNS = 6


def found(known: Sequence[Pin], results: Sequence[Mapping[str, Any]], whole: bool) -> list[Moved]:
    """Return all that is not as pinned in columns' results.

    Only the `whole` matrix can tell of pins that match nothing, and of cases that a column lacks. An
    invalid column says nothing, so each of its pinned cases has stopped. Raises PinsError where two pins
    claim one case in one column.
    """
    twice = [line for r in results for line in pins.overlaps(known, r["cases"], r["column"])]
    if twice:
        raise pins.PinsError("\n".join(twice))
    moved = [m for r in results for m in (drift.moved(known, r) if r["valid"] else _invalid(r))]
    if not whole:
        return moved
    valid = [r for r in results if r["valid"]]
    return moved + drift.absent(known, valid) + drift.stale(known, results)


def _invalid(results: Mapping[str, Any]) -> list[Moved]:
    column = results["column"]["id"]
    return [Moved(Judgement.STOPPED, "every case", column, None, "the column is invalid: a canary failed")]


def exit_code(moved: Iterable[Moved]) -> int:
    """Return the code of the worst class among what moved, 0 where nothing did."""
    classes = {m.judgement for m in moved}
    return next((int(EXITS[judgement]) for judgement in drift.DRIFT if judgement in classes), 0)


def terminal(moved: Sequence[Moved]) -> str:
    """Return lines for a terminal."""
    return "\n".join(_lines(moved, "{judgement}: {cause}", "  {case}", str)) + "\n"


def markdown(moved: Sequence[Moved]) -> str:
    """Return Markdown, for a step summary or a comment."""
    return "\n".join(_lines(moved, "- **{judgement}**: {cause}", "  - {case}", escaped)) + "\n"


def _lines(moved: Sequence[Moved], head: str, row: str, safe: Callable[[str], str]) -> Iterator[str]:
    if not moved:
        yield "everything is as pinned"
    for judgement, causes in drift.by_cause(moved).items():
        for cause, rows in causes.items():
            cases = sorted({m.case for m in rows})
            where = f"{len(cases)} cases in {_columns(rows)}" if len(cases) > 1 else f"in {_columns(rows)}"
            yield head.format(judgement=judgement, cause=safe(f"{cause}, {where}"))
            pin = rows[0].pin
            if pin is not None:
                yield row.format(case=safe(f"{pin.reason} {pin.url}"))
            for case in cases[:_MOST_CASES]:
                seen = next(m.seen for m in rows if m.case == case)
                yield row.format(case=safe(f"{case}: {seen}"))
            if len(cases) > _MOST_CASES:
                yield row.format(case=f"and {len(cases) - _MOST_CASES} more")


def _columns(rows: Iterable[Moved]) -> str:
    """Return the columns of some cases, the first of them where there are many."""
    names = list(dict.fromkeys(name for m in rows for name in m.column.split(", ")))
    if len(names) <= _MOST_COLUMNS:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_COLUMNS])} and {len(names) - _MOST_COLUMNS} more columns"


def as_json(moved: Sequence[Moved]) -> str:
    """Return a JSON list, one object for each case that moved."""
    rows = [
        {
            "judgement": str(m.judgement),
            "case": m.case,
            "column": m.column,
            "seen": m.seen,
            "pin": m.pin.id if m.pin else None,
        }
        for m in moved
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def github(moved: Sequence[Moved]) -> str:
    """Return workflow commands, which GitHub shows as annotations: one for each cause."""
    lines = []
    for judgement, causes in drift.by_cause(moved).items():
        for cause, rows in causes.items():
            title = _command(f"{judgement}: {cause}", True)
            text = _command("; ".join(f"{m.case} in {m.column}: {m.seen}" for m in rows[:_MOST_CASES]), False)
            lines.append(f"::error file=fixtures/pins.toml,title={title}::{text}")
    return "\n".join(lines) + ("\n" if lines else "")


def _command(text: str, is_property: bool) -> str:
    """Return a text in which a workflow command cannot end early."""
    for sign in ("%", "\r", "\n", *((":", ",") if is_property else ())):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


FORMATS: Mapping[str, Callable[[Sequence[Moved]], str]] = {
    "terminal": terminal,
    "markdown": markdown,
    "json": as_json,
    "github": github,
}
