"""The page that people read: reports/index.html, one file that fetches nothing.

A pure function of the matrix and of the cases' sources. What stands in the folder `page` is the
template, its style, and scripts that answer and find in a page that can be read without them.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jinja2
from markupsafe import Markup, escape

from conformance.matrix import folding
from conformance.matrix.folding import Group, Row, Run
from conformance.matrix.matrix import FAMILIES, SAID
from conformance.matrix.sources import Functions
from conformance.reporting import asked, facts, spans
from conformance.reporting.cells import cells, packed
from conformance.reporting.links import Links
from conformance.reporting.templates import FOLDER, environment
from conformance.words import Outcome

Matrix = Mapping[str, Any]
#: What is not told without a script.
_SILENT = (Outcome.HOLDS.value, Outcome.NOT_APPLICABLE.value, Outcome.BLOCKED.value)
_SHAPES = {
    Outcome.HOLDS.value: "holds",
    Outcome.DEVIATES.value: "deviates",
    Outcome.NOT_APPLICABLE.value: "not-applicable",
    Outcome.BLOCKED.value: "not-applicable",
}


def page(matrix: Matrix, known: Functions, links: Links) -> str:
    """Return the page, with links for the folder where it is to lie."""
    groups = folding.groups(matrix["columns"])
    columns = [column for group in groups for column in group.columns]
    by_claim: dict[str, list[Any]] = {}
    for case in matrix["cases"]:
        by_claim.setdefault(case["claim"], []).append(case)
    claims = [
        _claim(claim, by_claim.get(claim["id"], []), groups, known, matrix) for claim in matrix["claims"]
    ]
    rows = [row for claim in claims for row in claim["rows"]]
    states = facts.states(rows)
    return (
        _environment()
        .get_template("index.html")
        .render(
            matrix=matrix,
            groups=groups,
            columns=columns,
            measured=[column for column in columns if column["valid"]],
            families=[(family, FAMILIES[family], list(those)) for family, those in _by_family(claims)],
            numbers={case["id"]: _numbers(case, columns) for case in matrix["cases"]},
            group_of={c["id"]: n for n, group in enumerate(groups) for c in group.columns},
            functions={f: n for n, f in enumerate(facts.functions(rows))},
            codes=lambda row: facts.codes(row, states),
            goals=facts.goals(matrix.get("recipes", ())),
            facts={**facts.facts(matrix, groups, rows, states), "rooms": links.rooms()},
            link=links.to,
            said={verdict.value: words for verdict, words in SAID.items()},
        )
    )


def _claim(
    claim: Mapping[str, Any],
    cases: Sequence[Mapping[str, Any]],
    groups: Sequence[Group],
    known: Functions,
    matrix: Matrix,
) -> dict[str, Any]:
    """Return a claim with what the page says of it."""
    rows = folding.rows(cases, groups, known)
    named = {run.pin for row in rows for run in row.runs}
    columns = [column for group in groups for column in group.columns]
    return {
        **claim,
        "rows": rows,
        "size": len(cases),
        "says": list(_says(claim["documented"])),
        "pins": [pin for pin in matrix["pins"] if pin["id"] in named],
        "paths": list(dict.fromkeys(function.path for function in facts.functions(rows))),
        "cells": cells(matrix["verdicts"][claim["id"]], cases, columns, asked.documented()),
        "synonyms": asked.synonyms().get(claim["id"], ""),
    }


def _part(name: str) -> Markup:
    """Return a script or style as the page has it: without what only who writes it reads."""
    lines = (line.strip() for line in (FOLDER / name).read_text(encoding="utf-8").splitlines())
    return Markup("\n".join(line for line in lines if line and not line.startswith(("//", "/*"))))


def _environment() -> jinja2.Environment:
    found = environment()
    found.filters.update(short=folding.short, told_of=told_of, shape=shape, ticked=ticked, quoted=quoted)
    found.globals["part"] = _part
    return found


def _by_family(claims: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    return itertools.groupby(claims, lambda claim: claim["family"])


def _says(documented: Mapping[str, bool]) -> Iterator[tuple[bool, str]]:
    """Yield whether docstrings make the claim (yes, then no), and the columns that do so."""
    for answer in (True, False):
        those = [column for column, said in documented.items() if said is answer]
        if those:
            yield answer, spans.ranges(those)


def _where(runs: Sequence[Run], all_of: Sequence[Run]) -> str:
    """Return the columns of some of a row's runs in words."""
    if len(runs) == len(all_of):
        return "every column"
    return spans.ranges([column["id"] for run in runs for column in run.columns])


def told_of(row: Row) -> list[dict[str, Any]]:
    """Return what does not hold in a row, each thing once, with all columns where it is so.

    The rest is said by the page's script, which knows what a row says in each column.
    """
    same: dict[Any, list[Run]] = {}
    for run in row.runs:
        if run.outcome not in _SILENT:
            same.setdefault((run.outcome, run.observed, run.pin), []).append(run)
    return [{"run": runs[0], "where": _where(runs, row.runs)} for runs in same.values()]


def ticked(text: str) -> Markup:
    """Return text in which what stands between backticks is code."""
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(parts))


def quoted(code: str) -> Markup:
    """Return code as the text of an element, where quotes need no escape: the page is lighter so."""
    return Markup(html.escape(code, quote=False))


def shape(run: Run) -> str:
    """Return which of the matrix's shapes stands for a run's outcome."""
    return _SHAPES.get(run.outcome, "unknown")


def _numbers(case: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> str:
    """Return a case's numbers, column by column: `0.5*3 -*2` is three times a half, then two without."""
    cells = [case["results"].get(column["id"], {}) for column in columns]
    return packed([_rounded(cell["measured"]) if "measured" in cell else "-" for cell in cells])


def _rounded(number: float) -> str:
    """Return the digit that shows what happened; `matrix.json` has three."""
    return f"{float(f'{number:.1g}'):g}"
