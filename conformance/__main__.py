"""`python -m conformance`: what can be done with claims, columns and results without a TensorFlow."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from conformance import suite
from conformance.claims import CLAIMS
from conformance.exits import Exit
from conformance.results import results
from conformance.results.results import ResultsError


class OneLineErrors(click.Group):
    """Commands of which the project's own errors end in one line and their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:
            if not hasattr(error, "exit_code"):
                raise
            click.echo(f"error: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Claims about Keras's training and inference mode, checked against real TensorFlow."""


@main.command()
def claims() -> None:
    """List the claims, one a line: what `--claims` of pytest takes."""
    for claim in CLAIMS.values():
        click.echo(f"{claim.id:46}{claim.statement}")


@main.command("columns")
@click.argument("names", metavar="[COLUMN]...", nargs=-1)
@click.option("--eras", is_flag=True, help="One of each era.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for a CI's matrix.")
def list_columns(names: tuple[str, ...], eras: bool, as_json: bool) -> None:
    """List columns (all without names), one a line."""
    from conformance.columns import columns

    ids = [column.id for column in columns.chosen([*names, *(columns.ERAS if eras else ())])]
    click.echo(json.dumps(ids) if as_json else "\n".join(ids))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
def describe(paths: tuple[Path, ...]) -> None:
    """Write a Markdown report beside each results file.

    PATHS are results files, or folders of them; without any, the folder where
    `pytest conformance` leaves its results.
    """
    from conformance.reporting import markdown

    for path in _files(paths or (suite.LOCAL_RESULTS,)):
        target = path.with_suffix(".md")
        results.replace(target, markdown.report(results.read(path)))
        click.echo(f"report: {target}")


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the results files that paths name. Raises ResultsError where there are none."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not found:
        names = ", ".join(str(path) for path in paths)
        hint = "run `pytest conformance --measure` first"
        raise ResultsError(f"{names}: no results there; {hint}", Exit.BAD_INPUT)
    return found


@main.command()
@click.argument("names", metavar="[COLUMN]...", nargs=-1)
@click.option("--force", is_flag=True, help="Run every case, whatever was measured before.")
@click.option("--jobs", default=2, show_default=True, help="Columns at a time.")
def run(names: tuple[str, ...], force: bool, jobs: int) -> None:
    """Measure columns (all without names) in environments that tox builds from their locks.

    A column in which nothing changed is skipped; after a change in one module of cases only that
    module runs again.
    """
    from conformance.columns import columns, running

    done = running.run(columns.chosen(names), jobs, force, click.echo)
    lost = [d for d in done if not d.kept]
    built, ran = sum(d.building for d in done), sum(d.running for d in done)
    click.echo(f"{len(done) - len(lost)} columns measured; building took {built:.0f} s, running {ran:.0f} s")
    for column in lost:
        click.echo(f"  {column.column}: {column.message}")
    sys.exit(Exit.NOT_MEASURED if lost else 0)


@main.command()
@click.argument("names", metavar="[COLUMN]...", nargs=-1)
@click.option("--runs", default=2, show_default=True, type=click.IntRange(2), help="Runs to compare in all.")
@click.option("--force", is_flag=True, help="Run what is certified already too.")
@click.option("--jobs", default=2, show_default=True, help="Columns at a time.")
def certify(names: tuple[str, ...], runs: int, force: bool, jobs: int) -> None:
    """Measure columns (all without names) again in fresh processes and compare every word.

    The committed results are the first run; every second run goes through the cases backwards.
    """
    from conformance.columns import certifying, columns

    found = certifying.certify(columns.chosen(names), runs - 1, jobs, force, click.echo)
    failed = [f for f in found if isinstance(f, certifying.Failed)]
    unstable = sum(len(f.unstable) for f in found if isinstance(f, certifying.Certificate))
    click.echo(f"{len(found) - len(failed)} columns certified, {unstable} unstable cases")
    sys.exit(Exit.NOT_MEASURED if failed else Exit.UNPROVEN if unstable else 0)


@main.command()
@click.argument("names", metavar="[MUTANT]...", nargs=-1)
@click.option("--column", "chosen", multiple=True, help="Where; without any, one column of each flavour.")
def mutants(names: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    """Break TensorFlow on purpose (in every way without names), and say which cases notice.

    The kill matrix is written to reports/mutants.json and mutants.md; mutants and columns that are
    not named keep what they have there.
    """
    from conformance.columns import columns, running
    from conformance.mutants import kill_matrix, trials

    measured, asked = running.measured(), columns.chosen(chosen or trials.COLUMNS)
    trials.check(asked, names, measured)
    said = trials.kill(asked, names, measured, click.echo)
    found = kill_matrix.merged(kill_matrix.matrix(said, measured))
    results.replace(kill_matrix.MUTANTS, kill_matrix.dumped(found))
    results.replace(kill_matrix.MUTANTS.with_suffix(".md"), kill_matrix.page(found))
    wrong = kill_matrix.wrong(found)
    for line in wrong:
        click.echo(line)
    click.echo(kill_matrix.total(found))
    sys.exit(Exit.UNPROVEN if wrong else 0)


@main.command()
@click.argument("names", metavar="[COLUMN]...", nargs=-1)
def lock(names: tuple[str, ...]) -> None:
    """Resolve columns (all without names) to exact versions, and write tox's table of them."""
    from conformance.columns import columns, locking

    locking.lock(columns.chosen(names), click.echo)


#: How what moved can be told.
_TOLD = ["terminal", "markdown", "json", "github"]


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_TOLD), default="terminal")
@click.option("--pins", "file", type=click.Path(path_type=Path), help="Pins of your own.")
def drift(paths: tuple[Path, ...], form: str, file: Path | None) -> None:
    """Say what is not as pinned: in results files, or in all committed columns without any."""
    sys.exit(_drift(paths, form, file))


