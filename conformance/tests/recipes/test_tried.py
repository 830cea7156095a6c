"""The recipes that were run: each said a word, in every column, as script and lock are today."""

import pytest

from conformance.columns import running
from conformance.columns.columns import columns
from conformance.pins import pins
from conformance.recipes import goals, standing, trying
from conformance.reporting import upgrading

GOALS = goals.read()
FOUND = standing.results(GOALS, trying.KEPT.words(), columns().values())
MEASURED = running.measured()


def test_every_recipe_said_a_word_everywhere():
    """A changed script or lock fails here: run `python -m conformance recipes --run`."""
    assert standing.faults(GOALS, FOUND) == []


def test_every_word_was_said_twice():
    """In a fresh process, and backwards: run `python -m conformance recipes --certify`."""
    assert [(p.script, p.column) for column in columns().values() for p in trying.uncertified(column)] == []


def test_nothing_else_is_kept():
    """What a script said that is gone is gone too."""
    assert {p.script for p in trying.KEPT.read()} == {r.script for g in GOALS for r in g.recipes}


def test_a_goal_is_reached_somewhere():
    """A way may be there to show that it does not lead to its goal; a goal that nothing leads to is none."""
    reached = standing.reached(GOALS, FOUND)
    assert [goal for goal, ways in reached.items() if not any(ways.values())] == []


PINS = pins.read()


def test_every_pin_says_what_to_write_instead():
    """Recipes, or why there is none: advice is never prose alone."""
    assert [pin.id for pin in PINS if not (pin.remedies or pin.no_remedy)] == []


@pytest.mark.parametrize("pin", [pin for pin in PINS if pin.remedies], ids=lambda pin: pin.id)
def test_in_each_column_of_a_pin_one_of_its_remedies_holds(pin):
    """Else it says what to write instead to those whom it does not help."""
    here = [column for column, value in MEASURED.items() if pin.applies(value["column"])]
    assert standing.uncovered(pin.remedies, GOALS, FOUND, here) == []


def test_what_is_advised_for_a_pair_holds_on_the_side_it_is_for():
    """Every pin, every pair of neighbours: each recipe that is named printed its goal's word there."""
    for pin in PINS:
        for before, after in upgrading.neighbours(list(columns().values())):
            for advised in standing.advised(pin.remedies, GOALS, FOUND, before, after):
                for side, recipe in ((before, advised.before), (after, advised.after)):
                    assert recipe is None or FOUND[recipe.id][side] == advised.goal.word
                assert advised.both is None or advised.both is advised.before is advised.after
