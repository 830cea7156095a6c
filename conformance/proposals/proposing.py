"""`python -m conformance pin`: what drifted, as a change of the pins file that a person can agree to."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import conformance
from conformance import suite
from conformance.columns import certifying, columns, running
from conformance.exits import Exit
from conformance.pins import pins, toml
from conformance.pins.drift import Judgement, Moved
from conformance.pins.faults import is_script
from conformance.pins.globs import matches
from conformance.pins.pins import Pin, Pins, PinsError
from conformance.proposals import evidence, following, revising, toml_text
from conformance.proposals.evidence import Evidence
from conformance.proposals.revising import Edit, Ground
from conformance.reporting import alarms
from conformance.results import given, results
from conformance.results.results import Results, ResultsError
from conformance.words import Outcome

_WORDS_OF_AN_ID = 6


@dataclasses.dataclass(frozen=True)
class Proposal:
    """A pins file as it is and as it would be, and what is to be said of what is left out.

    `unstable` has a line for each case that may not be pinned, `hints` what else to know.
    """

    path: Path
    before: str
    after: str
    unstable: Sequence[str]
    hints: Sequence[str]

    @property
    def diff(self) -> str:
        """What would change, as a unified diff; empty where nothing would."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(difflib.unified_diff(before, after, self.path.name, self.path.name))

    def write(self) -> None:
        """Replace the file in one step. Raises PinsError where it changed since it was read."""
        if _text(self.path) != self.before:
            raise PinsError(f"{self.path}: changed meanwhile; nothing written, run it again")
        results.replace(self.path, given.as_it_was(self.path, self.after))


def default_id(reason: str) -> str:
    """Return an id made of a reason's first words."""
    words = re.findall(r"[a-z0-9]+(?:[._][a-z0-9]+)*", reason.lower())
    return "-".join(words[:_WORDS_OF_AN_ID])


def named(known: Sequence[Pin], name: str, reason: str, url: str, reproduction: str) -> Pin:
    """Return the pin that new deviations are like: of an existing pin's reason and link by its id.

    Raises PinsError where reason or link are missing, the id is that of a pin with others, or there is no
    such reproduction.
    """
    if reproduction and not is_script(reproduction):
        raise PinsError(f"no reproduction is called {reproduction!r} in fixtures/reproductions")
    same = next((pin for pin in known if pin.id == name), None)
    if same is not None:
        if (reason or same.reason, url or same.url) != (same.reason, same.url):
            raise PinsError(f"{name}: a pin with another reason or link has this id; give another --id")
        return dataclasses.replace(same, reproduction=reproduction)
    for option, value in (("--reason", reason), ("--url", url)):
        if not value.strip():
            hint = "give --reason in one sentence and --url as a link or `unreported`, or the --id of a pin"
            raise PinsError(f"{option} is missing: {hint}")
    kin = next((pin.id for pin in known if (pin.reason, pin.url) == (reason, url)), default_id(reason))
    return Pin(name or kin, (), {}, reason, url, reproduction)


def proposal(
    file: Path | None, given: Sequence[Results], globs: Sequence[str], said: Mapping[str, str] | None
) -> Proposal:
    """Return what to change in a file of pins, or this project's: pin what `said` tells why, or prune.

    Judged are the given results, all committed ones without any, and in them the cases of `globs`, if
    there are any. Raises EvidenceError where no pin may rest on a column's results.
    """
    path = file or pins.PINS
    text = _text(path)
    known = pins.parsed(text, path.name, pins.is_own(path))
    seen = _seen(known, given)
    chosen = [m for m in seen.moved if not globs or matches(tuple(globs), m.case)]
    mine = [m for m in chosen if m.is_unpinned == (said is not None)]
    agreed = [m for m in mine if not seen.answers(m)]
    new = named(known, **said) if said and (mine or any(said.values())) else None
    edit = revising.pinned(agreed) if said is not None else revising.pruned(agreed)
    evidence.required(seen.weighed, sorted({column for _, column in edit.gone}))
    measured = ground(seen.weighed)
    now = following.followed(known, measured.cases)
    wanted = revising.revised(now.pins, measured, edit, new)
    _check(wanted, measured)
    suite = following.suite(known, seen.told, [m for m in seen.moved if m not in agreed], measured.cases)
    after = _after(text, path.name, known, wanted, now, suite)
    rest = [m for m in chosen if m.case not in now.removed]
    hints = [*now.hints, *_kin(known, edit, new), *_left(rest, said is not None), *_of_suite(suite)]
    return Proposal(path, text, after, list(seen.unstable(mine)), hints)


