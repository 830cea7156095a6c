"""What to write instead, beside a deviation: only what was run in such a TensorFlow, and holds there."""

import pytest

from conformance.auditing import remedies
from conformance.auditing.findings import Alarm
from conformance.columns import running
from conformance.columns.columns import columns
from conformance.measuring import locks
from conformance.recipes import trying
from conformance.recipes.goals import read

LISTED, MEASURED = columns(), running.measured()


def installed(name, **other):
    """Return what an environment of a column says of itself."""
    found = MEASURED[name]["column"]
    return {**found, "packages": {**found["packages"], **other}}


@pytest.mark.parametrize("name", LISTED)
def test_an_environment_is_like_its_column(name):
    """Each is its own, and no other's."""
    assert locks.listed_like(installed(name)) == name


def test_a_patch_makes_no_other_column():
    """A release does, and nothing that was not measured is like a column."""
    assert locks.listed_like(installed("tf2.15", **{"tensorflow-cpu": "2.15.0"})) == "tf2.15"
    assert locks.listed_like(installed("tf2.15", **{"tensorflow-cpu": "2.99.0"})) == ""


@pytest.mark.parametrize(
    ("name", "other", "near"),
    [
        ("tf2.21", {"keras": "3.12.4"}, "tf2.16-keras3.12"),
        ("tf2.21", {"tensorflow": "2.98.0"}, "tf2.21"),
        ("tf2.16", {"tensorflow": "2.15.1"}, "tf2.16"),
        ("tf2.21-tf_keras", {"tensorflow": "2.20.0"}, "tf2.21-tf_keras"),
        ("tf2.21", {"keras": "3.99.0"}, ""),
        ("tf2.15", {"tensorflow-cpu": "2.99.0"}, ""),
    ],
)
def test_another_pair_is_near_the_one_with_its_keras(name, other, near):
    """Where Keras is a package of its own; what was run there is told as such."""
    here = installed(name, **other)
    assert (locks.listed_like(here), locks.nearest(here)) == ("", near)
    told = remedies.of_alarm(Alarm.FROZEN_TRAINED.value, here)
    assert [text.endswith(f", as run in {near})") for text in told] == [True] * bool(near)


@pytest.mark.parametrize("name", ["tf1.15", "tf2.15", "tf2.21"])
def test_what_is_advised_holds_there(name):
    """By the same words as the book of recipes has."""
    goals = read()
    found = trying.cookbook([LISTED[name]]).found
    for goal in goals:
        told = remedies.of_pin([recipe.id for recipe in goal.recipes], "", installed(name))
        holds = [recipe for recipe in goal.recipes if found[recipe.id][name] == goal.word]
        assert told == tuple(f"{recipe.does} (recipe {recipe.id})" for recipe in holds[:1])


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("snapshot/freezing-waits-for-compile", [0]),
        ("snapshot/thawing-waits-for-compile", [2]),
        ("saving/flags-come-back", [0, 2]),
    ],
)
def test_each_goal_is_told_once(claim, told):
    """Those that are about the claim; where none is, all that a pin stands in the way of."""
    named = [
        "freeze-a-base/flag-of-the-base",
        "freeze-a-base/features-first",
        "learn-after-thawing/new-optimizer",
    ]
    found = remedies.of_pin(named, claim, installed("tf2.21"))
    assert [text.split("(recipe ")[1] for text in found] == [f"{named[number]})" for number in told]


@pytest.mark.parametrize("alarm", Alarm)
def test_an_alarm_has_a_remedy(alarm):
    """And what is none has none; nor has any where nothing was run."""
    assert len(remedies.of_alarm(alarm.value, installed("tf2.21"))) == 1
    assert remedies.of_alarm(alarm.value, installed("tf2.21", tensorflow="2.99.0", keras="3.99.0")) == ()
    assert remedies.of_alarm("", installed("tf2.21")) == ()
