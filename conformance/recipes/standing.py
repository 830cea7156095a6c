"""Which recipe holds where: pure functions of goals, words and columns.

A recipe *holds* in a column where its script printed the word of its goal. What was not run, or printed
nothing, is unknown, and is never advised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.columns.columns import Column
from conformance.columns.scripts import Words
from conformance.pins import globs
from conformance.recipes.goals import NOT_APPLICABLE, Goal, Recipe

UNKNOWN = "unknown"
HOLDS = "holds"
#: By recipe, by column: the word that its script printed, None where that is not known.
Results = Mapping[str, Mapping[str, "str | None"]]


@dataclasses.dataclass(frozen=True)
class Advised:
    """How to reach a goal on the way from one column to another: one recipe for both, or one for each.

    A side on which none is known to hold has None.
    """

    goal: Goal
    before: Recipe | None
    after: Recipe | None

    @property
    def both(self) -> Recipe | None:
        """The recipe that holds on both sides, if there is one."""
        return self.before if self.before == self.after else None


@dataclasses.dataclass(frozen=True)
class Cookbook:
    """All goals, and what each recipe printed in each column."""

    goals: Sequence[Goal] = ()
    found: Results = dataclasses.field(default_factory=dict)

    def advised(self, named: Sequence[str], claim: str, before: str, after: str) -> list[Advised]:
        """Return what to write instead, for a pin that names recipes, on the way from a column to another."""
        answering = [goal for goal in self.goals if globs.matches(goal.about, claim)]
        return advised(named, answering, self.found, before, after) or advised(
            named, self.goals, self.found, before, after
        )


def results(
    goals: Iterable[Goal], words: Words, columns: Iterable[Column]
) -> dict[str, dict[str, str | None]]:
    """Return what each recipe printed in each column."""
    ids = [column.id for column in columns]
    recipes = [recipe for goal in goals for recipe in goal.recipes]
    return {recipe.id: {c: words.get((recipe.script, c)) for c in ids} for recipe in recipes}


def rows(goals: Iterable[Goal], found: Results) -> list[dict[str, Any]]:
    """Return the recipes as matrix.json has them: each with its goal, its code, and its words by column."""
    return [
        {
            "id": recipe.id,
            "goal": goal.id,
            "wants": goal.wants,
            "word": goal.word,
            "way": recipe.way,
            "does": recipe.does,
            "known": recipe.known,
            "code": recipe.code,
            "results": dict(found[recipe.id]),
        }
        for goal in goals
        for recipe in goal.recipes
    ]


def said(goal: Goal, word: str | None) -> str:
    """Return how a recipe's word stands to its goal: holds, not applicable, unknown, or the word itself."""
    if word is None:
        return UNKNOWN
    return HOLDS if word == goal.word else word


def reached(goals: Sequence[Goal], found: Results) -> dict[str, dict[str, str]]:
    """Return, for each goal and column, the first way that holds there; `""` where no way does."""
    columns = list(next(iter(found.values()), {}))
    return {goal.id: {column: _first(goal, found, column) for column in columns} for goal in goals}


def _first(goal: Goal, found: Results, column: str) -> str:
    ways = (r.way for r in goal.recipes if found[r.id].get(column) == goal.word)
    return next(ways, "")


def advised(
    named: Sequence[str], goals: Iterable[Goal], found: Results, before: str, after: str
) -> list[Advised]:
    """Return what to write on the way from one column to another: for each goal of some recipes, best first.

    It is the best recipe that holds on both sides, or else the best of each side: first of those that are
    named, then of the other ways to the same goal. A goal that is known to be reached on neither is left out.
    """
    known = {recipe.id: goal for goal in goals for recipe in goal.recipes}
    wanted = dict.fromkeys(known[name].id for name in named if name in known)
    by_id = {goal.id: goal for goal in known.values()}
    each = (_advised(by_id[goal], named, found, before, after) for goal in wanted)
    return [one for one in each if one.before or one.after]


def _advised(goal: Goal, named: Sequence[str], found: Results, before: str, after: str) -> Advised:
    ways = sorted(goal.recipes, key=lambda r: named.index(r.id) if r.id in named else len(named))
    here, there = ([r for r in ways if found[r.id].get(c) == goal.word] for c in (before, after))
    both = next((recipe for recipe in here if recipe in there), None)
    return Advised(goal, both or next(iter(here), None), both or next(iter(there), None))


def uncovered(
    named: Sequence[str], goals: Iterable[Goal], found: Results, columns: Iterable[str]
) -> list[str]:
    """Return those of some columns in which none of the named recipes holds."""
    words = {recipe.id: goal.word for goal in goals for recipe in goal.recipes}
    return [c for c in columns if not any(found[name].get(c) == words[name] for name in named)]


def faults(goals: Sequence[Goal], found: Results) -> list[str]:
    """Return what is amiss: a word that is missing, or a goal of which nothing is known."""
    wrong = []
    for goal in goals:
        for recipe in goal.recipes:
            lacking = [column for column, word in found[recipe.id].items() if word is None]
            if lacking:
                wrong.append(f"{recipe.id}: said nothing in {', '.join(lacking)}")
        words = {word for recipe in goal.recipes for word in found[recipe.id].values()}
        if not words - {None, NOT_APPLICABLE}:
            wrong.append(f"{goal.id}: no way was tried anywhere")
    return wrong
