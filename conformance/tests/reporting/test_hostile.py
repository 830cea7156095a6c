"""Foreign text that would break a page, a table or a terminal, and results that say nothing."""

import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from conformance.columns.checking import Checked
from conformance.exits import Exit
from conformance.legible import MOST, legible
from conformance.matrix import comparing, matrix
from conformance.measuring import summary
from conformance.pins import drift
from conformance.pins.pins import Pin
from conformance.reporting import (
    alarms,
    badges,
    explaining,
    feed,
    junit,
    markdown,
    movement,
    reports,
    upgrading,
    upstream,
)
from conformance.results import results
from conformance.tests.reporting.test_golden import COLUMNS, COOKBOOK, EVIDENCE, KNOWN, MATRIX, MEASURED, PINS

MEGABYTE = "x" * 1_000_000
#: What may come from outside: in a version, an exception's message, the reason or the link of a pin.
TEXTS = (
    "<script>alert(1)</script> \x1b[31m </q></style>]]> ``` `a` | b \u202e\u2066 "
    "[x](javascript:alert(1)) **b** --> \n\n# heading " + MEGABYTE,
    "::error file=a.py,line=1::told to GitHub",
    "one\n::error::two\n  ::stop-commands::x",
    "a ##[error]b ##[add-mask]c ##vso[task.setvariable variable=x]d",
    "\x1b[2J\x1b]0;title\x07\x1b[8m\rgone\x08\x9b31m",
    "<h1>heading</h1><img src=x onerror=alert(1)>&lt;b&gt;",
    "# heading\n---\n1. one\n- two\n> three",
    "1. one",
    "- two | three",
    "~~~\n```\n    code",
    "\\",
    "| a | b |\n|---|---|\n",
    "\u2028\u2029\x85\u200b\u2066\ufeff\ud800",
    "{{ 7 * 7 }} {% raw %} %s {0}",
)
CASE = "snapshot/freezing-waits-for-compile[frozen-after-compile]"
HARMLESS = "harmless"


def made(text):
    """Return results and pins in which all that can come from outside is a text."""
    measured = json.loads(json.dumps(MEASURED))
    found = measured["tf2.16"]
    word = f"raises {text}"
    found["cases"][CASE].update(observed=word, reason=f"expected weights updated, observed {word}: {text}")
    found["column"].update(keras=text, tensorflow=text, packages={f"p {text[:50]}": text})
    for record in found["cases"].values():
        if record["outcome"] == "timed-out":
            record["reason"] = text
    invalid = measured["tf2.16-tf_keras"]["cases"]["canary/sees[dropout]"]
    invalid["reason"] = text
    where = ({"columns": ["tf2.16"]},)
    pin = Pin("hostile", where, {word: (CASE,)}, f"{text} and so", f"https://example.com/) {text[:99]}")
    pin = dataclasses.replace(pin, no_remedy=text)
    return measured, [pin]


def written(text):
    """Return what every writer makes of results and pins that a text is in, by its name."""
    measured, known = made(text)
    found = matrix.matrix(COLUMNS, measured, (), known)
    upgrade = comparing.difference(measured["tf2.15"], measured["tf2.16"], known)
    changed = [dataclasses.replace(known[0], id=f"p {text}", observed={"weights kept": (CASE,)})]
    moved = [*drift.moved(changed, measured["tf2.16"]), *drift.moved([], measured["tf2.16"])]
    whole, one = ((COLUMNS, True), ([c for c in COLUMNS if c.id == "tf2.16"], False))
    return {
        **reports.rendered(found, KNOWN),
        **badges.badges(found),
        "upgrades.md": upgrading.upgrades(COLUMNS, measured, known, COOKBOOK),
        **{f"diff.{form}": tell(upgrade, COOKBOOK) for form, tell in upgrading.FORMATS.items()},
        **{f"drift.{form}": tell(moved) for form, tell in alarms.FORMATS.items()},
        **{f"describe {name}.md": markdown.report(value) for name, value in measured.items()},
        **{f"summary {name}": _summary(value) for name, value in measured.items()},
        "explain": explaining.explain(CASE, found, *whole, KNOWN, EVIDENCE, COOKBOOK),
        "explain.column": explaining.explain(CASE, found, *one, KNOWN, EVIDENCE, COOKBOOK),
        "upstream.md": upstream.report(
            CASE, found, COLUMNS, measured["tf2.16"]["column"], KNOWN, EVIDENCE, {}
        ),
        "feed.xml": feed.feed(movement.between(MATRIX, found, {}, "2026-11-26")),
        "junit.xml": _junit(measured["tf2.16"], changed),
        "error": str(results.ResultsError(f"{text}: cannot be read", Exit.BAD_INPUT)),
    }


