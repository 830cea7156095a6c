"""Locks: from what a column requires to exact versions, resolved by uv."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import tomlkit

from conformance.columns.columns import Column, ColumnError, columns
from conformance.columns.tox_table import replaced
from conformance.exits import Exit
from conformance.results import results
from conformance.suite import ROOT


class UnresolvedError(ColumnError):
    """Requirements that no set of releases satisfies any more. Its text is one line."""

    exit_code = Exit.NOT_MEASURED


def beside() -> list[str]:
    """Return what a column needs beside its TensorFlow, as pyproject.toml says."""
    project = tomlkit.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8")).unwrap()
    return list(project["project"]["dependencies"])


def lock(chosen: Sequence[Column], tell: Callable[[str], None]) -> None:
    """Write the lock of each chosen column, and tox's table of all. Raises UnresolvedError."""
    for column in chosen:
        results.replace(column.lock, resolved(column))
        tell(f"{column.id}: {column.lock.relative_to(ROOT)}")
    project = ROOT / "pyproject.toml"
    results.replace(project, replaced(project.read_text(encoding="utf-8"), columns().values()))


def resolved(column: Column) -> str:
    """Return a column's lock: names and versions only. Raises UnresolvedError."""
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-emit-index-url"]
    command += ["--no-emit-find-links", "--python-version", column.python, "--prerelease", _pre(column), "-"]
    wanted = "\n".join([*column.requires, *beside()])
    done = subprocess.run(command, input=wanted, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        why = " ".join(done.stderr.split())
        raise UnresolvedError(f"{column.id}: its requirements no longer resolve: {why}")
    return done.stdout


def _pre(column: Column) -> str:
    return (
        "allow" if any("rc" in requirement for requirement in column.requires) else "if-necessary-or-explicit"
    )
