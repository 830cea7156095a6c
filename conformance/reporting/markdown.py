"""The report of one column in Markdown. A pure function of its results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from conformance.claims import CLAIMS
from conformance.legible import in_markdown, inert_start, legible, unmarked
from conformance.measuring.summary import title
from conformance.results import blame
from conformance.results.shape import is_name
from conformance.results.verdicts import Tally, is_canary, tallies
from conformance.words import Verdict

SIGN = {
    Verdict.HOLDS: "✅ holds",
    Verdict.EXCEPTIONS: "🟡 holds, with exceptions",
    Verdict.DEVIATES: "❌ deviates",
    Verdict.NOT_APPLICABLE: "– not applicable",
    Verdict.UNKNOWN: "❔ unknown",
}
_NOTE = (
    "Each claim is a sentence from the notes; each case tries it in one situation on this TensorFlow. "
    "A *core* case is in a situation that most readers of the claim think of, an *edge* in a rarer one. "
    "*Deviates*: in a core case TensorFlow does something else. *With exceptions*: only in edges. "
    "The table says nothing about situations without a case, about other hardware than a CPU, or about "
    "which behaviour is better."
)
_INVALID = (
    "**Invalid: a canary failed, so nothing below says anything about TensorFlow.** "
    "A canary is a case that every TensorFlow must pass: where it fails, the measuring itself is broken."
)


def report(results: Mapping[str, Any]) -> str:
    """Return the Markdown report of one column's results."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Mapping[str, Any]) -> Iterator[str]:
    cases = blame.settled(results["cases"])
    yield f"# {named(results['column']['id'])}: {in_markdown(title(results['column']))}"
    yield ""
    if not results["valid"]:
        yield _INVALID
        yield ""
    counted = sum(not is_canary(case) for case in cases)
    suite = f"{named(results['suite']['version'])} ({named(results['suite']['digest'])})"
    yield f"{counted} cases, suite {suite}. {_NOTE}"
    yield ""
    yield "| claim | verdict | hold | deviate | unknown | n/a | its docstring |"
    yield "|---|---|--:|--:|--:|--:|---|"
    found = tallies(cases)
    for tally in found:
        yield _row(tally, cases)
    for claim in CLAIMS.values():
        if claim.derived_from:
            yield f"| {claim.id} | – several columns decide | | | | | |"
    for tally in found:
        yield from _detail(tally, cases)


def _row(tally: Tally, cases: Mapping[str, Any]) -> str:
    counts = " | ".join(
        str(len(ids)) for ids in (tally.holds, tally.deviates, tally.unknown, tally.not_applicable)
    )
    name = f"[{tally.claim.id}](#{anchor(tally.claim.id)})"
    return f"| {name} | {SIGN[tally.verdict]} | {counts} | {said(tally, cases)} |"


def said(tally: Tally, cases: Mapping[str, Any]) -> str:
    """Return whether this version's own documentation says a claim, beside whether it is true."""
    answers = {r["documented"] for i, r in cases.items() if i in _asked(tally) and "documented" in r}
    if not answers:
        return ""
    says = "says it" if answers == {True} else "does not say it"
    true = {Verdict.HOLDS: "true", Verdict.EXCEPTIONS: "true, with exceptions", Verdict.DEVIATES: "not true"}
    return f"{says}; {true[tally.verdict]}" if tally.verdict in true else says


def _asked(tally: Tally) -> Sequence[str]:
    return (*tally.holds, *tally.deviates, *tally.unknown)


def anchor(claim_id: str) -> str:
    """Return the anchor that a heading of this claim gets on common hosts of Markdown."""
    return "".join(c for c in claim_id.lower() if c.isalnum() or c == "-")


def _detail(tally: Tally, cases: Mapping[str, Any]) -> Iterator[str]:
    claim = tally.claim
    yield ""
    yield f"## {claim.id}"
    yield ""
    yield f"{claim.statement} **{SIGN[tally.verdict]}**"
    yield ""
    source = f"[source]({claim.source})" if claim.source.startswith("https://") else claim.source
    translation = f" ({claim.translation})" if claim.translation else ""
    yield f"> {' '.join(claim.quote.split())}{translation} — {source}"
    for label, ids in (
        ("Deviates", tally.deviates),
        ("No answer", tally.unknown),
        ("Blocked", tally.blocked),
    ):
        yield from _table(label, ids, cases)
    if tally.not_applicable:
        yield ""
        yield f"Not applicable ({len(tally.not_applicable)}):"
        yield ""
        yield from _reasons(tally.not_applicable, cases)


def _table(label: str, ids: Sequence[str], cases: Mapping[str, Any]) -> Iterator[str]:
    if not ids:
        return
    yield ""
    yield f"| {label} ({len(ids)}) | | what TensorFlow did | measured |"
    yield "|---|---|---|--:|"
    for case in ids:
        record = cases[case]
        kind = "core" if record["core"] else "edge"
        situation = case.split("[", 1)[1][:-1]
        number = "" if record["measured"] is None else f"{record['measured']:g}"
        yield f"| {code(situation)} | {kind} | {in_markdown(record['reason'])} | {number} |"


def _reasons(ids: Sequence[str], cases: Mapping[str, Any]) -> Iterator[str]:
    counts: dict[str, int] = {}
    for case in ids:
        counts[cases[case]["reason"]] = counts.get(cases[case]["reason"], 0) + 1
    for reason, count in sorted(counts.items()):
        yield f"- {in_markdown(reason)} ({count})"


def prose(text: str) -> str:
    """Return text that no table or HTML takes for its own, in which what stands in backticks stays code."""
    parts = legible(text).split("`")
    if len(parts) % 2 == 0:
        return in_markdown(text)
    told = (code(part) if n % 2 else unmarked(part) for n, part in enumerate(parts))
    return inert_start(" ".join("".join(told).split()))


def code(text: str) -> str:
    """Return text as code, which ends nowhere before its end, in a table neither."""
    return f"`{legible(text).replace('`', ' ').replace('|', ' ')}`"


def linked(text: str, url: str) -> str:
    """Return a link that ends where the address does."""
    return f"[{in_markdown(text)}]({address(url)})"


def address(url: str) -> str:
    """Return a link's address, in which nothing can end it."""
    return quote(legible(url), safe=":/#?&=%@+,;~")


def named(text: str) -> str:
    """Return the name of something: a plain one as it is, anything else escaped."""
    return text if is_name(text) else in_markdown(text)
