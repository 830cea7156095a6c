"""Globs know one special sign, and a case is known by the ids that it had."""

import pytest

from conformance.pins import globs


@pytest.mark.parametrize(
    ("text", "before", "after", "becomes"),
    [
        ("f/c[a]", "f/c[a]", "f/c[b]", "f/c[b]"),
        ("f/c[a]", "f/c[b]", "f/c[a]", None),
        ("f/c[a-x]", "f/c[a-*", "f/d[b-*", "f/d[b-x]"),
        ("f/c[x-a]", "f/c[*-a]", "f/c[*-b]", "f/c[x-b]"),
        ("f/c[a-*", "f/c[a-*", "f/c[b-*", "f/c[b-*"),
        ("f/c[*]", "f/c[a-*", "f/c[b-*", None),
        ("f/c[a]", "f/c[a*]", "f/c[b*]", "f/c[b]"),
        ("f/c[aa]", "f/c[aa*aa]", "f/c[b*b]", None),
    ],
)
def test_a_name_becomes_another(text, before, after, becomes):
    """What the star stood for stays; a name that the old one does not match has not changed."""
    assert globs.renamed(text, before, after) == becomes


def test_a_case_is_known_by_the_ids_that_it_had():
    """Through renamings that follow one another, the latest first."""
    renames = (("f/c[b-*", "f/c[c-*"), ("f/c[x]", "f/c[y]"), ("f/c[a-*", "f/c[b-*"))
    assert globs.names("f/c[c-1]", renames) == ("f/c[c-1]", "f/c[b-1]", "f/c[a-1]")
    assert globs.names("f/c[z]", renames) == ("f/c[z]",)
    assert globs.names("f/c[c-1]", ()) == ("f/c[c-1]",)


def test_only_the_star_is_special():
    """Ids have brackets and dots."""
    assert globs.matches(("f/c[a.*]",), "f/c[a.b]")
    assert not globs.matches(("f/c[a.*]",), "f/c[axb]")
    assert not globs.matches(("f/c[a]",), "f/c[a]\n")
    assert not globs.matches((), "f/c[a]")
