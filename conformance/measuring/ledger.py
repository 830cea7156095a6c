"""The controller's side of a run: it keeps every record, and closes the books at the end.

It imports no TensorFlow. Workers send it records and what is installed; it knows of cases that never
reported, merges a partial run into what was measured before, writes the results file and chooses the
exit code.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Set

import pytest

from conformance import suite
from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import shards, summary
from conformance.measuring.case import Case, case_of
from conformance.measuring.keys import CASE, MUTANT, PATIENCE
from conformance.measuring.recording import lost
from conformance.results import results
from conformance.results.results import ResultsError
from conformance.results.verdicts import is_canary
from conformance.suite import CASES
from conformance.words import UNKNOWN, Outcome

Record = Dict[str, Any]
#: How many workers may die one after the other without having begun a case.
_MOST_STILLBORN = 4


def case_from_nodeid(nodeid: str) -> Optional[Case]:
    """Return the case that a pytest node id names, without collecting it again; None where it is none."""
    path, _, name = nodeid.rpartition("::")
    function, _, situation = name.partition("[")
    if not (CASES / Path(path).name).is_file() or Path(path).parent.name != CASES.name:
        return None
    module = importlib.import_module("conformance.cases." + Path(path).stem)
    marks = getattr(getattr(module, function, None), "pytestmark", ())
    marker = next((mark for mark in marks if mark.name == "checks"), None)
    return case_of(Path(path), function, situation[:-1] if situation else "", marker) if marker else None


class Ledger:
    """A pytest plugin for the process that reports: the controller, or the only one."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.records: Dict[str, Record] = {}
        self.column: Optional[Dict[str, Any]] = None
        #: Of the cases that there are: how many, and the modules of which all are asked.
        self.collected: Dict[str, Any] = {"complete": [], "cases": 0}
        self.broken, self.faulty = "", False
        #: How many workers died one after the other, and whether a case has begun since the last one did.
        self.stillborn, self.begun = 0, False
        self.expected: List[str] = []
        self.reported: Set[str] = set()
        self.started: Dict[str, float] = {}
        self.lines: List[str] = []

    def learn(self, found: Mapping[str, Any]) -> None:
        """Take what a process that imported TensorFlow says of it."""
        self.broken = found.get("broken", self.broken)
        self.faulty = found.get("faulty", self.faulty)
        self.column = found.get("column", self.column)
        self.collected = found.get("collected", self.collected)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: List[str]) -> None:
        """Remember which items there are, to miss those that never report."""
        self.expected = [nodeid for nodeid in ids if case_from_nodeid(nodeid)]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Remember the same where there are no workers."""
        ids = [item.nodeid for item in session.items if CASE in item.stash]
        self.expected = self.expected or ids

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: Any) -> None:
        """Take what the worker sent when it finished; one that died sent nothing.

        Workers that die one after the other without having begun a case would do so for ever.
        """
        self.learn(getattr(node, "workeroutput", {}))
        self.stillborn = self.stillborn + 1 if error and not self.begun else 0
        self.begun = False
        if self.stillborn >= _MOST_STILLBORN:
            self.broken = "TensorFlow is installed, and ends the interpreter when it is imported"
            pytest.exit(self.broken, Exit.NOT_MEASURED)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Note when a case began: a worker that dies after its time was up has timed out."""
        self.started[nodeid] = time.monotonic()
        self.begun = True

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the record that came with a report, or what a dead worker's silence means."""
        self.reported.add(report.nodeid)
        self.learn(getattr(report, "conformance_said", {}))
        kept = getattr(report, "conformance", None)
        if kept:
            self.records[kept[0]] = kept[1]
        elif report.when == "???":
            case = case_from_nodeid(report.nodeid)
            if case:
                self.records[case.id] = self._lost(case, report.nodeid)

    def _lost(self, case: Case, nodeid: str) -> Record:
        limit = self._time_limit()
        took = time.monotonic() - self.started.get(nodeid, time.monotonic())
        if limit and took >= limit:
            return lost(case, Outcome.TIMED_OUT, f"no answer within {limit:.0f} s")
        return lost(case, Outcome.CRASHED, "the interpreter died while it ran this case")

    def run_out(self, case: Case, nodeid: str, limit: float) -> int:
        """Close the books over a case whose time is up, of which nothing comes back; return the exit code."""
        self.records[case.id] = lost(case, Outcome.TIMED_OUT, f"no answer within {limit:g} s")
        self.reported.add(nodeid)
        hint = "run it with pytest-xdist, and the others go on"
        self.lines.append(f"{case.id}: no answer within {limit:g} s ended the run; {hint}")
        return self._close() or Exit.NOT_MEASURED

    def _time_limit(self) -> float:
        """Return the seconds that pytest-timeout gives a case, 0 without it."""
        if not self.config.pluginmanager.hasplugin("timeout"):
            return 0.0
        return float(self.config.option.timeout or PATIENCE)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the results and choose the exit code."""
        if self.config.option.collectonly:
            return
        code = self._close()
        if code is None and self.expected and not self.records and not session.exitstatus:
            self.lines.append("no case was run: nothing is measured")  # `--setup-only`, or a plugin's own way
            code = Exit.NOT_MEASURED
        stopped_by_a_failure = session.shouldfail and code == Exit.NOT_MEASURED and self.valid
        if code is not None and not stopped_by_a_failure:  # as `-x` asks: pytest's own code says it
            session.exitstatus = code

    def _close(self) -> Optional[int]:
        if self.broken:
            self.lines.append(self.broken)
            return Exit.BAD_INPUT if self.faulty else Exit.NOT_MEASURED
        if not self.records:
            return None
        if self.column is None:
            self.lines.append("no process lived to say which TensorFlow this is: nothing written")
            return Exit.NOT_MEASURED
        self._miss()
        try:
            self._write()
        except ResultsError as error:
            self.lines.append(str(error))
            return error.exit_code
        return self._judge()

    def _miss(self) -> None:
        for nodeid in self.expected:
            if nodeid not in self.reported:
                case = case_from_nodeid(nodeid)
                assert case is not None
                self.records.setdefault(case.id, lost(case, Outcome.NOT_RUN, "the run ended before it"))

    def _write(self) -> None:
        assert self.column is not None
        option = self.config.option
        name = option.conformance_column or self.column["id"]
        python = self.column["python"].rstrip("+")  # of a Python between two releases, which no range knows
        column = {**self.column, "id": name, "python": python, "lock": suite.lock_digest(name)}
        folder = Path(option.conformance_results)
        part = shards.shard(option.conformance_shard) if option.conformance_shard else None
        stem = f"{name}.shard-{part.index}-of-{part.of}" if part else name
        path = (self.mutant.folder(folder) if self.mutant else folder) / f"{stem}.json"
        shard = {**dataclasses.asdict(part), "cases": self.collected["cases"]} if part else {}
        new = results.results(column, suite.identity(), self.valid, self.records, shard)
        if not self.valid:
            path = path.with_suffix(".invalid.json")
        elif not self.mutant:
            new = self._merged(path, new)
        results.write(path, new)
        self.lines.append(f"results: {path}")
        if self.valid:  # what an earlier run could not say is no longer anybody's result
            with contextlib.suppress(OSError):
                path.with_suffix(".invalid.json").unlink()

    def _merged(self, path: Path, new: results.Results) -> results.Results:
        """Return results with what the file has besides; what cannot be mixed with them is set aside."""
        try:
            merged = results.merged(path, new, self._complete())
        except ResultsError as error:
            self.lines.append(f"{error}; set aside as {results.set_aside(path).name}")
            return new
        earlier = sum(merged["cases"][case] != record for case, record in self.records.items())
        if earlier:
            self.lines.append(f"cases that gave no answer keep that of an earlier run: {earlier}")
        return merged

    @property
    def valid(self) -> bool:
        """Whether every canary that ran held; at least one must have."""
        canaries = [r["outcome"] for i, r in self.records.items() if is_canary(i)]
        return bool(canaries) and set(canaries) == {Outcome.HOLDS.value}

    def _complete(self) -> List[str]:
        """Return the modules of which every case was run: none, where the run ended before its end."""
        unfinished = any(r["outcome"] == Outcome.NOT_RUN.value for r in self.records.values())
        return [] if unfinished else list(self.collected["complete"])

    @property
    def mutant(self) -> Any:
        """The plugin that breaks TensorFlow on purpose, None in an ordinary run."""
        return self.config.pluginmanager.getplugin(MUTANT)

    def _judge(self) -> Optional[int]:
        if self.mutant:
            told = self.mutant.verdict()
            self.lines.append(told["line"])
            return told["code"] or (None if self.valid else Exit.UNPROVEN)
        outcomes = {r["outcome"] for r in self.records.values()}
        if not self.valid:
            return Exit.NOT_MEASURED
        if outcomes & {outcome.value for outcome in UNKNOWN}:
            return Exit.NOT_MEASURED
        return None

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """End with the claims, their verdicts, and what TensorFlow did where they deviate."""
        if self.records and self.column and not self.broken:
            for line, markup in summary.lines(self.column, self.records, self.valid):
                terminalreporter.write_line(line, **markup)
        for line in self.lines:
            terminalreporter.write_line(legible(line, 1000), bold=True)
