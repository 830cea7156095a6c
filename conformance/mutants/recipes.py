"""Recipes under mutants: each that reaches its goal must say another word where TensorFlow is broken for it.

What is found is kept in reports/recipes-killed.json, and holds until script, mutant or lock changes.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance import suite
from conformance.columns import children, running, scripts
from conformance.columns.columns import Column
from conformance.columns.scripts import Said
from conformance.exits import Exit
from conformance.mutants import kill_matrix
from conformance.mutants.trials import COLUMNS
from conformance.pins.faults import RECIPES
from conformance.recipes.goals import NOT_APPLICABLE, Goal, Recipe
from conformance.recipes.standing import Results
from conformance.results import results, shape
from conformance.results.results import ResultsError

SCHEMA = 1
KILLED = suite.ROOT / "reports" / "recipes-killed.json"
_KILL = {
    "recipe": shape.pattern("a recipe's id", "[a-z0-9-]{1,60}/[a-z0-9-]{1,60}"),
    "column": shape.NAME,
    "mutant": shape.TEXT,
    "part": shape.pattern("a module of mutants", "[a-z_]{1,50}"),
    "word": shape.TEXT,
    "digests": shape.TEXTS,
}


@dataclasses.dataclass(frozen=True)
class Kill:
    """A recipe that said another word than its goal's, in a column, under a mutant of a part of them."""

    recipe: str
    column: str
    mutant: str
    part: str
    word: str
    digests: list[str]

    @property
    def is_of_today(self) -> bool:
        """Whether script, mutant and lock are still those that were run."""
        there = (_script(self.recipe), _module(self.part))
        return all(path.exists() for path in there) and self.digests == digests(*self._key)

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.recipe, self.column, self.part


def digests(recipe: str, column: str, part: str) -> list[str]:
    """Return the digests of all that a kill depends on: the script, the mutant, the column's lock."""
    mutant = suite.code_digest(_module("surgery"), _module(part))
    return [suite.digest(_script(recipe)), mutant, suite.lock_digest(column) or "none"]


def _script(recipe: str) -> Path:
    return RECIPES / f"{recipe}.py"


def _module(part: str) -> Path:
    return suite.ROOT / "fixtures" / "mutants" / f"{part}.py"