def _drift(paths: tuple[Path, ...], form: str, file: Path | None = None) -> int:
    """Tell what moved, and return the exit code that it gives."""
    from conformance.pins import pins
    from conformance.reporting import alarms

    known, measured = pins.read(file or pins.PINS), _of_this_suite(paths)
    moved = alarms.found(known, measured, whole=not paths)
    click.echo(alarms.notes(known, measured, moved), nl=False, err=True)
    click.echo(alarms.FORMATS[form](moved), nl=False)
    _summarize("What moved", alarms.markdown(moved))
    return alarms.exit_code(moved)


def _of_this_suite(paths: tuple[Path, ...]) -> list[results.Results]:
    """Return the results in files, or the committed ones without any, which may be behind: that is said.

    Raises ResultsError for a file of another suite.
    """
    from conformance.columns import running
    from conformance.reporting import alarms

    now = suite.identity()
    if paths:
        given = {path: results.read(path) for path in _files(paths)}
        for path, value in given.items():
            results.of_suite(path, value, now)
        return list(given.values())
    found = running.measured()
    behind = [column for column, value in found.items() if value["suite"]["digest"] != now["digest"]]
    if behind:
        where = alarms.ranges(behind)
        click.echo(f"note: another suite than this one measured {where}; run `make matrix`", err=True)
    return list(found.values())


def _summarize(title: str, text: str) -> None:
    """Add Markdown to what GitHub shows of a job, where there is such a place."""
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with open(target, "a", encoding="utf-8") as stream:
            stream.write(f"### {title}\n\n{text}\n")


@main.command()
@click.argument("names", metavar="[COLUMN]...", nargs=-1)
@click.option("--python", "pythons", multiple=True, help="The interpreter of an environment of your own.")
@click.option("--claims", default="", help="Claims or families, comma-separated; all without any.")
@click.option(
    "--format", "form", type=click.Choice(_TOLD), default="terminal", help="How to tell what moved."
)
def check(names: tuple[str, ...], pythons: tuple[str, ...], claims: str, form: str) -> None:
    """Measure claims in columns or environments of your own, and say what is not as pinned.

    Without either, in the environment of `python`. Results are left in reports/local/check.
    """
    from conformance.columns import checking, columns

    chosen = columns.chosen(names) if names else []
    own = pythons or (() if names else ("python",))
    paths = checking.check(chosen, own, claims, click.echo)
    code = _drift(tuple(paths), form) if paths else 0
    sys.exit(code or (0 if len(paths) == len(chosen) + len(own) else Exit.NOT_MEASURED))


@main.command()
@click.argument("paths", metavar="SHARD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The column's file.")
def merge(paths: tuple[Path, ...], output: Path) -> None:
    """Make one column's results of all its shards (`pytest conformance --measure --shard 1/4`)."""
    from conformance.columns import merging
    from conformance.matrix import matrix

    found = merging.merged(paths)
    results.write(output, found)
    unknown = matrix.unknown_outcomes(found["cases"])
    click.echo(f"{output}: {len(found['cases'])} cases, {len(unknown)} without an answer")
    sys.exit(Exit.NOT_MEASURED if unknown else 0)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("names", metavar="[COLUMN]...", nargs=-1)
def gather(folder: Path, names: tuple[str, ...]) -> None:
    """Put columns (all without names) that other machines measured in place of the committed results.

    FOLDER holds their files, however deep. A column that did not come, or is not good, is named, and
    keeps the results that it has.
    """
    from conformance.columns import columns, merging, running
    from conformance.reporting import markdown

    chosen, said = columns.chosen(names), list[str]()
    found = merging.gathered(folder, chosen, said.append)
    for value in found:
        results.write(running.RESULTS / f"{value['column']['id']}.json", value)
    said.append(f"{len(found)} of {len(chosen)} columns put in place")
    click.echo("\n".join(said))
    _summarize("Columns", "\n".join(f"- {markdown.escaped(line)}" for line in said) + "\n")
    sys.exit(0 if len(found) == len(chosen) else Exit.NOT_MEASURED)


