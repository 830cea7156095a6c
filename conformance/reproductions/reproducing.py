"""Running reproductions where their pins begin and end, and keeping what they printed.

reports/reproduced.json has a line for each script and column. It holds until the script or the column's
lock changes.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from conformance import suite
from conformance.columns import running
from conformance.columns.columns import columns
from conformance.columns.scripts import Kept, Printed, Said
from conformance.exits import Exit
from conformance.pins import pins
from conformance.pins.faults import REPRODUCTIONS
from conformance.pins.pins import Pin, PinsError
from conformance.reproductions import judging
from conformance.reproductions.judging import Finding
from conformance.results.results import Results

KEPT = Kept(suite.ROOT / "reports" / "reproduced.json", REPRODUCTIONS, "reproduce")


class ReproductionError(Exception):
    """Scripts that are no reproductions. Its text names each, a line for every fault."""

    exit_code = Exit.UNPROVEN


def chosen(names: Sequence[str]) -> list[Pin]:
    """Return the pins that names name, all without any. Raises PinsError with the nearest ids."""
    known = {pin.id: pin for pin in pins.read()}
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3)) or "see fixtures/pins.toml"
            raise PinsError(f"no pin is called {name!r}; nearest: {near}")
    return [known[name] for name in names] or list(known.values())


def reproduce(
    asked: Sequence[Pin], built: Path | None, jobs: int, force: bool, tell: Callable[[str], None]
) -> list[Finding]:
    """Run pins' scripts, `jobs` columns at a time, keep what they print, and return what it comes to.

    `built` has the columns' environments, by id; without it tox builds them. What is known and of today is
    not run again, unless by `force`. Raises ReproductionError, ResultsError.
    """
    check(asked)
    measured, listed = running.measured(), list(columns().values())
    wanted = [(p.reproduction, column) for p in asked for column in judging.around(p, listed, measured)]
    known = {} if force else KEPT.words()
    named = {pin.reproduction for pin in pins.read()}
    KEPT.run([pair for pair in wanted if pair not in known], built, jobs, tell, _word, named)
    return findings(asked, KEPT.words(), measured)


def _word(said: Said) -> str | None:
    """Return the word that a script printed: one that raises shows nothing."""
    return said.word


def findings(
    asked: Iterable[Pin], said: Mapping[tuple[str, str], str | None], measured: Mapping[str, Results]
) -> list[Finding]:
    """Return what pins' scripts came to, from their words by script and column."""
    listed, found = list(columns().values()), []
    for pin in asked:
        wanted = [(pin.reproduction, column) for column in judging.around(pin, listed, measured)]
        unseen = [f"was not run in {column} as it is now" for s, column in wanted if (s, column) not in said]
        printed = {column: said[s, column] for s, column in wanted if (s, column) in said}
        of_pin = judging.finding(pin, printed, measured)
        found.append(dataclasses.replace(of_pin, wrong=[*unseen, *of_pin.wrong]) if unseen else of_pin)
    return found


def check(asked: Iterable[Pin]) -> None:
    """Raise ReproductionError, naming every pin without a script and every fault of one."""
    lacking = [f"{pin.id}: names no reproduction" for pin in asked if not pin.reproduction]
    named = dict.fromkeys(pin.reproduction for pin in asked if pin.reproduction)
    wrong = [f"{s}: {fault}" for s in named for fault in judging.faults(REPRODUCTIONS / s)]
    if lacking or wrong:
        raise ReproductionError("\n".join([*lacking, *wrong]))


def read(path: Path = KEPT.file) -> list[Printed]:
    """Return what is kept, nothing where there is no file. Raises ResultsError for a broken one."""
    return dataclasses.replace(KEPT, file=path).read()


def words(printed: Iterable[Printed]) -> dict[tuple[str, str], str | None]:
    """Return the words by script and column, of what is still of today."""
    return KEPT.words(printed)
