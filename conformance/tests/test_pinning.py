"""From results to the fewest pins: what is grouped, how cases become globs, and columns ranges."""

import pytest

from conformance import pinning
from conformance.pins import Pin, matches

KNOWN = ["f/c[a-x]", "f/c[a-y]", "f/c[b]", "f/c[a-y-z]", "f/d[e]"]


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        (["f/c[b]"], ["f/c[b]"]),
        (["f/c[a-x]", "f/c[a-y]", "f/c[b]", "f/c[a-y-z]"], ["f/c[*]"]),
        (["f/c[a-x]", "f/c[a-y]", "f/c[a-y-z]"], ["f/c[a-*"]),
        (["f/c[a-x]", "f/c[b]"], ["f/c[a-x]", "f/c[b]"]),
        (["f/c[a-y]"], ["f/c[a-y]"]),
        (["f/d[e]"], ["f/d[e]"]),
        ([], []),
    ],
)
def test_globs(cases, found):
    """The fewest that match exactly these, and no other known case."""
    globs = pinning.globs(cases, KNOWN)
    assert globs == found
    assert {k for k in KNOWN if matches(tuple(globs), k)} == set(cases)


def column(name, tensorflow, keras="2", flavour="keras2"):
    """Return what a results file says of its column."""
    return {"id": name, "tensorflow": tensorflow, "keras": keras, "flavour": flavour, "python": "3.11.7"}


TWO = [column(f"tf2.{n}", f"2.{n}.1") for n in (9, 10, 11, 12)]
THREE = [
    column("tf2.16-keras3.0", "2.16.2", "3.0.5", "keras3"),
    column("tf2.16", "2.16.2", "3.15.1", "keras3"),
    column("tf2.21", "2.21.0", "3.15.1", "keras3"),
    column("tf2.22rc0", "2.22.0rc0", "3.16.0.dev2026110803", "keras3"),
]


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        (["tf2.9", "tf2.10", "tf2.11", "tf2.12"], [{"flavour": "keras2"}]),
        (["tf2.9", "tf2.10"], [{"flavour": "keras2", "tensorflow": "<=2.10.1"}]),
        (["tf2.10", "tf2.11"], [{"flavour": "keras2", "tensorflow": ">=2.10.1,<=2.11.1"}]),
        (["tf2.9", "tf2.11", "tf2.12"], [{"flavour": "keras2", "tensorflow": "<=2.9.1|>=2.11.1"}]),
        (["tf2.16", "tf2.21"], [{"flavour": "keras3", "keras": ">=3.15.1,<=3.15.1"}]),
        (["tf2.22rc0"], [{"flavour": "keras3", "keras": ">=3.16.0.dev0"}]),
        (["tf2.21"], [{"columns": ["tf2.21"]}]),
        (
            ["tf2.12", "tf2.16-keras3.0"],
            [{"flavour": "keras2", "tensorflow": ">=2.12.1"}, {"flavour": "keras3", "keras": "<=3.0.5"}],
        ),
    ],
)
def test_where(columns, places):
    """The widest ranges that hold these columns and no other that was measured."""
    found = pinning.where(columns, [*TWO, *THREE])
    assert found == places
    pin = Pin("p", tuple(found), {}, "", "", "")
    assert [c["id"] for c in [*TWO, *THREE] if pin.applies(c)] == columns


def results(name, **cases):
    """Return results of a column: a word for what deviates, nothing for what holds."""
    records = {
        f"f/c[{case}]": {"outcome": "deviates" if word else "holds", "observed": word or "x"}
        for case, word in cases.items()
    }
    return {"column": next(c for c in TWO if c["id"] == name), "cases": records}


def test_what_deviates_in_the_same_columns_is_proposed_together():
    """One proposal for each set of columns, its cases by the word that they record."""
    measured = [results("tf2.9", a="w", b="v", c="w"), results("tf2.10", a="w", b="v", c="")]
    found = {p.columns: dict(p.observed) for p in pinning.proposals(measured)}
    assert found == {
        ("tf2.9", "tf2.10"): {"w": ("f/c[a]",), "v": ("f/c[b]",)},
        ("tf2.9",): {"w": ("f/c[c]",)},
    }


def test_what_is_pinned_is_not_proposed_again():
    """Only what has drifted."""
    measured = [results("tf2.9", a="w", b="v")]
    (found,) = pinning.proposals(measured, lambda case, column: case == "f/c[a]")
    assert dict(found.observed) == {"v": ("f/c[b]",)}
