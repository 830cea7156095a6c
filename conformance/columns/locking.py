"""Locks: from what a column requires to exact versions, resolved by uv."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from subprocess import PIPE

import tomlkit

from conformance.columns import children, failures, tool
from conformance.columns.columns import Column, ColumnError, columns
from conformance.columns.tox_table import replaced
from conformance.exits import Exit
from conformance.results import given, results
from conformance.suite import ROOT


class UnresolvedError(ColumnError):
    """Requirements that no set of releases satisfies any more. Its text is one line."""

    exit_code = Exit.NOT_MEASURED


class UnreachableError(ColumnError):
    """No package index answers: nothing is known of the requirements. Its text is one line."""

    exit_code = Exit.NOT_MEASURED


def beside() -> list[str]:
    """Return what a column needs beside its TensorFlow, as pyproject.toml says."""
    project = tomlkit.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8")).unwrap()
    return list(project["project"]["dependencies"])


def lock(chosen: Sequence[Column], tell: Callable[[str], None]) -> None:
    """Write the lock of each chosen column, and tox's table of all.

    Raises UnresolvedError, UnreachableError.
    """
    for column in chosen:
        results.replace(column.lock, resolved(column))
        tell(f"{column.id}: {column.lock.relative_to(ROOT)}")
    project = ROOT / "pyproject.toml"
    table = replaced(project.read_text(encoding="utf-8"), columns().values())
    results.replace(project, given.as_it_was(project, table))


def resolved(column: Column) -> str:
    """Return a column's lock: names and versions only. Raises UnresolvedError, UnreachableError."""
    command = [tool.uv(), "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-emit-index-url"]
    command += ["--no-emit-find-links", "--python-version", column.python, "--prerelease", _pre(column), "-"]
    wanted = "\n".join([*column.requires, *beside()])
    done = children.run(command, said=wanted, stdout=PIPE, stderr=PIPE, cwd=ROOT)
    if done.returncode:
        reached(column.id, done.stderr)
        why = " ".join(done.stderr.split())
        raise UnresolvedError(f"{column.id}: its requirements no longer resolve: {why}")
    return str(done.stdout)


def reached(what: str, said: str) -> None:
    """Raise UnreachableError where a tool says that it could not reach an index."""
    why = failures.unreachable(said)
    if why:
        raise UnreachableError(f"{what}: {why}")


def _pre(column: Column) -> str:
    return (
        "allow" if any("rc" in requirement for requirement in column.requires) else "if-necessary-or-explicit"
    )
