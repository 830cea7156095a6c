"""What the page's scripts know, each thing once: columns, what rows say in them, pins and recipes.

Pure functions of the matrix. A row's element has its *codes*: for each column the number of a state.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.matrix.comparing import CONSEQUENCE
from conformance.matrix.folding import Group, Row, Run
from conformance.matrix.sources import Function
from conformance.reporting import asked, spans
from conformance.reporting.cells import packed

Matrix = Mapping[str, Any]
#: What a row may say in a column: outcome, word, pin, reason, and whether it said so in all runs.
State = tuple[str, "str | None", "str | None", "str | None", bool]
Recipe = Mapping[str, Any]
#: What a pin says beside its reason and its links, which the page itself has.
_INSTEAD = ("remedies", "no_remedy")


def states(rows: Iterable[Row]) -> dict[State, int]:
    """Return everything that rows say, with a number for each."""
    return {state: n for n, state in enumerate(dict.fromkeys(_state(r) for row in rows for r in row.runs))}


def _state(run: Run) -> State:
    return (run.outcome, run.observed, run.pin, _more(run), run.unstable)


def _more(run: Run) -> str | None:
    """Return what a reason says beside the word, which stands before it."""
    _, told, more = (run.reason or "").partition(f", observed {run.observed}")
    return more.removeprefix(": ") or None if told else run.reason


def codes(row: Row, known: Mapping[State, int]) -> str:
    """Return the numbers of what a row says, column by column."""
    return packed([known[_state(run)] for run in row.runs for _ in run.columns])


def facts(
    matrix: Matrix, groups: Sequence[Group], rows: Sequence[Row], known: Mapping[State, int]
) -> dict[str, Any]:
    """Return what stands in the page as data."""
    columns = [(column, n) for n, group in enumerate(groups) for column in group.columns]
    paths = {path: n for n, path in enumerate(dict.fromkeys(f.path for f in functions(rows)))}
    return {
        "columns": [{**column, "group": group} for column, group in columns],
        "groups": [group.name for group in groups],
        "states": [list(state) for state in known],
        "paths": list(paths),
        "functions": [[paths[f.path], f.slug, f.line] for f in functions(rows)],
        "pins": {pin["id"]: {k: pin[k] for k in _INSTEAD if k in pin} for pin in matrix["pins"]},
        "recipes": {r["id"]: _recipe(r, [c for c, _ in columns]) for r in matrix.get("recipes", ())},
        "order": list(CONSEQUENCE),
        "alike": asked.alike(),
    }


def functions(rows: Iterable[Row]) -> list[Function]:
    """Return the test functions of rows, each once."""
    return list(dict.fromkeys(row.function for row in rows if row.function))


def _recipe(recipe: Recipe, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a recipe's words in the order of the columns; one that reached its goal is 1."""
    return {"known": recipe["known"], "said": [_word(recipe, column["id"]) for column in columns]}


def _word(recipe: Recipe, column: str) -> Any:
    """Return 1 where a recipe holds, 0 where nothing is known, else its word."""
    word = recipe["results"].get(column)
    return 1 if word == recipe["word"] else word or 0


def goals(recipes: Sequence[Recipe]) -> list[dict[str, Any]]:
    """Return what people want, each goal with its ways, and in words where each way holds."""
    found = []
    for goal, those in itertools.groupby(recipes, lambda recipe: recipe["goal"]):
        ways = [
            {**way, "where": spans.ranges([c for c in way["results"] if _word(way, c) == 1])} for way in those
        ]
        found.append(
            {"id": goal, "wants": ways[0]["wants"], "also": asked.synonyms().get(goal, ""), "ways": ways}
        )
    return found
