"""An audit in other environments: built from locks, or the user's own; each mistake is one line."""

import json
import sys
from textwrap import dedent

import pytest

from conformance.columns import auditing, running, workplace
from conformance.columns.auditing import AuditError, Place
from conformance.columns.columns import chosen
from conformance.exits import Exit
from conformance.tests.test_main import invoke

#: An interpreter of a user's that answers as an audit does, with what is in its environment.
FAKE = """\
    #!{python}
    import json, os, sys
    name = os.path.basename(sys.argv[0])
    if name == "refuses":
        print("warning\\nerror: build() raises: models.py:3: KeyError: 'x'", file=sys.stderr)
        sys.exit(11)
    if name == "crashes":
        os.kill(os.getpid(), 11)
    column = dict.fromkeys(("id", "keras", "flavour", "python", "numpy"), "3")
    column.update(tensorflow=name, packages={{}})
    word = "weights updated" if name == "newer" else "weights kept"
    one = dict(question="fit()", asked="fit()", about="weights", layer="head", claim={claim!r}, reason="",
               outcome="deviates" if name == "newer" else "holds", word=word, alarm="")
    print(json.dumps(dict(subject=sys.argv[3], column=column, layers=["head"], findings=[one])))
    json.dump(dict(said=sys.argv[1:], path=os.environ["PYTHONPATH"], here=os.getcwd()),
              open(sys.argv[0] + ".asked", "w"))
    sys.exit(1 if name == "newer" else 0)
"""


@pytest.fixture
def pythons(tmp_path, monkeypatch):
    """Return a folder of interpreters, and let the tool work in another one."""
    monkeypatch.setattr(running, "WORK", tmp_path / "work")
    for name in ("older", "newer", "refuses", "crashes"):
        path = tmp_path / name
        path.write_text(dedent(FAKE).format(python=sys.executable, claim="frozen/weights-are-not-updated"))
        path.chmod(0o755)
    return tmp_path


def between(pythons, *names, more=()):
    """Compare two interpreters."""
    where = [word for name in names for word in ("--python", pythons / name)]
    return invoke("audit", "models:build", *where, *more)


def test_what_is_different_is_told(pythons):
    """Nothing where nothing is; the exit code says whether it is worse."""
    same = between(pythons, "older", "older")
    assert (same.exit_code, "Nothing is different" in same.output) == (0, True), same.output
    worse = between(pythons, "older", "newer")
    assert (worse.exit_code, "head: weights: no longer holds" in worse.output) == (Exit.DEVIATES, True)
    better = between(pythons, "newer", "older")
    assert (better.exit_code, "head: weights: holds now" in better.output) == (0, True)


def test_it_is_asked_what_was_asked_for(pythons, monkeypatch):
    """From the user's folder, with the package alone on the path of an interpreter of theirs."""
    monkeypatch.chdir(pythons)
    done = between(pythons, "older", "newer", more=["--only", "fit()", "--limit", "7", "--format", "json"])
    assert json.loads(done.output)["different"][0]["change"] == "no longer holds"
    asked = json.loads((pythons / "older.asked").read_text())
    assert asked["said"] == [
        *("-m", "conformance.auditing", "models:build", "--only", "fit()", "--limit", "7", "--format", "json")
    ]
    assert asked["here"] == str(pythons)
    assert asked["path"].split(":")[0] == str(running.WORK / workplace.BESIDE)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("exit 0", "it said nothing, and ended with 0"),
        ("exit 1", "it said nothing, and ended with 1"),
        ("echo SyntaxError: invalid syntax >&2; exit 1", "SyntaxError: invalid syntax"),
        ("echo No module named pytest >&2; exit 1", "No module named pytest"),
    ],
)
def test_an_interpreter_in_which_no_audit_can_run(pythons, script, says):
    """However it ends, that is no answer: neither that all holds nor that something deviates."""
    (pythons / "python").write_text(f"#!/bin/sh\n{script}\n")
    (pythons / "python").chmod(0o755)
    done = invoke("audit", "models:build", "--python", pythons / "python")
    assert done.exit_code == Exit.NOT_MEASURED
    assert f"{pythons / 'python'}: no audit can run there" in done.output
    assert says in done.output
    assert len(done.output.splitlines()) == 1


