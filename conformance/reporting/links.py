"""Links from a report to files of this project, from whichever folder the report is written to."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from conformance import suite

REPORTS = suite.ROOT / "reports"
#: What reports link to. Installed, `fixtures` and `reports` lie in the package.
ROOMS = {suite.PACKAGE.name: suite.PACKAGE, "fixtures": suite.ROOT / "fixtures", "reports": REPORTS}


@dataclasses.dataclass(frozen=True)
class Links:
    """How files of the project are reached from a folder: `../conformance/claims.py` from `reports`."""

    folder: Path = REPORTS

    def to(self, path: str) -> str:
        """Return the link to a file, given by its path in a checkout. Raises KeyError for another room."""
        room, *rest = path.split("/")
        return Path(os.path.relpath(ROOMS[room].joinpath(*rest), self.folder)).as_posix()

    def rooms(self) -> dict[str, str]:
        """Return the link to each room, for who puts links together."""
        return {room: self.to(room) for room in ROOMS}


#: From where the committed reports lie.
COMMITTED = Links()
