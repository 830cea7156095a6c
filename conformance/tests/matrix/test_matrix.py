"""The matrix and what is rendered from it, on small results written by hand."""

import json

import jsonschema
import pytest

from conformance.claims import CLAIMS
from conformance.columns.columns import Column
from conformance.matrix import matrix
from conformance.pins.pins import Pin
from conformance.recipes import standing
from conformance.recipes.goals import Goal, Recipe
from conformance.reporting import overview
from conformance.suite import PACKAGE

FROZEN = "batchnorm/frozen-runs-in-inference-mode"
HOLDS, DEVIATES, EXCEPTION, LACKS = "h", "d", "x", "n"


def column(column_id, flavour="keras2"):
    """Return a column of which only the id and the flavour matter."""
    return Column(column_id, flavour, "3.11", (), {})


def results(letter, valid=True):
    """Return results of one claim: a core case, and an edge that may be an exception to it."""
    outcome = {"h": "holds", "d": "deviates", "x": "holds", "n": "not-applicable", "e": "error"}[letter]
    edge = "deviates" if letter == "x" else outcome

    def record(outcome, core):
        observed = {"holds": "moving statistics", "deviates": "batch statistics"}.get(outcome)
        reason = None if outcome == "holds" else f"expected moving statistics, observed {observed}"
        return {
            "outcome": outcome,
            "observed": observed,
            "expected": "moving statistics",
            "measured": 0.5,
            "reason": reason,
            "core": core,
        }

    return {
        "valid": valid,
        "suite": {"version": "0", "digest": "0"},
        "column": {"tensorflow": "2", "keras": "2", "python": "3.11.7"},
        "cases": {
            f"{FROZEN}[core]": record(outcome, True),
            f"{FROZEN}[edge]": record(edge, False),
            "canary/x[y]": record("holds", True),
        },
    }


def since(letters, flavours=None):
    """Return the sentence for columns tf2.0, tf2.1, … whose results the letters give; . is not run."""
    columns = [column(f"tf2.{n}") for n in range(len(letters))]
    measured = {c.id: results(x) for c, x in zip(columns, letters, strict=True) if x != "."}
    found = matrix.matrix(columns, measured)
    return next(claim["since"] for claim in found["claims"] if claim["id"] == FROZEN)


@pytest.mark.parametrize(
    ("letters", "sentence"),
    [
        ("hhh", "TensorFlow: holds in 2.0 to 2.2"),
        ("dhh", "TensorFlow: deviates in 2.0, holds in 2.1 to 2.2"),
        ("h.h", "TensorFlow: holds in 2.0, unknown in 2.1, holds in 2.2"),
        ("heh", "TensorFlow: holds in 2.0, unknown in 2.1, holds in 2.2"),
        ("hxd", "TensorFlow: holds in 2.0, holds with exceptions in 2.1, deviates in 2.2"),
        ("hnh", "TensorFlow: holds in 2.0 to 2.2"),
        ("nn", "not applicable in any column"),
    ],
)
def test_since(letters, sentence):
    """Ranges of equal verdicts, in order, and never across a column that gave no answer."""
    assert since(letters) == sentence


def test_lineages_do_not_mix():
    """A range ends with its lineage, whatever the next column says."""
    columns = [column("tf2.16"), column("tf2.16-keras3.0", "keras3"), column("tf2.16-tf_keras", "tf_keras")]
    found = matrix.matrix(columns, {c.id: results("h") for c in columns})
    sentence = next(c["since"] for c in found["claims"] if c["id"] == FROZEN)
    assert sentence == "TensorFlow: holds in 2.16; Keras: holds in 3.0; tf_keras: holds in 2.16"


def test_an_invalid_column_says_nothing():
    """Its cells are unknown, its cases are left out."""
    found = matrix.matrix([column("tf2.0")], {"tf2.0": results("h", valid=False)})
    assert found["columns"][0]["valid"] is False
    assert found["verdicts"][FROZEN] == {"tf2.0": "unknown"}
    assert found["cases"] == []


