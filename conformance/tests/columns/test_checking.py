"""Checking in a team's own CI: a wrong question is one line, and what moved decides the exit code."""

import sys
from pathlib import Path

import pytest

from conformance import suite
from conformance.columns import checking, running
from conformance.columns.columns import chosen
from conformance.exits import Exit
from conformance.results import results
from conformance.tests.test_main import invoke


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["2.99"], Exit.BAD_INPUT, "no column is called 'tf2.99'; nearest"),
        (["2.15", "--claims", "dropuot"], Exit.BAD_INPUT, "dropuot"),
        (["--python", "/no/python"], Exit.BAD_INPUT, "/no/python is no interpreter"),
    ],
)
def test_an_unknown_version_claim_or_interpreter_is_one_line(arguments, code, says):
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

    def tox(column, log, *arguments, scratch):
        asked.append((column.id, *arguments))
        log.write_text("built\nno space left\n\n")
        if column.id == "tf2.1":
            return 1.0, 1
        found = results.read(running.RESULTS / f"{column.id}.json")
        if column.id == "tf2.2":
            record = next(r for r in found["cases"].values() if r["outcome"] == "deviates")
            record.update(outcome="holds")
        results.write(scratch / f"{column.id}.json", {**found, "suite": suite.identity()})
        return 1.0, 0

    monkeypatch.setattr(running, "WORK", tmp_path)
    monkeypatch.setattr(checking, "RESULTS", tmp_path / "check")
    monkeypatch.setattr(running, "tox", tox)
    monkeypatch.setattr(running, "missing_interpreter", lambda column: "")
    return asked


def test_claims_reach_pytest_and_what_is_as_pinned_is_green(faked):
    """Spaces or commas between claims, as a workflow's author likes."""
    done = invoke("check", "2.0", "--claims", "dropout  frozen/is-not-inference-mode")
    assert done.exit_code == 0, done.output
    (asked,) = faked
    assert asked[:5] == ("tf2.0", "--", "conformance", "--claims", "dropout,frozen/is-not-inference-mode")
    assert "everything is as pinned" in done.output


def test_an_environment_that_cannot_be_built_costs_only_itself(faked):
    """It is named, with the log's last line; what the others say is told."""
    done = invoke("check", "2.0", "2.1")
    assert done.exit_code == Exit.NOT_MEASURED
    assert "tf2.0: measured" in done.output
    assert "tf2.1: not measured (exit code 1)" in done.output
    assert "no space left" in done.output
    assert invoke("check", "2.1", "2.2").exit_code == Exit.FIXED


def test_an_interpreter_without_tensorflow_is_told(faked):
    """The tool's own environment has none."""
    done = invoke("check", "--python", sys.executable)
    assert done.exit_code == Exit.NOT_MEASURED
    assert f"{sys.executable}: not measured, see" in done.output
    assert Path(running.WORK / "own.check.log").exists()
