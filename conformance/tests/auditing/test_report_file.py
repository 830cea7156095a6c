"""The file of `--junitxml`: what is no file stays what it is, and an old report does not outlive its run."""

import os

import pytest

from conformance.auditing import __main__ as command
from conformance.auditing import asking
from conformance.exits import Exit
from conformance.tests.auditing.test_findings import COLUMN, HOLDS


@pytest.fixture
def audit(monkeypatch):
    """Return a function that audits a model of which everything holds, with options."""
    monkeypatch.setattr(asking, "ask", lambda questions, tell: (COLUMN, [HOLDS]))
    return lambda *options: command.main(["models:build", *options])


def test_a_pipe_is_written_to(audit, tmp_path):
    """A device, too: nobody's /dev/null is removed."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert audit("--junitxml", str(pipe)) == 0
    assert b"<testsuites" in os.read(reader, 1000)
    os.close(reader)
    assert (pipe.is_fifo(), os.listdir(tmp_path)) == (True, ["pipe"])


def test_an_old_report_is_gone_where_nothing_was_found(audit, tmp_path, monkeypatch):
    """Else the report of an earlier model would be taken for that of this one."""
    path = tmp_path / "new" / "report.xml"
    assert audit("--junitxml", str(path)) == 0

    def refuse(questions, tell):
        raise asking.RefusedError("there is no such module", Exit.BAD_INPUT)

    monkeypatch.setattr(asking, "ask", refuse)
    assert (audit("--junitxml", str(path)), path.exists()) == (Exit.BAD_INPUT, False)


def test_where_no_report_can_be_is_said_before_anything_is_asked(audit, tmp_path, monkeypatch, capsys):
    """One line, with the place and the system's reason."""
    monkeypatch.setattr(asking, "ask", None)
    (tmp_path / "file").write_text("")
    assert audit("--junitxml", str(tmp_path / "file" / "x.xml")) == Exit.NOT_MEASURED
    assert "cannot be written (" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "86401", "9" * 30, "²"])
def test_a_limit_that_no_clock_knows(audit, limit, capsys):
    """It is what was given that is wrong, and not the model."""
    with pytest.raises(SystemExit) as ended:
        audit(f"--limit={limit}")
    assert ended.value.code == 2
    assert "is no number of seconds from 1 to 86400, a day" in capsys.readouterr().err
