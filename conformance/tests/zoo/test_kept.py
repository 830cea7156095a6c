"""What is known of audits: kept in a file that is read or refused, and void when anything changes."""

import dataclasses
import json

import pytest
from hypothesis import given

from conformance.exits import Exit
from conformance.results.results import ResultsError
from conformance.tests.results.mutations import FUZZED, files, read_or_refused
from conformance.zoo import kept
from conformance.zoo.kept import Trial, Visit

VISIT = Visit(
    "plain", "tf2.15", ["drop: masking: drops"], ["fit(): it hangs"], 3, 1, ["f/c[a]: x"], ["1", "2"]
)
TRIAL = Trial("dropout-never-drops", "dropout", "tf2.15", "plain, fit(): drop", [], ["1", "2", "3"])
KEPT = {"schema": 2, "visits": [dataclasses.asdict(VISIT)], "trials": [dataclasses.asdict(TRIAL)]}


@FUZZED
@given(data=files(KEPT))
def test_what_is_kept_is_used_or_refused(tmp_path_factory, data):
    """In a line, whatever is in it."""
    path = tmp_path_factory.getbasetemp() / "zoo.json"
    found = read_or_refused(kept.read, path, data)
    if found is not None:
        kept.keep(*found, path)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"schema": 1}, "schema is 1, not 2"),
        ({"visits": [{**KEPT["visits"][0], "agrees": -1}]}, "agrees"),
        ({"visits": KEPT["visits"] * 2}, "plain twice in tf2.15"),
        ({"trials": [{**KEPT["trials"][0], "part": "../x"}]}, "part"),
    ],
)
def test_what_is_wrong_is_said(changed, says, tmp_path):
    """The first thing, and what to do."""
    path = tmp_path / "zoo.json"
    path.write_text(json.dumps({**KEPT, **changed}))
    with pytest.raises(ResultsError, match=says) as caught:
        kept.read(path)
    assert caught.value.exit_code == Exit.BAD_INPUT


@pytest.mark.parametrize("changed", range(3))
def test_it_is_void_when_anything_changes(changed, tmp_path):
    """What was asked, the lock, the mutant."""
    path = tmp_path / "zoo.json"
    now = kept.of_a_trial("tf2.15", "dropout")
    silent = dataclasses.replace(TRIAL, mutant="dropout-ignores-rate", noticed="", digests=now)
    visit, trial = (dataclasses.replace(one, digests=now[: len(one.digests)]) for one in (VISIT, TRIAL))
    kept.keep([visit], [trial, silent], path)
    assert kept.read(path) == ([visit], [silent, trial])
    other = [*now[:changed], "0", *now[changed + 1 :]]
    kept.keep([], [dataclasses.replace(trial, digests=other)], path)
    assert kept.read(path) == ([visit], [silent])
    assert len(kept.whatever(path)[1]) == 2


def test_every_model_says_what_it_is():
    """Healthy ones and those with a fault, none of which is both; and those audited under mutants."""
    healthy, faulty = kept.models("HEALTHY"), kept.models("FAULTY")
    assert all({**healthy, **faulty, **kept.models("WITNESSES")}.values())
    assert set(healthy).isdisjoint(faulty)
