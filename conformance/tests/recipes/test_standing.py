"""Which recipe holds where, and which is advised on the way from one column to another."""

import pytest

from conformance.columns.columns import Column
from conformance.recipes import standing
from conformance.recipes.goals import Goal, Recipe
from conformance.reporting import cookbook

COLUMNS = [
    Column("tf2.14", "keras2", "3.11", (), {}),
    Column("tf2.15", "keras2", "3.11", (), {}),
    Column("tf2.21", "keras3", "3.13", (), {}),
]
GOAL = Goal(
    "rest",
    "Have it rest.",
    "rests",
    ("f/*",),
    tuple(Recipe("rest", way, f"Go {way}.", "common", "") for way in ("old", "new", "always", "odd")),
)
PRINTED = {
    "old": ("rests", "rests", "moves"),
    "new": ("raises ValueError", "not applicable", "rests"),
    "always": ("rests", "rests", "rests"),
    "odd": ("moves", None, "moves"),
}
IDS = [column.id for column in COLUMNS]
WORDS = {(f"rest/{way}.py", c): w for way, said in PRINTED.items() for c, w in zip(IDS, said, strict=True)}
FOUND = standing.results([GOAL], WORDS, COLUMNS)


def advised(named, before, after, found=FOUND):
    """Return the ways that are advised, by side."""
    each = standing.advised([f"rest/{way}" for way in named], [GOAL], found, before, after)
    return [tuple(side and side.way for side in (one.before, one.after, one.both)) for one in each]


@pytest.mark.parametrize(
    ("named", "ways"),
    [
        (["old", "always"], ("always", "always", "always")),
        (["odd"], ("always", "always", "always")),
        (["always", "old"], ("always", "always", "always")),
    ],
)
def test_what_is_advised(named, ways):
    """What holds on both sides, though another were better on one; also a way that is not named."""
    assert advised(named, "tf2.15", "tf2.21") == [ways]


def test_one_for_each_side():
    """Where no way holds on both, the best of each; nothing on a side where none does."""
    found = {**FOUND, "rest/always": dict.fromkeys(IDS, "moves")}
    assert advised(["old", "new"], "tf2.15", "tf2.21", found) == [("old", "new", None)]
    found = {**found, "rest/new": dict.fromkeys(IDS)}
    assert advised(["old", "new"], "tf2.15", "tf2.21", found) == [("old", None, None)]


def test_what_did_not_run_is_never_advised():
    """A script that is not known to have said its word holds nowhere; nor in a column of somebody's own."""
    found = standing.results([GOAL], {}, COLUMNS)
    assert advised(["always"], "tf2.14", "tf2.15", found) == []
    assert advised(["always"], "tf2.14", "my-own") == [("always", None, None)]
    assert standing.reached([GOAL], found) == {"rest": dict.fromkeys(IDS, "")}


def test_where_no_remedy_holds():
    """Column by column, whichever of them does."""
    assert standing.uncovered(["rest/old", "rest/new"], [GOAL], FOUND, IDS) == []
    assert standing.uncovered(["rest/new", "rest/odd"], [GOAL], FOUND, IDS) == ["tf2.14", "tf2.15"]


@pytest.mark.parametrize(
    ("word", "said"),
    [("rests", "holds"), (None, "unknown"), ("moves", "moves"), ("not applicable", "not applicable")],
)
def test_how_a_word_stands_to_its_goal(word, said):
    """Only the goal's own word is that it holds."""
    assert standing.said(GOAL, word) == said


def test_the_first_way_that_holds():
    """In the order of the registry."""
    assert standing.reached([GOAL], FOUND)["rest"] == {"tf2.14": "old", "tf2.15": "old", "tf2.21": "new"}


def test_what_is_missing_is_said():
    """By recipe, with the columns."""
    assert standing.faults([GOAL], FOUND) == ["rest/odd: said nothing in tf2.15"]


def test_rows_of_the_matrix():
    """Code and words together: whoever reads one row can use it."""
    rows = standing.rows([GOAL], FOUND)
    assert [row["id"] for row in rows] == [recipe.id for recipe in GOAL.recipes]
    assert rows[0]["results"] == {"tf2.14": "rests", "tf2.15": "rests", "tf2.21": "moves"}


def test_the_claim_at_hand_chooses_among_goals():
    """A pin that names ways to two goals is answered by the one that is about the claim, else by both."""
    other = Goal("learn", "Have it learn.", "learns", ("g/*",), (Recipe("learn", "flag", "", "common", ""),))
    words = {**WORDS, **{("learn/flag.py", column): "learns" for column in IDS}}
    cookbook = standing.Cookbook([GOAL, other], standing.results([GOAL, other], words, COLUMNS))
    asked = {
        claim: cookbook.advised(["rest/always", "learn/flag"], claim, "tf2.14", "tf2.15")
        for claim in ("f/c", "g/c", "h/c")
    }
    goals = {claim: [one.goal.id for one in each] for claim, each in asked.items()}
    assert goals == {"f/c": ["rest"], "g/c": ["learn"], "h/c": ["rest", "learn"]}


def test_goals_as_text():
    """Ranges, how often a way holds, and where no way does."""
    text = cookbook.page([GOAL], FOUND, COLUMNS)
    assert "new (common): Go new." in text
    assert (
        "holds in 1 of 3: TensorFlow: raises ValueError in 2.14, not applicable in 2.15, holds in 2.21"
        in text
    )
    only = Goal("rest", "Have it rest.", "rests", ("f/*",), GOAL.recipes[3:])
    assert "no way that is known to hold in tf2.14, tf2.15, tf2.21" in cookbook.page([only], FOUND, COLUMNS)
