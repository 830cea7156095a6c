"""Every command that a page shows is one that works: what only reads is run, the rest is checked."""

import functools
import os
import re
import shlex
import subprocess
import sys

import click
import pytest

from conformance.columns.columns import columns
from conformance.commands.main import main
from conformance.suite import ROOT
from conformance.tests.test_main import invoke

README = ROOT / "README.md"
ROOMS = ROOT / "conformance" / "README.md"
PAGES = [
    README,
    ROOT / "reports" / "README.md",
    ROOT / "fixtures" / "README.md",
    ROOT / "fixtures" / "AUDIT.md",
    ROOMS,
    ROOT / ".github" / "CONTRIBUTING.md",
]
#: What a newcomer reads in two minutes, and the most lines of a path in it.
TWO_MINUTES, PATH = 500, 10
#: Files that only a run makes.
MADE_HERE = re.compile(r"reports/local|\.conformance")
#: Commands that read what is committed, and nothing else: they are run.
READING = {"claims", "columns", "diff", "drift", "explain", "pins"}
#: What is not this project's.
SHELL = {"echo", "git", "pip", "gh", "cd"}


def commands():
    """Return every line of the pages' shell blocks."""
    blocks = [
        block for page in PAGES for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.S)
    ]
    return [
        line.split("  #")[0].strip()
        for block in blocks
        for line in block.replace("\\\n", "").splitlines()
        if line.strip()
    ]


@functools.cache
def pytest_options():
    """Return pytest's own description of all its options, the recorder's among them."""
    command = [sys.executable, "-m", "pytest", "conformance", "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


def known(line):
    """Return whether a line of a shell is a command of this project that exists, with options that it has."""
    words = shlex.split(line, comments=True)
    words = [word for word in words[: _end(words)] if word not in ("[", "]")]
    if not words or words[0] in SHELL or words[0].endswith("bin/uv"):
        return True
    if words[0].split("/")[-1] in ("python", "python3") and words[1:2] == ["-m"]:
        words = words[2:]
    if words[0] == "conformance":
        return _parses(words[1:])
    if words[0] == "conformance.auditing":
        return _parses(["audit", *words[1:]])
    if words[0] == "pytest":
        return all(f" {word.split('=')[0]}" in pytest_options() for word in words if word.startswith("--"))
    if words[0] == "make":
        targets = [word for word in words[1:] if not word.startswith("-")]
        return not subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True).returncode
    if words[0] == "tox":
        return words[words.index("-e") + 1] in columns()
    return os.access(ROOT / words[0].replace("$SUITE/", ""), os.X_OK)


def _end(words):
    """Return where a command's own words end: what follows redirects it, or is another."""
    return next((n for n, word in enumerate(words) if word in (">", ">>", "|", "||", "&&")), len(words))


def _parses(words):
    """Return whether click takes these words, without doing anything."""
    try:
        main.commands[words[0]].make_context(words[0], list(words[1:]))
    except (KeyError, click.UsageError):
        return False
    return True


def test_a_wrong_command_is_noticed():
    """The check can fail: on a command, an option, a target, a column and a script that there is not."""
    wrong = ["python -m conformance drfit", "python -m conformance drift --formt json", "make conformence"]
    wrong += ["pytest conformance --measrue", "tox run -e tf2.99", ".ci/nothing"]
    assert [line for line in wrong if known(line)] == []


@pytest.mark.parametrize("line", dict.fromkeys(commands()))
def test_a_command_is_known(line):
    """With the options that it is shown with."""
    assert known(line)


def reading():
    """Return the shown commands that only read."""
    found = [
        shlex.split(line)[3:]
        for line in dict.fromkeys(commands())
        if line.startswith("python -m conformance ")
    ]
    return [words for words in found if words[0] in READING and not any(MADE_HERE.search(w) for w in words)]


@pytest.mark.parametrize("words", reading(), ids=" ".join)
def test_a_command_that_reads_is_run(words):
    """It ends well, and says something."""
    done = invoke(*words)
    assert done.exit_code == 0, done.output
    assert done.output.strip() or "github" in words


def test_every_exit_code_is_in_the_table():
    """Each code that a CI job can branch on has its line."""
    from conformance.exits import Exit

    text = ROOMS.read_text(encoding="utf-8")
    assert set(re.findall(r"^\| (\d+) \|", text, re.M)) == {str(int(code)) for code in Exit}
    others = [page for page in PAGES if page != ROOMS]
    assert [p for p in others if re.search(r"^\| \d+ \|", p.read_text(encoding="utf-8"), re.M)] == []


def test_every_link_in_the_repository_leads_somewhere():
    """A file or folder that a page names is there."""
    for page in PAGES:
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == [], page


def headings(page):
    """Return the anchors that GitHub gives the headings of a page."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found]


def test_every_link_into_a_page_meets_a_heading():
    """Of its own page, or of the page that it names."""
    for page in PAGES:
        links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.read_text(encoding="utf-8"))
        for name, anchor in links:
            assert anchor in headings(page.parent / name if name else page), (page, anchor)


def test_the_readme_is_short():
    """A question first, two minutes to read, and each path in it ends in a link."""
    text = README.read_text(encoding="utf-8")
    assert re.match(r"# .*\?\n", text)
    assert len(re.findall(r"[A-Za-z]\S*", re.sub(r"\]\([^)]*\)", "]", text))) < TWO_MINUTES
    paths = re.findall(r"^## I (.*?)(?=^## )", text, re.M | re.S)
    assert len(paths) == 3
    for path in paths:
        lines = [line for line in path.splitlines()[1:] if line]
        assert len(lines) <= PATH, path
        assert re.search(r"\*\*\[[^]]+\]\([^)]+\)\*\*", lines[-1]), path


def test_the_page_explains_the_readmes_words():
    """Whoever opens the report alone meets the same words; it speaks of no shard."""
    words = re.findall(r"^\| ([a-z, ]+) \| .* \|$", README.read_text(encoding="utf-8"), re.M)
    template = (ROOT / "conformance" / "reporting" / "page" / "index.html").read_text(encoding="utf-8")
    explained = set(
        re.findall(r"<strong>(\w+)</strong>", re.search(r'id="words">(.*?)</ul>', template, re.S)[1])
    )
    assert set(", ".join(words).split(", ")) - {"word", "shard"} == explained
