"""The command about recipes: which way to a goal holds where."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conformance.commands import asking
from conformance.exits import Exit
from conformance.legible import legible


@click.command()
@asking.COLUMNS
@click.option("--goal", "wanted", multiple=True, help="Only these goals.")
@click.option("--run", "is_run", is_flag=True, help="First run what is not known yet.")
@click.option("--alone", is_flag=True, help="Run each script by itself, and compare with what is kept.")
@click.option("--environments", type=click.Path(exists=True, path_type=Path), help="Built columns, by id.")
@click.option("--force", is_flag=True, help="With --run: run also what is known already.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Columns at a time.")
def recipes(
    names: tuple[str, ...],
    wanted: tuple[str, ...],
    is_run: bool,
    alone: bool,
    environments: Path | None,
    force: bool,
    jobs: int,
) -> None:
    """Say which way to a goal holds in columns (all without names): what was run, not what was written.

    A way holds where its script printed the word of its goal.
    """
    from conformance.recipes import goals, standing, trying
    from conformance.reporting import cookbook

    columns, known = asking.chosen(names), goals.chosen(wanted)
    if is_run:
        asking.in_checkout("recipes --run")
        trying.run(known, columns, environments, jobs, force, click.echo)
    wrong = [w for c in columns for w in trying.differing(known, c, environments)] if alone else []
    found = standing.results(known, trying.KEPT.words(), columns)
    wrong += standing.faults(known, found) if is_run else []
    click.echo(cookbook.page(known, found, columns))
    for line in wrong:
        click.echo(legible(line, 1000), err=True)
    sys.exit(Exit.UNPROVEN if wrong else 0)


COMMANDS = (recipes,)
