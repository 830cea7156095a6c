"""The columns of the matrix: one list, in fixtures/columns.toml, that everything reads."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from conformance.claims import FLAVOURS
from conformance.exits import Exit
from conformance.suite import ROOT

COLUMNS_FILE = ROOT / "fixtures" / "columns.toml"
LOCKS = ROOT / "fixtures" / "locks"

#: One column of each era: what is measured on each change.
ERAS = (
    "tf1.15",
    "tf2.0",
    "tf2.3",
    "tf2.15",
    "tf2.16-keras3.0",
    "tf2.21",
    "tf2.22rc0",
    "tf2.16-tf_keras",
)


class ColumnError(Exception):
    """A column that is not in the list, or a list that is not one. Its text is one line."""

    exit_code = Exit.BAD_INPUT


@dataclasses.dataclass(frozen=True)
class Column:
    """One environment: a TensorFlow, a Keras, a Python, and what must be set beside them."""

    id: str
    flavour: str
    python: str
    requires: tuple[str, ...]
    env: Mapping[str, str]

    @property
    def lock(self) -> Path:
        """The file of exact versions that this column is built from."""
        return LOCKS / f"{self.id}.txt"

    def locked(self) -> dict[str, str]:
        """Return what its lock says that results would: id, flavour and releases.

        Raises ColumnError without a lock.
        """
        try:
            lines = self.lock.read_text(encoding="utf-8").splitlines()
        except OSError:
            raise ColumnError(f"{self.id}: has no lock; run `make locks`") from None
        found = dict(line.split("==", 1) for line in lines if "==" in line)
        tensorflow = found.get("tensorflow-cpu") or found.get("tensorflow", "")
        keras = found.get("keras-nightly") or found.get("keras", "")
        return {"id": self.id, "flavour": self.flavour, "tensorflow": tensorflow, "keras": keras}

    @property
    def lineage(self) -> str:
        """Which releases this column follows on: TensorFlow's own, Keras 3's, or tf_keras's."""
        if self.flavour == "tf_keras":
            return "tf_keras"
        return "keras" if "-keras" in self.id else "tensorflow"


def columns(path: Path = COLUMNS_FILE) -> dict[str, Column]:
    """Return every column by its id, in the order of the list. Raises ColumnError for a bad list."""
    try:
        rows = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()["column"]
        found = [Column(requires=tuple(row.pop("requires")), env=row.pop("env", {}), **row) for row in rows]
    except (OSError, TOMLKitError, KeyError, TypeError) as error:
        raise ColumnError(f"{path}: not a list of columns ({error})") from None
    wrong = [column.id for column in found if column.flavour not in FLAVOURS]
    twice = {c.id for c in found if sum(other.id == c.id for other in found) > 1}
    if wrong or twice:
        raise ColumnError(f"{path}: unknown flavour or repeated id: {', '.join([*wrong, *sorted(twice)])}")
    return {column.id: column for column in found}


def chosen(names: Iterable[str]) -> list[Column]:
    """Return the columns that names name, all without any; `2.15` is short for `tf2.15`.

    Raises ColumnError with the nearest ids.
    """
    known = columns()
    names = [name if name in known else f"tf{name.removeprefix('tf')}" for name in names]
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3)) or "see fixtures/columns.toml"
            raise ColumnError(f"no column is called {name!r}; nearest: {near}")
    return [known[name] for name in names] or list(known.values())
