"""An audit somewhere else: in an environment that is built from a column's lock, or in one of the user's.

What audits runs beside TensorFlow, in a process of its own there, and in the folder in which the command was
given: so the user's modules are found.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from conformance.columns import checking, children, failures, running, tool, workplace
from conformance.columns.columns import Column
from conformance.exits import Exit, not_measured
from conformance.legible import legible

#: With these codes an audit has an answer. What else it says is in one line.
_ANSWERED = (Exit.MEASURED, Exit.DEVIATES, Exit.NOT_MEASURED)
#: What an interpreter says of itself in which an audit can run.
_READY = "an audit can run here"
Audit = Mapping[str, Any]
Tell = Callable[[str], None]


class AuditError(Exception):
    """An audit that did not come about. Its text is one line."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(legible(message, 1000))
        self.exit_code = exit_code


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an audit runs: an interpreter, and what must be set beside it."""

    name: str
    python: str
    env: Mapping[str, str]


def places(
    columns: Sequence[Column], extra: Sequence[str], pythons: Sequence[str], tell: Tell
) -> list[Place]:
    """Return the places of columns, built with `extra` requirements of the model, and of interpreters.

    To be called by whoever holds the checkout's lock. Raises AuditError, CheckError.
    """
    own = [Place(python, checking.interpreter(python), {}) for python in pythons]
    return [*(_built(column, extra, tell) for column in columns), *own]


def _built(column: Column, extra: Sequence[str], tell: Tell) -> Place:
    missing = running.missing_interpreter(column)
    if missing:
        raise AuditError(f"{column.id}: {missing}", Exit.NOT_MEASURED)
    if not extra:
        if not running.place(column).exists():
            tell(f"{column.id}: building its environment")
        return Place(column.id, str(running.interpreter(column)), column.env)
    folder = running.WORK / "audit" / f"{column.id}-{_digest(column, extra)}"
    python = folder / "env" / "bin" / "python"
    if not (folder / "ready").exists():
        tell(f"{column.id}: building its environment with {' '.join(extra)}")
        _build(column, extra, folder, python)
    return Place(column.id, str(python), column.env)


def _digest(column: Column, extra: Sequence[str]) -> str:
    text = "\n".join([column.lock.read_text(encoding="utf-8"), *sorted(extra)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _build(column: Column, extra: Sequence[str], folder: Path, python: Path) -> None:
    """Build a column's environment with some requirements more, of which nothing may change its lock."""
    with workplace.writing(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    uv = tool.uv()
    venv = [uv, "venv", "--quiet", "--python", column.python, str(folder / "env")]
    # An audit keeps no bytecode, which would lie beside the user's code: without it imports take longer.
    install = [uv, "pip", "install", "--python", str(python), "--compile-bytecode", "-r", str(column.lock)]
    log = folder / "log"
    for command in (venv, [*install, *extra]):
        with open(log, "a", encoding="utf-8") as sink:
            done = children.run(command, env=running.environment(), stdout=sink, stderr=sink)
        if done.returncode:
            wanted = f"{column.id} with {' '.join(extra)}"
            raise AuditError(f"{wanted}: {failures.of_building(log)}", Exit.NOT_MEASURED)
    (folder / "ready").touch()


def command(subject: str, options: Sequence[str]) -> list[str]:
    """Return what an interpreter is told to audit a model."""
    return ["-m", "conformance.auditing", subject, *options]


def told(place: Place, subject: str, options: Sequence[str]) -> int:
    """Audit a model in a place, which tells it by itself, and return the exit code.

    Raises AuditError where no audit can run: what ended in another way would be taken for an answer.
    """
    _check(place)
    code = children.run([place.python, *command(subject, options)], env=_environment(place)).returncode
    return code if code >= 0 else 128 - code


def _check(place: Place) -> None:
    asked = [place.python, "-c", f"import conformance.auditing.__main__; print({_READY!r})"]
    done = children.run(asked, env=_environment(place), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if _READY not in done.stdout.splitlines():
        silent = f"it said nothing, and ended with {done.returncode}"
        said = [line for line in done.stderr.splitlines() if line.strip()] or [silent]
        needed = "it takes Python 3.7 or newer, with pytest"
        message = f"{place.name}: no audit can run there, {needed}: {said[-1]}"
        raise AuditError(message, Exit.NOT_MEASURED)


def audits(where: Sequence[Place], subject: str, options: Sequence[str], jobs: int) -> list[Audit]:
    """Return a model's audit in each place, `jobs` at a time. Raises AuditError for the first without."""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(functools.partial(_audit, subject=subject, options=options), where))


def _audit(place: Place, subject: str, options: Sequence[str]) -> Audit:
    done = children.run(
        [place.python, *command(subject, [*options, "--format", "json"])],
        env=_environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if done.returncode in _ANSWERED and done.stdout.startswith("{"):
        found: dict[str, Any] = json.loads(done.stdout)
        return {**found, "column": {**found["column"], "id": place.name}}
    said = [line for line in done.stderr.splitlines() if line.strip()] or [""]
    errors = [line[len("error: ") :] for line in said if line.startswith("error: ")]
    is_ours = done.returncode in list(Exit) and errors
    code = done.returncode if is_ours else Exit.NOT_MEASURED
    why = errors[-1] if errors else f"{not_measured(done.returncode)}: {said[-1]}"
    raise AuditError(f"{place.name}: {why}", code)


def _environment(place: Place) -> dict[str, str]:
    return {**checking.environment(running.WORK / workplace.BESIDE), **place.env}
