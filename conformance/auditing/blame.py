"""Whose an exception is: the user's, told with the file and line of their code, or a library's."""

from __future__ import annotations

import re
import site
import sys
import sysconfig
import traceback
from pathlib import Path
from typing import Any, List, Tuple

from conformance import suite
from conformance.legible import legible

#: How a traced function of TensorFlow 2 tells where in the user's code it was: in the message.
_IN_USER_CODE = re.compile(r'(?:File "(?P<file>[^"]+)", line |^\s*(?P<bare>/[^:\n]+):)(?P<line>\d+)', re.M)

#: Packages of which no class or function is the user's.
LIBRARIES = ("tensorflow", "tensorflow_core", "keras", "tf_keras", "numpy", "builtins", "google")
#: A file of an installed package.
_INSTALLED = re.compile(r"[/\\](?:site|dist)-packages[/\\](?P<package>\w+)[/\\]")
#: What TensorFlow is made of, or calls without being told to.
_OF_TENSORFLOW = (*LIBRARIES, "h5py", "optree", "tree", "wrapt", "ml_dtypes", "absl", "conformance")

#: Keras 3 paints some of its messages.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def _libraries() -> List[Path]:
    """Return the folders in which nothing is the user's."""
    paths = [sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    for name in ("getsitepackages", "getusersitepackages"):  # an old virtualenv's `site` lacks both
        found: Any = getattr(site, name, list)()
        paths += [found] if isinstance(found, str) else found
    return [Path(path).resolve() for path in paths] + [suite.PACKAGE, (suite.ROOT / "fixtures").resolve()]


def is_theirs(name: str) -> bool:
    """Return whether a file is of the user's own code: no library's, and none of this suite's."""
    if name.startswith("<") or "__autograph_generated_file" in name:
        return False
    path = Path(name).resolve()
    return not any(folder in path.parents for folder in _libraries())


def _told(error: BaseException) -> List[Tuple[str, int]]:
    """Return the files and lines that an exception came through, the innermost last."""
    told = [(frame.filename, int(frame.lineno or 0)) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        told.append((error.filename, error.lineno or 0))
    for found in _IN_USER_CODE.finditer(str(error)):
        told.append((found.group("file") or found.group("bare"), int(found.group("line"))))
    return told


def place(error: BaseException) -> str:
    """Return `file:line` of the user's code that an exception came through, innermost; nothing without."""
    theirs = [(name, line) for name, line in _told(error) if is_theirs(name)]
    if not theirs:
        return ""
    name, line = theirs[-1]
    return f"{_short(name)}:{line}"


def _short(name: str) -> str:
    """Return a file as it is seen from the folder in which the command was given."""
    try:
        return str(Path(name).resolve().relative_to(Path.cwd()))
    except ValueError:
        return name


def said(error: BaseException) -> str:
    """Return an exception in a line, with the place in the user's code that it came through."""
    lines = [line for line in _COLOURS.sub("", str(error)).strip().splitlines() if line.strip()]
    text = lines[-1] if lines and "in user code" in lines[0] else " ".join(lines)
    where = place(error)
    name = type(error).__name__
    text = re.sub(rf"^\s*{name}: ", "", text)
    return legible(f"{where + ': ' if where else ''}{name}: {text.strip()}", 300)


def whose(error: BaseException) -> str:
    """Return who raised an exception, as a line begins: the user's code, a package, or TensorFlow."""
    return "your code raises" if place(error) else f"{package(error) or 'TensorFlow'} raises"


def owner(made: Any) -> str:
    """Return whose a class or function is, as one says it of their things: `your`, or a package's name."""
    module = str(made.__module__)
    name = getattr(sys.modules.get(module), "__file__", None) or ""
    return "your" if is_theirs(name or "theirs") else f"{module.split('.')[0]}'s"


def package(error: BaseException) -> str:
    """Return the package beside TensorFlow that an exception came through, innermost; nothing without."""
    for name, _ in reversed(_told(error)):
        found = _INSTALLED.search(name)
        if found and found.group("package") not in _OF_TENSORFLOW:
            return found.group("package")
    return ""
