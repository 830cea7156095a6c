"""A question in which the process dies, or hangs for good, is a line, and the others go on."""

import sys
from textwrap import dedent

import pytest

from conformance.auditing import asking
from conformance.exits import Exit
from conformance.words import Outcome

ANSWERING = """
    import json, os, sys, time

    asked = json.loads(sys.argv[1])

    def tell(**line):
        print(json.dumps(line), flush=True)

    def finding(name):
        holds = {"question": name, "about": "", "layer": "dense", "outcome": "holds", "claim": "f/c"}
        return {**holds, "word": "x", "expected": ["x"], "remedies": [], "asked": name}

    tell(asking="build()")
    if asked["subject"] == "no:model":
        tell(refused="there is no such module", code=11)
        sys.exit(0)
    if asked["subject"] == "dies:at_once":
        os._exit(3)
    tell(column={"id": "tf9.9"})
    for name in ("one", "two", "three"):
        if name not in asked["known"]:
            tell(asking=name)
            if name == "two" and asked["subject"] == "dies:inside":
                os.kill(os.getpid(), 11)
            if name == "two" and asked["subject"] == "hangs:inside":
                time.sleep(100)
            tell(found=[finding(name)])
    tell(done=True)
"""


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Return a function that has a subject asked by a process that answers without TensorFlow."""
    (tmp_path / "answering.py").write_text(dedent(ANSWERING))
    monkeypatch.setattr(asking, "_ANSWERING", (sys.executable, str(tmp_path / "answering.py")))
    monkeypatch.setattr(asking, "GRACE", 0.5)
    told = []
    return lambda subject: (*asking.ask({"subject": subject, "limit": 0}, told.append), told)


def test_all_questions_are_answered(ask):
    """In their order, and whoever watches is told of each."""
    column, found, told = ask("good:model")
    assert column == {"id": "tf9.9"}
    assert [(one.question, one.outcome, one.expected) for one in found] == [
        (name, Outcome.HOLDS, ("x",)) for name in ("one", "two", "three")
    ]
    assert told == ["build()", "one", "two", "three"]


@pytest.mark.parametrize(
    ("subject", "outcome", "reason"),
    [
        ("dies:inside", Outcome.CRASHED, "its process ended with SIGSEGV"),
        ("hangs:inside", Outcome.TIMED_OUT, "it does not come to an end, and could not be interrupted"),
    ],
)
def test_the_other_questions_go_on(ask, subject, outcome, reason):
    """Those before it keep their answers, those behind it are asked in a new process."""
    _, found, told = ask(subject)
    assert [one.outcome for one in found] == [Outcome.HOLDS, outcome, Outcome.HOLDS]
    assert (found[1].question, found[1].reason) == ("two", reason)
    assert told == ["build()", "one", "two", "build()", "three"]


@pytest.mark.parametrize(
    ("subject", "says", "code"),
    [
        ("no:model", "there is no such module", Exit.BAD_INPUT),
        (
            "dies:at_once",
            "the model cannot be asked: its process ended with exit code 3",
            Exit.NOT_MEASURED,
        ),
    ],
)
def test_what_cannot_be_asked_at_all(ask, subject, says, code):
    """One line, and nothing is tried again."""
    with pytest.raises(asking.RefusedError, match=says) as refused:
        ask(subject)
    assert refused.value.exit_code == code
