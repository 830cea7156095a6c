"""Beside TensorFlow: import it once, and write down what cases say under each mutant, each in a fork.

`python -m conformance.breaking.killing ASKED OUT`: ASKED is JSON, with the `mutants` (none: every one for the
installed flavour), the ids of the cases that `hold` without any, and by each mutant's name those that are
`likely` to notice it, which are run first. With the first case that notices, a claim is refuted, and no
more of its cases are run. Cases ask alone here; so at the end all that noticed anything are run once more
where nothing is broken, as a control: they must hold.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import AbstractSet, Any, Dict, List, Mapping, Sequence, Set

import pytest

from conformance import suite
from conformance.breaking import infection
from conformance.breaking.alone import ask_alone, remember_what_is_installed
from conformance.breaking.forking import forked, share
from conformance.exits import Exit
from conformance.measuring import plugin
from conformance.measuring.keys import CASE, MUTANT
from conformance.results import results
from conformance.results.verdicts import is_answer
from conformance.words import Outcome

#: Seconds for a case. A broken TensorFlow may be slow, where a whole one would have hung long before.
PATIENCE = 300
#: Seconds for all that one mutant concerns.
LONGEST = 1800
#: What is written of a mutant that took its process down.
LOST: Dict[str, Any] = {"code": None, "applies": True, "ran": 0, "cases": {}, "modules": []}


class Killing:
    """A pytest plugin: in place of running the cases that were collected, it tries mutants on them."""

    def __init__(self, asked: Mapping[str, Any], out: Path) -> None:
        self.asked, self.out = asked, out
        self.holds = frozenset(asked["holds"])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try one mutant after the other, each in a fork, and write what came of it at once."""
        plugin.use_own_home(session.config)
        from conformance.fixtures.mutants import mutants
        from conformance.measuring import installed

        known = mutants()
        here = [m.name for m in known.values() if installed.flavour() in m.flavours]
        found: Dict[str, Any] = {}
        ask_alone()
        remember_what_is_installed()
        share()
        for name in self.asked["mutants"] or here:
            began = time.monotonic()
            tried = forked(functools.partial(self._tried, session, known[name]), LONGEST) or LOST
            found[name] = {**tried, "mutant": _about(known[name])}
            results.replace(self.out, json.dumps(found))
            took = time.monotonic() - began
            _say(f"{name}: {len(found[name]['cases'])} cases in {took:.1f} s")
        self._control(session, {case for tried in found.values() for case in self._noticed(tried["cases"])})
        return True

    def _control(self, session: pytest.Session, cases: AbstractSet[str]) -> None:
        """Run cases where nothing is broken. Ends the run where one does not hold: no mutant is to blame."""
        items = [item for item in session.items if item.stash[CASE].id in cases]
        said = forked(functools.partial(_cases, session, items, Trial((), self.holds)), LONGEST) or {}
        wrong = sorted(case for case in cases if said.get(case, [""])[0] != Outcome.HOLDS.value)
        if wrong:
            _say(f"asked alone, where nothing is broken, these do not hold: {', '.join(wrong)}")
            pytest.exit("control", Exit.UNPROVEN)
        _say(f"control: {len(cases)} cases hold where nothing is broken")

    def _noticed(self, cases: Mapping[str, Any]) -> Set[str]:
        """Return the cases that hold without a mutant, and said something else with one."""
        return {case for case, said in cases.items() if case in self.holds and _notices(*said)}

    def _tried(self, session: pytest.Session, mutant: Any) -> Dict[str, Any]:
        """Put a mutant in effect in this process, run what it concerns, and return what that said."""
        session.config.option.conformance_mutant = mutant.name
        run = infection.MutantRun(session.config)
        session.config.pluginmanager.register(run, MUTANT)
        cases = _cases(session, self._ordered(session.items, mutant), Trial(mutant.refutes, self.holds))
        modules = sorted({item.stash[CASE].module for item in session.items if item.stash[CASE].id in cases})
        return {"code": 0, "applies": run.applies, "ran": run.ran, "cases": cases, "modules": modules}

    def _ordered(self, items: List[pytest.Item], mutant: Any) -> List[pytest.Item]:
        """Return what a mutant concerns: first what is likely to notice, then its own subject."""
        likely, part = self.asked["likely"].get(mutant.name, ()), _part(mutant)

        def place(item: pytest.Item) -> int:
            case = item.stash[CASE]
            if case.id in likely:
                return 0
            return 1 if case.module.startswith(part) else 2

        def can_tell(item: pytest.Item) -> bool:
            case = item.stash[CASE]
            return case.id in self.holds or case.claim in mutant.spares

        return sorted(filter(can_tell, infection.concerned(items, mutant)), key=place)


class Trial:
    """A pytest plugin that keeps outcome and word of each case, and passes over claims that are refuted."""

    def __init__(self, refutes: Sequence[str], holds: AbstractSet[str]) -> None:
        self.refutes, self.holds = refutes, holds
        self.cases: Dict[str, List[Any]] = {}
        self.refuted: Set[str] = set()
        self.passed: Set[str] = set()

    def is_settled(self, item: pytest.Item) -> bool:
        """Return whether the claim of a case is refuted, so that it need not run."""
        return item.stash[CASE].claim in self.refuted

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Pass over a case whose claim was refuted while it was the next one."""
        if self.is_settled(item):
            self.passed.add(item.nodeid)
            pytest.skip("refuted")

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep a case's record."""
        kept = getattr(report, "conformance", None)
        if kept and report.nodeid not in self.passed:
            case, outcome, word = kept[0], kept[1]["outcome"], kept[1]["observed"]
            self.cases[case] = [outcome, word]
            if case in self.holds and _notices(outcome, word):
                self.refuted |= {case.split("[")[0]} & set(self.refutes)


def _notices(outcome: str, word: str) -> bool:
    return outcome != Outcome.HOLDS.value and is_answer(outcome, word)


def _cases(session: pytest.Session, items: Sequence[pytest.Item], trial: Trial) -> Mapping[str, Any]:
    """Run cases, in a process of their own, and return what a trial kept of them."""
    session.config.option.collectonly = False
    session.config.pluginmanager.register(trial, "conformance-trial")
    session.items[:] = items
    with contextlib.suppress(pytest.exit.Exception):
        session.config.hook.pytest_collection_finish(session=session)
        waiting = iter(session.items)
        item = next(waiting, None)
        while item is not None:  # what a case settles is known only when it ran
            following = next(itertools.filterfalse(trial.is_settled, waiting), None)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            item = following
    return trial.cases


def _say(line: str) -> None:
    print(line, file=sys.__stdout__, flush=True)


def _about(mutant: Any) -> Dict[str, Any]:
    """Return what is written of a mutant itself: all but its code, of which the module is named."""
    about = {field.name: getattr(mutant, field.name) for field in dataclasses.fields(mutant)}
    return {**about, "apply": _part(mutant)}


def _part(mutant: Any) -> str:
    """Return the module that a mutant is written in, such as `saving`: cases are in `saving_weights`."""
    return str(mutant.apply.__module__.split(".")[-1])


def main(asked: Path, out: Path) -> int:
    """Try mutants, and return pytest's exit code."""
    options = ["--collect-only", "--measure", "-q", "--tb=native", f"--timeout={PATIENCE}"]
    options += ["-p", "no:cacheprovider", "-p", "no:xdist"]
    killing = Killing(json.loads(asked.read_text(encoding="utf-8")), out)
    with open(os.devnull, "w") as sink, contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
        return int(pytest.main([str(suite.CASES), *options], plugins=[killing]))


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
