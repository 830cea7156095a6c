"""Running recipes in columns, and keeping what they print: reports/recipes.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
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
    goals: Iterable[Goal],
    columns: Sequence[Column],
    built: Path | None,
    jobs: int,
    tell: Callable[[str], None],
) -> list[str]:
    """Run recipes once more, in a fresh process and backwards, `jobs` columns at a time.

    What says the same word is certified, and not run again. Returns a line for each that says another. Raises
    ResultsError.
    """
    wrong, asked = list[str](), {recipe.script for goal in goals for recipe in goal.recipes}
    named = [recipe.script for goal in read() for recipe in goal.recipes]
    with running.alone(), ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(_again, column, asked, built): column.id for column in columns}
        for number, future in enumerate(as_completed(futures), 1):
            same, others = future.result()
            KEPT.keep(same, named)
            wrong += others
            tell(f"[{number}/{len(futures)}] {futures[future]}: {len(same)} said the same, {len(others)} not")
    return wrong


def _again(column: Column, asked: Collection[str], built: Path | None) -> tuple[list[Printed], list[str]]:
    """Return what said the same in a column once more, and a line for each script that did not."""
    before = [printed for printed in reversed(uncertified(column)) if printed.script in asked]
    after = scripts.said(column, [RECIPES / printed.script for printed in before], built) if before else []
    both = [(was, _word(said)) for was, said in zip(before, after, strict=True)]
    same = [dataclasses.replace(was, again=True) for was, word in both if word == was.word]
    others = [(was, word) for was, word in both if word != was.word]
    return same, [f"{column.id}: {was.script}: {word!r}, and {was.word!r} is kept" for was, word in others]


def uncertified(column: Column) -> list[Printed]:
    """Return what is kept in a column, is of today, and was not said in a second run. Raises ResultsError."""
    here = (p for p in KEPT.read() if p.column == column.id and KEPT.is_of_today(p))
    return [p for p in here if not p.again]
