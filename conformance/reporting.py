"""Which reports there are: each file's path, and the text that results give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from conformance import (
    certifying,
    columns,
    matrix,
    mutation,
    overview,
    pins,
    results,
    running,
    sources,
    suite,
    webpage,
)
from conformance.columns import Column
from conformance.results import Results

REPORTS = suite.ROOT / "reports"
README = suite.ROOT / "README.md"


def committed() -> dict[Path, str]:
    """Return the text of every report of the listed columns, by its path."""
    found = _matrix(running.measured())
    return {
        **_of(found, REPORTS),
        README: overview.with_excerpt(README.read_text(encoding="utf-8"), found),
    }


def local(files: Sequence[Path]) -> dict[Path, str]:
    """Return the text of the reports with somebody's own results beside the listed columns.

    Raises ResultsError for a file that is broken, or measured by another suite.
    """
    measured = dict(running.measured())
    yours = [_column(path, measured) for path in files]
    return _of(_matrix(measured, yours), suite.LOCAL_RESULTS / "matrix")


def _matrix(measured: Mapping[str, Results], yours: Sequence[Column] = ()) -> matrix.Matrix:
    listed = list(columns.columns().values())
    flavours = {column.id: column.flavour for column in listed}
    kills = mutation.by_claim(mutation.read(), flavours) if mutation.MUTANTS.exists() else {}
    unstable = {c.column: c.unstable for c in certifying.certificates(certifying.CERTIFIED).values()}
    return matrix.matrix(listed, measured, yours, pins.read(), kills, unstable)


def _of(found: matrix.Matrix, folder: Path) -> dict[Path, str]:
    return {
        folder / "matrix.json": matrix.dumped(found),
        folder / "matrix.md": overview.overview(found),
        folder / "index.html": webpage.page(found, sources.functions()),
    }


def _column(path: Path, measured: dict[str, Results]) -> Column:
    """Return the column that a file is of, its results added to those measured, under a free name."""
    found = results.read(path)
    results.of_suite(path, found, suite.identity())
    about = found["column"]
    name = about["id"]
    while name in measured:
        name += "-yours"
    measured[name] = found
    return Column(name, about["flavour"], about["python"], (), {})
