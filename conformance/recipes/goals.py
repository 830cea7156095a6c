"""The registry of recipes: goals as data, fixtures/recipes/goals.toml, and a script for each way to one.

A recipe's id is `<goal>/<way>`, which is also where its script lies. What a way does is said by the first
line of its script, so that whoever copies the script has it too.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.columns import scripts
from conformance.exits import Exit
from conformance.legible import legible
from conformance.pins import toml
from conformance.pins.faults import RECIPES
from conformance.results import shape

GOALS = RECIPES / "goals.toml"
MOST_LINES = 20
#: What a script prints in a column that lacks what it is made of.
NOT_APPLICABLE = "not applicable"
#: Who writes it so: the documentation, many people, few.
KNOWN = ("guide", "common", "rare")
_NAME = shape.pattern("a name of small letters", r"[a-z0-9]+(?:-[a-z0-9]+){0,9}")
_KNOWN = shape.Kind(f"one of {', '.join(KNOWN)}", lambda value: value in KNOWN)
_GOAL = {
    "id": _NAME,
    "wants": shape.TEXT,
    "word": shape.TEXT,
    "about": shape.TEXTS,
    "ways": shape.table_of(_KNOWN, "names of ways, each with who writes it so", _NAME.fits),
}


class GoalsError(Exception):
    """Goals or scripts that cannot be used. Its text names everything that is wrong, a line each."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A way to reach a goal: what it does, who writes it so, and the code."""

    goal: str
    way: str
    does: str
    known: str
    code: str

    @property
    def id(self) -> str:
        """What a pin names it by."""
        return f"{self.goal}/{self.way}"

    @property
    def script(self) -> str:
        """Where its script is, in the folder of recipes."""
        return f"{self.id}.py"


@dataclasses.dataclass(frozen=True)
class Goal:
    """Something that people want, the word that means it is reached, and the ways to it.

    `about` are the claims, or globs of them, whose deviations it answers.
    """

    id: str
    wants: str
    word: str
    about: tuple[str, ...]
    recipes: tuple[Recipe, ...]


def read(path: Path = GOALS) -> list[Goal]:
    """Return the goals, in the order of their file. Raises GoalsError, naming every fault."""
    try:
        table = toml.table(toml.read(path), path.name)
    except toml.TomlError as error:
        raise GoalsError(str(error)) from None
    wrong = list(faults(table)) or list(_unlike(table, path.parent))
    if wrong:
        raise GoalsError("\n".join(f"{path.name}: {fault}" for fault in wrong))
    return [_goal(row, path.parent) for row in table["goal"]]


def chosen(names: Sequence[str] = ()) -> list[Goal]:
    """Return the goals that names name, all without any. Raises GoalsError with the nearest ids."""
    known = {goal.id: goal for goal in read()}
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name.lower(), known, 3))
            where = f"nearest: {near}" if near else f"there are {', '.join(known)}"
            raise GoalsError(legible(f"no goal is called {name!r}; {where}", 1000))
    return [known[name] for name in names] or list(known.values())


def faults(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a table of goals, as TOML gives it."""
    yield from (f"unknown key {shape.shown(key)}" for key in table if key != "goal")
    rows = table.get("goal")
    if not shape.LIST.fits(rows) or not rows:
        yield "has no list of goals: each begins with [[goal]]"
        return
    for number, row in enumerate(rows, 1):
        name = row.get("id") if isinstance(row, dict) else None
        yield from shape.faults(str(name) if _NAME.fits(name) else f"goal number {number}", row, _GOAL)
    ids = (row["id"] for row in rows if isinstance(row, dict) and _NAME.fits(row.get("id")))
    yield from (f"two goals are called {name!r}" for name in shape.twice(ids))


def _unlike(table: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield where scripts and goals are not of each other, and what a script is not allowed."""
    named = {f"{row['id']}/{way}.py" for row in table["goal"] for way in row["ways"]}
    there = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.py")}
    yield from (f"{name}: there is no such script" for name in sorted(named - there))
    yield from (f"{name}: a script of no goal" for name in sorted(there - named))
    for name in sorted(named & there):
        yield from (f"{name}: {fault}" for fault in scripts.faults(folder / name, MOST_LINES, "recipe"))
        if not _does(folder / name):
            yield f"{name}: does not say in its first line what it does"


def _does(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def _goal(row: Mapping[str, Any], folder: Path) -> Goal:
    found = []
    for way, known in row["ways"].items():
        path = folder / row["id"] / f"{way}.py"
        found.append(Recipe(row["id"], way, _does(path), known, path.read_text(encoding="utf-8")))
    return Goal(row["id"], row["wants"], row["word"], tuple(row["about"]), tuple(found))
