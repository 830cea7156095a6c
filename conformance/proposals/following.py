"""Pins of an earlier suite, brought up to this one: renamed ids as they are now, removed ones taken out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

import conformance
from conformance.pins import history
from conformance.pins.drift import Moved
from conformance.pins.globs import matches, names
from conformance.pins.pins import Pin, Pins
from conformance.proposals import spelling
from conformance.results.results import Results


@dataclasses.dataclass(frozen=True)
class Followed:
    """Pins by today's ids, what each old id or glob became, and those that are gone, with why."""

    pins: Sequence[Pin]
    became: Mapping[str, Sequence[str]]
    removed: Mapping[str, str]

    @property
    def hints(self) -> Iterator[str]:
        """What to know of what was done here, a line each."""
        if self.became:
            yield f"renamed: {len(self.became)} ids and globs are written as this suite has them"
        yield from (f"removed: {glob}: {why}" for glob, why in self.removed.items())


def followed(known: Pins, cases: Sequence[str]) -> Followed:
    """Return pins brought up to the cases that there are; what was not renamed or removed stays as it is."""
    globs = [(pin, glob) for pin in known for globs in pin.observed.values() for glob in globs]
    became = {glob: new for pin, glob in globs for new in [_now(pin, glob, cases)] if new != [glob]}
    removed = {}
    for glob in [glob for glob, new in became.items() if not new]:
        version, reason = history.removing(known.history, glob)
        if version:
            removed[glob] = f"suite {version}: {reason}"
        del became[glob]
    found = [_written(pin, became, removed) for pin in known]
    return Followed([pin for pin in found if pin.observed], became, removed)


def _now(pin: Pin, glob: str, cases: Iterable[str]) -> list[str]:
    """Return what an id or a glob of a pin is today: itself where it may stay, nothing where it is gone."""
    if not pin.renames:
        return [glob] if any(matches((glob,), case) for case in cases) else []
    known = list(cases)
    meant = [case for case in known if any(matches((glob,), name) for name in names(case, pin.renames))]
    if all(matches((glob,), case) for case in meant):
        return [glob] if meant else []
    return spelling.globs(meant, known)


def _written(pin: Pin, became: Mapping[str, Sequence[str]], removed: Mapping[str, str]) -> Pin:
    found = {
        word: tuple(
            dict.fromkeys(new for glob in globs if glob not in removed for new in became.get(glob, [glob]))
        )
        for word, globs in pin.observed.items()
    }
    return dataclasses.replace(
        pin, observed={word: globs for word, globs in found.items() if globs}, renames=()
    )


def suite(known: Pins, told: Sequence[Results], left: Iterable[Moved], cases: Iterable[str]) -> str:
    """Return the version that pins are of once results were judged by them: this suite's, or what they were.

    They know of a new case only when it was measured with the rest of its claim, wherever something was
    measured, and is none of those that are `left` without a pin.
    """
    young = [case for case in cases if history.adding(known.missed, case)]
    waits = any(m.is_unpinned and m.case in young for m in left)
    return known.suite if waits or not all(_has(found, young) for found in told) else conformance.__version__


def _has(found: Results, young: Iterable[str]) -> bool:
    claims = {case.split("[")[0] for case in found["cases"]}
    asked = [case for case in young if case.split("[")[0] in claims]
    return bool(found["valid"]) and all(case in found["cases"] for case in asked)
