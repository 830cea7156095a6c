"""The results file of one column: how it is read, checked, and replaced without a loss."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Dict, Iterator, Mapping, Sequence

from conformance.exits import Exit
from conformance.legible import legible
from conformance.results import scratch
from conformance.results.form import SCHEMA, of_results
from conformance.results.json_text import parsed

_MOST = 1000
Results = Dict[str, Any]


class ResultsError(Exception):
    """A results file that cannot be read or written. Its text is one line for the user."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(legible(message, _MOST))
        self.exit_code = exit_code


def results(
    column: Mapping[str, Any],
    suite: Mapping[str, Any],
    valid: bool,
    cases: Mapping[str, Any],
    shard: Mapping[str, int] = MappingProxyType({}),
) -> Results:
    """Return the results of one column, or of one `shard` of it, with its cases in order."""
    return {
        "schema": SCHEMA,
        "column": dict(column),
        "suite": dict(suite),
        **({"shard": dict(shard)} if shard else {}),
        "valid": valid,
        "cases": {case: cases[case] for case in sorted(cases)},
    }


def checked(path: Path, faults: Callable[[Any], Iterator[str]], hint: str) -> Any:
    """Return what the JSON in a file says, where none of `faults` is in it.

    Raises ResultsError for anything else there: where in the file it is wrong, and what to do.
    """
    try:
        found = parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read ({error.strerror})", Exit.BAD_INPUT) from None
    except ValueError as error:
        message = f"{path}: not JSON, perhaps cut in half ({error}); {hint}"
        raise ResultsError(message, Exit.BAD_INPUT) from None
    wrong = next(faults(found), "")
    if wrong:
        raise ResultsError(f"{path}: {wrong}; {hint}", Exit.BAD_INPUT)
    return found


def read(path: Path, part: bool = False) -> Results:
    """Return the results in `path`: of a whole column, or of a `part` of it, a shard.

    Raises ResultsError, in one line, for anything else there.
    """
    found: Results = checked(path, of_results, "measure the column again")
    if part != ("shard" in found):
        what = "no shard" if part else "a shard; `python -m conformance merge` makes a column of all"
        raise ResultsError(f"{path}: {what}", Exit.BAD_INPUT)
    return found


def of_suite(path: Path, found: Results, suite: Mapping[str, Any]) -> None:
    """Raise ResultsError for results that another suite measured: the same id may mean another case there."""
    if found["suite"].get("digest") != suite["digest"]:
        hint = "run `pytest conformance --measure` with this checkout first"
        raise ResultsError(f"{path}: measured by another suite; {hint}", Exit.BAD_INPUT)


def write(path: Path, value: Results) -> None:
    """Replace `path` by `value` in one step, or leave it as it was and raise ResultsError."""
    text = json.dumps(value, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    replace(path, text)


def replace(path: Path, text: str) -> None:
    """Replace a file's text in one step. Raises ResultsError where the folder refuses it."""
    try:
        scratch.replace(path, text)
    except OSError as error:
        raise _refused(path, error) from None


def ensure_writable(folder: Path) -> None:
    """Raise ResultsError, before any work is done, where no file can be made in `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError as error:
        raise _refused(folder, error) from None


def _refused(path: Path, error: OSError) -> ResultsError:
    hint = "choose another folder with --results"
    return ResultsError(f"{path}: cannot be written ({error.strerror}); {hint}", Exit.NOT_MEASURED)


def merged(path: Path, new: Results, complete: Sequence[str] = ()) -> Results:
    """Return `new` with the cases that only an earlier run of the same column measured.

    `complete` names the modules of which `new` has every case: of the claims that they check, nothing
    old is kept. Raises ResultsError where `path` holds
    results that these cannot be mixed with: of another column, or of a suite that differs in more than
    those modules.
    """
    if not path.exists():
        return new
    old = read(path)
    then, now = old["suite"], new["suite"]
    changed = [m for m in now["modules"] if then.get("modules", {}).get(m) != now["modules"][m]]
    other_suite = then.get("shared") != now["shared"] or set(changed) - set(complete)
    if other_suite or old["column"] != new["column"]:
        what = "suite" if other_suite else "column"
        hint = "kept as it is: run all cases, or give another --results"
        raise ResultsError(f"{path}: measured by another {what}; {hint}", Exit.BAD_INPUT)
    replaced = {_claim(case) for case in new["cases"]} if complete else set()
    kept = {i: r for i, r in old["cases"].items() if _claim(i) not in replaced}
    measured = {i: r for i, r in new["cases"].items() if r["outcome"] != "not-run" or i not in kept}
    return results(new["column"], new["suite"], new["valid"], {**kept, **measured})


def _claim(case: str) -> str:
    return case.split("[")[0]
