"""Exit codes beyond pytest's own 0 to 5, one for each thing that can go wrong."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """A code that a CI job can branch on. 0 and 1 mean what they mean to pytest."""

    MEASURED = 0
    DEVIATES = 1
    NO_TENSORFLOW = 10
    BROKEN_TENSORFLOW = 11
    UNKNOWN_CLAIM = 12
    CANARY = 13
    INCOMPLETE = 14
    UNWRITABLE_RESULTS = 15
    BROKEN_RESULTS = 16
    OTHER_SUITE = 17
    UNKNOWN_COLUMN = 18
    UNRESOLVED = 19
    BUSY = 20
    UNSTABLE = 21
    UNKNOWN_MUTANT = 22
    MUTANT_NOT_APPLICABLE = 23
    IDLE_MUTANT = 24
    SURVIVED = 25
    BROKEN_PINS = 26
    UNKNOWN_CASE = 27
    SHARDS = 28
    UNCERTIFIED = 29
    REGRESSED = 30
    CHANGED = 31
    STOPPED = 32
    FIXED = 33
    STALE = 34
    NOT_REPRODUCED = 35
    SAME_WORD = 36
