"""What moved from one state of the reports to the next: reports/changes.json, which grows with them.

It is a file, and not read from git, so that the feed is made of what lies in `reports/`, the same byte for
byte in a shallow clone, in a wheel and on the machine that measured. Only here does a date come in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.matrix import comparing
from conformance.matrix.comparing import Change
from conformance.matrix.matrix import Matrix
from conformance.results import results, shape

SCHEMA = 1
_MOST_NAMES = 3
Entry = Mapping[str, Any]
_ENTRY = {
    "date": shape.pattern("a date such as '2026-11-26'", r"\d{4}-\d\d-\d\d"),
    "column": shape.NAME,
    "tensorflow": shape.TEXT,
    "keras": shape.TEXT,
    "beside": shape.TEXT_OR_NULL,
    "same_cases": shape.TRUTH,
    "moved": shape.LIST,
}


def between(before: Matrix, after: Matrix, left: Mapping[str, str], date: str) -> list[Entry]:
    """Return an entry for each column in which a case moved from one matrix to the next.

    A column that is new is compared with the one on its `left`, which its entry is `beside` then.
    """
    known = {column["id"] for column in before["columns"] if column["valid"]}
    same = before["suites"] == after["suites"]
    found: list[Entry] = []
    for column in (column for column in after["columns"] if column["valid"] and "yours" not in column):
        name = column["id"]
        beside = None if name in known else left.get(name)
        moved = _moved(before, after, name, name) if name in known else _moved(after, after, beside, name)
        if moved or name not in known:
            about = {key: column[key] for key in ("tensorflow", "keras")}
            head = {"date": date, "column": name, **about, "beside": beside, "same_cases": same}
            found.append({**head, "moved": moved})
    return found


def _moved(before: Matrix, after: Matrix, was: str | None, now: str) -> list[Entry]:
    """Return what became of the cases that both know, by claim and change, most consequential first."""
    older = {case["id"]: case["results"].get(was) for case in before["cases"]}
    grouped: dict[tuple[str, Change], list[Any]] = {}
    for case in after["cases"]:
        earlier, later = older.get(case["id"]), case["results"].get(now)
        change = comparing.change(earlier, later) if earlier and later else None
        if change:
            grouped.setdefault((case["claim"], change), []).append((case, earlier, later))
    rows = sorted(grouped.items(), key=lambda row: _rank(row[0], row[1]))
    return [_row(claim, change, those) for (claim, change), those in rows]


def _rank(key: tuple[str, Change], those: Sequence[Any]) -> Any:
    core = any(case["core"] for case, *_ in those)
    return not core, list(Change).index(key[1]), key[0]


def _row(claim: str, change: Change, those: Sequence[Any]) -> Entry:
    core_first = sorted(those, key=lambda row: not row[0]["core"])
    return {
        "claim": claim,
        "change": change.value,
        "count": len(those),
        "core": sum(case["core"] for case, *_ in those),
        "was": _words(was for _, was, _ in those),
        "is": _words(now for *_, now in those),
        "cases": [case["id"] for case, *_ in core_first[:_MOST_NAMES]],
    }


def _words(cells: Iterator[Mapping[str, Any]]) -> list[str]:
    counted = Counter(cell["observed"] or cell["outcome"].replace("-", " ") for cell in cells)
    return [word for word, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]


def read(path: Path) -> list[Entry]:
    """Return what moved, the oldest first; nothing where there is no file. Raises ResultsError."""
    if not path.exists():
        return []
    return list(results.checked(path, _faults, "take it from git again")["changes"])


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with a file of changes: only the first of it is sure to be true."""
    yield from shape.faults("", kept, {"schema": shape.exactly(SCHEMA), "changes": shape.LIST})
    for number, row in enumerate(kept["changes"], 1):
        yield from shape.faults(f"changes: {number}", row, _ENTRY)


def dumped(entries: Sequence[Entry]) -> str:
    """Return the text of reports/changes.json: an entry a line."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f'{{"schema": {SCHEMA}, "changes": [\n{lines}\n]}}\n'
