"""What each version of this suite did to its cases: fixtures/history.toml, and what it says of an id.

A case's id means the same for ever. Where a case has to be called otherwise, or is no longer asked,
the version that did so says so here: whoever named it in pins of their own is led to what it became.
"""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any, Collection, Dict, Iterable, Iterator, Mapping, Optional, Sequence, Tuple

from packaging.version import InvalidVersion, Version

from conformance.exits import Exit
from conformance.pins import toml
from conformance.pins.globs import Renames, matches, names, renamed
from conformance.suite import ROOT

HISTORY = ROOT / "fixtures" / "history.toml"


class HistoryError(Exception):
    """A history that cannot be followed. Its text is one line."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Step:
    """What one version did: old ids with new ones, globs of new cases, and globs of gone ones with why.

    `cases` is how many there were in that version, canaries aside; 0 while it is being made.
    """

    version: str
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    added: Tuple[str, ...] = ()
    removed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    cases: int = 0


History = Tuple[Step, ...]


def read(path: Optional[Path] = None) -> History:
    """Return what the versions did, the oldest first; nothing where there is no such file.

    Raises HistoryError where the file is none. What else can be wrong with it, `faults` finds.
    """
    path = path or HISTORY
    if not path.exists():
        return ()
    try:
        found = [_step(*each) for each in toml.table(toml.read(path), path.name).items()]
        return tuple(sorted(found, key=lambda step: Version(step.version)))
    except toml.TomlError as error:
        raise HistoryError(str(error)) from None
    except (InvalidVersion, TypeError) as error:
        raise HistoryError(f"{path.name}: not a history: {error}") from None


def _step(version: str, said: Dict[str, Any]) -> Step:
    return Step(version, **{**said, "added": tuple(said.get("added", ()))})


def since(history: History, version: str) -> History:
    """Return the steps after a version; all of them for none, the empty one."""
    return tuple(step for step in history if not version or Version(step.version) > Version(version))


def claims(history: History) -> Tuple[str, ...]:
    """Return the claims of which cases were renamed or removed, by what they were called then."""
    return tuple({glob.split("[")[0] for step in history for glob in [*step.renamed, *step.removed]})


def renames(history: History) -> Renames:
    """Return the old and new ids of all steps, the latest first."""
    return tuple(pair for step in reversed(history) for pair in step.renamed.items())


def adding(history: History, case: str) -> str:
    """Return the version that added a case of today; nothing for one that was there before."""
    for number, step in enumerate(history):
        then = names(case, renames(history[number + 1 :]))[-1]
        if matches(step.added, then):
            return step.version
    return ""


def renaming(history: History, case: str) -> Tuple[str, ...]:
    """Return the versions that renamed a case of today, the oldest first."""
    found = []
    for step in reversed(history):
        case, *before = names(case, renames((step,)))
        if before:
            found.append(step.version)
            case = before[-1]
    return tuple(reversed(found))


def removing(history: History, glob: str) -> Tuple[str, str]:
    """Return the version that removed what an id or a glob meant, and why; empty texts where none did."""
    for number, step in enumerate(history):
        for gone, reason in step.removed.items():
            for name in names(gone, renames(history[: number + 1])):
                one = f"{name}]" if name.endswith("*") else name  # what a user's own glob would match
                if matches((name,), glob) or matches((glob,), one):
                    return step.version, reason
    return "", ""


def becoming(history: History, glob: str) -> Tuple[str, str]:
    """Return the version that last renamed an id or a glob, and its name now; empty texts where none did."""
    version, name = "", glob
    for step in history:
        after = _after(step, name)
        version, name = (step.version, after) if after != name else (version, name)
    return (version, name) if version else ("", "")


def _after(step: Step, name: str) -> str:
    """Return what a step made of a name: mostly itself."""
    found = (renamed(name, old, new) for old, new in step.renamed.items())
    return next((new for new in found if new is not None), name)


def faults(history: History, cases: Sequence[str]) -> Iterator[str]:
    """Yield a line for each thing in which a history does not lead to the cases of today, canaries aside."""
    for number, step in enumerate(history):
        later = history[number + 1 :]
        then = {names(case, renames(later))[-1] for case in cases}
        gone = [glob for further in later for glob in further.removed]
        for fault in itertools.chain(
            _of_ids(step), _of_old(step, cases), _of_new(step, then, gone), _of_circles(step, later)
        ):
            yield f"{step.version}: {fault}"
    yield from _of_counts(history, cases)


def _of_ids(step: Step) -> Iterator[str]:
    for old, new in step.renamed.items():
        if not old.count("*") == new.count("*") < 2:
            yield f"{old} and {new} are not both ids, or globs with one star"
    for glob in [*step.renamed, *step.removed, *step.added]:
        if "*" in glob.split("[")[0]:
            yield f"{glob}: names no claim"
    yield from (f"{glob}: removed without a reason" for glob, why in step.removed.items() if not why.strip())


def _of_old(step: Step, cases: Iterable[str]) -> Iterator[str]:
    for glob in [*step.renamed, *step.removed]:
        alive = next((case for case in cases if matches((glob,), case)), None)
        if alive:
            yield f"{glob} is gone, and there is a case {alive}"


def _of_new(step: Step, then: Collection[str], gone: Collection[str]) -> Iterator[str]:
    there, covered = [*then, *gone], tuple(gone)
    for glob in [*step.renamed.values(), *step.added]:
        if not any(matches((glob,), case) for case in there) and not matches(covered, glob):
            yield f"{glob} is new, and there is no such case"
    for case in then:
        olds = [old for old, new in step.renamed.items() if renamed(case, new, old) is not None]
        if len(olds) > 1:
            yield f"{' and '.join(olds)} became one, {case}: remove all but one of them"


def _of_circles(step: Step, later: History) -> Iterator[str]:
    for old, new in step.renamed.items():
        if _after(step, new) != new:
            yield f"{old} is renamed twice in one version"
        name = new
        for further in later:
            name = _after(further, name)
            if name == old:
                yield f"{old} becomes itself again: a circle"


def _of_counts(history: History, cases: Sequence[str]) -> Iterator[str]:
    """Yield a line where the cases of today are not those of the last count, with what changed since."""
    counted = [number for number, step in enumerate(history) if step.cases]
    if not counted:
        return
    then, later = history[counted[-1]], history[counted[-1] + 1 :]
    kept = sum(not adding(later, case) for case in cases)
    if kept > then.cases or (kept < then.cases and not any(step.removed for step in later)):
        yield (
            f"{then.version} had {then.cases} cases; of those of today {kept} are not `added` since: "
            "list the new ones, and those that are gone"
        )
