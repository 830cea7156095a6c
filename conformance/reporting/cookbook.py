"""The recipes as text: each goal, each way to it, and where that way reaches it.

Pure functions of goals and words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.columns.columns import Column
from conformance.legible import legible
from conformance.matrix.matrix import ranges
from conformance.recipes import standing
from conformance.recipes.goals import Goal
from conformance.recipes.standing import HOLDS, Results

_INDENT = " " * 4


def page(goals: Sequence[Goal], found: Results, columns: Sequence[Column]) -> str:
    """Return all goals in some columns, with each way and where it holds."""
    return "\n".join(line for goal in goals for line in _of_goal(goal, found, columns))


def _of_goal(goal: Goal, found: Results, columns: Sequence[Column]) -> Iterator[str]:
    yield f"{goal.id}: {goal.wants}"
    for recipe in goal.recipes:
        said = {c.id: legible(standing.said(goal, found[recipe.id].get(c.id))) for c in columns}
        held = sum(word == HOLDS for word in said.values())
        yield f"{_INDENT}{recipe.way} ({recipe.known}): {recipe.does}"
        yield f"{_INDENT * 2}holds in {held} of {len(columns)}: {ranges(columns, said)}"
    yield from _nowhere(goal, found, columns)
    yield ""


def _nowhere(goal: Goal, found: Results, columns: Sequence[Column]) -> Iterator[str]:
    """Yield a line where there are columns in which no way holds."""
    reached = standing.reached([goal], found)[goal.id]
    lacking = [column.id for column in columns if not reached.get(column.id)]
    if lacking:
        yield f"{_INDENT}no way that is known to hold in {', '.join(lacking)}"
