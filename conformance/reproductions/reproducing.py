"""Running reproductions where their pins begin and end, and keeping what they printed.

reports/reproduced.json has a line for each script and column. It holds until the script or the column's
lock changes.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from subprocess import PIPE
from typing import Any

from conformance import suite
from conformance.columns import children, running
from conformance.columns.columns import Column, columns
from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import printing
from conformance.pins import pins
from conformance.pins.faults import REPRODUCTIONS
from conformance.pins.pins import Pin, PinsError
from conformance.reproductions import judging
from conformance.reproductions.judging import Finding
from conformance.results import results, shape
from conformance.results.results import Results, ResultsError
from conformance.results.shape import faults

REPRODUCED = suite.ROOT / "reports" / "reproduced.json"
SCHEMA = 1
_PRINTED = {
    "script": shape.pattern("the name of a script", r"[A-Za-z0-9_]{1,100}\.py"),
    "digest": shape.TEXT,
    "lock": shape.TEXT_OR_NULL,
    "column": shape.NAME,
    "word": shape.TEXT_OR_NULL,
}


class ReproductionError(Exception):
    """Scripts that are no reproductions. Its text names each, a line for every fault."""

    exit_code = Exit.UNPROVEN


@dataclasses.dataclass(frozen=True)
class Printed:
    """What a script printed in a column: a word, or None where it printed none."""

    script: str
    digest: str
    lock: str | None
    column: str
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
    """Run pins' scripts, `jobs` columns at a time, keep what they print, and return what it comes to.

    `built` has the columns' environments, by id; without it tox builds them. What is known and of today is
    not run again, unless by `force`. Raises ReproductionError, ResultsError.
    """
    check(asked)
    measured, listed = running.measured(), list(columns().values())
    wanted = [(p.reproduction, column) for p in asked for column in judging.around(p, listed, measured)]
    known = {} if force else words(read())
    with running.alone():
        _run([pair for pair in dict.fromkeys(wanted) if pair not in known], built, jobs, tell)
    return findings(asked, words(read()), measured)


def findings(
    asked: Iterable[Pin], said: Mapping[tuple[str, str], str | None], measured: Mapping[str, Results]
) -> list[Finding]:
    """Return what pins' scripts came to, from their words by script and column."""
    listed, found = list(columns().values()), []
    for pin in asked:
        wanted = [(pin.reproduction, column) for column in judging.around(pin, listed, measured)]
        unseen = [f"was not run in {column} as it is now" for s, column in wanted if (s, column) not in said]
        printed = {column: said[s, column] for s, column in wanted if (s, column) in said}
        of_pin = judging.finding(pin, printed, measured)
        found.append(dataclasses.replace(of_pin, wrong=[*unseen, *of_pin.wrong]) if unseen else of_pin)
    return found


def check(asked: Iterable[Pin]) -> None:
    """Raise ReproductionError, naming every pin without a script and every fault of one."""
    lacking = [f"{pin.id}: names no reproduction" for pin in asked if not pin.reproduction]
    scripts = dict.fromkeys(pin.reproduction for pin in asked if pin.reproduction)
    wrong = [f"{s}: {fault}" for s in scripts for fault in judging.faults(REPRODUCTIONS / s)]
    if lacking or wrong:
        raise ReproductionError("\n".join([*lacking, *wrong]))


def _run(
    pairs: Sequence[tuple[str, str]], built: Path | None, jobs: int, tell: Callable[[str], None]
) -> None:
    scripts: dict[str, list[str]] = {}
    for script, column in pairs:
        scripts.setdefault(column, []).append(script)
    listed = columns()
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(_print, listed[c], scripts[c], built): c for c in scripts}
        for number, future in enumerate(as_completed(futures), 1):
            column, answers = futures[future], future.result()
            _keep(
                Printed(script, *_digests(script, column), column, word)
                for script, (word, _) in answers.items()
            )
            for script, (word, why) in answers.items():
                tell(f"[{number}/{len(scripts)}] {column}: {script}: {legible(why or repr(word))}")


def _print(column: Column, scripts: Sequence[str], built: Path | None) -> dict[str, tuple[str | None, str]]:
    """Run scripts in a column and return their words, or why there is none. Raises ResultsError."""
    python = _python(column, built)
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", **column.env}
    command: list[str | Path] = [
        python,
        "-I",
        "-B",
        printing.__file__,
        *(REPRODUCTIONS / script for script in scripts),
    ]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **quiet}
        done = children.run(command, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE)
    if done.returncode:
        error = (done.stderr.strip().splitlines() or ["no error"])[-1]
        raise ResultsError(f"{column.id}: scripts cannot be run: {error}", Exit.NOT_MEASURED)
    return dict(zip(scripts, map(json.loads, done.stdout.splitlines()), strict=True))


def _python(column: Column, built: Path | None) -> Path:
    """Return a column's interpreter. Raises ResultsError where there is none."""
    if built is None:
        return running.interpreter(column)
    python = built.resolve() / column.id / "bin" / "python"
    if not python.exists():
        raise ResultsError(f"{python}: is not there; leave out --environments to build it", Exit.NOT_MEASURED)
    return python


def read(path: Path = REPRODUCED) -> list[Printed]:
    """Return what is kept, nothing where there is no file. Raises ResultsError for a broken one."""
    if not path.exists():
        return []
    kept = results.checked(path, _faults, "delete it and run `python -m conformance reproduce`")
    return [Printed(**row) for row in kept["printed"]]


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with what is kept: only the first of it is sure to be true."""
    yield from faults("", kept, {"schema": shape.exactly(SCHEMA), "printed": shape.LIST})
    for number, row in enumerate(kept["printed"], 1):
        yield from faults(f"printed: {number}", row, _PRINTED)
    for script, column in shape.twice((row["script"], row["column"]) for row in kept["printed"]):
        yield f"printed: two words of {script} in {column}"


def words(printed: Iterable[Printed]) -> dict[tuple[str, str], str | None]:
    """Return the words by script and column, of what is still of today."""
    return {(p.script, p.column): p.word for p in printed if p.is_of_today}


def _keep(new: Iterable[Printed]) -> None:
    """Write what scripts printed, beside what is kept of the scripts that pins still name."""
    named = {pin.reproduction for pin in pins.read()}
    kept = {(p.script, p.column): p for p in [*read(), *new] if p.script in named}
    order = list(columns())
    rows = sorted(
        (p for p in kept.values() if p.column in order), key=lambda p: (p.script, order.index(p.column))
    )
    lines = ",\n".join(json.dumps(dataclasses.asdict(row), ensure_ascii=False) for row in rows)
    results.replace(REPRODUCED, f'{{"schema": {SCHEMA}, "printed": [\n{lines}\n]}}\n')
