"""Bisecting: which releases lie between, which is asked next, and what is said at the end."""

import pytest

from conformance import bisecting
from conformance.bisecting import SkippedError, UnansweredError, UnchangedError
from conformance.columns import ColumnError, columns
from conformance.exits import Exit
from conformance.trying import lock, search

RELEASES = [f"3.{minor}.0" for minor in range(9)]


def asking(changed, broken=()):
    """Return a fake that says `new` from a release on, and the list of what it was asked."""
    asked = []

    def ask(release):
        asked.append(release)
        if release in broken:
            raise SkippedError("no wheel")
        return "new" if RELEASES.index(release) >= changed else "old"

    return ask, asked


def test_releases_between_are_in_the_order_of_pep_440():
    """Pre-releases and nightlies lie before their release; either end may be the good one."""
    index = ["2.5.0", "2.5.0rc1", "2.5.0.dev2021", "2.10.0", "2.4.4", "2.4.3"]
    wanted = ["2.4.4", "2.5.0.dev2021", "2.5.0rc1", "2.5.0", "2.5.3"]
    assert bisecting.between("2.4.4", "2.5.3", index) == wanted
    assert bisecting.between("2.5.3", "2.4.4", index) == wanted


@pytest.mark.parametrize("changed", range(1, 9))
def test_the_first_changed_release_is_found(changed):
    """Wherever it is, in no more steps than halving takes."""
    ask, asked = asking(changed)
    found = bisecting.bisect(RELEASES, ask)
    assert (found.before, found.first) == (RELEASES[changed - 1], RELEASES[changed])
    assert (found.was, found.word, found.skipped) == ("old", "new", [])
    assert len(asked) <= 2 + 3


def test_a_skipped_release_is_passed_over():
    """The answer is still exact where the skipped ones are not beside it."""
    found = bisecting.bisect(RELEASES, asking(7, broken=["3.4.0"])[0])
    assert (found.first, found.skipped) == ("3.7.0", [])


def test_a_skipped_release_beside_the_change_is_named():
    """It may be the one that changed."""
    found = bisecting.bisect(RELEASES, asking(5, broken=["3.4.0"])[0])
    assert (found.before, found.first, found.skipped) == ("3.3.0", "3.5.0", ["3.4.0"])
    assert str(found).endswith("or in one that was skipped: 3.4.0")


def test_ends_that_say_the_same():
    """Nothing is asked between them."""
    ask, asked = asking(0)
    with pytest.raises(UnchangedError, match=r"3\.0\.0 and 3\.8\.0 say the same: new") as caught:
        bisecting.bisect(RELEASES, ask)
    assert caught.value.exit_code == Exit.UNCHANGED
    assert asked == ["3.0.0", "3.8.0"]


def test_an_end_that_cannot_be_asked():
    """There is nothing to compare with."""
    with pytest.raises(UnansweredError, match="no wheel"):
        bisecting.bisect(RELEASES, asking(3, broken=["3.8.0"])[0])


@pytest.mark.parametrize(
    ("good", "bad", "package"),
    [
        ("tf2.16-keras3.3", "tf2.16-keras3.4", "keras"),
        ("tf2.22rc0", "tf2.21", "keras"),
        ("tf2.20", "tf2.21", "tensorflow"),
        ("tf1.15", "tf2.0", "tensorflow"),
        ("tf2.16-tf_keras", "tf2.17-tf_keras", "tf-keras"),
    ],
)
def test_what_is_exchanged(good, bad, package):
    """The one package in which two columns differ."""
    assert search(columns()[good], columns()[bad]).package == package


def test_two_implementations_cannot_be_bisected():
    """There is no release between Keras 2 and Keras 3 on the same line."""
    with pytest.raises(ColumnError, match="different implementations"):
        search(columns()["tf2.15"], columns()["tf2.16"])


def test_a_pre_release_stands_on_the_column_of_its_minor():
    """2.5.0rc0 wants what 2.5 wants, not what 2.4 does."""
    wanted = search(columns()["tf2.4"], columns()["tf2.5"])
    assert [wanted.base(r).id for r in ("2.4.4", "2.5.0rc0", "2.5.3")] == ["tf2.4", "tf2.5", "tf2.5"]


def test_a_nightly_takes_the_place_of_keras():
    """Two distributions of one package in one environment would overwrite each other."""
    wanted = search(columns()["tf2.21"], columns()["tf2.22rc0"])
    assert "\nkeras==3.15.1\n" in lock(wanted, "3.15.1")
    text = lock(wanted, "3.16.0.dev2026090104")
    assert "\nkeras-nightly==3.16.0.dev2026090104\n" in text
    assert "\nkeras==" not in text
