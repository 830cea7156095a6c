"""Cases that agree are one row, columns that agree one run, and each case knows its source."""

import re

import pytest

from conformance.matrix import folding, sources
from conformance.reporting import reports
from conformance.tests.reporting.test_golden import KNOWN, MATRIX

GROUPS = folding.groups(MATRIX["columns"])
SNAPSHOT = [case for case in MATRIX["cases"] if case["claim"].startswith("snapshot/")]


def test_groups_hold_every_column_once():
    """In the order of the headings."""
    assert [(group.name, [c["id"] for c in group.columns]) for group in GROUPS] == [
        ("TF 1", ["tf1.15"]),
        ("Keras 2", ["tf2.15"]),
        ("tf_keras", ["tf2.16-tf_keras"]),
        ("Keras 3.15", ["tf2.16"]),
    ]


def test_core_and_edge_are_different_rows():
    """What deviates in the core stands first."""
    rows = folding.rows(SNAPSHOT, GROUPS, KNOWN)
    assert [(row.core, row.situation) for row in rows] == [
        (True, "compile"),
        (False, "a-step"),
        (False, "fit"),
    ]
    assert [row.holds for row in rows] == [False, False, False]


def test_cases_that_agree_are_one_row_with_the_range_of_their_numbers():
    """Also where the numbers differ, for they do not decide."""
    twin = {**SNAPSHOT[1], "id": SNAPSHOT[1]["id"].replace("after-compile", "after-other")}
    twin["results"] = {c: {**cell, "measured": 0.5} for c, cell in SNAPSHOT[1]["results"].items()}
    (row,) = folding.rows([SNAPSHOT[1], twin], GROUPS, KNOWN)
    assert len(row.cases) == 2
    assert (row.runs[0].least, row.runs[0].most) == (0.01, 0.5)


def test_neighbours_that_agree_are_one_run():
    """But never across two groups."""
    columns = [{"id": f"tf2.{n}", "flavour": "keras2"} for n in range(4)]
    cell = {"outcome": "holds", "observed": "drops", "pin": None}
    other = {**cell, "outcome": "deviates", "observed": "passes through"}
    results = {c["id"]: other if c["id"] == "tf2.2" else cell for c in columns}
    case = {"id": "dropout/x[y]", "core": True, "expected": "drops", "results": results}
    (row,) = folding.rows([case], folding.groups(columns), {})
    assert [len(run.columns) for run in row.runs] == [2, 1, 1]
    assert row.function is None


def test_a_column_without_a_case_has_not_run_it():
    """An invalid column is unknown in every row."""
    row = folding.rows(SNAPSHOT, GROUPS, KNOWN)[0]
    assert [run.outcome for run in row.runs] == ["holds", "holds", "not-run", "deviates"]


@pytest.mark.parametrize(
    ("situation", "slug"),
    [("a", "a"), ("a-b", "a"), ("a-b-c", "a-b-c"), ("a-bc", "a"), ("b", None)],
)
def test_a_case_is_of_the_longest_name_that_fits(situation, slug):
    """And of none where no source has it."""
    known = {"f/c": [sources.Function(s, s, "", 1, "", "") for s in ("a", "a-b-c")]}
    found = sources.function_of(f"f/c[{situation}]", known)
    assert (found and found.slug) == slug


def test_every_committed_case_has_its_source():
    """So that the page can say what it does."""
    known = sources.functions()
    lost = [c["id"] for c in reports.current()["cases"] if sources.function_of(c["id"], known) is None]
    assert lost == []


def test_an_anchor_is_of_one_place():
    """No two elements of the page have the same id, and each cell has one."""
    ids = re.findall(r' id="([^"]+)"', (reports.REPORTS / "index.html").read_text(encoding="utf-8"))
    assert len(ids) == len(set(ids))
    matrix = reports.current()
    cells = {f"{claim['id']}@{column['id']}" for claim in matrix["claims"] for column in matrix["columns"]}
    assert cells <= set(ids)
