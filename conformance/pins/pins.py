"""Pins: known deviations, each with where it is seen, why, and a link. Read and checked in one place.

fixtures/pins.toml is written by people and by `python -m conformance pin`; this module runs beside
TensorFlow too, for pytest judges each case by it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from conformance.exits import Exit
from conformance.pins import history, toml
from conformance.pins.faults import faults
from conformance.pins.globs import Renames, matches, names
from conformance.pins.history import History, HistoryError
from conformance.suite import ROOT

PINS = ROOT / "fixtures" / "pins.toml"


class PinsError(Exception):
    """Pins that cannot be used. Its text names everything that is wrong, a line each."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Pin:
    """A known deviation, which may show in several cases.

    `observed` has the cases (ids or globs) by the word that they record; `where` is a list of
    places, each a table of which all must be true, and any of which is enough. `remedies` are the
    recipes that say what to write instead, best first; `no_remedy` is why there is none. By `renames`,
    what this suite renamed since the pin was written, a case is known by its earlier ids too.
    """

    id: str
    where: Tuple[Mapping[str, Any], ...]
    observed: Mapping[str, Tuple[str, ...]]
    reason: str
    url: str
    reproduction: str = ""
    renames: Renames = dataclasses.field(default=(), compare=False, repr=False)
    remedies: Tuple[str, ...] = ()
    no_remedy: str = ""
    #: What was found for a case: it is asked in every column.
    _words: Dict[str, Optional[str]] = dataclasses.field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def word(self, case: str) -> Optional[str]:
        """Return what a case records where this pin applies, None for a case that it does not cover."""
        if case not in self._words:
            self._words[case] = self._found(case)
        return self._words[case]

    def _found(self, case: str) -> Optional[str]:
        for name in names(case, self.renames):
            for word, globs in self.observed.items():
                if matches(globs, name):
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


def within(version: str, ranges: str) -> bool:
    """Return whether a version is in ranges, pre-releases where PEP 440 puts them.

    Several ranges may be joined by `|`, any of which is enough. The Keras inside TensorFlow 1.14 to 2.5
    calls itself 2.2.4-tf or alike, which PEP 440 does not know: it is 2.2.4 here.
    """
    found = Version(version.replace("-tf", ""))
    return any(SpecifierSet(part).contains(found, prereleases=True) for part in ranges.split("|"))


class Pins(List[Pin]):
    """The pins of one file.

    `own` says whether the file is a user's own, `suite` which version of this suite it was made with
    (empty where it does not say), and `history` what the versions did.
    """

    def __init__(
        self, found: Iterable[Pin] = (), own: bool = False, suite: str = "", history: History = ()
    ) -> None:
        super().__init__(found)
        self.own, self.suite, self.history = own, suite, history

    @property
    def missed(self) -> History:
        """What the suite did since the file was made: all that it ever did where the file does not say."""
        return history.since(self.history, self.suite)


def is_own(path: Path) -> bool:
    """Return whether a file of pins is a user's own."""
    return path.resolve() != PINS.resolve()


def read(path: Path = PINS) -> Pins:
    """Return the pins in a file: none, if it is the project's own and not there.

    Raises PinsError, naming every fault.
    """
    if path == PINS and not path.exists():
        return Pins()
    try:
        return parsed(toml.read(path), path.name, is_own(path))
    except toml.TomlError as error:
        raise PinsError(str(error)) from None


def parsed(text: str, name: str, own: bool = False) -> Pins:
    """Return the pins in a text, whose faults are told under a name. Raises PinsError, naming every one."""
    try:
        table, steps = toml.table(text, name), history.read()
    except (toml.TomlError, HistoryError) as error:
        raise PinsError(str(error)) from None
    wrong = [f"{name}: {fault}" for fault in faults(table, history.claims(steps), own)]
    if wrong:
        raise PinsError("\n".join(wrong))
    suite = table.get("suite", "")
    renames = history.renames(history.since(steps, suite))
    return Pins([_pin(row, renames) for row in table.get("pin", [])], own, suite, steps)


def _pin(row: Mapping[str, Any], renames: Renames) -> Pin:
    observed = {word: tuple(globs) for word, globs in row["observed"].items()}
    lists = {"where": tuple(row["where"]), "remedies": tuple(row.get("remedies", ()))}
    return Pin(**{**row, **lists, "observed": observed, "renames": renames})


def overlaps(pins: Sequence[Pin], cases: Iterable[str], column: Mapping[str, Any]) -> List[str]:
    """Return a line for each case that two pins claim in one column."""
    here = [pin for pin in pins if pin.applies(column)]
    found = []
    for case in cases:
        claiming = [pin.id for pin in here if pin.word(case)]
        if len(claiming) > 1:
            found.append(f"{case} in {column['id']}: claimed by {' and '.join(claiming)}")
    return found
