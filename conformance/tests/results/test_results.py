"""The results file: whole or untouched, and never mixed with another suite's."""

import json
import os

import pytest

from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError


def of(cases, column="c", shared="s", a="1", b="1"):
    """Return small results of a suite with two modules of cases, `a` and `b`."""
    suite = {"digest": shared + a + b, "shared": shared, "modules": {"a": a, "b": b}}
    return results.results({"id": column}, suite, True, cases)


def test_they_come_back_as_written(tmp_path):
    """What is written is read, with cases in order."""
    path = tmp_path / "new" / "c.json"
    results.write(path, of({"b": {"outcome": "holds"}, "a": {"outcome": "deviates"}}))
    assert list(results.read(path)["cases"]) == ["a", "b"]
    assert os.listdir(path.parent) == ["c.json"]


def test_the_same_results_are_the_same_bytes(tmp_path):
    """Nothing in a file depends on when, where or in which order it was made."""
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    results.write(first, of({"a": {}, "b": {}}))
    results.write(second, of({"b": {}, "a": {}}))
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


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    """A full disk costs the new results, not the old ones."""
    path = tmp_path / "c.json"
    results.write(path, of({"a": {}}))
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ResultsError, match="No space left") as caught:
        results.write(path, of({}))
    assert caught.value.exit_code == Exit.NOT_MEASURED
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["c.json"]


def test_a_folder_that_is_a_file_is_found_before_the_work(tmp_path):
    """What cannot be written is said before anything is measured."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(ResultsError) as caught:
        results.ensure_writable(tmp_path / "taken")
    assert caught.value.exit_code == Exit.NOT_MEASURED


def test_a_partial_run_keeps_what_it_did_not_measure(tmp_path):
    """New records replace old ones; a case that did not run keeps its old record."""
    path = tmp_path / "c.json"
    results.write(path, of({"a/1": {"outcome": "holds"}, "b/1": {"outcome": "holds"}}))
    new = of({"b/1": {"outcome": "deviates"}, "a/1": {"outcome": "not-run"}})
    assert results.merged(path, new)["cases"] == {
        "a/1": {"outcome": "holds"},
        "b/1": {"outcome": "deviates"},
    }


def test_a_changed_module_is_replaced_as_a_whole(tmp_path):
    """After a change in one module its run drops the cases that it no longer has."""
    path = tmp_path / "c.json"
    results.write(path, of({"a/1[x]": {"outcome": "holds"}, "a/1[y]": {}, "a/2[x]": {"outcome": "holds"}}))
    new = of({"a/1[x]": {"outcome": "deviates"}}, a="2")
    assert results.merged(path, new, ["a"])["cases"] == {
        "a/1[x]": {"outcome": "deviates"},
        "a/2[x]": {"outcome": "holds"},
    }


@pytest.mark.parametrize("other", [{"shared": "t"}, {"a": "2"}, {"b": "2"}, {"column": "d"}])
def test_results_of_another_suite_or_column_are_not_mixed(tmp_path, other):
    """Cells of two suites in one file would be a lie; only a module that ran whole may differ."""
    path = tmp_path / "c.json"
    path.write_text(json.dumps(of({"a/1": {}}, **other)))
    complete = [] if "a" in other else ["a"]
    with pytest.raises(ResultsError) as caught:
        results.merged(path, of({}), complete)
    assert caught.value.exit_code == Exit.BAD_INPUT
