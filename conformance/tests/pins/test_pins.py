"""Pins are read, matched and refused as they should be."""

import re

import pytest

from conformance.exits import Exit
from conformance.pins import history, pins

GOOD = """
[[pin]]
id = "a"
where = [{ keras = ">=3.0,<3.16", flavour = "keras3" }]
observed = { "drops" = ["dropout/off-in-inference[*]"] }
reason = "It drops."
url = "unreported"
reproduction = "dropout_variables.py"
"""
COLUMN = {"id": "tf2.16", "tensorflow": "2.16.2", "keras": "3.15.1", "flavour": "keras3", "python": "3.12.1"}


@pytest.fixture
def reading(tmp_path):
    """Return a function that reads pins from a text."""

    def read(text):
        path = tmp_path / "pins.toml"
        path.write_text(text, encoding="utf-8")
        return pins.read(path)

    return read


def test_a_pin_is_read(reading):
    """Its globs know no special sign but the star: case ids have brackets."""
    (pin,) = reading(GOOD)
    assert pin.word("dropout/off-in-inference[called-Dropout]") == "drops"
    assert pin.word("dropout/on-when-training[called-Dropout]") is None


@pytest.mark.parametrize(
    ("line", "remedies", "why"),
    [
        ("", (), ""),
        ('remedies = ["gan/own-step", "gan/toggled"]', ("gan/own-step", "gan/toggled"), ""),
        ('no_remedy = "It does so by design."', (), "It does so by design."),
    ],
)
def test_what_to_write_instead(reading, line, remedies, why):
    """Recipes, best first, or why there are none; a pin of one's own may say neither."""
    (pin,) = reading(GOOD + line)
    assert (pin.remedies, pin.no_remedy) == (remedies, why)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("remedies = []", "remedies is not a list of recipes' ids, each once"),
        ('remedies = "gan/own-step"', "remedies is not a list of recipes' ids, each once"),
        ('remedies = ["gan/toggled", "gan/toggled"]', "remedies is not a list of recipes' ids, each once"),
        ('remedies = ["gan/toggled"]\nno_remedy = "None."', "has both 'remedies' and 'no_remedy'"),
        ("no_remedy = 3", "no_remedy 3 is not a text"),
    ],
)
def test_what_is_no_remedy(reading, line, says):
    """Each fault is named."""
    with pytest.raises(pins.PinsError, match=re.escape(says)):
        reading(GOOD + line)


def test_an_unknown_recipe():
    """In the project's own pins each remedy is there; in a user's file nothing depends on it."""
    text = GOOD + 'remedies = ["gan/own-steps"]'
    with pytest.raises(pins.PinsError, match="no recipe is called 'gan/own-steps'; perhaps 'gan/own-step'"):
        pins.parsed(text, "pins.toml")
    assert pins.parsed(text, "pins.toml", own=True)[0].remedies == ("gan/own-steps",)


def test_no_file_is_no_pins(tmp_path, monkeypatch):
    """A project without known deviations needs no file; one that somebody named must be there."""
    path = tmp_path / "none.toml"
    with pytest.raises(pins.PinsError, match="cannot be read"):
        pins.read(path)
    monkeypatch.setattr(pins, "PINS", path)
    assert pins.read(path) == []
    path.write_text("")
    assert pins.read(path) == []


@pytest.mark.parametrize(
    ("version", "ranges", "inside"),
    [
        ("2.15.1", ">=2.15", True),
        ("2.22.0rc0", ">=2.22", False),
        ("2.22.0rc0", ">=2.22.0rc0", True),
        ("2.22.0rc0", "<2.22", False),
        ("2.22.0rc0", ">=2.21", True),
        ("3.16.0.dev2026110803", ">=3.16.0.dev0", True),
        ("2.4.4", ">=2.2,<2.3|>=2.4,<2.5", True),
        ("2.3.4", ">=2.2,<2.3|>=2.4,<2.5", False),
        ("2.2.4-tf", "<=2.2.4", True),
    ],
)
def test_versions_fall_where_pep_440_puts_them(version, ranges, inside):
    """Pre-releases too; several ranges are joined by a bar."""
    assert pins.within(version, ranges) == inside


