"""Finding the release that changed what a case says, between two columns that say different things.

What lies between and what to try next is decided by pure functions; `releases` lists, installs and asks.
Releases are in the order of their versions. Nightlies are in the order of their days, between the two
releases that the change was found between: a nightly bears the number of the release before it or after.
"""

from __future__ import annotations

import dataclasses
import itertools
import sys
from collections.abc import Callable, Mapping, Sequence

from packaging.version import Version

from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.results.results import Results
from conformance.words import Outcome

#: The package of Keras as it is on some day.
NIGHTLY = "keras-nightly"
#: What may differ between two columns, and is not a requirement that both share.
LEADS = ("tensorflow", "tensorflow-cpu", "keras", NIGHTLY, "tf-keras")


class BisectError(Exception):
    """Two columns between which nothing can be found. Its text is one line."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclasses.dataclass(frozen=True)
class Release:
    """A version of a package."""

    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a case said with a release, None with the reason where it could not be asked."""

    word: str | None
    why: str = ""


@dataclasses.dataclass(frozen=True)
class Found:
    """The first release known to differ, the last known not to, and what gave no answer between them."""

    first: Release
    before: Release
    skipped: Sequence[Release]


@dataclasses.dataclass(frozen=True)
class Span:
    """Two columns, the older first, and which package's releases lead from one to the other."""

    older: Column
    newer: Column
    package: str

    @property
    def ends(self) -> tuple[Release, Release]:
        """The releases of the two columns."""
        return _end(self.older, self.package), _end(self.newer, self.package)

    def requires(self, release: Release) -> list[str]:
        """Return what an environment needs for a release: the rest is as in the older column."""
        wanted = [f"{release.package}=={release.version}"]
        if self.package == "keras":
            return [_requirement(self.older, "tensorflow"), *wanted]
        other = {"keras3": f"keras=={self.older.locked()['keras']}", "tf_keras": "tf-keras"}
        wanted += [other[self.older.flavour]] if self.older.flavour in other else []
        both = [*self.older.requires, *self.newer.requires]
        return [*wanted, *dict.fromkeys(r for r in both if r.split("==")[0] not in LEADS)]


def _end(column: Column, package: str) -> Release:
    if package == "keras":
        version = column.locked()["keras"]
        return Release(NIGHTLY if Version(version).is_devrelease else "keras", version)
    return Release(package, column.locked()["tensorflow"])


def _requirement(column: Column, package: str) -> str:
    return next(r for r in column.requires if r.split("==")[0].startswith(package))


def span(good: Column, bad: Column) -> Span:
    """Return what lies between two columns, in the order of their releases. Raises BisectError."""
    flavours = {good.flavour, bad.flavour}
    if len(flavours) > 1 and flavours != {"tf1", "keras2"}:
        message = (
            f"{good.id} is {good.flavour}, {bad.id} is {bad.flavour}: no releases lead from one to the other"
        )
        raise BisectError(message, Exit.BAD_INPUT)
    kerases = {good.locked()["keras"], bad.locked()["keras"]}
    decides = "keras" if flavours == {"keras3"} and len(kerases) > 1 else "tensorflow"
    older, newer = sorted((good, bad), key=lambda column: Version(column.locked()[decides]))
    if decides == "keras":
        return Span(older, newer, "keras")
    named = {_requirement(column, "tensorflow").split("==")[0] for column in (good, bad)}
    return Span(older, newer, named.pop() if len(named) == 1 else "tensorflow")


def said(found: Results, case: str) -> Answer:
    """Return what a case said in results."""
    record = found["cases"].get(case)
    if record is None:
        return Answer(None, "the case did not run")
    if record["outcome"] in (Outcome.HOLDS.value, Outcome.DEVIATES.value):
        return Answer(str(record["observed"]))
    if record["outcome"] == Outcome.NOT_APPLICABLE.value:
        return Answer(record["outcome"])
    return Answer(None, f"{record['outcome']}: {record['reason']}")


