"""What the tool starts ends with the tool: by a signal, by a time limit, or because the tool is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conformance.columns import children
from conformance.exits import Exit
from conformance.tests.installed import COLUMN, Installed

PATIENCE = 30


def lives(pid):
    """Return whether a process runs."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_for(what):
    """Return what a function returns, as soon as it is something; fail if it stays nothing."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: nothing after {PATIENCE} s")


def sleeper(tmp_path):
    """Return a command that starts a child and hangs, and a function that reads both their ids."""
    code = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
open({str(tmp_path / "part")!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
os.rename({str(tmp_path / "part")!r}, {str(tmp_path / "pids")!r})
time.sleep(300)
"""
    ids = tmp_path / "pids"
    return [
        sys.executable,
        "-c",
        code,
    ], lambda: ids.exists() and [int(pid) for pid in ids.read_text().split()]


def test_a_command_runs_to_its_end():
    """With its output, what it is told, and its exit code; without the terminal as its input."""
    code = "import sys; print(sys.stdin.read()); sys.exit(3)"
    done = children.run([sys.executable, "-c", code], said="hear", stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (3, "hear\n")
    done = children.run([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert done.stdout == "\n"


def test_what_is_no_program_is_said(tmp_path):
    """In its own words, as any other failure."""
    done = children.run([tmp_path / "nothing"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 1
    assert done.stdout == f"{tmp_path}/nothing: No such file or directory\n"


def test_a_time_limit_ends_all_of_it(tmp_path):
    """Also what it had started."""
    command, pids = sleeper(tmp_path)
    with pytest.raises(subprocess.TimeoutExpired):
        children.run(command, timeout=3)
    assert len(pids()) == 2
    wait_for(lambda: not any(map(lives, pids())))


def test_handlers_are_put_back():
    """After a run the tool hears signals as before it."""
    before = [signal.getsignal(number) for number in children.ENDING]
    with children.ending_with_us():
        assert signal.getsignal(signal.SIGTERM) == children._interrupt
    assert [signal.getsignal(number) for number in children.ENDING] == before


def test_what_was_to_be_ignored_is():
    """Under nohup a terminal that closes ends nothing; a script's background job still hears SIGINT."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGHUP, signal.SIGINT)}
    try:
        with children.ending_with_us():
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
            assert signal.getsignal(signal.SIGINT) == children._interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture
def installed(tmp_path):
    """Return an installed suite whose tox hangs."""
    return Installed(tmp_path)


def hanging(installed):
    """Return the processes of a tox that hangs."""
    found = [int(path.stem) for path in installed.said.glob("*.pid")]
    return found if len(found) == 2 else []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_check(installed, number):
    """One line and a code of its own; tox and its deaf child are gone, and nothing is left half made."""
    process = installed.start("check", COLUMN, HANGS="1")
    pids = wait_for(lambda: hanging(installed))
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == Exit.INTERRUPTED
    assert (out + err).splitlines()[-1] == "interrupted: what had been measured before is kept"
    assert "Traceback" not in out + err
    assert not any(map(lives, pids))
    assert list((installed.work / "results").rglob("*.*")) == []


def test_the_tool_is_killed(installed):
    """It cannot say so, but what it had started hears of it."""
    if sys.platform != "linux":
        pytest.skip("only Linux tells a process that its parent died")
    process = installed.start("check", COLUMN, HANGS="1")
    tox = min(wait_for(lambda: hanging(installed)))
    process.kill()
    process.communicate()
    wait_for(lambda: not lives(tox))
    for pid in filter(lives, hanging(installed)):  # tox itself would have ended its own
        os.kill(pid, signal.SIGKILL)


def test_a_command_is_asked_line_by_line(tmp_path):
    """It says nothing more once it has ended, and nothing of it runs afterwards."""
    command, pids = sleeper(tmp_path)
    with children.asked(command) as ask:
        ids = wait_for(pids)
    wait_for(lambda: not any(map(lives, ids)))
    echo = "for _ in range(2): print(input() * 2, flush=True)"
    with children.asked([sys.executable, "-c", echo]) as ask:
        assert [ask("a"), ask("b"), ask("c"), ask("d")] == ["aa\n", "bb\n", "", ""]