@pytest.mark.parametrize(
    ("where", "applies"),
    [
        ('{ flavour = "keras3" }', True),
        ('{ flavour = ["tf1", "keras2"] }', False),
        ('{ flavour = ["tf1", "keras3"] }', True),
        ('{ keras = ">=3.16.0.dev0" }', False),
        ('{ tensorflow = ">=2.16", python = ">=3.12" }', True),
        ('{ columns = ["tf2.16", "tf2.17"] }', True),
        ('{ columns = ["tf2.17"] }', False),
        ('{ columns = ["tf2.17"] }, { flavour = "keras3" }', True),
    ],
)
def test_where(reading, where, applies):
    """All that a place says must be true of a column, and one place is enough."""
    wanted = 'where = [{ keras = ">=3.0,<3.16", flavour = "keras3" }]'
    (pin,) = reading(GOOD.replace(wanted, f"where = [{where}]"))
    assert pin.applies(COLUMN) == applies


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('">=3.0,<3.16"', '">=3.16,<3.0"', "impossible"),
        ('">=3.0,<3.16"', '">=3,<3"', "impossible"),
        ('">=3.0,<3.16"', '"==1.0,==2.0"', "impossible"),
        ('">=3.0,<3.16"', '"<3|==1.0,==2.0"', "'==1.0,==2.0' is impossible"),
        ('">=3.0,<3.16"', '""', "an empty range"),
        ('">=3.0,<3.16"', '"<3|"', "an empty range"),
        ('">=3.0,<3.16"', "3", "not a range of versions in quotes"),
        ('">=3.0,<3.16"', '"three"', "not a range"),
        ("reason =", "reasn =", "perhaps 'reason'"),
        ('reason = "It drops."', 'reason = ""', "lacks 'reason'"),
        ('reason = "It drops."', "reason = 3", "reason 3 is not a text"),
        ('reason = "It drops."', "reason = ", "not TOML.*line 6, column"),
        ('url = "unreported"', "", "lacks 'url'"),
        ('url = "unreported"', 'url = ""', "lacks 'url'"),
        ('"unreported"', '"see the issue"', "neither a link"),
        ('"drops"', '"dorps"', "perhaps 'drops'"),
        ('"drops"', '"raises what it likes"', "is no word"),
        ('["dropout/off-in-inference[*]"]', "[]", "has no list of cases"),
        ('["dropout/off-in-inference[*]"]', "[3]", "has no list of cases"),
        ("dropout/off-in-inference[*]", "dropuot/off-in-inference[*]", "perhaps 'dropout/off-in-inference'"),
        ("dropout/off-in-inference[*]", "dropuot/*", "no claim is called 'dropuot/\\*'"),
        ('{ "drops" = ["dropout/off-in-inference[*]"] }', "3", "observed is not a table"),
        ('[{ keras = ">=3.0,<3.16", flavour = "keras3" }]', '{ flavour = "keras3" }', "not a list of tables"),
        ('[{ keras = ">=3.0,<3.16", flavour = "keras3" }]', "[]", "lacks 'where'"),
        ('[{ keras = ">=3.0,<3.16", flavour = "keras3" }]', "[3]", "not a list of tables"),
        ('{ keras = ">=3.0,<3.16", flavour = "keras3" }', "{}", "everywhere"),
        ('flavour = "keras3"', 'flavour = "keras4"', "no flavour"),
        ('flavour = "keras3"', "flavour = [[]]", "no flavour"),
        ('flavour = "keras3"', "flavour = []", "nowhere"),
        ('flavour = "keras3"', 'keras2 = "x"', "unknown key 'keras2'"),
        ('flavour = "keras3"', 'columns = "tf2.16"', "not a list of column ids"),
        ('id = "a"', "id = [3]", "is not a text"),
        ('id = "a"', "", "pin number 1: lacks 'id'"),
        ("[[pin]]", "[[pins]]", "unknown key 'pins'; perhaps 'pin'"),
        ("[[pin]]", "suite = 3\n[[pin]]", "suite 3 is no version of this suite in quotes, such as"),
        ("[[pin]]", 'suite = ["0.1.0"]\n[[pin]]', "suite \\['0.1.0'\\] is no version"),
        ("[[pin]]", 'suite = ""\n[[pin]]', "suite '' is no version"),
        ("[[pin]]", 'suite = "the last"\n[[pin]]', "suite 'the last' is no version"),
        ("[[pin]]", 'suite = "99.0"\n[[pin]]', "made with suite 99.0, and this is .*: upgrade the suite"),
        ("[[pin]]", 'suit = "0.1.0"\n[[pin]]', "unknown key 'suit'; perhaps 'suite'"),
        ("[[pin]]", '[[pin]]\nsuite = "0.1.0"', "unknown key 'suite'; it stands above the first"),
        ("[[pin]]", "[pin]", "not a list of tables"),
        (GOOD, "pin = [3]", "pin number 1: 3 is not a table"),
        (GOOD, GOOD + GOOD, "a: two pins have this id"),
    ],
)
def test_a_fault_is_named(reading, before, after, says):
    """Each fault has its line: which pin, and what is wrong with it."""
    with pytest.raises(pins.PinsError, match=says) as caught:
        reading(GOOD.replace(before, after))
    assert caught.value.exit_code == Exit.BAD_INPUT


