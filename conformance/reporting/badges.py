"""A badge for each column and each claim, in the format that shields.io reads from a link.

No badge has a total: a column's counts its claims by verdict, a claim's says where it stands today.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from conformance.legible import legible
from conformance.matrix.matrix import SAID
from conformance.words import Verdict

Matrix = Mapping[str, Any]
_COLOURS = {
    Verdict.HOLDS: "brightgreen",
    Verdict.EXCEPTIONS: "yellow",
    Verdict.DEVIATES: "red",
    Verdict.NOT_APPLICABLE: "lightgrey",
    Verdict.UNKNOWN: "lightgrey",
}


def badges(matrix: Matrix) -> dict[str, str]:
    """Return the text of each badge by its path: `column/<column>.json`, `claim/<family>/<name>.json`."""
    found = {f"column/{column['id']}.json": _column(column, matrix) for column in matrix["columns"]}
    found.update({f"claim/{claim['id']}.json": _claim(claim, matrix) for claim in matrix["claims"]})
    return found


def _column(column: Mapping[str, Any], matrix: Matrix) -> str:
    if not column["valid"]:
        return _badge(column["id"], "no valid results", "lightgrey")
    counted = Counter(Verdict(row[column["id"]]) for row in matrix["verdicts"].values())
    names = {
        Verdict.HOLDS: "hold",
        Verdict.EXCEPTIONS: "with exceptions",
        Verdict.DEVIATES: "deviate",
        Verdict.UNKNOWN: "unknown",
    }
    parts = [f"{counted[verdict]} {name}" for verdict, name in names.items() if counted[verdict]]
    return _badge(column["id"], " · ".join(parts) or "nothing applies", "blue")


def _claim(claim: Mapping[str, Any], matrix: Matrix) -> str:
    newest = newest_release(matrix)
    if newest is None:
        return _badge(claim["id"], "unknown", "lightgrey")
    found = Verdict(matrix["verdicts"][claim["id"]][newest["id"]])
    return _badge(claim["id"], f"{SAID[found]} in TF {newest['tensorflow']}", _COLOURS[found])


def newest_release(matrix: Matrix) -> Mapping[str, Any] | None:
    """Return the last column of TensorFlow's own releases that is valid and no pre-release, None without."""
    released = [
        column
        for column in matrix["columns"]
        if column["valid"] and "-" not in column["id"] and "rc" not in column["id"] and "yours" not in column
    ]
    return released[-1] if released else None


def _badge(label: str, message: str, colour: str) -> str:
    value = {"schemaVersion": 1, "label": legible(label), "message": legible(message), "color": colour}
    return json.dumps(value, ensure_ascii=False) + "\n"
