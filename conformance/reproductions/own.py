"""Which cases have a script of their own: one of that very situation, not only of its cause.

fixtures/reproductions/cases.toml names a script for each core case that deviates somewhere. It runs wherever
the case deviates, and in the columns beside these in which the case says something else: it must print there
what the case says.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.pins import toml
from conformance.pins.faults import REPRODUCTIONS, is_script
from conformance.reproductions.judging import ANSWERED, Finding, Words, disagreements, lineages
from conformance.results import shape
from conformance.results.results import Results
from conformance.words import Outcome

CASES = REPRODUCTIONS / "cases.toml"
_SCRIPTS = shape.table_of(shape.TEXT, "ids of cases, each with its script")


class CasesError(Exception):
    """Cases or scripts that cannot be used. Its text names everything that is wrong, a line each."""

    exit_code = Exit.BAD_INPUT


def read(path: Path = CASES) -> dict[str, str]:
    """Return the script of each case that has its own. Raises CasesError, naming every fault."""
    try:
        table = toml.table(toml.read(path), path.name)
    except toml.TomlError as error:
        raise CasesError(str(error)) from None
    wrong = list(_faults(table))
    if wrong:
        raise CasesError("\n".join(f"{path.name}: {fault}" for fault in wrong))
    return dict(table["scripts"])


def _faults(table: Mapping[str, Any]) -> Iterator[str]:
    wrong = list(shape.faults("", table, {"scripts": _SCRIPTS}))
    yield from wrong
    for case, script in table["scripts"].items() if not wrong else ():
        if not is_script(script):
            yield f"{shape.shown(case)}: no reproduction is called {shape.shown(script)}"


def chosen(names: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return those cases of some that have a script. Raises CasesError, with the nearest, for any other."""
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3)) or f"see {CASES.name}"
            raise CasesError(f"no script is of {shape.shown(name)} itself; nearest: {near}")
    return {name: known[name] for name in names}


def around(case: str, listed: Sequence[Column], measured: Mapping[str, Results]) -> list[str]:
    """Return the columns in which a case's script has to run, lineage by lineage."""
    found: list[str] = []
    for row in lineages(listed, measured):
        said = [measured[column]["cases"].get(case, {}).get("outcome") for column in row]
        moved = [outcome == Outcome.DEVIATES.value for outcome in said]
        for place, outcome in enumerate(said):
            beside = moved[max(place - 1, 0) : place + 2]
            if moved[place] or (outcome in ANSWERED and any(beside)):
                found.append(row[place])
    return found


def finding(case: str, printed: Words, measured: Mapping[str, Results]) -> Finding:
    """Return what the words of a case's script come to, by column: each must be the case's."""
    return Finding(case, case, list(disagreements(case, printed, measured)))
