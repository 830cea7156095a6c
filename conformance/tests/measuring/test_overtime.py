"""A case whose time is up where there are no workers: nothing is lost, and it is no answer.

Run for real in a small copy of the project, beside the stand-in for TensorFlow, as the recorder's tests are.
"""

import pytest

from conformance.exits import Exit
from conformance.tests.measuring.stand_in import CASES, CLAIM, HEAD

HANGS = """
    @case
    def test_hangs(observe):
        print("what it says by itself")
        time.sleep(100)

    @case
    def test_waits(observe):
        observe(Observation(Word.DROPS, 0.5))
"""


@pytest.mark.parametrize("options", [["-n0"], ["-p", "no:xdist"], ["-n0", "-p", "no:terminal"]], ids=" ".join)
def test_what_was_measured_before_is_kept(project, options):
    """With the code of what was not measured: pytest-timeout's own is that of what is not as pinned."""
    project.write("cases/test_dropout.py", HEAD + CASES + HANGS)
    done = project.run(*options, "--measure", "--timeout=2")
    assert done.returncode == Exit.NOT_MEASURED, done.stdout + done.stderr
    found = project.outcomes()
    assert found.pop("hangs") == "timed-out"
    assert found.pop("waits") == "not-run"
    assert list(found.values()).count("holds") == 6
    if "no:terminal" not in options:
        assert f"{CLAIM}[hangs]: no answer within 2 s ended the run" in done.stdout
        assert "results: " in done.stdout


def test_tests_of_the_users_own_are_left_to_pytest_timeout(project):
    """They end as they did."""
    (project.root / "own").mkdir()
    (project.root / "own" / "test_own.py").write_text("import time\ndef test_own(): time.sleep(100)\n")
    done = project.run("own", "conformance", "-n0", "--timeout=2")
    assert done.returncode == 1
    assert "Failed: Timeout" in done.stdout
