"""Commands that only read what was measured, or make reports of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from conformance import suite
from conformance.claims import CLAIMS
from conformance.commands import asking
from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError


@click.command()
def claims() -> None:
    """List the claims, one a line: what `--claims` of pytest takes."""
    for claim in CLAIMS.values():
        click.echo(f"{claim.id:46}{claim.statement}")


@click.command("columns")
@asking.COLUMNS
@click.option("--eras", is_flag=True, help="One of each era.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for a CI's matrix.")
def list_columns(names: tuple[str, ...], eras: bool, as_json: bool) -> None:
    """List columns (all without names), one a line."""
    from conformance.columns import columns

    ids = [column.id for column in asking.chosen([*names, *(columns.ERAS if eras else ())])]
    click.echo(json.dumps(ids) if as_json else "\n".join(ids))


@click.command()
@click.argument("paths", nargs=-1, type=asking.PATH)
def describe(paths: tuple[Path, ...]) -> None:
    """Write a Markdown report beside each results file.

    PATHS are results files, or folders of them; without any, the folder where
    `pytest conformance` leaves its results.
    """
    from conformance.reporting import markdown

    for path in asking.files(paths or (suite.LOCAL_RESULTS,)):
        target = path.with_suffix(".md")
        results.replace(target, markdown.report(results.read(path)))
        click.echo(f"report: {target}")


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--format", "form", type=click.Choice(["terminal", "markdown", "json"]), default="terminal", help="How."
)
def diff(before: str, after: str, form: str) -> None:
    """Say what a user notices on the way from A to B, most consequential first, and what to write instead.

    A and B are columns, or results files.
    """
    from conformance.columns import columns
    from conformance.matrix import comparing
    from conformance.pins import pins
    from conformance.recipes import trying
    from conformance.reporting import reports, upgrading

    was, now = reports.results_of(before, after)
    cookbook = trying.cookbook(columns.columns().values())
    click.echo(upgrading.FORMATS[form](comparing.difference(was, now, pins.read()), cookbook), nl=False)


@click.command()
@click.argument("case")
@click.argument("column", required=False)
@click.option("--upstream", is_flag=True, help="As a report for the maintainers' tracker, in Markdown.")
def explain(case: str, column: str | None, upstream: bool) -> None:
    """Say all that is known of CASE (in COLUMN): claim, quote, what was seen, why, and a script for it.

    CASE may be a claim: its cases are listed then, what deviates first.
    """
    from conformance.columns import columns
    from conformance.matrix import sources
    from conformance.recipes import trying
    from conformance.reporting import explaining, reports
    from conformance.reproductions import bisected, own, reproducing

    if upstream and not column:
        raise asking.AskedError("explain --upstream: of which column? `explain CASE COLUMN --upstream`")
    chosen, listed = asking.chosen([] if column is None else [column]), list(columns.columns().values())
    known, matrix = sources.functions(), reports.current()
    evidence = explaining.Evidence(own.read(), reproducing.KEPT.words())
    if upstream:
        from conformance.reporting import upstream as tracker

        (about,) = reports.results_of(chosen[0].id)
        found = tracker.report(case, matrix, listed, about["column"], known, evidence, bisected.read())
    else:
        cookbook = trying.cookbook(listed)
        found = explaining.explain(case, matrix, chosen, not column, known, evidence, cookbook)
    click.echo(found, nl=False)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where the files are not up to date.")
@click.option(
    "--with",
    "files",
    multiple=True,
    type=asking.PATH,
    help="Results of your own, to stand beside the others: written to reports/local/matrix, not committed.",
)
def report(check: bool, files: tuple[Path, ...]) -> None:
    """Make all that reports/ has beside the results: the page, the matrix, the upgrades, the badges."""
    from conformance.reporting import reports

    if not files:
        asking.in_checkout("report")
    texts = reports.local(files) if files else reports.committed()
    if not files and not check:
        texts.update(reports.noted(texts[reports.REPORTS / "matrix.json"], date.today().isoformat()))
    stale = [p for p, text in texts.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    if check and stale:
        message = f"{stale[0]}: not what reports/results give; run `python -m conformance report`"
        raise ResultsError(message, Exit.UNPROVEN)
    for path in stale:
        results.replace(path, texts[path])
        click.echo(f"report: {path}")


COMMANDS = (claims, list_columns, describe, diff, explain, report)
