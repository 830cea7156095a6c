"""What can be wrong with a table of pins, as TOML gives it: every fault in a line of its own.

A table may hold anything that TOML can say, so nothing is taken for granted here.
"""

from __future__ import annotations

import difflib
import re
from typing import Any, Collection, Iterable, Iterator, List, Mapping, Set

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

import conformance
from conformance.claims import CLAIMS, FLAVOURS
from conformance.suite import ROOT
from conformance.words import VOCABULARY

REPRODUCTIONS = ROOT / "fixtures" / "reproductions"
RECIPES = ROOT / "fixtures" / "recipes"
UNREPORTED = "unreported"
_TOP = ("pin", "suite")
_KEYS = ("id", "where", "observed", "reason", "url", "reproduction", "remedies", "no_remedy")
#: A pin of one's own can do without these. A test sees to it that this project's have a script each.
_OPTIONAL = ("reproduction", "remedies", "no_remedy")
_TEXTS = ("id", "reason", "url", "reproduction", "no_remedy")
_WHERE = ("tensorflow", "keras", "python", "flavour", "columns")
_WORDS = {word.value for family in VOCABULARY.values() for word in family}


def faults(table: Mapping[str, Any], gone: Collection[str] = (), own: bool = False) -> Iterator[str]:
    """Yield a line for each thing that is wrong, with the pin's id, or its number where it has none.

    A claim may also be one of those that are `gone`: drift says what became of its cases. In a file of a
    user's `own` a script may be one that an earlier suite had: nothing depends on it there.
    """
    yield from (f"unknown key {key!r}{_nearest(key, _TOP)}" for key in table if key not in _TOP)
    yield from _of_suite(table.get("suite", conformance.__version__))
    rows = table.get("pin", [])
    if not isinstance(rows, list):
        yield "'pin' is not a list of tables: each pin begins with [[pin]]"
        return
    seen: Set[str] = set()
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield f"pin number {number}: {row!r} is not a table: each pin begins with [[pin]]"
            continue
        name = str(row.get("id") or f"pin number {number}")
        if name in seen:
            yield f"{name}: two pins have this id"
        seen.add(name)
        yield from (f"{name}: {fault}" for fault in _of_pin(row, gone))
        yield from (f"{name}: {fault}" for fault in _of_remedies(row))
        yield from (f"{name}: {fault}" for fault in (*_of_script(row), *_unknown_remedies(row)) if not own)


def _of_suite(suite: Any) -> Iterator[str]:
    now = conformance.__version__
    try:
        if Version(suite) > Version(now):
            yield f"made with suite {suite}, and this is {now}: upgrade the suite, or take older pins"
    except (InvalidVersion, TypeError):
        yield f"suite {suite!r} is no version of this suite in quotes, such as {now!r}"


def _of_pin(row: Mapping[str, Any], gone: Collection[str]) -> Iterator[str]:
    for key in row:
        if key not in _KEYS:
            hint = "; it stands above the first [[pin]]" if key == "suite" else _nearest(key, _KEYS)
            yield f"unknown key {key!r}{hint}"
    yield from (f"lacks {key!r}" for key in _KEYS if key not in _OPTIONAL and not row.get(key))
    yield from (
        f"{key} {row[key]!r} is not a text" for key in _TEXTS if not isinstance(row.get(key, ""), str)
    )
    url = row.get("url") or UNREPORTED
    if url != UNREPORTED and not str(url).startswith("https://"):
        yield f"url {url!r} is neither a link nor {UNREPORTED!r}"
    yield from _of_observed(row.get("observed") or {}, gone)
    where = row.get("where") or []
    if not isinstance(where, list) or not all(isinstance(place, dict) for place in where):
        yield "where is not a list of tables"
        return
    for place in where:
        yield from (f"where: {fault}" for fault in _of_place(place))


def _of_script(row: Mapping[str, Any]) -> Iterator[str]:
    script = row.get("reproduction")
    if script and not is_script(str(script)):
        yield f"no reproduction is called {script!r} in fixtures/reproductions"


