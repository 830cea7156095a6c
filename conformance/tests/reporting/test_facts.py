"""What stands in the page as data: each thing that rows say, once, and as short as it can be."""

import dataclasses
from types import SimpleNamespace

import pytest

from conformance.matrix.folding import Run
from conformance.reporting import facts

RUN = Run((), "deviates", "raises TypeError", "a-pin", None, False, None, None)


def said(reason):
    """Return what a row says whose only run has a reason."""
    return next(iter(facts.states([SimpleNamespace(runs=[dataclasses.replace(RUN, reason=reason)])])))


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("expected drops, observed raises TypeError: it has no rate", "it has no rate"),
        ("expected drops, observed raises TypeError", None),
        (
            "blocked by dropout/off-in-inference[called-Dropout]",
            "blocked by dropout/off-in-inference[called-Dropout]",
        ),
        (None, None),
    ],
)
def test_a_reason_is_told_without_the_word_that_stands_before_it(reason, told):
    """The page has expected and observed beside it."""
    assert said(reason) == ("deviates", "raises TypeError", "a-pin", told, False)


def test_what_rows_say_alike_is_there_once():
    """By number, in the order in which it comes."""
    rows = [SimpleNamespace(runs=[RUN]), SimpleNamespace(runs=[RUN, dataclasses.replace(RUN, pin=None)])]
    assert list(facts.states(rows).values()) == [0, 1]
