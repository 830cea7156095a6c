"""The suite's door in pytest: it costs nothing until a run is asked for the suite's cases.

Installed, pytest finds it as an entry point, in every run of a user's own tests too. So it adds no option,
no hook and no import to a run that names none of the cases; only then it brings `measuring.plugin` in.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any, Iterator, List, Sequence

import pytest

#: What pytest knows the plugin by that records.
RECORDER = "conformance-recorder"
_PACKAGE = Path(__file__).resolve().parent


def targets(arguments: Sequence[str], pyargs: bool, base: Path) -> List[Path]:
    """Return the files and folders that arguments of pytest name, with modules where `--pyargs` is given."""
    found = []
    for argument in arguments:
        name = argument.split("::")[0]
        package = name.split(".")[0] == __package__ and pyargs and not (base / name).exists()
        path = _PACKAGE.joinpath(*name.split(".")[1:]) if package else base / name
        found.append((path if path.exists() else path.with_suffix(".py")).resolve())
    return found


def asks_for_cases(paths: Sequence[Path]) -> bool:
    """Return whether a file or folder is one of cases, or holds this package and no project around it."""
    cases = _PACKAGE / "cases"
    around = (cases, _PACKAGE, _PACKAGE.parent)
    return any(path in around or cases in path.parents for path in paths)


def make_way() -> None:
    """Let the names of a project that this checkout is a part of come first: both may have `fixtures`.

    pytest puts the folder of each test's package at the front of the path.
    """
    root = _PACKAGE.parent
    if (root / "conftest.py").exists() and root != Path.cwd():
        sys.path[:] = [*(path for path in sys.path if path != str(root)), str(root)]


def activate(manager: Any) -> None:
    """Register the plugin that records, where nothing has, and pytest still takes options."""
    if not manager.has_plugin(RECORDER) and not manager.has_plugin("session"):
        manager.register(importlib.import_module("conformance.measuring.plugin"), RECORDER)


@pytest.hookimpl(hookwrapper=True)
def pytest_load_initial_conftests(early_config: Any) -> Iterator[None]:
    """Bring the recorder in where the command line, or `testpaths`, names cases.

    After the user's own conftest: the names of its options are taken.
    """
    yield
    known = early_config.known_args_namespace
    arguments = known.file_or_dir or early_config.getini("testpaths")
    base = Path(str(early_config.invocation_params.dir))
    if asks_for_cases(targets(arguments, known.pyargs, base)):
        activate(early_config.pluginmanager)
