"""From the cases of a claim to its verdict, and the counts beside it. Pure functions of records."""

from __future__ import annotations

import dataclasses
from typing import Any, Dict, Iterable, List, Mapping, Tuple

from conformance.claims import CLAIMS, Claim
from conformance.legible import legible
from conformance.words import UNKNOWN, Outcome, Verdict

Record = Mapping[str, Any]
_UNKNOWN = tuple(outcome.value for outcome in UNKNOWN)


@dataclasses.dataclass(frozen=True)
class Tally:
    """One claim in one column: the verdict, and the case ids behind it."""

    claim: Claim
    verdict: Verdict
    holds: Tuple[str, ...]
    deviates: Tuple[str, ...]
    unknown: Tuple[str, ...]
    not_applicable: Tuple[str, ...]
    blocked: Tuple[str, ...] = ()

    @property
    def applicable(self) -> int:
        """How many cases could be asked, whether or not they answered."""
        return len(self.holds) + len(self.deviates) + len(self.unknown)


def is_answer(outcome: str, word: Any) -> bool:
    """Return whether a case saw what TensorFlow did: one that only ended with an exception did not."""
    return outcome in (Outcome.HOLDS.value, Outcome.DEVIATES.value) and not str(word).startswith("raises ")


def verdict(records: Iterable[Record]) -> Verdict:
    """Return what the records of one claim's cases say together.

    Its core decides: a core case that deviates makes the claim deviate, one without an answer makes
    it unknown. An edge that deviates, or did not answer, is an exception. What is blocked counts for
    nothing; but where all the core is, nobody knows.
    """
    asked = [r for r in records if r["outcome"] != Outcome.NOT_APPLICABLE.value]
    if not asked:
        return Verdict.NOT_APPLICABLE
    free = [r for r in asked if r["outcome"] != Outcome.BLOCKED.value]
    core = [r["outcome"] for r in free if r["core"]]
    everything = [r["outcome"] for r in free]
    if not everything or (not core and any(r["core"] for r in asked)):
        return Verdict.UNKNOWN
    if Outcome.DEVIATES.value in core:
        return Verdict.DEVIATES
    if any(outcome in _UNKNOWN for outcome in core):
        return Verdict.UNKNOWN
    if all(outcome == Outcome.HOLDS.value for outcome in everything):
        return Verdict.HOLDS
    return Verdict.EXCEPTIONS


def tallies(cases: Mapping[str, Record]) -> List[Tally]:
    """Return a tally for each claim that has a case among `cases`, in the registry's order."""
    by_claim: Dict[str, Dict[str, Record]] = {}
    for case_id in sorted(cases):
        by_claim.setdefault(case_id.split("[")[0], {})[case_id] = cases[case_id]
    return [_tally(CLAIMS[c], by_claim[c]) for c in CLAIMS if c in by_claim]


def _tally(claim: Claim, records: Mapping[str, Record]) -> Tally:
    def those(*outcomes: str) -> Tuple[str, ...]:
        return tuple(i for i, r in records.items() if r["outcome"] in outcomes)

    return Tally(
        claim=claim,
        verdict=verdict(records.values()),
        holds=those(Outcome.HOLDS.value),
        deviates=those(Outcome.DEVIATES.value),
        unknown=those(*_UNKNOWN),
        not_applicable=those(Outcome.NOT_APPLICABLE.value),
        blocked=those(Outcome.BLOCKED.value),
    )


def seen_instead(tally: Tally, cases: Mapping[str, Record]) -> List[Tuple[str, int]]:
    """Return what was observed in the cases that deviate, with how often, most often first."""
    counts: Dict[str, int] = {}
    for case_id in tally.deviates:
        word = str(cases[case_id]["observed"])
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def is_canary(case_id: str) -> bool:
    """Return whether a case only shows that the instruments work."""
    return case_id.startswith("canary/")


def why_invalid(cases: Mapping[str, Record]) -> str:
    """Return, in one line, which canary failed in results that are invalid, and what that means."""
    failed = [i for i, r in cases.items() if is_canary(i) and r["outcome"] != Outcome.HOLDS.value]
    if not failed:
        return "no canary ran, so nothing shows that the measuring works here"
    first = f"{failed[0]}: {cases[failed[0]]['reason']}"
    more = f", and {len(failed) - 1} more" if failed[1:] else ""
    return legible(
        f"a canary failed ({first}{more}): every TensorFlow must pass it, so the measuring is broken here"
    )
