"""The pytest plugin: it runs cases beside TensorFlow and records what came of them.

Where pytest-xdist is at hand it is used even for one worker, because a case may take its interpreter
down with it: the worker dies, the other cases go on, and the case is `crashed` (or `timed-out`, if
it had used up its time). Only workers import TensorFlow.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, List, Sequence, Tuple

import pytest

from conformance.claims import claims_matching
from conformance.exits import Exit
from conformance.measuring import shards
from conformance.measuring.case import Case, case_of
from conformance.measuring.keys import BROKEN, CASE, LEDGER, MUTANT, OBSERVER
from conformance.measuring.ledger import Ledger, is_selection
from conformance.measuring.recording import Observer, record
from conformance.measuring.shards import ShardError
from conformance.pins import drift, pins
from conformance.pins.pins import Pin, PinsError
from conformance.results.results import ResultsError, ensure_writable
from conformance.results.verdicts import is_canary
from conformance.suite import CASES, LOCAL_RESULTS, ROOT
from conformance.words import Outcome

MOST_WORKERS = 4
SETTINGS = ROOT / "pyproject.toml"

_STATUS = {
    Outcome.HOLDS.value: ("holds", ".", "HOLDS"),
    Outcome.DEVIATES.value: ("deviates", "d", ("DEVIATES", {"yellow": True})),
    Outcome.NOT_APPLICABLE.value: ("not applicable", "n", "NOT APPLICABLE"),
    Outcome.NOT_RUN.value: ("not run", "s", "NOT RUN"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's options to pytest."""
    group = parser.getgroup("conformance")
    group.addoption(
        "--measure",
        action="store_true",
        help="report deviations without failing: exit 0 when everything was measured",
    )
    group.addoption("--no-pins", action="store_true", help="every deviation fails, also a pinned one")
    group.addoption("--pins", default=str(pins.PINS), help="pins of your own, in place of this project's")
    group.addoption("--claims", default="", help="claims or families to check, comma-separated")
    group.addoption("--results", default=str(LOCAL_RESULTS), help="folder for <column>.json")
    group.addoption("--shard", default="", help="one part of all cases, 1/4 being the first of four")
    group.addoption("--backwards", action="store_true", help="run the cases in reverse order")
    group.addoption("--mutant", default="", help="break TensorFlow in this way, to see which cases notice")
    group.addoption("--column", default="", help="name of the column, in place of what is installed")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Choose worker processes where the user chose nothing and pytest-xdist is installed."""
    option = config.option
    alone = getattr(option, "usepdb", False) or option.collectonly or option.mutant or not _runs_cases(config)
    if (
        _is_worker(config)
        or alone
        or not config.pluginmanager.hasplugin("xdist")
        or option.numprocesses is not None
    ):
        return
    if option.dist == "no" and not option.tx:
        option.numprocesses = min(MOST_WORKERS, len(os.sched_getaffinity(0)))
        option.dist = "worksteal"


def pytest_configure(config: pytest.Config) -> None:
    """Add the canaries to whatever cases were asked for; without them a column says nothing."""
    config.addinivalue_line("markers", "checks(claim, expects, core): the claim that a case checks")
    if not _runs_cases(config):
        return
    if config.inipath != SETTINGS:  # of the project that this suite is a part of: its time limit, its paths
        raise pytest.UsageError(f"the cases need the settings of their own project: add -c {SETTINGS}")
    if not _is_worker(config):
        config.pluginmanager.register(Ledger(config), LEDGER)
    if config.option.mutant:
        infection = importlib.import_module("conformance.breaking.infection")
        config.pluginmanager.register(infection.MutantRun(config), MUTANT)
    canaries = CASES / "test_canary.py"
    if not any(path == canaries or path in canaries.parents for path in _targets(config)):
        config.args.insert(0, str(canaries))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _targets(config: pytest.Config) -> List[Path]:
    base = config.invocation_params.dir
    return [(base / argument.split("::")[0]).resolve() for argument in config.args]


def _runs_cases(config: pytest.Config) -> bool:
    return any(path == CASES or CASES in path.parents or path in CASES.parents for path in _targets(config))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop before any work, in one line, for what would make the work useless."""
    config = session.config
    if not config.pluginmanager.hasplugin(LEDGER):
        return
    try:
        claims_matching(config.option.claims)
        _check_shard(config)
        if config.option.collectonly:
            return
        ensure_writable(Path(config.option.results))
        _pins(config.option.pins)
    except KeyError as error:
        hint = "`python -m conformance claims` lists them"
        pytest.exit(f"--claims: no claim or family is called {error}; {hint}", Exit.BAD_INPUT)
    except (ShardError, ResultsError, PinsError) as error:
        pytest.exit(str(error), error.exit_code)
    if importlib.util.find_spec("tensorflow") is None:
        hint = "pip install tensorflow, or `make conformance`, which does"
        pytest.exit(f"no TensorFlow is installed in this environment: {hint}", Exit.NOT_MEASURED)


def _check_shard(config: pytest.Config) -> None:
    """Raise ShardError where `--shard` is none, or would be a part of less than all cases."""
    if not config.option.shard:
        return
    shards.shard(config.option.shard)
    whole = any(path == CASES or path in CASES.parents for path in _targets(config))
    if not whole or is_selection(config):
        raise ShardError("--shard: is a part of all cases; give `conformance` and select nothing else")


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> Iterator[None]:
    """Name each item's case; apply `--claims` and `--shard`; keep canaries whatever else is selected."""
    for item in items:
        marker = item.get_closest_marker("checks")
        if marker is not None:
            situation = item.callspec.id if hasattr(item, "callspec") else ""
            item.stash[CASE] = case_of(getattr(item, "originalname", item.name), situation, marker)
    canaries = [i for i in items if CASE in i.stash and is_canary(i.stash[CASE].claim)]
    items[:] = [i for i in items if i not in canaries]
    yield
    dropped = [i for i in items if CASE in i.stash and not _is_wanted(config, i.stash[CASE])]
    if dropped:
        gone = set(dropped)
        items[:] = [i for i in items if i not in gone]
        config.hook.pytest_deselected(items=dropped)
    if config.option.backwards:
        items.reverse()
    items[:0] = canaries


