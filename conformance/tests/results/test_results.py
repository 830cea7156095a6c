"""The results file: whole or untouched, never mixed with another suite's, and never the worse for a run."""

import json
import os
import subprocess
import sys
import time

import pytest

from conformance.exits import Exit
from conformance.results import results, scratch
from conformance.results.results import ResultsError
from conformance.suite import ROOT
from conformance.tests.results import examples

A, B, C = (f"{examples.CLAIM}[{letter}]" for letter in "abc")
OTHER = "dropout/off-in-inference[a]"


def of(cases=None, shared="s", a="1", b="1", **changes):
    """Return small results of a suite with two modules of cases, `a` and, with another claim, `b`."""
    suite = {"version": "0", "digest": shared + a + b, "shared": shared, "modules": {"a": a, "b": b}}
    found = examples.of(cases, suite=suite, **changes)
    for case, record in found["cases"].items():
        record["module"] = "b" if case == OTHER else "a"
    return found


def outcomes(found):
    """Return how each case of a claim ended."""
    return {case: r["outcome"] for case, r in found["cases"].items() if case != examples.CANARY}


def test_they_come_back_as_written(tmp_path):
    """What is written is read, with cases in order."""
    path = tmp_path / "new" / "c.json"
    results.write(path, of({B: "holds", A: "deviates"}))
    assert list(results.read(path)["cases"]) == [examples.CANARY, A, B]
    assert os.listdir(path.parent) == ["c.json"]


def test_the_same_results_are_the_same_bytes(tmp_path):
    """Nothing in a file depends on when, where or in which order it was made."""
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    results.write(first, of({A: "holds", B: "holds"}))
    results.write(second, of({B: "holds", A: "holds"}))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("text", ["", '{"schema": 1, "cases": {', "[]", '{"schema": 9}', '{"schema": 1}'])
def test_a_broken_file_is_one_clear_line(tmp_path, text):
    """Cut in half, of another schema or incomplete: one line, an exit code of its own."""
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(ResultsError) as caught:
        results.read(path)
    assert caught.value.exit_code == Exit.BAD_INPUT
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        lambda found: found.update(schema=2),
        lambda found: found.update(since="then"),
        lambda found: found["cases"].update({"dropout/of-tomorrow[a]": {}}),
    ],
)
@pytest.mark.parametrize(
    ("version", "hint"),
    [
        ("999.0", "version 999.0 of this suite wrote it, and this is .*: upgrade$"),
        ("0.0.1", "measure the column again$"),
        ("of tomorrow", "measure the column again$"),
    ],
)
def test_what_a_newer_suite_wrote_is_nobodys_fault(tmp_path, fault, version, hint):
    """What this one does not know: it is to be upgraded, and nothing is to be measured again."""
    found = of({B: "holds"})
    found["suite"]["version"] = version
    fault(found)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(found))
    with pytest.raises(ResultsError, match=hint):
        results.read(path)


def test_text_in_another_encoding_is_called_so(tmp_path):
    """A shell of Windows may write UTF-16, where a file is made of what was printed."""
    path = tmp_path / "c.json"
    path.write_text(results.dumped(of({B: "holds"})), encoding="utf-16")
    with pytest.raises(ResultsError, match="not text in UTF-8; measure"):
        results.read(path)


def test_an_error_is_one_line_whatever_a_file_is_called(tmp_path):
    """A name can hold what a terminal, or GitHub, takes for its own."""
    with pytest.raises(ResultsError) as caught:
        results.read(tmp_path / "\x1b[31m\n::error::x.json")
    assert "<U+001B>[31m" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    """A full disk costs the new results, not the old ones."""
    path = tmp_path / "c.json"
    results.write(path, of())
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ResultsError, match="No space left") as caught:
        results.write(path, of({B: "holds"}))
    assert caught.value.exit_code == Exit.NOT_MEASURED
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.json"]


def test_of_a_link_the_file_is_replaced(tmp_path):
    """The link stays, also where the file is still to come; nobody else may read the file than before."""
    (tmp_path / "shared").mkdir()
    link, file = tmp_path / "c.json", tmp_path / "shared" / "c.json"
    link.symlink_to(file)
    results.write(link, of())
    file.chmod(0o600)
    results.write(link, of({B: "holds"}))
    assert link.is_symlink()
    assert outcomes(results.read(file)) == {B: "holds"}
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(file.parent) == ["c.json"]


