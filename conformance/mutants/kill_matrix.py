"""The kill matrix: mutants against columns, by how many cases of which claim each was caught.

Pure functions of two things: what the cases said under each mutant, and what they say in the
committed results. `kill` is the one effect: it runs the mutants of a column in its environment.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from conformance import suite
from conformance.columns import running
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.results.results import ResultsError
from conformance.words import Outcome

SCHEMA = 1
MUTANTS = suite.ROOT / "reports" / "mutants.json"
#: One column of each flavour, and the ends of Keras 3.
COLUMNS = ("tf1.15", "tf2.0", "tf2.15", "tf2.21-tf_keras", "tf2.16-keras3.0", "tf2.21")
#: What is run first of the cases of each claim that a mutant must refute. What it leaves open, all decide.
PART = "1/3"
Said = Mapping[str, Sequence[Any]]


@dataclasses.dataclass(frozen=True)
class Fate:
    """What became of a mutant in a column.

    `status` is killed, survived, not-applicable, idle (never in effect) or crashed. `asked` counts the cases
    of claims that it must refute which ran and hold without it, `kills` those which saw TensorFlow do
    something else with it, by claim (an exception is no such thing); `survives` lists claims that should
    have noticed and did not, `disturbed` those that it should have left alone, `leaked` the cases
    that said otherwise after it was undone.
    """

    status: str
    asked: int = 0
    kills: Mapping[str, int] = dataclasses.field(default_factory=dict)
    survives: Sequence[str] = ()
    disturbed: Sequence[str] = ()
    leaked: Sequence[str] = ()


def fate(mutant: Mapping[str, Any], run: Mapping[str, Any], baseline: Mapping[str, Any]) -> Fate:
    """Return what became of a mutant, from what cases said under it and what they say without."""
    if not run["applies"]:
        return Fate("not-applicable")
    if run["code"] is None:
        return Fate("crashed")
    if not run["ran"]:
        return Fate("idle")
    changed = {case for case, said in run["cases"].items() if _differs(said, baseline.get(case))}
    noticed = {case for case in changed if _answers(run["cases"][case])}
    held = {case for case, record in baseline.items() if record["outcome"] == "holds"}
    claims = sorted({_claim(case) for case in held} & set(mutant["refutes"]))
    kills = {claim: sum(_claim(c) == claim for c in noticed & held) for claim in claims}
    survives = [claim for claim, count in kills.items() if not count]
    return Fate(
        status="survived" if survives else "killed" if kills else "not-applicable",
        asked=sum(_claim(case) in claims for case in held & set(run["cases"])),
        kills=kills,
        survives=survives,
        disturbed=sorted({_claim(case) for case in changed} & set(mutant["spares"])),
        leaked=sorted(c for c, said in run["after"].items() if _differs(said, baseline.get(c))),
    )


def _differs(said: Sequence[Any], before: Mapping[str, Any] | None) -> bool:
    return before is not None and list(said) != [before["outcome"], before["observed"]]


def _answers(said: Sequence[Any]) -> bool:
    """Return whether a case saw what TensorFlow did: a mutant that only raises shows that it is clumsy."""
    return said[0] in (Outcome.HOLDS.value, Outcome.DEVIATES.value) and not str(said[1]).startswith("raises ")


def _claim(case: str) -> str:
    return case.split("[")[0]


def check(columns: Sequence[Column], names: Sequence[str], measured: Mapping[str, Any]) -> None:
    """Raise ResultsError for a column without results, or a name that no mutant has, with the nearest."""
    for column in columns:
        if column.id not in measured:
            hint = f"run `make matrix COLUMNS={column.id}` first"
            raise ResultsError(f"{column.id}: has no results to compare with; {hint}", Exit.NOT_MEASURED)
    known = list(_written())
    for name in names:
        if name not in known:
            near = ", ".join(difflib.get_close_matches(name, known, 3, 0.3)) or "see fixtures/mutants"
            raise ResultsError(f"no mutant is called {name!r}; nearest: {near}", Exit.BAD_INPUT)


def _written() -> Iterator[str]:
    """Yield the names of all mutants, read from their source: importing it would import TensorFlow."""
    modules = (suite.ROOT / "fixtures" / "mutants").glob("*.py")
    nodes = [node for path in modules for node in ast.parse(path.read_text(encoding="utf-8")).body]
    for node in nodes:
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        calls = [mark.func for mark in marks if isinstance(mark, ast.Call)]
        if isinstance(node, ast.FunctionDef) and any(getattr(call, "id", "") == "mutant" for call in calls):
            yield node.name.replace("_", "-")


def kill(
    columns: Sequence[Column],
    names: Sequence[str],
    measured: Mapping[str, Any],
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Run mutants in columns, two columns at a time, and return what their cases said, by column."""
    said: dict[str, Any] = {}
    with running.alone(), ThreadPoolExecutor(2) as pool:
        futures = {pool.submit(_killed, c, names, measured[c.id]["cases"]): c.id for c in columns}
        for future in as_completed(futures):
            said[futures[future]] = future.result()
            tell(f"[{len(said)}/{len(columns)}] {futures[future]}: {len(said[futures[future]])} mutants")
    return said


