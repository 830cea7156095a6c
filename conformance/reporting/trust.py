"""reports/zoo.md: what audits find in the zoo, in every column and under every mutant. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.reporting import spans
from conformance.reporting.markdown import code, prose
from conformance.zoo import kept
from conformance.zoo.kept import Trial, Visit


def page(visits: Sequence[Visit], trials: Sequence[Trial]) -> str:
    """Return the page."""
    return "\n".join(_lines(visits, trials)) + "\n"


def _lines(visits: Sequence[Visit], trials: Sequence[Trial]) -> Iterator[str]:
    yield "# How far an audit can be trusted"
    yield ""
    yield (
        "The models of [the zoo](../fixtures/zoo.py) have one known fault each, or none. "
        "`python -m conformance zoo` audits them in the environment of each column."
    )
    for title, group in (("Models with a fault", "FAULTY"), ("Models without one", "HEALTHY")):
        yield from ("", f"## {title}", "", "What is reported, and where:", "")
        for model, does in kept.models(group).items():
            yield f"- {code(model)}, {prose(does)}"
            yield from _reported([visit for visit in visits if visit.model == model])
    yield from _beside(visits)
    yield from _noticed(trials)


def _reported(visits: Sequence[Visit]) -> Iterator[str]:
    """Yield what is reported of a model, alike in some columns."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for visit in visits:
        lost = [f"no answer: {text}" for text in visit.unanswered]
        alike.setdefault((*visit.reported, *lost), []).append(visit.column)
    for said, columns in alike.items():
        told = ", ".join(map(code, said)) or "nothing"
        yield f"  - {told}: in {spans.ranges(columns)}"


def _beside(visits: Sequence[Visit]) -> Iterator[str]:
    """Yield how many words of audits are those of the matrix, and each that is not."""
    columns = len({visit.column for visit in visits})
    same, alike = sum(visit.agrees for visit in visits), sum(visit.alike for visit in visits)
    other = sum(len(visit.differs) for visit in visits)
    yield from ("", "## Beside the matrix", "")
    yield (
        f"Of what was found, {same + alike + other} words in {columns} columns are of situations that the "
        f"suite has a case of. {same} are the cell's; {alike} hold as the cell does, by another word (a "
        f"layer that is told False, or nothing, is in inference mode); {other} say something else."
    )
    yield ""
    where: dict[tuple[str, str], list[str]] = {}
    for visit in visits:
        for text in visit.differs:
            where.setdefault((visit.model, text), []).append(visit.column)
    for (model, text), names in where.items():
        yield f"- {code(model)}, {code(text)}: in {spans.ranges(names)}"


def _noticed(trials: Sequence[Trial]) -> Iterator[str]:
    """Yield how many mutants audits noticed, and those that none did; nothing where none was tried."""
    if not trials:
        return
    yield from ("", "## Where TensorFlow is broken", "")
    yield (
        "Each mutant that the cases notice in a column was put in effect while models were audited. "
        "Noticed is one that changes a word of what is found in a model without a fault; an exception is no "
        "such word."
    )
    yield ""
    for column in dict.fromkeys(trial.column for trial in trials):
        here = [trial for trial in trials if trial.column == column]
        yield f"- {column}: {sum(bool(trial.noticed) for trial in here)} of {len(here)}"
    silent: dict[str, list[str]] = {}
    for trial in trials:
        if not trial.noticed:
            silent.setdefault(trial.mutant, []).append(trial.column)
    yield from ("", "Not noticed: what these break is asked by cases only.", "")
    for mutant, names in silent.items():
        yield f"- {code(mutant)}: in {spans.ranges(names)}"
