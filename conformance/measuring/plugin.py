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
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence

import pytest

from conformance import plugin as door
from conformance.claims import claims_matching
from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import collecting, ending, locks, selecting, settings, shards, switches
from conformance.measuring.case import Case, case_of
from conformance.measuring.collecting import Collection
from conformance.measuring.keys import (
    BROKEN,
    CASE,
    COLLECTED,
    COLLECTION,
    FAULTY,
    LEDGER,
    MUTANT,
    OBSERVER,
    PATIENCE,
    TOLD,
)
from conformance.measuring.ledger import Ledger
from conformance.measuring.overtime import Overtime
from conformance.measuring.recording import Observer, record
from conformance.measuring.selecting import CANARIES, targets
from conformance.measuring.shards import ShardError
from conformance.measuring.stopping import Stopping
from conformance.pins import pins
from conformance.pins.pins import Pin, PinsError
from conformance.results.results import ResultsError, ensure_writable
from conformance.results.shape import is_name
from conformance.results.verdicts import is_canary
from conformance.suite import IS_CHECKOUT, LOCAL_RESULTS, PACKAGE, cores
from conformance.words import Outcome

MOST_WORKERS = 4

_OPTIONS: Dict[str, Dict[str, Any]] = {
    "measure": {
        "action": "store_true",
        "help": "report deviations without failing: exit 0 when everything was measured",
    },
    "no-pins": {"action": "store_true", "help": "every deviation fails, also a pinned one"},
    "pins": {"default": str(pins.PINS), "help": "pins of your own, in place of this project's"},
    "claims": {"default": "", "help": "claims or families to check, comma-separated"},
    "core": {"action": "store_true", "help": "only core cases: the situations that most readers think of"},
    "results": {"default": str(LOCAL_RESULTS), "help": "folder for <column>.json"},
    "shard": {"default": "", "help": "one part of all cases, 1/4 being the first of four"},
    "backwards": {"action": "store_true", "help": "run the cases in reverse order"},
    "mutant": {"default": "", "help": "break TensorFlow in this way, to see which cases notice"},
    "column": {"default": "", "help": "name of the column, in place of what is installed"},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's options to pytest; where a user's own plugin has one, it is `--conformance-…` here."""
    group = parser.getgroup("conformance")
    groups = [parser._anonymous, *parser._groups]
    taken = {name for other in groups for option in other.options for name in option.names()}
    for name, given in _OPTIONS.items():
        flag = f"--conformance-{name}" if f"--{name}" in taken else f"--{name}"
        group.addoption(flag, dest="conformance_" + name.replace("-", "_"), **given)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Choose worker processes where the user chose nothing and pytest-xdist is installed."""
    option = config.option
    alone = getattr(option, "usepdb", False) or option.collectonly or option.conformance_mutant
    if _is_worker(config) or alone or not config.pluginmanager.hasplugin("xdist"):
        return
    if not _runs_only_cases(config):  # how a user's own tests run, the user decides
        return
    if option.numprocesses is None and option.dist == "no" and not option.tx:
        option.numprocesses = min(MOST_WORKERS, cores())
        option.dist = "worksteal"
    if option.maxworkerrestart is None:  # or a few cases in a row that crash would end the run
        option.maxworkerrestart = "1000000"


def pytest_configure(config: pytest.Config) -> None:
    """Add the canaries to whatever cases were asked for; without them a column says nothing."""
    config.addinivalue_line("markers", "checks(claim, expects, core): the claim that a case checks")
    config.pluginmanager.register(Collection(config), COLLECTION)
    if not _runs_cases(config):
        return
    if not _is_worker(config):
        ledger = Ledger(config)
        config.pluginmanager.register(ledger, LEDGER)
        config.pluginmanager.register(Stopping())
        if not config.option.conformance_mutant:
            config.pluginmanager.register(Overtime(config, ledger))
    if config.option.conformance_mutant:
        infection = importlib.import_module("conformance.breaking.infection")
        config.pluginmanager.register(infection.MutantRun(config), MUTANT)
    if not any(path == CANARIES or path in CANARIES.parents for path in targets(config)):
        config.args.insert(0, str(CANARIES))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> Optional[bool]:
    """Leave out this project's own tests, which a checkout has, unless they are asked for."""
    own = PACKAGE / "tests"
    asked = any(own in (path, *path.parents) for path in targets(config))
    return True if collection_path == own and not asked else None


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _runs_cases(config: pytest.Config) -> bool:
    return door.asks_for_cases(targets(config))


def _runs_only_cases(config: pytest.Config) -> bool:
    return all(door.asks_for_cases([path]) for path in targets(config))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop before any work, in one line, for what would make the work useless."""
    config = session.config
    if not config.pluginmanager.hasplugin(LEDGER):
        return
    try:
        asked = config.option.conformance_claims
        if asked and not asked.replace(",", " ").split():
            pytest.exit("--claims: names no claim; leave it out for all", Exit.BAD_INPUT)
        claims_matching(asked)
        _check_shard(config)
        _check_column(config.option.conformance_column)
        if config.option.collectonly:
            return
        ensure_writable(Path(config.option.conformance_results))
        _pins(config.option.conformance_pins)
    except KeyError as error:
        hint = "`python -m conformance claims` lists them"
        pytest.exit(f"--claims: no claim or family is called {error}; {hint}", Exit.BAD_INPUT)
    except (ShardError, ResultsError, PinsError) as error:
        pytest.exit(str(error), error.exit_code)
    if importlib.util.find_spec("tensorflow") is None:
        hint = "pip install tensorflow" + (", or `make conformance`, which does" if IS_CHECKOUT else "")
        pytest.exit(f"no TensorFlow is installed in this environment: {hint}", Exit.NOT_MEASURED)


def _check_shard(config: pytest.Config) -> None:
    """Raise ShardError where `--shard` is none; whether it is a part of all cases is seen when these are."""
    if config.option.conformance_shard:
        shards.shard(config.option.conformance_shard)


def _check_column(name: str) -> None:
    """End pytest where results could not be read again under the name that they are given."""
    if name and not is_name(name):
        hint = "use letters, digits and . _ + -"
        pytest.exit(f"--column: {legible(repr(name))} is no plain name; {hint}", Exit.BAD_INPUT)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Leave the path as it was before a module of cases was imported."""
    yield
    door.make_way()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: List[pytest.Item]
) -> Iterator[None]:
    """Name each item's case; apply `--claims`, `--core` and `--shard`; keep canaries whatever is selected."""
    for item in items:
        marker = item.get_closest_marker("checks")
        if marker is not None:
            item.stash[CASE] = _case(item, marker)
            _name(item)
            _shield(config, item)
    selecting.check_given(config, items)
    canaries = [i for i in items if CASE in i.stash and is_canary(i.stash[CASE].claim)]
    items[:] = [i for i in items if i not in canaries]
    yield
    selecting.drop(config, items, functools.partial(selecting.is_wanted, config))
    if not session.testsfailed:  # a module that does not import says so itself
        selecting.check_any(config, items)
    selecting.check_all(config, [*canaries, *items])
    if config.option.conformance_shard:
        selecting.drop(config, items, lambda case: shards.shard(config.option.conformance_shard).has(case.id))
    if config.option.conformance_backwards:
        items.reverse()
    items[:0] = canaries
    if BROKEN in config.stash:  # tests of the user's own go on
        items[:] = [i for i in items if CASE not in i.stash]


