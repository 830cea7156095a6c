"""The matrix as a picture: reports/matrix.svg, light or dark as the reader's screen is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.legible import legible
from conformance.matrix.folding import Group, groups, short
from conformance.matrix.matrix import FAMILIES
from conformance.reporting.templates import environment

Matrix = Mapping[str, Any]
#: Lengths in the picture's own units, of which a screen of a usual width shows one as about a pixel.
LABELS, CELL, ROW, GAP, HEAD, FAMILY, LEGEND = 262, 15, 20, 9, 76, 30, 40

#: The least width, which the legend needs.
WIDTH = 740

#: What the heading of the last column needs beside it, where that column stands alone.
LAST = 56


@dataclasses.dataclass(frozen=True)
class Line:
    """A row of the picture: a claim with its cells, or a family's heading without any."""

    y: int
    text: str
    cells: tuple[tuple[float, str], ...] = ()


def picture(matrix: Matrix) -> str:
    """Return reports/matrix.svg."""
    among = groups(matrix["columns"])
    places = _places(among)
    lines = list(_lines(matrix, places))
    return (
        environment()
        .get_template("matrix.svg")
        .render(
            width=max([WIDTH, *(x + LAST for x in places.values())]) + CELL + 2,
            height=lines[-1].y + ROW + LEGEND,
            heads=[(group.name, places[group.columns[0]["id"]]) for group in among],
            releases=[(legible(short(column), 40), x) for column, x in places.items()],
            lines=lines,
            cell=CELL,
            row=ROW,
            head=HEAD,
            columns=len(places),
        )
    )


def _places(among: Sequence[Group]) -> dict[str, int]:
    """Return where each column begins."""
    x, found = LABELS, {}
    for group in among:
        for column in group.columns:
            found[column["id"]] = x
            x += CELL
        x += GAP
    return found


def _lines(matrix: Matrix, places: Mapping[str, int]) -> Iterator[Line]:
    y, family = HEAD, ""
    for claim in matrix["claims"]:
        if claim["family"] != family:
            family = claim["family"]
            y += FAMILY
            yield Line(y - 8, FAMILIES[family])
        verdicts = matrix["verdicts"][claim["id"]]
        name = claim["id"].split("/")[1].replace("-", " ")
        yield Line(y, name, tuple((x, verdicts[column]) for column, x in places.items()))
        y += ROW
