"""What to write instead, beside a deviation: recipes that reached their goals here when they were run."""

from __future__ import annotations

import ast
import functools
import json
from typing import Any, Dict, Mapping, Sequence, Tuple

from conformance.auditing.findings import Alarm
from conformance.measuring import locks
from conformance.pins import globs, toml
from conformance.pins.faults import RECIPES
from conformance.suite import ROOT

_KEPT = ROOT / "reports" / "recipes.json"
#: What somebody wants who meets an alarm.
_WANTED = {Alarm.FROZEN_TRAINED.value: "freeze-a-base", Alarm.TRAINABLE_KEPT.value: "thaw-everything"}


def of_pin(named: Sequence[str], claim: str, column: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return what some recipes that hold here do, the first of each goal; nothing where none is known to.

    Where there are some for that claim, it is these alone. Where no column is like this environment, they
    are those of one with this Keras, which is named.
    """
    answering = [name for name in named if globs.matches(_about(name), claim)]
    return _first(answering, column) or _first(named, column)


def _first(named: Sequence[str], column: Mapping[str, Any]) -> Tuple[str, ...]:
    like = locks.listed_like(column)
    run = like or locks.nearest(column)
    source = "" if like else f", as run in {run}"
    found: Dict[str, str] = {}
    for name in named:
        if _holds(name, run):
            found.setdefault(name.split("/")[0], f"{_does(name)} (recipe {name}{source})")
    return tuple(found.values())


def of_alarm(alarm: str, column: Mapping[str, Any]) -> Tuple[str, ...]:
    """Return recipes for what whoever meets an alarm wants, as `of_pin` does."""
    goal = _WANTED.get(alarm, "")
    ways = _goals()[goal]["ways"] if goal in _goals() else ()
    return _first([f"{goal}/{way}" for way in ways], column)


def _about(name: str) -> Tuple[str, ...]:
    return tuple(_goals()[name.split("/")[0]]["about"])


def _holds(name: str, column: str) -> bool:
    word = _words().get((f"{name}.py", column))
    return word is not None and word == _goals()[name.split("/")[0]]["word"]


def _does(name: str) -> str:
    return ast.get_docstring(ast.parse((RECIPES / f"{name}.py").read_text(encoding="utf-8"))) or ""


@functools.lru_cache(maxsize=None)
def _words() -> Dict[Tuple[str, str], str]:
    """Return what each script printed, by script and column."""
    if not _KEPT.exists():
        return {}
    rows = json.loads(_KEPT.read_text(encoding="utf-8"))["printed"]
    return {(row["script"], row["column"]): row["word"] for row in rows}


@functools.lru_cache(maxsize=None)
def _goals() -> Dict[str, Mapping[str, Any]]:
    path = RECIPES / "goals.toml"
    rows = toml.table(toml.read(path), path.name)["goal"] if path.exists() else []
    return {str(row["id"]): row for row in rows}
