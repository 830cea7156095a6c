"""reports/zoo.md: what audits find in the zoo, in every column and under every mutant. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.reporting import spans
from conformance.reporting.markdown import code, prose
from conformance.zoo import kept
from conformance.zoo.kept import Trial, Visit
from conformance.zoo.unasked import UNASKED, UNASKED_IN_KERAS3, unnoticed


def page(visits: Sequence[Visit], trials: Sequence[Trial]) -> str:
    """Return the page."""
    return "\n".join(_lines(visits, trials)) + "\n"


def _lines(visits: Sequence[Visit], trials: Sequence[Trial]) -> Iterator[str]:
    yield "# How far an audit can be trusted"
    yield ""
    yield (
        "The models of [the zoo](../fixtures/zoo/faulty.py) have one known fault each, or none. "
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
        "Each mutant that the cases notice in a column was put in effect while models were audited: some of "
        f"[{len(kept.models('WITNESSES'))} common situations](../fixtures/zoo/witnesses.py), "
        "first those that have what it breaks. "
        "Noticed is one that changes a word of what is found, or adds something that deviates; an exception "
        "is no such word."
    )
    yield ""
    for column in dict.fromkeys(trial.column for trial in trials):
        here = [trial for trial in trials if trial.column == column]
        yield f"- {column}: {sum(bool(trial.noticed) for trial in here)} of {len(here)}"
    silent = [trial for trial in trials if not trial.noticed]
    if silent:
        yield from ("", "Not noticed:", "", *_by_mutant(silent))
    yield from ("", "Not tried, for no audit asks what these break:", "")
    for reason, mutants in _unasked().items():
        yield f"- {prose(reason)}: {', '.join(map(code, mutants))}"


def _by_mutant(trials: Sequence[Trial]) -> Iterator[str]:
    """Yield each mutant with the columns in which no audit noticed it, why, and what gave no answer there."""
    columns: dict[tuple[str, ...], list[str]] = {}
    for trial in trials:
        why = unnoticed(trial.mutant, trial.column)
        columns.setdefault((trial.mutant, why, *trial.silent), []).append(trial.column)
    for (mutant, why, *silent), names in columns.items():
        told = [f"- {code(mutant)}: in {spans.ranges(names)}", *_silent(silent), prose(why)]
        yield "; ".join(filter(None, told))


def _silent(told: Sequence[str]) -> Iterator[str]:
    """Yield the models that gave no answer, those for the same reason together."""
    reasons: dict[str, list[str]] = {}
    for model, _, reason in (each.partition(": ") for each in told):
        reasons.setdefault(reason, []).append(model)
    for reason, models in reasons.items():
        yield f"no answer of {', '.join(map(code, models))}: {code(reason)}"


def _unasked() -> dict[str, list[str]]:
    """Return the mutants that are not tried, by the reason."""
    reasons: dict[str, list[str]] = {}
    for mutant, reason in {**UNASKED, **UNASKED_IN_KERAS3}.items():
        reasons.setdefault(reason, []).append(mutant)
    return reasons
