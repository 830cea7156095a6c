"""What became of a mutant in a column: pure functions of what cases said under it, and say without it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.results.verdicts import is_answer
from conformance.words import Outcome


@dataclasses.dataclass(frozen=True)
class Fate:
    """What became of a mutant in a column.

    `status` is killed, survived, not-applicable, idle (never in effect) or crashed. `asked` counts the cases
    of claims that it must refute which ran and hold without it, `kills` those which saw TensorFlow do
    something else with it, by claim (an exception is no such thing); `by` names them. `survives` lists
    claims that should have noticed and did not, `disturbed` those that it should have left alone. `modules`
    are those of the cases that were asked.
    """

    status: str
    asked: int = 0
    kills: Mapping[str, int] = dataclasses.field(default_factory=dict)
    survives: Sequence[str] = ()
    disturbed: Sequence[str] = ()
    by: Sequence[str] = ()
    modules: Sequence[str] = ()


def fate(mutant: Mapping[str, Any], run: Mapping[str, Any], baseline: Mapping[str, Any]) -> Fate:
    """Return what became of a mutant, from what cases said under it and what they say without."""
    if not run["applies"]:
        return Fate("not-applicable")
    if run["code"] is None:
        return Fate("crashed")
    if not run["ran"]:
        return Fate("idle")
    changed = {case for case, said in run["cases"].items() if _differs(said, baseline.get(case))}
    noticed = {case for case in changed if is_answer(*run["cases"][case])}
    held = {case for case, record in baseline.items() if record["outcome"] == Outcome.HOLDS.value}
    claims = refutable(mutant, baseline)
    by = sorted(case for case in noticed & held if _claim(case) in claims)
    kills = {claim: sum(_claim(case) == claim for case in by) for claim in claims}
    survives = [claim for claim, count in kills.items() if not count]
    return Fate(
        status="survived" if survives else "killed" if kills else "not-applicable",
        asked=sum(_claim(case) in claims for case in held & set(run["cases"])),
        kills=kills,
        survives=survives,
        disturbed=sorted({_claim(case) for case in changed} & set(mutant["spares"])),
        by=by,
        modules=run["modules"],
    )


def refutable(mutant: Mapping[str, Any], cases: Mapping[str, Any]) -> list[str]:
    """Return the claims that a mutant must refute in a column: those of which some case holds there."""
    held = {_claim(case) for case, record in cases.items() if record["outcome"] == Outcome.HOLDS.value}
    return sorted(held & set(mutant["refutes"]))


def is_wrong(row: Mapping[str, Any]) -> bool:
    """Return whether a fate is not as it should be: not noticed, never in effect, or claims disturbed."""
    return row["status"] in ("survived", "idle", "crashed") or bool(row["disturbed"])


def _differs(said: Sequence[Any], before: Mapping[str, Any] | None) -> bool:
    return before is not None and list(said) != [before["outcome"], before["observed"]]


def _claim(case: str) -> str:
    return case.split("[")[0]
