"""What a script said is read from what its process left."""

import pytest

from conformance.columns import scripts
from conformance.columns.scripts import Said

TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n    model.fit(x)\n'


@pytest.mark.parametrize(
    ("errors", "name"),
    [
        (TRACEBACK + "KeyError: 'unknown'", "KeyError"),
        (TRACEBACK + "tensorflow.python.framework.errors_impl.InvalidArgumentError: no\n\t [[node]]\n", None),
        (TRACEBACK + "ValueError: two\nlines of it", "ValueError"),
        (TRACEBACK + "StopIteration\nWARNING:tensorflow:left open", "StopIteration"),
        ("2026-11-26 06:21:25.1: I tensorflow/core: ready\nSegmentation fault (core dumped)", ""),
        ("", ""),
    ],
)
def test_what_a_program_ended_with(errors, name):
    """The class, as it is told everywhere else: without its module."""
    assert scripts.raised(errors) == ("InvalidArgumentError" if name is None else name)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (Said("rests", "", ""), "rests"),
        (Said(None, "ends with KeyError: 1", "raises KeyError"), "raises KeyError"),
        (Said(None, "does not come to an end", "never returns"), "never returns"),
        (Said(None, "prints 2 lines", ""), None),
    ],
)
def test_whatever_a_script_says(said, word):
    """A word, or what it did instead; what printed two lines has said nothing."""
    assert said.whatever == word
