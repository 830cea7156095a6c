"""The text of a pins file after a change: only what changed differs."""

import dataclasses
import difflib
import os

import pytest

from conformance.pins import pins
from conformance.pins.pins import PinsError
from conformance.proposals import toml_text
from conformance.results import results
from conformance.results.results import ResultsError

TEXT = """\
# Known deviations.

# about the first
[[pin]]
id = "first"
reason = "It drops."    # who says so?
url = "unreported"
where = [{flavour = "keras3"}]

[pin.observed]
drops = [
    "dropout/off-in-inference[a]",  # since ever
    # two more
    "dropout/off-in-inference[c]",
]

# --- what follows is of another kind ---

# about the second
[[pin]]
id = "second"
where = [{flavour = "tf1"}]
observed = { "passes through" = ["dropout/on-when-training[*]"] }
reason = "It does not drop."
url = "unreported"
# the end
"""
KNOWN = pins.parsed(TEXT, "x")
FIRST, SECOND = KNOWN
NEW = dataclasses.replace(FIRST, id="new", where=({"flavour": ["tf1", "keras2"], "tensorflow": "<2"},))


def changes(wanted):
    """Return the lines that are gone and the lines that are new."""
    text = toml_text.rewritten(TEXT, KNOWN, wanted, "x")
    assert pins.parsed(text, "x") == wanted
    lines = difflib.ndiff(TEXT.splitlines(), text.splitlines())
    return [line for line in lines if line[:1] in "+-" and line[2:].strip()]


def test_no_change():
    """Not a byte."""
    assert toml_text.rewritten(TEXT, KNOWN, KNOWN, "x") == TEXT


def test_cases_come_and_go_and_comments_stay():
    """Also those in the middle of a list."""
    globs = tuple(f"dropout/off-in-inference[{n}]" for n in "abd")
    wanted = dataclasses.replace(FIRST, observed={"drops": globs, "passes through": ("dropout/*",)})
    assert changes([wanted, SECOND]) == [
        '-     "dropout/off-in-inference[c]",',
        '+     "dropout/off-in-inference[b]",',
        '+     "dropout/off-in-inference[d]",',
        "+ ]",
        '+ "passes through" = [',
        '+     "dropout/*",',
    ]


def test_a_comment_stays_beside_a_case_that_is_renamed():
    """The others move as ever."""
    was, now = "dropout/off-in-inference[a]", "dropout/off-in-inference[z]"
    wanted = dataclasses.replace(FIRST, observed={"drops": (now, "dropout/off-in-inference[c]")})
    text = toml_text.rewritten(TEXT, KNOWN, [wanted, SECOND], "x", {was: [now]})
    assert text == TEXT.replace(was, now)


SUITE = 'suite = "0.1.0"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"{SUITE}\n"),
        ("# What we live with.\n", f"# What we live with.\n\n{SUITE}\n"),
        (TEXT, TEXT.replace("# about the first", f"{SUITE}\n\n# about the first")),
        (TEXT[TEXT.index("# about") :], f"{SUITE}\n\n" + TEXT[TEXT.index("# about") :]),
        (TEXT[TEXT.index("[[pin]]") :], f"{SUITE}\n\n" + TEXT[TEXT.index("[[pin]]") :]),
        ('suite = "0.0.9"\n', f"{SUITE}\n"),
        (f"# ours\n suite='0.0.9'  # since May\n\n{TEXT}", f'# ours\n suite="0.1.0"  # since May\n\n{TEXT}'),
    ],
    ids=["empty", "comments", "pins", "comment-first", "pin-first", "older", "with-a-comment"],
)
def test_the_version_of_the_suite(before, after):
    """Stands above the first pin and the comment on it; nothing else changes."""
    assert toml_text.made_with(before, "0.1.0", "x") == after


def test_a_version_written_otherwise():
    """What would be no TOML, or say something else, is refused."""
    with pytest.raises(
        PinsError, match=r'x: cannot be changed by a program: write suite = "0.1.0" at its top'
    ):
        toml_text.made_with('"su\\u0069te" = "0.0.9"\n', "0.1.0", "x")


def test_places_change():
    """The lines around them do not."""
    wanted = dataclasses.replace(SECOND, where=({"flavour": "tf1", "tensorflow": "<=1.14"},))
    assert changes([FIRST, wanted]) == [
        '- where = [{flavour = "tf1"}]',
        '+ where = [{flavour = "tf1", tensorflow = "<=1.14"}]',
    ]


def test_a_pin_goes_with_the_comment_right_above_it():
    """What stands further above is about more than this pin, and stays."""
    gone = [line[2:] for line in changes([FIRST])]
    assert gone[:2] == ["# about the second", "[[pin]]"]
    assert "# --- what follows is of another kind ---" not in gone
    assert "# Known deviations." not in [line[2:] for line in changes([SECOND])]


@pytest.mark.parametrize("said", [{"remedies": ("gan/own-step", "gan/toggled")}, {"no_remedy": "By design."}])
def test_what_to_write_instead_is_written(said):
    """With a new pin, and with one that is divided."""
    new = dataclasses.replace(NEW, **said)
    text = toml_text.rewritten(TEXT, KNOWN, [FIRST, new, SECOND], "x")
    assert pins.parsed(text, "x", own=True) == [FIRST, new, SECOND]


def test_a_new_pin_stands_where_it_was_put():
    """Behind its family, or at the end; written like the others."""
    text = toml_text.rewritten(TEXT, KNOWN, [FIRST, NEW, SECOND], "x")
    assert [pin.id for pin in pins.parsed(text, "x")] == ["first", "new", "second"]
    (new,) = toml_text.rewritten("", [], [NEW], "x").split("\n\n[pin.observed]")[:1]
    assert new.splitlines()[0] == "[[pin]]"
    assert 'where = [{flavour = ["tf1", "keras2"], tensorflow = "<2"}]' in new


def test_the_first_pin_stands_below_what_was_written_above():
    """A file may begin with comments only."""
    text = toml_text.rewritten("# What we live with.\n", [], [NEW], "x")
    assert text.startswith("# What we live with.\n\n[[pin]]\n")


@pytest.mark.parametrize("pin", pins.read(), ids=lambda pin: pin.id)
def test_a_pin_is_written_as_the_committed_ones_are(pin):
    """One style in one file."""
    assert toml_text.rewritten("", [], [pin], "x") in pins.PINS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pin = []\n", "begin with a line"),
        ('other = """\n[[pin]]\n"""\n', "begin with a line"),
    ],
)
def test_a_file_written_otherwise_is_left_alone(text, says):
    """It says what to do."""
    known = [] if "other" in text else KNOWN
    with pytest.raises(PinsError, match=says):
        toml_text.rewritten(text, known, [NEW], "x")


def test_what_would_come_out_is_checked():
    """A new pin with a fault is refused before anything is written."""
    with pytest.raises(PinsError, match="neither a link"):
        toml_text.rewritten(TEXT, KNOWN, [*KNOWN, dataclasses.replace(NEW, url="see there")], "x")


def test_a_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    """Whether the disk is full, or the process is stopped half way."""
    path = tmp_path / "pins.toml"
    path.write_text(TEXT)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ResultsError, match="No space left"):
        results.replace(path, "")
    assert [p.read_text() for p in tmp_path.iterdir()] == [TEXT]

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        results.replace(path, "")
    assert path.read_text() == TEXT
