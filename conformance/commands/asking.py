"""What several commands are asked: columns, results files, and things that only a checkout has."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance import suite
from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError

if TYPE_CHECKING:
    from conformance.columns.columns import Column


class AskedError(Exception):
    """A question that names nothing, or that cannot be asked here. Its text is one line."""

    exit_code = Exit.BAD_INPUT


def listed(texts: Iterable[str], what: str) -> tuple[str, ...]:
    """Return names, each once, that may be given one by one or together, as `2.15,2.21` or `2.15 2.21`.

    Raises AskedError where something was given that names nothing: it would be taken to mean all.
    """
    given = list(texts)
    names = [name for text in given for name in text.replace(",", " ").split()]
    if given and not names:
        raise AskedError(f"{what}: {', '.join(map(repr, given))} names nothing; leave it out to mean all")
    return tuple(dict.fromkeys(names))


class _Place(click.Path):
    """A file or folder. An empty text, as of a variable that is not set, is none: it would be read as `.`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path of a text. Raises AskedError where it names nothing."""
        if value == "":
            what = param.opts[0] if isinstance(param, click.Option) else "PATH"
            raise AskedError(f"{what}: '' names nothing; leave it out, or give a file")
        return super().convert(value, param, ctx)


#: What every option or argument is that names a file or a folder.
PATH = _Place(path_type=Path)


def _columns(ctx: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    return listed(texts, "COLUMN")


#: Any number of columns, `2.15` being short for `tf2.15`.
COLUMNS = click.argument("names", metavar="[COLUMN]...", nargs=-1, callback=_columns)


def chosen(names: Iterable[str]) -> list[Column]:
    """Return the columns that names name, each once; all without any. Raises ColumnError."""
    from conformance.columns import columns

    return list({column.id: column for column in columns.chosen(names)}.values())


def in_checkout(what: str) -> None:
    """Raise AskedError where the suite is installed: its own files are never written to there."""
    if not suite.IS_CHECKOUT:
        raise AskedError(f"{what}: writes files of the suite itself, which is installed here; use a checkout")


class OfCheckout(click.Command):
    """A command for those who keep this suite: it writes what is committed."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it. Raises AskedError where the suite is installed."""
        in_checkout(str(ctx.info_name))
        return super().invoke(ctx)


def files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the results files that paths name. Raises ResultsError where there are none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not found:
        names = ", ".join(str(path) for path in paths)
        hint = "run `pytest conformance --measure` first"
        raise ResultsError(f"{names}: no results there; {hint}", Exit.BAD_INPUT)
    return found


def of_this_suite(paths: tuple[Path, ...]) -> list[results.Results]:
    """Return the results in files, or the committed ones without any, which may be behind: that is said.

    Raises ResultsError for a file of another suite.
    """
    from conformance.columns import running
    from conformance.reporting import spans

    now = suite.identity()
    if paths:
        given = {path: results.read(path) for path in files(paths)}
        for path, value in given.items():
            results.of_suite(path, value, now)
        return list(given.values())
    found = running.measured()
    behind = [column for column, value in found.items() if value["suite"]["digest"] != now["digest"]]
    if behind:
        where = spans.ranges(behind)
        click.echo(f"note: another suite than this one measured {where}; run `make matrix`", err=True)
    return list(found.values())
