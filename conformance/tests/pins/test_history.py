"""What versions did to cases: read, followed, and refused where it leads nowhere."""

import re

import pytest

import conformance
from conformance.columns import running
from conformance.pins import history
from conformance.pins.history import HistoryError, Step
from conformance.results.verdicts import is_canary
from conformance.suite import ROOT

TEXT = """
["0.3.0"]
renamed = { "f/c[b]" = "f/c[c]" }
removed = { "f/d[*" = "It asked what f/c does." }

["0.2.0"]
renamed = { "f/c[a]" = "f/c[b]" }
added = ["f/e[*]", "f/d[new]"]

["0.1.0"]
cases = 3
"""
CASES = ["f/c[c]", "f/e[x]", "f/g[old]"]


@pytest.fixture
def reading(tmp_path):
    """Return a function that reads a history from a text."""

    def read(text):
        (tmp_path / "history.toml").write_text(text, encoding="utf-8")
        return history.read(tmp_path / "history.toml")

    return read


@pytest.fixture
def known(reading):
    """Return the history above."""
    return reading(TEXT)


def test_versions_are_in_order(known, tmp_path):
    """However they are written; without a file nothing ever changed."""
    assert [step.version for step in known] == ["0.1.0", "0.2.0", "0.3.0"]
    assert known[0] == Step("0.1.0", cases=3)
    assert history.read(tmp_path / "none.toml") == ()


@pytest.mark.parametrize(
    ("version", "left"), [("", 3), ("0.0.9", 3), ("0.1.0", 2), ("0.1.5", 2), ("0.3.0.dev1", 1), ("0.3.0", 0)]
)
def test_what_is_new_since_a_version(known, version, left):
    """By the order of versions, and all of it since none."""
    assert len(history.since(known, version)) == left


def test_what_became_of_a_case(known):
    """Who added it, who renamed it, who removed it: by its id of today, or by any that it had."""
    assert [history.adding(known, case) for case in CASES] == ["", "0.2.0", ""]
    assert [history.renaming(known, case) for case in CASES] == [("0.2.0", "0.3.0"), (), ()]
    assert history.becoming(known, "f/c[a]") == ("0.3.0", "f/c[c]")
    assert history.becoming(known, "f/g[old]") == ("", "")
    assert history.claims(known[:2]) == ("f/c",)


@pytest.mark.parametrize("glob", ["f/d[*]", "f/d[x]", "f/d[x-*", "f/d[*"])
def test_what_is_gone_has_a_reason(known, glob):
    """For each glob that could mean it; for no other."""
    assert history.removing(known, glob) == ("0.3.0", "It asked what f/c does.")
    assert history.removing(known, glob.replace("d", "c")) == ("", "")


@pytest.mark.parametrize(
    ("gone", "glob", "is_meant"),
    [
        ("f/c[a-*", "f/c[*]", True),
        ("f/c[a-*", "f/c[a*", True),
        ("f/c[a-*", "f/c[a-b*", True),
        ("f/c[a-*", "f/c[b*", False),
        ("f/c[*-z]", "f/c[b-z]", True),
        ("f/c[*-z]", "f/c[*z]", True),
        ("f/c[a]", "f/c[*]", True),
        ("f/c[a]", "f/c[b]", False),
    ],
)
def test_globs_that_could_mean_what_is_gone(reading, gone, glob, is_meant):
    """Narrower or wider than what the suite removed."""
    steps = reading(f'["0.2.0"]\nremoved = {{ "{gone}" = "Why." }}')
    assert history.removing(steps, glob) == (("0.2.0", "Why.") if is_meant else ("", ""))


def test_what_was_renamed_and_then_removed(reading):
    """The first id leads there too; a case that was added and then renamed was added all the same."""
    steps = reading(
        '["0.1.0"]\nadded = ["f/c[z]"]\n["0.2.0"]\nrenamed = { "f/c[a]" = "f/c[b]", "f/c[z]" = "f/c[y]" }\n'
        '["0.3.0"]\nremoved = { "f/c[b]" = "Why." }\n'
    )
    assert history.removing(steps, "f/c[a]") == ("0.3.0", "Why.")
    assert history.adding(steps, "f/c[y]") == "0.1.0"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[x]", "history.toml: not TOML"),
        ("[one]", "not a history: Invalid version: 'one'"),
        ('["0.2.0"]\nadd = []', "not a history: .*'add'"),
        ('"0.2.0" = 3', "not a history: "),
    ],
)
def test_a_file_that_is_no_history(reading, text, says):
    """One line."""
    with pytest.raises(HistoryError, match=says) as caught:
        reading(text)
    assert "\n" not in str(caught.value)


