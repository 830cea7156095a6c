"""A column of somebody's own, beside the committed ones."""

import html
import json
import re

import pytest

from conformance import suite
from conformance.columns import running
from conformance.exits import Exit
from conformance.reporting import reports
from conformance.results import results
from conformance.results.results import ResultsError

MEASURED = running.measured()


@pytest.fixture(scope="module")
def yours(tmp_path_factory):
    """Return a function that writes a committed column's results under another name."""

    def write(name, digest=None):
        found = dict(next(iter(MEASURED.values())))
        found["column"] = {**found["column"], "id": name}
        found["suite"] = {**found["suite"], "digest": digest or suite.identity()["digest"]}
        path = tmp_path_factory.mktemp(name) / f"{name}.json"
        results.write(path, found)
        return path

    return write


@pytest.fixture(scope="module")
def made(yours):
    """Return the paths of the reports with a file beside the committed columns, by their names."""
    return {path.name: (path, text) for path, text in reports.local([yours("tf2.99")]).items()}


def test_a_column_of_your_own_stands_beside_the_others(made):
    """It is the last column, under its own heading, and no range of releases speaks of it."""
    found, page = json.loads(made["matrix.json"][1]), made["matrix.md"][1]
    committed = json.loads((reports.REPORTS / "matrix.json").read_text(encoding="utf-8"))
    assert (found["columns"][-1]["id"], found["columns"][-1]["yours"]) == ("tf2.99", True)
    assert [c["since"] for c in found["claims"]] == [c["since"] for c in committed["claims"]]
    assert "## Yours" in page


def test_a_name_that_is_taken_is_changed(yours):
    """Nobody's results take the place of the committed ones."""
    path = yours(next(iter(MEASURED)))
    (text,) = [text for path, text in reports.local([path]).items() if path.name == "matrix.json"]
    found = json.loads(text)
    assert found["columns"][-1]["id"] == next(iter(MEASURED)) + "-yours"


def test_results_of_another_suite_are_refused(yours):
    """Cells of two suites in one matrix would be a lie."""
    with pytest.raises(ResultsError) as caught:
        reports.local([yours("tf2.99", digest="other")])
    assert caught.value.exit_code == Exit.BAD_INPUT


def test_no_report_goes_where_the_committed_ones_are(made):
    """`report --with` leaves the repository clean."""
    assert all(suite.LOCAL_RESULTS in path.parents for path, _ in made.values())


#: How a link is written, by the kind of report.
LINKS = {"index.html": r'<a [^>]*href="([^"#]+)"', "matrix.md": r"\]\(([^)#]+)\)"}


def followed(path, text):
    """Return the files that a report links to, from the folder where it lies."""
    addresses = {html.unescape(address) for address in re.findall(LINKS[path.name], text)}
    return {(path.parent / address).resolve() for address in addresses if ":" not in address}


@pytest.mark.parametrize("name", LINKS)
def test_links_of_a_report_of_your_own_lead_somewhere(made, name):
    """It lies two folders deeper than the committed one; the script of a pin is where it was."""
    found, beside = followed(*made[name]), [path for path, _ in made.values()]
    assert suite.ROOT / "fixtures" / "reproductions" / "behind_an_augmentation.py" in found
    assert [link for link in found if not link.exists() and link not in beside] == []


def test_the_page_finds_the_rooms_that_its_scripts_link_to(made):
    """What is put together in the browser begins with where the page lies, too."""
    path, text = made["index.html"]
    data = json.loads(re.search(r'id="data">(.*?)</script>', text, re.S)[1])
    assert [link for link in data["rooms"].values() if not (path.parent / link).resolve().is_dir()] == []