def read(path: Path = KILLED) -> list[Kill]:
    """Return the kills that are kept and still of today. Raises ResultsError for a broken file."""
    if not path.exists():
        return []
    hint = "delete it and run `python -m conformance recipes --mutants`"
    kills = [Kill(**row) for row in results.checked(path, _faults, hint)["killed"]]
    return [kill for kill in kills if kill.is_of_today]


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with what is kept: only the first of it is sure to be true."""
    yield from shape.faults("", kept, {"schema": shape.exactly(SCHEMA), "killed": shape.LIST})
    for number, row in enumerate(kept["killed"], 1):
        yield from shape.faults(f"killed: {number}", row, _KILL)
    for recipe, column in shape.twice((row["recipe"], row["column"]) for row in kept["killed"]):
        yield f"killed: {recipe} twice in {column}"


def keep(kills: Iterable[Kill], path: Path = KILLED) -> None:
    """Write kills in their order: by recipe, by column."""
    there = (kill for kill in kills if kill.column in COLUMNS)
    rows = sorted(there, key=lambda kill: (kill.recipe, COLUMNS.index(kill.column)))
    lines = ",\n".join(json.dumps(dataclasses.asdict(row), ensure_ascii=False) for row in rows)
    results.replace(path, f'{{"schema": {SCHEMA}, "killed": [\n{lines}\n]}}\n')


def holding(goals: Iterable[Goal], found: Results, column: str) -> list[tuple[Goal, Recipe]]:
    """Return the recipes that hold in a column, with their goals."""
    each = ((goal, recipe) for goal in goals for recipe in goal.recipes)
    return [(goal, recipe) for goal, recipe in each if found[recipe.id].get(column) == goal.word]


def order(recipe: Recipe, mutants: Iterable[str], kills: Sequence[Kill]) -> list[str]:
    """Return mutants in the order in which a recipe is tried with them.

    First what killed the recipe in other columns, then what killed other ways to its goal, then what killed
    others: each where it did so most often.
    """
    itself = Counter(kill.mutant for kill in kills if kill.recipe == recipe.id)
    goal = Counter(kill.mutant for kill in kills if kill.recipe.startswith(f"{recipe.goal}/"))
    every = Counter(kill.mutant for kill in kills)
    return sorted(mutants, key=lambda name: (-itself[name], -goal[name], -every[name]))


def applying(column: str, matrix: Mapping[str, Any]) -> dict[str, str]:
    """Return the mutants that cases saw in a column, with their parts: first those that most saw."""
    fates = {name: mutant["columns"].get(column) for name, mutant in matrix["mutants"].items()}
    seen = {name: sum(fate["kills"].values()) for name, fate in fates.items() if fate}
    there = sorted((name for name in seen if seen[name]), key=lambda name: -seen[name])
    return {name: matrix["mutants"][name]["part"] for name in there}


def kill(
    goals: Sequence[Goal],
    found: Results,
    columns: Iterable[Column],
    built: Path | None,
    tell: Callable[[str], None],
) -> None:
    """Try mutants on each recipe that holds in columns until it says another word, and keep what is found.

    That is in those columns in which mutants run; what is known and of today is not tried again. Raises
    ResultsError.
    """
    matrix = kill_matrix.read()
    with running.alone():
        for column in (column for column in columns if column.id in COLUMNS):
            known = {one.recipe for one in read() if one.column == column.id}
            asked = [each for each in holding(goals, found, column.id) if each[1].id not in known]
            if asked:
                _kill_in(column, asked, applying(column.id, matrix), built, tell)


def _kill_in(
    column: Column,
    asked: Sequence[tuple[Goal, Recipe]],
    parts: Mapping[str, str],
    built: Path | None,
    tell: Callable[[str], None],
) -> None:
    log = running.WORK / f"{column.id}.recipes.log"
    command = [scripts.python(column, built), "-E", "-s", "-m", "conformance.breaking.printing"]
    how: dict[str, Any] = {"cwd": suite.ROOT, "env": scripts.environment(column)}
    with open(log, "w") as errors, children.asked(command, stderr=errors, **how) as ask:

        def say(recipe: str, mutant: str) -> str | None:
            line = ask(json.dumps([str(_script(recipe)), mutant]))
            if not line:
                raise ResultsError(f"{column.id}: mutants cannot be tried, see {log}", Exit.NOT_MEASURED)
            return Said(*json.loads(line)).word

        for goal, recipe in asked:
            kills = read()
            mutant, word = killer(goal.word, order(recipe, parts, kills), functools.partial(say, recipe.id))
            if mutant:
                now = digests(recipe.id, column.id, parts[mutant])
                keep([*kills, Kill(recipe.id, column.id, mutant, parts[mutant], word, now)])
            said = f"{word!r} under {mutant}" if mutant else "says nothing else, whatever is broken"
            tell(f"{column.id}: {recipe.id}: {said}")


def killer(word: str, names: Iterable[str], say: Callable[[str], str | None]) -> tuple[str, str]:
    """Return the first mutant under which another word is said, and that; `("", "")` where there is none.

    What is raised is no word, and what does not apply no answer.
    """
    for name in names:
        other = say(name)
        if other is not None and other not in (word, NOT_APPLICABLE):
            return name, other
    return "", ""


def surviving(
    goals: Sequence[Goal], found: Results, flavours: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """Return the recipes that hold in a column of a flavour and are killed in none of it, by both.

    The column in which it holds is said; `flavours` are those of columns.
    """
    killed = {(kill.recipe, flavours[kill.column]) for kill in read()}
    holds = {
        (recipe.id, flavour): column
        for column, flavour in flavours.items()
        for _, recipe in holding(goals, found, column)
    }
    return {key: column for key, column in holds.items() if key not in killed}
