"""The table that a run ends with in the terminal. Plain text: it prints beside any TensorFlow."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from conformance.legible import legible
from conformance.results import blame
from conformance.results.verdicts import Tally, is_canary, seen_instead, tallies
from conformance.words import Outcome, Verdict

Line = Tuple[str, Dict[str, bool]]
_COLOUR = {
    Verdict.HOLDS: {"green": True},
    Verdict.EXCEPTIONS: {"yellow": True},
    Verdict.DEVIATES: {"red": True},
    Verdict.NOT_APPLICABLE: {},
    Verdict.UNKNOWN: {"purple": True},
}
_SHOWN = {
    Verdict.HOLDS: "holds",
    Verdict.EXCEPTIONS: "holds, with exceptions",
    Verdict.DEVIATES: "deviates",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.UNKNOWN: "unknown",
}
_EXAMPLES = 2


def lines(column: Mapping[str, Any], cases: Mapping[str, Any], valid: bool) -> Iterator[Line]:
    """Yield the lines of the summary, each with the colours that pytest should give it."""
    yield "", {}
    yield title(column), {"bold": True}
    if not valid:
        failed = [i for i, r in cases.items() if is_canary(i) and r["outcome"] != Outcome.HOLDS.value]
        yield (
            "INVALID: a canary failed, so nothing below says anything about TensorFlow",
            {"red": True, "bold": True},
        )
        for case in failed or ["no canary ran"]:
            yield (
                f"  {legible(case)}: {legible(cases[case]['reason'] if case in cases else '')}",
                {"red": True},
            )
    yield f"{'claim':46}{'verdict':24}{'hold':>5}{'deviate':>9}{'unknown':>9}{'n/a':>5}", {}
    judged = blame.settled(cases)
    for tally in tallies(judged):
        yield from _claim(tally, judged)


def title(column: Mapping[str, Any]) -> str:
    """Return what was measured, in one line."""
    said = {key: legible(column[key], 80) for key in ("tensorflow", "keras", "flavour", "python", "numpy")}
    return "TensorFlow {tensorflow}, Keras {keras} ({flavour}), Python {python}, NumPy {numpy}".format(**said)


def _claim(tally: Tally, cases: Mapping[str, Any]) -> Iterator[Line]:
    counts = (len(tally.holds), len(tally.deviates), len(tally.unknown), len(tally.not_applicable))
    row = f"{tally.claim.id:46}{_SHOWN[tally.verdict]:24}"
    yield row + "{:5}{:9}{:9}{:5}".format(*counts), _COLOUR[tally.verdict]
    for word, _ in seen_instead(tally, cases):
        those = [i for i in tally.deviates if str(cases[i]["observed"]) == word]
        expected = legible(cases[those[0]]["expected"])
        yield f"    {legible(word)}, not {expected}: {_named(those)}", {}
    if tally.blocked:
        yield f"    blocked: {_named(tally.blocked)}: {legible(cases[tally.blocked[0]]['reason'])}", {}
    for outcome, those in _unanswered(tally, cases).items():
        yield f"    {outcome}: {_named(those)}: {legible(cases[those[0]]['reason'])}", {"purple": True}


def _named(case_ids: Sequence[str]) -> str:
    """Return the situations of a claim's cases, the first few by name."""
    named = ", ".join(legible(i.split("[", 1)[1][:-1]) for i in case_ids[:_EXAMPLES])
    more = len(case_ids) - _EXAMPLES
    return named + (f" and {more} more" if more > 0 else "")


def _unanswered(tally: Tally, cases: Mapping[str, Any]) -> Dict[str, List[str]]:
    groups: Dict[str, List[str]] = {}
    for case_id in tally.unknown:
        groups.setdefault(cases[case_id]["outcome"], []).append(case_id)
    return groups
