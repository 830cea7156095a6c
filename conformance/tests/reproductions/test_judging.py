"""Where scripts have to run, what their words come to, and what is no reproduction."""

import json
import subprocess
import sys

import pytest

from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.measuring import printing
from conformance.pins import pins
from conformance.reproductions import judging, reproducing

LISTED = [
    Column(name, flavour, "3.11", (), {})
    for name, flavour in [
        *((f"tf2.{minor}", "keras2") for minor in range(5)),
        ("tf2.16-keras3.0", "keras3"),
        ("tf2.16-keras3.1", "keras3"),
    ]
]
CASE = "dropout/off-in-inference[called-Dropout]"
OTHER = "dropout/off-in-inference[called-AlphaDropout]"


def pin(*where):
    """Return a pin on two cases of Dropout."""
    return pins.Pin("a", where, {"drops": (CASE, OTHER)}, "It drops.", "unreported", "x.py")


def measured(**words):
    """Return results of all columns: the case holds, except where another word is given by column."""
    said = {c.id: words.get(c.id.replace(".", "_").replace("-", "_"), "passes through") for c in LISTED}
    return {
        c.id: {
            "column": {"id": c.id, "flavour": c.flavour, "tensorflow": _version(c), "keras": _version(c)},
            "cases": {CASE: _record(said[c.id]), OTHER: _record("passes through")},
        }
        for c in LISTED
    }


def _version(column):
    return column.id.rpartition("-keras" if "-" in column.id else "tf")[2] + ".0"


def _record(word):
    outcome = {"passes through": "holds", None: "not-applicable"}.get(word, "deviates")
    return {"outcome": outcome, "observed": word}


@pytest.mark.parametrize(
    ("where", "columns"),
    [
        ({"tensorflow": ">=2.1,<=2.3", "flavour": "keras2"}, ["tf2.0", "tf2.1", "tf2.3", "tf2.4"]),
        ({"tensorflow": "<=2.0", "flavour": "keras2"}, ["tf2.0", "tf2.1"]),
        ({"tensorflow": "<=2.0|>=2.4", "flavour": "keras2"}, ["tf2.0", "tf2.1", "tf2.3", "tf2.4"]),
        ({"flavour": "keras2"}, ["tf2.0", "tf2.4"]),
        ({"flavour": "keras3"}, ["tf2.16-keras3.0", "tf2.16-keras3.1"]),
        ({"flavour": "keras3", "keras": ">=3.1"}, ["tf2.16-keras3.0", "tf2.16-keras3.1"]),
        ({"flavour": "tf1"}, []),
    ],
)
def test_a_script_runs_where_its_pin_begins_and_ends(where, columns):
    """On both sides, lineage by lineage, and not in a lineage that the pin has nothing of."""
    assert judging.around(pin(where), LISTED, measured()) == columns


def wrong(printed, **words):
    """Return what is wrong about the words that a script printed."""
    return judging.finding(pin({"flavour": "keras2"}), printed, measured(**words))


def test_a_script_that_prints_what_a_case_says():
    """One of the pin's cases is enough, the same one in all columns."""
    found = wrong({"tf2.0": "drops", "tf2.1": "passes through"}, tf2_0="drops")
    assert (found.case, found.wrong) == (CASE, [])


def test_a_script_that_prints_another_word():
    """Inside or outside, it is named with the column and both words."""
    (line,) = wrong({"tf2.0": "drops", "tf2.1": "drops"}, tf2_0="drops").wrong
    assert line == f"in tf2.1 it prints 'drops', and {CASE} says 'passes through'"
    (line,) = wrong({"tf2.0": "raises TypeError", "tf2.1": "passes through"}, tf2_0="drops").wrong
    assert line.startswith("in tf2.0 it prints 'raises TypeError'")


def test_a_script_that_prints_nothing():
    """That is right only where the matrix has no answer either."""
    assert wrong({"tf2.0": "drops", "tf2.1": None}, tf2_0="drops").wrong
    assert not wrong({"tf2.0": "drops", "tf2.1": None}, tf2_0="drops", tf2_1=None).wrong


def test_a_pins_word_where_the_matrix_has_no_answer():
    """Outside of its range the word of a pin may not be printed."""
    (line,) = wrong({"tf2.0": "drops", "tf2.1": "drops"}, tf2_0="drops", tf2_1=None).wrong
    assert line.endswith("says nothing: not-applicable")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("import numpy\nimport tensorflow.keras as k\nimport tempfile\n\n" + "print(1)\n" * 22, None),
        ("print(1)\n" * 26, "has 26 lines"),
        ("from conformance import claims", "imports conformance"),
        ("import fixtures.data", "imports fixtures"),
        ("from . import other", "imports a neighbour"),
    ],
)
def test_what_is_no_reproduction(tmp_path, text, says):
    """Too long to be read at once, or resting on what it should be independent of."""
    (tmp_path / "x.py").write_text(text)
    found = list(judging.faults(tmp_path / "x.py"))
    assert [says in fault for fault in found] == ([True] if says else [])


@pytest.mark.parametrize(
    ("text", "word", "why"),
    [
        ("print('drops')", "drops", ""),
        ("", None, "prints nothing"),
        ("raise ValueError('no')", None, "ends with ValueError: no"),
        ("print(1)\nprint(2)", None, "prints 2 lines"),
        ("import conformance", None, "No module named 'conformance'"),
        ("import os\nos.abort()", None, "prints nothing"),
    ],
)
def test_what_a_script_prints(tmp_path, text, word, why):
    """One line is a word; nothing else is. It cannot reach this project, and cannot end the run."""
    (tmp_path / "tensorflow.py").write_text("print('greetings')\nclass keras:\n    class layers: Layer = 0\n")
    (tmp_path / "x.py").write_text(text)
    run = f"import runpy, sys\nsys.path.insert(0, {str(tmp_path)!r})\n"
    run += f"sys.argv[1:] = [{str(tmp_path / 'x.py')!r}] * 2\n"
    run += f"runpy.run_path({printing.__file__!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-I", "-c", run], capture_output=True, text=True, cwd=tmp_path)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == second
    assert first[0] == word
    assert why in first[1]
    raised = {"raise ValueError('no')": "raises ValueError"}
    assert first[2] == {**raised, "import conformance": "raises ModuleNotFoundError"}.get(text, "")


def test_a_script_that_never_returns(tmp_path, monkeypatch):
    """It is ended once it has computed for long enough, however busy the machine is."""
    (tmp_path / "x.py").write_text("while True:\n    pass\n")
    monkeypatch.setattr(printing, "LABOUR", 0.1)
    assert printing.printed(str(tmp_path / "x.py"))[::2] == (None, "never returns")


def test_pins_without_a_script_are_named():
    """All of them at once."""
    bare = [pins.Pin(name, (), {}, "", "") for name in "ab"]
    with pytest.raises(reproducing.ReproductionError) as caught:
        reproducing.check(reproducing.Asked(bare, {}))
    assert str(caught.value).splitlines() == ["a: names no reproduction", "b: names no reproduction"]
    assert caught.value.exit_code == Exit.UNPROVEN


def test_an_unknown_pin():
    """The nearest are named."""
    with pytest.raises(pins.PinsError, match="nearest: rate-one-raises"):
        reproducing.chosen(["rate-one-rises"])
