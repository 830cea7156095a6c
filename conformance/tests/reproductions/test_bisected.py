"""What bisections found is kept, and read or refused; the committed ones are of changes that there are."""

import pytest
from hypothesis import given

from conformance.columns import running
from conformance.columns.columns import columns
from conformance.reproductions import bisected
from conformance.reproductions.bisected import Change
from conformance.tests.results.mutations import FUZZED, files, read_or_refused

CHANGE = Change("f/c[a]", "tf2.4", "tf2.5", "drops", "passes through")
KEPT = {"schema": 1, "changes": [{**CHANGE._asdict(), "found": "first changed in keras 3.5.0"}]}


@FUZZED
@given(data=files(KEPT))
def test_what_is_kept_is_used_or_refused(tmp_path_factory, data):
    """In a line, whatever is in it."""
    path = tmp_path_factory.getbasetemp() / "bisected.json"
    found = read_or_refused(bisected.read, path, data)
    for change, text in (found or {}).items():
        bisected.keep(change, text, path)


def test_what_was_found_before_gives_way(tmp_path):
    """To what is found now; the rest stays."""
    path, other = tmp_path / "bisected.json", CHANGE._replace(case="f/c[b]")
    for change, text in ((CHANGE, "old"), (other, "other"), (CHANGE, "new")):
        bisected.keep(change, text, path)
    assert bisected.read(path) == {CHANGE: "new", other: "other"}


@pytest.mark.parametrize("change", bisected.read())
def test_what_is_committed_is_of_today(change):
    """Both columns still say what they said: else look again with `bisect`."""
    measured = running.measured()
    assert change.older in columns()
    said = [measured[column]["cases"][change.case]["observed"] for column in (change.older, change.newer)]
    assert said == [change.was, change.word]
