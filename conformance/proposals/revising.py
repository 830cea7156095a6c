"""Pins made to say what was measured: the fewest that do, each changed as little as possible.

Pins of one reason and link are a family. Its pins share out what it explains by where that is seen:
cases that deviate in the same columns are in one pin. So a case whose columns change moves to the
pin that has those columns, or to one that nothing else needs, or to a new one. Pure functions.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.pins.drift import Judgement, Moved
from conformance.pins.pins import Pin
from conformance.proposals import spelling
from conformance.results.results import Results
from conformance.results.verdicts import is_canary
from conformance.words import Outcome

Entry = tuple[str, str]
Columns = frozenset[str]
#: How much of a case's situation sets a new pin apart from others of its family.
_WORDS_OF_AN_ID = 4


@dataclasses.dataclass(frozen=True)
class Ground:
    """What was measured: results by column, and the columns that are known, measured or not."""

    results: Mapping[str, Results]
    columns: Sequence[Mapping[str, Any]]

    @functools.cached_property
    def cases(self) -> list[str]:
        """Every case of any column, without canaries, in order."""
        found = {case for results in self.results.values() for case in results["cases"]}
        return sorted(case for case in found if not is_canary(case))

    def span(self, pin: Pin) -> Columns:
        """Return the measured columns in which a pin applies."""
        return frozenset(c for c, found in self.results.items() if pin.applies(found["column"]))

    def entries(self, pin: Pin) -> set[Entry]:
        """Return the cases that a pin covers, each with its word."""
        said = ((case, pin.word(case)) for case in self.cases)
        return {(case, word) for case, word in said if word}

    def asked(self, case: str) -> Columns:
        """Return the columns in which a case was measured."""
        return frozenset(c for c, found in self.results.items() if case in found["cases"])


@dataclasses.dataclass(frozen=True)
class Edit:
    """What pins shall say no longer, by case and column, and what they shall say besides."""

    gone: frozenset[tuple[str, str]]
    seen: Mapping[Entry, Columns]
    stale: frozenset[tuple[str, str]] = frozenset()


def pinned(moved: Iterable[Moved]) -> Edit:
    """Return the edit that pins what deviates unpinned, or otherwise than pinned."""
    seen: dict[Entry, set[str]] = {}
    gone = set()
    for m in moved:
        if m.is_unpinned:
            seen.setdefault((m.case, m.seen), set()).add(m.column)
            gone |= {(m.case, m.column)}
    return Edit(frozenset(gone), {entry: frozenset(columns) for entry, columns in seen.items()})


def pruned(moved: Iterable[Moved]) -> Edit:
    """Return the edit that takes out what holds, does not apply, or is no case of any column.

    A case that gave no answer stays pinned: nobody knows that it deviates no longer.
    """
    rows = list(moved)
    gone = {(m.case, m.column) for m in rows if m.judgement is Judgement.FIXED}
    gone |= {(m.case, m.column) for m in rows if m.pin and m.seen == Outcome.NOT_APPLICABLE.value}
    stale = {(m.pin.id, m.case) for m in rows if m.pin and m.judgement is Judgement.STALE}
    return Edit(frozenset(gone), {}, frozenset(stale))


def revised(known: Sequence[Pin], ground: Ground, edit: Edit, new: Pin | None = None) -> list[Pin]:
    """Return the pins after an edit; what they shall say besides is of the `new` one's reason and link.

    Pins that nothing moved in or out of are the same objects as before.
    """
    alive = [pin for pin in (_without(pin, edit.stale) for pin in known) if pin.observed]
    found: list[Pin] = []
    families = dict.fromkeys((pin.reason, pin.url) for pin in [*alive, *([new] if new else [])])
    for key in families:
        family = [pin for pin in alive if (pin.reason, pin.url) == key]
        joins = new is not None and key == (new.reason, new.url)
        taken = {pin.id for pin in [*alive, *found]}
        found += _Family(family, ground, new if joins else None, taken).after(edit)
    order = {pin.id: number for number, pin in enumerate(alive)}
    return _in_order(found, order)


def _in_order(found: Sequence[Pin], order: Mapping[str, int]) -> list[Pin]:
    """Return pins where they were, new ones behind the family they are of, or at the end."""
    places: dict[str, tuple[float, int]] = {}
    for number, pin in enumerate(found):
        kin = [order[p.id] for p in found if (p.reason, p.url) == (pin.reason, pin.url) and p.id in order]
        behind = max(kin) + 0.5 if kin else float("inf")
        places[pin.id] = (order.get(pin.id, behind), number)
    return sorted(found, key=lambda pin: places[pin.id])


def _without(pin: Pin, stale: Iterable[tuple[str, str]]) -> Pin:
    """Return a pin without the globs that match no case; itself where it has none of them."""
    dead = {glob for owner, glob in stale if owner == pin.id}
    if not dead:
        return pin
    left = {word: tuple(g for g in globs if g not in dead) for word, globs in pin.observed.items()}
    return dataclasses.replace(pin, observed={word: globs for word, globs in left.items() if globs})


class _Family:
    """Pins of one reason and link, on their way through an edit."""

    def __init__(self, pins: Sequence[Pin], ground: Ground, new: Pin | None, taken: set[str]) -> None:
        self.pins, self.ground, self.new, self.taken = pins, ground, new, set(taken)
        self.spans = {pin.id: ground.span(pin) for pin in pins}
        self.held = {pin.id: ground.entries(pin) for pin in pins}

    def after(self, edit: Edit) -> list[Pin]:
        """Return the family's pins after the edit."""
        groups = self._moving(edit)
        moving = {entry for entries in groups.values() for entry in entries}
        kept = {pin.id: self.held[pin.id] - moving for pin in self.pins}
        kept_spans = dict(self.spans)
        made = {pin.id: pin for pin in self.pins}
        for columns, entries in sorted(groups.items(), key=lambda group: (-len(group[1]), -len(group[0]))):
            if not columns:
                continue
            home = self._home(columns, entries, kept, kept_spans)
            made.setdefault(home, self._fresh(home, entries))
            kept[home] = kept.get(home, set()) | entries
            kept_spans[home] = columns
        return [self._written(made[i], kept[i], kept_spans[i]) for i in made if kept[i] or not self._had(i)]

    def _had(self, name: str) -> bool:
        """Whether a pin covered any case before: one that never did is left for `stale` to tell."""
        return bool(self.held.get(name))

    def _moving(self, edit: Edit) -> dict[Columns, set[Entry]]:
        """Return the entries whose columns change, by the columns that they shall have."""
        entries = set().union(*self.held.values()) if self.held else set()
        groups: dict[Columns, set[Entry]] = {}
        for entry in sorted(entries | (set(edit.seen) if self.new else set())):
            case = entry[0]
            spans = [self.spans[pin.id] for pin in self.pins if entry in self.held[pin.id]]
            before = frozenset().union(*spans) & self.ground.asked(case)
            now = before - {column for column in before if (case, column) in edit.gone}
            now |= edit.seen.get(entry, frozenset()) if self.new else frozenset()
            if now != before:
                groups.setdefault(now, set()).add(entry)
        return groups

    def _home(
        self,
        columns: Columns,
        entries: set[Entry],
        kept: Mapping[str, set[Entry]],
        spans: Mapping[str, Columns],
    ) -> str:
        """Return the id of the pin that has these columns; else of one left empty; else a new one."""
        same = [name for name in kept if spans[name] == columns]
        empty = [pin.id for pin in self.pins if self._had(pin.id) and not kept[pin.id]]
        best = sorted(empty, key=lambda name: -len(self.held[name] & entries))
        return next(iter([*same, *best]), None) or self._name(entries)

    def _name(self, entries: set[Entry]) -> str:
        """Return a free id: the new pin's, or the family's with the situation that sets this pin apart."""
        if self.new and self.new.id not in self.taken:
            name = self.new.id
        else:
            situation = min(entries)[0].partition("[")[2].rstrip("]").split("-")
            base = f"{self.new.id if self.new else self.pins[0].id}-{'-'.join(situation[:_WORDS_OF_AN_ID])}"
            further = (f"{base}-and-{n}" for n in range(2, len(self.taken) + 3))
            name = next(name for name in (base, *further) if name not in self.taken)
        self.taken.add(name)
        return name

    def _fresh(self, name: str, entries: set[Entry]) -> Pin:
        """Return a pin that is still to be filled, like the one that most of its entries were in."""
        like = max(self.pins, key=lambda pin: len(self.held[pin.id] & entries), default=None)
        source = like if like and (self.held[like.id] & entries or not self.new) else self.new
        assert source is not None
        return dataclasses.replace(source, id=name, where=(), observed={})

    def _written(self, pin: Pin, entries: set[Entry], columns: Columns) -> Pin:
        """Return a pin that covers these entries in these columns, unchanged where it does already."""
        if pin.where and entries == self.held[pin.id] and columns == self.spans[pin.id]:
            return pin
        where = pin.where
        if not where or columns != self.spans[pin.id]:
            where = tuple(spelling.where(columns, self.ground.columns))
        words = [*pin.observed, *sorted({word for _, word in entries} - set(pin.observed))]
        observed = {word: self._globs(pin, word, entries) for word in words}
        return dataclasses.replace(pin, where=where, observed={w: g for w, g in observed.items() if g})

    def _globs(self, pin: Pin, word: str, entries: set[Entry]) -> tuple[str, ...]:
        cases = {case for case, said in entries if said == word}
        if cases == {case for case, said in self.held.get(pin.id, ()) if said == word}:
            return tuple(pin.observed.get(word, ()))
        return tuple(spelling.globs(cases, self.ground.cases))
