"""What several machines measured becomes one column, or is refused with the file that does not fit."""

import dataclasses
import json
import os

import pytest

from conformance import suite
from conformance.columns import merging
from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.measuring.shards import Shard, ShardError, shard
from conformance.results import results
from conformance.results.results import ResultsError
from conformance.tests.results import examples
from conformance.tests.test_main import invoke

CASES = [f"{examples.CLAIM}[{n}]" for n in range(40)]
LOCK = suite.lock_digest("tf2.9")


def part(folder, index=1, of=2, name="tf2.9", digest=None, valid=True, extra=(), outcome="holds", there=None):
    """Write the results of one shard, and return their path."""
    one = Shard(index, of)
    cases = dict.fromkeys([*filter(one.has, CASES), *extra], outcome)
    identity = {**suite.identity(), **({"digest": digest} if digest else {})}
    path = folder / f"{index}-of-{of}.json"
    shard = {**dataclasses.asdict(one), **({"cases": there} if there else {})}
    results.write(path, examples.of(cases, name, identity, valid, shard, lock=LOCK))
    return path


@pytest.mark.parametrize("of", [1, 2, 7])
def test_every_case_is_in_one_shard(of):
    """None is left out, none runs twice, and no part has all."""
    parts = [[case for case in CASES if Shard(index, of).has(case)] for index in range(1, of + 1)]
    assert sorted(case for one in parts for case in one) == sorted(CASES)
    assert all(parts)


def test_a_case_stays_where_it_is():
    """Which shard a case is in depends on its id alone, today as when this was written."""
    cases = [f"dropout/c[{n}]" for n in range(8)]
    found = [index for case in cases for index in range(1, 5) if Shard(index, 4).has(case)]
    assert found == [4, 4, 3, 3, 2, 1, 1, 4]


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4", "1/4x", "1/1000000", ""])
def test_what_is_no_shard(text):
    """One line says how to write it."""
    with pytest.raises(ShardError, match="write 1/4"):
        shard(text)


def test_shards_make_a_column(tmp_path):
    """In any order, the canaries once, and nothing says any more that it was split."""
    whole = merging.merged([part(tmp_path, 2), part(tmp_path, 1)])
    assert sorted(whole["cases"]) == sorted([*CASES, examples.CANARY])
    assert "shard" not in whole


@pytest.mark.parametrize(
    ("made", "code", "says"),
    [
        ([{"index": 1}], Exit.BAD_INPUT, "shard 2/2 is missing"),
        ([{"index": 1, "of": 999999}], Exit.BAD_INPUT, "shard 2/999999, 3/999999, "),
        ([{"index": 1}, {"index": 1, "of": 3}], Exit.BAD_INPUT, "is shard 1/3, and others are of 2"),
        ([{"index": 1}, {"index": 2, "digest": "other"}], Exit.BAD_INPUT, "another suite"),
        ([{"index": 1}, {"index": 2, "name": "tf2.8"}], Exit.BAD_INPUT, "another column"),
        ([{"index": 1}, {"index": 2, "valid": False}], Exit.NOT_MEASURED, "a canary failed"),
        (
            [{"index": 1}, {"index": 2, "extra": [next(filter(Shard(1, 2).has, CASES))]}],
            Exit.BAD_INPUT,
            "does not belong to shard 2/2",
        ),
        (
            [{"index": 1, "there": 41}, {"index": 2, "there": 42}],
            Exit.BAD_INPUT,
            "2-of-2.json: is a shard of 42 cases, and 41 came",
        ),
    ],
    ids=["gap", "gaps", "division", "suite", "column", "canary", "astray", "cases"],
)
def test_shards_that_do_not_fit(tmp_path, made, code, says):
    """Each is named in one line, with an exit code, and nothing is written."""
    paths = [part(tmp_path, **options) for options in made]
    done = invoke("merge", *paths, "-o", tmp_path / "tf2.9.json")
    assert done.exit_code == code
    assert says in done.output
    assert len(done.output.splitlines()) == 1
    assert not (tmp_path / "tf2.9.json").exists()


