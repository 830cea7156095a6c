"""The suite's own identity: where its cases are, and the digest of all that a result depends on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Dict, List, Optional

import conformance

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "conformance" / "cases"
LOCAL_RESULTS = ROOT / "reports" / "local"

#: Modules of the package that run beside TensorFlow and can change what a case records.
_MEASURING = (
    "axes.py",
    "case.py",
    "claims.py",
    "instruments.py",
    "installed.py",
    "observation.py",
    "observing.py",
    "words.py",
)


def case_modules() -> List[Path]:
    """Return the modules that hold the cases, in order."""
    return sorted(CASES.glob("test_*.py"))


def shared_files() -> List[Path]:
    """Return the files that every result depends on, whichever module its case is in."""
    package = [ROOT / "conformance" / name for name in _MEASURING]
    around = [path for path in sorted(CASES.glob("*.py")) if path not in case_modules()]
    return package + around + sorted((ROOT / "fixtures").glob("*.py"))


def digest(*paths: Path) -> str:
    """Return a short digest of files: of their names in the project and of their bytes."""
    found = hashlib.sha256()
    for path in paths:
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def identity() -> Dict[str, Any]:
    """Return the suite's version, and digests that change with any file a result depends on.

    `digest` is of everything, `shared` of what all cases use, `modules` of each module of cases:
    after a change in one module only its cases need to run again.
    """
    modules = {path.stem[len("test_") :]: digest(path) for path in case_modules()}
    everything = digest(*shared_files(), *case_modules())
    return {
        "version": conformance.__version__,
        "digest": everything,
        "shared": digest(*shared_files()),
        "modules": modules,
    }


def lock_digest(column: str) -> Optional[str]:
    """Return the digest of a column's lock file; None for a column that has none, such as a user's own."""
    lock = ROOT / "fixtures" / "locks" / f"{column}.txt"
    return digest(lock) if lock.exists() else None
