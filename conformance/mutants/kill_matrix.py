"""The kill matrix: mutants against columns, by how many cases of which claim each was caught.

Pure functions of what the cases said under each mutant, and of the committed results.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conformance import suite
from conformance.columns.columns import Column
from conformance.legible import legible
from conformance.mutants.fates import Fate, fate, is_wrong
from conformance.mutants.trials import COLUMNS, written
from conformance.mutants.validity import is_valid, of_cases, of_mutant, outdated
from conformance.results import results, shape
from conformance.results.shape import faults

SCHEMA = 3
MUTANTS = suite.ROOT / "reports" / "mutants.json"
_MATRIX = {
    "schema": shape.exactly(SCHEMA),
    "columns": shape.list_of(shape.NAME, "plain names"),
    "flavours": shape.table_of(shape.FLAVOUR, "flavours by plain names", shape.is_name),
    "mutants": shape.table_of(shape.TABLE, "tables by plain names", shape.is_name),
}
_MUTANT = {
    "part": shape.pattern("a module of mutants", "[a-z_]{1,50}"),
    "does": shape.TEXT,
    "refutes": shape.TEXTS,
    "spares": shape.TEXTS,
    "flavours": shape.TEXTS,
    "digest": shape.TEXT,
    "columns": shape.table_of(shape.TABLE, "tables by plain names", shape.is_name),
}
_STATUS = ("killed", "survived", "not-applicable", "idle", "crashed")
_FATE = {
    "status": shape.pattern(f"one of {', '.join(_STATUS)}", "|".join(_STATUS)),
    "asked": shape.COUNT,
    "kills": shape.table_of(shape.COUNT, "counts"),
    "survives": shape.TEXTS,
    "disturbed": shape.TEXTS,
    "by": shape.TEXTS,
    "modules": shape.TEXTS,
    "digest": shape.TEXT,
}


def read(path: Path = MUTANTS) -> dict[str, Any]:
    """Return the committed kill matrix. Raises ResultsError where there is none."""
    found: dict[str, Any] = results.checked(path, _faults, "delete it and run `make mutants`")
    return found


def _faults(found: Any) -> Iterator[str]:
    """Yield what is wrong with a kill matrix: only the first of it is sure to be true."""
    yield from faults("", found, _MATRIX)
    for name, mutant in found["mutants"].items():
        yield from faults(f"mutants: {name}", mutant, _MUTANT)
        for column, row in mutant["columns"].items():
            yield from faults(f"mutants: {name}: {column}", row, _FATE)
    known = {*found["columns"], *(c for mutant in found["mutants"].values() for c in mutant["columns"])}
    for column in sorted(known - set(found["flavours"])):
        yield f"flavours: lacks {column}"


def matrix(said: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kill matrix from what all columns said, and from their committed results."""
    about: dict[str, Any] = {}
    fates: dict[str, dict[str, Any]] = {}
    for column, runs in said.items():
        for name, run in runs.items():
            told = {key: run["mutant"][key] for key in ("does", "refutes", "spares", "flavours")}
            about.setdefault(name, {"part": run["mutant"]["apply"], **told})
            rows = fates.setdefault(name, {})
            if measured[column]["column"]["flavour"] in told["flavours"]:  # named, it ran in others too
                found = dataclasses.asdict(fate(run["mutant"], run, measured[column]["cases"]))
                rows[column] = {**found, "digest": of_cases(found["modules"], column)}
    columns = [column for column in COLUMNS if column in said]
    return {
        "schema": SCHEMA,
        "columns": columns,
        "flavours": {column: measured[column]["column"]["flavour"] for column in columns},
        "mutants": {
            name: {**about[name], "digest": of_mutant(about[name]["part"]), "columns": fates[name]}
            for name in sorted(about)
        },
    }


def merged(found: Mapping[str, Any], measured: Mapping[str, Any], path: Path = MUTANTS) -> dict[str, Any]:
    """Return a new kill matrix with what the one in the file knows besides, and is still so."""
    old: dict[str, Any] = read(path) if path.exists() else {"mutants": {}}
    mutants = {name: _valid(m, measured) for name, m in old["mutants"].items() if of_mutant(m["part"])}
    mutants = {name: m for name, m in mutants.items() if m["columns"]}
    for name, mutant in found["mutants"].items():
        before = mutants.get(name, {"columns": {}})["columns"]
        fates = {**before, **mutant["columns"]}
        mutants[name] = {**mutant, "columns": {c: fates[c] for c in COLUMNS if c in fates}}
    ran = {column for mutant in mutants.values() for column in mutant["columns"]}
    columns = [column for column in COLUMNS if column in ran]
    flavours = {**old.get("flavours", {}), **found["flavours"]}
    return {**found, "columns": columns, "flavours": flavours, "mutants": dict(sorted(mutants.items()))}


