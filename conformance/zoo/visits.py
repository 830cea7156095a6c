"""Visits to the zoo: a process beside the TensorFlow of each column audits its models."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from conformance import suite
from conformance.columns import children, running, scripts
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.mutants import kill_matrix, recipes
from conformance.mutants.trials import COLUMNS
from conformance.results.results import ResultsError
from conformance.results.verdicts import is_answer
from conformance.words import UNKNOWN, Outcome
from conformance.zoo import kept
from conformance.zoo.kept import Trial, Visit

#: What is asked of a model in every column: the other ways to use one differ in nothing from these.
QUESTIONS = (
    "model(x)",
    "model(x, training=True)",
    "fit()",
    "fit(), run eagerly",
    "evaluate()",
    "flags",
    "after compile()",
    "from_config()",
)
#: What is asked instead under a mutant that breaks files.
_FILES = ("saved as .keras", "saved as .h5", "saved as SavedModel")
#: The models that are audited under mutants, in this order, until one is found to be otherwise.
WITNESSES = ("plain_compiled", "frozen_before_compile", "over_time", "stacked", "own_step")
Ask = Callable[[str, Sequence[str], str], dict[str, Any]]


@contextlib.contextmanager
def _guide(column: Column, built: Path | None) -> Iterator[Ask]:
    """Start a process that audits models in a column, and give the function that has it do so."""
    log = running.WORK / f"{column.id}.zoo.log"
    command = [scripts.python(column, built), "-E", "-s", "-B", "-m", "conformance.breaking.visiting"]
    how: dict[str, Any] = {"cwd": suite.ROOT, "env": scripts.environment(column)}
    with open(log, "w") as errors, children.asked(command, stderr=errors, **how) as ask:

        def visit(model: str, questions: Sequence[str], mutant: str) -> dict[str, Any]:
            line = ask(json.dumps([model, list(questions), mutant]))
            if not line:
                raise ResultsError(f"{column.id}: the zoo cannot be visited, see {log}", Exit.NOT_MEASURED)
            return dict(json.loads(line))

        yield visit


def visit(
    columns: Sequence[Column],
    built: Path | None,
    jobs: int,
    measured: Mapping[str, Any],
    tell: Callable[[str], None],
) -> None:
    """Audit each model of the zoo in columns, and keep what is found. Raises ResultsError.

    What is known and of today is not asked again.
    """
    models = [*kept.models("HEALTHY"), *kept.models("FAULTY")]
    known = {(one.model, one.column) for one in kept.read()[0]}
    asked = [column for column in columns if any((model, column.id) not in known for model in models)]
    with running.alone(), ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(_visited, c, models, built, measured[c.id]["cases"]): c for c in asked}
        for number, future in enumerate(as_completed(futures), 1):
            column, found = futures[future].id, future.result()
            visits, trials = kept.read()
            kept.keep([*(one for one in visits if one.column != column), *found], trials)
            same, other = sum(one.agrees for one in found), sum(len(one.differs) for one in found)
            tell(f"[{number}/{len(asked)}] {column}: {same} words are the cell's, {other} say something else")


def _visited(
    column: Column, models: Sequence[str], built: Path | None, cells: Mapping[str, Any]
) -> list[Visit]:
    """Return what is found of each model; what a fault of a model's makes of it is in no cell."""
    digests, healthy = kept.of_a_visit(column.id), kept.models("HEALTHY")
    with _guide(column, built) as ask:
        return [
            seen(model, column.id, ask(model, QUESTIONS, ""), cells if model in healthy else {}, digests)
            for model in models
        ]


def seen(
    model: str, column: str, answer: Mapping[str, Any], cells: Mapping[str, Any], digests: Sequence[str]
) -> Visit:
    """Return what an audit found of a model, beside the cells of the same situations."""
    found = answer.get("found", [])
    lost = [f"{one['asked']}: {one['reason']}" for one in found if Outcome(one["outcome"]) in UNKNOWN]
    lost += [answer["refused"]] if "refused" in answer else []
    beside = {(one["case"], one["word"], tuple(one["expected"])) for one in found if one["word"]}
    said = [(*each, cells.get(each[0], {}).get("observed")) for each in sorted(beside)]
    other = [each for each in said if each[3] not in (None, each[1])]
    differs = [
        f"{case}: {word}, and the cell says {cell}"
        for case, word, expected, cell in other
        if not {word, cell} <= set(expected)
    ]
    agrees = sum(word == cell for _, word, _, cell in said)
    reported = answer.get("reported", [])
    return Visit(model, column, reported, lost, agrees, len(other) - len(differs), differs, list(digests))


def tried(columns: Sequence[Column], built: Path | None, jobs: int, tell: Callable[[str], None]) -> None:
    """Break TensorFlow on purpose, audit models until one is otherwise, and keep what is found.

    In those columns in which mutants run, with the mutants that cases saw there; what is known and of today
    is not tried again. Raises ResultsError.
    """
    matrix, writing = kill_matrix.read(), threading.Lock()

    def found(trial: Trial) -> None:
        with writing:
            visits, trials = kept.read()
            kept.keep(visits, [*trials, trial])
        tell(f"{trial.column}: {trial.mutant}: {trial.noticed or 'nothing is found otherwise'}")

    with running.alone(), ThreadPoolExecutor(jobs) as pool:
        chosen = [column for column in columns if column.id in COLUMNS]
        futures = [pool.submit(_try, c, recipes.applying(c.id, matrix), built, found) for c in chosen]
        for future in as_completed(futures):
            future.result()


def _try(
    column: Column, parts: Mapping[str, str], built: Path | None, found: Callable[[Trial], None]
) -> None:
    known = {one.mutant for one in kept.read()[1] if one.column == column.id}
    healthy: dict[Any, Any] = {}
    with _guide(column, built) as ask:
        for mutant in (mutant for mutant in parts if mutant not in known):
            questions, digests = _asked(parts[mutant]), kept.of_a_trial(column.id, parts[mutant])
            each = (_otherwise(ask, model, questions, mutant, healthy) for model in WITNESSES)
            found(Trial(mutant, parts[mutant], column.id, next(filter(None, each), ""), digests))


def _asked(part: str) -> Sequence[str]:
    return _FILES if part == "saving" else QUESTIONS


def _otherwise(ask: Ask, model: str, questions: Sequence[str], mutant: str, healthy: dict[Any, Any]) -> str:
    """Return the first finding that is another one under a mutant, in words; "" where there is none.

    `healthy` has what is found without any, asked twice: what differs then is by chance.
    """
    key = (model, tuple(questions))
    if key not in healthy:
        once, twice = (words(ask(model, questions, "")) for _ in range(2))
        healthy[key] = {about: word for about, word in once.items() if twice.get(about) == word}
    now = words(ask(model, questions, mutant))
    changed = (about for about, word in healthy[key].items() if now.get(about, word) != word)
    about = next(changed, None)
    if about is None:
        return ""
    return (
        f"{model}, {about[0]}: {about[1] or 'the model'}, {about[2]}: {now[about]}, not {healthy[key][about]}"
    )


def words(answer: Mapping[str, Any]) -> dict[tuple[str, str, str], str]:
    """Return what was seen of each thing in each layer and question; an exception is no such thing."""
    return {
        (one["question"], one["layer"], one["about"]): one["word"]
        for one in answer.get("found", [])
        if one["word"] and is_answer(one["outcome"], one["word"])
    }