def _case(item: Any, marker: pytest.Mark) -> Case:
    name, spec = getattr(item, "originalname", item.name), getattr(item, "callspec", None)
    situation = collecting.own_name(spec.id) if spec else ""
    return case_of(item.path, name, situation, marker, spec.params if spec else {})


def _name(item: pytest.Item) -> None:
    """Call a case the same wherever pytest runs: outside its root it leaves out parts of the path, or all."""
    path, _, name = item.nodeid.rpartition("::")
    place = f"conformance/cases/{item.path.name}"
    own = collecting.own_name(name)
    if not path.endswith(place) or own != name:
        item._nodeid = f"{place}::{own}"  # type: ignore[attr-defined]


def _shield(config: pytest.Config, item: pytest.Item) -> None:
    """Give a case its time limit; keep a user's `-W error`, and the fixtures of a user's ini, from it."""
    item.add_marker(pytest.mark.filterwarnings("ignore"))
    collecting.keep_from(item, config.getini("usefixtures"))
    if config.pluginmanager.hasplugin("timeout"):  # by a thread: what hangs in TensorFlow hears no signal
        item.add_marker(pytest.mark.timeout(config.option.timeout or PATIENCE, method="thread"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Import TensorFlow before the first case, outside any case's time, and say why it cannot be asked."""
    config = session.config
    if config.option.collectonly or not any(CASE in item.stash for item in session.items):
        return
    obstacle = config.stash.get(BROKEN, None) or settings.obstacle(os.environ)
    if obstacle:
        config.stash[BROKEN] = obstacle
        return
    use_own_home(config)
    try:
        with _silenced(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a user's `-W error` is not about TensorFlow's own code
            installed = importlib.import_module("conformance.measuring.installed")
            switched = switches.described(installed.tf)
            if not switched:  # or it may not start at all
                installed.wake()
    except Exception as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        config.stash[BROKEN] = f"TensorFlow is installed but does not import: {why}"
        return
    name = config.option.conformance_column
    strange = settings.described(installed.settings()) or locks.stranger(name, installed.column())
    wrong = switched or strange
    if wrong:
        config.stash[BROKEN] = wrong


def use_own_home(config: pytest.Config) -> None:
    """Give Keras a home of this run's own if need be, and remove it: a worker does not at its exit."""
    before = os.environ.get("KERAS_HOME")
    settings.use_own_home()
    own = os.environ.get("KERAS_HOME")
    if own is not None and own != before:
        config.add_cleanup(functools.partial(shutil.rmtree, own, ignore_errors=True))


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


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: Any, request: pytest.FixtureRequest) -> None:
    """Begin no case beside a TensorFlow that a fixture, or a test of the user's, switched since."""
    config = request.config
    # A case's own first fixture: what those of a user switch, which come before it, is switched by then.
    ours = fixturedef.argname == "isolated" and CASE in request.node.stash
    if not ours or config.option.conformance_mutant:
        return
    switched = switches.described(sys.modules["conformance.measuring.installed"].tf)
    if switched:
        config.stash[BROKEN] = switched
        pytest.skip(switched)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Put the case's record on pytest's report, and let it decide how the item ended."""
    case = item.stash.get(CASE, None)
    if case is None or (call.when != "call" and call.excinfo is None):
        yield
        return
    if BROKEN in item.config.stash:
        (yield).get_result().conformance = None
        return
    kept = record(case, item.stash.get(OBSERVER, None), call.excinfo.value if call.excinfo else None)
    if kept["outcome"] != Outcome.ERROR.value:
        # Where TensorFlow raised nobody reads, and pytest would parse all of its files to show it.
        item.repr_failure = lambda excinfo, style=None: excinfo.typename  # type: ignore[method-assign]
    report = (yield).get_result()
    report.conformance = (case.id, kept)
    if not item.config.stash.get(TOLD, False):  # at once: a worker that dies says nothing at its end
        item.config.stash[TOLD] = True
        installed = importlib.import_module("conformance.measuring.installed")
        report.conformance_said = {"column": installed.column(), **_collected(item.config)}
    option = item.config.option
    column = _column(option.conformance_column)
    item.user_properties += ending.properties(case, kept, column)
    ending.settle(report, kept)
    if option.conformance_measure:
        ending.report_only(report, kept)
    elif not (option.conformance_no_pins or option.conformance_mutant or is_canary(case.claim)):
        ending.judge(report, case.id, kept, _pins(option.conformance_pins), column)


@functools.lru_cache(maxsize=None)
def _pins(path: str) -> Sequence[Pin]:
    return pins.read(Path(path))


@functools.lru_cache(maxsize=None)
def _column(name: str) -> Dict[str, Any]:
    found = importlib.import_module("conformance.measuring.installed").column()
    return {**found, "id": name or found["id"]}


def _collected(config: pytest.Config) -> Dict[str, Any]:
    return {"collected": config.stash[COLLECTED]} if COLLECTED in config.stash else {}


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: Any) -> Any:
    """A case's letter: `.` holds, `d` deviates (`x` as pinned), `n` not applicable, `b` blocked."""
    return ending.status(report)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say what is installed, from the process that knows: a worker, or the only one."""
    config = session.config
    found: Dict[str, Any] = {}
    if BROKEN in config.stash:
        found.update(broken=config.stash[BROKEN], faulty=config.stash.get(FAULTY, False))
    elif "conformance.measuring.installed" in sys.modules:
        found.update(_collected(config))
        found["column"] = sys.modules["conformance.measuring.installed"].column()
    if _is_worker(config):
        config.workeroutput.update(found)  # type: ignore[attr-defined]
    elif config.pluginmanager.hasplugin(LEDGER):
        config.pluginmanager.getplugin(LEDGER).learn(found)
