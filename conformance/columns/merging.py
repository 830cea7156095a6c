"""Putting together what several machines measured: the shards of one column, or columns of one matrix."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from conformance import suite
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.measuring.shards import Shard, ShardError
from conformance.results import results
from conformance.results.results import Results, ResultsError
from conformance.results.verdicts import is_canary, why_invalid

_MOST_NAMED = 9


def merged(paths: Sequence[Path]) -> Results:
    """Return the results of a column from the files of all its shards, in any order.

    Raises ResultsError for a file that is broken, invalid, or of another suite or column than the
    first, and ShardError where one is missing or given twice, or a case is missing, or not in its shard.
    """
    parts = [results.read(path, part=True) for path in paths]
    first = parts[0]
    for path, part in zip(paths, parts, strict=True):
        for what in ("suite", "column"):
            if part[what] != first[what]:
                message = f"{path}: measured by another {what} than {paths[0]}"
                hint = "measure both with one checkout and one lock"
                raise ResultsError(f"{message}; {hint}", Exit.BAD_INPUT)
        if not part["valid"]:
            why = why_invalid(part["cases"])
            raise ResultsError(f"{path}: {why}; measure this shard again", Exit.NOT_MEASURED)
    _whole(dict(zip(paths, (_shard(part) for part in parts), strict=True)))
    for path, part in zip(paths, parts, strict=True):
        _belong(path, part)
    cases = {case: record for part in parts for case, record in part["cases"].items()}
    for path, part in zip(paths, parts, strict=True):
        _complete(path, part["shard"].get("cases", len(cases)), len(cases))
    return results.results(first["column"], first["suite"], True, cases)


def _whole(shards: Mapping[Path, Shard]) -> None:
    """Raise ShardError where the shards are not each of one division, once."""
    of = next(iter(shards.values())).of
    for path, shard in shards.items():
        if shard.of != of:
            raise ShardError(f"{path}: is shard {shard}, and others are of {of}")
        twice = [str(p) for p, other in shards.items() if other == shard]
        if len(twice) > 1:
            raise ShardError(f"{' and '.join(twice)}: both are shard {shard}")
    there = {shard.index for shard in shards.values()}
    missing = (Shard(index, of) for index in range(1, of + 1) if index not in there)
    named = [str(shard) for shard in itertools.islice(missing, _MOST_NAMED)]
    if named:
        more = of - len(there) - len(named)
        names = ", ".join(named) + (f" and {more} more" if more else "")
        raise ShardError(f"shard {names} is missing; run `pytest conformance --measure --shard {named[0]}`")


def _shard(part: Results) -> Shard:
    return Shard(part["shard"]["index"], part["shard"]["of"])


def _complete(path: Path, there: int, came: int) -> None:
    """Raise ShardError where the shards together have not the cases that there were when one was measured."""
    if there != came:
        raise ShardError(f"{path}: is a shard of {there} cases, and {came} came; measure all shards again")


def _belong(path: Path, part: Results) -> None:
    shard = _shard(part)
    astray = [case for case in part["cases"] if not (is_canary(case) or shard.has(case))]
    if astray:
        raise ShardError(f"{path}: {astray[0]} does not belong to shard {shard}; measure it again")


def gathered(folder: Path, columns: Sequence[Column], tell: Callable[[str], None]) -> list[Results]:
    """Return the results found anywhere in `folder` that may take the place of the columns' earlier ones.

    Tells in one line each of every file that may not, and of every column that none came for: what was
    measured earlier of it stays.
    """
    wanted, found = {column.id: column for column in columns}, {}
    for path in sorted(folder.rglob("*.json")):
        try:
            value = _acceptable(path, wanted)
            found[value["column"]["id"]] = value
        except ResultsError as error:
            tell(str(error))
    for column in wanted:
        if column not in found:
            tell(f"{column}: no results came; the earlier ones are kept")
    return [found[column] for column in wanted if column in found]


def _acceptable(path: Path, wanted: Mapping[str, Column]) -> Results:
    """Return the results in a file. Raises ResultsError where they are not good, or not of these columns."""
    value = results.read(path)
    results.of_suite(path, value, suite.identity())
    name = value["column"]["id"]
    if name not in wanted:
        raise ResultsError(f"{path}: no column is called {name!r} here", Exit.BAD_INPUT)
    if value["column"].get("lock") != suite.lock_digest(name):
        lock = f"fixtures/locks/{name}.txt"
        raise ResultsError(f"{path}: built from another lock than {lock}", Exit.BAD_INPUT)
    if not value["valid"]:
        raise ResultsError(f"{path}: {why_invalid(value['cases'])}", Exit.NOT_MEASURED)
    return value