def _valid(mutant: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mutant with what is still so of it."""
    there = [column for column in mutant["columns"] if column in measured]
    columns = [column for column in there if is_valid(mutant, column, measured[column]["cases"])]
    return {**mutant, "columns": {column: mutant["columns"][column] for column in columns}}


def due(column: Column, cases: Mapping[str, Any], force: bool, path: Path = MUTANTS) -> list[str]:
    """Return the mutants to try in a column, of whose cases the records are given: all with `force`."""
    known = read(path)["mutants"] if path.exists() and not force else {}
    return outdated(known, sorted(written()), column.id, column.flavour, cases)


def likely(column: str, path: Path = MUTANTS) -> dict[str, list[str]]:
    """Return, by mutant, the cases that noticed it in a column when it was last tried; older ones too."""
    known = read(path)["mutants"] if path.exists() else {}
    fates = {name: mutant["columns"].get(column) for name, mutant in known.items()}
    return {name: fate_["by"] for name, fate_ in fates.items() if fate_}


def total(found: Mapping[str, Any]) -> str:
    """Return one line on all of it."""
    fates = [fate_ for mutant in found["mutants"].values() for fate_ in mutant["columns"].values()]
    ran = [fate_ for fate_ in fates if fate_["status"] != "not-applicable"]
    killed = sum(fate_["status"] == "killed" for fate_ in ran)
    where = f"{len(found['mutants'])} mutants in {len(found['columns'])} columns"
    return f"{where}: killed {killed} times of {len(ran)} that they apply"


def dumped(found: Mapping[str, Any]) -> str:
    """Return the text of reports/mutants.json."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def wrong(found: Mapping[str, Any]) -> list[str]:
    """Return a line for each mutant and column that is not as it should be."""
    lines = []
    for name, mutant in found["mutants"].items():
        for column, row in mutant["columns"].items():
            if is_wrong(row):
                lines.append(f"{name} in {column}: {cell(row)}")
    return lines


def by_claim(found: Mapping[str, Any], flavours: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Return, for each claim and flavour, how many mutants its cases killed."""
    counts: dict[str, dict[str, set[str]]] = {}
    for name, mutant in found["mutants"].items():
        for column, fate_ in mutant["columns"].items():
            for claim, count in fate_["kills"].items():
                if count:
                    counts.setdefault(claim, {}).setdefault(flavours[column], set()).add(name)
    return {claim: {f: len(names) for f, names in row.items()} for claim, row in sorted(counts.items())}


MARK = {
    "survived": "SURVIVED",
    "not-applicable": "–",
    "idle": "NEVER RAN",
    "crashed": "CRASHED",
    "not-run": "not run",
}
NOT_RUN: Mapping[str, Any] = dataclasses.asdict(Fate("not-run"))


def page(found: Mapping[str, Any]) -> str:
    """Return reports/mutants.md."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield "# The kill matrix: TensorFlow broken on purpose"
    yield ""
    yield (
        "Each row is one way to break the installed TensorFlow in memory. `1/3` means that 3 cases ran "
        "which must notice it and hold without it, and that 1 did notice: an exception is no such thing. "
        "Each claim that must notice is asked until one of its cases did. – means that this "
        "TensorFlow has no such mechanism, or that the mutant is made for others."
    )
    yield ""
    yield "| mutant | what breaks | " + " | ".join(found["columns"]) + " |"
    yield "|---|---|" + "--:|" * len(found["columns"])
    for name, mutant in found["mutants"].items():
        here = [c if found["flavours"][c] in mutant["flavours"] else None for c in found["columns"]]
        cells = " | ".join(cell(mutant["columns"].get(c, NOT_RUN)) if c else "–" for c in here)
        yield f"| `{name}` | {_told(mutant['does'])} | {cells} |"


def _told(text: str) -> str:
    return legible(text).replace("|", "\\|").replace("<", "\\<")


def cell(found: Mapping[str, Any]) -> str:
    """Return what stands in one cell of the page."""
    count = f"{sum(found['kills'].values())}/{found['asked']}"
    text = MARK.get(found["status"], count)
    if found["survives"]:
        text += ": " + ", ".join(map(_told, found["survives"]))
    if found["disturbed"]:
        text += "; disturbed: " + ", ".join(map(_told, found["disturbed"]))
    return text
