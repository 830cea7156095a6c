"""What the trial of a mutant rests on, and whether that is as it was.

A mutant that cases noticed is noticed as long as these cases, the mutant and the column are the same: cases
that were written since change nothing of it. So each fate names the modules of the cases that were asked.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance import suite
from conformance.words import Outcome

_MUTANTS = suite.ROOT / "fixtures" / "mutants"


def of_mutant(part: str) -> str | None:
    """Return the digest of what a mutant is written in; None where its module is gone."""
    modules = [_MUTANTS / f"{name}.py" for name in ("__init__", "surgery", part)]
    return suite.code_digest(*modules) if all(path.exists() for path in modules) else None


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


def refutable(mutant: Mapping[str, Any], cases: Mapping[str, Any]) -> list[str]:
    """Return the claims that a mutant must refute in a column: those of which some case holds there."""
    held = {case.split("[")[0] for case, said in cases.items() if said["outcome"] == Outcome.HOLDS.value}
    return sorted(held & set(mutant["refutes"]))


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
    """Return the mutants that are to be tried in a column: those of which nothing valid is known."""
    return [name for name in names if not _is_settled(known.get(name), column, flavour, cases)]


def _is_settled(
    mutant: Mapping[str, Any] | None, column: str, flavour: str, cases: Mapping[str, Any]
) -> bool:
    if mutant is None or mutant["digest"] != of_mutant(mutant["part"]):
        return False
    return flavour not in mutant["flavours"] or is_valid(mutant, column, cases)