def test_a_good_history_has_no_faults(known):
    """It leads from the cases of its first version to those of today."""
    assert list(history.faults(known, [*CASES, "f/g[b]"])) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('["0.2.0"]\nrenamed = { "f/g[old]" = "f/c[c]" }', "0.2.0: f/g[old] is gone, and there is a case"),
        ('["0.2.0"]\nremoved = { "f/e[*]" = "Why." }', "0.2.0: f/e[*] is gone, and there is a case f/e[x]"),
        ('["0.2.0"]\nremoved = { "f/h[x]" = " " }', "0.2.0: f/h[x]: removed without a reason"),
        ('["0.2.0"]\nadded = ["f/h[x]"]', "0.2.0: f/h[x] is new, and there is no such case"),
        ('["0.2.0"]\nrenamed = { "f/c[a]" = "f/c[b]" }', "0.2.0: f/c[b] is new, and there is no such case"),
        ('["0.2.0"]\nrenamed = { "f/c[a*" = "f/c[c]" }', "0.2.0: f/c[a* and f/c[c] are not both ids"),
        ('["0.2.0"]\nrenamed = { "f/c[a]" = "f/c[c*" }', "0.2.0: f/c[a] and f/c[c* are not both ids"),
        ('["0.2.0"]\nrenamed = { "f/c[*a*" = "f/c[*c*" }', "0.2.0: f/c[*a* and f/c[*c* are not both ids"),
        ('["0.2.0"]\nadded = ["f/*"]', "0.2.0: f/*: names no claim"),
        (
            '["0.2.0"]\nrenamed = { "f/c[a]" = "f/c[c]", "f/c[b]" = "f/c[c]" }',
            "0.2.0: f/c[a] and f/c[b] became one, f/c[c]",
        ),
        (
            '["0.2.0"]\nrenamed = { "f/c[a]" = "f/c[b]", "f/c[b]" = "f/c[c]" }',
            "0.2.0: f/c[a] is renamed twice in one version",
        ),
        (
            '["0.2.0"]\nrenamed = { "f/c[a]" = "f/c[b]" }\n["0.3.0"]\nrenamed = { "f/c[b]" = "f/c[c]" }\n'
            '["0.4.0"]\nrenamed = { "f/c[c]" = "f/c[a]" }',
            "0.2.0: f/c[a] becomes itself again: a circle",
        ),
        ('["0.1.0"]\ncases = 2', "0.1.0 had 2 cases; of those of today 3 are not `added` since"),
        ('["0.1.0"]\ncases = 4\n["0.2.0"]', "0.1.0 had 4 cases; of those of today 3 are not `added` since"),
        ('["0.1.0"]\ncases = 3\n["0.2.0"]\nadded = ["f/e[*]"]', "0.1.0 had 3 cases; of those of today 2"),
    ],
)
def test_a_history_that_leads_nowhere(reading, text, says):
    """Each fault of ours has its line."""
    assert [line for line in history.faults(reading(text), CASES) if says in line]


def test_a_new_case_that_is_gone_again(reading):
    """What a later version removed need not be there."""
    steps = reading('["0.2.0"]\nadded = ["f/h[x]"]\n["0.3.0"]\nremoved = { "f/h[x]" = "Why." }')
    assert list(history.faults(steps, CASES)) == []


def test_the_committed_history_leads_to_todays_cases():
    """Each case of today is an old one or is told to be new; what was renamed or removed is not there."""
    found = {case for results in running.measured().values() for case in results["cases"]}
    steps = history.read()
    assert list(history.faults(steps, sorted(case for case in found if not is_canary(case)))) == []


def test_the_version_is_told_alike_everywhere():
    """By the package, the project, the pins, the history and the log of changes."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pins = (ROOT / "fixtures" / "pins.toml").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = {
        re.search(r'^version = "(.*)"$', settings, re.M)[1],
        re.search(r'^suite = "(.*)"$', pins, re.M)[1],
        re.search(r"^## (\S+)", changes, re.M)[1],
        history.read()[-1].version,
    }
    assert told == {conformance.__version__}
