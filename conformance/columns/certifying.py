"""Certifying columns: measured again in a fresh process, in reverse order, and compared word for word.

A case that answers otherwise the second time is unstable: what it says depends on chance, or on the
cases that ran before it. The evidence is kept in reports/certified.json, for pins rest on it. It holds
for the modules of cases that it names: after a change in one, only that one is measured again. And it
holds for the very words that were compared: results measured anew, or changed by hand, have none.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from conformance import exits, suite
from conformance.columns import running
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.legible import legible
from conformance.results import results, shape
from conformance.results.results import ResultsError
from conformance.results.shape import Kind, faults

SCHEMA = 3
_CERTIFICATE = {
    "column": shape.NAME,
    "runs": Kind("a whole number from 2", lambda value: shape.is_count(value) and value >= 2),
    "lock": shape.TEXT_OR_NULL,
    "shared": shape.TEXT,
    "modules": shape.TABLE_OF_TEXTS,
    "words": shape.TABLE_OF_TEXTS,
    "unstable": shape.table_of(shape.TEXTS, "lists of texts"),
}
CERTIFIED = suite.ROOT / "reports" / "certified.json"
Words = Mapping[str, tuple[str, str]]


@dataclasses.dataclass(frozen=True)
class Certificate:
    """How often a column was measured, by which modules of cases, and what each unstable case said.

    `words` is a digest, by module of cases, of what the committed results said when they were compared.
    """

    column: str
    runs: int
    lock: str | None
    shared: str
    modules: Mapping[str, str]
    words: Mapping[str, str]
    unstable: Mapping[str, Sequence[str]]

    def covers(self, now: Mapping[str, Any], lock: str | None) -> list[str]:
        """Return the modules that it vouches for, of a suite and a lock as they are now."""
        if (self.shared, self.lock) != (now["shared"], lock):
            return []
        return [module for module, digest in now["modules"].items() if self.modules.get(module) == digest]


@dataclasses.dataclass(frozen=True)
class Failed:
    """A column that could not be measured again, and why."""

    column: str
    message: str


def words(found: results.Results) -> Words:
    """Return the outcome and the word of each case."""
    return {case: (r["outcome"], str(r["observed"])) for case, r in found["cases"].items()}


def digests(found: results.Results) -> dict[str, str]:
    """Return a short digest of the words of each module's cases."""
    said, modules = words(found), _modules(found)
    rows: dict[str, list[tuple[str, ...]]] = {}
    for case in sorted(said):
        rows.setdefault(modules[case], []).append((case, *said[case]))
    return {m: hashlib.sha256(json.dumps(rows[m]).encode()).hexdigest()[:16] for m in rows}


def _modules(found: results.Results) -> dict[str, str]:
    """Return the module of each case; for results of an older suite, which name none, its claim."""
    return {case: record.get("module", case.split("[")[0]) for case, record in found["cases"].items()}


def unstable(runs: Sequence[Words]) -> dict[str, list[str]]:
    """Return the cases that did not say the same in all runs, each with what it said, in order."""
    cases = sorted(set().union(*runs))
    said = {case: [" ".join(run.get(case, ("absent", ""))).strip() for run in runs] for case in cases}
    return {case: answers for case, answers in said.items() if len(set(answers)) > 1}


def certify(
    columns: Sequence[Column], again: int, jobs: int, force: bool, tell: Callable[[str], None]
) -> list[Certificate | Failed]:
    """Measure columns `again` times more, and return what came of it; certificates are kept as they come.

    The first run of each is its committed one. A module that is certified already is measured again
    only by `force`. Raises BusyError where another run is at work.
    """
    found: list[Certificate | Failed] = []
    with running.alone(), ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(_certified, column, again, force) for column in columns]
        for future in as_completed(futures):
            found.append(future.result())
            if isinstance(found[-1], Certificate):
                _keep(found[-1])
            tell(f"[{len(found)}/{len(columns)}] {sentence(found[-1])}")
    return found


def sentence(found: Certificate | Failed) -> str:
    """Return one line on how a column fared."""
    if isinstance(found, Failed):
        return f"{found.column}: {found.message}"
    if not found.unstable:
        return f"{found.column}: every word the same in {found.runs} runs"
    cases = "; ".join(legible(f"{case}: {', '.join(said)}") for case, said in found.unstable.items())
    return f"{found.column}: {len(found.unstable)} unstable cases: {cases}"


