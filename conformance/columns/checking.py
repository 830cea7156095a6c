"""Checking some claims in some environments, as a team's own CI does: nothing committed is touched."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from conformance import suite
from conformance.claims import claims_matching
from conformance.columns import children, failures, running, workplace
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.results import results

RESULTS = suite.LOCAL_RESULTS / "check"
CASES = f"{suite.PACKAGE.name}/cases"
#: Of a project's own for its own tests: they must not reach these runs.
_THEIRS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_AUTO_NUM_WORKERS")
#: How much of an interpreter's path stands in the names of its log and its folder, to be recognized.
_READABLE = 40
Tell = Callable[[str], None]


class CheckError(Exception):
    """What was asked for is not there. Its text is one line."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclasses.dataclass(frozen=True)
class Checked:
    """How one environment fared: the file of its results, None where it has none, and a line on it."""

    name: str
    path: Path | None
    message: str


def check(
    columns: Sequence[Column], pythons: Sequence[str], wanted: Sequence[str], jobs: int, tell: Tell
) -> list[Checked]:
    """Measure a `selection` of cases in columns and in the environments of interpreters, `jobs` at a time.

    Tells of each as it ends, and returns them in the order in which they were asked for. Raises CheckError
    for an interpreter that there is not, BusyError before anything is touched.
    """
    interpreters = list(dict.fromkeys(interpreter(python) for python in pythons))
    with running.alone():
        with workplace.writing(RESULTS):
            shutil.rmtree(RESULTS, ignore_errors=True)
            RESULTS.mkdir(parents=True)
        workers = suite.cores() // min(jobs, len(columns) + len(interpreters))
        arguments = [f"-n{max(workers, 1)}", *wanted]
        work = [functools.partial(_in_column, column, arguments, tell) for column in columns]
        work += [functools.partial(_in_environment, python, wanted) for python in interpreters]
        return _side_by_side(work, jobs, tell)


def _side_by_side(work: Sequence[Callable[[], Checked]], jobs: int, tell: Tell) -> list[Checked]:
    ended: dict[Future[Checked], Checked] = {}
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(each) for each in work]
        for future in as_completed(futures):
            found = ended[future] = _placed(future.result())
            tell(f"[{len(ended)}/{len(work)}] {found.name}: {found.message}")
    return [ended[future] for future in futures]


def _placed(found: Checked) -> Checked:
    """Put results where the user looks for them, under a name that no other environment has."""
    if found.path is None:
        return found
    path = RESULTS / found.path.name
    if path.exists():
        path = RESULTS / f"{found.path.parent.name}.json"
    with workplace.writing(RESULTS):
        shutil.move(found.path, path)
    return dataclasses.replace(found, path=path)


def interpreter(python: str) -> str:
    """Return the absolute path of an interpreter. Raises CheckError where there is none."""
    found = shutil.which(python)
    if found is None:
        raise CheckError(f"--python: {python} is no interpreter; give its path", Exit.BAD_INPUT)
    return os.path.abspath(found)  # without following links: by its link an environment knows itself


def selection(claims: Sequence[str], core: bool) -> list[str]:
    """Return what pytest is told to run: cases of claims (of all without any), or core ones only.

    Raises CheckError for a claim that there is not.
    """
    wanted = ",".join(claims)
    try:
        claims_matching(wanted)
    except KeyError as error:
        message = f"--claims: no claim or family is called {error}; `python -m conformance claims` lists them"
        raise CheckError(message, Exit.BAD_INPUT) from None
    return [CASES, *(["--claims", wanted] if claims else []), *(["--core"] if core else [])]


def _in_column(column: Column, arguments: Sequence[str], tell: Tell) -> Checked:
    missing = running.missing_interpreter(column)
    if missing:
        return Checked(column.id, None, missing)
    log, scratch = _begun(column.id)
    if not running.place(column).exists():
        tell(f"{column.id}: building its environment")
        if running.tox(column, log, "--notest")[1]:
            return Checked(column.id, None, failures.of_building(log))
    seconds, code = running.tox(column, log, "--", *arguments, scratch=scratch)
    return _ended(column.id, code, seconds, log, scratch)


def _in_environment(python: str, arguments: Sequence[str]) -> Checked:
    log, scratch = _begun(_own(python))
    command = [python, "-m", "pytest", "-c", str(running.WORK / workplace.SETTINGS)]
    command += ["-p", "conformance.plugin", "-p", "no:cacheprovider", *arguments]
    folder, began = running.WORK / workplace.BESIDE, time.monotonic()
    with open(log, "w") as sink:
        done = children.run(
            [*command, "--measure", "--results", str(scratch)],
            cwd=folder,
            env=environment(folder),
            stdout=sink,
            stderr=sink,
        )
    return _ended(python, done.returncode, time.monotonic() - began, log, scratch)


def _own(python: str) -> str:
    """Return a short name for the environment of an interpreter, which no other one has.

    Two paths can read alike in it, so a digest tells them apart.
    """
    end = python.strip(os.sep).replace(os.sep, "-")[-_READABLE:]
    return f"own-{end}-{hashlib.sha256(os.fsencode(python)).hexdigest()[:12]}"


def environment(folder: Path) -> dict[str, str]:
    """Return the user's environment, without their settings of pytest, in which the suite can be imported."""
    path = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    path = [place for place in path if Path(place).resolve() != suite.PACKAGE.parent]
    kept = {name: value for name, value in os.environ.items() if name not in _THEIRS}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(folder), *path])}


def _begun(name: str) -> tuple[Path, Path]:
    """Return the log and the empty folder for results of an environment."""
    log, scratch = running.WORK / f"{name}.check.log", running.WORK / "check" / name
    with workplace.writing(running.WORK):
        log.unlink(missing_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
    return log, scratch


def _ended(name: str, code: int, seconds: float, log: Path, scratch: Path) -> Checked:
    path = next(iter(scratch.glob("*.json")), None)
    if code != Exit.MEASURED:
        return Checked(name, path, failures.of_running(code, log))
    if path is None:
        return Checked(name, None, f"not measured: it left no results, see {log}")
    return Checked(name, path, f"measured, {len(results.read(path)['cases'])} cases in {seconds:.0f} s")
