"""The closed vocabularies: how a case can end, and what it can say that TensorFlow did."""

from __future__ import annotations

import enum
from typing import Dict, Tuple


class Outcome(str, enum.Enum):
    """How one case ended in one column. Everything but `HOLDS` comes with a reason.

    `BLOCKED` is never recorded: it follows from the other records of a column (`results/blame.py`).
    """

    HOLDS = "holds"
    DEVIATES = "deviates"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"
    CRASHED = "crashed"
    TIMED_OUT = "timed-out"
    NOT_RUN = "not-run"
    BLOCKED = "blocked"


#: Outcomes that say nothing about TensorFlow: neither a pass nor a failure.
UNKNOWN = (Outcome.ERROR, Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.NOT_RUN)


class Verdict(str, enum.Enum):
    """What the cases of one claim say together in one column."""

    HOLDS = "holds"
    EXCEPTIONS = "exceptions"
    DEVIATES = "deviates"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


class Word(str, enum.Enum):
    """What TensorFlow did, as a case may say it. `raises <Exception>` is the only open end."""

    DROPS = "drops"
    PASSES = "passes through"
    DISTORTS = "distorts"
    REPEATS = "repeats its mask"
    AUGMENTS = "augments"
    NO_VARIABLES = "no variables"
    VARIABLES = "has variables"

    BATCH = "batch statistics"
    MOVING = "moving statistics"
    NEITHER = "neither statistics"
    STATISTICS_UPDATED = "statistics updated"
    STATISTICS_PARTLY = "statistics partly updated"
    STATISTICS_TWICE = "statistics updated twice"
    STATISTICS_OTHERWISE = "statistics updated otherwise"
    STATISTICS_KEPT = "statistics kept"

    WEIGHTS_UPDATED = "weights updated"
    WEIGHTS_PARTLY = "weights partly updated"
    WEIGHTS_KEPT = "weights kept"
    STATE_UPDATED = "state updated"
    STATE_PARTLY = "state partly updated"
    STATE_KEPT = "state kept"
    SAME = "unchanged"
    CHANGED = "changed"

    REACHES = "reaches"
    REACHES_SOME = "reaches some"
    DOES_NOT_REACH = "does not reach"
    ALL_LISTED = "all listed"
    SOME_LISTED = "some listed"
    REORDERED = "listed in another order"
    NONE_LISTED = "none listed"

    TRUE = "True"
    FALSE = "False"
    NONE = "None"
    MIXED = "mixed"
    NOT_CALLED = "not called"
    COUNTED = "counted"
    NOT_COUNTED = "not counted"

    IN_PLACE = "in place"
    ELSEWHERE = "in other places"
    PARTLY_READ = "partly read"
    NOT_READ = "not read"
    NOT_A_NUMBER = "not a number"
    NEVER_RETURNS = "never returns"

    def __str__(self) -> str:
        return self.value


#: What a layer may see where it is in inference mode: False arrived, or nobody said anything.
INFERENCE = (Word.FALSE, Word.NONE)

_DROPPING = (Word.DROPS, Word.PASSES, Word.DISTORTS, Word.REPEATS, Word.AUGMENTS)
_WEIGHTS = (Word.WEIGHTS_UPDATED, Word.WEIGHTS_PARTLY, Word.WEIGHTS_KEPT)
_STATE = (Word.STATE_UPDATED, Word.STATE_PARTLY, Word.STATE_KEPT)
_MODE = (Word.BATCH, Word.MOVING, Word.NEITHER)
_STATISTICS = (
    Word.STATISTICS_UPDATED,
    Word.STATISTICS_PARTLY,
    Word.STATISTICS_TWICE,
    Word.STATISTICS_OTHERWISE,
    Word.STATISTICS_KEPT,
)
_SEEN = (Word.TRUE, Word.FALSE, Word.NONE, Word.MIXED, Word.NOT_CALLED)
_REACH = (Word.REACHES, Word.REACHES_SOME, Word.DOES_NOT_REACH)
_LISTED = (Word.ALL_LISTED, Word.SOME_LISTED, Word.REORDERED, Word.NONE_LISTED)
_SAMENESS = (Word.SAME, Word.CHANGED)
_LANDED = (Word.IN_PLACE, Word.ELSEWHERE, Word.PARTLY_READ, Word.NOT_READ)
_COUNTED = (Word.COUNTED, Word.NOT_COUNTED)
#: What can be seen wherever something is asked: nan or infinity came out, or nothing ever did.
_BROKEN = (Word.NOT_A_NUMBER, Word.NEVER_RETURNS)

#: The words that a case of each family may record.
VOCABULARY: Dict[str, Tuple[Word, ...]] = {
    "dropout": (*_DROPPING, Word.NO_VARIABLES, Word.VARIABLES, *_BROKEN),
    "batchnorm": _MODE + _STATISTICS + _WEIGHTS + _SAMENESS + _BROKEN,
    "frozen": _WEIGHTS + _STATE + _SAMENESS + _DROPPING + _SEEN + _BROKEN,
    "propagation": _REACH + _LISTED + _WEIGHTS + _MODE + _STATISTICS + _BROKEN,
    "snapshot": _WEIGHTS + _STATISTICS + _MODE + _REACH + _DROPPING + _SAMENESS + _BROKEN,
    "training": _SEEN + _DROPPING + _MODE + _STATISTICS + _WEIGHTS + _COUNTED + _BROKEN,
    "saving": _LANDED + _SAMENESS + _WEIGHTS + _STATISTICS + _MODE + _DROPPING + _BROKEN,
    "canary": tuple(Word),
}


def raises(error: BaseException) -> str:
    """Return the word for an exception that came out of TensorFlow, such as `raises ValueError`."""
    return "raises " + type(error).__name__


def is_in_vocabulary(family: str, word: str) -> bool:
    """Return whether a case of `family` may record `word`."""
    return word.startswith("raises ") or word in [w.value for w in VOCABULARY[family]]
