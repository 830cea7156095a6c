"""A team's pins through an upgrade of this suite: what is told, with which exit code, and how it ends."""

import copy
import re

import pytest

import conformance
from conformance import suite
from conformance.columns import running
from conformance.exits import Exit
from conformance.pins import history, pins
from conformance.pins.globs import matches
from conformance.results import results
from conformance.suite import ROOT
from conformance.tests.measuring.stand_in import CLAIM, PINS, Project
from conformance.tests.test_main import invoke
from conformance.tests.test_readme import known

PAGE = ROOT / "fixtures" / "UPGRADING.md"
MEASURED = running.measured()["tf2.15"]
#: What this project's own versions added is left out: the upgrade here is one that the test makes up.
SINCE = tuple(glob for step in history.read() for glob in step.added)
CLAIMS = ("dropout/on-when-training", "batchnorm/training-uses-batch-statistics")
#: A case that deviates in TF 2.15, and was not asked by the suite that the team's pins are of.
NEW = "batchnorm/training-uses-batch-statistics[called-with-training-true-renorm-correcting]"
SAYS = "moving statistics"
NOW = conformance.__version__
HISTORY = f"""
["0.1.0"]

["{NOW}"]
renamed = {{ "dropout/on-when-training[at-rate-uno]" = "dropout/on-when-training[at-rate-one]" }}
added = ["{NEW}"]
removed = {{ "dropout/on-when-training[twice-*" = "It asked what once does." }}
"""
#: What stood in the pins with the suite before.
THEIRS = """# What we live with.

suite = "0.1.0"

[[pin]]
id = "rate-one"
reason = "A rate of 1 is refused."
url = "unreported"
where = [{ tensorflow = "<2.16" }]
observed = { "raises ValueError" = [
    "dropout/on-when-training[at-rate-uno]",  # our generator does this
    "dropout/on-when-training[twice-at-rate-uno]",
] }

[[pin]]
id = "twice"
reason = "It drops twice."
url = "unreported"
where = [{ tensorflow = "<2.16" }]
observed = { distorts = ["dropout/on-when-training[twice-at-rate-*"] }

[[pin]]
id = "renorm"
reason = "Renormalization corrects towards the moving statistics."
url = "unreported"
where = [{ tensorflow = "<2.16" }]
observed = { "statistics updated otherwise" = [
    "batchnorm/training-uses-batch-statistics[call-moves-by-momentum-renorm]",
] }
"""
WHY = ("--reason", "It corrects towards them here too.", "--url", "unreported")


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Return the team's pins, beside a suite that has another history than this one."""
    (tmp_path / "history.toml").write_text(HISTORY, encoding="utf-8")
    monkeypatch.setattr(history, "HISTORY", tmp_path / "history.toml")
    path = tmp_path / "pins.toml"
    path.write_text(THEIRS, encoding="utf-8")
    return path


def measured(folder, digest="", claims=CLAIMS, runs=1):
    """Leave what a run of their environment says, by today's suite or another; return the files."""
    found = copy.deepcopy(MEASURED)
    found["column"].update(id="mine", lock=None)
    found["suite"] = {**suite.identity(), "digest": digest or suite.identity()["digest"]}
    kept = {*claims, *(case.split("[")[0] for case in found["cases"] if case.startswith("canary/"))}
    found["cases"] = {
        case: record
        for case, record in found["cases"].items()
        if case.split("[")[0] in kept and not matches(SINCE, case)
    }
    paths = [folder / f"run{number}" / "mine.json" for number in range(runs)]
    for path in paths:
        results.write(path, found)
    return paths


def drift(file, *paths):
    """Return the exit code of drift, and its lines."""
    done = invoke("drift", "--pins", file, *paths)
    return done.exit_code, done.output.splitlines()


