"""The recipes that were run: each said a word, in every column, as script and lock are today."""

from conformance.columns.columns import columns
from conformance.recipes import goals, standing, trying

GOALS = goals.read()
FOUND = standing.results(GOALS, trying.KEPT.words(), columns().values())


def test_every_recipe_said_a_word_everywhere():
    """A changed script or lock fails here: run `python -m conformance recipes --run`."""
    assert standing.faults(GOALS, FOUND) == []


def test_nothing_else_is_kept():
    """What a script said that is gone is gone too."""
    assert {p.script for p in trying.KEPT.read()} == {r.script for g in GOALS for r in g.recipes}


def test_a_recipe_holds_somewhere():
    """One that reaches its goal in no column is no way to it."""
    nowhere = [r.id for g in GOALS for r in g.recipes if g.word not in FOUND[r.id].values()]
    assert nowhere == []
