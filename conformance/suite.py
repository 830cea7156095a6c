"""The suite's own identity: where it lies, and the digest of all that a result depends on.

In a checkout, what belongs to the package (`fixtures`, `reports`) stands beside it, and what is measured here
stays in the checkout. Installed, it stands inside the package, which is never written to: what is measured
stays in a folder of the user's, `.conformance`.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import conformance

PACKAGE = Path(__file__).resolve().parent
IS_CHECKOUT = (PACKAGE.parent / "fixtures" / "columns.toml").exists()
#: Where `fixtures` and `reports` are.
ROOT = PACKAGE.parent if IS_CHECKOUT else PACKAGE
CASES = PACKAGE / "cases"
#: Where environments are built, logs are kept, and what is measured here is left.
WORK = ROOT / ".tox" / "conformance" if IS_CHECKOUT else Path.cwd() / ".conformance"
LOCAL_RESULTS = ROOT / "reports" / "local" if IS_CHECKOUT else WORK / "results"

#: Modules of the package that run beside TensorFlow and can change what a case records.
_MEASURING = (
    "claims.py",
    "words.py",
    *(
        f"measuring/{name}.py"
        for name in (
            "axes",
            "case",
            "distribution",
            "instruments",
            "installed",
            "observation",
            "patience",
            "recording",
            "settings",
        )
    ),
)
#: Packages that hold modules: what is imported from them is one.
_ROOMS = (b"conformance", b"fixtures", b"measuring", b"parts", b"situations")
#: An import of this project's own: the folders on the way to a module are not what it is.
_OURS = re.compile(rb"^ *from ((?:conformance|fixtures)[\w.]*) import (\([^)]*\)|.*)\n", re.M)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def case_modules() -> List[Path]:
    """Return the modules that hold the cases, in order."""
    return sorted(CASES.glob("test_*.py"))


def shared_files() -> List[Path]:
    """Return the files that every result depends on, whichever module its case is in."""
    package = [PACKAGE / name for name in _MEASURING]
    around = [path for path in sorted(CASES.glob("*.py")) if path not in case_modules()]
    return package + around + sorted((ROOT / "fixtures" / "parts").glob("*.py"))


def files_of(module: Path) -> List[Path]:
    """Return a module of cases and all situations that it uses, or that one of these imports, in order."""
    situations = {path.stem: path for path in (ROOT / "fixtures" / "situations").glob("*.py")}
    reached = {module}
    waiting = [module]
    while waiting:
        found = {situations[name] for name in _named(waiting.pop().read_bytes()) if name in situations}
        waiting += found - reached
        reached |= found
    return sorted(reached)


def _named(source: bytes) -> Iterator[str]:
    """Yield the names of this project's modules that a module may use, and some more."""
    imported = b" ".join(b" ".join(found) for found in _OURS.findall(source))
    for name in re.findall(rb"\bfixtures\.(\w+)", source) + re.findall(rb"\w+", imported):
        yield name.decode()


def every_file() -> List[Path]:
    """Return all files that a result can depend on."""
    return sorted({*shared_files(), *(path for module in case_modules() for path in files_of(module))})


def digest(*paths: Path) -> str:
    """Return a short digest of files of data: of their names in the project and of their bytes."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def code_digest(*paths: Path) -> str:
    """Return a short digest of modules: of what they say, wherever they and their neighbours lie.

    Moving a module, or naming its folder in an import, changes no result and not this digest.
    """
    each = sorted(hashlib.sha256(_homeless(path.read_bytes())).digest() for path in paths)
    return hashlib.sha256(b"".join(each)).hexdigest()[:16]


def _homeless(source: bytes) -> bytes:
    """Return a module with its own imports as `module.name` or, of whole modules, `name`, at its end."""
    found = []
    for module, names in _OURS.findall(source):
        room = module.split(b".")[-1]
        for name in re.findall(rb"\w+(?: as \w+)?", re.sub(rb"#.*", b"", names)):
            found.append(name if room in _ROOMS else room + b"." + name)
    return _OURS.sub(b"", source) + b"\n".join(sorted(found))


def identity() -> Dict[str, Any]:
    """Return the suite's version, and digests that change with any file a result depends on.

    `digest` is of everything, `shared` of what all cases use, `modules` of each module of cases with the
    situations that it reaches: after a change in one of them only its cases need to run again.
    """
    modules = {path.stem[len("test_") :]: code_digest(*files_of(path)) for path in case_modules()}
    return {
        "version": conformance.__version__,
        "digest": code_digest(*every_file()),
        "shared": code_digest(*shared_files()),
        "modules": modules,
    }


def lock_digest(column: str) -> Optional[str]:
    """Return the digest of a column's lock file; None for a column that has none, such as a user's own."""
    lock = ROOT / "fixtures" / "locks" / f"{column}.txt"
    return digest(lock) if lock.exists() else None
