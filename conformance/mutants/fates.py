"""What became of a mutant in a column: pure functions of what cases said under it, and say without it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.words import Outcome


@dataclasses.dataclass(frozen=True)
class Fate:
    """What became of a mutant in a column.

    `status` is killed, survived, not-applicable, idle (never in effect) or crashed. `asked` counts the cases
    of claims that it must refute which ran and hold without it, `kills` those which saw TensorFlow do
    something else with it, by claim (an exception is no such thing); `survives` lists claims that should
    have noticed and did not, `disturbed` those that it should have left alone, `leaked` the cases
    that said otherwise after it was undone.
    """

    status: str
    asked: int = 0
    kills: Mapping[str, int] = dataclasses.field(default_factory=dict)
    survives: Sequence[str] = ()
    disturbed: Sequence[str] = ()
    leaked: Sequence[str] = ()


def fate(mutant: Mapping[str, Any], run: Mapping[str, Any], baseline: Mapping[str, Any]) -> Fate:
    """Return what became of a mutant, from what cases said under it and what they say without."""
    if not run["applies"]:
        return Fate("not-applicable")
    if run["code"] is None:
        return Fate("crashed")
    if not run["ran"]:
        return Fate("idle")
    changed = {case for case, said in run["cases"].items() if _differs(said, baseline.get(case))}
    noticed = {case for case in changed if _answers(run["cases"][case])}
    held = {case for case, record in baseline.items() if record["outcome"] == "holds"}
    claims = sorted({_claim(case) for case in held} & set(mutant["refutes"]))
    kills = {claim: sum(_claim(c) == claim for c in noticed & held) for claim in claims}
    survives = [claim for claim, count in kills.items() if not count]
    return Fate(
        status="survived" if survives else "killed" if kills else "not-applicable",
        asked=sum(_claim(case) in claims for case in held & set(run["cases"])),
        kills=kills,
        survives=survives,
        disturbed=sorted({_claim(case) for case in changed} & set(mutant["spares"])),
        leaked=sorted(c for c, said in run["after"].items() if _differs(said, baseline.get(c))),
    )


def _differs(said: Sequence[Any], before: Mapping[str, Any] | None) -> bool:
    return before is not None and list(said) != [before["outcome"], before["observed"]]


def _answers(said: Sequence[Any]) -> bool:
    """Return whether a case saw what TensorFlow did: a mutant that only raises shows that it is clumsy."""
    return said[0] in (Outcome.HOLDS.value, Outcome.DEVIATES.value) and not str(said[1]).startswith("raises ")


def _claim(case: str) -> str:
    return case.split("[")[0]
