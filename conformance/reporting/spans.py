"""Many columns in a few words."""

from __future__ import annotations

import functools
from collections.abc import Collection

from conformance.columns import columns


def ranges(names: Collection[str]) -> str:
    """Return columns in a few words: neighbours of one lineage as a range, anything else one by one."""
    told: list[tuple[str, str]] = []
    for lineage in _lineages():
        for after, name in zip([None, *lineage], lineage, strict=False):
            if name not in names:
                continue
            if after in names:
                told[-1] = (told[-1][0], name)
            else:
                told.append((name, name))
    others = [name for name in dict.fromkeys(names) if not any(name in lineage for lineage in _lineages())]
    return ", ".join([*(a if a == b else f"{a} to {b}" for a, b in told), *others])


@functools.cache
def _lineages() -> list[list[str]]:
    """Return the ids of the listed columns, in order, each lineage by itself."""
    found: dict[str, list[str]] = {}
    for column in columns.columns().values():
        found.setdefault(column.lineage, []).append(column.id)
    return list(found.values())
