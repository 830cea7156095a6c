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
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

import pytest

from conformance.measuring.keys import CASE
from conformance.suite import CASES, PACKAGE, ROOT, case_modules

_PREFIX = "test_"
#: Where cases are, and where this project's own tests are.
_COLLECTED = (CASES, PACKAGE / "tests")
#: The id of a parameter that is not of the suite. No situation has it in its name.
_FOREIGN = "~"


class Collection:
    """A pytest plugin, in each process that collects."""

    def __init__(self, config: pytest.Config) -> None:
        #: How many cases each module has that was collected.
        self.there: Dict[str, int] = {}
        config.addinivalue_line("python_files", f"conformance/cases/{_PREFIX}*.py")

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> Optional[bool]:
        """Go into the folders of cases where a name in `norecursedirs` is theirs by chance.

        And leave alone what stands beside them: a user's `--doctest-modules` would import it, and so run it.
        """
        path = collection_path.resolve()
        if _is_beside(path):
            return True
        if path not in (PACKAGE, CASES):
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

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_generate_tests(self, metafunc: Any) -> Iterator[None]:
        """Ask a case once, whatever parameters a plugin or a conftest of the user's adds to every test."""
        if _is_case(metafunc.function):
            metafunc.parametrize = _once(metafunc)
        yield

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_make_collect_report(self, collector: Any) -> Any:
        """Count the cases of a module, before anybody leaves some out."""
        found = (yield).get_result().result or ()
        if _has_cases(collector):
            count = sum(_is_case(getattr(item, "obj", None)) for item in found)
            name = _module(collector)
            self.there[name] = max(count, self.there.get(name, 0))  # of its doctests it has none

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


def own_name(text: str) -> str:
    """Return the name of a situation, or of a node, without parameters that are not of the suite."""
    for part in (f"[{_FOREIGN}]", f"-{_FOREIGN}", f"{_FOREIGN}-"):
        text = text.replace(part, "")
    return "" if text == _FOREIGN else text


def _once(metafunc: Any) -> Callable[..., None]:
    """Return what a function that is a case is parametrized with: by others than itself, with one value."""
    marks = [mark for mark in metafunc.function.pytestmark if mark.name == "parametrize"]
    own = {name for mark in marks for name in _names(mark.args[0] if mark.args else mark.kwargs["argnames"])}
    parametrize = metafunc.parametrize

    def once(argnames: Any, argvalues: Any, *rest: Any, **more: Any) -> None:
        if own.issuperset(_names(argnames)):
            parametrize(argnames, argvalues, *rest, **more)
            return
        more.update(zip(("indirect", "ids", "scope"), rest))
        values = list(argvalues)[:1]
        parametrize(argnames, values, **{**more, "ids": [_FOREIGN] * len(values)})

    return once


def _names(argnames: Any) -> List[str]:
    names = argnames.split(",") if isinstance(argnames, str) else argnames
    return [name.strip() for name in names if name.strip()]


def _is_beside(path: Path) -> bool:
    """Return whether a path is one of the suite's own beside cases and tests: what these are made of."""
    if path == (ROOT / "fixtures").resolve():
        return True
    if path.parent == PACKAGE:
        return path not in _COLLECTED and path.name != "__init__.py"
    kept = path.name.startswith(_PREFIX) or path.name in ("__init__.py", "conftest.py", "__pycache__")
    return path.parent == CASES and not kept


def _has_cases(collector: Any) -> bool:
    if not (isinstance(collector, pytest.Module) and collector.path.name.startswith(_PREFIX)):
        return False
    return collector.path.resolve().parent == CASES


def _is_case(obj: Any) -> bool:
    marks = getattr(obj, "pytestmark", ()) if inspect.isfunction(obj) else ()
    return any(mark.name == "checks" for mark in marks)


def _module(node: Any) -> str:
    return _name(node.path)


def _name(path: Path) -> str:
    return path.stem[len(_PREFIX) :]
