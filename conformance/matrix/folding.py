"""Cases folded where they agree: one row for the cases of a test function that say the same everywhere.

Across, neighbouring columns that say the same are one run. A run never leaves its group of columns.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from conformance.matrix.sources import Function, Functions, function_of, situation_of
from conformance.words import UNKNOWN, Outcome

Matrix = Mapping[str, Any]
Column = Mapping[str, Any]

#: Whose columns stand together: a heading, the same in short, and what belongs under it. The first
#: that fits has a column. From TensorFlow 2.16 on Keras decides, so the columns are in Keras's order.
GROUPS: tuple[tuple[str, str, Callable[[Column], bool]], ...] = (
    ("Yours", "Yours", lambda c: "yours" in c),
    ("TensorFlow 1", "TF 1", lambda c: c["flavour"] == "tf1"),
    ("TensorFlow 2 with Keras 2", "Keras 2", lambda c: c["flavour"] == "keras2"),
    ("TensorFlow 2 with tf_keras", "tf_keras", lambda c: c["flavour"] == "tf_keras"),
    ("Keras 3, by its own releases, on one TensorFlow", "Keras 3", lambda c: "-keras" in c["id"]),
)


#: How a case may end that is no exception to its claim.
_FINE = (Outcome.HOLDS.value, Outcome.NOT_APPLICABLE.value, Outcome.BLOCKED.value)


@dataclasses.dataclass(frozen=True)
class Group:
    """Columns that stand together under one heading."""

    title: str
    name: str
    columns: tuple[Column, ...]


@dataclasses.dataclass(frozen=True)
class Run:
    """Neighbouring columns of one group in which the cases of a row say the same.

    `least` and `most` bound the numbers that were measured there, None where there were none.
    """

    columns: tuple[Column, ...]
    outcome: str
    observed: str | None
    pin: str | None
    reason: str | None
    unstable: bool
    least: float | None
    most: float | None


@dataclasses.dataclass(frozen=True)
class Row:
    """Cases of one test function that say the same in every column."""

    function: Function | None
    core: bool
    expected: str
    cases: tuple[str, ...]
    runs: tuple[Run, ...]

    @property
    def situation(self) -> str:
        """What sets the first of the cases apart from others of its function, nothing where it has none."""
        return situation_of(self.cases[0])[len(self.function.slug) + 1 :] if self.function else ""

    @property
    def holds(self) -> bool:
        """Whether the cases hold wherever they apply."""
        return all(run.outcome in _FINE and not run.unstable for run in self.runs)


def groups(columns: Sequence[Column]) -> list[Group]:
    """Return the columns by group, in the order of the headings; groups without a column are left out."""
    found: dict[tuple[str, str], list[Column]] = {(title, name): [] for title, name, _ in GROUPS}
    for column in columns:
        known = ((title, name) for title, name, belongs in GROUPS if belongs(column))
        found.setdefault(next(known, None) or _installed(column), []).append(column)
    return [Group(title, name, tuple(those)) for (title, name), those in found.items() if those]


def _installed(column: Column) -> tuple[str, str]:
    """Return the headings of a Keras 3 that pip chose: its own release, for that is what decides."""
    release = re.match(r"\d+\.\d+", column.get("keras") or "")
    name = f"Keras {release[0]}" if release else "TF 2.16 on"
    return f"{name}, as pip installs it with each TensorFlow", name


def short(column: str) -> str:
    """Return a column's id as it fits above a narrow cell: a release, or the id where it names none."""
    if not column.startswith("tf"):
        return column
    return column.split("-keras")[1] if "-keras" in column else column[len("tf") :].split("-")[0]


def rows(cases: Sequence[Mapping[str, Any]], among: Sequence[Group], known: Functions) -> list[Row]:
    """Return cases as rows: first what deviates in the core, then at the edge, then what holds."""
    folded: dict[Any, list[Mapping[str, Any]]] = {}
    for case in cases:
        said = tuple(_said(case, column) for group in among for column in group.columns)
        function = function_of(case["id"], known)
        folded.setdefault((function, case["core"], case["expected"], said), []).append(case)
    found = [
        Row(function, core, expected, tuple(c["id"] for c in those), tuple(_runs(those, among)))
        for (function, core, expected, _), those in folded.items()
    ]
    return sorted(found, key=lambda row: (row.holds, not row.core, row.cases[0]))


def _said(case: Mapping[str, Any], column: Column) -> tuple[str, str | None, str | None, str | None, bool]:
    """Return what must be equal for two cells to be shown as one."""
    cell = case["results"].get(column["id"])
    if cell is None:
        return (Outcome.NOT_RUN.value, None, None, None, False)
    unstable = column["id"] in case.get("unstable", ())
    return (cell["outcome"], cell["observed"], cell["pin"], cell.get("reason"), unstable)


def _runs(cases: Sequence[Mapping[str, Any]], among: Sequence[Group]) -> Iterator[Run]:
    for group in among:
        for said, those in itertools.groupby(group.columns, lambda column: _said(cases[0], column)):
            columns = tuple(those)
            cells = [case["results"].get(column["id"], {}) for case in cases for column in columns]
            numbers = [cell["measured"] for cell in cells if "measured" in cell]
            yield Run(columns, *said, least=min(numbers, default=None), most=max(numbers, default=None))


def is_unknown(outcome: str) -> bool:
    """Return whether an outcome says nothing about TensorFlow."""
    return Outcome(outcome) in UNKNOWN
