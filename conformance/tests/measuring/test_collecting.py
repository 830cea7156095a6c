"""All cases are collected whatever a user's ini says.

Run for real in a small copy of the project, beside the stand-in for TensorFlow, as the recorder's tests are.
"""

import pytest

from conformance.exits import Exit

SETTINGS = "[pytest]\n{}\n"
OWN_FIXTURE = """
import pytest

@pytest.fixture
def db():
    return 1
"""


def settings(project, line):
    """Give the project a user's ini, with a line in it."""
    (project.root / "pytest.ini").write_text(SETTINGS.format(line))


@pytest.mark.parametrize(
    "line",
    [
        "python_files = *_test.py",
        "python_functions = check_*",
        "python_functions = *\npython_classes = *",
        "usefixtures = db",
    ],
    ids=["files", "functions", "everything", "fixtures"],
)
def test_a_users_ini_leaves_no_case_out(project, line):
    """And takes nothing in that is no case; tests of the user's own go by it."""
    settings(project, line)
    (project.root / "own").mkdir()
    (project.root / "own" / "conftest.py").write_text(OWN_FIXTURE)
    (project.root / "own" / "own_test.py").write_text("def check_own(): pass\ndef test_own(db): pass\n")
    done = project.run("own/own_test.py", "conformance", "--measure", "-n0")
    assert done.returncode == 0, done.stdout
    own = 2 if line.startswith("python_functions = *") else 1
    assert f"{own} passed, 7 holds, 1 deviates, 1 not applicable" in done.stdout
    assert len(project.outcomes()) == 8


def test_folders_of_a_users_ini(project):
    """Where this pytest asks first; an older one finds no case, and says so."""
    settings(project, "norecursedirs = cases")
    done = project.run("--measure", "-n0")
    older = int(pytest.__version__.split(".")[0]) < 8
    assert done.returncode == (Exit.NOT_MEASURED if older else 0), done.stdout
    assert ("no case is run" if older else "7 holds") in done.stdout
