"""A deviation as a report for Keras's maintainers: what was expected, what is seen, a script, since when.

A pure function of the matrix and of what scripts printed; only the script itself is read beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.legible import in_markdown, legible
from conformance.matrix import sources
from conformance.pins.faults import REPRODUCTIONS, UNREPORTED
from conformance.reporting import explaining
from conformance.reporting.explaining import Case, Evidence, Matrix
from conformance.reporting.markdown import code, linked, prose
from conformance.words import Outcome

_TOLD = ("numpy", "h5py", "protobuf")
#: What bisections found, by a case, an older and a newer column, and what it says in each.
Bisected = Mapping[Any, str]


class NothingError(Exception):
    """A case in which there is nothing to report. Its text is one line."""

    exit_code = Exit.BAD_INPUT


def report(
    name: str,
    matrix: Matrix,
    columns: Sequence[Column],
    about: Mapping[str, Any],
    known: sources.Functions,
    evidence: Evidence,
    bisected: Bisected,
) -> str:
    """Return a report in Markdown of what a case says in the column that results are `about`.

    `columns` is the whole list. Raises CaseError, and NothingError where the case does not deviate.
    """
    case, here = explaining.case_of(name, matrix), next(c for c in columns if c.id == about["id"])
    cell = case["results"].get(here.id, {"outcome": Outcome.NOT_RUN.value, "observed": None})
    if cell["outcome"] != Outcome.DEVIATES.value:
        raise NothingError(f"{legible(name)} does not deviate in {here.id}: {cell['outcome']}")
    claim = next(claim for claim in matrix["claims"] if claim["id"] == case["claim"])
    pins = explaining.pins_of(case, [here], matrix)
    title = pins[0]["reason"] if pins else f"Not so in Keras {about['keras']}: {claim['statement']}"
    lines = [f"# {prose(title)}", "", *_versions(about), *_expected(case, claim, here.id)]
    lines += _seen(case, cell, sources.function_of(name, known))
    lines += _scripts(case, here, pins, evidence)
    lines += _since(case, [c for c in columns if c.lineage == here.lineage], here.id, matrix, bisected)
    return "\n".join(lines) + "\n"


def _versions(about: Mapping[str, Any]) -> Iterator[str]:
    keras = "tf_keras" if about["flavour"] == "tf_keras" else "Keras"
    more = [(name, about["packages"].get(name, about.get(name))) for name in _TOLD]
    told = [("TensorFlow", about["tensorflow"]), (keras, about["keras"]), ("Python", about["python"]), *more]
    yield from ("## Versions", "")
    yield (
        ", ".join(f"{name} {in_markdown(legible(str(version)))}" for name, version in told if version)
        + ", on a CPU."
    )


def _expected(case: Case, claim: Mapping[str, Any], column: str) -> Iterator[str]:
    yield from ("", "## Expected", "", f"**{in_markdown(case['expected'])}**: {prose(claim['statement'])}")
    if claim["documented"].get(column):
        yield "The docstring of this release says so."
    yield f"Source: {prose(claim['source'])}"


def _seen(case: Case, cell: Mapping[str, Any], function: sources.Function | None) -> Iterator[str]:
    yield from ("", "## Seen", "", f"**{in_markdown(cell['observed'])}**")
    if function:
        yield f"In this situation: {prose(function.does)} ({code(sources.situation_of(case['id']))})"
    if "reason" in cell:
        yield f"Reason: {in_markdown(cell['reason'])}"


def _scripts(
    case: Case, column: Column, pins: Sequence[Mapping[str, Any]], evidence: Evidence
) -> Iterator[str]:
    yield from ("", "## Script", "")
    for url in dict.fromkeys(pin["url"] for pin in pins if pin["url"] != UNREPORTED):
        yield from (f"Possibly the same as {linked('what was reported', url)}.", "")
    names = evidence.of(case, pins)
    for name in names:
        label = explaining.label(name, case, [column], evidence)
        lines = (REPRODUCTIONS / name).read_text(encoding="utf-8").rstrip()
        yield from (f"{in_markdown(label[0].upper() + label[1:])}.", "", "```python", lines, "```")
    if not names:
        yield "There is none yet."


def _since(
    case: Case, row: Sequence[Column], column: str, matrix: Matrix, bisected: Bisected
) -> Iterator[str]:
    """Yield with which release the word came: as a bisection found, or between which two it is measured."""
    word, begun, before = case["results"][column]["observed"], column, None
    for earlier in reversed([c.id for c in row][: [c.id for c in row].index(column)]):
        said = case["results"].get(earlier, {}).get("observed")
        if said is None:
            continue
        if said != word:
            before = earlier
            break
        begun = earlier
    versions = {c["id"]: f"TensorFlow {c['tensorflow']} with Keras {c['keras']}" for c in matrix["columns"]}
    yield from ("", "## Since when", "", f"First seen in {in_markdown(versions[begun])}.")
    if not before:
        yield "No earlier release that was measured says anything else."
        return
    was = case["results"][before]["observed"]
    yield f"Before, in {in_markdown(versions[before])}: {in_markdown(was)}."
    found = bisected.get((case["id"], before, begun, was, word))
    if found:
        yield f"Of the releases between them: {in_markdown(found)}."
