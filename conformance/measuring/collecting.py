"""Collecting the cases: all there are, whatever a user's ini says, and which of them are left to be run.

What leaves cases out (`-k`, `--ignore`, `--lf`, a node id, a conftest) is not asked. What was left is counted
against what the modules of cases have.
"""

from __future__ import annotations

import inspect
import os
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

import pytest

from conformance.measuring.keys import CASE
from conformance.suite import CASES, PACKAGE, case_modules

_PREFIX = "test_"


class Collection:
    """A pytest plugin, in each process that collects."""

    def __init__(self, config: pytest.Config) -> None:
        #: How many cases each module has that was collected.
        self.there: Dict[str, int] = {}
        config.addinivalue_line("python_files", f"conformance/cases/{_PREFIX}*.py")

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> Optional[bool]:
        """Go into the folders of cases where a name in `norecursedirs` is theirs by chance."""
        if collection_path.resolve() not in (PACKAGE, CASES):
            return None
        patterns = config.getini("norecursedirs")
        return False if any(fnmatch(str(collection_path), f"*{os.sep}{each}") for each in patterns) else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(self, collector: Any, name: str, obj: Any) -> Optional[List[Any]]:
        """Take the cases of a module and no more, whatever `python_functions` and `python_classes` say."""
        if not _has_cases(collector):
            return None
        if _is_case(obj):
            obj.__test__ = True  # which pytest takes for as good as a name
        elif not name.startswith(_PREFIX):
            return []
        return None

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_make_collect_report(self, collector: Any) -> Any:
        """Count the cases of a module, before anybody leaves some out."""
        found = (yield).get_result().result or ()
        if _has_cases(collector):
            self.there[_module(collector)] = sum(_is_case(getattr(item, "obj", None)) for item in found)

    @property
    def is_all(self) -> bool:
        """Whether every module of cases was collected."""
        return all(self.there.get(_name(path)) for path in case_modules())

    def complete(self, items: Sequence[pytest.Item]) -> List[str]:
        """Return the modules of which every case is among some items, in order."""
        kept = Counter(_module(item) for item in items if CASE in item.stash)
        return sorted(name for name, count in self.there.items() if 0 < count <= kept[name])

    def misses_none(self, items: Sequence[pytest.Item]) -> bool:
        """Return whether every case that there is is among some items."""
        return self.is_all and len(self.complete(items)) == len(self.there)


def keep_from(item: Any, names: Sequence[str]) -> None:
    """Keep fixtures from a case that are of a user's tests, such as those of the ini's `usefixtures`."""
    item.fixturenames[:] = [name for name in item.fixturenames if name not in names]


def _has_cases(collector: Any) -> bool:
    return isinstance(collector, pytest.Module) and collector.path.resolve().parent == CASES


def _is_case(obj: Any) -> bool:
    marks = getattr(obj, "pytestmark", ()) if inspect.isfunction(obj) else ()
    return any(mark.name == "checks" for mark in marks)


def _module(node: Any) -> str:
    return _name(node.path)


def _name(path: Path) -> str:
    return path.stem[len(_PREFIX) :]
