"""Pins: known deviations, each with where it is seen, why, and a link. Read and checked in one place.

fixtures/pins.toml is written by people and by `python -m conformance pin`; this module runs beside
TensorFlow too, for pytest judges each case by it.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from pathlib import Path
from typing import Any, Iterable, List, Mapping, Optional, Sequence, Tuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from conformance.exits import Exit
from conformance.pins.faults import faults
from conformance.suite import ROOT

try:
    import tomllib  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # before Python 3.11; pytest brings it
    import tomli as tomllib  # type: ignore[no-redef,import-not-found,unused-ignore]

PINS = ROOT / "fixtures" / "pins.toml"


class PinsError(Exception):
    """Pins that cannot be used. Its text names everything that is wrong, a line each."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Pin:
    """A known deviation, which may show in several cases.

    `observed` has the cases (ids or globs) by the word that they record; `where` is a list of
    places, each a table of which all must be true, and any of which is enough.
    """

    id: str
    where: Tuple[Mapping[str, Any], ...]
    observed: Mapping[str, Tuple[str, ...]]
    reason: str
    url: str
    reproduction: str = ""

    def word(self, case: str) -> Optional[str]:
        """Return what a case records where this pin applies, None for a case that it does not cover."""
        return next((word for word, globs in self.observed.items() if matches(globs, case)), None)

    def applies(self, column: Mapping[str, Any]) -> bool:
        """Return whether a column is one of those where the deviation is known."""
        return any(_is_in(column, place) for place in self.where)


def _is_in(column: Mapping[str, Any], place: Mapping[str, Any]) -> bool:
    for key, wanted in place.items():
        if key == "columns":
            found = column["id"] in wanted
        elif key == "flavour":
            found = column["flavour"] in ([wanted] if isinstance(wanted, str) else wanted)
        else:
            found = within(str(column[key]), wanted)
        if not found:
            return False
    return True


@functools.lru_cache(maxsize=None)
def _pattern(globs: Tuple[str, ...]) -> Any:
    """Return what globs match: only `*` is special, for case ids have brackets."""
    each = (".*".join(re.escape(part) for part in glob.split("*")) for glob in globs)
    return re.compile(f"(?:{'|'.join(each)})\\Z")


def matches(globs: Tuple[str, ...], case: str) -> bool:
    """Return whether one of some globs, or ids, is of a case."""
    return bool(_pattern(globs).match(case))


def within(version: str, ranges: str) -> bool:
    """Return whether a version is in ranges, pre-releases where PEP 440 puts them.

    Several ranges may be joined by `|`, any of which is enough. The Keras inside TensorFlow 1.14 to 2.5
    calls itself 2.2.4-tf or alike, which PEP 440 does not know: it is 2.2.4 here.
    """
    found = Version(version.replace("-tf", ""))
    return any(SpecifierSet(part).contains(found, prereleases=True) for part in ranges.split("|"))


def read(path: Path = PINS) -> List[Pin]:
    """Return the pins in a file: none, if it is the project's own and not there.

    Raises PinsError, naming every fault.
    """
    if path == PINS and not path.exists():
        return []
    try:
        return parsed(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise PinsError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise PinsError(f"{path}: not TOML: {error}") from None


def parsed(text: str, name: str) -> List[Pin]:
    """Return the pins in a text, whose faults are told under a name. Raises PinsError, naming every one."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise PinsError(f"{name}: not TOML: {error}") from None
    wrong = [f"{name}: {fault}" for fault in faults(table)]
    if wrong:
        raise PinsError("\n".join(wrong))
    return [_pin(row) for row in table.get("pin", [])]


def _pin(row: Mapping[str, Any]) -> Pin:
    observed = {word: tuple(globs) for word, globs in row["observed"].items()}
    return Pin(**{**row, "where": tuple(row["where"]), "observed": observed})


def overlaps(pins: Sequence[Pin], cases: Iterable[str], column: Mapping[str, Any]) -> List[str]:
    """Return a line for each case that two pins claim in one column."""
    here = [pin for pin in pins if pin.applies(column)]
    found = []
    for case in cases:
        claiming = [pin.id for pin in here if pin.word(case)]
        if len(claiming) > 1:
            found.append(f"{case} in {column['id']}: claimed by {' and '.join(claiming)}")
    return found
