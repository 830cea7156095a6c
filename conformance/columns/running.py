"""Measuring columns: each in an environment that tox builds from its lock, the good results kept.

A column runs into a scratch folder. Only a run that measured everything replaces the results that
were there; whatever else happens, they stay.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from subprocess import PIPE

from conformance import suite
from conformance.columns import children, failures, tool, workplace
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError

RESULTS = suite.ROOT / "reports" / "results"
WORK = suite.WORK


class BusyError(Exception):
    """Another run is at work in this checkout. Its text is one line."""

    exit_code = Exit.NOT_MEASURED


@dataclasses.dataclass(frozen=True)
class Done:
    """How one column's run ended: its line in the summary, and the seconds it took."""

    column: str
    kept: bool
    message: str
    building: float = 0.0
    running: float = 0.0


def changed_modules(column: Column, folder: Path = RESULTS) -> list[str]:
    """Return the modules of cases that have to run in a column: none where nothing changed."""
    now = suite.identity()
    everything = sorted(now["modules"])
    try:
        old = results.read(folder / f"{column.id}.json")
    except ResultsError:
        return everything
    same_python = old["column"]["python"].startswith(column.python + ".")
    same_lock = old["column"].get("lock") == suite.lock_digest(column.id)
    if old["suite"].get("shared") != now["shared"] or not (old["valid"] and same_lock and same_python):
        return everything
    return [m for m in everything if old["suite"]["modules"].get(m) != now["modules"][m]]


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold this checkout's lock while columns run; what ends the tool ends them.

    Raises BusyError where another run holds it, WorkError where it cannot be held.
    """
    workplace.prepare(WORK)
    with contextlib.ExitStack() as held:
        with workplace.writing(WORK):
            handle = held.enter_context(open(WORK / "lock", "w"))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(f"another run is measuring columns in {WORK}: wait for it") from None
        held.enter_context(children.ending_with_us())
        yield


def run(columns: Sequence[Column], jobs: int, force: bool, tell: Callable[[str], None]) -> list[Done]:
    """Measure columns, `jobs` at a time, and tell of each as it ends; return how they ended.

    Their environments are built one after the other beside that: it waits for the disk and the network.
    """
    finished: list[Done] = []
    with alone(), ThreadPoolExecutor(jobs) as pool, ThreadPoolExecutor(1) as builder:
        built = [(column, builder.submit(_built, column, force)) for column in columns]
        for future in as_completed([pool.submit(_measure, *each, force) for each in built]):
            done = future.result()
            finished.append(done)
            tell(f"[{len(finished)}/{len(columns)}] {done.column}: {done.message}")
    return finished


def _built(column: Column, force: bool) -> tuple[list[str], Done]:
    """Build a column's environment, and return which modules are to run in it: none where it has ended."""
    modules = sorted(suite.identity()["modules"]) if force else changed_modules(column)
    if not modules:
        return [], Done(column.id, True, "unchanged, skipped")
    missing = missing_interpreter(column)
    if missing:
        return [], Done(column.id, False, missing)
    log = _log(column)
    log.unlink(missing_ok=True)
    building, code = tox(column, log, "--notest")
    if code:
        return [], Done(column.id, False, failures.of_building(log), building)
    return modules, Done(column.id, True, "built", building)


def _measure(column: Column, built: Future[tuple[list[str], Done]], force: bool) -> Done:
    modules, done = built.result()
    if not modules:
        return done
    log, scratch = _log(column), _scratch(column, force)
    running, code = tox(column, log, "--skip-env-install", "--", *targets(modules), scratch=scratch)
    return _kept(column, scratch, code, done.building, running, log)


def _log(column: Column) -> Path:
    return WORK / f"{column.id}.log"


def _scratch(column: Column, force: bool) -> Path:
    """Return an empty folder for a run, with the results that a partial run is to be merged into."""
    folder = WORK / "results" / column.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    old = RESULTS / f"{column.id}.json"
    if old.exists() and not force:
        shutil.copy(old, folder)
    return folder