def test_a_link_to_itself_is_refused(tmp_path):
    """It leads to no file, and is not taken for one."""
    link = tmp_path / "c.json"
    link.symlink_to(link)
    with pytest.raises(ResultsError, match="symbolic links"):
        results.write(link, of())
    assert link.is_symlink()


def test_a_pipe_is_written_to(tmp_path):
    """It stays what it is, as a device does, also where room is made; one that nobody reads is told."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ResultsError, match="cannot be written"):
        results.write(pipe, of())
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    scratch.make_room(pipe)
    results.replace(pipe, "a report\n")
    assert os.read(reader, 100) == b"a report\n"
    os.close(reader)
    assert (pipe.is_fifo(), os.listdir(tmp_path)) == (True, ["pipe"])


PRINTED = """
from pathlib import Path
from conformance.results import scratch
print("before", flush=True)
scratch.make_room(Path("/dev/fd/1"))
scratch.replace(Path("/dev/fd/1"), "it\\n")
print("after")
"""


@pytest.mark.parametrize("how", ["file", "pipe"])
def test_ones_own_output_is_written_to(tmp_path, how):
    """In its turn, though a shell may have made it a file, which could be replaced."""
    with open(tmp_path / "out", "w") as sink:
        stdout = sink if how == "file" else subprocess.PIPE
        done = subprocess.run([sys.executable, "-c", PRINTED], cwd=ROOT, stdout=stdout, check=True)
    said = done.stdout or (tmp_path / "out").read_bytes()
    assert said.decode().split() == ["before", "it", "after"]


def test_room_is_made_where_a_link_leads(tmp_path):
    """An earlier file is gone, and not the link; a folder is in the way."""
    link, file = tmp_path / "link.xml", tmp_path / "x.xml"
    file.write_text("old")
    link.symlink_to(file)
    scratch.make_room(link)
    assert (link.is_symlink(), file.exists()) == (True, False)
    with pytest.raises(OSError, match=r"directory|permitted"):
        scratch.make_room(tmp_path)


def test_a_folder_that_is_a_file_is_found_before_the_work(tmp_path):
    """What cannot be written is said before anything is measured."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(ResultsError) as caught:
        results.ensure_writable(tmp_path / "taken")
    assert caught.value.exit_code == Exit.NOT_MEASURED


KILLED = """
import os, signal, sys
from pathlib import Path
from conformance.results import scratch
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
scratch.replace(Path(sys.argv[1]), "half")
"""


def test_what_a_killed_process_left_is_cleared_away(tmp_path):
    """By the next write to the folder; what another process is still writing stays."""
    path = tmp_path / "c.json"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT)
    assert done.returncode == -9
    (left,) = os.listdir(tmp_path)
    mine = left.replace(left.split("-")[1], str(os.getppid()))
    elsewhere = f".c.json.00000000-{left.split('-')[1]}-x.part"
    for name in (mine, elsewhere, ".c.json", "a.part"):
        (tmp_path / name).write_text("")
    results.write(path, of())
    assert sorted(os.listdir(tmp_path)) == sorted(["c.json", mine, elsewhere, ".c.json", "a.part"])


def test_what_lies_for_a_day_is_nobodys(tmp_path):
    """Of another machine in the same folder nothing else can be known."""
    left = tmp_path / ".c.json.00000000-1-x.part"
    left.write_text("")
    os.utime(left, (time.time() - 2 * 24 * 3600,) * 2)
    scratch.replace(tmp_path / "c.json", "")
    assert os.listdir(tmp_path) == ["c.json"]


def test_a_partial_run_keeps_what_it_did_not_measure(tmp_path):
    """New records replace old ones; a case that did not run keeps its old record."""
    path = tmp_path / "c.json"
    results.write(path, of({A: "holds", OTHER: "holds"}))
    new = of({OTHER: "deviates", A: "not-run"})
    assert outcomes(results.merged(path, new)) == {A: "holds", OTHER: "deviates"}


@pytest.mark.parametrize("complete", [[], ["a"], ["a", "b"]], ids=["selection", "module", "whole"])
@pytest.mark.parametrize("loss", ["crashed", "timed-out", "not-run", "error"])
def test_an_answer_is_not_lost_to_a_run_that_had_none(tmp_path, loss, complete):
    """A killed worker costs this run its answer, and not the record that there is of the same cases."""
    path = tmp_path / "c.json"
    results.write(path, of({A: "deviates", B: "not-applicable", C: "error"}))
    new = of({A: loss, B: loss, C: loss})
    found = results.merged(path, new, complete)
    assert outcomes(found) == {A: "deviates", B: "not-applicable", C: loss}
    assert list(found) == list(new)


