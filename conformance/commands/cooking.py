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
@click.option("--certify", is_flag=True, help="Run all once more, backwards: is every word the same?")
@click.option("--mutants", is_flag=True, help="Break TensorFlow until each way that holds says another word.")
@click.option("--environments", type=click.Path(exists=True, path_type=Path), help="Built columns, by id.")
@click.option("--force", is_flag=True, help="With --run: run also what is known already.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Columns at a time.")
def recipes(
    names: tuple[str, ...],
    wanted: tuple[str, ...],
    is_run: bool,
    certify: bool,
    mutants: bool,
    environments: Path | None,
    force: bool,
    jobs: int,
) -> None:
    """Say which way to a goal holds in columns (all without names): what was run, not what was written.

    A way holds where its script printed the word of its goal.
    """
    from conformance.mutants import recipes as killing
    from conformance.recipes import goals, standing, trying
    from conformance.reporting import cookbook

    columns, known = asking.chosen(names), goals.chosen(wanted)
    if is_run or certify or mutants:
        asking.in_checkout("recipes --run, --certify and --mutants")
    if is_run:
        trying.run(known, columns, environments, jobs, force, click.echo)
    wrong = trying.certify(known, columns, environments, jobs, click.echo) if certify else []
    found = standing.results(known, trying.KEPT.words(), columns)
    wrong += standing.faults(known, found) if is_run else []
    if mutants:
        killing.kill(known, found, columns, environments, click.echo)
    click.echo(cookbook.page(known, found, columns))
    for line in wrong:
        click.echo(legible(line, 1000), err=True)
    sys.exit(Exit.UNPROVEN if wrong else 0)


COMMANDS = (recipes,)
