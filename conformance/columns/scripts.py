"""Scripts of a few lines that print one word, run in columns, and what is kept of their words.

A kept word holds until the script or the column's lock changes: `Kept` is a file of them.
"""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from subprocess import PIPE
from typing import Any, NamedTuple

from conformance import suite
from conformance.columns import children, running
from conformance.columns.columns import Column, columns
from conformance.exits import Exit
from conformance.legible import legible
from conformance.measuring import printing
from conformance.results import results, shape
from conformance.results.results import ResultsError

SCHEMA = 1
_PRINTED = {
    "script": shape.pattern("the name of a script", r"(?:[a-z0-9-]{1,60}/)?[A-Za-z0-9_-]{1,100}\.py"),
    "digest": shape.TEXT,
    "lock": shape.TEXT_OR_NULL,
    "column": shape.NAME,
    "word": shape.TEXT_OR_NULL,
}
_AGAIN = {"again": shape.TRUTH}
_LIBRARIES = {"numpy", "tensorflow", *sys.stdlib_module_names}


class Said(NamedTuple):
    """What a script printed: a word, or None, why there is none, and what it did instead, if that is known.

    That is `raises ...`, or `never returns`.
    """

    word: str | None
    why: str
    instead: str

    @property
    def whatever(self) -> str | None:
        """The word, or what the script did instead."""
        return self.word or self.instead or None


@dataclasses.dataclass(frozen=True)
class Printed:
    """What a script printed in a column: a word, or None where it printed none.

    `again` is whether it printed the same once more, in a fresh process.
    """

    script: str
    digest: str
    lock: str | None
    column: str
    word: str | None
    again: bool = False

    def dumped(self) -> str:
        """Return it as a line of JSON."""
        row = dataclasses.asdict(self)
        return json.dumps({key: row[key] for key in row if key not in _AGAIN or row[key]}, ensure_ascii=False)


#: Words by script and column, None where a script printed none.
Words = Mapping[tuple[str, str], "str | None"]


@dataclasses.dataclass(frozen=True)
class Kept:
    """A file of what the scripts of a folder printed, which a command of that name writes."""

    file: Path
    folder: Path
    command: str

    def read(self) -> list[Printed]:
        """Return what is kept, nothing where there is no file. Raises ResultsError for a broken one."""
        if not self.file.exists():
            return []
        kept = results.checked(
            self.file, _faults, f"delete it and run `python -m conformance {self.command}`"
        )
        return [Printed(**row) for row in kept["printed"]]

    def words(self, printed: Iterable[Printed] | None = None) -> dict[tuple[str, str], str | None]:
        """Return the words by script and column, of what is still of today."""
        found = self.read() if printed is None else printed
        return {(p.script, p.column): p.word for p in found if self.is_of_today(p)}

    def is_of_today(self, printed: Printed) -> bool:
        """Return whether script and lock are still those that were run."""
        here = (self.folder / printed.script).exists()
        return here and (printed.digest, printed.lock) == self._digests(printed.script, printed.column)

    def _digests(self, script: str, column: str) -> tuple[str, str | None]:
        return suite.digest(self.folder / script), suite.lock_digest(column)

    def keep(self, new: Iterable[Printed], named: Collection[str]) -> None:
        """Write what scripts printed, beside what is kept of scripts that are still named."""
        kept = {(p.script, p.column): p for p in [*self.read(), *new] if p.script in named}
        order = list(columns())
        rows = sorted(
            (p for p in kept.values() if p.column in order), key=lambda p: (p.script, order.index(p.column))
        )
        lines = ",\n".join(row.dumped() for row in rows)
        results.replace(self.file, f'{{"schema": {SCHEMA}, "printed": [\n{lines}\n]}}\n')

    def run(
        self,
        pairs: Sequence[tuple[str, str]],
        built: Path | None,
        jobs: int,
        tell: Callable[[str], None],
        word: Callable[[Said], str | None],
        named: Collection[str],
    ) -> None:
        """Run scripts in columns, given as pairs, `jobs` columns at a time, and keep what they print.

        `built` has the columns' environments, by id; without it tox builds them. `word` is what is kept of
        what a script says. Raises ResultsError.
        """
        asked: dict[str, list[Printed]] = {}
        for script, column in dict.fromkeys(
            pairs
        ):  # as they are before they run: a file may change meanwhile
            asked.setdefault(column, []).append(Printed(script, *self._digests(script, column), column, None))
        listed = columns()
        with running.alone(), ThreadPoolExecutor(jobs) as pool:
            paths = {c: [self.folder / one.script for one in asked[c]] for c in asked}
            futures = {pool.submit(said, listed[c], paths[c], built): c for c in asked}
            for number, future in enumerate(as_completed(futures), 1):
                column, answers = futures[future], future.result()
                both = list(zip(asked[column], answers, strict=True))
                self.keep([dataclasses.replace(one, word=word(answer)) for one, answer in both], named)
                for one, answer in both:
                    shown = legible(repr(word(answer)) if word(answer) else answer.why)
                    tell(f"[{number}/{len(asked)}] {column}: {one.script}: {shown}")


def said(column: Column, paths: Sequence[Path], built: Path | None) -> list[Said]:
    """Run scripts in a column, TensorFlow imported once, and return what each says. Raises ResultsError."""
    command = [*_apart(column, built), printing.__file__, *paths]
    with tempfile.TemporaryDirectory() as folder:
        done = children.run(command, cwd=folder, env=environment(column), stdout=PIPE, stderr=PIPE)
    if done.returncode:
        error = (done.stderr.strip().splitlines() or ["no error"])[-1]
        raise ResultsError(f"{column.id}: scripts cannot be run: {error}", Exit.NOT_MEASURED)
    return [Said(*json.loads(line)) for line in done.stdout.splitlines()]


def environment(column: Column) -> dict[str, str]:
    """Return the variables that scripts run with in a column."""
    return {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", **column.env}


def _apart(column: Column, built: Path | None) -> list[str | Path]:
    """Return the command that a column's interpreter is, apart from all that is not in its environment."""
    return [python(column, built), "-I"]


def python(column: Column, built: Path | None) -> str | Path:
    """Return a column's interpreter, of `built` columns or as tox builds it. Raises ResultsError."""
    if built is None:
        return running.interpreter(column)
    found = built.resolve() / column.id / "bin" / "python"
    if not found.exists():
        raise ResultsError(f"{found}: is not there; leave out --environments to build it", Exit.NOT_MEASURED)
    return found


def faults(path: Path, most: int, what: str) -> Iterator[str]:
    """Yield what a script is not allowed: too many lines, or more than TensorFlow, NumPy and Python.

    `what` is a word for such a script.
    """
    text = path.read_text(encoding="utf-8")
    lines = sum(bool(line.strip()) for line in text.splitlines())
    if lines > most:
        yield f"has {lines} lines, {most} are the most"
    for module in sorted(_imported(text) - _LIBRARIES):
        yield f"imports {module}: a {what} is TensorFlow, NumPy and nothing else"


def _imported(text: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(text)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] or "a neighbour" for name in names}


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with what is kept: only the first of it is sure to be true."""
    yield from shape.faults("", kept, {"schema": shape.exactly(SCHEMA), "printed": shape.LIST})
    for number, row in enumerate(kept["printed"], 1):
        yield from shape.faults(f"printed: {number}", row, _PRINTED, _AGAIN)
    for script, column in shape.twice((row["script"], row["column"]) for row in kept["printed"]):
        yield f"printed: two words of {script} in {column}"