def test_what_the_suite_before_measured_is_refused(file, tmp_path):
    """The same id may mean another case there: they are told to measure again."""
    code, lines = drift(file, *measured(tmp_path, digest="before"))
    assert code == Exit.BAD_INPUT
    assert re.match("error: .*mine.json: measured by another suite; run `pytest", lines[0])
    done = invoke("pin", "--pins", file, *WHY, *measured(tmp_path, digest="before"))
    assert done.exit_code == Exit.BAD_INPUT
    assert done.output == "error: mine: not measured by today's cases; do it again\n"


def test_what_the_upgrade_did_is_told(file, tmp_path):
    """Nothing regressed: an id is followed, what was removed has its reason, what is new says so."""
    code, lines = drift(file, *measured(tmp_path))
    assert code == Exit.STALE
    assert lines[0] == (
        f"note: ids in the pins: 1 renamed in suite {NOW}; they are followed, and "
        "`python -m conformance pin --pins FILE` writes the new ones"
    )
    assert [line for line in lines if line.startswith(("stale", "  batch", "  drop"))] == [
        "stale: batchnorm/training-uses-batch-statistics: moving statistics (asked since suite "
        f"{NOW}, and the pins are of 0.1.0: `python -m conformance pin --pins FILE`), in mine",
        f"  {NEW}: {SAYS}",
        "stale: rate-one, in mine",
        f"  dropout/on-when-training[twice-at-rate-uno]: removed in suite {NOW}: It asked what once does.",
        "stale: twice, in mine",
        f"  dropout/on-when-training[twice-at-rate-*: removed in suite {NOW}: It asked what once does.",
    ]


def test_pins_that_do_not_say_how_old_they_are(file, tmp_path):
    """Then nobody knows what they could know: it has regressed, and the note says what would tell."""
    file.write_text(THEIRS.replace('suite = "0.1.0"', ""))
    code, lines = drift(file, *measured(tmp_path))
    assert code == Exit.REGRESSED
    assert "regressed: batchnorm/training-uses-batch-statistics: moving statistics, in mine" in lines
    assert f"note: of what no pin says, 1 cases are asked since suite {NOW}; a line" in "\n".join(lines)


def test_pinning_ends_it(file, tmp_path):
    """What is new is pinned, ids are those of today, what was removed is gone, comments stay."""
    runs = measured(tmp_path, runs=3)
    without = invoke("pin", "--pins", file, "--yes", *runs)
    assert (without.exit_code, "--reason is missing" in without.output) == (Exit.BAD_INPUT, True)
    assert file.read_text() == THEIRS
    done = invoke("pin", "--pins", file, "--yes", *WHY, *runs)
    assert done.exit_code == 0, done.output
    assert "renamed: 1 ids and globs are written as this suite has them" in done.output
    assert f"removed: dropout/on-when-training[twice-at-rate-*: suite {NOW}: It asked" in done.output
    assert "are left" not in done.output
    text = file.read_text()
    assert text.startswith(f'# What we live with.\n\nsuite = "{NOW}"\n\n[[pin]]\nid = "rate-one"\n')
    assert '"dropout/on-when-training[at-rate-one]",  # our generator does this\n' in text
    assert "uno" not in text
    assert [pin.id for pin in pins.read(file)] == ["rate-one", "renorm", "it-corrects-towards-them-here-too"]
    assert pins.read(file)[-1].observed == {SAYS: (NEW,)}
    assert drift(file, runs[0]) == (0, ["everything is as pinned"])
    assert invoke("pin", "--pins", file, *WHY, *runs).output == "nothing to change\n"


def test_ids_alone_need_no_reason(file, tmp_path):
    """Where nothing new deviates, `pin` asks for no words; nor is more than one run needed."""
    runs = measured(tmp_path, claims=CLAIMS[:1])
    done = invoke("pin", "--pins", file, "--yes", *runs)
    assert done.exit_code == 0, done.output
    assert 'suite = "' + NOW in file.read_text()
    assert drift(file, *runs) == (0, ["everything is as pinned"])


