"""What the parts of the pytest plugin call what they share: on items, on the config, among plugins."""

from __future__ import annotations

from typing import Any, Dict

import pytest

from conformance.measuring.case import Case
from conformance.measuring.recording import Observer

#: On an item: its case, and what observed it.
CASE: pytest.StashKey[Case] = pytest.StashKey()
OBSERVER: pytest.StashKey[Observer] = pytest.StashKey()
#: On the config: why no case can be asked here, and that it is the suite's own fault.
BROKEN: pytest.StashKey[str] = pytest.StashKey()
FAULTY: pytest.StashKey[bool] = pytest.StashKey()
#: On the config: whether this process has said what is installed.
TOLD: pytest.StashKey[bool] = pytest.StashKey()
#: On the config: which modules are complete, and how many cases there are.
COLLECTED: pytest.StashKey[Dict[str, Any]] = pytest.StashKey()
#: Seconds for a case, where nobody gives another `--timeout`.
PATIENCE = 60
#: Plugins: the one that keeps the records, the one that counts cases, and the one that breaks TensorFlow.
LEDGER = "conformance-ledger"
COLLECTION = "conformance-collection"
MUTANT = "conformance-mutant"
