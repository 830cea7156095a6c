"""What a script said is read from what its process left."""

import pytest

from conformance.columns.scripts import Said


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