@main.command()
@click.argument("paths", metavar="[RESULTS]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--reason", default="", help="Why, in one sentence.")
@click.option("--url", default="", help="Where it is discussed, or `unreported`.")
@click.option("--id", "name", default="", help="Of the new pin, or of the one to widen.")
@click.option("--reproduction", default="", help="A script in fixtures/reproductions.")
@click.option("--cases", "globs", multiple=True, help="Only these, ids or globs.")
@click.option("--prune", is_flag=True, help="Take out what no longer deviates.")
@click.option("--pins", "file", type=click.Path(path_type=Path), help="Pins of your own.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def pin(paths: tuple[Path, ...], prune: bool, file: Path | None, yes: bool, **said: Any) -> None:
    """Pin what drifted in results files, or in the committed columns without any.

    Shows the change and asks before it writes. What is pinned must have said the same more than once:
    a committed column has its certificate, of a column of your own give three results files.
    """
    from conformance.proposals import proposing

    given = [results.read(p) for p in dict.fromkeys(p.resolve() for p in _files(paths))] if paths else []
    found = proposing.proposal(file, given, said.pop("globs"), None if prune else said)
    for line in (*found.unstable, *found.hints):
        click.echo(line, err=True)
    click.echo(found.diff or "nothing to change", nl=not found.diff)
    if found.diff and (yes or click.confirm("Write this?", abort=True)):
        found.write()
    sys.exit(Exit.UNPROVEN if found.unstable else 0)


@main.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--format", "form", type=click.Choice(["terminal", "markdown", "json"]), default="terminal", help="How."
)
def diff(before: str, after: str, form: str) -> None:
    """Say what a user notices on the way from A to B, most consequential first, with advice.

    A and B are columns, or results files.
    """
    from conformance.matrix import comparing
    from conformance.pins import pins
    from conformance.reporting import reports, upgrading

    both = reports.results_of(before), reports.results_of(after)
    click.echo(upgrading.FORMATS[form](comparing.difference(*both, pins.read())), nl=False)


@main.command()
@click.argument("case")
@click.argument("column", required=False)
def explain(case: str, column: str | None) -> None:
    """Say all that is known of CASE (in COLUMN): claim, quote, what was seen, why, and a script for it."""
    from conformance.columns import columns
    from conformance.matrix import sources
    from conformance.reporting import explaining, reports

    listed = columns.chosen([column] if column else [])
    found = explaining.explain(case, reports.current(), listed, not column, sources.functions())
    click.echo(found, nl=False)


@main.command()
@click.argument("names", metavar="[PIN]...", nargs=-1)
@click.option("--environments", type=click.Path(exists=True, path_type=Path), help="Built columns, by id.")
@click.option("--force", is_flag=True, help="Run also what is known already.")
@click.option("--jobs", default=2, show_default=True, help="Columns at a time.")
def reproduce(names: tuple[str, ...], environments: Path | None, force: bool, jobs: int) -> None:
    """Run the scripts of pins (all without names) where the pins begin and end, and compare.

    Each must print, on both sides, the word that the matrix has there for one of its pin's cases.
    """
    from conformance.reproductions import reproducing

    found = reproducing.reproduce(reproducing.chosen(names), environments, jobs, force, click.echo)
    for finding in found:
        for line in finding.wrong or [f"is what {finding.case} says"]:
            click.echo(f"{finding.pin}: {line}")
    wrong = sum(bool(finding.wrong) for finding in found)
    click.echo(f"{len(found) - wrong} pins reproduced, {wrong} not")
    sys.exit(Exit.UNPROVEN if wrong else 0)


@main.command()
@click.argument("case")
@click.option("--good", required=True, metavar="COLUMN", help="Where it says one thing.")
@click.option("--bad", required=True, metavar="COLUMN", help="Where it says another; newer or older.")
def bisect(case: str, good: str, bad: str) -> None:
    """Find the first release that changed what CASE says: a patch, a pre-release, a nightly of Keras.

    Between two columns of one flavour, whose words are those of the committed results. Environments are
    built as they are needed, and stay in .tox/conformance/bisect.
    """
    from conformance.columns import columns, running
    from conformance.reproductions import bisecting, releases

    span = bisecting.span(*columns.chosen([good, bad]))
    releases.bisect(span, case, running.measured(), click.echo)


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where the files are not up to date.")
@click.option(
    "--with",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Results of your own, to stand beside the others: written to reports/local/matrix, not committed.",
)
def report(check: bool, files: tuple[Path, ...]) -> None:
    """Make all that reports/ has beside the results: the page, the matrix, the upgrades, the badges."""
    from conformance.reporting import reports

    texts = reports.local(files) if files else reports.committed()
    stale = [p for p, text in texts.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    if check and stale:
        message = f"{stale[0]}: not what reports/results give; run `python -m conformance report`"
        raise ResultsError(message, Exit.UNPROVEN)
    for path in stale:
        results.replace(path, texts[path])
        click.echo(f"report: {path}")


if __name__ == "__main__":
    main()
