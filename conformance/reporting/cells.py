"""What a cell of the page's matrix shows: its verdict, how many cases say otherwise, and what moved.

Pure functions of the matrix. A case is *always so* where a release's documentation says that it is, or
where it raises alike in the whole history: it is told in its row, and paints no cell.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from conformance.matrix import comparing
from conformance.matrix.folding import is_unknown
from conformance.words import Outcome, Verdict

Case = Mapping[str, Any]
Column = Mapping[str, Any]
#: Up to which share of a claim's cases a cell has each shade, from the lightest on.
SHADES = (0.03, 0.1, 0.3)
_SILENT = (Outcome.NOT_APPLICABLE.value, Outcome.BLOCKED.value)


@dataclasses.dataclass(frozen=True)
class Cell:
    """A claim in a column.

    Of `applicable` cases `out` do not hold or say nothing, `always` more are so in the whole history;
    `moved` cases say something else than in the column to the left, `core` of them core ones.
    """

    column: str
    verdict: str
    applicable: int
    out: int
    always: int
    moved: int
    core: int

    @property
    def shown(self) -> str:
        """The verdict that the cell is painted in: an exception that is always so is none."""
        spared = self.verdict == Verdict.EXCEPTIONS.value and not self.out
        return Verdict.HOLDS.value if spared else self.verdict

    @property
    def shade(self) -> int:
        """How dark it is, from 1 to 4: by the share of cases that do not hold."""
        share = self.out / (self.applicable or 1)
        return 1 + sum(share > bound for bound in SHADES)


def cells(
    verdicts: Mapping[str, str], cases: Sequence[Case], columns: Sequence[Column], documented: Collection[str]
) -> list[Cell]:
    """Return a claim's cells, in the order of the columns."""
    always = {case["id"] for case in cases if always_so(case, documented)}
    lefts = [None, *(column["id"] for column in columns)]
    return [
        _cell(verdicts[column["id"]], cases, column["id"], left, always)
        for left, column in zip(lefts, columns, strict=False)
    ]


def _cell(
    verdict: str, cases: Sequence[Case], column: str, left: str | None, always: Collection[str]
) -> Cell:
    here = [case for case in cases if column in case["results"]]
    outcomes = {case["id"]: case["results"][column]["outcome"] for case in here}
    out = {i for i, outcome in outcomes.items() if outcome == Outcome.DEVIATES.value or is_unknown(outcome)}
    moved = [case["core"] for case in here if left and _moved(case, left, column)]
    return Cell(
        column=column,
        verdict=verdict,
        applicable=sum(outcome not in _SILENT for outcome in outcomes.values()),
        out=len(out - set(always)),
        always=len(out & set(always)),
        moved=len(moved),
        core=sum(moved),
    )


def _moved(case: Case, left: str, column: str) -> bool:
    """Return whether a case says something else than in the column to the left."""
    results = case["results"]
    return left in results and comparing.change(results[left], results[column]) in _TOLD


#: What is movement; what is gone, or gave no answer, is not.
_TOLD = (
    comparing.Change.LOST,
    comparing.Change.OTHERWISE,
    comparing.Change.WON,
    comparing.Change.APPEARED,
)


def always_so(case: Case, documented: Collection[str]) -> bool:
    """Return whether an edge is as documented, or raises alike wherever it applies."""
    said = [cell for cell in case["results"].values() if cell["outcome"] not in _SILENT]
    deviating = [cell for cell in said if cell["outcome"] == Outcome.DEVIATES.value]
    if case["core"] or not deviating:
        return False
    if all(cell["pin"] in documented for cell in deviating):
        return True
    words = {cell["observed"] for cell in deviating}
    return len(deviating) == len(said) and len(words) == 1 and str(words.pop()).startswith("raises ")


def packed(values: Sequence[object]) -> str:
    """Return values in which neighbours are equal: `4*3 7` is three times 4, then 7."""
    runs = [(value, len(list(those))) for value, those in itertools.groupby(values)]
    return " ".join(f"{value}" if count == 1 else f"{value}*{count}" for value, count in runs)
