"""The columns of the matrix: one list, in fixtures/columns.toml, that everything reads."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from packaging.requirements import InvalidRequirement, Requirement
from tomlkit.exceptions import TOMLKitError

from conformance.exits import Exit
from conformance.legible import legible
from conformance.results import shape
from conformance.results.shape import Kind, faults
from conformance.suite import ROOT

COLUMNS_FILE = ROOT / "fixtures" / "columns.toml"
LOCKS = ROOT / "fixtures" / "locks"

#: What a column's name begins with: a TensorFlow, and the Keras 3 or the tf_keras beside it.
_RELEASE = re.compile(r"tf(\d+)\.(\d+)[^-]*(?:-keras(\d+)\.(\d+).*|-(tf_keras))?\Z")

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


def _is_requirement(value: Any) -> bool:
    try:
        return shape.is_text(value) and bool(Requirement(value))
    except InvalidRequirement:
        return False


def _is_variable(value: Any) -> bool:
    return type(value) is str and bool(re.match(r"[A-Za-z_][A-Za-z0-9_]*\Z", value))


_REQUIREMENTS = shape.list_of(Kind("a requirement", _is_requirement), "requirements")
_VALUE = Kind("a text", lambda value: type(value) is str and "\0" not in value)
_COLUMN = {
    "id": shape.NAME,
    "flavour": shape.FLAVOUR,
    "python": shape.pattern("a Python such as '3.11'", r"3\.[0-9]{1,3}"),
    "requires": _REQUIREMENTS._replace(fits=lambda value: value != [] and _REQUIREMENTS.fits(value)),
}
_OPTIONAL = {"env": shape.table_of(_VALUE, "texts by names of variables", _is_variable)}


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
        table = tomlkit.parse(path.read_bytes().decode("utf-8")).unwrap()
        wrong = next(_faults(table), "")
    except OSError as error:
        wrong = f"cannot be read ({error.strerror})"
    except (TOMLKitError, ValueError, RecursionError) as error:
        wrong = f"not TOML ({error})"
    if wrong:
        raise ColumnError(legible(f"{path}: no list of columns: {wrong}; mend it there", 1000))
    rows = [{"env": {}, **row, "requires": tuple(row["requires"])} for row in table["column"]]
    return {row["id"]: Column(**row) for row in rows}


def _faults(table: Any) -> Iterator[str]:
    """Yield what is wrong with a list of columns: only the first of it is sure to be true."""
    yield from faults("", table, {"column": shape.LIST})
    if not table["column"]:
        yield "column is empty"
    for number, row in enumerate(table["column"], 1):
        named = isinstance(row, dict) and shape.is_name(row.get("id"))
        yield from faults(row["id"] if named else f"column {number}", row, _COLUMN, _OPTIONAL)
    for twice in shape.twice(row["id"] for row in table["column"]):
        yield f"{twice}: two columns have this id"


def chosen(names: Iterable[str]) -> list[Column]:
    """Return the columns that names name, all without any; `2.15` is short for `tf2.15`.

    Raises ColumnError with the nearest ids.
    """
    known, names = columns(), list(names)
    full = {name: name if name in known else f"tf{name.removeprefix('tf')}" for name in names}
    unknown = [_unknown(name, full[name], known) for name in full if full[name] not in known]
    if unknown:
        raise ColumnError(legible(f"no column is called {'; nor '.join(unknown)}", 1000))
    return [known[full[name]] for name in names] or list(known.values())


def _unknown(given: str, full: str, known: Iterable[str]) -> str:
    """Return a name that no column has, as it was given or as a release is called, and where to look."""
    near = nearest(full.lower(), known) or nearest(given.lower(), known)
    where = f"nearest: {near}" if near else "`python -m conformance columns` lists them"
    return f"{(full if _RELEASE.match(full) else given)!r}; {where}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the columns that are most like a name: of the nearest releases, or of the nearest spelling."""
    asked = _RELEASE.match(name)
    if asked is None:
        return ", ".join(difflib.get_close_matches(name, known, 3))
    rows = ((_RELEASE.match(column), column) for column in known)
    ranked = sorted((_distance(asked, row), column) for row, column in rows if row)
    return ", ".join(column for _, column in ranked[:3])


def _distance(asked: re.Match[str], column: re.Match[str]) -> tuple[bool, float, float]:
    """Return how far apart two columns are: another kind of Keras is further than any release of it."""
    here, there = ([float(number or 0) for number in match.groups()[:4]] for match in (asked, column))
    apart = [abs(100 * here[n] + here[n + 1] - 100 * there[n] - there[n + 1]) for n in (0, 2)]
    return asked[5] != column[5] or bool(asked[3]) != bool(column[3]), apart[1], apart[0]