def _after(
    text: str, name: str, known: Pins, wanted: Sequence[Pin], now: following.Followed, suite: str
) -> str:
    if wanted != known:
        text = toml_text.rewritten(text, known, wanted, name, now.became)
    return text if suite == known.suite else toml_text.made_with(text, suite, name)


@dataclasses.dataclass(frozen=True)
class _Seen:
    """The evidence on every column, the results that were asked about, and what moved in these."""

    weighed: Mapping[str, Evidence]
    told: Sequence[Results]
    moved: Sequence[Moved]

    def answers(self, moved: Moved) -> Sequence[str]:
        """Return the different things that an unstable case said; nothing of one that is stable."""
        found = self.weighed.get(moved.column)
        return found.unstable.get(moved.case, ()) if found else ()

    def unstable(self, moved: Sequence[Moved]) -> Iterator[str]:
        """Yield a line for each unstable case among what moved."""
        for m in moved:
            if self.answers(m):
                yield f"unstable: {m.case} in {m.column}: {', '.join(self.answers(m))}"


def _seen(known: Sequence[Pin], given: Sequence[Results]) -> _Seen:
    _of_today(given)
    certificates = certifying.certificates(certifying.CERTIFIED)
    weighed = evidence.gathered(given, running.measured(), certificates)
    asked = dict.fromkeys(found["column"]["id"] for found in given) or weighed
    told = [weighed[column].told for column in asked]
    return _Seen(weighed, told, alarms.found(known, told, whole=not given))


def _text(path: Path) -> str:
    """Return what stands in a pins file, which may be still to come. Raises PinsError."""
    try:
        return toml.read(path) if path.exists() else ""
    except toml.TomlError as error:
        raise PinsError(str(error)) from None


def _of_today(given: Sequence[Results]) -> None:
    """Raise ResultsError for results that other cases than today's measured: they may mean other things."""
    now = suite.identity()["digest"]
    other = dict.fromkeys(found["column"]["id"] for found in given if found["suite"]["digest"] != now)
    if other:
        raise ResultsError(f"{', '.join(other)}: not measured by today's cases; do it again", Exit.BAD_INPUT)


def ground(weighed: Mapping[str, Evidence]) -> Ground:
    """Return what was measured; invalid columns, and listed ones without results, are only known."""
    measured = {name: found.results for name, found in weighed.items() if found.results["valid"]}
    listed = [column.locked() for name, column in columns.columns().items() if name not in weighed]
    return Ground(measured, [*(found.results["column"] for found in weighed.values()), *listed])


def _check(wanted: Sequence[Pin], ground: Ground) -> None:
    """Raise PinsError where two pins would claim one case in one column."""
    for found in ground.results.values():
        twice = pins.overlaps(wanted, ground.cases, found["column"])
        if twice:
            raise PinsError("\n".join(twice))


def _kin(known: Sequence[Pin], edit: Edit, new: Pin | None) -> Iterator[str]:
    """Yield which pins of another reason say the same elsewhere."""
    others = [pin for pin in known if new and (pin.reason, pin.url) != (new.reason, new.url)]
    says = Counter(pin.id for pin in others for case, word in edit.seen if pin.word(case) == word)
    for name, count in says.items():
        yield f"pin {name} says the same of {count} of these cases elsewhere: `--id {name}` would widen it"


def _left(moved: Sequence[Moved], pinning: bool) -> Iterator[str]:
    """Yield what moved and is not taken in or out by this call."""
    silent = [m for m in moved if m.judgement is Judgement.STOPPED and m.seen != Outcome.NOT_APPLICABLE.value]
    left = Counter(m.judgement for m in moved if m.is_unpinned != pinning and m not in silent)
    how = (
        "`python -m conformance pin --prune` takes them out"
        if pinning
        else "`python -m conformance pin` pins them"
    )
    for judgement, count in left.items():
        yield f"{judgement}: {count} cases are left; {how}"
    if silent:
        yield f"stopped: {len(silent)} cases gave no answer, so there is nothing to pin or to take out"


def _of_suite(suite: str) -> Iterator[str]:
    now = conformance.__version__
    if suite != now:
        yield f"the pins stay of suite {suite or '?'}: not all that {now} asks besides is measured and pinned"
