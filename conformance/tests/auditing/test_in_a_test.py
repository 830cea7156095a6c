"""`parametrize_with_claims` beside real TensorFlows: one model, as somebody's own tests would have it."""

import os
import subprocess

import pytest

from conformance.suite import ROOT
from conformance.tests.auditing.test_zoo import COLUMNS

THEIRS = """
from conformance.auditing.testing import parametrize_with_claims
from conformance.fixtures.zoo import faulty, healthy

UPDATED = "batchnorm/frozen-keeps-moving-statistics[blocks[0].parts[1]]"

@parametrize_with_claims(faulty.frozen_by_constructor, claims="batchnorm", expected={UPDATED: "made so"})
def test_mine(check):
    check()

@parametrize_with_claims(healthy.plain, claims="batchnorm,saving/flags-come-back")
def test_healthy(check):
    check()

@parametrize_with_claims(lambda: 1 / 0)
def test_broken(check):
    check()
"""


@pytest.mark.parametrize("column", COLUMNS)
def test_a_model_in_a_test_of_ones_own(tmp_path, column):
    """Each layer's claims are cases: what is expected to deviate does, and a healthy twin passes."""
    if not COLUMNS[column].exists():
        pytest.skip(f"no environment in .columns/{column}: `make cases` builds it")
    (tmp_path / "test_theirs.py").write_text(THEIRS)
    command = [str(COLUMNS[column]), "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rA", "test_theirs.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    ends = [line.split(" - ")[0] for line in done.stdout.splitlines() if "test_theirs.py::" in line]
    assert "XFAIL test_theirs.py::test_mine[batchnorm/frozen-keeps-moving-statistics" in done.stdout
    assert [line for line in ends if not line.startswith("PASSED") and "test_healthy" in line] == []
    assert "PASSED test_theirs.py::test_healthy[saving/flags-come-back[the model]]" in ends
    (broken,) = [line for line in done.stdout.splitlines() if line.startswith("build: ")]
    assert "ZeroDivisionError" in broken
