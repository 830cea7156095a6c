"""JSON taken at its word: what Python's own reader passes over in silence is refused."""

from __future__ import annotations

import json
from typing import Any, List, Tuple

from conformance.results.shape import shown, twice


def parsed(text: str) -> Any:
    """Return what JSON says. Raises ValueError, in a few words, for what is none or could mean two things.

    Python's reader takes the last of two values of one key, numbers that are none, and halves of characters,
    which no file can be written with again.
    """
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("half a character in a text") from None
    return found


def _once(pairs: List[Tuple[str, Any]]) -> Any:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"two values of {shown(twice(key for key, _ in pairs)[0])}")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")
