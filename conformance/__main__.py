"""`python -m conformance`: what can be done with claims and results without a TensorFlow."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conformance import markdown, results
from conformance.claims import CLAIMS
from conformance.exits import Exit
from conformance.results import ResultsError
from conformance.suite import LOCAL_RESULTS


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Claims about Keras's training and inference mode, checked against real TensorFlow."""


@main.command()
def claims() -> None:
    """List the claims, one a line: what `--claims` of pytest takes."""
    for claim in CLAIMS.values():
        click.echo(f"{claim.id:46}{claim.statement}")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def report(paths: tuple[Path, ...]) -> None:
    """Write a Markdown report beside each results file.

    PATHS are results files, or folders of them; without any, the folder where
    `pytest conformance` leaves its results.
    """
    try:
        for path in _files(paths or (LOCAL_RESULTS,)):
            target = path.with_suffix(".md")
            results.replace(target, markdown.report(results.read(path)))
            click.echo(f"report: {target}")
    except ResultsError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the results files that paths name. Raises ResultsError where there are none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not found:
        names = ", ".join(str(path) for path in paths)
        hint = "run `pytest conformance --measure` first"
        raise ResultsError(f"{names}: no results there; {hint}", Exit.BROKEN_RESULTS)
    return found


if __name__ == "__main__":
    main()
