"""Shards: one column's cases split over machines, each case always in the same part."""

from __future__ import annotations

import dataclasses
import hashlib
import re

from conformance.exits import Exit


class ShardError(Exception):
    """A shard that is none, or shards that do not make a column. Its text is one line."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Shard:
    """Part `index`, from 1, `of` so many."""

    index: int
    of: int

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"

    def has(self, case: str) -> bool:
        """Return whether a case is in this part: its id alone decides, so that no other case can move it."""
        digest = hashlib.sha256(case.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.index - 1


def shard(text: str) -> Shard:
    """Return the shard that `I/N` names. Raises ShardError for anything else."""
    found = re.match(r"(\d{1,6})/(\d{1,6})\Z", text)
    if not found or not 1 <= int(found.group(1)) <= int(found.group(2)):
        raise ShardError(f"--shard: {text!r} is no part of a whole; write 1/4 for the first of four")
    return Shard(int(found.group(1)), int(found.group(2)))
