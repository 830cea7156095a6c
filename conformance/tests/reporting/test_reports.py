"""A column of somebody's own, beside the committed ones."""

import json

import pytest

from conformance import suite
from conformance.columns import running
from conformance.exits import Exit
from conformance.reporting import reports
from conformance.results import results
from conformance.results.results import ResultsError

MEASURED = running.measured()


@pytest.fixture
def yours(tmp_path):
    """Return a function that writes a committed column's results under another name."""

    def write(name, digest=None):
        found = dict(next(iter(MEASURED.values())))
        found["column"] = {**found["column"], "id": name}
        found["suite"] = {**found["suite"], "digest": digest or suite.identity()["digest"]}
        path = tmp_path / f"{name}.json"
        results.write(path, found)
        return path

    return write


def rendered(path):
    """Return the matrix and the page that come of a file beside the committed columns."""
    texts = {p.name: text for p, text in reports.local([path]).items()}
    return json.loads(texts["matrix.json"]), texts["matrix.md"]


def test_a_column_of_your_own_stands_beside_the_others(yours):
    """It is the last column, under its own heading, and no range of releases speaks of it."""
    found, page = rendered(yours("tf2.99"))
    committed = json.loads((reports.REPORTS / "matrix.json").read_text(encoding="utf-8"))
    assert (found["columns"][-1]["id"], found["columns"][-1]["yours"]) == ("tf2.99", True)
    assert [c["since"] for c in found["claims"]] == [c["since"] for c in committed["claims"]]
    assert "## Yours" in page


def test_a_name_that_is_taken_is_changed(yours):
    """Nobody's results take the place of the committed ones."""
    found, _ = rendered(yours(next(iter(MEASURED))))
    assert found["columns"][-1]["id"] == next(iter(MEASURED)) + "-yours"


def test_results_of_another_suite_are_refused(yours):
    """Cells of two suites in one matrix would be a lie."""
    with pytest.raises(ResultsError) as caught:
        reports.local([yours("tf2.99", digest="other")])
    assert caught.value.exit_code == Exit.BAD_INPUT


def test_no_report_goes_where_the_committed_ones_are(yours):
    """`report --with` leaves the repository clean."""
    assert all(suite.LOCAL_RESULTS in path.parents for path in reports.local([yours("tf2.99")]))
