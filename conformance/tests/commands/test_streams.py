"""The command line as a program: nobody reads it, the disk is full, a library is missing, it is ended."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.columns import tool
from conformance.exits import Exit
from conformance.suite import ROOT


def command(*arguments, **how):
    """Run a command as a shell would, and return the finished process."""
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.run(
        [sys.executable, "-m", "conformance", *arguments], cwd=ROOT, text=True, timeout=120, **how
    )


def test_a_reader_that_had_enough():
    """`| head -1`: not a word of it, and the exit code is that of the command."""
    line = f"{sys.executable} -m conformance claims | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_disk_that_is_full():
    """What was to be printed is lost: that is said, and is no success."""
    with open("/dev/full", "w") as full:
        done = command("claims", stdout=full)
        assert done.returncode == Exit.NOT_MEASURED
        assert done.stderr == "error: what this command prints cannot be written (No space left on device)\n"
        done = command("columns", "tf2.99", stdout=full, stderr=full)
    assert done.returncode == Exit.BAD_INPUT


def test_a_closed_stream():
    """Whoever closes it wants nothing of it."""
    line = f"{sys.executable} -m conformance claims >&-"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_a_letter():
    """What it cannot show is shown as a code."""
    done = command("claims", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


def test_a_summary_that_cannot_be_written(tmp_path):
    """A note; what moved decides the exit code."""
    done = command("drift", env={**os.environ, "GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert f"note: the summary of this job could not be written ({tmp_path}: Is a directory)" in done.stderr
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


LACKING = """
import importlib.abc, runpy, sys

class Lacking(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {name!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Lacking())
sys.argv = ["conformance", *{arguments!r}]
runpy.run_module("conformance", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("click", ["--help"]),
        ("click", ["claims"]),
        ("tomlkit", ["columns"]),
        ("rich", ["diff", "tf2.15", "tf2.16"]),
        ("jinja2", ["report", "--check"]),
    ],
)
def test_a_library_that_is_missing(name, arguments):
    """One line says how to get it."""
    code = LACKING.format(name=name, arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    said = f'error: {name} is not installed: this command needs the extra "tool": run `make tool`'
    assert done.stderr.startswith(said)
    assert (done.returncode, len(done.stderr.splitlines())) == (Exit.BAD_INPUT, 1)


def test_where_the_suite_is_installed_pip_gets_what_is_missing(monkeypatch):
    """A checkout has a target for it."""
    monkeypatch.setattr(tool.suite, "IS_CHECKOUT", False)
    monkeypatch.setattr(tool.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(tool.MissingToolError) as caught:
        tool.tox()
    assert "pip install 'tf-training-mode-conformance[tool]'" in str(caught.value)
    assert caught.value.exit_code == Exit.BAD_INPUT


def test_every_library_of_the_tool_is_known():
    """As pyproject.toml lists them."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(f'"{name.replace("_", "-")}>=' in text for name in tool.LIBRARIES)


SLOW = """
import runpy, sys, time
import conformance.commands.reading as reading
@reading.click.command()
def slow():
    print("begun", flush=True)
    {how}
reading.COMMANDS += (slow,)
sys.argv = ["conformance", "slow"]
runpy.run_module("conformance", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_any_command_is_interrupted_in_one_line(number):
    """With a shell's code for it."""
    process = begun("time.sleep(300)")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == Exit.INTERRUPTED
    assert err == "interrupted: what had been measured before is kept\n"


def begun(how):
    """Return the process of a command that does something slow, once it is at it."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(how=how)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.1)
    return process


@pytest.mark.parametrize(
    ("how", "code", "says"),
    [
        (
            "raise PermissionError(13, 'Permission denied', '/x')",
            Exit.NOT_MEASURED,
            "/x: cannot be written (",
        ),
        ("raise OSError(28, 'No space left on device')", Exit.NOT_MEASURED, "a file that this command makes"),
        ("raise reading.click.Abort", Exit.INTERRUPTED, "interrupted"),
    ],
)
def test_a_system_that_refuses(how, code, says):
    """One line, wherever a command meets it."""
    process = begun(how)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, len(err.splitlines())) == (code, 1)
    assert says in err


def test_a_fault_of_the_program_is_not_hidden():
    """A traceback, for whoever is to mend it."""
    process = begun("raise RuntimeError('x')")
    _, err = process.communicate(timeout=60)
    assert "Traceback" in err
    assert process.returncode == 1
