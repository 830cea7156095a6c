"""The results file of one column: how it is read, checked, and replaced without a loss."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Sequence, Set

import conformance
from conformance.exits import Exit
from conformance.legible import legible
from conformance.results import given, scratch
from conformance.results.form import SCHEMA, of_results
from conformance.results.json_text import parsed
from conformance.results.verdicts import why_invalid
from conformance.words import UNKNOWN

_MOST = 1000
_UNKNOWN = {outcome.value for outcome in UNKNOWN}
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
        found = parsed(given.text(path))
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read ({error.strerror})", Exit.BAD_INPUT) from None
    except UnicodeDecodeError:
        raise ResultsError(f"{path}: not text in UTF-8; {hint}", Exit.BAD_INPUT) from None
    except ValueError as error:
        message = f"{path}: not JSON, perhaps cut in half ({error}); {hint}"
        raise ResultsError(message, Exit.BAD_INPUT) from None
    wrong = next(faults(found), "")
    if wrong:
        raise ResultsError(f"{path}: {wrong}; {_upgrade(found) or hint}", Exit.BAD_INPUT)
    return found


def _upgrade(found: Any) -> str:
    """Return what to do where a newer version of this suite wrote a file: nothing is wrong with that."""
    from packaging.version import InvalidVersion, Version  # which only a file that is wrong needs

    wrote: Any = found.get("suite") if type(found) is dict else None
    with contextlib.suppress(AttributeError, TypeError, InvalidVersion):
        theirs, mine = wrote.get("version"), conformance.__version__
        if Version(theirs) > Version(mine):
            return f"version {theirs} of this suite wrote it, and this is {mine}: upgrade"
    return ""


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


def dumped(value: Results) -> str:
    """Return the text of a results file."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def write(path: Path, value: Results) -> None:
    """Replace `path` by `value` in one step, or leave it as it was and raise ResultsError."""
    replace(path, dumped(value))


def replace(path: Path, text: str) -> None:
    """Replace a file's text in one step. Raises ResultsError where the folder refuses it."""
    try:
        scratch.replace(path, text)
    except OSError as error:
        raise ResultsError(f"{path}: cannot be written ({error.strerror})", Exit.NOT_MEASURED) from None


def ensure_writable(folder: Path) -> None:
    """Raise ResultsError, before any work is done, where no file can be made in `folder`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError as error:
        raise _refused(folder, error) from None


def _refused(path: Path, error: OSError) -> ResultsError:
    """Return what a run of pytest says, which has an option for the folder."""
    hint = "choose another folder with --results"
    return ResultsError(f"{path}: cannot be written ({error.strerror}); {hint}", Exit.NOT_MEASURED)


def merged(path: Path, new: Results, complete: Sequence[str] = ()) -> Results:
    """Return `new` with what only an earlier run of the same column knows: `new` where there is no file.

    That is the cases that `new` did not ask, and the answers to those that it lost. `complete` names the
    modules of which `new` has every case: of one that changed, nothing old is kept.
    Raises ResultsError where `path` holds what these cannot be mixed with: results of another column, or
    of a suite that differs in more than those modules, or none.
    """
    if not path.exists():
        return new
    old = read(path, "shard" in new)
    changed = _changed(old["suite"]["modules"], new["suite"]["modules"])
    whole = set(complete) == set(new["suite"]["modules"])
    _mixable(path, old, new, changed if whole else changed - set(complete))
    kept = {i: r for i, r in old["cases"].items() if not changed or r.get("module") not in changed}
    cases = {**kept, **{i: r for i, r in new["cases"].items() if not (_is_lost(r) and _answers(kept.get(i)))}}
    return {**new, "cases": {case: cases[case] for case in sorted(cases)}}


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> Set[str]:
    """Return the modules of cases that are not what they were, those that are new or gone among them."""
    return {module for module in {*then, *now} if then.get(module) != now.get(module)}


def _mixable(path: Path, old: Results, new: Results, changed: Set[str]) -> None:
    """Raise ResultsError where results are of another part, suite or column, or do not count."""
    same = {
        "shard": old.get("shard") == new.get("shard"),
        "suite": old["suite"]["shared"] == new["suite"]["shared"] and not changed,
        "column": old["column"] == new["column"],
    }
    for what, is_same in same.items():
        if not is_same:
            raise ResultsError(f"{path}: measured by another {what}", Exit.BAD_INPUT)
    if not old["valid"]:
        raise ResultsError(f"{path}: {why_invalid(old['cases'])}", Exit.BAD_INPUT)


def _is_lost(record: Mapping[str, Any]) -> bool:
    return record["outcome"] in _UNKNOWN


def _answers(record: Optional[Mapping[str, Any]]) -> bool:
    return record is not None and not _is_lost(record)


def set_aside(path: Path) -> Path:
    """Return the name beside `path` under which what it holds can be found from now on too.

    It is `<name>.earlier`, or `<name>.earlier-2` and so on where that holds something else: nothing that was
    set aside before is lost, and no command takes it for results of now. Raises ResultsError.
    """
    try:
        aside = next(name for name in _asides(path) if not os.path.lexists(str(name)) or _same(name, path))
        if not os.path.lexists(str(aside)):
            _linked(path, aside)
        return aside
    except OSError as error:
        raise _refused(path, error) from None


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _asides(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.earlier")
    for number in itertools.count(2):
        yield path.with_name(f"{path.name}.earlier-{number}")


def _linked(path: Path, aside: Path) -> None:
    """Give a file a second name, so that it has one at any moment; another name, where it cannot have two.

    Of a link the file that it leads to: that is what will be replaced.
    """
    try:
        os.link(os.path.realpath(str(path)), str(aside))
    except FileExistsError:
        raise
    except (OSError, AttributeError, NotImplementedError):
        os.rename(str(path), str(aside))
