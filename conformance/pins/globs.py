"""Ids of cases and globs of them, in which only `*` is special: ids have brackets."""

from __future__ import annotations

import functools
import re
from typing import Any, Optional, Tuple

#: Old and new names of cases, ids or globs, the latest renaming first.
Renames = Tuple[Tuple[str, str], ...]


@functools.lru_cache(maxsize=None)
def _pattern(globs: Tuple[str, ...]) -> Any:
    """Return what globs match."""
    each = (".*".join(re.escape(part) for part in glob.split("*")) for glob in globs)
    return re.compile(f"(?:{'|'.join(each)})\\Z")


def matches(globs: Tuple[str, ...], case: str) -> bool:
    """Return whether one of some globs, or ids, is of a case."""
    return bool(_pattern(globs).match(case))


def renamed(text: str, before: str, after: str) -> Optional[str]:
    """Return a text that `before` matches as `after` has it: what the star stood for stays. None for others.

    Both are ids, or have one star each.
    """
    head, star, tail = before.partition("*")
    if not star:
        return after if text == before else None
    if len(text) < len(head) + len(tail) or not (text.startswith(head) and text.endswith(tail)):
        return None
    return after.replace("*", text[len(head) : len(text) - len(tail)])


@functools.lru_cache(maxsize=None)
def names(case: str, renames: Renames) -> Tuple[str, ...]:
    """Return a case's id, and behind it the ids that it had before some renames, the latest first."""
    found = [case]
    for old, new in renames:
        before = renamed(found[-1], new, old)
        if before is not None:
            found.append(before)
    return tuple(found)
