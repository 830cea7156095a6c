"""Running reproductions where their pins begin and end, and keeping what they printed.

reports/reproduced.json has a line for each script and column. It holds until the script or the column's
lock changes.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from conformance import pins, reproductions, results, running, suite
from conformance.columns import Column, columns
from conformance.exits import Exit
from conformance.faults import REPRODUCTIONS
from conformance.pins import Pin, PinsError
from conformance.reproductions import Finding
from conformance.results import ResultsError

REPRODUCED = suite.ROOT / "reports" / "reproduced.json"
SCHEMA = 1
#: Seconds for a script. Most need ten, and a machine may be busy.
PATIENCE = 300


class ReproductionError(Exception):
    """Scripts that are no reproductions. Its text names each, a line for every fault."""

    exit_code = Exit.NOT_REPRODUCED


@dataclasses.dataclass(frozen=True)
class Printed:
    """What a script printed in a column: a word, or None where it printed none."""

    script: str
    digest: str
    column: str
    lock: str | None
    word: str | None

    @property
    def is_of_today(self) -> bool:
        """Whether script and lock are still those that were run."""
        path = REPRODUCTIONS / self.script
        return path.exists() and (self.digest, self.lock) == _digests(self.script, self.column)


def _digests(script: str, column: str) -> tuple[str, str | None]:
    return suite.digest(REPRODUCTIONS / script), suite.lock_digest(column)


def chosen(names: Sequence[str]) -> list[Pin]:
    """Return the pins that names name, all without any. Raises PinsError with the nearest ids."""
    known = {pin.id: pin for pin in pins.read()}
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3)) or "see fixtures/pins.toml"
            raise PinsError(f"no pin is called {name!r}; nearest: {near}")
    return [known[name] for name in names] or list(known.values())


def reproduce(
    asked: Sequence[Pin], built: Path | None, jobs: int, force: bool, tell: Callable[[str], None]
) -> list[Finding]:
    """Run pins' scripts, `jobs` at a time, tell of each, keep what they print; return what it comes to.

    `built` has the columns' environments, by id; without it tox builds them. What is known and of today is
    not run again, unless by `force`. Raises ReproductionError, ResultsError.
    """
    check(asked)
    measured, listed = running.measured(), list(columns().values())
    wanted = [(p.reproduction, column) for p in asked for column in reproductions.around(p, listed, measured)]
    known = {} if force else {(p.script, p.column): p for p in read() if p.is_of_today}
    missing = [pair for pair in dict.fromkeys(wanted) if pair not in known]
    with running.alone():
        _run(missing, built, jobs, tell)
    printed = words(read())
    return [
        reproductions.finding(
            pin,
            {c: printed[pin.reproduction, c] for c in reproductions.around(pin, listed, measured)},
            measured,
        )
        for pin in asked
    ]


def check(asked: Iterable[Pin]) -> None:
    """Raise ReproductionError, naming every pin without a script and every fault of one."""
    lacking = [f"{pin.id}: names no reproduction" for pin in asked if not pin.reproduction]
    scripts = dict.fromkeys(pin.reproduction for pin in asked if pin.reproduction)
    wrong = [f"{s}: {fault}" for s in scripts for fault in reproductions.faults(REPRODUCTIONS / s)]
    if lacking or wrong:
        raise ReproductionError("\n".join([*lacking, *wrong]))


def _run(
    pairs: Sequence[tuple[str, str]], built: Path | None, jobs: int, tell: Callable[[str], None]
) -> None:
    listed = columns()
    with ThreadPoolExecutor(jobs) as pool:
        needed = [listed[column] for column in dict.fromkeys(column for _, column in pairs)]
        pythons = dict(zip((c.id for c in needed), pool.map(lambda c: _python(c, built), needed)))
        futures = {pool.submit(_print, s, listed[c], pythons[c]): (s, c) for s, c in pairs}
        for number, future in enumerate(as_completed(futures), 1):
            (script, column), (word, why) = futures[future], future.result()
            digest, lock = _digests(script, column)
            _keep(Printed(script, digest, column, lock, word))
            said = repr(word) if word is not None else why
            tell(f"[{number}/{len(pairs)}] {script} in {column}: {said}")


def _python(column: Column, built: Path | None) -> Path:
    """Return a column's interpreter. Raises ResultsError where there is none."""
    if built is None:
        return running.interpreter(column)
    python = built / column.id / "bin" / "python"
    if not python.exists():
        raise ResultsError(f"{python}: is not there; leave out --environments to build it", Exit.INCOMPLETE)
    return python


def _print(script: str, column: Column, python: Path) -> tuple[str | None, str]:
    """Run a script and return the word that it prints, or why there is none."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {**os.environ, **quiet, **column.env}
    environment.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [python, REPRODUCTIONS / script],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return None, f"not over after {PATIENCE} s"
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        error = (done.stderr.strip().splitlines() or ["no error"])[-1]
        return None, f"prints nothing, exit code {done.returncode} ({error[:200]})"
    return (lines[0], "") if len(lines) == 1 else (None, f"prints {len(lines)} lines")


def read(path: Path = REPRODUCED) -> list[Printed]:
    """Return what is kept, nothing where there is no file. Raises ResultsError for a broken one."""
    if not path.exists():
        return []
    try:
        return [Printed(**row) for row in json.loads(path.read_text(encoding="utf-8"))["printed"]]
    except (ValueError, KeyError, TypeError) as error:
        hint = "delete it and run `python -m conformance reproduce`"
        message = f"{path}: not what reproductions printed ({error}); {hint}"
        raise ResultsError(message, Exit.BROKEN_RESULTS) from None


def words(printed: Iterable[Printed]) -> dict[tuple[str, str], str | None]:
    """Return the words by script and column."""
    return {(p.script, p.column): p.word for p in printed}


def _keep(new: Printed) -> None:
    """Write what a script printed, beside what is kept of the scripts that pins still name."""
    named = {pin.reproduction for pin in pins.read()}
    kept = {(p.script, p.column): p for p in [*read(), new] if p.script in named}
    order = list(columns())
    rows = sorted(kept.values(), key=lambda p: (p.script, order.index(p.column)))
    lines = ",\n".join(json.dumps(dataclasses.asdict(row), ensure_ascii=False) for row in rows)
    results.replace(REPRODUCED, f'{{"schema": {SCHEMA}, "printed": [\n{lines}\n]}}\n')
