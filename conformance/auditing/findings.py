"""What an audit found, as values: one answer for a layer, a question and a claim, and how grave it is."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Dict, List, Sequence, Tuple

from conformance.exits import Exit
from conformance.measuring.observation import Observation
from conformance.words import UNKNOWN, Outcome, Word

#: How the model itself is named among the layers.
WHOLE = "the model"
#: The claim on a value of `training` that somebody wrote where a layer is called.
WRITTEN = "training/explicit-value-wins"


class Alarm(str, enum.Enum):
    """The two lines that people come for."""

    FROZEN_TRAINED = "says frozen, was trained"
    TRAINABLE_KEPT = "says trainable, was not"


@dataclasses.dataclass(frozen=True)
class Finding:
    """What was seen of one thing (`about`) in one layer, in one question.

    `claim` is the id of the claim that says what was expected. `reason` says why there is no answer, or who
    is known to be the cause; `case` is the suite's own case of the same situation, and `pin` the
    known deviation of this TensorFlow, with its reason, that explains it; `remedies` say what to write
    instead. `asked` is what the whole question is called, of which this may be a part.
    """

    question: str
    about: str
    layer: str
    outcome: Outcome
    claim: str = ""
    word: str = ""
    expected: Tuple[str, ...] = ()
    reason: str = ""
    alarm: str = ""
    case: str = ""
    pin: str = ""
    remedies: Tuple[str, ...] = ()
    asked: str = ""

    def as_table(self) -> Dict[str, Any]:
        """Return the finding as JSON has it."""
        return {**dataclasses.asdict(self), "outcome": self.outcome.value}


def judged(
    question: str,
    about: str,
    layer: str,
    claim: str,
    seen: Observation,
    expected: Sequence[Word],
    alarm: str = "",
    reason: str = "",
    case: str = "",
) -> Finding:
    """Return what an instrument said of a layer, compared with what a claim predicts.

    An alarm, and a reason for it, are kept only where the two differ.
    """
    holds = seen.word in expected
    return Finding(
        question,
        about,
        layer,
        Outcome.HOLDS if holds else Outcome.DEVIATES,
        claim,
        str(seen.word),
        tuple(str(word) for word in expected),
        "" if holds else reason,
        "" if holds else alarm,
        case,
    )


def not_applicable(question: str, about: str, layer: str, reason: str) -> Finding:
    """Return that a layer cannot be judged, and why: that is never a pass."""
    return Finding(question, about, layer, Outcome.NOT_APPLICABLE, reason=reason)


def unanswered(question: str, outcome: Outcome, reason: str) -> Finding:
    """Return that a whole question gave no answer, and why."""
    return Finding(question, "", "", outcome, reason=reason)


def is_known(finding: Finding) -> bool:
    """Return whether this TensorFlow does it with any model: a pin says so.

    An alarm is one all the same, and so is a value that the user wrote, and that does not arrive.
    """
    return bool(finding.pin) and not finding.alarm and finding.claim != WRITTEN


def weight(finding: Finding) -> int:
    """Return how grave a finding is: 0 is gravest."""
    if finding.outcome is Outcome.DEVIATES:
        return 2 if is_known(finding) else 0 if finding.alarm else 1
    return {Outcome.NOT_APPLICABLE: 4, Outcome.HOLDS: 5}.get(finding.outcome, 3)


def worst_first(found: Sequence[Finding]) -> List[Finding]:
    """Return findings with the gravest first, otherwise in their order."""
    return sorted(found, key=weight)


def exit_code(found: Sequence[Finding]) -> Exit:
    """Return the code of an audit: something deviates, or a question has no answer, or neither.

    What this TensorFlow is known to do with every model, by a pin, is told and is no fault of the model's.
    """
    if any(weight(finding) < 2 for finding in found):
        return Exit.DEVIATES
    unknown = any(finding.outcome in UNKNOWN for finding in found)
    return Exit.NOT_MEASURED if unknown else Exit.MEASURED