def test_a_shard_given_twice(tmp_path):
    """The two files are named."""
    paths = [part(tmp_path / "a"), part(tmp_path / "b")]
    with pytest.raises(ShardError, match=r"a/1-of-2\.json and .*b/1-of-2\.json: both are shard 1/2"):
        merging.merged(paths)


def test_merge_writes_a_column(tmp_path):
    """A whole column, which every other command reads; a case without an answer is told by the exit code."""
    target = tmp_path / "tf2.9.json"
    done = invoke("merge", part(tmp_path, 1), part(tmp_path, 2), "-o", target)
    assert (done.exit_code, len(results.read(target)["cases"])) == (0, 41)
    done = invoke("merge", part(tmp_path, 1), part(tmp_path, 2, outcome="not-run"), "-o", target)
    assert done.exit_code == Exit.NOT_MEASURED


def test_merge_prints_a_column(tmp_path, monkeypatch):
    """As `-` means elsewhere: nothing else is on that stream, and there is no file of that name."""
    monkeypatch.chdir(tmp_path)
    done = invoke("merge", part(tmp_path, 1), part(tmp_path, 2), "-o", "-")
    assert (done.exit_code, len(json.loads(done.stdout)["cases"])) == (0, 41)
    assert done.stderr == "-: 41 cases, 0 without an answer\n"
    assert "-" not in os.listdir(tmp_path)


def test_merge_says_where_it_cannot_write(tmp_path):
    """And no word of options that it does not have."""
    done = invoke("merge", part(tmp_path, 1), part(tmp_path, 2), "-o", tmp_path)
    assert done.exit_code == Exit.NOT_MEASURED
    assert done.output == f"error: {tmp_path}: cannot be written (Is a directory)\n"


def test_a_shard_is_no_column(tmp_path):
    """Nothing that reads columns takes a part for the whole, and a column is no shard."""
    path = part(tmp_path)
    with pytest.raises(ResultsError, match="merge") as caught:
        results.read(path)
    assert caught.value.exit_code == Exit.BAD_INPUT
    assert invoke("drift", path).exit_code == Exit.BAD_INPUT
    results.write(path, examples.of())
    with pytest.raises(ResultsError, match="no shard"):
        merging.merged([path])


def column(folder, name, digest=None, valid=True, lock=None):
    """Write the results of one column as its job would leave them."""
    identity = {**suite.identity(), **({"digest": digest} if digest else {})}
    lock = lock or suite.lock_digest(name)
    results.write(folder / name / f"{name}.json", examples.of(None, name, identity, valid, lock=lock))


def test_columns_are_gathered_and_the_rest_is_named(tmp_path):
    """One job died, one ran with another suite, one failed its canaries: the others are taken."""
    column(tmp_path, "tf2.0")
    column(tmp_path, "tf2.1", digest="other")
    column(tmp_path, "tf2.2", valid=False)
    column(tmp_path, "tf2.3", lock="other")
    column(tmp_path, "tf2.99")
    (tmp_path / "half.json").write_text('{"schema": 1, "ca')
    said = []
    names = ["tf2.0", "tf2.1", "tf2.2", "tf2.3", "tf2.4"]
    found = merging.gathered(tmp_path, [columns()[name] for name in names], said.append)
    assert [value["column"]["id"] for value in found] == ["tf2.0"]
    told = "\n".join(said)
    reasons = ("another suite", "a canary failed", "another lock", "no column is called", "cut in half")
    assert [words for words in reasons if words not in told] == []
    assert [line for line in said if "no results came" in line] == [
        f"{name}: no results came; the earlier ones are kept" for name in names[1:]
    ]


def test_what_is_gathered_from_is_a_folder(tmp_path):
    """What is none is told once, and no column is said to be missing."""
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "nowhere"):
        done = invoke("gather", path, "2.15")
        assert done.exit_code == Exit.BAD_INPUT
        assert done.output.startswith(f"error: {path}: is no folder; ")
        assert len(done.output.splitlines()) == 1
