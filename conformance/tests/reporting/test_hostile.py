"""Foreign text that would break a page, a table or a terminal, and results that say nothing."""

import json
import re

import pytest
from markdown_it import MarkdownIt

from conformance.legible import MOST, legible
from conformance.matrix import comparing, matrix
from conformance.pins import pins
from conformance.reporting import reports, upgrading
from conformance.results import results
from conformance.tests.reporting.test_golden import COLUMNS, KNOWN, MEASURED, PINS

MEGABYTE = "x" * 1_000_000
HOSTILE = (
    "<script>alert(1)</script> \x1b[31m </q></style>]]> ``` `a` | b \u202e\u2066 "
    "[x](javascript:alert(1)) **b** --> \n\n# heading " + MEGABYTE
)
CASE = "snapshot/freezing-waits-for-compile[frozen-after-compile]"


@pytest.fixture
def hostile():
    """Return results and pins in which all that can come from outside is hostile."""
    measured = json.loads(json.dumps(MEASURED))
    found = measured["tf2.16"]
    word = f"raises {HOSTILE}"
    found["cases"][CASE].update(observed=word, reason=f"expected weights updated, observed {word}: {HOSTILE}")
    found["column"].update(keras=HOSTILE, tensorflow=HOSTILE, packages={HOSTILE[:50]: HOSTILE})
    where = ({"columns": ["tf2.16"]},)
    pin = pins.Pin("hostile", where, {word: (CASE,)}, HOSTILE, f"https://example.com/) {HOSTILE[:99]}")
    return measured, [pin]


@pytest.fixture
def texts(hostile):
    """Return every format of the report on hostile results."""
    measured, known = hostile
    found = matrix.matrix(COLUMNS, measured, (), known)
    upgrade = comparing.difference(measured["tf2.15"], measured["tf2.16"], known)
    told = {f"diff.{form}": tell(upgrade) for form, tell in upgrading.FORMATS.items()}
    return {
        **reports.rendered(found, KNOWN),
        **told,
        "upgrades.md": upgrading.upgrades(COLUMNS, measured, known),
    }


def test_nothing_hidden_is_passed_on(texts):
    """No control character and no turn of direction reaches a reader, and no megabyte."""
    for name, text in texts.items():
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text), name
        assert "x" * (MOST + 1) not in text, name


def test_no_format_takes_it_for_its_own(texts):
    """A tag is text in HTML, and text again in the HTML that is made of Markdown."""
    pages = {name: texts[name] for name in ("index.html", "matrix.svg")}
    reader = MarkdownIt("commonmark").enable("table")
    pages.update({n: reader.render(texts[n]) for n in ("matrix.md", "upgrades.md", "diff.markdown")})
    for name, page in pages.items():
        assert "alert(1)" in page or name == "matrix.svg", name
        assert "<script>alert" not in page, name
        assert 'href="javascript' not in page, name
        assert "<strong>b</strong>" not in page, name
        assert not re.search("<h1>.*heading", page), name
    json.loads(texts["matrix.json"])
    json.loads(texts["diff.json"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\n\n two", "one two"),
        ("a\u202eb", "a<U+202E>b"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("很短", "很短"),
        ("x" * 12, "x" * 12),
        ("x" * 13, "x" * 11 + "…"),
        (MEGABYTE, "x" * 11 + "…"),
    ],
)
def test_legible(text, shown):
    """One line, nothing hidden, not too long; other scripts stay."""
    assert legible(text, 12) == shown


def rendered(columns, measured):
    """Return the reports of some columns."""
    return reports.rendered(matrix.matrix(columns, measured, (), PINS), KNOWN)


def test_no_results_at_all():
    """Pages that say so, in which every cell is unknown."""
    for columns in (COLUMNS, []):
        texts = rendered(columns, {})
        assert "No column has valid results" in texts["index.html"]
        assert "No column has valid results" in texts["matrix.md"]
        assert "</svg>" in texts["matrix.svg"]


def test_all_columns_invalid():
    """The same: an invalid column says nothing."""
    measured = {i: {**r, "valid": False} for i, r in MEASURED.items()}
    texts = rendered(COLUMNS, measured)
    assert "No column has valid results" in texts["index.html"]
    assert "v-holds g" not in texts["index.html"]
    assert "✅ |" not in texts["matrix.md"]
    assert "No two neighbours" in upgrading.upgrades(COLUMNS, measured, PINS)


def test_a_single_column():
    """A matrix of one column, and no upgrade."""
    texts = rendered(COLUMNS[:1], MEASURED)
    assert "1 of 1 columns measured" in texts["index.html"]
    assert "| claim | 1.15 |" in texts["matrix.md"]


def test_a_column_whose_name_is_no_release():
    """Somebody's own name stands as it is."""
    named = {"mine": {**MEASURED["tf2.15"], "column": {**MEASURED["tf2.15"]["column"], "id": "mine"}}}
    columns = [COLUMNS[0].__class__("mine", "keras2", "3.11", (), {})]
    assert "| claim | mine |" in rendered(columns, named)["matrix.md"]


def test_a_difference_of_an_invalid_column_is_refused():
    """It would be one of the instruments."""
    with pytest.raises(results.ResultsError, match="invalid"):
        comparing.difference(MEASURED["tf2.15"], MEASURED["tf2.16-tf_keras"], PINS)
