"""Running reproductions where their pins begin and end, or their cases deviate; keeping what they printed.

reports/reproduced.json has a line for each script and column. It holds until the script or the column's
lock changes.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from conformance import suite
from conformance.columns import running
from conformance.columns.columns import columns
from conformance.columns.scripts import Kept, Printed, Said, Words
from conformance.exits import Exit
from conformance.pins import pins
from conformance.pins.faults import REPRODUCTIONS
from conformance.pins.pins import Pin, PinsError
from conformance.reproductions import judging, own
from conformance.reproductions.judging import Finding
from conformance.results import blame
from conformance.results.results import Results

KEPT = Kept(suite.ROOT / "reports" / "reproduced.json", REPRODUCTIONS, "reproduce")


class ReproductionError(Exception):
    """Scripts that are no reproductions. Its text names each, a line for every fault."""

    exit_code = Exit.UNPROVEN


@dataclasses.dataclass(frozen=True)
class Asked:
    """Whose scripts are asked to show it: pins, which are causes, and cases with scripts of their own."""

    pins: Sequence[Pin]
    cases: Mapping[str, str]

    def scripts(self, measured: Mapping[str, Results]) -> Iterator[tuple[str, str]]:
        """Yield each script that has to run, with a column in which it has to."""
        listed = list(columns().values())
        for pin in self.pins:
            yield from ((pin.reproduction, column) for column in judging.around(pin, listed, measured))
        for case, script in self.cases.items():
            yield from ((script, column) for column in own.around(case, listed, measured))


def chosen(names: Sequence[str]) -> Asked:
    """Return what names name, all without any. Raises PinsError, CasesError with the nearest."""
    pins_, cases = {pin.id: pin for pin in pins.read()}, own.read()
    if not names:
        return Asked(list(pins_.values()), cases)
    wanted = own.chosen([name for name in names if "[" in name], cases)
    ids = [name for name in names if "[" not in name]
    for name in ids:
        if name not in pins_:
            near = ", ".join(difflib.get_close_matches(name, pins_, 3)) or "see fixtures/pins.toml"
            raise PinsError(f"no pin is called {name!r}; nearest: {near}")
    return Asked([pins_[name] for name in ids], wanted)


def reproduce(
    asked: Asked, built: Path | None, jobs: int, force: bool, tell: Callable[[str], None]
) -> list[Finding]:
    """Run scripts, `jobs` columns at a time, keep what they print, and return what it comes to.

    `built` has the columns' environments, by id; without it tox builds them. What is known and of today is
    not run again, unless by `force`. Raises ReproductionError, ResultsError.
    """
    check(asked)
    measured = settled()
    known = {} if force else KEPT.words()
    KEPT.run([p for p in asked.scripts(measured) if p not in known], built, jobs, tell, _word, named())
    return findings(asked, KEPT.words(), measured)


def settled() -> dict[str, Results]:
    """Return the committed results by column, in which it is settled what is blocked."""
    return {c: {**found, "cases": blame.settled(found["cases"])} for c, found in running.measured().items()}


def named() -> set[str]:
    """Return all scripts that a pin or a case names."""
    return {pin.reproduction for pin in pins.read()} | set(own.read().values())


def _word(said: Said) -> str | None:
    """Return the word that a script printed: one that raises shows nothing."""
    return said.word


def findings(asked: Asked, said: Words, measured: Mapping[str, Results]) -> list[Finding]:
    """Return what scripts came to, from their words by script and column."""
    listed, found = list(columns().values()), []
    for pin in asked.pins:
        wanted = judging.around(pin, listed, measured)
        found.append(_found(pin.reproduction, wanted, said, partial(judging.finding, pin), measured))
    for case, script in asked.cases.items():
        wanted = own.around(case, listed, measured)
        found.append(_found(script, wanted, said, partial(own.finding, case), measured))
    return found


def _found(
    script: str,
    wanted: Sequence[str],
    said: Words,
    judge: Callable[..., Finding],
    measured: Mapping[str, Results],
) -> Finding:
    unseen = [f"was not run in {c} as it is now" for c in wanted if (script, c) not in said]
    found = judge({c: said[script, c] for c in wanted if (script, c) in said}, measured)
    return dataclasses.replace(found, wrong=[*unseen, *found.wrong])


def check(asked: Asked) -> None:
    """Raise ReproductionError, naming every pin without a script and every fault of one."""
    lacking = [f"{pin.id}: names no reproduction" for pin in asked.pins if not pin.reproduction]
    scripts = dict.fromkeys([*(p.reproduction for p in asked.pins if p.reproduction), *asked.cases.values()])
    wrong = [f"{s}: {fault}" for s in scripts for fault in judging.faults(REPRODUCTIONS / s)]
    if lacking or wrong:
        raise ReproductionError("\n".join([*lacking, *wrong]))


def read(path: Path = KEPT.file) -> list[Printed]:
    """Return what is kept, nothing where there is no file. Raises ResultsError for a broken one."""
    return dataclasses.replace(KEPT, file=path).read()


def words(printed: Iterable[Printed]) -> dict[tuple[str, str], str | None]:
    """Return the words by script and column, of what is still of today."""
    return KEPT.words(printed)
