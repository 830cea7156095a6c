"""A case that disagrees with itself is found, and the evidence is kept."""

import dataclasses
import json

import pytest
from hypothesis import given

from conformance import suite
from conformance.columns import certifying, running
from conformance.columns.certifying import Certificate
from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError
from conformance.tests.results import examples
from conformance.tests.results.mutations import FUZZED, files, read_or_refused

COLUMN = columns()["tf2.9"]


def said(**cases):
    """Return results of the column in which cases hold, or deviate with a word."""
    records = {
        case if "[" in case else id_of(case): examples.record("deviates" if word else "holds", word)
        for case, word in cases.items()
    }
    return examples.of(records, suite=suite.identity(), lock=suite.lock_digest("tf2.9"))


def id_of(situation):
    """Return the id of a case in a situation."""
    return f"{examples.CLAIM}[{situation}]"


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
        (said(a="", b=""), ["deviates w", "holds drops"]),
        (said(a=""), ["deviates w", "absent"]),
    ],
    ids=["word", "outcome", "gone"],
)
def test_a_case_that_disagrees_with_itself_is_unstable(certify, second, answers):
    """Another word, another outcome, no answer: each is told with what was said."""
    assert certify(said(a="", b="w"), second).unstable == {id_of("b"): answers}


def test_it_takes_one_run_that_differs(certify):
    """A third run can still find what two did not."""
    assert certify(said(a=""), said(a=""), said(a="w")).unstable == {
        id_of("a"): ["holds drops", "holds drops", "deviates w"]
    }


@pytest.fixture
def vouched(certify):
    """Return a function that keeps a certificate of the column in which some modules have changed since."""

    def keep(first, *changed, lock=None):
        now = suite.identity()
        modules = {**now["modules"], **dict.fromkeys(changed, "then")}
        lock = lock or suite.lock_digest("tf2.9")
        unstable = {ONE: ["x", "y"], TWO: ["x", "y"]}
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


ONE, TWO = id_of("a"), "frozen/is-not-inference-mode[b]"
BOTH = {ONE: "", TWO: ""}


def test_after_a_change_in_one_module_only_that_one_is_certified_again(certify, vouched):
    """What the other modules' cases said stays as it was said."""
    vouched(said(**BOTH), "dropout")
    now = {**BOTH, ONE: "w"}
    found = certify(said(**now), said(**{ONE: "w"}))
    assert certify.asked == [("--", "conformance/cases/test_dropout.py", "--backwards")]
    assert (found.runs, dict(found.unstable)) == (2, {TWO: ["x", "y"]})
    assert found.words == certifying.digests(said(**now))


def test_after_a_change_in_one_module_the_others_must_say_the_same(certify, vouched):
    """What was not measured again must be what was certified."""
    vouched(said(**BOTH), "dropout")
    found = certify(said(**{**BOTH, TWO: "w"}), said(**{ONE: ""}))
    told = "other words than were certified, in frozen"
    assert found.message == f"{told}; run `python -m conformance certify --force tf2.9`"


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


def row(name="tf2.9"):
    """Return a certificate as it is kept."""
    kept = Certificate(name, 2, "l", "s", {"dropout": "m"}, {examples.CLAIM: "w"}, {ONE: ["x", "y"]})
    return dataclasses.asdict(kept)


KEPT = {"schema": certifying.SCHEMA, "columns": [row(), row("tf2.8")]}


@FUZZED
@given(data=files(KEPT))
def test_certificates_mean_what_they_say_or_are_refused(tmp_path_factory, data):
    """Pins rest on them."""
    path = tmp_path_factory.getbasetemp() / "certified.json"
    found = read_or_refused(certifying.certificates, path, data)
    if found is None:
        return
    assert [dataclasses.asdict(each) for each in found.values()] == json.loads(data)["columns"]
    now = {"shared": "s", "modules": {"dropout": "m"}}
    assert all(each.covers(now, "l") in ([], ["dropout"]) and each.runs > 1 for each in found.values())


@pytest.mark.parametrize(
    ("kept", "says"),
    [
        ({**KEPT, "schema": 2}, "schema is 2, not 3"),
        ({**KEPT, "columns": [row(), {**row("a"), "runs": 1}]}, "certificate 2: runs is 1, not a whole"),
        (
            {**KEPT, "columns": [{**row(), "words": {"a/b": 1}}]},
            "certificate 1: words: 'a/b' is 1, not a text",
        ),
        ({**KEPT, "columns": [{**row(), "unstable": {"a": [1]}}]}, "unstable: 'a': 1 is 1, not a text"),
        ({**KEPT, "columns": [row(), row()]}, "two certificates of tf2.9"),
    ],
)
def test_what_is_wrong_with_certificates_is_said(tmp_path, kept, says):
    """One line, and what to do."""
    path = tmp_path / "certified.json"
    path.write_text(json.dumps(kept))
    with pytest.raises(ResultsError, match=rf"{says}.*; delete it and run `make certify`"):
        certifying.certificates(path)
