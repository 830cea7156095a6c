"""The matrix: all columns' results side by side, with a verdict per claim and column.

A pure function of results and the two lists (claims, columns): no clock, no path, no environment.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from conformance.claims import CLAIMS, Claim
from conformance.columns.columns import Column
from conformance.legible import legible
from conformance.pins.pins import Pin
from conformance.results import blame
from conformance.results.verdicts import is_canary, verdict
from conformance.words import Outcome, Verdict

SCHEMA = 1
Matrix = dict[str, Any]
Results = Mapping[str, Any]
#: The records of one column, by claim.
Records = Mapping[str, Sequence[Any]]

#: How a lineage is called in a sentence. Ranges never cross from one to another.
LINEAGES = {"tensorflow": "TensorFlow", "keras": "Keras", "tf_keras": "tf_keras"}
#: What a family of claims is about, as a heading.
FAMILIES = {
    "dropout": "Dropout",
    "batchnorm": "Batch normalization",
    "frozen": "Frozen state",
    "propagation": "Propagation of trainable",
    "snapshot": "What compile() takes",
    "training": "The training argument",
    "saving": "What a file carries",
}
#: A verdict within a sentence.
SAID = {
    Verdict.HOLDS: "holds",
    Verdict.EXCEPTIONS: "holds with exceptions",
    Verdict.DEVIATES: "deviates",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.UNKNOWN: "unknown",
}


def matrix(
    listed: Sequence[Column],
    measured: Mapping[str, Results],
    yours: Sequence[Column] = (),
    pins: Sequence[Pin] = (),
    kills: Mapping[str, Mapping[str, int]] | None = None,
    unstable: Mapping[str, Collection[str]] | None = None,
    recipes: Sequence[Mapping[str, Any]] = (),
) -> Matrix:
    """Return the matrix of the listed columns, from the results measured for some of them.

    A column without results, or with invalid ones, is unknown in every claim. `yours` are columns
    of somebody's own, which stand beside the others and have no part in a range of releases. Each
    deviation names its pin; `kills` counts, per claim and flavour, the mutants that its cases killed;
    `unstable` has, per column, the cases that did not say the same in all runs; `recipes` are rows that
    stand beside the claims as they are.
    """
    columns = [*listed, *yours]
    valid = {c.id: _claimed(measured[c.id]) for c in columns if c.id in measured and measured[c.id]["valid"]}
    by_claim = {column: _by_claim(cases) for column, cases in valid.items()}
    verdicts = {claim.id: _verdicts(claim, columns, by_claim) for claim in CLAIMS.values()}
    here = {column: [p for p in pins if p.applies(measured[column]["column"])] for column in valid}
    return {
        "schema": SCHEMA,
        "suites": sorted({f"{r['suite']['version']} {r['suite']['digest']}" for r in measured.values()}),
        "columns": [
            *(_column(column, measured.get(column.id)) for column in listed),
            *({**_column(column, measured[column.id]), "yours": True} for column in yours),
        ],
        "claims": [
            {
                **_claim(c, listed, verdicts[c.id]),
                "mutants": _kills(c, kills or {}),
                "documented": _documented(c, by_claim),
            }
            for c in CLAIMS.values()
        ],
        "cases": [
            _case(case, valid, here, unstable or {})
            for case in sorted({i for cases in valid.values() for i in cases})
        ],
        "verdicts": verdicts,
        "pins": [_explained(pin) for pin in pins],
        **({"recipes": list(recipes)} if recipes else {}),
    }


def _explained(pin: Pin) -> dict[str, Any]:
    """Return what a pin says, apart from where and of which cases: why, and what to write instead."""
    found: dict[str, Any] = {"id": pin.id, "reason": legible(pin.reason), "url": legible(pin.url)}
    found["reproduction"] = pin.reproduction
    if pin.remedies:
        found["remedies"] = list(pin.remedies)
    if pin.no_remedy:
        found["no_remedy"] = legible(pin.no_remedy)
    return found


def _claimed(results: Results) -> dict[str, Any]:
    """Return the cases of claims, judged: canaries have done their work when a column is valid."""
    cases = blame.settled(results["cases"])
    return {case: record for case, record in cases.items() if not is_canary(case)}


def _by_claim(cases: Mapping[str, Any]) -> Records:
    """Return the records of a column by the claim that they are of."""
    found: dict[str, list[Any]] = {}
    for case, record in cases.items():
        found.setdefault(case.split("[")[0], []).append(record)
    return found


def dumped(value: Matrix) -> str:
    """Return the matrix as the text of reports/matrix.json."""
    return (
        json.dumps(value, indent=None, separators=(",", ":"), ensure_ascii=False).replace(
            '},{"id"', '},\n{"id"'
        )
        + "\n"
    )


def _column(column: Column, results: Results | None) -> dict[str, Any]:
    about = results["column"] if results else {}
    known = {name: legible(about[name], 80) for name in ("tensorflow", "keras", "python") if name in about}
    return {
        "id": column.id,
        "tensorflow": known.get("tensorflow"),
        "keras": known.get("keras"),
        "flavour": column.flavour,
        "python": known.get("python", column.python),
        "valid": bool(results and results["valid"]),
    }


def _kills(claim: Claim, kills: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return how many mutants a claim's cases killed, by flavour: a derived claim has its base's cases."""
    return dict(kills.get(claim.derived_from or claim.id, {}))


