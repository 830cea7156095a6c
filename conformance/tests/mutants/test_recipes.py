"""Recipes under mutants: which is tried first, what counts, and what was found of the project's own."""

import json

import pytest
from hypothesis import given

from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.mutants import recipes
from conformance.mutants.recipes import Kill
from conformance.mutants.trials import COLUMNS
from conformance.recipes import goals, standing, trying
from conformance.recipes.goals import Goal, Recipe
from conformance.results.results import ResultsError
from conformance.tests.results.mutations import FUZZED, files, read_or_refused

FLAG, HOPE = (Recipe("rest", way, "Go.", "common", "") for way in ("flag", "hope"))
GOAL = Goal("rest", "Have it rest.", "rests", ("f/*",), (FLAG, HOPE))


def of(recipe, mutant, column="tf2.15"):
    """Return a kill."""
    return Kill(recipe, column, mutant, "frozen", "moves", ["1", "2", "3"])


def test_what_is_tried_first():
    """What killed it elsewhere, then other ways to its goal, then others; the rest as it came."""
    kills = [of("learn/a", "c"), of("learn/b", "c"), of("rest/hope", "b"), of("rest/flag", "d")]
    assert recipes.order(FLAG, "abcde", kills) == ["d", "b", "c", "a", "e"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"a": "rests", "b": "moves", "c": "others"}, ("b", "moves")),
        ({"a": None, "b": "rests"}, ("", "")),
        ({"a": "not applicable", "b": "moves"}, ("b", "moves")),
        ({}, ("", "")),
    ],
)
def test_what_kills(said, found):
    """Another word: not what is raised, and not that there is no answer."""
    assert recipes.killer("rests", said, said.get) == found


def test_what_was_killed_is_asked_no_more():
    """After the first other word no mutant is tried."""
    asked = []
    recipes.killer("rests", "ab", lambda name: asked.append(name) or "moves")
    assert asked == ["a"]


def test_what_survives(monkeypatch):
    """A recipe that holds in two columns of a flavour is to be killed in one of them."""
    monkeypatch.setattr(recipes, "read", lambda: [of("rest/flag", "a")])
    found = {r.id: dict.fromkeys(("tf2.15", "tf2.14", "tf2.21"), "rests") for r in GOAL.recipes}
    flavours = {"tf2.14": "keras2", "tf2.15": "keras2", "tf2.21": "keras3"}
    survives = recipes.surviving([GOAL], found, flavours)
    assert set(survives) == {("rest/flag", "keras3"), ("rest/hope", "keras2"), ("rest/hope", "keras3")}


MATRIX = {
    "mutants": {
        name: {"part": "frozen", "columns": {"tf2.15": {"kills": kills}}}
        for name, kills in {"few": {"f/c": 1}, "none": {}, "many": {"f/c": 2, "f/d": 3}}.items()
    }
}


def test_what_applies():
    """Mutants that cases saw in the column, those that most saw first."""
    assert list(recipes.applying("tf2.15", MATRIX)) == ["many", "few"]
    assert recipes.applying("tf2.21", MATRIX) == {}


ROW = {
    "recipe": "freeze-a-base/flag-of-the-base",
    "column": "tf2.15",
    "mutant": "frozen-layers-are-trained",
    "part": "frozen",
    "word": "base learns",
    "digests": ["1", "2", "3"],
}
KEPT = {"schema": 1, "killed": [ROW]}


@FUZZED
@given(data=files(KEPT))
def test_what_is_kept_is_used_or_refused(tmp_path_factory, data):
    """In a line, whatever is in it."""
    path = tmp_path_factory.getbasetemp() / "recipes-killed.json"
    found = read_or_refused(recipes.read, path, data)
    if found is not None:
        recipes.keep(found, path)


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ({**KEPT, "schema": 2}, "schema is 2, not 1"),
        ({**KEPT, "killed": [{**ROW, "recipe": "../x"}]}, "not a recipe's id"),
        ({**KEPT, "killed": [{**ROW, "part": "../x"}]}, "not a module of mutants"),
        ({**KEPT, "killed": [ROW, ROW]}, "freeze-a-base/flag-of-the-base twice in tf2.15"),
    ],
)
def test_what_is_wrong_is_said(kept, says, tmp_path):
    """The first thing, and what to do."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps(kept))
    with pytest.raises(ResultsError, match=says) as caught:
        recipes.read(path)
    assert caught.value.exit_code == Exit.BAD_INPUT


@pytest.mark.parametrize("changed", range(3))
def test_a_kill_is_void_when_anything_changes(changed, tmp_path):
    """Script, mutant, lock."""
    now = recipes.digests(ROW["recipe"], ROW["column"], ROW["part"])
    path = tmp_path / "x.json"
    recipes.keep([Kill(**{**ROW, "digests": now})], path)
    assert len(recipes.read(path)) == 1
    recipes.keep([Kill(**{**ROW, "digests": [*now[:changed], "0", *now[changed + 1 :]]})], path)
    assert recipes.read(path) == []


GOALS = goals.read()
FOUND = standing.results(GOALS, trying.KEPT.words(), columns().values())
FLAVOURS = {column: columns()[column].flavour for column in COLUMNS}
_ALL = ("tf1", "keras2", "tf_keras", "keras3")
_READ = "no mutant keeps a kernel of a checkpoint from a Dense; Keras 3 does, where a model is not built yet"
#: What none of the mutants that were tried so far kills, and why, with the flavours in which that is so.
UNTOUCHED = {
    "flip-images-anew/tf-image": ("no layer flips there, and no mutant is of `tf.image`", _ALL),
    "loss-without-penalties/metric": ("no claim is about metrics, so no mutant is", _ALL),
    "read-a-checkpoint/called-then-read": (_READ, _ALL),
    "read-a-checkpoint/read-then-called": (_READ, _ALL[:3]),
    "thaw-inside-one-fit/gate": ("no flag is set, and no mutant trains where a gradient is zero", _ALL),
}


def test_each_recipe_that_holds_is_killed_in_each_flavour():
    """Else its script may say so whatever happens: run `python -m conformance recipes --mutants`."""
    left = {(recipe, flavour) for recipe, (_, flavours) in UNTOUCHED.items() for flavour in flavours}
    assert set(recipes.surviving(GOALS, FOUND, FLAVOURS)) == left


def test_what_is_kept_is_of_recipes_that_hold():
    """And each said another word than that of its goal."""
    holds = {(r.id, column): g.word for column in COLUMNS for g, r in recipes.holding(GOALS, FOUND, column)}
    for kill in recipes.read():
        assert holds[kill.recipe, kill.column] != kill.word