def _certified(column: Column, again: int, force: bool) -> Certificate | Failed:
    if running.changed_modules(column, running.RESULTS):
        hint = f"run `make matrix COLUMNS={column.id}` first"
        return Failed(column.id, f"has no results of today's cases; {hint}")
    now, lock = suite.identity(), suite.lock_digest(column.id)
    first = results.read(running.RESULTS / f"{column.id}.json")
    said = digests(first)
    old = None if force else certificates(CERTIFIED).get(column.id)
    vouched = old.covers(now, lock) if old else []
    modules = [module for module in now["modules"] if module not in vouched]
    if old and not modules and old.words == said:
        return old
    modules = modules or list(now["modules"])
    try:
        further = [_again(column, modules, turn) for turn in range(again)]
        runs = [words(run) for run in (first, *further)]
        if old and len(modules) < len(now["modules"]):
            return _joined(old, runs, now, said, _modules(first))
    except ResultsError as error:
        return Failed(column.id, str(error))
    return Certificate(column.id, len(runs), lock, now["shared"], now["modules"], said, unstable(runs))


def _joined(
    old: Certificate,
    runs: Sequence[Words],
    now: Mapping[str, Any],
    said: Mapping[str, str],
    of: Mapping[str, str],
) -> Certificate:
    """Return a certificate renewed by runs of some modules; `of` has the module of each case.

    Raises ResultsError where the words of the other modules are not those that it is about.
    """
    asked = {of[case] for case in runs[-1] if case in of}
    strange = sorted(
        module for module in said if module not in asked and said[module] != old.words.get(module)
    )
    if strange:
        hint = f"run `python -m conformance certify --force {old.column}`"
        message = f"other words than were certified, in {', '.join(strange)}; {hint}"
        raise ResultsError(message, Exit.NOT_MEASURED)
    parts = [{case: word for case, word in run.items() if of.get(case) in {*asked, None}} for run in runs]
    kept = {case: said for case, said in old.unstable.items() if case in of and of[case] not in asked}
    least = min(old.runs, len(runs))
    unsteady = {**kept, **unstable(parts)}
    return dataclasses.replace(old, runs=least, modules=now["modules"], words=said, unstable=unsteady)


def _again(column: Column, modules: Sequence[str], turn: int) -> results.Results:
    """Measure modules of a column once more. Raises ResultsError where that fails."""
    log = running.WORK / f"{column.id}.certify.log"
    scratch = running.WORK / "certify" / column.id
    shutil.rmtree(scratch, ignore_errors=True)
    options = [*running.targets(modules), *(["--backwards"] if turn % 2 == 0 else [])]
    _, code = running.tox(column, log, "--", *options, scratch=scratch)
    if code != Exit.MEASURED:
        raise ResultsError(f"{exits.not_measured(code)} again, see {log}", Exit.NOT_MEASURED)
    return results.read(scratch / f"{column.id}.json")


def certificates(path: Path) -> dict[str, Certificate]:
    """Return the certificates that are kept, by column. Raises ResultsError for a broken file."""
    if not path.exists():
        return {}
    kept = results.checked(path, _faults, "delete it and run `make certify`")
    return {row["column"]: Certificate(**row) for row in kept["columns"]}


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with a file of certificates: only the first of it is sure to be true."""
    yield from faults("", kept, {"schema": shape.exactly(SCHEMA), "columns": shape.LIST})
    for number, row in enumerate(kept["columns"], 1):
        yield from faults(f"certificate {number}", row, _CERTIFICATE)
    for column in shape.twice(row["column"] for row in kept["columns"]):
        yield f"two certificates of {column}"


def _keep(new: Certificate) -> None:
    kept = {**certificates(CERTIFIED), new.column: new}
    rows: list[dict[str, Any]] = [dataclasses.asdict(kept[column]) for column in sorted(kept)]
    text = json.dumps({"schema": SCHEMA, "columns": rows}, indent=1, ensure_ascii=False) + "\n"
    results.replace(CERTIFIED, text)
