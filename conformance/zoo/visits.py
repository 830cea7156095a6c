"""Visits to the zoo: a process beside the TensorFlow of each column audits its models."""

from __future__ import annotations

import contextlib
import functools
import json
import threading
from collections import Counter
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
from conformance.zoo.asked import BROKEN, FILES, QUESTIONS
from conformance.zoo.kept import Trial, Visit
from conformance.zoo.unasked import unasked

#: The models that have what a part of the mutants breaks: they are audited first.
_NEAR = {
    "batchnorm": ("that_gathered", "of_tf1", "noisy"),
    "frozen": ("of_words_and_volumes", "half_frozen"),
    "holders": (
        "reached_twice",
        "with_parts",
        "of_ones_own",
        "popped",
        "adapted",
        "tied_and_frozen",
        "another_flag_changed",
        "making_layers",
    ),
    "layers": ("noisy", "siamese", "masked", "of_words_and_volumes", "of_doubles", "few_rows"),
    "saving": ("loaded", "half_frozen", "with_weights_from_a_file"),
    "steps": (
        "own_step_and_frozen",
        "masked",
        "several",
        "several_outputs",
        "several_at_once",
        "single",
        "few_rows",
        "accumulating",
    ),
    "strategies": ("on_one_device", "on_replicas", "frozen_on_replicas"),
    "training": ("written_values", "written_by_hand", "told_by_hand", "noisy", "of_ones_own"),
}
#: How many models are audited under a mutant, and under one that was tried and noticed in no column yet.
_MANY, _FEW = 10, 8
Ask = Callable[[str, Sequence[str], str], dict[str, Any]]
#: What was seen, by question, layer and thing.
Words = dict[tuple[str, str, str], str]
Usual = Callable[[str, Sequence[str], int], Words]


@contextlib.contextmanager
def _guide(column: Column, built: Path | None) -> Iterator[Ask]:
    """Start a process that audits models in a column, and give the function that has it do so."""
    log = running.WORK / f"{column.id}.zoo.log"
    command = [scripts.python(column, built), "-E", "-s", "-m", "conformance.breaking.visiting"]
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
            kept.keep(found, [])
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

    In those columns in which mutants run, with the mutants that cases saw there, and that break what audits
    ask; what is known and of today is not tried again. Raises ResultsError.
    """
    matrix, writing = kill_matrix.read(), threading.Lock()

    def found(trial: Trial) -> None:
        with writing:
            kept.keep([], [trial])
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
    due = [name for name in parts if name not in known and not unasked(name, column.flavour)]
    with _guide(column, built) as ask:
        usual = _usual(ask)
        for mutant in due:
            part, silent = parts[mutant], list[str]()
            digests = kept.of_a_trial(column.id, part)
            each = (_otherwise(ask, usual, *one, mutant, silent) for one in attempts(mutant, part))
            noticed = next(filter(None, each), "")
            found(
                Trial(
                    mutant, part, column.id, noticed, [] if noticed else list(dict.fromkeys(silent)), digests
                )
            )


def attempts(mutant: str, part: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield which model is asked what: first what noticed a mutant before, then all of what is like it."""
    trials, models = kept.whatever()[1], kept.models("WITNESSES")
    questions, near = FILES if part == "saving" else BROKEN, _NEAR.get(part, ())
    itself = [one for one in trials if one.mutant == mutant]
    places = Counter((one.model, one.question) for one in itself if one.noticed)
    for (model, question), _ in places.most_common():
        if model in models and question in questions:
            yield model, (question,)
    alike = Counter(one.model for one in trials if one.part == part)
    order = sorted(models, key=lambda name: (name not in near, -alike[name]))
    for model in order[: _MANY if places or not itself else _FEW]:
        yield model, questions


def _otherwise(
    ask: Ask, usual: Usual, model: str, questions: Sequence[str], mutant: str, silent: list[str]
) -> str:
    """Return the first finding that is another one under a mutant, in words; "" where there is none.

    `usual` gives what is found without any; what differs is looked up a second time, for it may do so by
    chance. In `silent` goes a model that gives an answer without the mutant, and none under it.
    """
    once = usual(model, questions, 1)
    if not once:
        return ""
    answer = ask(model, questions, mutant)
    if "refused" in answer:
        silent.append(f"{model}: {answer['refused']}")
    now = words(answer)
    changed = [about for about, word in once.items() if now.get(about, word) != word]
    added = [about for about in deviating(answer) if about not in once]
    for about in [*changed, *added]:
        was = once.get(about)
        if usual(model, questions, 2).get(about) == was:
            question, layer, thing = about
            told = f"not {was}" if was else "where nothing was said"
            return f"{model}, {question}: {layer or 'the model'}, {thing}: {now[about]}, {told}"
    return ""


def _usual(ask: Ask) -> Usual:
    """Return what gives the words that are found of a model without a mutant, each time asked once."""
    return functools.cache(lambda model, questions, time: words(ask(model, questions, "")))


def deviating(answer: Mapping[str, Any]) -> Words:
    """Return what an audit says to deviate, of what was seen."""
    return words({"found": [one for one in answer.get("found", []) if one["outcome"] == "deviates"]})


def words(answer: Mapping[str, Any]) -> Words:
    """Return what was seen of each thing in each layer and question; an exception is no such thing."""
    return {
        (one["question"], one["layer"], one["about"]): one["word"]
        for one in answer.get("found", [])
        if one["word"] and is_answer(one["outcome"], one["word"])
    }
