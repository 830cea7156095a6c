"""What a cell of the page shows: what is always so paints none, what moved is counted."""

import itertools

import pytest

from conformance.reporting.cells import cells, packed

NUMBERS = itertools.count()
COLUMNS = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
HELD = ("holds", "rests", None)
RAISED = ("deviates", "raises TypeError", "p")
LEARNED = ("deviates", "learns", "p")
LACKING = ("not-applicable", None, None)


def case(*said, core=False):
    """Return a case with what it says in each column."""
    keys = ("outcome", "observed", "pin")
    results = {c["id"]: dict(zip(keys, each, strict=True)) for c, each in zip(COLUMNS, said, strict=True)}
    return {"id": f"family/claim[{next(NUMBERS)}]", "core": core, "results": results}


def shown(cases, verdict="exceptions", documented=()):
    """Return the cells of a claim in which every column has one verdict."""
    return cells(dict.fromkeys("abc", verdict), cases, COLUMNS, documented)


@pytest.mark.parametrize(
    ("said", "documented", "painted"),
    [
        ((RAISED, RAISED, LACKING), (), "holds"),
        ((RAISED, HELD, LACKING), (), "exceptions"),
        ((LEARNED, LEARNED, LACKING), (), "exceptions"),
        ((LEARNED, HELD, LACKING), ("p",), "holds"),
    ],
)
def test_what_is_always_so_paints_no_cell(said, documented, painted):
    """It raises alike in the whole history, or its documentation says so."""
    first = shown([case(*said), case(HELD, HELD, HELD)], documented=documented)[0]
    assert first.shown == painted
    assert first.out + first.always == 1


def test_a_core_case_is_never_always_so():
    """The claim deviates, whatever the history."""
    assert shown([case(RAISED, RAISED, RAISED, core=True)], "deviates")[0].out == 1


def test_what_moved_is_counted_against_the_column_to_the_left():
    """The first column has none; what does not apply any more is no movement."""
    found = shown([case(HELD, LEARNED, LACKING), case(HELD, LEARNED, HELD, core=True)])
    assert [(cell.moved, cell.core) for cell in found] == [(0, 0), (2, 1), (1, 1)]


def test_the_shade_is_the_share_of_cases():
    """From the lightest to the darkest."""
    shades = [
        shown([case(LEARNED, HELD, HELD), *(case(HELD, HELD, HELD) for _ in range(rest))])[0].shade
        for rest in (40, 0)
    ]
    assert shades == [1, 4]


def test_packed():
    """Neighbours that are equal are written once."""
    assert packed([4, 4, 4, 7]) == "4*3 7"
