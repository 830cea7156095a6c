"""From a finished pytest item to the record of its case.

The record is what a results file keeps: outcome, what was observed and expected, the number behind
it, and the reason for everything but `holds`.
"""

from __future__ import annotations

import functools
import os
import re
import traceback
from pathlib import Path
from typing import Any, Dict, Optional

from conformance.claims import CLAIMS
from conformance.measuring.case import Case
from conformance.measuring.observation import NeverReturns, NotApplicable, Observation
from conformance.suite import PACKAGE
from conformance.words import Outcome, Word, is_in_vocabulary, raises

Record = Dict[str, Any]

#: Folders of site-packages whose exceptions are TensorFlow's own behaviour.
_TENSORFLOW = re.compile(
    r"[\\/](?:site|dist)-packages[\\/]"
    r"(?:tensorflow|tensorflow_core|tensorflow_estimator|keras|tf_keras)[\\/]"
)
#: How AutoGraph begins a message about traced code; TF 2.1 and earlier said `converted`.
_TRACED = re.compile(r"(?:\w+: )?in (?:user|converted) code:")
_REASON_LIMIT = 240

#: What differs from run to run in a message: addresses, folders, values, and the numbers that Keras
#: appends to names in the order in which layers are made.
_ACCIDENTAL = (
    (re.compile(r"0x[0-9a-f]+|\b\d{12,}\b"), "0x…"),
    (re.compile(r"(/[\w.+-]+){2,}/"), "…/"),
    (re.compile(r"value=\[.*"), "value=…"),
    (re.compile(r"(?<=[a-z])_\d+\b"), ""),
)


class Observer:
    """What a case calls, once, with what it saw."""

    def __init__(self) -> None:
        self.observation: Optional[Observation] = None

    def __call__(self, observation: Observation) -> None:
        """Keep what the case saw. Raises RuntimeError the second time."""
        if self.observation is not None:
            raise RuntimeError("a case observes once; split it into two")
        self.observation = observation


def record(case: Case, observer: Optional[Observer], error: Optional[BaseException]) -> Record:
    """Return the record of a case that ended with `error`, or without one."""
    if isinstance(error, NotApplicable):
        return _record(case, Outcome.NOT_APPLICABLE, reason=_line(error.msg))
    if isinstance(error, NeverReturns):
        return judged(case, Word.NEVER_RETURNS.value, None, _line(str(error)))
    if error is not None:
        if not raised_by_tensorflow(error):
            return _record(case, Outcome.ERROR, reason=_line(f"{type(error).__name__}: {error}"))
        return judged(case, raises(error), None, _line(str(error)))
    seen = observer.observation if observer else None
    if seen is None:
        return _record(case, Outcome.ERROR, reason="the case recorded no observation")
    return judged(case, seen.word.value, seen.measured)


def judged(case: Case, word: str, measured: Optional[float], message: str = "") -> Record:
    """Return the record of a case that observed `word`: it holds, deviates, or misspoke."""
    if not is_in_vocabulary(case.claim.split("/")[0], word):
        return _record(case, Outcome.ERROR, reason=f"{word!r} is not a word of this family")
    number = None if measured is None else float(f"{measured:.3g}")
    if word in case.expects:
        return _record(case, Outcome.HOLDS, word, number)
    reason = f"expected {case.expected}, observed {word}" + (f": {message}" if message else "")
    return _record(case, Outcome.DEVIATES, word, number, reason)


def _record(
    case: Case,
    outcome: Outcome,
    observed: Optional[str] = None,
    measured: Optional[float] = None,
    reason: Optional[str] = None,
) -> Record:
    kept: Record = {
        "outcome": outcome.value,
        "observed": observed,
        "expected": case.expected,
        "measured": measured,
        "reason": reason,
        "core": case.core,
        "module": case.module,
    }
    if case.given:
        kept["given"] = list(case.given)
    said = documented(case.claim) if outcome is not Outcome.NOT_APPLICABLE else None
    return kept if said is None else {**kept, "documented": said}


def lost(case: Case, outcome: Outcome, reason: str) -> Record:
    """Return the record of a case whose process did not live to report it."""
    return {
        "outcome": outcome.value,
        "observed": None,
        "expected": case.expected,
        "measured": None,
        "reason": reason,
        "core": case.core,
        "module": case.module,
    }


def raised_by_tensorflow(error: BaseException) -> bool:
    """Return whether TensorFlow raised `error`, and not the suite's own code.

    The innermost frame decides that belongs to either: TensorFlow may raise through NumPy or the
    standard library, and it may call back into a layer of the suite. AutoGraph re-raises what it
    caught in traced code, and names the traced file in the message only, if it got as far as a line.
    """
    text = str(error)
    if _TRACED.search(text):
        files = re.findall(r'File "([^"]+)"', text) or re.findall(r"^\s+(/\S+?):\d+", text, re.M)
        if files:
            return bool(_TENSORFLOW.search(files[-1]))
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if str(PACKAGE) + os.sep in str(Path(frame.filename)):
            return False
        if _TENSORFLOW.search(frame.filename):
            return True
    return False


def _line(text: str) -> str:
    """Return the telling line of a message, without what differs from machine to machine."""
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    if lines and _TRACED.match(lines[0]):
        lines = lines[-1:]
    first = lines[0] if lines else ""
    for pattern, instead in _ACCIDENTAL:
        first = pattern.sub(instead, first)
    return first if len(first) <= _REASON_LIMIT else first[: _REASON_LIMIT - 1] + "…"


def normalized(text: str) -> str:
    """Return documentation without case, quotation marks, mark-up and line breaks."""
    return " ".join(re.sub(r"[`*\"'“”‘’]", "", text).lower().split())


@functools.lru_cache(maxsize=None)
def documented(claim_id: str) -> Optional[bool]:
    """Return whether the installed wheel's docstring says the claim; None where none is named."""
    where = CLAIMS[claim_id].documented if claim_id in CLAIMS else None
    if where is None:
        return None
    from conformance.measuring import installed

    return normalized(where.phrase) in normalized(installed.docstring(where.layer))
