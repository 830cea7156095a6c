"""Reproducing: each pin's script, run at both sides of every boundary of its ranges, held against the matrix.

A reproduction knows nothing of this project, so what it prints is a second witness. Inside a pin's
ranges it must print a word that the matrix has there; outside it must not print the pin's word.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from packaging.version import Version

from conformance import results, running
from conformance.columns import Column
from conformance.exits import Exit
from conformance.faults import REPRODUCTIONS
from conformance.pins import Pin
from conformance.results import ResultsError
from conformance.suite import ROOT

REPRODUCED = ROOT / "reports" / "reproduced.json"
SCHEMA = 1
MOST_LINES = 25
MODULES = {"numpy", "tensorflow", "tempfile"}
_RELEASE = {"tensorflow": "tensorflow", "tf_keras": "tensorflow", "keras3": "keras"}

Measured = Mapping[str, Mapping[str, Any]]


class ReproductionError(Exception):
    """A pin or an environment that is not there. Its text is one line."""

    exit_code = Exit.NOT_REPRODUCED


@dataclasses.dataclass(frozen=True)
class Check:
    """A pin's script in one column: the words that the matrix has there, and those that the pin has."""

    pin: str
    script: str
    column: str
    inside: bool
    matrix: tuple[str, ...]
    pinned: tuple[str, ...]

    def wrong(self, printed: str) -> str:
        """Return what is wrong with what the script printed there, nothing where it is right."""
        lines = printed.splitlines()
        if len(lines) != 1:
            return f"printed {len(lines)} lines, not one"
        if self.inside and lines[0] not in self.matrix:
            return f"printed {lines[0]!r}, the matrix has {', '.join(self.matrix)}"
        if not self.inside and lines[0] in self.pinned and lines[0] not in self.matrix:
            return f"printed {lines[0]!r}, which the pin has elsewhere only"
        return ""


@dataclasses.dataclass(frozen=True)
class Said:
    """What a script printed for a check, and the script's digest."""

    check: Check
    printed: str
    digest: str


def checks(pin: Pin, measured: Measured) -> list[Check]:
    """Return where a pin's script has to run: at both sides of each boundary of its ranges.

    Without a boundary these are the first and the last column inside. A column where none of the
    pin's cases apply says nothing, and is passed over.
    """
    answered = [r["column"] for r in measured.values() if _words(pin, r)]
    found: dict[str, None] = {}
    for _, row in itertools.groupby(sorted(answered, key=_lineage), key=_lineage):
        ordered = sorted(row, key=lambda column: Version(column[_release(column)].replace("-tf", "")))
        found |= dict.fromkeys(_edges(pin, ordered))
    if not found:
        inside = [column["id"] for column in answered if pin.applies(column)]
        found = dict.fromkeys([*inside[:1], *inside[-1:]])
    return [_check(pin, measured[column]) for column in found]


def _lineage(column: Mapping[str, Any]) -> str:
    """Return which releases a column follows on: TensorFlow 1 and 2 are one row."""
    return "tensorflow" if column["flavour"] in ("tf1", "keras2") else str(column["flavour"])


def _release(column: Mapping[str, Any]) -> str:
    return _RELEASE[_lineage(column)]


