"""The page that people read: reports/index.html, one file that fetches nothing.

A pure function of the matrix and of the cases' sources. What stands in conformance/page is the
template, its style, and a script that adds filters to a page that can be read without it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jinja2
from markupsafe import Markup, escape

from conformance.matrix import folding
from conformance.matrix.folding import Count, Group, Row, Run
from conformance.matrix.matrix import FAMILIES, SAID
from conformance.matrix.sources import Functions
from conformance.reporting.templates import FOLDER, environment
from conformance.words import Outcome, Verdict

Matrix = Mapping[str, Any]
_SHAPES = {
    Outcome.HOLDS.value: "holds",
    Outcome.DEVIATES.value: "deviates",
    Outcome.NOT_APPLICABLE.value: "not-applicable",
    Outcome.BLOCKED.value: "not-applicable",
}


def page(matrix: Matrix, known: Functions) -> str:
    """Return reports/index.html."""
    groups = folding.groups(matrix["columns"])
    columns = [column for group in groups for column in group.columns]
    counts = folding.counts(matrix["cases"])
    by_claim: dict[str, list[Any]] = {}
    for case in matrix["cases"]:
        by_claim.setdefault(case["claim"], []).append(case)
    pins = {pin["id"]: pin for pin in matrix["pins"]}
    claims = [
        {
            **_view(claim, by_claim.get(claim["id"], []), groups, known, pins),
            "cells": [
                _cell(matrix["verdicts"][claim["id"]], column, counts.get(claim["id"], {}))
                for column in columns
            ],
        }
        for claim in matrix["claims"]
    ]
    return (
        _environment()
        .get_template("index.html")
        .render(
            matrix=matrix,
            groups=groups,
            columns=columns,
            measured=[column for column in columns if column["valid"]],
            families=[(family, FAMILIES[family], list(those)) for family, those in _by_family(claims)],
            pins=pins,
            numbers={case["id"]: _numbers(case, columns) for case in matrix["cases"]},
            group_of={c["id"]: n for n, group in enumerate(groups) for c in group.columns},
            **_words(),
        )
    )


def _view(
    claim: Mapping[str, Any],
    cases: Sequence[Mapping[str, Any]],
    groups: Sequence[Group],
    known: Functions,
    pins: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a claim with what the page says of it beside its cells."""
    rows = folding.rows(cases, groups, known)
    named = dict.fromkeys(run.pin for row in rows for run in row.runs if run.pin)
    return {
        **claim,
        "rows": rows,
        "size": len(cases),
        "says": list(_says(claim["documented"], groups)),
        "pins": [pins[pin] for pin in named],
        "functions": list(dict.fromkeys(row.function for row in rows if row.function)),
    }


def _environment() -> jinja2.Environment:
    found = environment()
    found.filters.update(short=folding.short, told_of=told_of, shape=shape, ticked=ticked)
    found.globals["part"] = lambda name: Markup((FOLDER / name).read_text(encoding="utf-8"))
    return found


def _words() -> dict[str, Any]:
    said = {verdict.value: words for verdict, words in SAID.items()}
    return {"said": said, "verdicts_known": [verdict.value for verdict in Verdict]}


def _by_family(claims: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    return itertools.groupby(claims, lambda claim: claim["family"])


def _cell(verdicts: Mapping[str, str], column: Mapping[str, Any], counts: Mapping[str, Count]) -> Any:
    name = column["id"]
    return {"verdict": verdicts[name], "column": name, "count": counts.get(name, Count())}


def _says(documented: Mapping[str, bool], groups: Sequence[Group]) -> Iterator[tuple[bool, str]]:
    """Yield whether docstrings make the claim (yes, then no), and the columns that do so."""
    for answer in (True, False):
        those = [
            spread(tuple(column for column in group.columns if documented.get(column["id"]) is answer))
            for group in groups
        ]
        if any(those):
            yield answer, ", ".join(filter(None, those))


def spread(columns: Sequence[Mapping[str, Any]]) -> str:
    """Return neighbouring columns in words, such as `tf2.0 to tf2.15`."""
    if not columns:
        return ""
    first, last = columns[0]["id"], columns[-1]["id"]
    return first if first == last else f"{first} to {last}"


def told_of(row: Row) -> list[dict[str, Any]]:
    """Return what a row says, each thing once: what holds last, with all columns where it is so."""
    same: dict[Any, list[Run]] = {}
    for run in row.runs:
        same.setdefault((run.outcome, run.observed, run.pin, run.reason, run.unstable), []).append(run)
    told = [
        {"run": runs[0], "where": ", ".join(spread(run.columns) for run in runs), "amount": _amount(runs)}
        for runs in same.values()
    ]
    return sorted(told, key=lambda said: said["run"].outcome == Outcome.HOLDS.value)


def _amount(runs: Sequence[Run]) -> str:
    """Return the numbers that were measured in runs, nothing where there were none."""
    bounds = [value for run in runs for value in (run.least, run.most) if value is not None]
    if not bounds:
        return ""
    least, most = f"{min(bounds):.3g}", f"{max(bounds):.3g}"
    return least if least == most else f"{least} to {most}"


def ticked(text: str) -> Markup:
    """Return text in which what stands between backticks is code."""
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(parts))


def shape(run: Run) -> str:
    """Return which of the matrix's shapes stands for a run's outcome."""
    return _SHAPES.get(run.outcome, "unknown")


def _numbers(case: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> str:
    """Return a case's numbers, column by column: `0.5*3 -*2` is three times a half, then two without."""
    cells = [case["results"].get(column["id"], {}) for column in columns]
    texts = [f"{cell['measured']:.3g}" if "measured" in cell else "-" for cell in cells]
    runs = [(text, len(list(those))) for text, those in itertools.groupby(texts)]
    return " ".join(text if count == 1 else f"{text}*{count}" for text, count in runs)
