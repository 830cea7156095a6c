"""What moved from one state of the reports to the next, and the feed of it."""

import copy
from xml.etree import ElementTree

import pytest

from conformance.exits import Exit
from conformance.reporting import feed, movement, upgrading
from conformance.results.results import ResultsError
from conformance.tests.reporting.test_golden import CASE, COLUMNS, MATRIX

LEFT = {after: before for before, after in upgrading.neighbours(COLUMNS)}
ATOM = "{http://www.w3.org/2005/Atom}"


def changed(*words):
    """Return the matrix with other words of a case in tf2.16."""
    found = copy.deepcopy(MATRIX)
    (case,) = [case for case in found["cases"] if case["id"] == CASE]
    for word in words:
        case["results"]["tf2.16"].update({"outcome": "holds", "observed": word})
    return found


def between(before, after):
    """Return what moved, on some day."""
    return movement.between(before, after, LEFT, "2026-11-26")


def test_nothing_moved():
    """The same twice is no news."""
    assert between(MATRIX, MATRIX) == []


def test_a_case_that_moved():
    """By column and claim, with what was and what is."""
    (entry,) = between(MATRIX, changed("weights updated"))
    assert (entry["column"], entry["beside"], entry["same_cases"]) == ("tf2.16", None, True)
    (row,) = entry["moved"]
    assert (row["change"], row["count"], row["core"]) == ("holds now", 1, 1)
    assert (row["was"], row["is"], row["cases"]) == (["weights kept"], ["weights updated"], [CASE])


def test_a_new_column_is_told_beside_its_neighbour():
    """Whoever waits for a release wants to know what it changes."""
    older = {**MATRIX, "columns": [c for c in MATRIX["columns"] if c["id"] != "tf2.16"]}
    (entry,) = between(older, MATRIX)
    assert (entry["column"], entry["beside"]) == ("tf2.16", "tf2.15")
    assert "tf2.16 is new" in feed.feed([entry])


def test_other_cases_are_said_to_be():
    """What moved may be the suite's."""
    (entry,) = between(MATRIX, {**changed("weights updated"), "suites": ["other"]})
    assert "may be theirs" in feed.feed([entry])


def test_the_feed_is_atom():
    """With what every entry must have, the newest first, and the same twice."""
    entries = between(MATRIX, changed("weights updated"))
    later = [{**entries[0], "date": "2026-12-01"}]
    text = feed.feed([*entries, *later])
    root = ElementTree.fromstring(text)
    moments = [entry.find(f"{ATOM}updated").text for entry in root.iter(f"{ATOM}entry")]
    assert moments == ["2026-12-01T00:00:00Z", "2026-11-26T00:00:00Z"]
    for part in (root, *root.iter(f"{ATOM}entry")):
        assert all(part.find(f"{ATOM}{tag}").text for tag in ("id", "title", "updated"))
    assert len({entry.find(f"{ATOM}id").text for entry in root.iter(f"{ATOM}entry")}) == 2
    assert text == feed.feed([*entries, *later])


def test_no_news_is_a_feed_too():
    """Before anything moved."""
    assert ElementTree.fromstring(feed.feed([])).tag == f"{ATOM}feed"


def test_changes_are_kept(tmp_path):
    """What is written is read; what is broken is said."""
    path, entries = tmp_path / "changes.json", between(MATRIX, changed("weights updated"))
    assert movement.read(path) == []
    path.write_text(movement.dumped(entries), encoding="utf-8")
    assert movement.read(path) == entries
    path.write_text(movement.dumped([{"date": 3}]), encoding="utf-8")
    with pytest.raises(ResultsError) as caught:
        movement.read(path)
    assert caught.value.exit_code == Exit.BAD_INPUT
