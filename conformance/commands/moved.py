"""Commands about what is not as pinned: to find it, to measure and find it, to pin it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance import suite
from conformance.commands import asking, telling
from conformance.exits import Exit
from conformance.legible import legible
from conformance.results import results

if TYPE_CHECKING:
    from conformance.columns.checking import Checked
    from conformance.pins.drift import Moved
    from conformance.pins.pins import Pin
    from conformance.results.results import Results

#: How what moved can be told.
_TOLD = ["terminal", "markdown", "json", "github"]


_FORMAT = click.option(
    "--format", "form", type=click.Choice(_TOLD), default="terminal", help="How to tell what moved."
)
_PINS = click.option("--pins", "file", type=asking.PATH, help="Pins of your own.")


@click.command()
@click.argument("paths", nargs=-1, type=asking.PATH)
@_FORMAT
@_PINS
def drift(paths: tuple[Path, ...], form: str, file: Path | None) -> None:
    """Say what is not as pinned: in results files, or in all committed columns without any."""
    from conformance.pins import pins
    from conformance.reporting import alarms

    known, measured = pins.read(file or pins.PINS), asking.of_this_suite(paths)
    sys.exit(alarms.exit_code(_told(known, measured, form, file, whole=not paths)))


def _told(
    known: Sequence[Pin], measured: Sequence[Results], form: str, file: Path | None, whole: bool
) -> list[Moved]:
    """Tell what moved from known pins, which are in a file, and return it."""
    from conformance.reporting import alarms

    moved = alarms.found(known, measured, whole)
    click.echo(alarms.notes(known, measured, moved), nl=False, err=True)
    told = alarms.github(moved, file) if form == "github" else alarms.FORMATS[form](moved)
    click.echo(told, nl=False)
    telling.summarize("What moved", alarms.markdown(moved))
    return moved


@click.command()
@asking.COLUMNS
@click.option("--python", "pythons", multiple=True, help="The interpreter of an environment of your own.")
@click.option("--claims", multiple=True, help="Claims or families, comma-separated; all without any.")
@click.option("--core", is_flag=True, help="Only core cases: the situations that most readers think of.")
@_FORMAT
@_PINS
@click.option("--jobs", type=click.IntRange(1), help="Environments at a time; one for each core without it.")
@click.option("--junitxml", type=asking.PATH, help="Also tell it as a CI's test report.")
def check(
    names: tuple[str, ...],
    pythons: tuple[str, ...],
    claims: tuple[str, ...],
    core: bool,
    form: str,
    file: Path | None,
    jobs: int | None,
    junitxml: Path | None,
) -> None:
    """Measure claims in columns or environments of your own, and say what is not as pinned.

    Without either, in the environment of `python`. Results are left in reports/local/check, or, where the
    suite is installed, in .conformance/results/check.
    """
    from conformance.columns import checking
    from conformance.pins import pins
    from conformance.reporting import junit

    chosen = asking.chosen(names) if names else []
    own = tuple(dict.fromkeys(pythons)) or (() if names else ("python",))
    known = pins.read(file or pins.PINS)
    cases = checking.selection(asking.listed(claims, "--claims"), core)
    if junitxml:
        junit.make_room(junitxml)
    tell = telling.teller(err=form != "terminal")  # what machines read stays alone on its stream
    found = checking.check(chosen, own, cases, jobs or suite.cores(), tell)
    sys.exit(_judged(found, known, form, file, junitxml))


def _judged(
    found: Sequence[Checked], known: Sequence[Pin], form: str, file: Path | None, junitxml: Path | None
) -> int:
    """Tell what moved in what was checked, also as a test report, and return the exit code."""
    from conformance.pins.drift import Judgement
    from conformance.reporting import alarms, junit

    read = [asking.of_this_suite((each.path,))[0] if each.path else None for each in found]
    measured = [one for one in read if one]
    moved = _told(known, measured, form, file, whole=False) if measured else []
    if junitxml:
        rows = list(zip(found, read, strict=True))
        stale = [one for one in moved if one.judgement is Judgement.STALE]
        junit.write(junitxml, junit.report(rows, known, stale))
    return alarms.exit_code(moved) or (0 if len(measured) == len(found) else Exit.NOT_MEASURED)


@click.command()
@click.argument("paths", metavar="[RESULTS]...", nargs=-1, type=asking.PATH)
@click.option("--reason", default="", help="Why, in one sentence.")
@click.option("--url", default="", help="Where it is discussed, or `unreported`.")
@click.option("--id", "name", default="", help="Of the new pin, or of the one to widen.")
@click.option("--reproduction", default="", help="A script in fixtures/reproductions.")
@click.option("--cases", "globs", multiple=True, help="Only these, ids or globs.")
@click.option("--prune", is_flag=True, help="Take out what no longer deviates.")
@_PINS
@click.option("--yes", is_flag=True, help="Write without asking.")
def pin(paths: tuple[Path, ...], prune: bool, file: Path | None, yes: bool, **said: Any) -> None:
    """Pin what drifted in results files, or in the committed columns without any.

    Shows the change and asks before it writes. What is pinned must have said the same more than once:
    a committed column has its certificate, of a column of your own give three results files.
    """
    from conformance.proposals import proposing

    if file is None:
        asking.in_checkout("pin without --pins")
    unique = dict.fromkeys(path.resolve() for path in (asking.files(paths) if paths else ()))
    given = [results.read(path) for path in unique]
    found = proposing.proposal(file, given, said.pop("globs"), None if prune else said)
    for line in (*found.unstable, *found.hints):
        click.echo(legible(line, 1000), err=True)
    click.echo(found.diff or "nothing to change", nl=not found.diff)
    if found.diff and not (yes or click.confirm("Write this?")):
        sys.exit(Exit.DEVIATES)
    if found.diff:
        found.write()
    sys.exit(Exit.UNPROVEN if found.unstable else 0)


COMMANDS = (drift, check, pin)
