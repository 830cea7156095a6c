"""Commands that measure, or put together what was measured elsewhere: for those who keep this suite."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conformance.commands import asking, telling
from conformance.exits import Exit
from conformance.legible import in_markdown, legible
from conformance.results import results

_JOBS = click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1), help="Columns at a time."
)


@click.command(cls=asking.OfCheckout)
@asking.COLUMNS
@click.option("--force", is_flag=True, help="Run every case, whatever was measured before.")
@_JOBS
def run(names: tuple[str, ...], force: bool, jobs: int) -> None:
    """Measure columns (all without names) in environments that tox builds from their locks.

    A column in which nothing changed is skipped; after a change in one module of cases only that
    module runs again.
    """
    from conformance.columns import running

    done = running.run(asking.chosen(names), jobs, force, click.echo)
    lost = [d for d in done if not d.kept]
    built, ran = sum(d.building for d in done), sum(d.running for d in done)
    click.echo(f"{len(done) - len(lost)} columns measured; building took {built:.0f} s, running {ran:.0f} s")
    for column in lost:
        click.echo(f"  {column.column}: {legible(column.message, 1000)}")
    sys.exit(Exit.NOT_MEASURED if lost else 0)


@click.command(cls=asking.OfCheckout)
@asking.COLUMNS
@click.option("--runs", default=2, show_default=True, type=click.IntRange(2), help="Runs to compare in all.")
@click.option("--force", is_flag=True, help="Run what is certified already too.")
@_JOBS
def certify(names: tuple[str, ...], runs: int, force: bool, jobs: int) -> None:
    """Measure columns (all without names) again in fresh processes and compare every word.

    The committed results are the first run; every second run goes through the cases backwards.
    """
    from conformance.columns import certifying

    found = certifying.certify(asking.chosen(names), runs - 1, jobs, force, click.echo)
    failed = [f for f in found if isinstance(f, certifying.Failed)]
    unstable = sum(len(f.unstable) for f in found if isinstance(f, certifying.Certificate))
    click.echo(f"{len(found) - len(failed)} columns certified, {unstable} unstable cases")
    sys.exit(Exit.NOT_MEASURED if failed else Exit.UNPROVEN if unstable else 0)


@click.command(cls=asking.OfCheckout)
@click.argument("names", metavar="[MUTANT]...", nargs=-1)
@click.option("--column", "chosen", multiple=True, help="Where; without any, one column of each flavour.")
@click.option("--force", is_flag=True, help="Try also what was tried already.")
def mutants(names: tuple[str, ...], chosen: tuple[str, ...], force: bool) -> None:
    """Break TensorFlow on purpose (in every way without names), and say which cases notice.

    The kill matrix is written to reports/mutants.json and mutants.md. Without names only what is not known
    yet is tried, or rests on something that has changed since.
    """
    from conformance.columns import running
    from conformance.mutants import kill_matrix, trials

    measured, asked = running.measured(), asking.chosen(chosen or trials.COLUMNS)
    trials.check(asked, names, measured)
    due = {c.id: names or kill_matrix.due(c, measured[c.id]["cases"], force) for c in asked}
    likely = {column.id: kill_matrix.likely(column.id) for column in asked}
    said = trials.kill(asked, due, measured, likely, click.echo)
    found = kill_matrix.merged(kill_matrix.matrix(said, measured), measured)
    results.replace(kill_matrix.MUTANTS, kill_matrix.dumped(found))
    results.replace(kill_matrix.MUTANTS.with_suffix(".md"), kill_matrix.page(found))
    wrong = kill_matrix.wrong(found)
    for line in wrong:
        click.echo(line)
    click.echo(kill_matrix.total(found))
    sys.exit(Exit.UNPROVEN if wrong else 0)


@click.command(cls=asking.OfCheckout)
@asking.COLUMNS
@click.option("--mutants", is_flag=True, help="Break TensorFlow on purpose: which audits notice?")
@click.option("--environments", type=click.Path(exists=True, path_type=Path), help="Built columns, by id.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Columns at a time.")
def zoo(names: tuple[str, ...], mutants: bool, environments: Path | None, jobs: int) -> None:
    """Audit the models of the zoo in columns (all without names): are faults found, are words the cells'?

    What is found is kept in reports/zoo.json, and told in zoo.md.
    """
    from conformance.columns import running
    from conformance.mutants import trials
    from conformance.reporting import trust
    from conformance.zoo import kept, visits

    columns, measured = asking.chosen(names), running.measured()
    trials.check(columns, (), measured)
    if mutants:
        visits.tried(columns, environments, jobs, click.echo)
    else:
        visits.visit(columns, environments, jobs, measured, click.echo)
    results.replace(kept.KEPT.with_suffix(".md"), trust.page(*kept.read()))


@click.command(cls=asking.OfCheckout)
@asking.COLUMNS
def lock(names: tuple[str, ...]) -> None:
    """Resolve columns (all without names) to exact versions, and write tox's table of them."""
    from conformance.columns import locking

    locking.lock(asking.chosen(names), click.echo)


