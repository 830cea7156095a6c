"""The values a case leaves behind: what it saw, and why it saw nothing."""

from __future__ import annotations

import dataclasses
from typing import Optional

import pytest

from conformance.words import Word


@dataclasses.dataclass(frozen=True)
class Observation:
    """What an instrument read: a word, and the number that the word was chosen by."""

    word: Word
    measured: Optional[float] = None


class NeverReturns(Exception):
    """Raised where TensorFlow is still at work after many times what it takes: it goes round in a loop."""


class NotApplicable(pytest.skip.Exception):  # type: ignore[misc,name-defined]
    """Raised where the installed TensorFlow lacks what a case is about. The message is the reason."""
