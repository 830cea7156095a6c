"""The suite beside somebody's own tests: installed from its wheel, or as a checkout in their project.

Each test runs pytest in a small project with a package, tests, `fixtures` and a conftest of its own, with the
oldest pytest and plugins that the suite takes, and with the newest. The cases are the recorder's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from conformance.suite import ROOT
from conformance.tests.measuring.stand_in import CANARY, CASES, HEAD, TENSORFLOW, Project

UV = Path(sys.executable).with_name("uv")
OLDEST = ["pytest==7.0.0", "pytest-xdist==3.2.0", "pytest-timeout==2.1.0", "pytest-rerunfailures<12"]
NEWEST = ["pytest", "pytest-xdist", "pytest-timeout", "pytest-rerunfailures"]
THEIRS = {
    "pkg/__init__.py": "def one(): return 1\n",
    "fixtures/__init__.py": "ANSWER = 42\n",
    "conftest.py": """
        import pytest

        def pytest_addoption(parser):
            parser.addoption("--results", default="mine")

        @pytest.fixture
        def answer():
            from fixtures import ANSWER
            return ANSWER
    """,
    "tests/test_own.py": """
        import fixtures, pkg

        def test_own(answer):
            assert answer == 42 and pkg.one() == 1

        def test_option(request):
            assert request.config.getoption("--results") == "mine"
    """,
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\npythonpath = ['.']\n",
}
OPTIONS = [
    "",
    "--cov=pkg",
    "-p randomly",
    "--reruns 1",
    "-p no:xdist",
    "-n 0",
    "-n 2",
    "-x",
    "-W error",
    "--import-mode=importlib",
    "--strict-markers",
]
CASES_TOLD = ("7 holds", "1 deviates", "1 not applicable")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Return this project's wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session", params=[OLDEST, NEWEST], ids=["oldest", "newest"])
def python(request, tmp_path_factory):
    """Return the interpreter of an environment with pytest and its plugins."""
    folder = tmp_path_factory.mktemp("environment")
    wanted = [*request.param, "pytest-cov", "pytest-randomly", "numpy"]
    subprocess.run([UV, "venv", "-q", "--clear", "--python", sys.executable, folder], check=True)
    found = folder / "bin" / "python"
    subprocess.run([UV, "pip", "install", "-q", "--python", found, *wanted], check=True)
    return found


def written(folder):
    """Write the user's project, and a stand-in for TensorFlow beside it."""
    tensorflow = {"lib/tensorflow/__init__.py": TENSORFLOW, "lib/tensorflow/python/framework/ops.py": ""}
    for name, text in {**THEIRS, **tensorflow}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))


class Neighbour:
    """A user's project that has the suite in some way."""

    def __init__(self, root, python, path, targets):
        self.root, self.python, self.path, self.targets = root, python, path, targets

    @property
    def all(self):
        """What names the user's own tests and the cases."""
        own = "--pyargs" in self.targets
        return [*self.targets[:own], "tests", *self.targets[own:]]

    def run(self, *arguments):
        """Run pytest in the project's folder and return the finished process."""
        path = os.pathsep.join([str(self.root / "lib"), *self.path])
        own = {"PYTHONPATH": path, "IMPORTS": str(self.root / "imports")}
        command = [self.python, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
        return subprocess.run(
            command, cwd=self.root, env={**environment, **own}, capture_output=True, text=True, timeout=120
        )


@pytest.fixture(params=["installed", "vendored"])
def project(request, python, wheel, tmp_path):
    """Return a user's project that has the suite installed, or as a checkout in its vendor folder."""
    root, site = tmp_path / "project", tmp_path / "site"
    written(root)
    if request.param == "vendored":
        (root / "vendor").mkdir()
        Project(root / "vendor" / "training-mode")
        return Neighbour(root, python, [], ["vendor/training-mode/conformance"])
    subprocess.run([UV, "pip", "install", "-q", "--no-deps", "--target", site, wheel], check=True)
    shutil.rmtree(site / "conformance" / "cases")
    shutil.copytree(ROOT / "conformance" / "cases", site / "conformance" / "cases", ignore=_modules)
    for name, text in (("canary", CANARY), ("dropout", CASES)):
        (site / "conformance" / "cases" / f"test_{name}.py").write_text(dedent(HEAD + text))
    return Neighbour(root, python, [str(site)], ["--pyargs", "conformance"])


def _modules(folder, names):
    return [name for name in names if name.startswith(("test_", "__pycache__"))]


@pytest.mark.parametrize("arguments", [[], ["."], ["-n", "2"], ["--import-mode=importlib"], ["-W", "error"]])
def test_a_users_own_tests_run_as_if_it_were_not_there(project, arguments):
    """The suite adds no case, no option and no file to them, and imports nothing heavy."""
    before = sorted(path for path in project.root.rglob("*") if "__pycache__" not in path.parts)
    done = project.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert sorted(p for p in project.root.rglob("*") if "__pycache__" not in p.parts) == before


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: options or "plainly")
def test_own_tests_and_cases_in_one_run(project, options):
    """Both are run, whatever else the user has pytest do; every case is recorded."""
    done = project.run(*project.all, "--measure", *options.split())
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(told in done.stdout for told in ("2 passed", *CASES_TOLD)), done.stdout
    assert len(list(project.root.rglob("tf9.9-keras3.99.json"))) == 1


def test_a_deviation_stops_where_the_user_wants_to_stop(project):
    """`-x` ends with the first failure, and with pytest's own code for it."""
    done = project.run(*project.targets, "-x", "-n", "0", "-p", "no:randomly")
    assert done.returncode == 1, done.stdout + done.stderr


def test_help_lists_the_options_where_cases_are_named(project):
    """And under another name where the user's own conftest has one."""
    assert "--conformance-results" in project.run(*project.all, "--help").stdout
    assert "--claims" not in project.run("--help").stdout
