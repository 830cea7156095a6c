"""Which of the cases that were collected are run, and what a run of these could not say."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List

import pytest

from conformance import plugin as door
from conformance.claims import claims_matching
from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring.case import Case
from conformance.measuring.keys import BROKEN, CASE, COLLECTED, COLLECTION, FAULTY
from conformance.results import blame
from conformance.suite import CASES

CANARIES = CASES / "test_canary.py"
#: Characters of a line that ends a run.
_MOST_SAID = 1000


def targets(config: pytest.Config) -> List[Path]:
    """Return the files and folders that pytest was given."""
    arguments = getattr(config, "args", [])  # none yet where pytest 7.0 only shows its help
    return door.targets(arguments, config.option.pyargs, Path(str(config.invocation_params.dir)))


def drop(config: pytest.Config, items: List[pytest.Item], wanted: Callable[[Case], bool]) -> None:
    """Leave cases out that are not wanted, and have pytest say how many."""
    dropped = [i for i in items if CASE in i.stash and not wanted(i.stash[CASE])]
    if dropped:
        gone = set(dropped)
        items[:] = [i for i in items if i not in gone]
        config.hook.pytest_deselected(items=dropped)


def check_given(config: pytest.Config, items: List[pytest.Item]) -> None:
    """End pytest where cases, all of them being there, are given what is no case, or one another."""
    if not config.pluginmanager.getplugin(COLLECTION).misses_none(items):
        return
    cases = [item.stash[CASE] for item in items if CASE in item.stash]
    wrong = list(blame.faults({case.id: case.given for case in cases}))
    if wrong:
        _refuse(config, f"given: {'; '.join(wrong)}")


def check_any(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Say so where cases were asked for and none is left: canaries alone measure nothing."""
    asked = [path for path in targets(config) if path != CANARIES and door.asks_for_cases([path])]
    left = any(CASE in item.stash for item in items)
    if not asked or left or config.option.collectonly or config.option.conformance_mutant:
        return
    there = config.pluginmanager.getplugin(COLLECTION).there
    found = sum(count for name, count in there.items() if f"test_{name}.py" != CANARIES.name)
    why = (
        f"what was selected leaves none of {found}"
        if found
        else "pytest found none where they were asked for"
    )
    config.stash.setdefault(BROKEN, f"no case is run: {why}")


def check_all(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Say which modules are complete; end pytest where `--shard` would be a part of less than all cases."""
    collection = config.pluginmanager.getplugin(COLLECTION)
    there = sum(collection.there.values())
    config.stash[COLLECTED] = {"complete": collection.complete(items), "cases": there}
    if config.option.conformance_shard and not collection.misses_none(items):
        _refuse(config, "--shard: is a part of all cases; give `conformance` and select nothing else")


def _refuse(config: pytest.Config, why: str) -> None:
    """End pytest for what was given; a worker says it to the process that reports."""
    config.stash[BROKEN], config.stash[FAULTY] = legible(why, _MOST_SAID), True
    if not hasattr(config, "workerinput"):
        pytest.exit(config.stash[BROKEN], Exit.BAD_INPUT)


def is_wanted(config: pytest.Config, case: Case) -> bool:
    """Return whether `--claims` and `--core` ask for a case."""
    option = config.option
    if option.conformance_claims and case.claim not in claims_matching(option.conformance_claims):
        return False
    return bool(case.core or not option.conformance_core)
