"""What pins may rest on: results that said the same more than once.

A committed column has its certificate. A column of one's own has several results files, each of a run
of its own: the words in which they disagree are unstable.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from conformance.columns import certifying
from conformance.columns.certifying import Certificate
from conformance.exits import Exit
from conformance.results.results import Results, ResultsError
from conformance.results.verdicts import why_invalid

#: How many results files stand in for a certificate.
RUNS = 3


class EvidenceError(Exception):
    """Results that no pin may rest on. Its text has a line for each column, with what to do."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Evidence:
    """A column's results, the cases that did not say the same each time, and why it is no evidence.

    `told` are the results that were asked about: of a column that was measured in part, only those
    cases; `results` has the committed ones beside them. `doubt` is empty where nothing is wrong.
    """

    told: Results
    results: Results
    unstable: Mapping[str, Sequence[str]]
    doubt: str


def gathered(
    given: Iterable[Results], committed: Mapping[str, Results], certificates: Mapping[str, Certificate]
) -> dict[str, Evidence]:
    """Return the evidence on every column: the given results take the place of the committed ones.

    Raises ResultsError where results of one name are of different columns or suites.
    """
    runs: dict[str, list[Results]] = {}
    for found in given:
        runs.setdefault(found["column"]["id"], []).append(found)
    return {
        column: _of_column(runs.get(column, []), committed.get(column), certificates.get(column))
        for column in [*committed, *(own for own in runs if own not in committed)]
    }


def _of_column(runs: Sequence[Results], kept: Results | None, certificate: Certificate | None) -> Evidence:
    if kept and all(run == kept for run in runs):
        return _certified(kept, certificate)
    first, column = runs[0], runs[0]["column"]["id"]
    for other in [*runs[1:], *([kept] if kept else [])]:
        # By its digest: a version that changed no case measures what the one before it did.
        if (other["column"], other["suite"]["digest"]) != (first["column"], first["suite"]["digest"]):
            hint = "measure each environment under a name of its own (--column), all with the same cases"
            raise ResultsError(f"{column}: results of different columns or suites; {hint}", Exit.BAD_INPUT)
    doubt = "" if len(runs) >= RUNS else f"{len(runs)} results files, {RUNS} are needed: measure it again"
    broken = next((why_invalid(run["cases"]) for run in runs if not run["valid"]), "")
    doubt = f"invalid: {broken}" if broken else doubt
    cases = {**(kept["cases"] if kept else {}), **first["cases"]}
    unstable = certifying.unstable([certifying.words(run) for run in runs])
    return Evidence(first, {**first, "cases": cases}, unstable, doubt)


def _certified(kept: Results, certificate: Certificate | None) -> Evidence:
    suite, column = kept["suite"], kept["column"]
    vouched = certificate.covers(suite, column.get("lock")) if certificate else []
    if certificate is None or set(vouched) != set(suite["modules"]):
        hint = f"not certified: run `make certify COLUMNS={column['id']}`"
        return Evidence(kept, kept, {}, hint)
    if certificate.words != certifying.digests(kept):
        hint = f"other words than were certified: run `make certify COLUMNS={column['id']}`"
        return Evidence(kept, kept, {}, hint)
    doubt = "" if kept["valid"] else f"invalid: {why_invalid(kept['cases'])}"
    return Evidence(kept, kept, certificate.unstable, doubt)


def required(evidence: Mapping[str, Evidence], columns: Iterable[str]) -> None:
    """Raise EvidenceError, naming each of some columns whose results no pin may rest on."""
    lines = [f"{column}: {evidence[column].doubt}" for column in columns if evidence[column].doubt]
    if lines:
        raise EvidenceError("\n".join(lines))
