"""What the page knows beside the claims and the pins: words that people look for, and what is documented.

It is data, asked.toml, beside this module.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from conformance.pins import toml

ASKED = Path(__file__).with_name("asked.toml")


@functools.cache
def _read() -> dict[str, Any]:
    return toml.table(toml.read(ASKED), ASKED.name)


def synonyms() -> dict[str, str]:
    """Return, by claim or goal, words that people look for in its place."""
    return {str(name): str(words) for name, words in _read()["synonyms"].items()}


def documented() -> frozenset[str]:
    """Return the pins of what documentation says itself."""
    return frozenset(map(str, _read()["documented"]))


def alike() -> list[list[str]]:
    """Return words that mean the same to those who look for them, group by group."""
    return [list(map(str, group)) for group in _read()["alike"]]