def test_an_answer_of_a_changed_module_is_no_answer_to_todays_case(tmp_path):
    """What was lost is lost there."""
    path = tmp_path / "c.json"
    results.write(path, of({A: "deviates", OTHER: "holds"}))
    assert outcomes(results.merged(path, of({A: "crashed"}, a="2"), ["a"])) == {A: "crashed", OTHER: "holds"}


def test_a_shard_keeps_its_answers_too(tmp_path):
    """And stays the shard that it is."""
    path, shard = tmp_path / "c.json", {"index": 1, "of": 2}
    results.write(path, of({A: "deviates"}, shard=shard))
    found = results.merged(path, of({A: "crashed"}, shard=shard))
    assert (outcomes(found), found["shard"]) == ({A: "deviates"}, shard)
    with pytest.raises(ResultsError):
        results.merged(path, of({A: "holds"}))


def test_a_changed_module_is_replaced_as_a_whole(tmp_path):
    """After a change in one module its run drops the cases that it no longer has."""
    path = tmp_path / "c.json"
    results.write(path, of({A: "holds", B: "not-applicable", OTHER: "holds"}))
    new = of({A: "deviates"}, a="2")
    assert outcomes(results.merged(path, new, ["a"])) == {A: "deviates", OTHER: "holds"}


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"shared": "t"}, "another suite"),
        ({"a": "2"}, "another suite"),
        ({"b": "2"}, "another suite"),
        ({"name": "d"}, "another column"),
        ({"packages": {"tensorflow-cpu": "2.9.3"}}, "another column"),
        ({"valid": False}, "a canary failed"),
    ],
)
def test_results_of_another_suite_or_column_are_not_mixed(tmp_path, other, says):
    """Cells of two suites in one file would be a lie; only a module that ran whole may differ."""
    path = tmp_path / "c.json"
    results.write(path, of(**other))
    with pytest.raises(ResultsError, match=says) as caught:
        results.merged(path, of(), [] if "a" in other else ["a"])
    assert caught.value.exit_code == Exit.BAD_INPUT


@pytest.mark.parametrize("changed", [{"a": "2"}, {"gone": "1"}])
def test_a_whole_run_is_not_mixed_with_a_suite_that_changed(tmp_path, changed):
    """It has all that there is: what it lacks is a case that is gone."""
    path = tmp_path / "c.json"
    old = of()
    old["suite"]["modules"].update(changed)
    results.write(path, old)
    with pytest.raises(ResultsError, match="another suite"):
        results.merged(path, of(), ["a", "b"])


def test_what_is_set_aside_is_never_lost(tmp_path):
    """Each content once, under a name that is free and that nobody takes for results of now."""
    path, names = tmp_path / "c.json", []
    for text in ("one", "one", "two", "three", "one"):
        path.write_text(text)
        names.append(results.set_aside(path).name)
        assert path.read_text() == text
        results.replace(path, "new")
    assert names == [f"c.json.earlier{n}" for n in ("", "", "-2", "-3", "")]
    assert [(tmp_path / name).read_text() for name in names] == ["one", "one", "two", "three", "one"]
    assert list(tmp_path.glob("*.json")) == [path]


def test_what_a_link_leads_to_is_set_aside_too(tmp_path):
    """Its text, and not the link, behind which another text will be."""
    link = tmp_path / "c.json"
    link.symlink_to(tmp_path / "shared.json")
    results.write(link, of())
    aside = results.set_aside(link)
    results.write(link, of({B: "holds"}))
    assert results.read(aside) == of()


def test_a_file_that_can_have_one_name_only_is_moved(tmp_path, monkeypatch):
    """As on a disk that knows no links."""

    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "c.json"
    path.write_text("old")
    assert results.set_aside(path).read_text() == "old"
    assert not path.exists()


def test_a_file_that_cannot_be_set_aside_is_told(tmp_path, monkeypatch):
    """In a line, with an exit code."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(os, "rename", full)
    (tmp_path / "c.json").write_text("old")
    with pytest.raises(ResultsError, match="No space left") as caught:
        results.set_aside(tmp_path / "c.json")
    assert caught.value.exit_code == Exit.NOT_MEASURED


def test_a_file_is_what_the_schema_calls_one(tmp_path):
    """The example that tests begin with is one, and is read as it was written."""
    value = of({A: "deviates"}, backend="tensorflow", epsilon=1e-7)
    (tmp_path / "c.json").write_text(json.dumps(value))
    assert results.read(tmp_path / "c.json") == value
