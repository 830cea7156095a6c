"""Text that came from outside, fit to be shown: an exception's message may hold anything.

What makes a text lie about itself (control characters, and those that turn the direction of writing)
is spelled out, and what is too long is cut. Each format still escapes what it takes for its own.
"""

from __future__ import annotations

import unicodedata

#: Longer than any message that a case records, and short enough to be read.
MOST = 400
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def legible(text: str, most: int = MOST) -> str:
    """Return a text in one line of at most `most` characters, with nothing in it that cannot be seen."""
    line = " ".join(text[: 2 * most].split())
    seen = "".join(_spelled(c) if unicodedata.category(c) in _HIDDEN else c for c in line)
    return seen if len(seen) <= most and len(text) <= 2 * most else seen[: most - 1] + "…"


def _spelled(character: str) -> str:
    return f"<U+{ord(character):04X}>"
