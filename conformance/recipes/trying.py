"""Running recipes in columns, and keeping what they print: reports/recipes.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from conformance import suite
from conformance.columns import scripts
from conformance.columns.columns import Column
from conformance.columns.scripts import Kept, Said
from conformance.pins.faults import RECIPES
from conformance.recipes import standing
from conformance.recipes.goals import Goal, read
from conformance.recipes.standing import Cookbook

KEPT = Kept(suite.ROOT / "reports" / "recipes.json", RECIPES, "recipes --run")


def run(
    goals: Sequence[Goal],
    columns: Iterable[Column],
    built: Path | None,
    jobs: int,
    force: bool,
    tell: Callable[[str], None],
) -> None:
    """Run all recipes in columns, `jobs` of these at a time, and keep their words.

    `built` has the columns' environments, by id; without it tox builds them. What is known and of today is
    not run again, unless by `force`. Raises ResultsError.
    """
    known = {} if force else KEPT.words()
    asked = [recipe.script for goal in goals for recipe in goal.recipes]
    wanted = [(script, column.id) for column in columns for script in asked]
    named = [recipe.script for goal in read() for recipe in goal.recipes]
    # A recipe is code to copy, so what it raises is not caught in it: that is its word here.
    KEPT.run([pair for pair in wanted if pair not in known], built, jobs, tell, _word, named)


def cookbook(columns: Iterable[Column]) -> Cookbook:
    """Return all goals, and what is known of them in columns. Raises GoalsError, ResultsError."""
    known = read()
    return Cookbook(known, standing.results(known, KEPT.words(), columns))


def _word(said: Said) -> str | None:
    return said.whatever


def differing(goals: Iterable[Goal], column: Column, built: Path | None) -> list[str]:
    """Return a line for each recipe that, run by itself as a person does, does not say what is kept."""
    known, wrong = KEPT.words(), []
    for recipe in (recipe for goal in goals for recipe in goal.recipes):
        kept = known.get((recipe.script, column.id))
        word = scripts.said_alone(column, RECIPES / recipe.script, built).whatever
        if word != kept:
            wrong.append(f"{column.id}: {recipe.id}: alone it says {word!r}, and {kept!r} is kept")
    return wrong
