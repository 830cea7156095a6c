"""A second run of what is kept: what says the same is certified, and anything that changes voids it."""

import contextlib

import pytest

from conformance.columns import scripts
from conformance.columns.columns import columns
from conformance.columns.scripts import Kept, Printed, Said
from conformance.pins.faults import RECIPES
from conformance.recipes import goals, trying

GOAL = goals.chosen(["freeze-a-block"])
SCRIPTS = [recipe.script for recipe in GOAL[0].recipes]
COLUMN = columns()["tf2.15"]


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """Return a function that certifies recipes that said *rests*, where by themselves they say a word."""
    kept = Kept(tmp_path / "recipes.json", RECIPES, "recipes --run")
    monkeypatch.setattr(trying, "KEPT", kept)
    monkeypatch.setattr(trying.running, "alone", contextlib.nullcontext)
    kept.keep([Printed(s, *kept._digests(s, COLUMN.id), COLUMN.id, "rests") for s in SCRIPTS], SCRIPTS)

    def certify(word):
        asked = []

        def said(column, paths, built):
            asked.extend(paths)
            return [Said(word, "", "") for _ in paths]

        monkeypatch.setattr(scripts, "said", said)
        return trying.certify(GOAL, [COLUMN], None, 1, lambda line: None), len(asked)

    return certify


def test_the_same_word_is_certified_once(certified):
    """What is certified is not run again."""
    assert certified("rests") == ([], len(SCRIPTS))
    assert trying.uncertified(COLUMN) == []
    assert certified("moves") == ([], 0)


def test_another_word_is_said(certified):
    """It is not certified, and what is kept stays."""
    wrong, _ = certified("moves")
    assert wrong[-1] == "tf2.15: freeze-a-block/constructor.py: 'moves', and 'rests' is kept"
    assert len(wrong) == len(trying.uncertified(COLUMN)) == len(SCRIPTS)


def test_what_is_run_anew_has_no_certificate(certified):
    """It would be that of another run."""
    certified("rests")
    (first, *_) = trying.KEPT.read()
    trying.KEPT.keep([Printed(first.script, first.digest, first.lock, first.column, "moves")], SCRIPTS)
    assert [printed.script for printed in trying.uncertified(COLUMN)] == [first.script]
