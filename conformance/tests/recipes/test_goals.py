"""Goals are read and refused as they should be, and each way of the project's own is a script."""

import ast

import pytest

from conformance.claims import CLAIMS
from conformance.exits import Exit
from conformance.pins.faults import RECIPES
from conformance.pins.globs import matches
from conformance.recipes import goals
from conformance.recipes.goals import GoalsError
from conformance.tests.test_main import invoke

GOOD = """
[[goal]]
id = "rest"
wants = "Have it rest."
word = "rests"
about = ["frozen/*"]
ways = { by-flag = "guide", by-hope = "common" }
"""
SCRIPT = '"""Set the flag."""\n\nimport tensorflow as tf\n\nprint("rests" if tf else "moves")\n'


@pytest.fixture
def reading(tmp_path):
    """Return a function that reads goals from a text, with scripts of some names beside it."""

    def read(text, *names, script=SCRIPT):
        for name in names or ("by-flag", "by-hope"):
            path = tmp_path / "rest" / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(script)
        (tmp_path / "goals.toml").write_text(text)
        return goals.read(tmp_path / "goals.toml")

    return read


def test_each_goal_answers_claims_that_there_are():
    """What a goal is about names claims of the registry."""
    about = {glob for goal in goals.read() for glob in goal.about}
    assert [glob for glob in sorted(about) if not any(matches((glob,), claim) for claim in CLAIMS)] == []


def test_a_goal_is_read(reading):
    """Its ways come in their order, and say in the first line of their scripts what they do."""
    (goal,) = reading(GOOD)
    assert [recipe.id for recipe in goal.recipes] == ["rest/by-flag", "rest/by-hope"]
    assert {recipe.does for recipe in goal.recipes} == {"Set the flag."}
    assert goal.recipes[0].code == SCRIPT


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("goal = 3", "has no list of goals"),
        (GOOD + GOOD, "two goals are called 'rest'"),
        (GOOD.replace('word = "rests"', ""), "rest: lacks word"),
        (GOOD.replace("guide", "everybody"), "rest: ways: 'by-flag' is 'everybody', not one of guide"),
        (GOOD.replace("by-hope", "By_Hope"), "rest: ways is a table, not a table of names"),
        (GOOD.replace("by-hope", "by-luck"), "rest/by-luck.py: there is no such script"),
        (GOOD.replace(', by-hope = "common"', ""), "rest/by-hope.py: a script of no goal"),
        (GOOD + "[[goals]]\nid = 1", "unknown key 'goals'"),
        ("[[goal", "not TOML"),
    ],
)
def test_what_is_wrong_with_goals_is_said(reading, text, says):
    """A line each, and nothing of them is used."""
    with pytest.raises(GoalsError) as caught:
        reading(text)
    assert says in str(caught.value)
    assert caught.value.exit_code == Exit.BAD_INPUT


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (SCRIPT + "print(1)\n" * 20, "has 23 lines, 20 are the most"),
        (SCRIPT + "import pandas\n", "imports pandas: a recipe is TensorFlow, NumPy and nothing else"),
        ("print('rests')\n", "does not say in its first line what it does"),
    ],
)
def test_what_is_no_recipe(reading, script, says):
    """Code to copy is short, stands alone, and says what it is."""
    with pytest.raises(GoalsError, match=says):
        reading(GOOD, script=script)


def test_the_projects_own_goals_can_be_read():
    """Each has a word that all of its scripts can print, letter by letter."""
    known = goals.read()
    assert len(known) >= 16
    for goal in known:
        for recipe in goal.recipes:
            texts = {n.value for n in ast.walk(ast.parse(recipe.code)) if isinstance(n, ast.Constant)}
            assert goal.word in texts, recipe.id
            assert (RECIPES / recipe.script).read_text(encoding="utf-8") == recipe.code


def test_an_unknown_goal():
    """The nearest are named."""
    done = invoke("recipes", "--goal", "freeze-the-base")
    assert done.exit_code == Exit.BAD_INPUT
    assert "nearest: freeze-a-base" in done.output
