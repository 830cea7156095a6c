"""`pytest --mutant NAME`: the cases that a mutant concerns, run while TensorFlow is broken on purpose.

First come the canaries, the cases of the claims that the mutant must refute (or some of them), and some
core cases of each claim that it must leave alone. Then it is undone, and a fixed sample and the canaries
again show that nothing of it stays behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

from conformance.exits import Exit
from conformance.measuring.keys import CASE
from conformance.measuring.shards import shard
from conformance.results.verdicts import is_canary
from conformance.words import Outcome

#: Claims of which one core case is run after the mutant was undone.
SAMPLED = (
    "dropout/on-when-training",
    "batchnorm/inference-uses-moving-statistics",
    "batchnorm/training-uses-batch-statistics",
    "propagation/false-reaches-inner-layers",
    "training/reaches-nested-layers",
)
#: How many core cases of each claim that it must leave alone are run under a mutant.
SPARED = 3


class MutantRun:
    """A pytest plugin: it selects cases, puts the mutant in effect, and undoes it."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.name: str = config.option.conformance_mutant
        self.infection: Optional[Any] = None
        #: Whether only those cases of the refuted claims are run in which it is looked for first, without the
        #: canaries under the mutant.
        self.first = False
        self.sample: List[str] = []
        self.canaries: List[str] = []
        self.ran = 0
        #: Whether this TensorFlow has what the mutant breaks.
        self.applies = True

    @property
    def cured(self) -> bool:
        """Whether the mutant has been undone."""
        return self.infection is None

    def folder(self, results: Path) -> Path:
        """Return where results under this mutant go: never to where those of TensorFlow itself are."""
        return results / "mutants" / self.name

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: List[pytest.Item]) -> None:
        """Keep the cases that the mutant concerns, and put the sample behind them."""
        from conformance.fixtures.mutants import UnknownMutantError, named

        try:
            mutant = named(self.name)
        except UnknownMutantError as error:
            pytest.exit(f"--mutant: {error}", Exit.BAD_INPUT)
        cases = {item: item.stash[CASE] for item in items if CASE in item.stash}
        core: Dict[str, List[Any]] = {}
        for item, case in cases.items():
            if case.core:
                core.setdefault(case.claim, []).append(item)
        sample = [core[claim][0] for claim in SAMPLED if claim in core]
        self.sample = [item.nodeid for item in sample]
        share, modules = mutant.first
        part = shard(share)
        asked = {
            item: case
            for item, case in cases.items()
            if not self.first or (case.module in modules and part.has(case.id))
        }
        concerned = [item for item, case in asked.items() if case.claim in mutant.refutes]
        concerned += [item for claim in mutant.spares for item in core.get(claim, [])[:SPARED]]
        items[:] = [*(item for item in concerned if item not in sample), *sample]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the mutant in effect, or stop where it cannot be."""
        from conformance.fixtures.mutants import Infection
        from conformance.measuring.observation import NotApplicable

        if not self.sample:  # pytest ends its collection this way too when it was told to stop
            return
        canaries = [i for i in session.items if CASE in i.stash and is_canary(i.stash[CASE].claim)]
        again = [_twin(item) for item in canaries]
        self.sample += [item.nodeid for item in again]
        first = [] if self.first else canaries
        session.items[:] = [*first, *(i for i in session.items if i not in canaries), *again]
        try:
            self.infection = Infection(self.name)
        except NotApplicable as reason:
            self.applies = False
            pytest.exit(f"--mutant: {self.name} does not apply here: {reason}", Exit.BAD_INPUT)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Undo the mutant before the first case of the sample."""
        if item.nodeid in self.sample:
            self.cure()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a canary that the mutant breaks."""
        kept: Any = getattr(report, "conformance", None)
        if kept and not self.cured and is_canary(kept[0]) and kept[1]["outcome"] != Outcome.HOLDS.value:
            self.canaries.append(kept[0])

    def pytest_sessionfinish(self) -> None:
        """Undo the mutant at the latest now."""
        self.cure()

    def cure(self) -> None:
        """Undo the mutant, once, and remember how often it ran."""
        if self.infection is not None:
            self.ran = self.infection.ran
            self.infection.cure()
            self.infection = None

    def verdict(self) -> Dict[str, Any]:
        """Return what there is to say at the end: its line, and the exit code where it never ran."""
        if self.ran:
            broken = f"; it breaks canaries: {', '.join(self.canaries)}" if self.canaries else ""
            line = f"mutant {self.name}: in effect, its changes ran {self.ran} times{broken}"
            return {"line": line, "code": None}
        return {"line": f"mutant {self.name}: never in effect, nothing is shown", "code": Exit.UNPROVEN}


def _twin(item: Any) -> Any:
    """Return a second item of the same case, for what is run both under the mutant and after it."""
    again = pytest.Function.from_parent(item.parent, name=f"{item.name}[after]", callobj=item.obj)
    again.stash[CASE] = item.stash[CASE]
    return again
