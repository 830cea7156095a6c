"""A case that disagrees with itself is found, and the evidence is kept."""

import json

import pytest

from conformance import suite
from conformance.columns import certifying, running
from conformance.columns.certifying import Certificate
from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError

COLUMN = columns()["tf2.9"]


def said(**cases):
    """Return results of the column in which cases holds, or deviate with a word."""
    records = {
        case: {"outcome": "deviates" if word else "holds", "observed": word or "x"}
        for case, word in cases.items()
    }
    about = {"id": "tf2.9", "python": "3.10.13", "lock": suite.lock_digest("tf2.9")}
    return results.results(about, suite.identity(), True, records)


@pytest.fixture
def certify(tmp_path, monkeypatch):
    """Return a function that certifies the column, given the results of every run, in order."""
    monkeypatch.setattr(running, "WORK", tmp_path / "work")
    monkeypatch.setattr(certifying, "CERTIFIED", tmp_path / "certified.json")
    monkeypatch.setattr(running, "RESULTS", tmp_path)
    asked = []

    def run(first, *further, code=0, force=False):
        if first:
            results.write(tmp_path / "tf2.9.json", first)
        turns = iter(further)

        def tox(column, log, *arguments, scratch):
            asked.append(arguments)
            if not code:
                results.write(scratch / "tf2.9.json", next(turns))
            return 0.0, code

        monkeypatch.setattr(running, "tox", tox)
        (found,) = certifying.certify([COLUMN], len(further) or 1, 1, force, lambda line: None)
        return found

    run.asked, run.kept = asked, tmp_path / "certified.json"
    return run


def test_the_same_words_are_certified(certify):
    """Nothing is unstable where two runs agree, and the second went backwards."""
    found = certify(said(a="", b="w"), said(a="", b="w"))
    assert (found.runs, found.unstable) == (2, {})
    modules = running.targets(suite.identity()["modules"])
    assert certify.asked == [("--", *modules, "--backwards")]
    assert json.loads(certify.kept.read_text())["columns"][0]["column"] == "tf2.9"


@pytest.mark.parametrize(
    ("second", "answers"),
    [
        (said(a="", b="v"), ["deviates w", "deviates v"]),
        (said(a="", b=""), ["deviates w", "holds x"]),
        (said(a=""), ["deviates w", "absent"]),
    ],
    ids=["word", "outcome", "gone"],
)
def test_a_case_that_disagrees_with_itself_is_unstable(certify, second, answers):
    """Another word, another outcome, no answer: each is told with what was said."""
    assert certify(said(a="", b="w"), second).unstable == {"b": answers}


def test_it_takes_one_run_that_differs(certify):
    """A third run can still find what two did not."""
    assert certify(said(a=""), said(a=""), said(a="w")).unstable == {
        "a": ["holds x", "holds x", "deviates w"]
    }


@pytest.fixture
def vouched(certify):
    """Return a function that keeps a certificate of the column in which some modules have changed since."""

    def keep(first, *changed, lock=None):
        now = suite.identity()
        modules = {**now["modules"], **dict.fromkeys(changed, "then")}
        lock = lock or suite.lock_digest("tf2.9")
        unstable = {"a/b[c]": ["x", "y"], "d/e[f]": ["x", "y"]}
        certifying._keep(
            Certificate("tf2.9", 3, lock, now["shared"], modules, certifying.digests(first), unstable)
        )

    return keep


def test_what_is_certified_is_not_measured_again(certify, vouched):
    """The certificate stays as it was; `force` measures all the same."""
    vouched(said(a=""))
    assert certify(said(a="")).runs == 3
    assert certify.asked == []
    assert certify(said(a=""), said(a=""), force=True).runs == 2


def test_other_words_than_were_certified(certify, vouched):
    """Results measured anew, or changed by hand: the certificate is not theirs."""
    vouched(said(a=""))
    found = certify(said(a="w"), said(a="w"))
    assert (found.runs, found.words) == (2, certifying.digests(said(a="w")))
    assert len(certify.asked) == 1


BOTH = {"a/b[c]": "", "d/e[f]": ""}


def test_after_a_change_in_one_module_only_that_one_is_certified_again(certify, vouched):
    """What the other modules' cases said stays as it was said."""
    vouched(said(**BOTH), "dropout")
    now = {**BOTH, "a/b[c]": "w"}
    found = certify(said(**now), said(**{"a/b[c]": "w"}))
    assert certify.asked == [("--", "conformance/cases/test_dropout.py", "--backwards")]
    assert (found.runs, dict(found.unstable)) == (2, {"d/e[f]": ["x", "y"]})
    assert found.words == certifying.digests(said(**now))


def test_after_a_change_in_one_module_the_others_must_say_the_same(certify, vouched):
    """What was not measured again must be what was certified."""
    vouched(said(**BOTH), "dropout")
    found = certify(said(**{**BOTH, "d/e[f]": "w"}), said(**{"a/b[c]": ""}))
    assert found.message == (
        "other words than were certified, in d/e; run `python -m conformance certify --force tf2.9`"
    )


def test_another_lock_makes_all_of_it_void(certify, vouched):
    """What another NumPy said is no evidence."""
    vouched(said(a=""), lock="other")
    assert certify(said(a=""), said(a="")).unstable == {}


def test_a_column_that_is_not_measured_is_not_certified(certify):
    """There is nothing to compare with: the line says what to do first."""
    assert "make matrix COLUMNS=tf2.9" in certify(None).message


def test_a_run_that_fails_certifies_nothing(certify):
    """The evidence that was there stays."""
    assert "not measured again" in certify(said(a=""), code=Exit.NOT_MEASURED).message
    assert not certify.kept.exists()


def test_a_broken_file_of_certificates(tmp_path):
    """One line, and what to do."""
    path = tmp_path / "certified.json"
    path.write_text("{")
    with pytest.raises(ResultsError, match="make certify"):
        certifying.certificates(path)
