"""What this suite changed since a file of pins was made, told to those whose pins they are."""

from __future__ import annotations

import dataclasses
import difflib
from typing import Collection, Dict, Iterable, Iterator, Sequence

from packaging.version import Version

from conformance.pins import history
from conformance.pins.pins import Pin, Pins

_PIN = "`python -m conformance pin --pins FILE`"


def of(pins: Sequence[Pin]) -> Pins:
    """Return pins as those of a file; those of none are nobody's own, and miss nothing."""
    return pins if isinstance(pins, Pins) else Pins(pins)


def asked(pins: Pins, case: str) -> str:
    """Return that a case is younger than pins; nothing for one that is not, or where nobody knows."""
    version = history.adding(pins.missed, case) if pins.suite else ""
    return f"asked since suite {version}, and the pins are of {pins.suite}: {_PIN}" if version else ""


def became(pins: Pins, glob: str, cases: Collection[str]) -> str:
    """Return why an id or a glob of a pin matches none of the cases that there are, or what is near it."""
    version, reason = history.removing(pins.history, glob)
    if version:
        return f"removed in suite {version}: {reason}"
    version, name = history.becoming(pins.history, glob)
    if version:
        return f"called {name} since suite {version}"
    near = _nearest(glob, cases)
    return f"no case of this suite; nearest: {near}" if near else "no case of this suite"


def _nearest(glob: str, cases: Collection[str]) -> str:
    """Return the case that is most like an id, or like what a glob begins with; nothing where none is."""
    claim, stem = glob.split("[")[0] + "[", glob.split("*")[0]
    length = None if stem == glob else len(stem)
    begins = {case[:length]: case for case in sorted(cases, reverse=True)}
    kin = [begin for begin in begins if begin.startswith(claim)]
    near = difflib.get_close_matches(stem, kin or list(begins), 1)
    return begins[near[0]] if near else ""


def notes(pins: Pins, cases: Collection[str], unpinned: Collection[str]) -> Iterator[str]:
    """Yield a line for each thing to know of pins that are older than this suite, given all its cases.

    `unpinned` are the cases that are told to deviate without a pin that says so.
    """
    renamed = _counted(_renaming(pins, case) for case in cases)
    if renamed:
        told = ", ".join(f"{count} renamed in suite {version}" for version, count in renamed.items())
        yield f"ids in the pins: {told}; they are followed, and {_PIN} writes the new ones"
    if pins.suite and not any(asked(pins, case) for case in unpinned):
        added = sum(bool(asked(pins, case)) for case in cases)
        if added:
            yield f"the pins are of suite {pins.suite}, and {added} cases are asked since: {_PIN} takes note"
    if not pins.suite:
        added_in = _counted(history.adding(pins.history, case) for case in unpinned)
        for version, count in added_in.items():
            line = 'a line `suite = "..."` at the top of the pins, with their version, tells them apart'
            yield f"of what no pin says, {count} cases are asked since suite {version}; {line}"


def _renaming(pins: Pins, case: str) -> str:
    """Return the version that renamed a case which pins know by an earlier id only."""
    versions = history.renaming(pins.missed, case)
    if not versions or any(_today(pin).word(case) for pin in pins) or not any(pin.word(case) for pin in pins):
        return ""
    return versions[-1]


def _today(pin: Pin) -> Pin:
    return dataclasses.replace(pin, renames=())


def _counted(versions: Iterable[str]) -> Dict[str, int]:
    found = [version for version in versions if version]
    return {version: found.count(version) for version in sorted(set(found), key=Version)}