def _is_wanted(config: pytest.Config, case: Case) -> bool:
    option = config.option
    if option.claims and case.claim not in claims_matching(option.claims):
        return False
    return not option.shard or shards.shard(option.shard).has(case.id)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import TensorFlow before the first case, outside any case's time, and say if it fails."""
    config = session.config
    if config.option.collectonly or not any(CASE in item.stash for item in session.items):
        return
    try:
        with _silenced():
            importlib.import_module("conformance.measuring.installed").wake()
    except Exception as error:
        config.stash[BROKEN] = " ".join(f"{type(error).__name__}: {error}".split())[:300]


@contextlib.contextmanager
def _silenced() -> Iterator[None]:
    """Keep TensorFlow's greetings, written past Python, out of the terminal."""
    saved = os.dup(2)
    with open(os.devnull, "w") as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Observer:
    """What a case calls, once, with what an instrument read."""
    observer = Observer()
    request.node.stash[OBSERVER] = observer
    return observer


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Run no case beside a TensorFlow that does not import."""
    if CASE in item.stash and BROKEN in item.config.stash:
        pytest.skip(item.config.stash[BROKEN])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Put the case's record on pytest's report, and let it decide how the item ended."""
    outcome = yield
    report = outcome.get_result()
    case = item.stash.get(CASE, None)
    if case is None or (call.when != "call" and call.excinfo is None):
        return
    error = call.excinfo.value if call.excinfo else None
    if BROKEN in item.config.stash:
        report.conformance = None
        return
    kept = record(case, item.stash.get(OBSERVER, None), error)
    report.conformance = (case.id, kept)
    item.user_properties += _properties(case, kept, item.config.option.column)
    _settle(report, kept)
    option = item.config.option
    if option.measure:
        _report_only(report, kept)
    elif not (option.no_pins or option.mutant or is_canary(case.claim)):
        _judge(report, case.id, kept, option)


def _properties(case: Case, kept: Any, column: str) -> List[Tuple[str, object]]:
    """Return what `--junitxml` is to say of a case beside its name and how it ended."""
    said = {"claim": case.claim, "column": _column(column)["id"], "outcome": kept["outcome"]}
    return [*said.items(), *([("observed", kept["observed"])] if kept["observed"] else [])]


def _settle(report: Any, kept: Any) -> None:
    """Make pytest's outcome follow from the record: a deviation fails."""
    outcome = kept["outcome"]
    if outcome == Outcome.HOLDS.value:
        report.outcome, report.longrepr = "passed", None
    elif outcome == Outcome.DEVIATES.value:
        report.outcome, report.longrepr = "failed", kept["reason"]
    elif outcome == Outcome.ERROR.value:
        report.outcome = "failed"
        report.longrepr = report.longrepr or kept["reason"]


def _report_only(report: Any, kept: Any) -> None:
    """Let a deviation be seen without failing."""
    if kept["outcome"] == Outcome.DEVIATES.value:
        report.outcome, report.longrepr, report.wasxfail = "skipped", kept["reason"], kept["reason"]


def _judge(report: Any, case: str, kept: Any, option: Any) -> None:
    """Let the pins decide: what deviates as pinned is expected to, anything else that moved fails."""
    column = _column(option.column)
    pin = drift.pin_for(_pins(option.pins), case, column)
    judgement = drift.judge(pin.word(case) if pin else None, kept["outcome"], kept["observed"])
    if judgement is drift.Judgement.PINNED:
        report.outcome, report.pinned = "skipped", True
        report.longrepr = report.wasxfail = f"{pin.reason} ({pin.url})"  # type: ignore[union-attr]
    elif judgement in drift.DRIFT:
        said = drift.sentence(judgement, case, kept, pin, column)
        report.outcome = "failed"
        if kept["outcome"] == Outcome.ERROR.value:  # pytest's traceback shows where
            report.sections.append(("conformance", said))
        else:
            report.longrepr = said


@functools.lru_cache(maxsize=None)
def _pins(path: str) -> Sequence[Pin]:
    return pins.read(Path(path))


@functools.lru_cache(maxsize=None)
def _column(name: str) -> Dict[str, Any]:
    found = importlib.import_module("conformance.measuring.installed").column()
    return {**found, "id": name or found["id"]}


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: Any) -> Any:
    """Show a case by its outcome: `.` holds, `d` deviates (`x` as pinned), `n` not applicable."""
    kept = getattr(report, "conformance", None)
    if not kept:
        return None
    if getattr(report, "pinned", False):
        return "xfailed", "x", "XFAIL"
    outcome = kept[1]["outcome"]
    return None if report.outcome == "failed" else _STATUS.get(outcome)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say what is installed, from the process that knows: a worker, or the only one."""
    config = session.config
    found = {}
    if BROKEN in config.stash:
        found["broken"] = config.stash[BROKEN]
    elif "conformance.measuring.installed" in sys.modules:
        found["column"] = sys.modules["conformance.measuring.installed"].column()
    if _is_worker(config):
        config.workeroutput.update(found)  # type: ignore[attr-defined]
    elif config.pluginmanager.hasplugin(LEDGER):
        config.pluginmanager.getplugin(LEDGER).learn(found)
