"""Files that users name: what an editor leaves in one, and pipes, are read; nothing is waited for in vain."""

import codecs
import json
import os
from pathlib import Path

import pytest

from conformance.exits import Exit
from conformance.pins import pins
from conformance.results import given, results
from conformance.tests.results import examples
from conformance.tests.test_main import invoke


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path):
    """Notepad and PowerShell put one there: results and pins are read as without it."""
    path = tmp_path / "c.json"
    path.write_bytes(codecs.BOM_UTF8 + json.dumps(examples.of()).encode())
    assert results.read(path) == examples.of()
    path = tmp_path / "pins.toml"
    path.write_bytes(codecs.BOM_UTF8 + b'suite = "0.1.0"\n')
    assert pins.read(path).suite == "0.1.0"


@pytest.mark.parametrize(
    ("was", "new", "becomes"),
    [
        ("a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"),
        ("a\r\nb\nc\n", "a\nb\nx\n", "a\r\nb\nx\r\n"),
        ("a\nb\n", "x\nb\n", "x\nb\n"),
        ("\ufeffa\r\n", "a\nx\n", "\ufeffa\r\nx\r\n"),
        ("", "x\n", "x\n"),
    ],
)
def test_a_file_keeps_its_line_ends(tmp_path, was, new, becomes):
    """Each line that stays, also where they are mixed; a new one ends as the first does."""
    path = tmp_path / "pins.toml"
    path.write_bytes(was.encode())
    assert given.as_it_was(path, new) == becomes


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "command", [["drift"], ["drift", "--pins"], ["describe"], ["merge", "-o", "x.json"], ["pin", "--pins"]]
)
def test_a_pipe_that_nobody_writes_into_is_one_line(tmp_path, command):
    """It would be waited for until somebody ends the command."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = invoke(*command, pipe)
    assert done.exit_code == Exit.BAD_INPUT
    assert done.output == f"error: {pipe}: cannot be read (nobody writes into this pipe)\n"


@pytest.mark.timeout(60)
def test_a_pipe_is_read(tmp_path):
    """A shell's `<(...)` is one, and one with a name is another."""
    there, here = os.pipe()
    os.write(here, b"of a shell")
    os.close(here)
    assert given.text(Path(f"/dev/fd/{there}")) == "of a shell"
    os.close(there)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    kept = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # so that a writer need not wait
    pipe.write_text("by name")
    assert given.text(pipe) == "by name"
    os.close(kept)
