"""The command line: one clear line and its own exit code for each mistake."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from conformance.claims import CLAIMS
from conformance.commands.main import main
from conformance.exits import Exit
from conformance.suite import ROOT


def invoke(*arguments):
    """Run a command and return its result."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_claims_are_listed():
    """One line a claim."""
    assert len(invoke("claims").output.splitlines()) == len(CLAIMS)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run", "tf2.99"], Exit.BAD_INPUT, "nearest: tf2.22rc0"),
        (["lock", "nonsense"], Exit.BAD_INPUT, "'nonsense'; `python -m conformance columns` lists them"),
        (["columns", "TF2.15"], Exit.BAD_INPUT, "'TF2.15'; nearest: tf2.15"),
        (["diff", "2.15", ""], Exit.BAD_INPUT, "no column is called ''"),
        (["explain", "dropout/has-no-weights", ""], Exit.BAD_INPUT, "no column is called ''"),
        (["explain", "DROPOUT/Has-No-Weights"], Exit.BAD_INPUT, "nearest: dropout/has-no-weights["),
        (["explain", "dropout"], Exit.BAD_INPUT, "`python -m conformance claims` lists the claims"),
        (["recipes", "--goal", "nope"], Exit.BAD_INPUT, "no goal is called 'nope'; there are "),
        (["drift", ""], Exit.BAD_INPUT, "PATH: '' names nothing"),
        (["drift", "--pins", ""], Exit.BAD_INPUT, "--pins: '' names nothing"),
        (["check", "--junitxml", ""], Exit.BAD_INPUT, "--junitxml: '' names nothing"),
        (["report", "--with", ""], Exit.BAD_INPUT, "--with: '' names nothing"),
        (["describe", "/nowhere.json"], Exit.BAD_INPUT, "/nowhere.json"),
        (["diff", "/", "2.15"], Exit.BAD_INPUT, "/: cannot be read (Is a directory)"),
        (["diff", "2.15", "nowhere/c"], Exit.BAD_INPUT, "nowhere/c: cannot be read (No such file"),
    ],
)
def test_a_mistake_is_one_line(arguments, code, says):
    """No traceback for a user's mistake."""
    done = invoke(*arguments)
    assert done.exit_code == code
    assert says in done.output
    assert len(done.output.splitlines()) == 1


def test_an_error_says_nothing_to_a_terminal_or_a_log():
    """Whatever was given, each line of it can be seen, and commands nobody."""
    done = invoke("explain", "\x1b[2J\n::error::x")
    assert done.exit_code == Exit.BAD_INPUT
    assert "\x1b" not in done.output
    assert not [line for line in done.output.splitlines() if line.lstrip().startswith("::")]


def test_an_empty_folder_has_no_results(tmp_path):
    """Describing nothing is an error, not an empty report."""
    done = invoke("describe", tmp_path)
    assert done.exit_code == Exit.BAD_INPUT
    assert "no results" in done.output


def test_help_imports_nothing_heavy():
    """`--help` is for people who wait: what only a command needs, that command imports."""
    heavy = "{'tensorflow', 'numpy', 'pytest', 'tomlkit', 'tox', 'jinja2', 'rich', 'jsonschema', 'packaging'}"
    probe = "import sys, conformance.__main__, conformance.commands.main; "
    probe += f"raise SystemExit(', '.join({heavy} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["click", "jinja2", "packaging", "tomlkit"])
def test_a_missing_library_is_one_line(module):
    """Which, and how to get it; no traceback, whichever of them it is."""
    probe = f"import sys; sys.modules[{module!r}] = None; sys.argv = ['c', 'diff', '2.15', '2.16']; "
    probe += "import runpy; runpy.run_module('conformance', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == Exit.BAD_INPUT, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert f"{module} is not installed" in done.stderr
    assert "make tool" in done.stderr
