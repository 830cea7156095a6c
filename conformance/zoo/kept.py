"""What is known of audits, kept in reports/zoo.json: it holds until what was asked, or a lock, changes."""

from __future__ import annotations

import ast
import dataclasses
import functools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from conformance import suite
from conformance.columns.columns import columns
from conformance.mutants.trials import COLUMNS
from conformance.results import results, shape
from conformance.zoo.asked import BROKEN, FILES
from conformance.zoo.unasked import unasked

SCHEMA = 2
KEPT = suite.ROOT / "reports" / "zoo.json"
_ZOO = suite.ROOT / "fixtures" / "zoo"
_MODELS = [_ZOO / f"{name}.py" for name in ("kinds", "healthy", "faulty")]
_ASKED = suite.PACKAGE / "zoo" / "asked.py"
_WITNESSES = _ZOO / "witnesses.py"
#: The modules of an audit that say what is asked and what is seen, and no more how it is told.
_ASKING = (
    "blame",
    "changing",
    "experiments",
    "feeding",
    "findings",
    "gradients",
    "judging",
    "questions",
    "returning",
    "walking",
    "watching",
)
_DIGESTS = {"digests": shape.TEXTS}
_VISIT = {
    "model": shape.NAME,
    "column": shape.NAME,
    "reported": shape.TEXTS,
    "unanswered": shape.TEXTS,
    "agrees": shape.COUNT,
    "alike": shape.COUNT,
    "differs": shape.TEXTS,
    **_DIGESTS,
}
_TRIAL = {
    "mutant": shape.NAME,
    "part": shape.NAME,
    "column": shape.NAME,
    "noticed": shape.pattern("a finding in a line, or nothing", ".{0,1000}"),
    "silent": shape.TEXTS,
    **_DIGESTS,
}


@dataclasses.dataclass(frozen=True)
class Visit:
    """What an audit of a model found in a column.

    `reported` is what deviates there and is no pin's, `unanswered` what gave no answer. Of the findings
    whose situation the suite has a case of, `agrees` counts those that say the word of the cell, `alike`
    those that hold as the cell does by another word (False and None are both inference), and `differs`
    names the others, with both words.
    """

    model: str
    column: str
    reported: list[str]
    unanswered: list[str]
    agrees: int
    alike: int
    differs: list[str]
    digests: list[str]


@dataclasses.dataclass(frozen=True)
class Trial:
    """What an audit found otherwise in a column under a mutant, of which model; "" where it found nothing.

    Then `silent` has the models that gave no answer under it, and why.
    """

    mutant: str
    part: str
    column: str
    noticed: str
    silent: list[str]
    digests: list[str]

    @property
    def model(self) -> str:
        """The model by which it was noticed."""
        return self.noticed.partition(",")[0]

    @property
    def question(self) -> str:
        """The question by which it was noticed; what it found may name a part of that."""
        found = self.noticed.partition(", ")[2].partition(": ")[0]
        return next((name for name in (*BROKEN, *FILES) if found.endswith(name)), "flags")


def of_a_visit(column: str) -> list[str]:
    """Return the digests of what is asked, with what, and where."""
    audit = [suite.PACKAGE / "auditing" / f"{name}.py" for name in _ASKING]
    instruments = [suite.PACKAGE / "measuring" / f"{name}.py" for name in ("instruments", "installed")]
    others = [suite.PACKAGE / "words.py", suite.ROOT / "fixtures" / "situations" / "saving.py", _ASKED]
    return [suite.code_digest(*_MODELS, *audit, *instruments, *others), suite.lock_digest(column) or "none"]


def of_a_trial(column: str, part: str) -> list[str]:
    """Return the digests of a visit, and of what is audited and broken."""
    broken = [_WITNESSES, *(_module(name) for name in ("__init__", "surgery", part))]
    return [*of_a_visit(column), suite.code_digest(*broken)]


def _module(part: str) -> Path:
    return suite.ROOT / "fixtures" / "mutants" / f"{part}.py"


def models(group: str) -> dict[str, str]:
    """Return the models in a group, HEALTHY, FAULTY or WITNESSES, and what each is, from their source."""
    source = [
        node for path in (*_MODELS, _WITNESSES) for node in ast.parse(path.read_text(encoding="utf-8")).body
    ]
    does = {node.name: ast.get_docstring(node) or "" for node in source if isinstance(node, ast.FunctionDef)}
    given = [node for node in source if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == group]
    names = [
        node.id for part in given if part.value for node in ast.walk(part.value) if isinstance(node, ast.Name)
    ]
    return {name: does[name].removeprefix("Return ") for name in names}


def read(path: Path = KEPT) -> tuple[list[Visit], list[Trial]]:
    """Return what is kept and still of today. Raises ResultsError for a broken file."""
    visits, trials = whatever(path)
    visit, trial = functools.cache(of_a_visit), functools.cache(of_a_trial)
    return (
        [one for one in visits if one.digests == visit(one.column)],
        [one for one in trials if _module(one.part).exists() and one.digests == trial(one.column, one.part)],
    )


def whatever(path: Path = KEPT) -> tuple[list[Visit], list[Trial]]:
    """Return what is kept, of today or of another day. Raises ResultsError for a broken file."""
    if not path.exists():
        return [], []
    kept = results.checked(path, _faults, "delete it and run `python -m conformance zoo`")
    return [Visit(**row) for row in kept["visits"]], [Trial(**row) for row in kept["trials"]]


def _faults(kept: Any) -> Iterator[str]:
    """Yield what is wrong with what is kept: only the first of it is sure to be true."""
    kinds = {"schema": shape.exactly(SCHEMA), "visits": shape.LIST, "trials": shape.LIST}
    yield from shape.faults("", kept, kinds)
    for name, kind, key in (("visits", _VISIT, "model"), ("trials", _TRIAL, "mutant")):
        for number, row in enumerate(kept[name], 1):
            yield from shape.faults(f"{name}: {number}", row, kind)
        for one, column in shape.twice((row[key], row["column"]) for row in kept[name]):
            yield f"{name}: {one} twice in {column}"


def keep(visits: Iterable[Visit], trials: Iterable[Trial], path: Path = KEPT) -> None:
    """Write what was found in place of what is kept of the same, in the order of columns, models and mutants.

    What is of another day stays until it is found anew: by it trials know which models to begin with.
    """
    listed, (visited, tried) = columns(), whatever(path)
    order = list(listed)
    animals = [*models("HEALTHY"), *models("FAULTY")]
    last_visits = {(one.column, one.model): one for one in (*visited, *visits)}
    last_trials = {(one.column, one.mutant): one for one in (*tried, *trials)}
    here = sorted(
        (one for one in last_visits.values() if one.column in order and one.model in animals),
        key=lambda one: (order.index(one.column), animals.index(one.model)),
    )
    there = sorted(
        (
            one
            for one in last_trials.values()
            if one.column in COLUMNS and not unasked(one.mutant, listed[one.column].flavour)
        ),
        key=lambda one: (one.mutant, COLUMNS.index(one.column)),
    )
    parts: dict[str, list[Any]] = {"visits": here, "trials": there}
    lists = (f'"{name}": [\n{_lines(rows)}\n]' for name, rows in parts.items())
    results.replace(path, f'{{"schema": {SCHEMA}, {", ".join(lists)}}}\n')


def _lines(rows: Iterable[Any]) -> str:
    return ",\n".join(json.dumps(dataclasses.asdict(row), ensure_ascii=False) for row in rows)
