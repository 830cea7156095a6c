"""The suite's own identity: where its cases are, and the digest of all that a result depends on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, List

import conformance

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "conformance" / "cases"
LOCAL_RESULTS = ROOT / "reports" / "local"

#: Modules of the package that run beside TensorFlow and can change what a case records.
_MEASURING = (
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


def measuring_files() -> List[Path]:
    """Return every file that a result depends on, in order."""
    package = [ROOT / "conformance" / name for name in _MEASURING]
    return package + sorted(CASES.glob("*.py")) + sorted((ROOT / "fixtures").glob("*.py"))


def identity() -> Dict[str, str]:
    """Return the suite's version, and a digest that changes with any file a result depends on."""
    digest = hashlib.sha256()
    for path in measuring_files():
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return {"version": conformance.__version__, "digest": digest.hexdigest()[:16]}
