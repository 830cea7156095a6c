"""What bisections found, kept in reports/bisected.json: the release in which a case began to say its word.

It holds as long as both columns say what they said when it was looked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from conformance import suite
from conformance.results import results, shape

SCHEMA = 1
KEPT = suite.ROOT / "reports" / "bisected.json"


class Change(NamedTuple):
    """A case that was one word in a column, and is another in the newer one."""

    case: str
    older: str
    newer: str
    was: str
    word: str


_ROW = {
    **{"case": shape.TEXT, "older": shape.NAME, "newer": shape.NAME},
    **{"was": shape.TEXT, "word": shape.TEXT, "found": shape.TEXT},
}


def read(path: Path = KEPT) -> dict[Change, str]:
    """Return in words what was found of each change that was looked for. Raises ResultsError."""
    if not path.exists():
        return {}
    rows = results.checked(path, _faults, "delete it")["changes"]
    return {_change(row): row["found"] for row in rows}


def _change(row: dict[str, str]) -> Change:
    return Change(*(row[name] for name in Change._fields))


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with what is kept: only the first of it is sure to be true."""
    yield from shape.faults("", kept, {"schema": shape.exactly(SCHEMA), "changes": shape.LIST})
    for number, row in enumerate(kept["changes"], 1):
        yield from shape.faults(f"changes: {number}", row, _ROW)
    for change in shape.twice(map(_change, kept["changes"])):
        yield f"changes: {change.case} twice between {change.older} and {change.newer}"


def keep(change: Change, found: str, path: Path = KEPT) -> None:
    """Write what was found, in the place of what was found before."""
    known = sorted({**read(path), change: found}.items())
    lines = ",\n".join(
        json.dumps({**one._asdict(), "found": text}, ensure_ascii=False) for one, text in known
    )
    results.replace(path, f'{{"schema": {SCHEMA}, "changes": [\n{lines}\n]}}\n')