def test_a_fault_of_the_users_is_one_line(pythons):
    """With the environment in which it showed, and its own exit code."""
    done = between(pythons, "older", "refuses")
    assert done.exit_code == Exit.BAD_INPUT
    assert done.output == (f"error: {pythons / 'refuses'}: build() raises: models.py:3: KeyError: 'x'\n")
    done = between(pythons, "crashes", "older")
    assert (done.exit_code, len(done.output.splitlines())) == (Exit.NOT_MEASURED, 1)
    assert "not measured" in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["2.15", "2.16", "2.21"], "give one environment, or two"),
        (["2.15", "2.99"], "no column is called 'tf2.99'"),
        (["2.15", "--python", "/no/python"], "/no/python is no interpreter"),
        (["--with", "keras-hub"], "--with: is for environments that are built here"),
        (["2.15", "--with", "--index-url=x"], "'--index-url=x' is no requirement"),
        (["2.15", "2.21", "--format", "html"], "terminal, markdown and json"),
        (["2.15", "2.21", "--junitxml", "x.xml"], "terminal, markdown and json"),
    ],
)
def test_what_cannot_be_asked_is_one_line(arguments, says, tmp_path, monkeypatch):
    """Before anything is built."""
    monkeypatch.setattr(running, "WORK", tmp_path)
    monkeypatch.setattr(running, "interpreter", lambda column: tmp_path / "python")
    monkeypatch.setattr(running, "missing_interpreter", lambda column: "")
    monkeypatch.setattr(running, "place", lambda column: tmp_path)
    done = invoke("audit", "models:build", *arguments)
    assert done.exit_code == Exit.BAD_INPUT, done.output
    assert len(done.output.splitlines()) == 1
    assert says in done.output


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Return what uv was told: it makes an interpreter, or refuses one requirement."""
    asked = []

    def run(command, **how):
        asked.append([str(word) for word in command])
        if "refused" in command:
            how["stdout"].write("x No solution found\n")
        if "venv" in command:
            python = tmp_path.joinpath(command[-1], "bin", "python")
            python.parent.mkdir(parents=True)
            python.touch()
        return type("Done", (), {"returncode": int("refused" in command)})

    monkeypatch.setattr(running, "WORK", tmp_path)
    monkeypatch.setattr(running, "missing_interpreter", lambda column: "")
    monkeypatch.setattr(auditing.children, "run", run)
    monkeypatch.setattr(auditing.tool, "uv", lambda: "uv")
    return asked


def test_an_environment_is_built_from_the_lock_and_what_the_model_needs(built):
    """Once; and it is no column's own, which stays as it was measured."""
    columns, said = chosen(["2.15", "2.21-tf_keras"]), []
    found = auditing.places(columns, ["keras-hub", "./mine"], [], said.append)
    (venv, install), lock = built[:2], str(columns[0].lock)
    assert venv[:5] == ["uv", "venv", "--quiet", "--python", columns[0].python]
    assert install[-4:] == ["-r", lock, "keras-hub", "./mine"]
    assert install[4] == found[0].python
    assert found[1] == Place("tf2.21-tf_keras", found[1].python, {"TF_USE_LEGACY_KERAS": "1"})
    assert said[0] == "tf2.15: building its environment with keras-hub ./mine"
    built.clear()
    assert auditing.places(columns, ["./mine", "keras-hub"], [], said.append) == found
    assert built == []


def test_an_environment_that_cannot_be_built_is_one_line(built):
    """With its log; the next time it is tried again."""
    for _ in range(2):
        with pytest.raises(AuditError, match=r"tf2.15 with refused: could not be built") as raised:
            auditing.places(chosen(["2.15"]), ["refused"], [], print)
        assert raised.value.exit_code == Exit.NOT_MEASURED