def targets(modules: Sequence[str]) -> list[str]:
    """Return what pytest is told to run for some modules of cases, from the folder that the package is in."""
    return [f"conformance/cases/test_{module}.py" for module in modules]


def _kept(column: Column, scratch: Path, code: int, building: float, running: float, log: Path) -> Done:
    if code != Exit.MEASURED:
        message = f"{failures.of_running(code, log)}; earlier results kept"
        return Done(column.id, False, message, building, running)
    RESULTS.mkdir(parents=True, exist_ok=True)
    value = results.read(scratch / f"{column.id}.json")
    results.write(RESULTS / f"{column.id}.json", value)
    message = f"{len(value['cases'])} cases, built in {building:.0f} s, ran in {running:.0f} s"
    return Done(column.id, True, message, building, running)


def tox(column: Column, log: Path, *arguments: str, scratch: Path | None = None) -> tuple[float, int]:
    """Run tox for a column, its output added to a log; return its seconds and the exit code."""
    return _logged(["run", "-q", "-e", column.id, *arguments], log, scratch)


def execute(column: Column, log: Path, *command: str) -> int:
    """Run a command in a column's environment, its output added to a log; return its exit code."""
    return _logged(["exec", "-q", "-e", column.id, "--", *command], log, None)[1]


def interpreter(column: Column) -> Path:
    """Return the interpreter of a column's environment, built if need be. Raises ResultsError."""
    log = WORK / f"{column.id}.log"
    if tox(column, log, "--notest")[1]:
        raise ResultsError(f"{column.id}: {failures.of_building(log)}", Exit.NOT_MEASURED)
    return place(column)


def place(column: Column) -> Path:
    """Return where the interpreter of a column's environment is, or will be."""
    return workplace.environments(WORK) / column.id / "bin" / "python"


def _logged(arguments: Sequence[str], log: Path, scratch: Path | None) -> tuple[float, int]:
    command, *rest = arguments
    began = time.monotonic()
    with open(log, "a") as sink:
        done = children.run(
            [*tool.tox(), command, *workplace.tox_settings(WORK), *rest],
            cwd=suite.ROOT if suite.IS_CHECKOUT else WORK,
            env={**environment(), "CONFORMANCE_RESULTS": str(scratch or RESULTS)},
            stdout=sink,
            stderr=sink,
        )
    return time.monotonic() - began, done.returncode


def environment() -> dict[str, str]:
    """Return the environment with every interpreter of pyenv on PATH: its shims hide most of them.

    A tox that this tool runs in has settings in it that would become those of the tool's own tox.
    """
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [str(path) for path in sorted(root.glob("versions/3.*/bin"))]
    ours = {k: v for k, v in os.environ.items() if not k.startswith("TOX") or k == "TOX_DISCOVER"}
    return {**ours, "PATH": os.pathsep.join([*found, os.environ.get("PATH", os.defpath)])}


def missing_interpreter(column: Column) -> str:
    """Return what to do where the column's Python is neither here nor to be had from uv."""
    said = ""
    for attempt in (["find", "--no-python-downloads"], ["install"]):
        command = [tool.uv(), "python", *attempt, column.python]
        done = children.run(command, env=environment(), stdout=PIPE, stderr=PIPE)
        if not done.returncode:
            return ""
        said = str(done.stderr)
    hint = f"`uv python install {column.python}` or pyenv can bring it"
    if failures.unreachable(said):
        hint = "and none could be fetched: there is no connection to where uv gets it"
    return f"not run: no Python {column.python} on this machine; {hint}"


def measured(folder: Path = RESULTS) -> Mapping[str, results.Results]:
    """Return all results in a folder by column id. Raises ResultsError for a broken file."""
    files = [path for path in sorted(folder.glob("*.json")) if not path.name.endswith(".invalid.json")]
    return {path.stem: results.read(path) for path in files}
