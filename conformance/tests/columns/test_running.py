"""What runs again, and what is kept, when columns are measured."""

import json
import subprocess
import time

import pytest

from conformance import suite
from conformance.columns import running
from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.results import results
from conformance.tests.results import examples

COLUMN = columns()["tf2.9"]


@pytest.fixture
def measured(tmp_path):
    """Return a function that writes results of the column as today's suite makes them, changed in one way."""

    def write(column=(), suite_change=(), valid=True):
        about = {"lock": suite.lock_digest("tf2.9"), **dict(column)}
        made = examples.of(None, "tf2.9", {**suite.identity(), **dict(suite_change)}, valid, **about)
        results.write(tmp_path / "tf2.9.json", made)
        return running.changed_modules(COLUMN, tmp_path)

    return write


def test_an_unchanged_column_runs_nothing(measured):
    """Same suite, same lock, same Python: nothing to do."""
    assert measured() == []


@pytest.mark.parametrize(
    "change",
    [
        {"column": {"lock": "other"}},
        {"column": {"python": "3.1.4"}},
        {"suite_change": {"shared": "other"}},
        {"valid": False},
    ],
    ids=["lock", "python", "instruments", "invalid"],
)
def test_everything_runs_again_after_a_change_of_what_all_share(measured, change):
    """A new lock, interpreter or instrument leaves no old cell in place."""
    assert measured(**change) == sorted(suite.identity()["modules"])


def test_only_a_changed_module_runs_again(measured):
    """After a change in one module of cases the others keep their results."""
    modules = {**suite.identity()["modules"], "dropout": "other"}
    assert measured(suite_change={"modules": modules}) == ["dropout"]


@pytest.mark.parametrize("text", [None, "", "{"])
def test_missing_or_broken_results_are_measured_anew(tmp_path, text):
    """There is nothing to keep."""
    if text is not None:
        (tmp_path / "tf2.9.json").write_text(text)
    assert running.changed_modules(COLUMN, tmp_path) == sorted(suite.identity()["modules"])


@pytest.fixture
def faked(tmp_path, monkeypatch):
    """Return a function that measures the column with a tox that exits with a code."""
    monkeypatch.setattr(running, "WORK", tmp_path / "work")
    monkeypatch.setattr(running, "RESULTS", tmp_path / "results")

    def run(code, built=0):
        def tox(command, env=None, **_):
            if "--notest" in command:
                return subprocess.CompletedProcess(command, built)
            made = examples.of(valid=code == 0, lock=str(code))
            results.write(running.Path(env["CONFORMANCE_RESULTS"]) / "tf2.9.json", made)
            return subprocess.CompletedProcess(command, code)

        monkeypatch.setattr(running, "missing_interpreter", lambda column: "")
        monkeypatch.setattr(running.children, "run", tox)
        (done,) = running.run([COLUMN], 1, True, lambda line: None)
        return done

    return run


def kept(tmp_path):
    """Return the exit code of the run whose results are kept."""
    return json.loads((tmp_path / "results" / "tf2.9.json").read_text())["column"]["lock"]


def test_good_results_are_kept(faked, tmp_path):
    """A run that measured everything replaces what was there."""
    assert faked(0).kept
    assert kept(tmp_path) == "0"


@pytest.mark.parametrize("code", [1, Exit.NOT_MEASURED, Exit.BAD_INPUT, -9])
def test_a_run_that_went_wrong_leaves_the_good_results(faked, tmp_path, code):
    """Invalid, crashed, killed: the earlier results stay, and the summary says why."""
    faked(0)
    done = faked(code)
    assert not done.kept
    assert "earlier results kept" in done.message
    assert kept(tmp_path) == "0"


def test_a_column_that_cannot_be_built(faked, tmp_path):
    """A lock that no longer installs is said, and nothing is run."""
    faked(0)
    done = faked(0, built=1)
    assert "could not be built" in done.message
    assert kept(tmp_path) == "0"


def test_a_missing_interpreter_is_not_run(faked, monkeypatch):
    """It says which Python, and how to get it."""
    faked(0)
    monkeypatch.undo()
    answer = subprocess.CompletedProcess((), 1, "", "")
    monkeypatch.setattr(running.children, "run", lambda *a, **k: answer)
    message = running.missing_interpreter(COLUMN)
    assert "no Python 3.10" in message
    assert "uv python install 3.10" in message
    answer.stderr = "  cause: client error (Connect)\n  cause: dns error"
    assert "there is no connection" in running.missing_interpreter(COLUMN)


def test_the_second_of_two_runs_stops(tmp_path, monkeypatch):
    """Two runs in one checkout would overwrite each other."""
    monkeypatch.setattr(running, "WORK", tmp_path)
    with running.alone(), pytest.raises(running.BusyError, match="another run"), running.alone():
        pass


def test_what_had_ended_before_an_interruption_is_kept(tmp_path, monkeypatch):
    """The first column's results are in place when the second is ended."""
    monkeypatch.setattr(running, "WORK", tmp_path / "work")
    monkeypatch.setattr(running, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(running, "missing_interpreter", lambda column: "")
    told, made = [], results.read(suite.ROOT / "reports" / "results" / "tf2.9.json")

    def tox(command, env=None, **_):
        if "--notest" not in command:
            if "tf2.15" in command:
                while not told:  # until the first has ended
                    time.sleep(0.01)
                raise KeyboardInterrupt
            results.write(running.Path(env["CONFORMANCE_RESULTS"]) / "tf2.9.json", made)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(running.children, "run", tox)
    with pytest.raises(KeyboardInterrupt):
        running.run([COLUMN, columns()["tf2.15"]], 1, True, told.append)
    assert len(told) == 1
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["tf2.9.json"]
