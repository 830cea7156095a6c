"""Whether what is installed is the column whose name it was given: by the list of columns, and its lock."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Sequence, Tuple

from conformance.pins import toml
from conformance.suite import ROOT

#: Whose versions make a column what it is.
_LEADS = ("tensorflow", "tensorflow-cpu", "keras", "keras-nightly", "tf-keras")


def stranger(name: str, found: Mapping[str, Any]) -> str:
    """Return a line on what sets the installed packages apart from the listed column `name`.

    Nothing where they are that column, or where no such column is listed: a name of the user's own.
    """
    listed = _columns().get(name)
    if listed is None:
        return ""
    if found["flavour"] != listed["flavour"]:
        cause = "TF_USE_LEGACY_KERAS is set" if found["flavour"] == "tf_keras" else "give another name"
        what = f"runs {found['flavour']}, and that column {listed['flavour']}"
        return f"--column {name}: this environment {what}; {cause}"
    wanted = _locked(name)
    for package in _LEADS:
        here, there = found["packages"].get(package, "none"), wanted.get(package, "none")
        if here != there:
            what = f"has {package} {here}, and that column's lock {there}"
            return f"--column {name}: this environment {what}; give another name"
    return ""


def listed_like(found: Mapping[str, Any]) -> str:
    """Return the listed column whose releases of TensorFlow and Keras are those of an environment.

    Patches do not count. Nothing where no column is like it.
    """
    return next(iter(_alike(found, _LEADS)), "")


def nearest(found: Mapping[str, Any]) -> str:
    """Return the listed column with the Keras of an environment whose TensorFlow is the nearest to its own.

    Nothing where no column has that release of Keras, or where Keras is a part of TensorFlow.
    """
    apart = {"keras3": ("keras", "keras-nightly"), "tf_keras": ("tf-keras",)}.get(found["flavour"])
    here = _number(found["packages"])
    alike = _alike(found, apart) if apart else ()
    return min(alike, key=lambda name: abs(_number(_locked(name)) - here), default="")


def _alike(found: Mapping[str, Any], packages: Sequence[str]) -> Tuple[str, ...]:
    return tuple(
        name
        for name, listed in _columns().items()
        if found["flavour"] == listed["flavour"]
        and all(_release(_locked(name), each) == _release(found["packages"], each) for each in packages)
    )


def _number(packages: Mapping[str, Any]) -> int:
    """Return the release of TensorFlow, to count how far another one is from it."""
    ((major, minor),) = _release(packages, "tensorflow")
    return int(major) * 100 + int(minor)


def _release(packages: Mapping[str, Any], package: str) -> Any:
    """Return the first two numbers of a package's version; TensorFlow is one, whatever it is built for."""
    names = ("tensorflow", "tensorflow-cpu") if package.startswith("tensorflow") else (package,)
    found = [str(packages[name]).split(".")[:2] for name in names if name in packages]
    return found[:1]


def _locked(name: str) -> Dict[str, str]:
    lock = ROOT / "fixtures" / "locks" / f"{name}.txt"
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.exists() else []
    return dict(line.split("==", 1) for line in lines if "==" in line)


def _columns() -> Dict[str, Mapping[str, Any]]:
    path = ROOT / "fixtures" / "columns.toml"
    rows = toml.table(toml.read(path), path.name)["column"] if path.exists() else []
    return {str(row["id"]): row for row in rows}
