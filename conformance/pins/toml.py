"""TOML, read beside any TensorFlow: by Python itself, or before 3.11 by what pytest brings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

from conformance.results import given

try:
    import tomllib  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    import tomli as tomllib  # type: ignore[no-redef,import-not-found,unused-ignore]


class TomlError(Exception):
    """A file that cannot be read, or is no TOML. Its text is one line."""


def read(path: Path) -> str:
    """Return what stands in a file. Raises TomlError."""
    try:
        return given.text(path)
    except OSError as error:
        raise TomlError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise TomlError(f"{path}: not TOML: {error}") from None


def table(text: str, name: str) -> Dict[str, Any]:
    """Return what the text of a file says, `name` being the file's. Raises TomlError."""
    try:
        return dict(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise TomlError(f"{name}: not TOML: {error}") from None
