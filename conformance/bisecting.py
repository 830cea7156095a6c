"""Bisecting: in which release did a case begin to say something else?

Values only. What a release says comes from `ask`; how it is installed is told in trying.py.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence

from packaging.version import Version

from conformance.exits import Exit

#: How a release is asked: it returns the word, or raises SkippedError.
Ask = Callable[[str], str]


class UnchangedError(Exception):
    """Both ends say the same: nothing to look for. Its text is one line."""

    exit_code = Exit.UNCHANGED


class UnansweredError(Exception):
    """An end of the search gave no answer. Its text is one line."""

    exit_code = Exit.INCOMPLETE


class SkippedError(Exception):
    """A release that cannot be installed, or gives no answer. Its text says why."""


@dataclasses.dataclass(frozen=True)
class Found:
    """The release that changed, what was said before and since, and what was skipped just before it."""

    before: str
    first: str
    was: str
    word: str
    skipped: Sequence[str]

    def __str__(self) -> str:
        told = f"first changed in {self.first} ({self.before} said {self.was}, {self.first} says {self.word})"
        return f"{told}; or in one that was skipped: {', '.join(self.skipped)}" if self.skipped else told


def between(good: str, bad: str, available: Iterable[str]) -> list[str]:
    """Return the releases from one end to the other, both included, oldest first, as PEP 440 has them."""
    oldest, newest = sorted((Version(good), Version(bad)))
    inside = {v for v in map(Version, available) if oldest < v < newest}
    return [str(v) for v in sorted({*inside, oldest, newest})]


def following(releases: Sequence[str], said: Mapping[str, str], skipped: Iterable[str]) -> str | None:
    """Return the release to ask next: the one nearest the middle of what is open; None at the end."""
    low, high = _open(releases, said)
    passed = set(skipped)
    left = [i for i in range(low + 1, high) if releases[i] not in passed]
    return releases[min(left, key=lambda i: (abs(2 * i - low - high), i))] if left else None


def _open(releases: Sequence[str], said: Mapping[str, str]) -> tuple[int, int]:
    """Return where the oldest word was heard last, and where another was heard first after it."""
    was = said[releases[0]]
    high = min(i for i, r in enumerate(releases) if said.get(r, was) != was)
    return max(i for i, r in enumerate(releases[:high]) if said.get(r) == was), high


def bisect(releases: Sequence[str], ask: Ask) -> Found:
    """Return the first release that says something else than the oldest.

    Asks both ends first, then halves what is open. Raises UnansweredError where an end cannot be asked,
    UnchangedError where both say the same.
    """
    said = {end: _end(end, ask) for end in (releases[0], releases[-1])}
    was = said[releases[0]]
    if set(said.values()) == {was}:
        raise UnchangedError(f"{releases[0]} and {releases[-1]} say the same: {was}")
    skipped: list[str] = []
    release = following(releases, said, skipped)
    while release:
        try:
            said[release] = ask(release)
        except SkippedError:
            skipped.append(release)
        release = following(releases, said, skipped)
    low, high = _open(releases, said)
    first = releases[high]
    return Found(releases[low], first, was, said[first], releases[low + 1 : high])


def _end(release: str, ask: Ask) -> str:
    try:
        return ask(release)
    except SkippedError as error:
        raise UnansweredError(
            f"{release} gives no answer, so there is no end to start from: {error}"
        ) from None
