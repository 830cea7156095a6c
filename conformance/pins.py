"""Pins: known deviations, each with where it is seen, why, and a link. Read and checked in one place.

fixtures/pins.toml is written by people and by `python -m conformance pin`; this module runs beside
TensorFlow too, for pytest judges each case by it.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from conformance.claims import FLAVOURS
from conformance.exits import Exit
from conformance.suite import ROOT
from conformance.words import VOCABULARY

try:
    import tomllib  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # before Python 3.11; pytest brings it
    import tomli as tomllib  # type: ignore[no-redef,import-not-found,unused-ignore]

PINS = ROOT / "fixtures" / "pins.toml"
REPRODUCTIONS = ROOT / "fixtures" / "reproductions"
UNREPORTED = "unreported"
_KEYS = ("id", "where", "observed", "reason", "url", "reproduction")
#: A pin can do without these. A reproduction is named once it was seen to print a word of the pin.
_OPTIONAL = ("reproduction",)
_WHERE = ("tensorflow", "keras", "python", "flavour", "columns")


class PinsError(Exception):
    """Pins that cannot be used. Its text names everything that is wrong, a line each."""

    exit_code = Exit.BROKEN_PINS


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
        for word, globs in self.observed.items():
            if any(matches(glob, case) for glob in globs):
                return word
        return None

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
def _pattern(glob: str) -> Any:
    """Return what a glob matches: only `*` is special, for case ids have brackets."""
    return re.compile(".*".join(re.escape(part) for part in glob.split("*")) + r"\Z")


def matches(glob: str, case: str) -> bool:
    """Return whether a glob, or an id, is of a case."""
    return bool(_pattern(glob).match(case))


def within(version: str, ranges: str) -> bool:
    """Return whether a version is in ranges, pre-releases where PEP 440 puts them.

    Several ranges may be joined by `|`, any of which is enough.
    """
    return any(SpecifierSet(part).contains(Version(version), prereleases=True) for part in ranges.split("|"))


def read(path: Path = PINS) -> List[Pin]:
    """Return the pins in a file, none where there is no file. Raises PinsError, naming every fault."""
    if not path.exists():
        return []
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("pin", [])
    except (OSError, ValueError) as error:
        raise PinsError(f"{path}: not TOML: {error}") from None
    wrong = [f"{path.name}: {fault}" for fault in _faults(rows)]
    if wrong:
        raise PinsError("\n".join(wrong))
    return [_pin(row) for row in rows]


def _pin(row: Mapping[str, Any]) -> Pin:
    observed = {word: tuple(globs) for word, globs in row["observed"].items()}
    return Pin(**{**row, "where": tuple(row["where"]), "observed": observed})


def _faults(rows: Sequence[Any]) -> Iterable[str]:
    seen: Dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        name = row.get("id") or f"pin number {number}"
        if name in seen:
            yield f"{name}: two pins have this id"
        seen[name] = number
        yield from (f"{name}: {fault}" for fault in _faults_of(row))


def _faults_of(row: Mapping[str, Any]) -> Iterable[str]:
    for key in row:
        if key not in _KEYS:
            yield f"unknown key {key!r}{_nearest(key, _KEYS)}"
    for key in _KEYS:
        if key not in _OPTIONAL and not row.get(key):
            yield f"lacks {key!r}"
    yield from _faults_observed(row.get("observed"))
    url = row.get("url", UNREPORTED)
    if url != UNREPORTED and not str(url).startswith("https://"):
        yield f"url {url!r} is neither a link nor {UNREPORTED!r}"
    script = row.get("reproduction")
    if script and not (REPRODUCTIONS / str(script)).exists():
        yield f"no reproduction is called {script!r} in fixtures/reproductions"
    where = row.get("where", [])
    places = where if isinstance(where, list) else [None]
    for place in places:
        yield from _faults_where(place)


def _faults_observed(observed: Any) -> Iterable[str]:
    if not isinstance(observed, dict):
        yield "observed is not a table of words, each with a list of cases"
        return
    words = {w.value for family in VOCABULARY.values() for w in family}
    for word, globs in observed.items():
        if word not in words and not re.match(r"raises \w+\Z", word):
            yield f"observed {word!r} is no word of any family{_nearest(word, words)}"
        if not isinstance(globs, list) or not globs:
            yield f"observed {word!r} has no list of cases"


def _faults_where(place: Any) -> Iterable[str]:
    if not isinstance(place, dict):
        yield "where is not a list of tables"
        return
    if not place:
        yield "where: an empty table would be everywhere"
    for key, wanted in place.items():
        if key not in _WHERE:
            yield f"where: unknown key {key!r}{_nearest(key, _WHERE)}"
        elif key == "flavour":
            unknown = set([wanted] if isinstance(wanted, str) else wanted) - set(FLAVOURS)
            if unknown:
                yield f"where: no flavour is called {', '.join(sorted(unknown))}"
        elif key != "columns":
            yield from (f"where: {key}: {fault}" for fault in _faults_range(str(wanted)))


def _faults_range(ranges: str) -> Iterable[str]:
    for part in ranges.split("|"):
        try:
            specifiers = list(SpecifierSet(part))
        except InvalidSpecifier:
            yield f"{part.strip()!r} is not a range of versions"
            continue
        if not specifiers:
            yield "an empty range"
        lower = [Version(s.version) for s in specifiers if s.operator in (">", ">=")]
        upper = [(Version(s.version), s.operator) for s in specifiers if s.operator in ("<", "<=")]
        for low in lower:
            if any(high < low or (high == low and sign == "<") for high, sign in upper):
                yield f"{part.strip()!r} is impossible: it ends before it begins"


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f"; perhaps {near[0]!r}" if near else ""


def overlaps(pins: Sequence[Pin], cases: Iterable[str], column: Mapping[str, Any]) -> List[str]:
    """Return a line for each case that two pins claim in one column."""
    here = [pin for pin in pins if pin.applies(column)]
    found = []
    for case in cases:
        claiming = [pin.id for pin in here if pin.word(case)]
        if len(claiming) > 1:
            found.append(f"{case} in {column['id']}: claimed by {' and '.join(claiming)}")
    return found