def _junit(value, known):
    version = value["column"]["keras"]
    checked = [(Checked("c", Path("c.json"), "measured"), value), (Checked("d", None, version), None)]
    stale = [drift.Moved(drift.Judgement.STALE, CASE, "tf2.16", pin, version) for pin in known]
    return junit.report(checked, known, stale)


def _summary(value):
    lines = summary.lines(value["column"], value["cases"], value["valid"])
    return "".join(f"{line}\n" for line, _ in lines)


@pytest.fixture(params=range(len(TEXTS)), ids=lambda number: f"text{number}")
def texts(request, monkeypatch):
    """Return what every writer makes of a hostile text."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "dumb")
    return written(TEXTS[request.param])


def test_nothing_hidden_is_passed_on(texts):
    """No control character and no turn of direction reaches a reader, and no megabyte."""
    for name, text in texts.items():
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text
        ), name
        assert "x" * (1000 if name in ("error", "junit.xml") else MOST + 1) not in text, name
        assert text.encode("utf-8"), name


def test_no_log_acts_on_it(texts):
    """GitHub takes a line that begins with a command, and an older one anywhere, for its own."""
    for name, text in texts.items():
        commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
        own = r"::error (file=[^,:]+(,line=\d+)?,)?title=[^:,]+::[^\n]+"
        assert [line for line in commands if not re.fullmatch(own, line)] == [], name
        assert not commands or name == "drift.github", name
        assert not re.search(r"##\w*\[", text), name


def test_no_program_takes_it_for_its_own(texts):
    """What is JSON is JSON, with the same keys."""
    usual = written(HARMLESS)
    for name, text in texts.items():
        if name.endswith("json"):
            assert _keys(json.loads(text)) == _keys(json.loads(usual[name])), name


def _keys(value):
    if isinstance(value, dict):
        return [(key, _keys(each)) for key, each in value.items()]
    return [_keys(each) for each in value] if isinstance(value, list) else None


def test_a_page_has_the_same_parts_whatever_it_says(texts):
    """A text makes no tag, heading, list, row or link: in HTML, nor in the HTML that is made of Markdown."""
    usual = written(HARMLESS)
    for name, text in texts.items():
        if name.endswith((".md", ".markdown", ".html", ".svg", ".xml")):
            assert _tags(name, text) == _tags(name, usual[name]), name


def _tags(name, text):
    """Return the tags of a page in order, and the beginning of each link's address."""
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    page = text if name.endswith(("html", "svg", "xml")) else reader.render(text)
    found = Tags()
    found.feed(page)
    return found.seen


class Tags(HTMLParser):
    """What stands in a page beside its text; code in a sentence is text."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attributes):
        """Keep a tag with the names of its attributes, and where a link of it leads."""
        if tag != "code":
            links = [value[:20] for name, value in attributes if name in ("href", "src")]
            self.seen.append((tag, [name for name, _ in attributes], links))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\n\n two", "one two"),
        ("a\u202eb", "a<U+202E>b"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("很短", "很短"),
        ("::a::", "<U+003A>:a::"),
        ("##[a]", "<U+0023>#[a]"),
        ("a.py::b", "a.py::b"),
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
    assert "No two neighbours" in upgrading.upgrades(COLUMNS, measured, PINS, COOKBOOK)


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
