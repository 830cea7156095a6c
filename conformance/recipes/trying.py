"""Running recipes in columns, and keeping what they print: reports/recipes.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from conformance import suite
from conformance.columns import running, scripts
from conformance.columns.columns import Column
from conformance.columns.scripts import Kept, Printed, Said
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


def certify(
    goals: Iterable[Goal], columns: Iterable[Column], built: Path | None, tell: Callable[[str], None]
) -> list[str]:
    """Run recipes once more, each by itself as a person does, and keep that it says what is kept.

    What is certified is not run again. Returns a line for each that says another word. Raises ResultsError.
    """
    wrong, asked = [], {recipe.script for goal in goals for recipe in goal.recipes}
    named = [recipe.script for goal in read() for recipe in goal.recipes]
    with running.alone():
        for column in columns:
            for kept in (p for p in uncertified(column) if p.script in asked):
                word = scripts.said_alone(column, RECIPES / kept.script, built).whatever
                if word == kept.word:
                    KEPT.keep([dataclasses.replace(kept, again=True)], named)
                else:
                    wrong.append(f"{column.id}: {kept.script}: alone {word!r}, and {kept.word!r} is kept")
                tell(f"{column.id}: {kept.script}: {word!r}")
    return wrong


def uncertified(column: Column) -> list[Printed]:
    """Return what is kept in a column, is of today, and was not said in a second run. Raises ResultsError."""
    here = (p for p in KEPT.read() if p.column == column.id and KEPT.is_of_today(p))
    return [p for p in here if not p.again]
