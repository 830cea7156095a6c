"""What the tool needs of its own environment: the libraries and programs of the extra `tool`.

Imports none of them, so that it can say which is missing.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

from conformance import suite
from conformance.exits import Exit

#: Top-level modules of what the extra `tool` installs.
LIBRARIES = ("click", "jinja2", "jsonschema", "rich", "tomlkit", "tox", "tox_uv")
#: What these bring, and the tool imports too.
BROUGHT = ("markupsafe", "packaging", "tomli")
_INSTALL = "pip install 'tf-training-mode-conformance[tool]'"


class MissingToolError(Exception):
    """Something of the extra `tool` that is not installed. Its text is one line."""

    exit_code = Exit.BAD_INPUT


def is_needed(name: str | None) -> bool:
    """Return whether a module is of a library that the extra `tool` installs."""
    return str(name).split(".")[0] in (*LIBRARIES, *BROUGHT)


def missing(name: str) -> MissingToolError:
    """Return what to say of a library or a program that is not there."""
    how = "run `make tool`, and use .venv/bin/python" if suite.IS_CHECKOUT else _INSTALL
    library = name.split(".")[0]
    return MissingToolError(f'{library} is not installed: this command needs the extra "tool": {how}')


def uv() -> str:
    """Return the path of uv: the one beside this interpreter, or any. Raises MissingToolError."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise missing("uv")
    return found


def tox() -> list[str]:
    """Return the beginning of a command that is tox's. Raises MissingToolError."""
    if importlib.util.find_spec("tox") is None:
        raise missing("tox")
    return [sys.executable, "-m", "tox"]
