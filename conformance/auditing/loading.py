"""The function that builds a model, found where the user is: what is wrong with it is said in one line."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import sys
from pathlib import Path
from typing import Any, Callable, Tuple

from conformance.auditing import blame
from conformance.exits import Exit


class SubjectError(Exception):
    """What was brought cannot be audited. Its text is one line."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Built:
    """What `build()` returned: a model or layer, and a batch of inputs and targets where it gave them."""

    model: Any
    inputs: Any = None
    targets: Any = None


def function(name: str) -> Callable[[], Any]:
    """Return the function that `package.module:function` names, found from this folder.

    Nothing is written beside the user's code, not even what Python keeps of it. Raises SubjectError.
    """
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise SubjectError(f"{name!r}: give it as package.module:function")
    sys.dont_write_bytecode = True
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
    found = _imported(module)
    for part in attribute.split("."):
        found = getattr(found, part, None)
        if found is None:
            raise SubjectError(f"{name}: {module} has no {attribute!r}")
    return _without_arguments(name, found)


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = str(error.name)
        if module == missing or module.startswith(missing + "."):
            raise SubjectError(f"{module}: there is no such module, seen from {Path.cwd()}") from None
        raise SubjectError(f"{module} cannot be imported: {blame.said(error)}") from None
    except (Exception, SystemExit) as error:
        raise SubjectError(f"{module} cannot be imported: {blame.said(error)}") from None


def _without_arguments(name: str, found: Any) -> Callable[[], Any]:
    if not callable(found):
        raise SubjectError(f"{name}: is a {type(found).__name__}, no function; it must build a model anew")
    try:
        inspect.signature(found).bind()
    except TypeError as error:
        raise SubjectError(f"{name}: must be called without arguments ({error})") from None
    except ValueError:  # a builtin that does not say what it takes
        pass
    return found  # type: ignore[no-any-return]


def built(build: Callable[[], Any]) -> Built:
    """Return what a function builds, taken apart. Raises SubjectError where it raises."""
    try:
        made = build()
    except (Exception, SystemExit) as error:
        raise SubjectError(f"build() raises: {blame.said(error)}") from None
    return Built(*_parts(made))


def _parts(made: Any) -> Tuple[Any, Any, Any]:
    """Return model, inputs and targets: of `model`, `(model, x)`, `(model, x, y)` or `(model, (x, y))`."""
    if not isinstance(made, tuple):
        return made, None, None
    if len(made) == 2 and isinstance(made[1], tuple) and len(made[1]) == 2:
        return (made[0], *made[1])
    if len(made) in (2, 3):
        return (*made, None)[:3] if len(made) == 2 else made  # type: ignore[return-value]
    raise SubjectError(f"build() returns {len(made)} things: a model, or a model and a batch, is needed")
