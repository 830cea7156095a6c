"""What a log says of a failure is said in one line: no network, no room, no time, a signal."""

import subprocess

import pytest

from conformance.columns import failures, locking
from conformance.columns.columns import chosen
from conformance.exits import Exit
from conformance.reproductions import releases
from conformance.tests.test_main import invoke

REFUSED = """
error: Request failed after 3 retries in 10.5s
  cause: Failed to fetch: http://127.0.0.1:9/simple/keras/
  cause: error sending request for url (http://127.0.0.1:9/simple/keras/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)
"""
UNKNOWN_HOST = """
error: Request failed after 3 retries in 6.8s
  Caused by: error sending request for url (https://index.invalid/simple/keras/)
  Caused by: dns error
  Caused by: failed to lookup address information: Name or service not known
"""
OFFLINE = """
error: No solution found when resolving dependencies
  cause: Because keras was not found in the cache and you require keras==2.15.0
hint: Packages were unavailable because the network was disabled.
"""
PIP = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/keras/"
)
NO_RELEASE = """
error: No solution found when resolving dependencies
  cause: Because there is no version of keras==99.15.0
"""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (REFUSED, "Connection refused (os error 111)"),
        (UNKNOWN_HOST, "failed to lookup address information: Name or service not known"),
        (OFFLINE, "uv is told to stay offline"),
        (PIP, ""),
    ],
    ids=["refused", "unknown-host", "offline", "pip"],
)
def test_an_index_that_cannot_be_reached(text, why):
    """As uv and pip say it, each in its own words."""
    said = failures.unreachable(text)
    assert said.startswith("the package index could not be reached")
    assert why in said
    assert "\n" not in said


@pytest.mark.parametrize("text", ["", NO_RELEASE, "HTTP status client error (404 Not Found)"])
def test_an_index_that_answers(text):
    """What it has not is another matter."""
    assert failures.unreachable(text) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (REFUSED, "could not be built: the package index could not be reached (Connection refused"),
        ("x\nNo space left on device (os error 28)\n", "could not be built: no space left on device, see"),
        ("x\nRead-only file system\n", "could not be built: read-only file system, see"),
        (failures.not_over(600), "could not be built: not over after 600 s, see"),
        (NO_RELEASE, "could not be built from its lock, see"),
    ],
)
def test_why_an_environment_could_not_be_built(tmp_path, text, says):
    """As far as the log says it, in one line."""
    (tmp_path / "log").write_text(text)
    said = failures.of_building(tmp_path / "log")
    assert said.startswith(says)
    assert "\n" not in said


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        (1, "a\nlast\n\n", "not measured (exit code 1), see {log}: last"),
        (1, "x\n\x1b[31mfailed\x1b[0m \x07\n", "not measured (exit code 1), see {log}: failed <U+0007>"),
        (
            2,
            "why\ntf2.9: exit 2 (0.81 seconds) /x> uv\n  tf2.9: FAIL code 2\n  evaluation failed :(\n",
            "{2}: why",
        ),
        (2, "x\nNo space left on device\n", "could not be built: no space left on device, see {log}"),
        (1, "=== test session starts ===\nPermission denied\n", "{1}: Permission denied"),
        (Exit.BAD_INPUT, "", "not measured (bad input), see {log}"),
        (-9, "", "not measured (ended by SIGKILL), see {log}"),
        (247, "", "not measured (ended by SIGKILL), see {log}"),
        (137, "", "not measured (ended by SIGKILL), see {log}"),
        (143, "", "not measured (ended by SIGTERM), see {log}"),
        (1, "++++++ Timeout ++++++\n", "not measured (timed-out), see {log}: ++++++ Timeout ++++++"),
        (
            10,
            "x[y]: no answer within 9 s ended the run; more\n",
            "not measured (timed-out), see {log}: x[y]: no answer within 9 s ended the run; more",
        ),
        (failures.TIMED_OUT, failures.not_over(5), "not measured (timed-out), see {log}: not over after 5 s"),
    ],
)
def test_how_a_run_ended(tmp_path, code, text, says):
    """By itself, by a signal, or by a time limit."""
    log = tmp_path / "log"
    log.write_text(text)
    plain = [f"not measured (exit code {code}), see {log}" for code in range(3)]
    assert failures.of_running(code, log) == says.format(*plain, log=log)


def test_no_network_is_no_fault_of_the_requirements(monkeypatch):
    """`lock` says which it is, and ends with the code of what was not measured."""
    (column,) = chosen(["2.15"])
    answer = subprocess.CompletedProcess((), 1, "", REFUSED)
    monkeypatch.setattr(locking.children, "run", lambda *a, **k: answer)
    done = invoke("lock", "2.15")
    assert (done.exit_code, len(done.output.splitlines())) == (Exit.NOT_MEASURED, 1)
    assert "tf2.15: the package index could not be reached (Connection refused" in done.output
    answer.stderr = NO_RELEASE
    with pytest.raises(locking.UnresolvedError, match="no longer resolve"):
        locking.resolved(column)


def test_without_a_network_no_releases_are_listed(monkeypatch):
    """What pip lists then is only what it finds on this machine."""
    answer = subprocess.CompletedProcess((), 0, "Available versions: 3.15.1\n", PIP)
    monkeypatch.setattr(releases.children, "run", lambda *a, **k: answer)
    with pytest.raises(locking.UnreachableError, match="keras: the package index could not be reached"):
        releases.listed("keras", "3.11")
    answer.stderr = ""
    assert releases.listed("keras", "3.11") == ["3.15.1"]