def _documented(claim: Claim, by_claim: Mapping[str, Records]) -> dict[str, bool]:
    """Return, per column that was asked, whether its own docstring says what the claim says."""
    asked = claim.derived_from or claim.id
    found: dict[str, bool] = {}
    for column, records in by_claim.items():
        said = [r["documented"] for r in records.get(asked, ()) if "documented" in r]
        if said and claim.documented:
            found[column] = said[0]
    return found


def _claim(claim: Claim, columns: Sequence[Column], verdicts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": claim.id,
        "family": claim.family,
        "statement": claim.statement,
        "quote": claim.quote,
        "translation": claim.translation,
        "source": claim.source,
        "since": since(columns, verdicts),
    }


def _case(
    case: str,
    valid: Mapping[str, Mapping[str, Any]],
    here: Mapping[str, Sequence[Pin]],
    unstable: Mapping[str, Collection[str]],
) -> dict[str, Any]:
    records = {column: cases[case] for column, cases in valid.items() if case in cases}
    first = next(iter(records.values()))
    wavers = [column for column in records if case in unstable.get(column, ())]
    return {
        "id": case,
        "claim": case.split("[")[0],
        "core": first["core"],
        "expected": first["expected"],
        **({"unstable": wavers} if wavers else {}),
        "results": {column: _cell(case, r, here[column]) for column, r in records.items()},
    }


def _cell(case: str, record: Mapping[str, Any], pins: Sequence[Pin]) -> dict[str, Any]:
    """Return what a case says in a column: number and reason only where they add something."""
    word, reason = record["observed"], record["reason"]
    cell = {
        "outcome": record["outcome"],
        "observed": None if word is None else legible(word),
        "pin": _pin(case, record, pins),
    }
    if record["measured"] is not None:
        cell["measured"] = record["measured"]
    if "by" in record:
        cell["by"] = record["by"]
    if reason and reason != f"expected {record['expected']}, observed {word}":
        cell["reason"] = legible(reason)
    return cell


def _pin(case: str, record: Mapping[str, Any], pins: Sequence[Pin]) -> str | None:
    """Return the id of the pin that explains a deviation."""
    if record["outcome"] != Outcome.DEVIATES.value:
        return None
    return next((pin.id for pin in pins if pin.word(case) == record["observed"]), None)


def _verdicts(claim: Claim, columns: Sequence[Column], by_claim: Mapping[str, Records]) -> dict[str, str]:
    if claim.derived_from:
        base = _verdicts(CLAIMS[claim.derived_from], columns, by_claim)
        return {c.id: _introduced(c, Verdict(base[c.id])).value for c in columns}
    return {c.id: _of(claim.id, by_claim.get(c.id)).value for c in columns}


def _of(claim_id: str, records: Records | None) -> Verdict:
    asked = (records or {}).get(claim_id)
    return verdict(asked) if asked else Verdict.UNKNOWN


def _introduced(column: Column, base: Verdict) -> Verdict:
    """Return whether a column agrees that TF 2.0 introduced a behaviour: absent in TF1, then there."""
    if base in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
        return base
    absent = base is Verdict.DEVIATES
    return Verdict.HOLDS if absent == (column.flavour == "tf1") else Verdict.DEVIATES


def since(columns: Iterable[Column], verdicts: Mapping[str, str]) -> str:
    """Return, per lineage, the ranges of consecutive releases with one verdict, in order.

    A range never spans a column that was not run; what is not applicable is passed over.
    """
    asked = [c for c in columns if verdicts[c.id] != Verdict.NOT_APPLICABLE.value]
    said = {column.id: SAID[Verdict(verdicts[column.id])] for column in asked}
    return ranges(asked, said) or "not applicable in any column"


def ranges(columns: Iterable[Column], said: Mapping[str, str]) -> str:
    """Return, per lineage, the ranges of consecutive releases of which the same is said, in order."""
    by_lineage: dict[str, list[tuple[str, str]]] = {}
    for column in columns:
        by_lineage.setdefault(column.lineage, []).append((release(column), said[column.id]))
    return "; ".join(f"{LINEAGES[lineage]}: {_ranges(row)}" for lineage, row in by_lineage.items())


def release(column: Column) -> str:
    """Return what a column is called within its lineage: a release of TensorFlow or of Keras."""
    if column.lineage == "keras":
        return column.id.split("-keras")[1]
    return column.id[len("tf") :].split("-")[0]


def _ranges(row: Sequence[tuple[str, str]]) -> str:
    parts = []
    for said, those in itertools.groupby(row, key=lambda pair: pair[1]):
        names = [name for name, _ in those]
        parts.append(f"{said} in {names[0] if len(names) == 1 else f'{names[0]} to {names[-1]}'}")
    return ", ".join(parts)


def unknown_outcomes(cases: Mapping[str, Any]) -> list[str]:
    """Return the cases of a column that gave no answer."""
    answered = (Outcome.HOLDS.value, Outcome.DEVIATES.value, Outcome.NOT_APPLICABLE.value)
    return [i for i, r in cases.items() if r["outcome"] not in answered]
