"""The zoo beside real TensorFlows: each fault is found under its name, and nothing else is reported."""

import json
import subprocess

import pytest

from conformance.suite import ROOT
from conformance.zoo.asked import QUESTIONS

COLUMNS = {name: ROOT / ".columns" / name / "bin" / "python" for name in ("newest", "tf2.15")}
EXPECTED = json.loads((ROOT / "conformance" / "tests" / "auditing" / "zoo.json").read_text(encoding="utf-8"))
FLAVOURS = {"newest": "keras3", "tf2.15": "keras2"}


@pytest.fixture(scope="module", params=COLUMNS)
def column(request):
    """Return a column's flavour, and what an audit says of every model of the zoo there."""
    python = COLUMNS[request.param]
    if not python.exists():
        pytest.skip(f"no environment in .columns/{request.param}: `make cases` builds it")
    command = [str(python), "-m", "conformance.tests.auditing.keeper", *QUESTIONS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return FLAVOURS[request.param], json.loads(done.stdout)


def test_every_question_has_an_answer(column):
    """No model of the zoo is more than an audit can ask."""
    _, found = column
    assert {name: one["unanswered"] for name, one in found.items() if one["unanswered"]} == {}


def test_a_test_runner_lists_every_answer(column):
    """Each layer and claim that an audit has an answer to is a case of `parametrize_with_claims`."""
    _, found = column
    assert {name: one["unlisted"] for name, one in found.items() if one["unlisted"]} == {}


@pytest.mark.parametrize("name", sorted({name for shown in EXPECTED.values() for name in shown}))
def test_a_fault_is_found_under_its_name(column, name):
    """In the flavours that have it."""
    flavour, found = column
    assert found[name]["reported"] == EXPECTED[flavour].get(name, [])


def test_healthy_twins_report_nothing(column):
    """All models that are expected to."""
    flavour, found = column
    reported = {name for name, one in found.items() if one["reported"]}
    assert reported == set(EXPECTED[flavour])
