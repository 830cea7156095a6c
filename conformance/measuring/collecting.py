"""Collecting the cases: all there are, whatever a user's ini says."""

from __future__ import annotations

import inspect
import os
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, List, Optional, Sequence

import pytest

from conformance.suite import CASES, PACKAGE

_PREFIX = "test_"


class Collection:
    """A pytest plugin, in each process that collects."""

    def __init__(self, config: pytest.Config) -> None:
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


def keep_from(item: Any, names: Sequence[str]) -> None:
    """Keep fixtures from a case that are of a user's tests, such as those of the ini's `usefixtures`."""
    item.fixturenames[:] = [name for name in item.fixturenames if name not in names]


def _has_cases(collector: Any) -> bool:
    return isinstance(collector, pytest.Module) and collector.path.resolve().parent == CASES


def _is_case(obj: Any) -> bool:
    marks = getattr(obj, "pytestmark", ()) if inspect.isfunction(obj) else ()
    return any(mark.name == "checks" for mark in marks)
