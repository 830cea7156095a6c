"""The folder that columns are measured in: what tox and pytest are told there, and the suite to be imported.

In a checkout tox reads pyproject.toml, and cases run from the top. Installed, the same table is written into
the work folder. Either way a user's own interpreter gets the package alone on its path, not its neighbours in
site-packages, and pytest the settings in the work folder, not those of the project around it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from conformance import suite
from conformance.columns import tox_table
from conformance.columns.columns import columns
from conformance.exits import Exit

#: In the work folder: what holds nothing but the package, and what keeps anybody's settings from pytest.
BESIDE = "beside"
SETTINGS = "pytest.ini"
TOX = "tox.toml"
_NOT_BESIDE = shutil.ignore_patterns("tests", "reports", "__pycache__")


class WorkError(Exception):
    """A folder that refuses what is to be written there. Its text is one line."""

    exit_code = Exit.NOT_MEASURED


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Do something to a folder. Raises WorkError, which names it, where the system refuses that."""
    try:
        yield
    except OSError as error:
        named = str(error.filename or "")  # of what is removed only the end of its path
        where = named if named.startswith(os.sep) else folder
        raise WorkError(f"{where}: cannot be written ({error.strerror})") from None


def prepare(work: Path) -> None:
    """Make the work folder, with all that runs in it. Raises WorkError."""
    with writing(work):
        work.mkdir(parents=True, exist_ok=True)
        _lay(suite.PACKAGE, work / BESIDE)
        _write(work / SETTINGS, "[pytest]\n")
        if not suite.IS_CHECKOUT:  # then the folder is in somebody's project, and no part of it
            _write(work / ".gitignore", "*\n")
            _write(work / TOX, tox_table.alone(columns().values()))


def _lay(package: Path, folder: Path) -> None:
    """Put the package into a folder, as a link, or as a copy where links are refused."""
    place = folder / package.name
    if place.is_symlink() and place.resolve() == package:
        return
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    try:
        place.symlink_to(package)
    except OSError:
        shutil.copytree(package, place, ignore=_NOT_BESIDE)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def tox_settings(work: Path) -> list[str]:
    """Return what tox is told of its settings, if it does not find them itself."""
    return [] if suite.IS_CHECKOUT else ["-c", str(work / TOX)]


def environments(work: Path) -> Path:
    """Return the folder in which tox builds environments, each named for its column."""
    return suite.ROOT / ".tox" if suite.IS_CHECKOUT else work / "tox"