def _edges(pin: Pin, row: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for left, right in itertools.pairwise(row):
        if pin.applies(left) != pin.applies(right):
            yield from (left["id"], right["id"])


def _words(pin: Pin, found: Mapping[str, Any]) -> set[str]:
    """Return the words that a pin's cases say in a column: inside, only those that are as pinned."""
    inside = pin.applies(found["column"])
    said = {case: r["observed"] for case, r in found["cases"].items() if pin.word(case)}
    return {word for case, word in said.items() if word and (not inside or word == pin.word(case))}


def _check(pin: Pin, found: Mapping[str, Any]) -> Check:
    inside, words = pin.applies(found["column"]), tuple(sorted(_words(pin, found)))
    column = found["column"]["id"]
    return Check(pin.id, pin.reproduction, column, inside, words, tuple(sorted(pin.observed)))


def chosen(pins: Sequence[Pin], names: Sequence[str]) -> list[Pin]:
    """Return the pins that names name, all that have a script without any. Raises ReproductionError."""
    by_id = {pin.id: pin for pin in pins}
    for name in names:
        if name not in by_id:
            raise ReproductionError(f"no pin is called {name!r}; see fixtures/pins.toml")
        if not by_id[name].reproduction:
            raise ReproductionError(f"{name}: names no reproduction; write one in fixtures/reproductions")
    return [by_id[name] for name in names] or [pin for pin in pins if pin.reproduction]


def script_faults(text: str) -> list[str]:
    """Return what is wrong with a script before it runs: its length, and what it imports."""
    lines = len(text.splitlines())
    found = [f"has {lines} lines, {MOST_LINES} are enough"] if lines > MOST_LINES else []
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        found += [f"imports {n}" for n in names if n.split(".")[0] not in MODULES]
    return found


def unfit(asked: Iterable[Check], folder: Path = REPRODUCTIONS) -> list[str]:
    """Return a line for each fault of the scripts that checks run."""
    scripts = sorted({check.script for check in asked})
    return [
        f"{name}: {fault}" for name in scripts for fault in script_faults((folder / name).read_text("utf-8"))
    ]


def digest(script: str, folder: Path = REPRODUCTIONS) -> str:
    """Return a digest of a script's text."""
    return hashlib.sha256((folder / script).read_bytes()).hexdigest()[:16]


def reproduce(
    asked: Sequence[Check],
    columns: Mapping[str, Column],
    environments: Path | None,
    jobs: int,
    tell: Callable[[str], None],
) -> list[Said]:
    """Run the scripts of checks, each once in a column, and tell of each check; return what they printed.

    Raises ReproductionError where a column has no environment among those given.
    """
    if environments:
        absent = {c.column for c in asked if not (environments / c.column / "bin" / "python").exists()}
        if absent:
            raise ReproductionError(f"{environments}: no environment for {', '.join(sorted(absent))}")
    pairs = list(dict.fromkeys((check.script, check.column) for check in asked))
    said: list[Said] = []
    with ThreadPoolExecutor(jobs) as pool:
        jobs_done = pool.map(lambda p: (p, _printed(p[0], columns[p[1]], environments)), pairs)
        for pair, printed in jobs_done:
            for check in asked:
                if (check.script, check.column) == pair:
                    said.append(Said(check, printed, digest(check.script)))
                    tell(sentence(said[-1]))
    return said


def _printed(script: str, column: Column, environments: Path | None) -> str:
    path = REPRODUCTIONS / script
    log = running.WORK / "reproduced" / f"{column.id}-{path.stem}.log"
    return running.printed(column, log, environments, str(path)).strip()


def sentence(said: Said) -> str:
    """Return one line on a check."""
    check, wrong = said.check, said.check.wrong(said.printed)
    side = "inside" if check.inside else "outside"
    return f"{'WRONG' if wrong else 'ok'} {check.pin} {side}, {check.column}: {wrong or said.printed}"


def read(path: Path = REPRODUCED) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what is kept, printed line and digest by pin and column. Raises ResultsError if broken."""
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["checks"]
        return {(r["pin"], r["column"]): (r["printed"], r["digest"]) for r in rows}
    except (ValueError, KeyError, TypeError) as error:
        hint = "delete it and run `python -m conformance reproduce`"
        raise ResultsError(f"{path}: not reproductions ({error}); {hint}", Exit.BROKEN_RESULTS) from None


def missing(planned: Iterable[Check], path: Path = REPRODUCED) -> list[str]:
    """Return a line for each check that was not run with today's script, or went wrong."""
    kept, found = read(path), []
    for check in planned:
        printed, then = kept.get((check.pin, check.column), ("", ""))
        why = check.wrong(printed) if then == digest(check.script) else "not run with today's script"
        found += [f"{check.pin} in {check.column}: {why}"] if why else []
    return found


def keep(said: Iterable[Said], planned: Iterable[Check], path: Path = REPRODUCED) -> None:
    """Write what scripts printed beside what was kept; what is no longer planned goes."""
    kept = {**read(path), **{(s.check.pin, s.check.column): (s.printed, s.digest) for s in said}}
    rows = [
        {
            "pin": c.pin,
            "script": c.script,
            "column": c.column,
            "inside": c.inside,
            "printed": kept[c.pin, c.column][0],
            "matrix": list(c.matrix),
            "digest": kept[c.pin, c.column][1],
        }
        for c in planned
        if (c.pin, c.column) in kept
    ]
    text = json.dumps({"schema": SCHEMA, "checks": rows}, indent=1, ensure_ascii=False) + "\n"
    results.replace(path, text)
