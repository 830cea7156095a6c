"""Checking in a team's own CI: a wrong question is one line, and what moved decides the exit code."""

import json
import os
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from conformance import suite
from conformance.columns import checking, running, workplace
from conformance.columns.columns import chosen
from conformance.exits import Exit
from conformance.results import results
from conformance.tests.test_main import invoke


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["2.99"], Exit.BAD_INPUT, "no column is called 'tf2.99'; nearest"),
        (["2.15", "--claims", "dropuot"], Exit.BAD_INPUT, "dropuot"),
        (["2.15", "--claims", " , "], Exit.BAD_INPUT, "--claims: ' , ' names nothing"),
        (["2.15", "--claims", ""], Exit.BAD_INPUT, "names nothing"),
        ([","], Exit.BAD_INPUT, "COLUMN: ',' names nothing"),
        (["--python", "/no/python"], Exit.BAD_INPUT, "/no/python is no interpreter"),
        (["2.15", "--pins", "/no/pins.toml"], Exit.BAD_INPUT, "/no/pins.toml: cannot be read"),
        (["2.15", "--junitxml", "/dev/null/x.xml"], Exit.NOT_MEASURED, "/dev/null: cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_one_line(arguments, code, says):
    """Before anything is built or run."""
    done = invoke("check", *arguments)
    assert (done.exit_code, len(done.output.splitlines())) == (code, 1)
    assert says in done.output


def test_a_release_is_short_for_its_column():
    """`2.15` is what people write."""
    assert [column.id for column in chosen(["2.15", "2.16-keras3.4", "tf2.0"])] == [
        "tf2.15",
        "tf2.16-keras3.4",
        "tf2.0",
    ]


@pytest.fixture
def faked(tmp_path, monkeypatch):
    """Return a list of what tox is asked; this tox measures a column by copying its committed results."""
    asked = []

    def tox(column, log, *arguments, scratch=None):
        log.write_text("built\nno space left\n\n")
        if "--notest" in arguments:
            return 1.0, 0
        asked.append((column.id, *arguments))
        if column.id == "tf2.1":
            return 1.0, 1
        found = results.read(running.RESULTS / f"{column.id}.json")
        if column.id == "tf2.2":
            record = next(r for r in found["cases"].values() if r["outcome"] == "deviates")
            record.update(outcome="holds", observed=record["expected"].split(" or ")[0], reason=None)
        results.write(scratch / f"{column.id}.json", {**found, "suite": suite.identity()})
        return 1.0, 0

    monkeypatch.setattr(running, "WORK", tmp_path)
    monkeypatch.setattr(checking, "RESULTS", tmp_path / "checked")
    monkeypatch.setattr(running, "tox", tox)
    monkeypatch.setattr(running, "missing_interpreter", lambda column: "")
    return asked


def test_claims_reach_pytest_and_what_is_as_pinned_is_green(faked):
    """Spaces or commas between claims, as a workflow's author likes, or the option once more."""
    done = invoke(
        "check", "2.0", "--claims", "dropout  batchnorm", "--claims", "frozen/is-not-inference-mode"
    )
    assert done.exit_code == 0, done.output
    (asked,) = faked
    claims = "dropout,batchnorm,frozen/is-not-inference-mode"
    assert asked[:2] + asked[3:] == ("tf2.0", "--", "conformance/cases", "--claims", claims)
    assert "everything is as pinned" in done.output


def test_only_core_cases_are_asked_of_pytest(faked):
    """For an answer at once; the claims are chosen as without it."""
    assert invoke("check", "2.0", "--core", "--claims", "dropout").exit_code == 0
    (asked,) = faked
    assert asked[3:] == ("conformance/cases", "--claims", "dropout", "--core")


@pytest.mark.parametrize("names", [["2.0,2.3"], ["2.0 2.3"], ["2.0", "2.3", "tf2.0"]])
def test_releases_are_listed_as_pytest_takes_claims(faked, names):
    """Each once."""
    assert invoke("check", *names).exit_code == 0
    assert sorted(asked[0] for asked in faked) == ["tf2.0", "tf2.3"]


def test_an_environment_that_cannot_be_built_costs_only_itself(faked):
    """It is named, with the log's last line; what the others say is told."""
    done = invoke("check", "2.0", "2.1")
    assert done.exit_code == Exit.NOT_MEASURED
    assert "tf2.0: measured" in done.output
    assert "tf2.1: not measured (exit code 1)" in done.output
    assert "no space left" in done.output
    assert invoke("check", "2.1", "2.2").exit_code == Exit.FIXED


def test_releases_are_measured_side_by_side(faked, monkeypatch):
    """As many at a time as there are jobs: each waits for the other here."""
    meet, tox = threading.Barrier(2, timeout=30), running.tox

    def waiting(column, log, *arguments, scratch=None):
        if "--notest" not in arguments:
            meet.wait()
        return tox(column, log, *arguments, scratch=scratch)

    monkeypatch.setattr(running, "tox", waiting)
    done = invoke("check", "2.0", "2.3", "--jobs", "2")
    assert done.exit_code == 0, done.output
    assert {asked[2] for asked in faked} == {f"-n{max(suite.cores() // 2, 1)}"}


def test_a_second_check_leaves_the_first_its_results(faked):
    """It says that it has to wait, and touches nothing."""
    assert invoke("check", "2.0").exit_code == 0
    with running.alone():
        done = invoke("check", "2.3")
    assert (done.exit_code, "another run" in done.output) == (Exit.NOT_MEASURED, True)
    assert [path.name for path in checking.RESULTS.iterdir()] == ["tf2.0.json"]


def test_what_had_ended_before_an_interruption_stays(faked, monkeypatch):
    """In its place, and nothing else beside it."""
    tox = running.tox

    def interrupted(column, log, *arguments, scratch=None):
        if column.id == "tf2.3":
            raise KeyboardInterrupt
        return tox(column, log, *arguments, scratch=scratch)

    monkeypatch.setattr(running, "tox", interrupted)
    assert invoke("check", "2.0", "2.3", "--jobs", "1").exit_code == Exit.INTERRUPTED
    assert [path.name for path in checking.RESULTS.iterdir()] == ["tf2.0.json"]


def test_pins_of_ones_own(faked, tmp_path):
    """They judge, and an annotation is at them; before anything is measured they are read."""
    mine = tmp_path / "mine.toml"
    mine.write_text("")
    done = invoke("check", "2.0", "--pins", mine)
    assert done.exit_code == Exit.REGRESSED
    mine.write_text("[[pin]")
    faked.clear()
    assert invoke("check", "2.0", "--pins", mine).exit_code == Exit.BAD_INPUT
    assert faked == []


def test_what_machines_read_is_alone_on_its_stream(faked):
    """JSON is JSON: progress goes elsewhere."""
    done = invoke("check", "2.2", "--format", "json")
    assert [row["judgement"] for row in json.loads(done.stdout)] == ["fixed"]
    assert "tf2.2: measured" in done.stderr


def test_junit_tells_what_moved(faked, tmp_path):
    """Beside the terminal, whatever was measured; an earlier report is gone first."""
    path = tmp_path / "deep" / "report.xml"
    assert invoke("check", "2.0", "2.1", "2.2", "--junitxml", path).exit_code == Exit.FIXED
    text = path.read_text(encoding="utf-8")
    assert text.count("<failure ") == 1
    assert text.count("<error ") == 1
    assert "fixed: it holds, and pin " in text


def test_junit_leaves_a_pipe_a_pipe(faked, tmp_path):
    """As /dev/null stays a device: nothing that is no file is taken away."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert invoke("check", "2.1", "--junitxml", pipe).exit_code == Exit.NOT_MEASURED
    assert (pipe.is_fifo(), os.read(reader, 10_000).count(b"<error ")) == (True, 1)
    os.close(reader)


INTERPRETER = """
    #!{python}
    import json, os, sys
    from pathlib import Path
    said = {{"argv": sys.argv, "cwd": os.getcwd(), "env": dict(os.environ)}}
    Path({said!r}).write_text(json.dumps(said))
    results = Path(sys.argv[sys.argv.index("--results") + 1])
    results.joinpath("tf2.9-keras2.9.json").write_text(Path({measured!r}).read_text())
"""


@pytest.fixture
def own(faked, tmp_path):
    """Return a stand-in for a user's interpreter, and a function that says how it was called."""
    said, measured = tmp_path / "said.json", tmp_path / "measured.json"
    found = results.read(running.RESULTS / "tf2.9.json")
    results.write(measured, {**found, "suite": suite.identity()})
    path = tmp_path / "bin" / "python"
    path.parent.mkdir()
    text = INTERPRETER.format(python=sys.executable, said=str(said), measured=str(measured))
    path.write_text(dedent(text).lstrip())
    path.chmod(0o755)
    return path, lambda: json.loads(said.read_text())


def test_an_interpreter_of_ones_own(own, monkeypatch):
    """It gets the suite alone on its path, and none of the settings around it."""
    python, said = own
    monkeypatch.setenv("PYTEST_ADDOPTS", "--an-option-that-only-they-have")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(suite.PACKAGE.parent), "/theirs"]))
    done = invoke("check", "--python", python)
    assert done.exit_code == 0, done.output
    beside, settings = running.WORK / workplace.BESIDE, running.WORK / workplace.SETTINGS
    found = said()
    assert found["argv"][1:5] == ["-m", "pytest", "-c", str(settings)]
    assert found["argv"][5:7] == ["-p", "conformance.plugin"]
    assert "PYTEST_ADDOPTS" not in found["env"]
    assert found["env"]["PYTHONPATH"] == f"{beside}{os.pathsep}/theirs"
    assert found["cwd"] == str(beside)
    assert [path.name for path in beside.iterdir()] == ["conformance"]
    assert (beside / "conformance").resolve() == suite.PACKAGE
    assert settings.read_text() == "[pytest]\n"