def _killed(column: Column, names: Sequence[str], baseline: Mapping[str, Any]) -> dict[str, Any]:
    """Run a part of the cases under each mutant, and all of them where that decides nothing."""
    _log(column).unlink(missing_ok=True)
    said = _run(column, "part", "--part", PART, *names)
    fates = {name: fate(run["mutant"], run, baseline).status for name, run in said.items()}
    undecided = [name for name, status in fates.items() if status in ("survived", "idle")]
    return {**said, **(_run(column, "whole", *undecided) if undecided else {})}


def _run(column: Column, how: str, *arguments: str) -> dict[str, Any]:
    out = running.WORK / "mutants" / f"{column.id}.{how}.json"
    out.unlink(missing_ok=True)
    log, known = _log(column), 0
    while running.execute(column, log, "python", "-m", "conformance.breaking.killing", str(out), *arguments):
        before, known = known, len(_said(out))
        if known == before:
            raise ResultsError(f"{column.id}: mutants could not be run, see {log}", Exit.NOT_MEASURED)
    return _said(out)


def _log(column: Column) -> Path:
    return running.WORK / f"{column.id}.mutants.log"


def _said(out: Path) -> dict[str, Any]:
    return dict(json.loads(out.read_text(encoding="utf-8"))) if out.exists() else {}


def read(path: Path = MUTANTS) -> dict[str, Any]:
    """Return the committed kill matrix. Raises ResultsError where there is none."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        hint = "run `make mutants`"
        raise ResultsError(f"{path}: not a kill matrix ({error}); {hint}", Exit.BAD_INPUT) from None


def matrix(said: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """Return the kill matrix from what all columns said, and from their committed results."""
    about: dict[str, Any] = {}
    fates: dict[str, dict[str, Any]] = {}
    for column, runs in said.items():
        for name, run in runs.items():
            told = {key: run["mutant"][key] for key in ("does", "refutes", "spares", "flavours")}
            about.setdefault(name, {"part": run["mutant"]["apply"], **told})
            found = fate(run["mutant"], run, measured[column]["cases"])
            fates.setdefault(name, {})[column] = dataclasses.asdict(found)
    columns = [column for column in COLUMNS if column in said]
    return {
        "schema": SCHEMA,
        "columns": columns,
        "flavours": {column: measured[column]["column"]["flavour"] for column in columns},
        "mutants": {
            name: {**about[name], "digest": digest(about[name]["part"]), "columns": fates[name]}
            for name in sorted(about)
        },
    }


def digest(part: str) -> str:
    """Return the digest of what a mutant's fates depend on: the cases, and its module of mutants."""
    folder = suite.ROOT / "fixtures" / "mutants"
    mutants = [folder / f"{name}.py" for name in ("__init__", "surgery", part)]
    return suite.code_digest(*suite.shared_files(), *suite.case_modules(), *mutants)


