"""`pytest --mutant NAME`: the cases that a mutant concerns, run while TensorFlow is broken on purpose.

These are the canaries, the cases of the claims that the mutant must refute, and a core case of each claim
that it must leave alone: another with another mutant, so that each core case has its turn. The process ends
with it: nothing is to be undone.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

from conformance.exits import Exit
from conformance.measuring.keys import CASE
from conformance.results.verdicts import is_canary
from conformance.words import Outcome


class MutantRun:
    """A pytest plugin: it selects cases, and puts the mutant in effect."""

    def __init__(self, config: pytest.Config) -> None:
        self.name: str = config.option.conformance_mutant
        self.infection: Optional[Any] = None
        self.canaries: List[str] = []
        #: Whether this TensorFlow has what the mutant breaks.
        self.applies = True

    @property
    def ran(self) -> int:
        """How often what it changed was run."""
        return self.infection.ran if self.infection else 0

    def folder(self, results: Path) -> Path:
        """Return where results under this mutant go: never to where those of TensorFlow itself are."""
        return results / "mutants" / self.name

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: List[pytest.Item]) -> None:
        """Keep the cases that the mutant concerns, and the canaries."""
        from conformance.fixtures.mutants import UnknownMutantError, named

        try:
            mutant = named(self.name)
        except UnknownMutantError as error:
            pytest.exit(f"--mutant: {error}", Exit.BAD_INPUT)
        canaries = [item for item in items if CASE in item.stash and is_canary(item.stash[CASE].claim)]
        items[:] = [*canaries, *concerned(items, mutant)]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the mutant in effect, or stop where it cannot be."""
        from conformance.fixtures.mutants import Infection
        from conformance.measuring.observation import NotApplicable

        if not session.items:  # pytest ends its collection this way too when it was told to stop
            return
        try:
            self.infection = Infection(self.name)
        except NotApplicable as reason:
            self.applies = False
            pytest.exit(f"--mutant: {self.name} does not apply here: {reason}", Exit.BAD_INPUT)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a canary that the mutant breaks."""
        kept: Any = getattr(report, "conformance", None)
        if kept and is_canary(kept[0]) and kept[1]["outcome"] != Outcome.HOLDS.value:
            self.canaries.append(kept[0])

    def verdict(self) -> Dict[str, Any]:
        """Return what there is to say at the end: its line, and the exit code where it never ran."""
        if self.ran:
            broken = f"; it breaks canaries: {', '.join(self.canaries)}" if self.canaries else ""
            line = f"mutant {self.name}: in effect, its changes ran {self.ran} times{broken}"
            return {"line": line, "code": None}
        return {"line": f"mutant {self.name}: never in effect, nothing is shown", "code": Exit.UNPROVEN}


def concerned(items: List[pytest.Item], mutant: Any) -> List[pytest.Item]:
    """Return the cases of the claims that a mutant must refute, and one of each that it must leave alone.

    Which one of a claim's core cases that is, only the mutant's name decides.
    """
    cases = {item: item.stash[CASE] for item in items if CASE in item.stash}
    core: Dict[str, List[pytest.Item]] = {}
    for item, case in cases.items():
        if case.core:
            core.setdefault(case.claim, []).append(item)
    refuting = [item for item, case in cases.items() if case.claim in mutant.refutes]
    turn = zlib.crc32(mutant.name.encode())
    spared = [core[claim] for claim in mutant.spares if claim in core]
    return refuting + [each[turn % len(each)] for each in spared]