@pytest.mark.parametrize(
    ("flavour", "letter", "verdict"),
    [
        ("tf1", "d", "holds"),
        ("tf1", "h", "deviates"),
        ("keras2", "h", "holds"),
        ("keras2", "x", "holds"),
        ("keras2", "d", "deviates"),
        ("keras3", "n", "not-applicable"),
        ("keras2", "e", "unknown"),
    ],
)
def test_the_derived_claim(flavour, letter, verdict):
    """`introduced-in-2.0` agrees with a column of TF1 that deviates, and with a later one that holds."""
    found = matrix.matrix([column("c", flavour)], {"c": results(letter)})
    assert found["verdicts"]["batchnorm/introduced-in-2.0"]["c"] == verdict


def test_every_claim_has_a_verdict_in_every_column():
    """No cell is empty."""
    found = matrix.matrix([column("tf2.0"), column("tf2.1")], {})
    assert set(found["verdicts"]) == set(CLAIMS)
    assert all(set(row) == {"tf2.0", "tf2.1"} for row in found["verdicts"].values())


def test_a_case_keeps_what_each_column_saw():
    """Canaries are left out; each other case has one result per column that has it."""
    columns = [column("tf2.0"), column("tf2.1")]
    found = matrix.matrix(columns, {"tf2.0": results("h"), "tf2.1": results("d")})
    core = found["cases"][0]
    assert [case["id"] for case in found["cases"]] == [f"{FROZEN}[core]", f"{FROZEN}[edge]"]
    assert core["results"]["tf2.1"] == {
        "outcome": "deviates",
        "observed": "batch statistics",
        "pin": None,
        "measured": 0.5,
    }


def test_it_is_the_same_bytes_every_time():
    """And JSON."""
    columns = [column("tf2.0"), column("tf2.1")]
    both = [matrix.matrix(columns, {"tf2.0": results("h"), "tf2.1": results("d")}) for _ in range(2)]
    assert matrix.dumped(both[0]) == matrix.dumped(both[1])
    assert json.loads(matrix.dumped(both[0])) == both[0]


def test_the_overview_shows_every_column_and_every_deviation():
    """A table per group, a sentence per claim, a row per deviation."""
    columns = [column("tf2.0"), column("tf2.1")]
    text = overview.overview(matrix.matrix(columns, {"tf2.0": results("h"), "tf2.1": results("d")}))
    assert "| claim | 2.0 | 2.1 |" in text
    assert f"| [{FROZEN}](#batchnormfrozen-runs-in-inference-mode) | ✅ | ❌ |" in text
    assert "holds in 2.0, deviates in 2.1" in text
    assert "- **batch statistics**, not moving statistics: 2 cases, 1 core, in tf2.1." in text


def test_pins_say_what_to_write_instead():
    """Recipes by their ids, or why there is none; the recipes stand beside, with code and words."""
    ways = (Recipe("rest", "by-flag", "Set it.", "guide", "code"),)
    goal = Goal("rest", "Have it rest.", "rests", ("f/*",), ways)
    rows = standing.rows([goal], {"rest/by-flag": {"tf2.0": "rests", "tf2.1": None}})
    known = [
        Pin("a", (), {}, "It moves.", "unreported", remedies=("rest/by-flag",)),
        Pin("b", (), {}, "It moves.", "unreported", no_remedy="By design."),
        Pin("c", (), {}, "It moves.", "unreported"),
    ]
    found = matrix.matrix([], {}, pins=known, recipes=rows)
    schema = json.loads((PACKAGE / "schemas" / "matrix.json").read_text(encoding="utf-8"))
    for key in ("pins", "recipes"):
        jsonschema.validate(found[key], schema["properties"][key])
    said = [(pin.get("remedies"), pin.get("no_remedy")) for pin in found["pins"]]
    assert said == [(["rest/by-flag"], None), (None, "By design."), (None, None)]
    assert "recipes" not in matrix.matrix([], {})
