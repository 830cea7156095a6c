"""What pytest collects: ids, counts and core situations, without importing TensorFlow."""

import subprocess
import sys
from collections import Counter

import pytest

from conformance.measuring.case import ALL
from conformance.measuring.ledger import case_from_nodeid
from conformance.suite import ROOT
from conformance.tests.test_claims import markers

PROBE = """
import sys, pytest
code = pytest.main(["conformance", "--collect-only", "-q", "-p", "no:cacheprovider"])
assert "tensorflow" not in sys.modules, "collection imported TensorFlow"
raise SystemExit(code)
"""


@pytest.fixture(scope="module")
def nodeids():
    """Return the node ids of all cases, from a process that must not import TensorFlow."""
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_there_are_many_cases(nodeids):
    """At least 500 cases, as the suite promises."""
    assert len(nodeids) >= 500


def test_ids_are_unique(nodeids):
    """No two items are the same case."""
    counts = Counter(case_from_nodeid(nodeid).id for nodeid in nodeids)
    assert [case for case, count in counts.items() if count > 1] == []


def test_core_situations_exist(nodeids):
    """A situation that is called core is one that pytest collects: a typing error would hide it."""
    situations = {}
    for nodeid in nodeids:
        name, _, situation = nodeid.split("::")[1].partition("[")
        situations.setdefault(name, set()).add(situation[:-1])
    for _, name, marks in markers():
        core = marks[0].kwargs["core"]
        assert core == ALL or set(core) <= situations[name], name


def test_ids_are_plain(nodeids):
    """A case id can stand in a URL, a file and a command line."""
    for nodeid in nodeids:
        assert nodeid.isascii()
        assert " " not in nodeid
