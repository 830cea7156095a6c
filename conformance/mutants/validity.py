"""What the trial of a mutant rests on, and whether that is as it was.

A mutant that cases noticed is noticed as long as these cases, the mutant and the column are the same: cases
that were written since change nothing of it. So each fate names the modules of the cases that were asked.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance import suite
from conformance.mutants.fates import is_wrong, refutable

_MUTANTS = suite.ROOT / "fixtures" / "mutants"
_NEIGHBOUR = re.compile(r"^from conformance\.fixtures\.mutants\.(\w+) import", re.M)


@functools.cache
def of_mutant(part: str) -> str | None:
    """Return the digest of what a mutant is written in, and of what that imports; None where it is gone."""
    names = {"__init__", "surgery"}
    waiting = {part}
    while waiting:
        name = waiting.pop()
        if not (_MUTANTS / f"{name}.py").exists():
            return None
        names.add(name)
        waiting |= {*_NEIGHBOUR.findall((_MUTANTS / f"{name}.py").read_text(encoding="utf-8"))} - names
    return suite.code_digest(*(_MUTANTS / f"{name}.py" for name in names))


def of_cases(modules: Iterable[str], column: str) -> str | None:
    """Return the digest of modules of cases and of a column's lock; None where one of them is gone."""
    now, wanted = _identity(), sorted(modules)
    if not set(wanted) <= set(now["modules"]):
        return None
    parts = [now["shared"], *(now["modules"][module] for module in wanted), suite.lock_digest(column) or ""]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@functools.cache
def _identity() -> Mapping[str, Any]:
    """Return the suite's digests as they were when they were first asked for: a trial takes long."""
    return suite.identity()


def is_valid(mutant: Mapping[str, Any], column: str, cases: Mapping[str, Any]) -> bool:
    """Return whether what is kept of a mutant in a column is still so, given the cases' records there."""
    row = mutant["columns"].get(column)
    if row is None or mutant["digest"] != of_mutant(mutant["part"]):
        return False
    # Where nothing was asked, TensorFlow has nothing that the mutant could break.
    asked_all = not row["modules"] or sorted(row["kills"]) == refutable(mutant, cases)
    return asked_all and row["digest"] == of_cases(row["modules"], column)


def outdated(
    known: Mapping[str, Any], names: Sequence[str], column: str, flavour: str, cases: Mapping[str, Any]
) -> list[str]:
    """Return the mutants to try in a column: of which nothing valid is known, or that were not noticed then.

    Cases that were written since may notice those.
    """
    return [name for name in names if not _is_settled(known.get(name), column, flavour, cases)]


def _is_settled(
    mutant: Mapping[str, Any] | None, column: str, flavour: str, cases: Mapping[str, Any]
) -> bool:
    if mutant is None or mutant["digest"] != of_mutant(mutant["part"]):
        return False
    if flavour not in mutant["flavours"]:
        return True
    return is_valid(mutant, column, cases) and not is_wrong(mutant["columns"][column])
