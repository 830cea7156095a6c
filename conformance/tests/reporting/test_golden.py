"""The whole pipeline, from results written by hand to every report, compared with what is committed.

After a change that is meant:
UPDATE_GOLDEN=1 .venv/bin/python -m pytest conformance/tests/reporting/test_golden.py
"""

import os
import re
from pathlib import Path

import pytest

from conformance.columns.columns import Column
from conformance.matrix import comparing, matrix, sources
from conformance.pins import pins
from conformance.recipes import standing
from conformance.recipes.goals import Goal, Recipe
from conformance.recipes.standing import Cookbook
from conformance.reporting import badges, explaining, reports, upgrading, upstream
from conformance.results import results

GOLDEN = Path(__file__).parent / "golden"
UPDATE = "UPDATE_GOLDEN=1 .venv/bin/python -m pytest conformance/tests/reporting/test_golden.py"
MEASURED = {path.stem: results.read(path) for path in sorted((GOLDEN / "results").glob("*.json"))}
COLUMNS = [Column(i, r["column"]["flavour"], r["column"]["python"][:4], (), {}) for i, r in MEASURED.items()]
PINS = pins.read(GOLDEN / "pins.toml")
KILLS = {"snapshot/freezing-waits-for-compile": {"keras2": 2}}
UNSTABLE = {"tf2.15": ["snapshot/freezing-waits-for-compile[frozen-after-fit]"]}
GOALS = [
    Goal(
        "freeze",
        "Freeze it.",
        "rests",
        ("snapshot/*",),
        (
            Recipe("freeze", "flag", "Set the flag.", "guide", 'print("rests")\n'),
            Recipe("freeze", "compile", "Compile again.", "rare", 'print("rests", end="")\n'),
        ),
    )
]
WORDS = {("freeze/flag.py", "tf2.15"): "rests", ("freeze/flag.py", "tf2.16"): "learns"}
WORDS.update({("freeze/compile.py", column): "rests" for column in ("tf2.16", "tf2.16-tf_keras")})
COOKBOOK = Cookbook(GOALS, standing.results(GOALS, WORDS, COLUMNS))
RECIPES = standing.rows(GOALS, COOKBOOK.found)
MATRIX = matrix.matrix(COLUMNS, MEASURED, (), PINS, KILLS, UNSTABLE, RECIPES)
KNOWN = sources.functions([GOLDEN / "situations.py"])
CASE = "snapshot/freezing-waits-for-compile[frozen-after-compile]"
BISECTED = {(CASE, "tf2.15", "tf2.16", "weights updated", "weights kept"): "first changed in keras 3.0.0"}


EVIDENCE = explaining.Evidence(printed={("freeze_after_compile.py", "tf2.16"): "weights kept"})


def explained(name, columns, whole):
    """Return what `explain` says in columns."""
    return explaining.explain(name, MATRIX, columns, whole, KNOWN, EVIDENCE, COOKBOOK)


def texts():
    """Return every report on the results written by hand, by the name of its golden file."""
    upgrade = comparing.difference(MEASURED["tf2.15"], MEASURED["tf2.16"], PINS)
    return {
        **reports.rendered(MATRIX, KNOWN),
        **{f"badge/{name}": text for name, text in badges.badges(MATRIX).items() if "tf" in name},
        "upgrades.md": upgrading.upgrades(COLUMNS, MEASURED, PINS, COOKBOOK),
        **{f"diff.{form}": tell(upgrade, COOKBOOK) for form, tell in upgrading.FORMATS.items()},
        "explain": explained(CASE, COLUMNS, True),
        "explain.column": explained(CASE, COLUMNS[1:2], False),
        "explain.deviating": explained(CASE, COLUMNS[3:], False),
        "explain.claim": explained(CASE.split("[")[0], COLUMNS, True),
        "explain.upstream": upstream.report(
            CASE, MATRIX, COLUMNS, MEASURED["tf2.16"]["column"], KNOWN, EVIDENCE, BISECTED
        ),
    }


def content(text):
    """Return a page without its style and script, which are files of their own."""
    text = re.sub(r"<style>\n:root.*?</style>", "<style></style>", text, flags=re.S)
    return re.sub(r'<script>\n"use strict".*?</script>', "<script></script>", text, flags=re.S)


@pytest.fixture(autouse=True)
def width(monkeypatch):
    """Give the terminal the same width everywhere, and no colours."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "dumb")


@pytest.mark.parametrize("name", texts())
def test_golden(name):
    """Each report is what it was when it was last looked at."""
    made, golden = content(texts()[name]), GOLDEN / "reports" / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, encoding="utf-8")
    kept = golden.read_text(encoding="utf-8") if golden.exists() else ""
    assert made == kept, f"{golden} is not what comes out; look at it, then: {UPDATE}"


def test_every_golden_file_is_made():
    """No golden file is left of a report that is gone."""
    found = {path.relative_to(GOLDEN / "reports").as_posix() for path in (GOLDEN / "reports").rglob("*.*")}
    assert found - set(texts()) == set(), "delete it"


def test_twice_is_the_same():
    """No clock, no order of a set, no path."""
    assert texts() == texts()
