"""Checking some claims in some environments, as a team's own CI does: nothing committed is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from conformance import exits, suite
from conformance.claims import claims_matching
from conformance.columns import running
from conformance.columns.columns import Column
from conformance.exits import Exit

RESULTS = suite.LOCAL_RESULTS / "check"


class CheckError(Exception):
    """What was asked for is not there. Its text is one line."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def check(
    columns: Sequence[Column], pythons: Sequence[str], claims: str, tell: Callable[[str], None]
) -> list[Path]:
    """Measure claims (all for "") in columns and in the environments of interpreters; return the results.

    An environment that could not be measured is told of in one line, and has no file among them. Raises
    CheckError for a claim or an interpreter that there is not.
    """
    arguments = ["conformance", *(["--claims", _known(claims)] if claims else [])]
    interpreters = [_interpreter(python) for python in pythons]
    shutil.rmtree(RESULTS, ignore_errors=True)
    with running.alone():
        for column in columns:
            _tell(column.id, _in_column(column, arguments), tell)
        for python in interpreters:
            _tell(python, _in_environment(python, arguments), tell)
    return sorted(RESULTS.glob("*.json"))


def _interpreter(python: str) -> str:
    """Return the absolute path of an interpreter. Raises CheckError where there is none."""
    found = shutil.which(python)
    if found is None:
        raise CheckError(f"--python: {python} is no interpreter; give its path", Exit.BAD_INPUT)
    return os.path.abspath(found)  # without following links: by its link an environment knows itself


def _known(claims: str) -> str:
    """Return claims or families, comma-separated. Raises CheckError for one that there is not."""
    wanted = ",".join(claims.replace(",", " ").split())
    try:
        claims_matching(wanted)
    except KeyError as error:
        message = f"--claims: no claim or family is called {error}; `python -m conformance claims` lists them"
        raise CheckError(message, Exit.BAD_INPUT) from None
    return wanted


def _in_column(column: Column, arguments: Sequence[str]) -> tuple[int, Path]:
    log = running.WORK / f"{column.id}.check.log"
    log.write_text(running.missing_interpreter(column))
    if log.stat().st_size:
        return Exit.NOT_MEASURED, log
    xml = f"--junitxml={RESULTS / column.id}.xml"
    return running.tox(column, log, "--", *arguments, xml, scratch=RESULTS)[1], log


def _in_environment(python: str, arguments: Sequence[str]) -> tuple[int, Path]:
    log = running.WORK / "own.check.log"
    command = [python, "-m", "pytest", *arguments, "--measure", "--results", str(RESULTS)]
    command.append(f"--junitxml={RESULTS}/own.xml")
    with open(log, "w") as sink:
        done = subprocess.run(command, cwd=suite.ROOT, stdout=sink, stderr=subprocess.STDOUT)
    return done.returncode, log


def _tell(name: str, ended: tuple[int, Path], tell: Callable[[str], None]) -> None:
    code, log = ended
    if code == Exit.MEASURED:
        tell(f"{name}: measured")
        return
    last = next((line for line in reversed(log.read_text(errors="replace").splitlines()) if line.strip()), "")
    tell(f"{name}: {exits.not_measured(code)}, see {log}: {last.strip()}")
