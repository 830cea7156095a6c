"""What an audit says in each format: whatever a layer is called, it stays text."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from conformance.auditing import junit, pages, showing
from conformance.auditing.findings import Finding, unanswered
from conformance.tests.auditing.test_findings import ALARM, COLUMN, HOLDS, LOST, PINNED, PLAIN, SILENT, of
from conformance.words import Outcome, Word

HOSTILE = "blocks['<script>alert(1)</script>|`x`\n::error::\x1b[2J']"
ALL = [HOLDS, SILENT, LOST, PINNED, PLAIN, ALARM]


class Tags(HTMLParser):
    """Reads HTML, and keeps what its tags and its texts are."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        """A tag that must be closed in its turn."""
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        """What it closes is what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """A text."""
        self.texts.append(data)


def test_markdown_has_a_table_under_each_heading():
    """Worst first; what is quiet stays out."""
    text = pages.as_markdown("m:build", COLUMN, ALL, False)
    heads = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert heads == list(showing.HEADS[:4])
    (row,) = [line for line in text.splitlines() if "says frozen" in line]
    assert row == (
        r"| backbone.blocks\[2\].norm "
        r"| says frozen, was trained: weights: weights updated, expected weights kept "
        r"| frozen/weights-are-not-updated | in fit(); why |"
    )


def test_markdown_of_a_hostile_name_is_one_row():
    """With as many cells as the others."""
    text = pages.as_markdown(HOSTILE, COLUMN, [of(Word.WEIGHTS_UPDATED, layer=HOSTILE)], False)
    (row,) = [line for line in text.splitlines() if "frozen/weights" in line]
    assert row.replace("\\|", "").count("|") == 5
    assert "<script>" not in text
    assert "\x1b" not in text


def test_html_is_well_formed_whatever_a_layer_is_called():
    """And runs nothing."""
    page = Tags(pages.as_html(HOSTILE, COLUMN, [*ALL, of(Word.WEIGHTS_UPDATED, layer=HOSTILE)], True))
    assert page.open == []
    assert "script" not in page.tags
    assert [text for text in page.texts if text in showing.HEADS] == list(showing.HEADS)
    assert any("<script>alert(1)" in text for text in page.texts)


def test_every_format_tells_what_was_found():
    """Under one name each."""
    for tell in pages.FORMATS.values():
        assert "backbone.blocks" in tell("m:build", COLUMN, ALL, False)


def test_a_test_report_has_a_test_for_each_finding():
    """Failed, without an answer, skipped, or passed."""
    root = ElementTree.fromstring(junit.report("m:build", COLUMN, ALL))
    assert {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6",
        "failures": "2",
        "errors": "1",
        "skipped": "2",
    }
    failed = [test for test in root.iter("testcase") if test.find("failure") is not None]
    assert ("frozen/weights-are-not-updated", "backbone.blocks[2].norm: weights") in [
        (test.get("classname"), test.get("name")) for test in failed
    ]


@pytest.mark.parametrize("name", [HOSTILE, "\x00\ufffe\udcff", "]]>"])
def test_a_test_report_is_xml_whatever_a_layer_is_called(name):
    """A line for each test."""
    found = [Finding(name, name, name, Outcome.DEVIATES, reason=name), unanswered(name, Outcome.ERROR, name)]
    text = junit.report(name, COLUMN, found)
    assert ElementTree.fromstring(text).get("tests") == "2"
    assert sum(line.startswith("<testcase") for line in text.splitlines()) == 2
