"""The rooms: who may import whom is held by import-linter, and a contract that is broken fails."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.suite import ROOT

LINTER = Path(sys.executable).with_name("lint-imports")
ROOMS = sorted(path.parent for path in (ROOT / "conformance").glob("[a-z]*/__init__.py"))


@pytest.fixture
def house(tmp_path):
    """Return a copy of the package beside its contracts."""
    without = shutil.ignore_patterns("tests", "reproductions", "locks", "__pycache__")
    shutil.copytree(ROOT / "conformance", tmp_path / "conformance", ignore=without)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "conformance" / "reproductions").mkdir()
    for path in (ROOT / "conformance" / "reproductions").glob("*.py"):
        shutil.copy(path, tmp_path / "conformance" / "reproductions")
    return tmp_path


def linted(folder):
    """Return import-linter's exit code and what it says, white space folded."""
    done = subprocess.run(
        [str(LINTER), "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True
    )
    return done.returncode, " ".join(done.stdout.split())


def test_the_contracts_are_kept(house):
    """As the house stands, in this copy of it too."""
    code, said = linted(house)
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("results/verdicts.py", "from conformance.matrix import folding", "data goes one way"),
        ("columns/running.py", "from conformance.reporting import alarms", "data goes one way"),
        ("measuring/case.py", "import click", "what runs beside TensorFlow"),
        ("fixtures/situations/dropouts.py", "import tomlkit", "what runs beside TensorFlow"),
        ("matrix/folding.py", "import tensorflow", "the tool never imports TensorFlow"),
        ("reporting/picture.py", "from conformance.fixtures.parts import data", "the tool never imports"),
        ("pins/faults.py", "from conformance.pins import pins", "no two modules of a room"),
    ],
)
def test_a_broken_contract_fails(house, module, line, broken):
    """An import that should not be is named, with the contract that it breaks."""
    path = house / "conformance" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    code, said = linted(house)
    assert code == 1, said
    assert f"{broken}" in said.split("Broken contracts")[1], said


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_door_says_who_may_enter(room):
    """Each folder's docstring says whether it runs beside TensorFlow."""
    if room.name != "tests":
        text = (room / "__init__.py").read_text(encoding="utf-8")
        assert ("beside TensorFlow: Python 3.7" in text) != ("Never imports TensorFlow" in text)
