"""What each case does, read from the source of its test function; nothing of it is imported or run."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from conformance import suite


@dataclasses.dataclass(frozen=True)
class Function:
    """A test function: the situations of one claim that it is parametrized over.

    `slug` begins the situation of each of its cases; `does` is its docstring, in one line.
    """

    slug: str
    name: str
    path: str
    line: int
    does: str
    source: str

    def node(self, case: str) -> str:
        """Return what pytest calls a case of this function."""
        situation = situation_of(case)[len(self.slug) + 1 :]
        return f"{self.path}::{self.name}" + (f"[{situation}]" if situation else "")


Functions = Mapping[str, Sequence[Function]]


def situation_of(case: str) -> str:
    """Return what stands in a case's brackets."""
    return case.split("[", 1)[1][:-1]


def functions(paths: Sequence[Path] = ()) -> Functions:
    """Return the test functions of each claim, in the order in which they are written."""
    found: dict[str, list[Function]] = {}
    for path in paths or suite.case_modules():
        for claim, function in _written(path):
            found.setdefault(claim, []).append(function)
    return found


def _written(path: Path) -> Iterator[tuple[str, Function]]:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    home = suite.PACKAGE.parent
    name = path.relative_to(home).as_posix() if path.is_relative_to(home) else path.name
    for node in ast.parse(text).body:
        claim = isinstance(node, ast.FunctionDef) and _checked(node)
        if isinstance(node, ast.FunctionDef) and claim:
            first = min(decorator.lineno for decorator in node.decorator_list)
            source = "\n".join(lines[first - 1 : node.end_lineno])
            slug = node.name[len("test_") :].replace("_", "-")
            does = " ".join((ast.get_docstring(node) or "").split())
            yield claim, Function(slug, node.name, name, node.lineno, does, source)


def _checked(node: ast.FunctionDef) -> str:
    """Return the claim that a function is marked with, nothing without one."""
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "checks":
            return str(ast.literal_eval(mark.args[0]))
    return ""


def function_of(case: str, known: Functions) -> Function | None:
    """Return the test function that a case is of, None where no source has it any more."""
    situation = situation_of(case)
    fits = [f for f in known.get(case.split("[")[0], ()) if f"{situation}-".startswith(f"{f.slug}-")]
    return max(fits, key=lambda f: len(f.slug), default=None)
