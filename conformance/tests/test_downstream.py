"""The example for projects that rely on some claims: its command works from another project's folder."""

import configparser
import json
import re
import shlex

import pytest

from conformance.claims import claims_matching
from conformance.columns import running
from conformance.pins import pins
from conformance.reporting import alarms
from conformance.suite import ROOT
from conformance.tests.measuring.stand_in import Project

MEASURED = running.measured()
SETTINGS = """
[tool.pytest.ini_options]
addopts = "-W error --strict-markers"
"""


@pytest.fixture(scope="module")
def example():
    """Return the example's settings of tox."""
    found = configparser.ConfigParser()
    found.read(ROOT / "fixtures" / "downstream" / "tox.ini")
    return found["testenv"]


@pytest.fixture
def arguments(example):
    """Return what the example's command gives to pytest."""
    pytest_, *found = shlex.split(example["commands"])
    assert pytest_ == "pytest"
    return found


@pytest.fixture
def downstream(tmp_path):
    """Return another project, with settings of its own, and this one in its vendor folder."""
    (tmp_path / "vendor").mkdir()
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    return Project(tmp_path / "vendor" / "training-mode")


def elsewhere(project):
    """Return the folder that a project is part of."""
    return project.root.parent.parent


def test_the_command_of_the_example(downstream, arguments):
    """What is not as pinned fails; results stay with the project that asked, and so do its settings."""
    swapped = [re.sub("--claims=.*", "--claims=dropout", argument) for argument in arguments]
    done = downstream.run(*swapped, cwd=elsewhere(downstream))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "regressed: expected drops, observed passes through; no pin says so" in done.stdout
    (path,) = (elsewhere(downstream) / "build").glob("*/*.json")
    assert len(json.loads(path.read_text())["cases"]) == 9


def test_what_the_example_relies_on_is_as_pinned(example, arguments):
    """In every TensorFlow that it names, by what is committed."""
    (claims,) = (a.partition("=")[2] for a in arguments if a.startswith("--claims="))
    relied_on = claims_matching(claims)
    releases = re.findall(r"tensorflow~=(\d+\.\d+)\.0", example["deps"])
    assert releases
    for release in releases:
        found = MEASURED[f"tf{release}"]
        cases = {case: record for case, record in found["cases"].items() if case.split("[")[0] in relied_on}
        assert alarms.found(pins.read(), [{**found, "cases": cases}], whole=False) == []
