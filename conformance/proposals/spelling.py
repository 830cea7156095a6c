"""How a pin writes its cases and columns: the fewest globs, and the widest ranges that are justified.

Pure functions. A range never spans a column that was measured otherwise, or is known but not measured;
it is open towards releases beyond all columns only where the last one of them deviates.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from packaging.version import Version

#: What orders the columns of a flavour: whose release decides.
_DECIDES = {"tf1": "tensorflow", "keras2": "tensorflow", "tf_keras": "tensorflow", "keras3": "keras"}


def globs(cases: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the fewest ids and globs that match exactly `cases` among the `known` ones."""
    wanted = set(cases)
    tree: dict[str, Any] = {}
    for case in known:
        node = tree
        for part in _parts(case):
            node = node.setdefault(part, {})
    return list(_globs("", tree, wanted))


def _parts(case: str) -> list[str]:
    """Return a case id cut where a glob may end: behind the claim's bracket, and behind each dash."""
    claim, _, situation = case.partition("[")
    tokens = situation.split("-")
    return [claim + "[", *(token + "-" for token in tokens[:-1]), tokens[-1]]


def _globs(prefix: str, node: Mapping[str, Any], wanted: set[str]) -> Iterable[str]:
    for part, below in node.items():
        text = prefix + part
        if not below:
            yield from [text] if text in wanted else []
            continue
        leaves = list(_leaves(text, below))
        if len(leaves) > 1 and all(leaf in wanted for leaf in leaves):
            yield text + "*" + ("]" if text.endswith("[") else "")
        else:
            yield from _globs(text, below, wanted)


def _leaves(prefix: str, node: Mapping[str, Any]) -> Iterable[str]:
    if not node:
        yield prefix
    for part, below in node.items():
        yield from _leaves(prefix + part, below)


def where(columns: Iterable[str], known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the places that hold exactly these of the known columns, as a pin writes them."""
    wanted = set(columns)
    found: list[dict[str, Any]] = []
    for flavour, key in _DECIDES.items():
        row = sorted((c for c in known if c["flavour"] == flavour), key=lambda c: Version(c[key]))
        if any(c["id"] in wanted for c in row):
            found += _places(flavour, key, row, wanted)
    return found


def _places(
    flavour: str, key: str, row: Sequence[Mapping[str, Any]], wanted: set[str]
) -> Iterator[dict[str, Any]]:
    versions = list(dict.fromkeys(c[key] for c in row))
    inside = [v for v in versions if all(c["id"] in wanted for c in row if c[key] == v)]
    if inside == versions:
        yield {"flavour": flavour}
        return
    if inside:
        yield {"flavour": flavour, key: "|".join(_ranges(versions, set(inside)))}
    # One release of Keras may say different things on different releases of TensorFlow.
    split = [c["id"] for c in row if c["id"] in wanted and c[key] not in inside]
    if split:
        yield {"columns": split}


def _ranges(versions: Sequence[str], inside: set[str]) -> Iterator[str]:
    for is_in, run in itertools.groupby(versions, lambda version: version in inside):
        first, *rest = run
        if not is_in:
            continue
        last, begins = (rest or [first])[-1], versions.index(first)
        parts = [">=" + _floor(first, versions[begins - 1])] if begins else []
        parts += [] if last == versions[-1] else ["<=" + Version(last).public]
        yield ",".join(parts)


def _floor(version: str, before: str) -> str:
    """Return where a range begins: at a nightly's first night, for the next is no other release.

    Unless an earlier night was measured, which is outside.
    """
    found = Version(version)
    first = f"{found.base_version}.dev0"
    return first if found.is_devrelease and Version(before) < Version(first) else found.public
