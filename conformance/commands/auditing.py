"""The command that looks at a model of the user's own: it runs beside TensorFlow, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from conformance import suite
from conformance.commands import asking, telling
from conformance.commands.asking import AskedError

#: Seconds for one question, at most: what waits counts no further than some number.
_DAY = 24 * 3600
_ENDS = (
    "Exit code: 0 all that could be asked holds (between two: nothing is worse); 1 something deviates (is "
    "worse); 10 a question has no answer, or there is no TensorFlow; 11 what was given cannot be audited."
)


@click.command(epilog=_ENDS)
@click.argument("subject", metavar="PACKAGE.MODULE:BUILD")
@asking.COLUMNS
@click.option("--python", "pythons", multiple=True, help="The interpreter of an environment of your own.")
@click.option(
    "--with", "extra", multiple=True, metavar="REQUIREMENT", help="What the model needs in columns."
)
@click.option("--only", multiple=True, metavar="QUESTION", help="Ask this, no more.")
@click.option("--skip", multiple=True, metavar="QUESTION", help="Do not ask this.")
@click.option("--all", "everything", is_flag=True, help="Show also what holds or is not applicable.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown", "html", "json"]),
    default="terminal",
    help="How.",
)
@click.option("--junitxml", metavar="FILE", type=asking.PATH, help="Also a CI's test report.")
@click.option(
    "--limit", type=click.IntRange(1, _DAY), default=120, show_default=True, help="Seconds a question."
)
def audit(
    subject: str,
    names: tuple[str, ...],
    pythons: tuple[str, ...],
    extra: tuple[str, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    everything: bool,
    form: str,
    junitxml: Path | None,
    limit: int,
) -> None:
    """Hold a model of your own against the claims.

    BUILD is a function without arguments that returns the model, or the model and a batch. It is found from
    this folder. Without more it is audited in the TensorFlow that this interpreter has; with a column, or
    --python, in that one; with two, it is told what is different for this model in the second.
    """
    asked = [word for name in only for word in ("--only", name)]
    asked += [word for name in skip for word in ("--skip", name)] + ["--limit", str(limit)]
    told = ["--format", form, *(["--all"] if everything else [])]
    told += ["--junitxml", str(junitxml)] if junitxml else []
    if len(names) + len(pythons) > 2:
        raise AskedError("give one environment, or two to compare")
    _is_right(names, extra)
    if not (names or pythons):
        code = subprocess.call([sys.executable, "-m", "conformance.auditing", subject, *asked, *told])
        sys.exit(code if code >= 0 else 128 - code)
    if len(names) + len(pythons) == 2:
        if form == "html" or junitxml:
            raise AskedError("between two environments there are the formats terminal, markdown and json")
        sys.exit(_between(subject, names, pythons, extra, asked, form))
    sys.exit(_there(subject, names, pythons, extra, [*asked, *told]))


def _is_right(names: Sequence[str], extra: Sequence[str]) -> None:
    """Raise AskedError for requirements where nothing is built, or that are none."""
    if extra and not names:
        raise AskedError("--with: is for environments that are built here; install it in yours")
    for requirement in extra:
        if not requirement.strip() or requirement.startswith("-"):
            raise AskedError(f"--with: {requirement!r} is no requirement")


def _there(
    subject: str, names: Sequence[str], pythons: Sequence[str], extra: Sequence[str], options: Sequence[str]
) -> int:
    """Audit a model in one environment, which tells it by itself, and return the exit code."""
    from conformance.columns import auditing, running

    columns = asking.chosen(names) if names else []
    with running.alone() if columns else nullcontext():
        (place,) = auditing.places(columns, extra, pythons, telling.teller(err=True))
        return auditing.told(place, subject, options)


def _between(
    subject: str,
    names: Sequence[str],
    pythons: Sequence[str],
    extra: Sequence[str],
    options: Sequence[str],
    form: str,
) -> int:
    """Tell what is different for a model between two environments, and return the exit code."""
    from conformance.columns import auditing, running
    from conformance.matrix import audits
    from conformance.reporting import audited

    columns = asking.chosen(names) if names else []
    with running.alone() if columns else nullcontext():
        where = auditing.places(columns, extra, pythons, telling.teller(err=True))
        before, after = auditing.audits(where, subject, options, min(suite.cores(), 2))
    found = audits.difference(before, after)
    click.echo(audited.FORMATS[form](before, after, found), nl=False)
    return audits.exit_code(found)


COMMANDS = (audit,)
