"""What goes wrong around cases: crashes in a row, a user's settings, another column's name."""

import json
import shutil

import pytest

from conformance.exits import Exit
from conformance.suite import ROOT
from conformance.tests.measuring.stand_in import CASES, HEAD, PINS

MANY_CRASHES = """
    @case
    @pytest.mark.parametrize("n", range(8))
    def test_dies(observe, n):
        os._exit(3)

    @case
    def test_after(observe):
        observe(Observation(Word.DROPS))
"""


def test_cases_that_crash_in_a_row_cost_only_themselves(project):
    """pytest-xdist would give up after a few; what comes behind them is asked all the same."""
    project.write("cases/test_dropout.py", HEAD + CASES + MANY_CRASHES)
    done = project.run("--measure", "-n1")
    assert done.returncode == Exit.NOT_MEASURED, done.stdout
    outcomes = project.outcomes()
    assert [outcomes[f"dies-{n}"] for n in range(8)] == ["crashed"] * 8
    assert (outcomes["after"], outcomes["holds-0"]) == ("holds", "holds")


def test_the_last_workers_death_does_not_hide_what_was_installed(project):
    """A worker says which TensorFlow it has with its first case."""
    project.write(
        "cases/test_dropout.py", HEAD + CASES + MANY_CRASHES.split("    @case\n    def test_after")[0]
    )
    assert project.run("--measure", "-n1").returncode == Exit.NOT_MEASURED
    assert json.loads(project.results.read_text())["column"]["tensorflow"] == "9.9.0"


def test_a_tensorflow_that_ends_the_interpreter(project):
    """Every worker would die of it, one after the other: one line, and an end."""
    project.tensorflow("import os; os._exit(3)")
    done = project.run("--measure", "-n1")
    assert done.returncode == Exit.NOT_MEASURED
    assert "ends the interpreter when it is imported" in done.stdout


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"FLOATX": "float16"}, "Keras works with floatx float16"),
        ({"KERAS_BACKEND": "jax"}, "KERAS_BACKEND=jax is set in the environment"),
        ({"KERAS_MAX_EPOCHS": "1"}, "KERAS_MAX_EPOCHS=1 is set in the environment"),
    ],
    ids=["settings", "backend", "epochs"],
)
def test_a_users_settings_are_not_tensorflows_words(project, monkeypatch, variables, said):
    """What cannot be undone is named, and no case is asked under it."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = project.run("--measure", "-n0")
    assert done.returncode == Exit.NOT_MEASURED
    assert said in done.stdout
    assert not project.results.exists()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("tf2.21", "has tensorflow-cpu none, and that column's lock 2.21.0"),
        ("tf2.15", "runs keras3, and that column keras2"),
    ],
)
def test_the_name_of_another_column_is_refused(project, column, said):
    """What is installed is held against the list and the lock before the first case."""
    (project.root / "fixtures" / "locks").mkdir()
    shutil.copy(ROOT / "fixtures" / "locks" / "tf2.21.txt", project.root / "fixtures" / "locks")
    done = project.run("--measure", "-n0", "--column", column)
    assert done.returncode == Exit.NOT_MEASURED
    assert said in done.stdout


def test_claims_that_name_nothing(project):
    """A run that was asked nothing is no success."""
    done = project.run("--measure", "--claims", " , ")
    assert done.returncode == Exit.BAD_INPUT
    assert "names no claim" in done.stdout


def test_what_a_pin_says_is_only_text(project):
    """pytest shows it, in a terminal or in a log that takes commands."""
    hostile = PINS.replace("It listens.", "\\u001b[31mIt listens.\\n::error::no")
    (project.root / "own.toml").write_text(hostile)
    done = project.run("-n0", "-rxf", "--pins", "own.toml")
    assert "It listens." in done.stdout
    assert "\x1b[31mIt" not in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("::")] == []