@pytest.mark.parametrize(
    ("ranges", "possible"),
    [
        ("!=1.0", True),
        (">=3", True),
        ("<3", True),
        (">3", True),
        (">3.0,<3.1", True),
        (">=3,<=3", True),
        ("==3.*", True),
        ("~=3.1", True),
        (">=3.16.0.dev0,<3.16.0.dev2", True),
        (">3.16.0rc0,<3.16.0rc2", True),
        ("!=3.0,>=3.0,<3.1", True),
        (">3,<3", False),
        (">3,<=3", False),
        ("==3,!=3", False),
        ("!=2.*,>=2.1,<3", False),
        ("==1.0,<1.0", False),
        (">=4,<3", False),
    ],
)
def test_a_range_without_a_version_is_impossible(reading, ranges, possible):
    """Whichever way its parts exclude one another."""
    text = GOOD.replace(">=3.0,<3.16", ranges)
    if possible:
        assert reading(text)
    else:
        with pytest.raises(pins.PinsError, match="impossible"):
            reading(text)


def test_a_script_is_one_that_there_is(reading):
    """In this project's pins. In a user's it may be one that an earlier suite had: nothing runs it."""
    text = GOOD.replace("dropout_variables.py", "none.py")
    assert reading(text)[0].reproduction == "none.py"
    with pytest.raises(pins.PinsError, match=r"a: no reproduction is called 'none\.py'"):
        pins.parsed(text, "pins.toml")


HISTORY = """
["0.1.0"]
renamed = { "dropout/off-at-inference[*]" = "dropout/off-in-inference[*]" }
["0.2.0"]
removed = { "dropout/gone[*]" = "Why." }
"""


@pytest.fixture
def past(tmp_path, monkeypatch):
    """Let the suite have a history."""
    path = tmp_path / "history.toml"
    path.write_text(HISTORY, encoding="utf-8")
    monkeypatch.setattr(history, "HISTORY", path)


@pytest.mark.parametrize(
    ("suite", "word"), [("", "drops"), ('suite = "0.0.9"', "drops"), ('suite = "0.1.0"', None)]
)
def test_a_case_is_known_by_an_earlier_id(reading, past, suite, word):
    """To pins that are older than its renaming, or of no known age."""
    (pin,) = reading(suite + GOOD.replace("off-in-inference", "off-at-inference"))
    assert pin.word("dropout/off-in-inference[x]") == word
    assert pin.word("dropout/on-when-training[x]") is None


def test_an_id_of_today_goes_first(reading, past):
    """Where a pin has both, the one of today decides."""
    both = '{ "drops" = ["dropout/off-at-inference[*]"], "distorts" = ["dropout/off-in-inference[x]"] }'
    (pin,) = reading(GOOD.replace('{ "drops" = ["dropout/off-in-inference[*]"] }', both))
    assert pin.word("dropout/off-in-inference[x]") == "distorts"
    assert pin.word("dropout/off-in-inference[y]") == "drops"


def test_a_claim_that_is_gone_is_no_fault(reading, past):
    """What became of its cases is told by drift; a claim that there never was is a mistake."""
    assert reading(GOOD.replace("off-in-inference", "gone"))
    with pytest.raises(pins.PinsError, match="no claim is called 'dropout/gnoe'"):
        reading(GOOD.replace("off-in-inference", "gnoe"))


def test_pins_know_what_they_are(reading, past, tmp_path):
    """Whose, of which suite, and what was done since."""
    found = reading('suite = "0.1.0"' + GOOD)
    assert (found.own, found.suite, [step.version for step in found.missed]) == (True, "0.1.0", ["0.2.0"])
    assert len(reading(GOOD).missed) == 2
    ours = pins.read()
    assert (ours.own, ours.missed) == (False, ())


def test_a_broken_history_is_one_line(reading, past):
    """It is the suite's own fault, and no traceback."""
    history.HISTORY.write_text("[")
    with pytest.raises(pins.PinsError, match=r"history\.toml: not TOML"):
        reading(GOOD)


def test_all_faults_are_named_at_once(reading):
    """Nobody should have to run it once for each."""
    with pytest.raises(pins.PinsError) as caught:
        reading(GOOD.replace('"drops"', '"dorps"') + GOOD.replace("reason =", "reasn ="))
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert all(line.startswith("pins.toml: a: ") for line in lines)


def test_a_file_that_is_not_text(tmp_path):
    """It is named, and no traceback is shown."""
    path = tmp_path / "pins.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(pins.PinsError, match="not TOML"):
        pins.read(path)


def test_two_pins_on_one_case_are_found(reading):
    """Which of them should be believed?"""
    both = reading(GOOD + GOOD.replace('id = "a"', 'id = "b"'))
    (line,) = pins.overlaps(both, ["dropout/off-in-inference[x]"], COLUMN)
    assert line == "dropout/off-in-inference[x] in tf2.16: claimed by a and b"


def test_one_pin_on_a_case_is_no_overlap(reading):
    """Nor two pins of which one applies elsewhere."""
    elsewhere = GOOD.replace('id = "a"', 'id = "b"').replace("<3.16", "<3.1")
    assert pins.overlaps(reading(GOOD + elsewhere), ["dropout/off-in-inference[x]"], COLUMN) == []


def test_an_id_says_what_a_pin_is_about():
    """A number at its end would only say that there are others."""
    assert [pin.id for pin in pins.read() if re.search(r"-\d+\Z", pin.id)] == []