def test_two_environments_with_the_same_releases(own, tmp_path):
    """Each keeps its results."""
    python, _ = own
    other = tmp_path / "other"
    other.symlink_to(python)
    assert invoke("check", "--python", python, "--python", other).exit_code == 0
    assert len(list(checking.RESULTS.glob("*.json"))) == 2


def test_two_interpreters_never_share_a_folder(faked, tmp_path):
    """However alike their paths are: what each measured is its own, and so is its log."""
    one, other = tmp_path / "tf-a" / "python", tmp_path / "tf" / "a" / "python"
    for path, column in ((one, "tf2.0"), (other, "tf2.3")):
        measured = results.read(running.RESULTS / f"{column}.json")
        results.write(path.with_name("measured.json"), {**measured, "suite": suite.identity()})
        path.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {path.parent}/*.json "$last"\n')
        path.chmod(0o755)
    found = checking.check([], [str(one), str(other)], [], 2, lambda line: None)
    assert [results.read(each.path)["column"]["id"] for each in found] == ["tf2.0", "tf2.3"]
    assert len(list(running.WORK.glob("own-*.check.log"))) == 2


def test_one_interpreter_by_two_names_is_one(own, monkeypatch):
    """It is not measured twice, each time into the other's folder."""
    python, _ = own
    monkeypatch.setenv("PATH", f"{python.parent}{os.pathsep}{os.environ['PATH']}")
    assert len(checking.check([], [str(python), python.name], [], 2, lambda line: None)) == 1


def test_an_interpreter_with_a_long_path(own):
    """Its log has a name that a file can have."""
    python, _ = own
    long = python.parent.joinpath(*["d" * 100] * 3, "python")
    long.parent.mkdir(parents=True)
    long.symlink_to(python)
    assert invoke("check", "--python", long).exit_code == 0


def test_an_interpreter_without_pytest_is_told(faked, tmp_path):
    """With the last line of its log, which stays."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho No module named pytest >&2; exit 1\n")
    python.chmod(0o755)
    done = invoke("check", "--python", python)
    assert done.exit_code == Exit.NOT_MEASURED
    assert f"{python}: not measured (exit code 1), see" in done.output
    assert "No module named pytest" in done.output
    (log,) = Path(running.WORK).glob("own-*.check.log")
    assert log.exists()


def test_an_interpreter_that_measures_nothing(faked):
    """That it ends well is no answer."""
    done = invoke("check", "--python", "true")
    assert (done.exit_code, "it left no results" in done.output) == (Exit.NOT_MEASURED, True)