def test_pruning_leaves_what_is_new(file, tmp_path):
    """It is not pinned by that, so the pins do not know of it yet."""
    runs = measured(tmp_path, runs=3)
    done = invoke("pin", "--pins", file, "--prune", "--yes", *runs)
    assert "stale: 1 cases are left; `python -m conformance pin` pins them" in done.output
    assert f"the pins stay of suite 0.1.0: not all that {NOW} asks besides" in done.output
    code, lines = drift(file, runs[0])
    assert (code, lines[0][: len("stale: batchnorm")]) == (Exit.STALE, "stale: batchnorm")
    assert invoke("pin", "--pins", file, "--yes", *WHY, *runs).exit_code == 0
    assert drift(file, runs[0]) == (0, ["everything is as pinned"])


def test_a_version_that_only_asks_more(file, tmp_path):
    """Where all that is new holds, nothing fails; a note says how much that is, until `pin` takes note."""
    added = "batchnorm/training-uses-batch-statistics[training-given-*"
    history.HISTORY.write_text(f'["{NOW}"]\nadded = ["{added}"]\n')
    renorm = THEIRS[THEIRS.index('[[pin]]\nid = "renorm"') :]
    both = renorm.replace("]\n}", "")[: -len("] }\n")] + f'], "{SAYS}" = ["{NEW}"] }}\n'
    file.write_text(f'suite = "0.1.0"\n\n{both}')
    paths = measured(tmp_path, claims=CLAIMS[1:])
    code, lines = drift(file, *paths)
    assert (code, lines[1:]) == (0, ["everything is as pinned"])
    assert re.match(r"note: the pins are of suite 0.1.0, and \d+ cases are asked since: `python", lines[0])
    assert invoke("pin", "--pins", file, "--yes", *paths).exit_code == 0
    assert drift(file, *paths) == (0, ["everything is as pinned"])


@pytest.fixture
def project(tmp_path):
    """Return a checkout with one case that deviates, beside a stand-in for TensorFlow."""
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("suite_line", "told"),
    [
        ('suite = "0.1.0"', f"stale: expected drops, observed passes through; asked since suite {NOW}"),
        (f'suite = "{NOW}"', "regressed: expected drops, observed passes through; no pin says so"),
        ("", "regressed: expected drops, observed passes through; no pin says so"),
    ],
)
def test_beside_tensorflow_a_new_case_says_so(project, suite_line, told):
    """pytest fails on it, and the line says what to do."""
    added = f'["{NOW}"]\nadded = ["{CLAIM}[deviates]"]\n'
    (project.root / "fixtures" / "history.toml").write_text(added)
    (project.root / "mine.toml").write_text(suite_line)
    done = project.run("--pins=mine.toml")
    assert done.returncode == 1
    assert told in done.stdout


def test_beside_tensorflow_an_old_id_is_followed(project):
    """What deviates as pinned is expected to, whatever it was called."""
    renamed = f'["{NOW}"]\nrenamed = {{ "{CLAIM}[differs]" = "{CLAIM}[deviates]" }}\n'
    (project.root / "fixtures" / "history.toml").write_text(renamed)
    known = PINS.replace('reproduction = "x.py"\n', "").replace(f', "{CLAIM}[holds-0]"', "")
    (project.root / "mine.toml").write_text('suite = "0.1.0"\n' + known.replace("[d*", "[differs]"))
    done = project.run("--pins=mine.toml")
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout


def test_the_page_shows_commands_that_there_are():
    """And names the exit codes by what they are."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [
        line.strip() for block in re.findall(r"```sh\n(.*?)```", text, re.S) for line in block.splitlines()
    ]
    assert lines
    assert [line for line in lines if line and not known(line)] == []
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    codes = re.findall(r"`(\w+)`[^.]{0,20}exit code (\d+)", text)
    assert codes
    assert [(name, code) for name, code in codes if Exit[name.upper()] != int(code)] == []
