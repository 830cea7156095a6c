"""The matrix in Markdown: for people who read in the repository. A pure function of the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.legible import in_markdown
from conformance.matrix.folding import Group, groups, short
from conformance.matrix.matrix import FAMILIES
from conformance.matrix.sources import situation_of
from conformance.pins.faults import UNREPORTED
from conformance.reporting import spans
from conformance.reporting.links import COMMITTED, Links
from conformance.reporting.markdown import anchor, code, linked, named, prose
from conformance.words import Outcome, Verdict

Matrix = Mapping[str, Any]

MARK = {
    Verdict.HOLDS.value: "✅",
    Verdict.EXCEPTIONS.value: "🟡",
    Verdict.DEVIATES.value: "❌",
    Verdict.NOT_APPLICABLE.value: "–",
    Verdict.UNKNOWN.value: "?",
}
LEGEND = (
    "✅ holds · 🟡 holds, with exceptions in rarer situations · ❌ deviates · – not applicable · ? unknown. "
    "Each cell is measured on the real wheel. The matrix says nothing about situations without a case, "
    "about other hardware than a CPU, or about which behaviour is better. There is no total: claims do "
    "not weigh the same."
)
WORDS = (
    "Each column is one *environment*: one exact set of TensorFlow, Keras and Python. A *case* is one claim, "
    "tried in one situation. A *core* case is in a situation that most readers of the claim think of: if one "
    "deviates, the claim deviates. An *edge* is in a rarer one: if only edges do not hold, the claim holds "
    "with exceptions. A *canary* is a case that every TensorFlow must pass: if one fails, the whole column "
    "is unknown."
)
_MOST_SITUATIONS = 6


def overview(matrix: Matrix, links: Links = COMMITTED) -> str:
    """Return matrix.md, with links for the folder where it is to lie."""
    return "\n".join(_lines(matrix, links)) + "\n"


def _lines(matrix: Matrix, links: Links) -> Iterator[str]:
    yield "# The matrix: claims against releases"
    yield ""
    yield LEGEND
    yield ""
    yield WORDS
    if not any(column["valid"] for column in matrix["columns"]):
        yield ""
        yield "**No column has valid results, so nothing is known.** Run `make matrix` to measure them."
    for group in groups(matrix["columns"]):
        yield from grid(matrix, group)
    yield from _since(matrix)
    yield from _deviations(matrix, links)


def grid(matrix: Matrix, group: Group) -> Iterator[str]:
    """Yield one table: the claims against the columns of a group."""
    names = [named(short(column["id"])) for column in group.columns]
    yield ""
    yield f"## {group.title}"
    yield ""
    yield "| claim | " + " | ".join(names) + " |"
    yield "|---|" + ":-:|" * len(names)
    for claim in matrix["claims"]:
        verdicts = matrix["verdicts"][claim["id"]]
        marks = " | ".join(MARK[verdicts[column["id"]]] for column in group.columns)
        yield f"| [{claim['id']}](#{anchor(claim['id'])}) | {marks} |"


def _since(matrix: Matrix) -> Iterator[str]:
    family = ""
    yield from ("", "## Since when")
    for claim in matrix["claims"]:
        if claim["family"] != family:
            family = claim["family"]
            yield from ("", f"**{FAMILIES[family]}**", "")
        yield f"- {in_markdown(claim['statement'])} {claim['since']}."


def _deviations(matrix: Matrix, links: Links) -> Iterator[str]:
    yield ""
    yield "## What deviates, and what TensorFlow does instead"
    pins = {pin["id"]: pin for pin in matrix["pins"]}
    for claim in matrix["claims"]:
        yield ""
        yield f"### {claim['id']}"
        yield ""
        yield f"{in_markdown(claim['statement'])} {claim['since']}."
        cases = [case for case in matrix["cases"] if case["claim"] == claim["id"]]
        causes = _by_cause(cases)
        if causes:
            yield ""
        for cause, those in causes.items():
            yield from _cause(cause, those, pins, links)


#: What makes cases deviate alike: the pin, the word expected, the word observed, and the columns.
Cause = tuple[str | None, str, str, tuple[str, ...]]


def _by_cause(cases: Sequence[Mapping[str, Any]]) -> dict[Cause, list[Mapping[str, Any]]]:
    """Return the cases that deviate, those together that do so alike, core cases first."""
    found: dict[Cause, list[Mapping[str, Any]]] = {}
    for case in sorted(cases, key=lambda case: not case["core"]):
        words: dict[tuple[str | None, str], list[str]] = {}
        for column, cell in case["results"].items():
            if cell["outcome"] == Outcome.DEVIATES.value:
                words.setdefault((cell["pin"], cell["observed"]), []).append(column)
        for (pin, word), columns in words.items():
            found.setdefault((pin, case["expected"], word, tuple(columns)), []).append(case)
    return found


def _cause(
    cause: Cause, cases: Sequence[Mapping[str, Any]], pins: Mapping[str, Any], links: Links
) -> Iterator[str]:
    name, expected, word, columns = cause
    core = sum(case["core"] for case in cases)
    count = f"{len(cases)} case{'s' if len(cases) > 1 else ''}" + (f", {core} core" if core else "")
    where = spans.ranges([named(column) for column in columns])
    yield f"- **{in_markdown(word)}**, not {in_markdown(expected)}: {count}, in {where}."
    pin = pins.get(name or "")
    if pin:
        told = "not reported upstream" if pin["url"] == UNREPORTED else linked("reported", pin["url"])
        script = pin["reproduction"]
        to_script = links.to(f"fixtures/reproductions/{script}")
        shown = f", {linked('shown by a script', to_script)}" if script else ""
        yield f"  {prose(pin['reason'])} ({told}{shown})"
    situations = ", ".join(code(situation_of(case["id"])) for case in cases[:_MOST_SITUATIONS])
    more = len(cases) - _MOST_SITUATIONS
    yield f"  <br>{situations}" + (f" and {more} more" if more > 0 else "")
