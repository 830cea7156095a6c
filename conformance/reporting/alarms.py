"""What drifted, told to people and to machines: functions of judged results.

Only annotations look at files, for the line of a pin or of a case.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance import suite
from conformance.claims import CLAIMS
from conformance.columns import running
from conformance.exits import Exit
from conformance.legible import in_markdown, legible
from conformance.matrix import sources
from conformance.pins import drift, pins, since
from conformance.pins.drift import Judgement, Moved
from conformance.pins.pins import Pin
from conformance.reporting import spans
from conformance.reporting.markdown import address
from conformance.results.results import read
from conformance.results.verdicts import is_canary, why_invalid

#: One exit code for each class, the worst that was found decides.
EXITS = {
    Judgement.REGRESSED: Exit.REGRESSED,
    Judgement.CHANGED: Exit.CHANGED,
    Judgement.STOPPED: Exit.STOPPED,
    Judgement.FIXED: Exit.FIXED,
    Judgement.STALE: Exit.STALE,
}
_MOST_CASES = 3
#: What makes a text that came from outside fit for a format.
Safe = Callable[[str], str]


def found(known: Sequence[Pin], results: Sequence[Mapping[str, Any]], whole: bool) -> list[Moved]:
    """Return all that is not as pinned in columns' results.

    Only the `whole` matrix can tell of the project's own pins that match nothing, and of cases that a
    column lacks. A user's pins are stale where they match no case that there is, measured or not. An
    invalid column says nothing, so each of its pinned cases has stopped. Raises PinsError where two pins
    claim one case in one column.
    """
    twice = [line for r in results for line in pins.overlaps(known, r["cases"], r["column"])]
    if twice:
        raise pins.PinsError("\n".join(twice))
    moved = [m for r in results for m in (drift.moved(known, r) if r["valid"] else _invalid(r))]
    if whole:
        moved += drift.absent(known, [r for r in results if r["valid"]])
    if since.of(known).own:
        return moved + _unmatched(known, results, whole)
    return moved + (drift.stale(known, results) if whole else [])


def _unmatched(known: Sequence[Pin], results: Sequence[Mapping[str, Any]], whole: bool) -> list[Moved]:
    """Return what a user's pins name and the suite does not have.

    That it has the case is said by any committed column; without one, part of a column says nothing.
    """
    paths = [p for p in sorted(running.RESULTS.glob("*.json")) if not p.name.endswith(".invalid.json")]
    if not (whole or paths):
        return []
    return drift.unmatched(known, results, () if whole else map(read, paths))


def notes(known: Sequence[Pin], results: Sequence[Mapping[str, Any]], moved: Sequence[Moved]) -> str:
    """Return lines on what to know of pins that are older than the suite that judged by them; mostly none."""
    cases = {case for r in results for case in r["cases"] if not is_canary(case)}
    unpinned = {m.case for m in moved if m.is_unpinned}
    return "".join(f"note: {legible(line, 1000)}\n" for line in since.notes(since.of(known), cases, unpinned))


def _invalid(results: Mapping[str, Any]) -> list[Moved]:
    why = f"the column is invalid: {why_invalid(results['cases'])}"
    return [Moved(Judgement.STOPPED, "every case", results["column"]["id"], None, why)]


def exit_code(moved: Iterable[Moved]) -> int:
    """Return the code of the worst class among what moved, 0 where nothing did."""
    classes = {m.judgement for m in moved}
    return next((int(EXITS[judgement]) for judgement in drift.DRIFT if judgement in classes), 0)


def terminal(moved: Sequence[Moved]) -> str:
    """Return lines for a terminal."""
    return "\n".join(_lines(moved, "{judgement}: {cause}", "  {case}", legible, legible)) + "\n"


def markdown(moved: Sequence[Moved]) -> str:
    """Return Markdown, for a step summary or a comment."""
    return "\n".join(_lines(moved, "- **{judgement}**: {cause}", "  - {case}", in_markdown, address)) + "\n"


def _lines(moved: Sequence[Moved], head: str, row: str, safe: Safe, link_of: Safe) -> Iterator[str]:
    if not moved:
        yield "everything is as pinned"
    for judgement, causes in drift.by_cause(moved).items():
        for cause, rows in causes.items():
            where, cases = _told(rows)
            yield head.format(judgement=judgement, cause=f"{safe(cause)}, {safe(where)}")
            text, link = _about(rows[0])
            if text:
                yield row.format(case=f"{safe(text)} {link_of(link)}")
            for case in cases:
                yield row.format(case=safe(case))


def _told(rows: Sequence[Moved]) -> tuple[str, list[str]]:
    """Return where the cases of one cause moved, and the first of them with what was seen."""
    seen = {m.case: m.seen for m in reversed(rows)}
    where = spans.ranges([name for m in rows for name in m.column.split(", ")])
    told = [legible(f"{case}: {seen[case]}") for case in sorted(seen)[:_MOST_CASES]]
    if len(seen) > _MOST_CASES:
        told.append(f"and {len(seen) - _MOST_CASES} more")
    return (f"{len(seen)} cases in {where}" if len(seen) > 1 else f"in {where}"), told


def _about(moved: Moved) -> tuple[str, str]:
    """Return the pin's reason, or the claim's statement, and the link of either."""
    if moved.pin is not None:
        return moved.pin.reason, moved.pin.url
    claim = CLAIMS.get(moved.case.split("[")[0])
    link = claim.source if claim and claim.source.startswith("https://") else ""
    return (f"The claim: {claim.statement}", link) if claim else ("", "")


def as_json(moved: Sequence[Moved]) -> str:
    """Return a JSON list, one object for each case that moved."""
    rows = [
        {
            "judgement": str(m.judgement),
            "case": legible(m.case),
            "column": legible(m.column),
            "seen": legible(m.seen),
            "pin": legible(m.pin.id) if m.pin else None,
            "why": legible(m.why),
        }
        for m in moved
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def github(moved: Sequence[Moved], file: Path | None = None) -> str:
    """Return workflow commands, which GitHub shows as annotations: one for each cause.

    The pins are the user's own, in a file, or this project's.
    """
    lines = []
    for judgement, causes in drift.by_cause(moved).items():
        for cause, rows in causes.items():
            title = _command(f"{judgement}: {legible(cause)}", True)
            where, cases = _told(rows)
            text = _command("; ".join([where, *cases]), False)
            lines.append(f"::error {_place(rows[0], file)}title={title}::{text}")
    return "\n".join(lines) + ("\n" if lines else "")


def _place(moved: Moved, file: Path | None) -> str:
    """Return where to look, if that is in the repository whose job this is: GitHub shows no other file.

    At the pin, or at the case's function; at the pins where there is neither, or where they are the user's.
    """
    pinned, line = file or pins.PINS, 0
    if moved.pin is not None:
        text = pinned.read_text(encoding="utf-8") if pinned.is_file() else ""  # a pipe was read already
        found = re.search(rf'^\s*id *= *["\']{re.escape(moved.pin.id)}["\']', text, re.M)
        line = text.count("\n", 0, found.end()) + 1 if found else 0
    function = sources.function_of(moved.case, _functions()) if "[" in moved.case else None
    if function and not (file or moved.pin):
        pinned, line = suite.PACKAGE.parent / function.path, function.line
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    here = workspace if file else suite.ROOT
    if here != workspace or not pinned.resolve().is_relative_to(workspace):
        return ""
    name = _command(pinned.resolve().relative_to(workspace).as_posix(), True)
    return f"file={name}," + (f"line={line}," if line else "")


@functools.cache
def _functions() -> sources.Functions:
    return sources.functions()


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
