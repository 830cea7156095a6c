"""`python -m conformance audit`: what it says where there is nothing to audit, and no TensorFlow."""

import os
import re
import subprocess
import sys

import click
import pytest

from conformance.exits import Exit
from conformance.suite import ROOT


def audit(folder, *arguments, module="conformance", command=("audit",)):
    """Run an audit in a user's folder, and return the finished process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", module, *command, *arguments]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(("module", "command"), [("conformance", ("audit",)), ("conformance.auditing", ())])
def test_a_mistake_is_one_line(tmp_path, module, command):
    """With the tool and without it, and nothing is written to the user's folder."""
    (tmp_path / "models.py").write_text("import nowhere\n")
    done = audit(tmp_path, "models:build", module=module, command=command)
    assert done.returncode == Exit.BAD_INPUT
    assert done.stderr == (
        "error: models cannot be imported: models.py:1: ModuleNotFoundError: No module named 'nowhere'\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["models.py"]


@pytest.mark.parametrize("limit", ["0", "86401", "99999999999999999999"])
def test_a_limit_that_no_clock_knows(tmp_path, limit):
    """The option is named, and no model is blamed."""
    done = audit(tmp_path, "models:build", "--limit", limit)
    assert done.returncode == click.UsageError.exit_code
    assert f"'--limit': {limit} is not in the range 1<=x<=86400" in done.stderr


def options(text):
    """Return the options that a page of help names."""
    return set(re.findall(r"--[a-z]+", text)) - {"--help"}


def test_both_doors_have_the_same_options(tmp_path):
    """The tool's has those that say where, besides."""
    alone = audit(tmp_path, "--help", module="conformance.auditing", command=())
    tool = audit(tmp_path, "--help")
    assert alone.returncode == tool.returncode == 0
    assert options(tool.stdout) - options(alone.stdout) == {"--python", "--with"}
    assert options(alone.stdout) < options(tool.stdout)


def test_a_backend_of_another_kind(tmp_path):
    """What is set in the environment and changes what Keras does is said before anything is imported."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "torch"}
    words = [sys.executable, "-m", "conformance.auditing", "models:build"]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, "KERAS_BACKEND=torch" in done.stderr) == (Exit.BAD_INPUT, True)
