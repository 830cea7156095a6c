"""What pins may rest on: a certificate, or three runs of one's own."""

import copy

import pytest

from conformance.columns import certifying
from conformance.columns.certifying import Certificate
from conformance.exits import Exit
from conformance.proposals import evidence
from conformance.proposals.evidence import EvidenceError
from conformance.results import results
from conformance.results.results import ResultsError

SUITE = {"version": "0", "digest": "d", "shared": "s", "modules": {"dropout": "m"}}


def said(name="mine", valid=True, **cases):
    """Return results of a column in which cases deviate with a word."""
    records = {f"f/c[{case}]": {"outcome": "deviates", "observed": word} for case, word in cases.items()}
    return results.results({"id": name, "keras": "3", "lock": "l"}, SUITE, valid, records)


def certificate(**changes):
    """Return a certificate of the column."""
    row = {
        "column": "tf2.9",
        "runs": 2,
        "lock": "l",
        "shared": "s",
        "modules": {"dropout": "m"},
        "words": certifying.digests(said("tf2.9", a="w")),
        "unstable": {},
    }
    return {"tf2.9": Certificate(**{**row, **changes})}


@pytest.mark.parametrize(
    ("certificates", "says"),
    [
        ({}, "make certify COLUMNS=tf2.9"),
        (certificate(shared="other"), "make certify COLUMNS=tf2.9"),
        (certificate(lock="other"), "make certify COLUMNS=tf2.9"),
        (certificate(modules={"dropout": "other"}), "make certify COLUMNS=tf2.9"),
        (certificate(words={}), "other words than were certified"),
        (certificate(), ""),
    ],
    ids=["none", "another-suite", "another-lock", "another-module", "other-words", "certified"],
)
def test_a_committed_column_needs_its_certificate(certificates, says):
    """Of these very cases, in this very environment."""
    found = evidence.gathered([], {"tf2.9": said("tf2.9", a="w")}, certificates)
    assert says in found["tf2.9"].doubt
    assert bool(found["tf2.9"].doubt) == bool(says)


@pytest.mark.parametrize(("count", "enough"), [(1, False), (2, False), (3, True), (4, True)])
def test_a_column_of_ones_own_needs_three_runs(count, enough):
    """One would do for chance to be pinned."""
    found = evidence.gathered([said(a="w") for _ in range(count)], {}, {})
    if enough:
        evidence.required(found, found)
    else:
        with pytest.raises(EvidenceError, match=rf"mine: {count} results files, 3 are needed") as caught:
            evidence.required(found, found)
        assert caught.value.exit_code == Exit.BAD_INPUT


def test_words_that_differ_are_unstable():
    """In any of the runs."""
    found = evidence.gathered([said(a="w", b="w"), said(a="w", b="w"), said(a="w", b="v")], {}, {})
    assert found["mine"].unstable == {"f/c[b]": ["deviates w", "deviates w", "deviates v"]}


def test_the_certificate_names_what_is_unstable():
    """It was seen when the column was certified."""
    kept = {"tf2.9": said("tf2.9", a="w")}
    found = evidence.gathered([], kept, certificate(unstable={"f/c[a]": ["x", "y"]}))
    assert found["tf2.9"].unstable == {"f/c[a]": ["x", "y"]}


def test_a_committed_file_may_be_given_by_name():
    """It has its certificate, as without a name."""
    kept = said("tf2.9", a="w")
    assert evidence.gathered([copy.deepcopy(kept)], {"tf2.9": kept}, certificate())["tf2.9"].doubt == ""


def test_a_certificate_is_not_of_other_words():
    """Results of the same name that say otherwise are of one's own."""
    found = evidence.gathered([said("tf2.9", a="v")], {"tf2.9": said("tf2.9", a="w")}, certificate())
    assert "1 results files" in found["tf2.9"].doubt


def test_part_of_a_column_stands_beside_the_rest():
    """Judged is what was given; measured is what is committed too."""
    kept = said("tf2.9", a="w", b="w")
    (found,) = evidence.gathered([said("tf2.9", a="v")] * 3, {"tf2.9": kept}, certificate()).values()
    assert set(found.told["cases"]) == {"f/c[a]"}
    assert {case: r["observed"] for case, r in found.results["cases"].items()} == {
        "f/c[a]": "v",
        "f/c[b]": "w",
    }


@pytest.mark.parametrize("key", ["column", "suite"])
def test_different_columns_of_one_name_are_not_mixed(key):
    """Nor those that other cases measured."""
    other = said(a="w")
    other[key] = {**other[key], "digest": "other"}
    with pytest.raises(ResultsError, match="different columns or suites") as caught:
        evidence.gathered([said(a="w"), other], {}, {})
    assert caught.value.exit_code == Exit.BAD_INPUT


def test_a_version_that_changed_no_case_measured_the_same():
    """What the suite before it measured is as good."""
    kept = said("tf2.9", a="w")
    older = {**said("tf2.9", a="v"), "suite": {**SUITE, "version": "older"}}
    assert "1 results files" in evidence.gathered([older], {"tf2.9": kept}, certificate())["tf2.9"].doubt


def test_an_invalid_column_is_no_evidence():
    """Its canaries failed."""
    found = evidence.gathered([said(valid=False, a="w")] * 3, {}, {})
    assert "invalid" in found["mine"].doubt