def _of_remedies(row: Mapping[str, Any]) -> Iterator[str]:
    remedies = row.get("remedies")
    if remedies is None:
        return
    if not remedies or not _is_texts(remedies) or len(set(remedies)) < len(remedies):
        yield "remedies is not a list of recipes' ids, each once"
    if row.get("no_remedy"):
        yield "has both 'remedies' and 'no_remedy': why there is none, where there are some?"


def _unknown_remedies(row: Mapping[str, Any]) -> Iterator[str]:
    remedies = row.get("remedies", [])
    for name in remedies if _is_texts(remedies) else []:
        if not is_recipe(name):
            yield f"no recipe is called {name!r}{_nearest(name, _recipes())}"


def _recipes() -> List[str]:
    return [path.relative_to(RECIPES).with_suffix("").as_posix() for path in RECIPES.glob("*/*.py")]


def is_recipe(name: str) -> bool:
    """Return whether a recipe has this id: the goal that it reaches, and the way."""
    return bool(re.match(r"[\w-]+/[\w-]+\Z", name)) and (RECIPES / f"{name}.py").is_file()


def is_script(name: str) -> bool:
    """Return whether a reproduction has this name."""
    return (REPRODUCTIONS / name).is_file()


def _of_observed(observed: Any, gone: Collection[str]) -> Iterator[str]:
    if not isinstance(observed, dict):
        yield "observed is not a table of words, each with a list of cases"
        return
    for word, globs in observed.items():
        if word not in _WORDS and not re.match(r"raises \w+\Z", word):
            yield f"observed {word!r} is no word of any family{_nearest(word, _WORDS)}"
        if not globs or not _is_texts(globs):
            yield f"observed {word!r} has no list of cases"
            continue
        for glob in globs:
            claim = glob.split("[")[0]
            pattern = ".*".join(map(re.escape, claim.split("*")))
            if not any(re.fullmatch(pattern, known) for known in [*CLAIMS, *gone]):
                yield f"observed {word!r}: no claim is called {claim!r}{_nearest(claim, CLAIMS)}"


def _of_place(place: Mapping[str, Any]) -> Iterator[str]:
    if not place:
        yield "an empty table would be everywhere"
    for key, wanted in place.items():
        if key not in _WHERE:
            yield f"unknown key {key!r}{_nearest(key, _WHERE)}"
        elif key == "columns":
            if not wanted or not _is_texts(wanted):
                yield f"columns {wanted!r} is not a list of column ids"
        elif key == "flavour":
            named = wanted if isinstance(wanted, list) else [wanted]
            if not named:
                yield "flavour: an empty list would be nowhere"
            yield from (f"no flavour is called {name!r}" for name in named if name not in FLAVOURS)
        else:
            yield from (f"{key}: {fault}" for fault in _of_ranges(wanted))


def _of_ranges(ranges: Any) -> Iterator[str]:
    if not isinstance(ranges, str):
        yield f"{ranges!r} is not a range of versions in quotes"
        return
    for part in ranges.split("|"):
        try:
            specifiers = SpecifierSet(part)
            near = list(_near(specifiers))
        except (InvalidSpecifier, InvalidVersion):
            yield f"{part.strip()!r} is not a range of versions"
            continue
        if not specifiers:
            yield "an empty range"
        elif not any(specifiers.contains(version, prereleases=True) for version in near):
            yield f"{part.strip()!r} is impossible: no version is in it"


def _near(specifiers: SpecifierSet) -> Iterator[Version]:
    """Yield the versions a range names, and one just below and just above each.

    A range that none of them is in has no version at all: where it begins or ends is named in it.
    """
    for specifier in specifiers:
        named = Version(specifier.version.replace(".*", ""))
        yield named
        yield Version("{}.0.0.0.1".format(".".join(map(str, named.release))))
        if named.is_prerelease:
            yield Version(re.sub(r"\d+$", lambda number: str(int(number.group()) + 1), named.public))
        parts = list(named.release)
        while parts and not parts[-1]:
            parts.pop()
        if parts:
            yield Version(".".join(map(str, [*parts[:-1], parts[-1] - 1, 99999])))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _nearest(word: str, known: Iterable[str]) -> str:
    near: List[str] = difflib.get_close_matches(word, list(known), 1)
    return f"; perhaps {near[0]!r}" if near else ""