def merged(found: Mapping[str, Any], path: Path = MUTANTS) -> dict[str, Any]:
    """Return a new kill matrix with what the one in the file knows besides, and is still so."""
    old: dict[str, Any] = read(path) if path.exists() else {"mutants": {}}
    mutants = {name: m for name, m in old["mutants"].items() if m["digest"] == digest(m["part"])}
    for name, mutant in found["mutants"].items():
        before = mutants.get(name, {"columns": {}})["columns"]
        mutants[name] = {**mutant, "columns": {**before, **mutant["columns"]}}
    ran = {column for mutant in mutants.values() for column in mutant["columns"]}
    columns = [column for column in COLUMNS if column in ran]
    flavours = {**old.get("flavours", {}), **found["flavours"]}
    return {**found, "columns": columns, "flavours": flavours, "mutants": dict(sorted(mutants.items()))}


def total(found: Mapping[str, Any]) -> str:
    """Return one line on all of it."""
    fates = [fate_ for mutant in found["mutants"].values() for fate_ in mutant["columns"].values()]
    ran = [fate_ for fate_ in fates if fate_["status"] != "not-applicable"]
    killed = sum(fate_["status"] == "killed" for fate_ in ran)
    where = f"{len(found['mutants'])} mutants in {len(found['columns'])} columns"
    return f"{where}: killed {killed} times of {len(ran)} that they apply"


def dumped(found: Mapping[str, Any]) -> str:
    """Return the text of reports/mutants.json."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def wrong(found: Mapping[str, Any]) -> list[str]:
    """Return a line for each mutant and column that is not as it should be."""
    lines = []
    for name, mutant in found["mutants"].items():
        for column, row in mutant["columns"].items():
            if row["status"] in ("survived", "idle", "crashed") or row["disturbed"] or row["leaked"]:
                lines.append(f"{name} in {column}: {cell(row)}")
    return lines


def by_claim(found: Mapping[str, Any], flavours: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Return, for each claim and flavour, how many mutants its cases killed."""
    counts: dict[str, dict[str, set[str]]] = {}
    for name, mutant in found["mutants"].items():
        for column, fate_ in mutant["columns"].items():
            for claim, count in fate_["kills"].items():
                if count:
                    counts.setdefault(claim, {}).setdefault(flavours[column], set()).add(name)
    return {claim: {f: len(names) for f, names in row.items()} for claim, row in sorted(counts.items())}


MARK = {
    "survived": "SURVIVED",
    "not-applicable": "–",
    "idle": "NEVER RAN",
    "crashed": "CRASHED",
    "not-run": "not run",
}
NOT_RUN: Mapping[str, Any] = dataclasses.asdict(Fate("not-run"))


def page(found: Mapping[str, Any]) -> str:
    """Return reports/mutants.md."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield "# The kill matrix: TensorFlow broken on purpose"
    yield ""
    yield (
        "Each row is one way to break the installed TensorFlow in memory. `7/20` means that 20 cases ran "
        "which must notice it and hold without it, and that 7 did notice: an exception is no such thing. "
        "First a fixed third of them runs, and all where that third missed it. – means that this "
        "TensorFlow has no such mechanism, or that the mutant is made for others."
    )
    yield ""
    yield "| mutant | what breaks | " + " | ".join(found["columns"]) + " |"
    yield "|---|---|" + "--:|" * len(found["columns"])
    for name, mutant in found["mutants"].items():
        here = [c if found["flavours"][c] in mutant["flavours"] else None for c in found["columns"]]
        cells = " | ".join(cell(mutant["columns"].get(c, NOT_RUN)) if c else "–" for c in here)
        yield f"| `{name}` | {mutant['does']} | {cells} |"


def cell(found: Mapping[str, Any]) -> str:
    """Return what stands in one cell of the page."""
    count = f"{sum(found['kills'].values())}/{found['asked']}"
    text = MARK.get(found["status"], count)
    if found["survives"]:
        text += ": " + ", ".join(found["survives"])
    for word in ("disturbed", "leaked"):
        if found[word]:
            text += f"; {word}: " + ", ".join(found[word])
    return text