def between(versions: Sequence[str], package: str, older: Release, newer: Release) -> list[Release]:
    """Return the releases between two, pre-releases among them, in order; those two are left out."""
    low, high = Version(older.version), Version(newer.version)
    found = [v for v in versions if low < Version(v) < high and not Version(v).is_devrelease]
    return [Release(package, version) for version in sorted(found, key=Version)]


def nights(versions: Sequence[str], older: Release, newer: Release) -> list[Release]:
    """Return the nightlies that may lie between two releases of Keras, in the order of their days."""
    low, high = Version(older.version), Version(newer.version)
    found = [version for version in map(Version, versions) if version.is_devrelease]
    inside = [v for v in found if low.release[:2] <= v.release[:2] <= high.release[:2]]
    days = range((low.dev or 0) + 1, high.dev or sys.maxsize)
    return [Release(NIGHTLY, str(v)) for v in sorted(inside, key=_day) if _day(v) in days]


def _day(version: Version) -> int:
    return version.dev or 0


def middle(order: Sequence[Release], changed: Mapping[Release, bool | None]) -> Release | None:
    """Return what to try next, None where nothing is left that could be the first to differ.

    `changed` has what is known: whether a release says otherwise than the older end, or None for one
    that could not be asked. It is the middle of the widest gap in what was tried: the neighbours of a
    nightly that does not work do not either.
    """
    first, last = _bounds(order, changed)
    tried = [first - 1, *(place for place in range(first, last) if order[place] in changed), last]
    low, high = max(itertools.pairwise(tried), key=lambda gap: gap[1] - gap[0])
    return order[(low + high) // 2] if high - low > 1 else None


def _bounds(order: Sequence[Release], changed: Mapping[Release, bool | None]) -> tuple[int, int]:
    """Return the place behind the last release known not to differ, and that of the first that does."""
    same = [place for place, release in enumerate(order) if changed.get(release) is False]
    other = [place for place, release in enumerate(order) if changed.get(release)]
    return (same[-1] + 1 if same else 0), (other[0] if other else len(order))


def search(
    order: Sequence[Release], before: Release, after: Release, differs: Callable[[Release], bool | None]
) -> Found:
    """Return the first of some releases that differs, `after` where none does; `before` does not."""
    changed: dict[Release, bool | None] = {}
    release = middle(order, changed)
    while release is not None:
        changed[release] = differs(release)
        release = middle(order, changed)
    low, high = _bounds(order, changed)
    first = order[high] if high < len(order) else after
    return Found(first, order[low - 1] if low else before, order[low:high])


def bisect(
    span: Span, word: str, ask: Callable[[Release], Answer], listed: Callable[[str], Sequence[str]]
) -> Found:
    """Return what changed, of the releases that `listed` gives for a package, by asking some of them.

    `word` is what the older column says. Raises BisectError where the newer end says so too, as soon as
    everything but the one package is as in the older column.
    """

    def differs(release: Release) -> bool | None:
        found = ask(release).word
        return None if found is None else found != word

    older, newer = span.ends
    if differs(newer) is False:
        message = f"{newer} says {word!r} too where it takes the place of {older} in {span.older.id}"
        raise BisectError(f"{message}: it is not what changed", Exit.UNPROVEN)
    releases = between(listed(span.package), span.package, older, newer)
    found = search(releases, older, newer, differs)
    if span.package != "keras":
        return found
    daily = search(nights(listed(NIGHTLY), found.before, found.first), found.before, found.first, differs)
    return dataclasses.replace(daily, skipped=[*found.skipped, *daily.skipped])


def sentence(found: Found, words: Mapping[Release, str]) -> str:
    """Return the last line of a bisection."""
    said, before = words[found.first], words[found.before]
    line = f"first changed in {found.first}: {said!r}, where {found.before} says {before!r}"
    if not found.skipped:
        return line
    return f"{line}; or in one of those skipped: {', '.join(map(str, found.skipped))}"
