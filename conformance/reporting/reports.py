"""Which reports there are: each file's path, and the text that results give it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from conformance import suite
from conformance.columns import certifying, columns, running
from conformance.columns.columns import Column
from conformance.matrix import matrix, sources
from conformance.mutants import kill_matrix
from conformance.pins import pins
from conformance.recipes import standing, trying
from conformance.reporting import badges, feed, links, movement, overview, picture, upgrading, webpage
from conformance.reporting.links import Links
from conformance.results import results
from conformance.results.results import Results

REPORTS = links.REPORTS
CHANGES = REPORTS / "changes.json"


def committed() -> dict[Path, str]:
    """Return the text of every report of the listed columns, by its path."""
    measured = running.measured()
    found = _matrix(measured)
    listed = list(columns.columns().values())
    return {
        **_in(REPORTS, rendered(found, sources.functions())),
        **_in(REPORTS / "badge", badges.badges(found)),
        REPORTS / "feed.xml": feed.feed(movement.read(CHANGES)),
        REPORTS / "upgrades.md": upgrading.upgrades(listed, measured, pins.read(), trying.cookbook(listed)),
    }


def noted(text: str, date: str) -> dict[Path, str]:
    """Return the reports of what moved, where something did from the matrix that lies there to a new one."""
    before = REPORTS / "matrix.json"
    if not before.exists():
        return {}
    was, now = json.loads(before.read_text(encoding="utf-8")), json.loads(text)
    left = {b: a for a, b in upgrading.neighbours(list(columns.columns().values()))}
    entries = movement.between(was, now, left, date)
    if not entries:
        return {}
    every = [*movement.read(CHANGES), *entries]
    return {CHANGES: movement.dumped(every), REPORTS / "feed.xml": feed.feed(every)}


def current() -> matrix.Matrix:
    """Return the matrix of the listed columns, as their results are now."""
    return _matrix(running.measured())


def local(files: Sequence[Path]) -> dict[Path, str]:
    """Return the text of the reports with somebody's own results beside the listed columns.

    Raises ResultsError for a file that is broken, or measured by another suite.
    """
    measured = dict(running.measured())
    yours = [_column(path, measured) for path in files]
    folder = suite.LOCAL_RESULTS / "matrix"
    return _in(folder, rendered(_matrix(measured, yours), sources.functions(), Links(folder)))


def _matrix(measured: Mapping[str, Results], yours: Sequence[Column] = ()) -> matrix.Matrix:
    listed = list(columns.columns().values())
    mutants = kill_matrix.read() if kill_matrix.MUTANTS.exists() else None
    kills = kill_matrix.by_claim(mutants, mutants["flavours"]) if mutants else {}
    unstable = {c.column: c.unstable for c in certifying.certificates(certifying.CERTIFIED).values()}
    cookbook = trying.cookbook(listed)
    recipes = standing.rows(cookbook.goals, cookbook.found)
    return matrix.matrix(listed, measured, yours, pins.read(), kills, unstable, recipes)


def rendered(found: matrix.Matrix, known: sources.Functions, way: Links = links.COMMITTED) -> dict[str, str]:
    """Return what a matrix looks like, by the name of the file."""
    return {
        "matrix.json": matrix.dumped(found),
        "matrix.md": overview.overview(found, way),
        "matrix.svg": picture.picture(found),
        "index.html": webpage.page(found, known, way),
    }


def _in(folder: Path, texts: Mapping[str, str]) -> dict[Path, str]:
    return {folder / name: text for name, text in texts.items()}


def results_of(*names: str) -> list[Results]:
    """Return the results that a user means, each those in a file, or of a listed column.

    A name with a folder in it is a file's. Raises ColumnError, with the nearest ids, for columns that are
    not listed, and ResultsError for one that was not measured.
    """
    listed = [name for name in names if Path(name).suffix != ".json" and os.sep not in name]
    known = dict(zip(listed, columns.chosen(listed) if listed else (), strict=True))
    paths = [running.RESULTS / f"{known[name].id}.json" if name in known else Path(name) for name in names]
    return [results.read(path) for path in paths]


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
