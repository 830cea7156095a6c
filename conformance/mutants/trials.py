"""Mutants put to the trial: run in the environment of each column, and what the cases said is kept."""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from conformance import suite
from conformance.columns import running
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.results.results import ResultsError
from conformance.words import Outcome

#: One column of each flavour, and the ends of Keras 3.
COLUMNS = ("tf1.15", "tf2.0", "tf2.15", "tf2.21-tf_keras", "tf2.16-keras3.0", "tf2.21")
#: Those that take longest: they are begun first, or one would be left to run alone at the end.
_LONGEST = ("tf2.0", "tf2.15", "tf2.21-tf_keras")


def check(columns: Sequence[Column], names: Sequence[str], measured: Mapping[str, Any]) -> None:
    """Raise ResultsError for a column without results, or a name that no mutant has, with the nearest."""
    for column in columns:
        if column.id not in measured:
            hint = f"run `make matrix COLUMNS={column.id}` first"
            raise ResultsError(f"{column.id}: has no results to compare with; {hint}", Exit.NOT_MEASURED)
    known = list(written())
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3, 0.3)) or "see fixtures/mutants"
            raise ResultsError(f"no mutant is called {name!r}; nearest: {near}", Exit.BAD_INPUT)


def written() -> Iterator[str]:
    """Yield the names of all mutants, read from their source: importing it would import TensorFlow."""
    modules = (suite.ROOT / "fixtures" / "mutants").glob("*.py")
    nodes = [node for path in modules for node in ast.parse(path.read_text(encoding="utf-8")).body]
    for node in nodes:
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        calls = [mark.func for mark in marks if isinstance(mark, ast.Call)]
        if isinstance(node, ast.FunctionDef) and any(getattr(call, "id", "") == "mutant" for call in calls):
            yield node.name.replace("_", "-")


def kill(
    columns: Sequence[Column],
    due: Mapping[str, Sequence[str]],
    measured: Mapping[str, Any],
    likely: Mapping[str, Mapping[str, Sequence[str]]],
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Run the mutants that are due in columns, and return what their cases said, by column.

    One more column runs than there are cores: strategies let them wait. `likely` are the cases
    that a mutant is tried on first, by column and mutant.
    """
    said: dict[str, Any] = {}
    with running.alone(), ThreadPoolExecutor(suite.cores() + 1) as pool:
        futures = {
            pool.submit(_killed, c, due[c.id], measured[c.id]["cases"], likely.get(c.id, {})): c.id
            for c in sorted(columns, key=lambda column: column.id not in _LONGEST)
            if due[c.id]
        }
        for future in as_completed(futures):
            said[futures[future]] = future.result()
            tell(f"[{len(said)}/{len(futures)}] {futures[future]}: {len(said[futures[future]])} mutants")
    return said


def _killed(
    column: Column, names: Sequence[str], baseline: Mapping[str, Any], likely: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Try mutants in a column, and return what their cases said."""
    folder, log = running.WORK / "mutants", running.WORK / f"{column.id}.mutants.log"
    asked, out = folder / f"{column.id}.asked.json", folder / f"{column.id}.json"
    for path in (log, out):
        path.unlink(missing_ok=True)
    holds = [case for case, record in baseline.items() if record["outcome"] == Outcome.HOLDS.value]
    folder.mkdir(parents=True, exist_ok=True)
    asked.write_text(json.dumps({"mutants": list(names), "holds": holds, "likely": likely}), encoding="utf-8")
    command = ["python", "-m", "conformance.breaking.killing", str(asked), str(out)]
    if running.execute(column, log, *command) or not out.exists():
        raise ResultsError(f"{column.id}: mutants could not be run, see {log}", Exit.NOT_MEASURED)
    return dict(json.loads(out.read_text(encoding="utf-8")))
