"""How cases become globs, and columns ranges."""

import pytest

from conformance.pins.pins import Pin, matches
from conformance.proposals import spelling

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
    globs = spelling.globs(cases, KNOWN)
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
            ["tf2.21", "tf2.22rc0"],
            [{"flavour": "keras3", "keras": ">=3.16.0.dev0"}, {"columns": ["tf2.21"]}],
        ),
        (
            ["tf2.12", "tf2.16-keras3.0"],
            [{"flavour": "keras2", "tensorflow": ">=2.12.1"}, {"flavour": "keras3", "keras": "<=3.0.5"}],
        ),
    ],
)
def test_where(columns, places):
    """The widest ranges that hold these columns and no other that was measured."""
    found = spelling.where(columns, [*TWO, *THREE])
    assert found == places
    pin = Pin("p", tuple(found), {}, "", "", "")
    assert [c["id"] for c in [*TWO, *THREE] if pin.applies(c)] == columns


def test_a_night_that_was_measured_is_not_spanned():
    """A range begins at a nightly's first night only where none was measured to hold."""
    nights = [*THREE, column("mine", "2.22.0rc0", "3.16.0.dev2026120101", "keras3")]
    assert spelling.where(["mine"], nights) == [{"flavour": "keras3", "keras": ">=3.16.0.dev2026120101"}]


def test_a_build_of_ones_own_is_the_release_it_was_made_of():
    """A range cannot name a local version."""
    found = spelling.where(["tf2.9", "mine"], [*TWO, column("mine", "2.9.2+cuda12")])
    assert found == [{"flavour": "keras2", "tensorflow": "<=2.9.2"}]
    pin = Pin("p", tuple(found), {}, "", "", "")
    assert pin.applies(column("mine", "2.9.2+cuda12"))