@click.command()
@click.argument("paths", metavar="SHARD...", nargs=-1, required=True, type=asking.PATH)
@click.option("-o", "--output", required=True, type=asking.PATH, help="The column's file; - prints it.")
def merge(paths: tuple[Path, ...], output: Path) -> None:
    """Make one column's results of all its shards (`pytest conformance --measure --shard 1/4`)."""
    from conformance.columns import merging
    from conformance.matrix import matrix

    found = merging.merged(paths)
    if str(output) == "-":
        click.echo(results.dumped(found), nl=False)
    else:
        results.write(output, found)
    unknown = matrix.unknown_outcomes(found["cases"])
    is_printed = str(output) in ("-", "/dev/stdout")  # then it stays alone on its stream
    said = f"{len(found['cases'])} cases, {len(unknown)} without an answer"
    click.echo(f"{output}: {said}", err=is_printed)
    sys.exit(Exit.NOT_MEASURED if unknown else 0)


@click.command(cls=asking.OfCheckout)
@click.argument("folder", type=asking.PATH)
@asking.COLUMNS
def gather(folder: Path, names: tuple[str, ...]) -> None:
    """Put columns (all without names) that other machines measured in place of the committed results.

    FOLDER holds their files, however deep. A column that did not come, or is not good, is named, and
    keeps the results that it has.
    """
    from conformance.columns import merging, running

    if not folder.is_dir():
        raise asking.AskedError(f"{folder}: is no folder; give the one that holds what was measured")
    chosen, said = asking.chosen(names), list[str]()
    found = merging.gathered(folder, chosen, said.append)
    for value in found:
        results.write(running.RESULTS / f"{value['column']['id']}.json", value)
    said.append(f"{len(found)} of {len(chosen)} columns put in place")
    click.echo("\n".join(said))
    telling.summarize("Columns", "\n".join(f"- {in_markdown(line)}" for line in said) + "\n")
    sys.exit(0 if len(found) == len(chosen) else Exit.NOT_MEASURED)


@click.command(cls=asking.OfCheckout)
@click.argument("names", metavar="[PIN|CASE]...", nargs=-1)
@click.option("--environments", type=click.Path(exists=True, path_type=Path), help="Built columns, by id.")
@click.option("--force", is_flag=True, help="Run also what is known already.")
@_JOBS
def reproduce(names: tuple[str, ...], environments: Path | None, force: bool, jobs: int) -> None:
    """Run the scripts of pins and of cases (all without names), and compare.

    A pin's runs where the pin begins and ends, and must print the word that the matrix has there for one of
    the pin's cases. A case's own runs wherever the case deviates, and must print what the case says.
    """
    from conformance.reproductions import reproducing

    found = reproducing.reproduce(reproducing.chosen(names), environments, jobs, force, click.echo)
    for finding in found:
        for line in finding.wrong or [f"is what {finding.case} says"]:
            click.echo(legible(f"{finding.of}: {line}", 1000))
    wrong = sum(bool(finding.wrong) for finding in found)
    click.echo(f"{len(found) - wrong} pins and cases reproduced, {wrong} not")
    sys.exit(Exit.UNPROVEN if wrong else 0)


@click.command(cls=asking.OfCheckout)
@click.argument("case")
@click.option("--good", required=True, metavar="COLUMN", help="Where it says one thing.")
@click.option("--bad", required=True, metavar="COLUMN", help="Where it says another; newer or older.")
def bisect(case: str, good: str, bad: str) -> None:
    """Find the first release that changed what CASE says: a patch, a pre-release, a nightly of Keras.

    Between two columns of one flavour, whose words are those of the committed results. Environments are
    built as they are needed, and stay in .tox/conformance/bisect. What is found is kept in
    reports/bisected.json, and `explain --upstream` says it.
    """
    from conformance.columns import columns, running
    from conformance.reproductions import bisected, bisecting, releases

    span = bisecting.span(*columns.chosen([good, bad]))
    bisected.keep(*releases.bisect(span, case, running.measured(), click.echo))


COMMANDS = (run, certify, mutants, zoo, lock, merge, gather, reproduce, bisect)
