"""Beside TensorFlow: run one mutant after the other in one process, and write down what the cases said.

`python -m conformance.breaking.killing OUT [--first] [MUTANT]...`; without names, every mutant for the
installed flavour; with `--first`, only the cases in which a mutant is looked for first. A mutant that
OUT knows is passed over: when one took the interpreter down, or so many have run that the process grows too
large, it ends with an error, and the next call goes on behind it.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest

from conformance import suite
from conformance.measuring.keys import MUTANT
from conformance.results import results

#: Seconds for a case. A broken TensorFlow may be slow, where a whole one would have hung long before.
PATIENCE = 300


#: How many mutants one process runs: Keras keeps much of every model, and 60 with all cases made it 10 GB.
MOST = 30
#: What is written of a mutant before it runs: it stays, if the interpreter does not live to say more.
LOST: Dict[str, Any] = {"code": None, "applies": True, "ran": 0, "cases": {}, "after": {}}


class Listener:
    """A pytest plugin that keeps outcome and word of each case: under the mutant, and after it."""

    def __init__(self, first: bool) -> None:
        self.first = first
        self.cases: Dict[str, List[Any]] = {}
        self.after: Dict[str, List[Any]] = {}
        self.ran = 0
        self.applies = True

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep a case's record."""
        kept = getattr(report, "conformance", None)
        if kept:
            cured = report.nodeid in self.mutant.sample
            (self.after if cured else self.cases)[kept[0]] = [kept[1]["outcome"], kept[1]["observed"]]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Find the plugin that puts the mutant in effect, and tell it how much to run."""
        self.mutant = session.config.pluginmanager.getplugin(MUTANT)
        self.mutant.first = self.first

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Ask it whether it could, and how often it ran."""
        self.ran, self.applies = self.mutant.ran, self.mutant.applies


def run(name: str, first: bool) -> Dict[str, Any]:
    """Run the cases that a mutant concerns, or the first of them, and return what they said."""
    listener = Listener(first)
    with tempfile.TemporaryDirectory() as scratch, _quiet():
        options = [
            "--mutant",
            name,
            "--measure",
            "-q",
            "--tb=native",
            f"--timeout={PATIENCE}",
            "-p",
            "no:cacheprovider",
            "--results",
            scratch,
        ]
        code = pytest.main([str(suite.CASES), *options], plugins=[listener])
    return {
        "code": int(code),
        "applies": listener.applies,
        "ran": listener.ran,
        "cases": listener.cases,
        "after": listener.after,
    }


@contextlib.contextmanager
def _quiet() -> Any:
    with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        yield


def _about(mutant: Any) -> Any:
    """Return what is written of a mutant itself: all but its code, of which the module is named."""
    if mutant is None:
        return None
    about = {field.name: getattr(mutant, field.name) for field in dataclasses.fields(mutant)}
    return {**about, "apply": mutant.apply.__module__.split(".")[-1]}


def main(out: Path, names: List[str], first: bool = False) -> None:
    """Run mutants, and write what came of each as soon as it is known."""
    from conformance.fixtures.mutants import mutants
    from conformance.measuring import installed

    installed.wake()
    known = mutants()
    here = [m.name for m in known.values() if installed.flavour() in m.flavours]
    found: Dict[str, Any] = json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}
    waiting = [name for name in names or here if name not in found]
    for name in waiting[:MOST]:
        found[name] = {**LOST, "mutant": _about(known.get(name))}
        results.replace(out, json.dumps(found))
        began = time.monotonic()
        found[name].update(run(name, first))
        results.replace(out, json.dumps(found))
        took = time.monotonic() - began
        print(f"{name}: {len(found[name]['cases'])} cases in {took:.0f} s", flush=True)
    if waiting[MOST:]:
        sys.exit(f"{len(waiting) - MOST} mutants left for another process")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m conformance.breaking.killing")
    parser.add_argument("out", type=Path)
    parser.add_argument("names", metavar="MUTANT", nargs="*")
    parser.add_argument("--first", action="store_true")
    given = parser.parse_intermixed_args()
    main(given.out, given.names, given.first)
