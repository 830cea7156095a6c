"""Releases of TensorFlow and Keras that are no column: which there are, and what a case says with one.

Each is installed by uv into an environment of its own, in which everything else is as in a column's
lock, changed only where the release asks for it. Environments stay, for the next time, under .tox.
"""

from __future__ import annotations

import difflib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from packaging.version import Version

from conformance import suite
from conformance.columns import children, failures, running, tool
from conformance.columns.locking import UnresolvedError, beside, reached
from conformance.exits import Exit
from conformance.matrix import sources
from conformance.reproductions import bisecting
from conformance.reproductions.bisected import Change
from conformance.reproductions.bisecting import LEADS, NIGHTLY, Answer, BisectError, Release, Span, said
from conformance.results import results
from conformance.results.results import Results

#: Released together with TensorFlow: what the lock has of them is of its own release.
_IN_STEP = (*LEADS, "tensorboard", "tensorflow-estimator")
#: Seconds for a case and the canaries, import and all.
PATIENCE = 600


def bisect(
    span: Span, case: str, measured: Mapping[str, Results], tell: Callable[[str], None]
) -> tuple[Change, str]:
    """Return a case's change and the release that it came with, and tell of each that is asked.

    Raises BisectError for a case that does not exist or says the same at both ends, or where what changed
    is not the package; UnresolvedError where releases cannot be listed, UnreachableError without a network.
    """
    words = dict(zip(span.ends, _ends(span, case, measured), strict=True))
    function = sources.function_of(case, sources.functions())
    node = function.node(case) if function else case

    def told(release: Release) -> Answer:
        began = time.monotonic()
        answer = ask(span, release, case, node)
        words[release] = answer.word or ""
        said = repr(answer.word) if answer.word else f"skipped: {answer.why}"
        tell(f"{release}: {said}, {time.monotonic() - began:.0f} s")
        return answer

    def between(package: str) -> list[str]:
        return listed(package, span.older.python)

    older, newer = span.ends
    was, word = words[older], words[newer]
    for release in span.ends:
        tell(f"{release}: {words[release]!r}, as committed")
    found = bisecting.sentence(bisecting.bisect(span, was, told, between), words)
    tell(found)
    return Change(case, span.older.id, span.newer.id, was, word), found


def _ends(span: Span, case: str, measured: Mapping[str, Results]) -> list[str]:
    """Return what the case says in both columns. Raises BisectError where that is no change."""
    found = []
    for column in (span.older, span.newer):
        cases = measured[column.id]["cases"] if column.id in measured else {}
        if case not in cases:
            near = ", ".join(difflib.get_close_matches(case, cases, 3)) or "none"
            raise BisectError(f"{column.id} has no case {case!r}; nearest: {near}", Exit.BAD_INPUT)
        answer = said(measured[column.id], case)
        if answer.word is None:
            raise BisectError(f"{case} in {column.id}: {answer.why}", Exit.NOT_MEASURED)
        found.append(answer.word)
    if found[0] == found[1]:
        ends = f"{span.older.id} and {span.newer.id}"
        raise BisectError(f"{case} says {found[0]!r} in both {ends}: nothing changed", Exit.UNPROVEN)
    return found


def listed(package: str, python: str) -> list[str]:
    """Return the versions of a package that have a wheel for a Python.

    Raises UnresolvedError, UnreachableError.
    """
    command = [sys.executable, "-m", "pip", "index", "versions", package, "--pre"]
    command += ["--python-version", python, "--only-binary", ":all:"]
    done = children.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    reached(package, done.stderr)  # what pip lists otherwise is only what is on this machine
    found = re.search("^Available versions: (.*)$", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        why = (done.stderr.strip().splitlines() or ["no versions"])[-1]
        raise UnresolvedError(f"{package}: its releases for Python {python} cannot be listed: {why}")
    return found[1].split(", ")


def ask(span: Span, release: Release, case: str, node: str) -> Answer:
    """Return what a case, of which pytest knows the node, says with a release in the older column."""
    folder = running.WORK / "bisect" / f"{span.older.id}-{release.package}-{release.version}"
    try:
        python = _built(span, release, folder)
    except UnresolvedError as error:
        return Answer(None, str(error))
    shutil.rmtree(folder / "results", ignore_errors=True)
    command: list[str | Path] = [python, "-m", "pytest", node, "--measure", "-n0", "-q", "--column=bisect"]
    command += [f"--timeout={PATIENCE}", "-p", "no:cacheprovider", f"--results={folder / 'results'}"]
    code = _logged(command, folder, dict(span.older.env))
    if code != Exit.MEASURED:
        return Answer(None, failures.of_running(code, folder / "log"))
    return said(results.read(folder / "results" / "bisect.json"), case)


def _built(span: Span, release: Release, folder: Path) -> Path:
    """Return the interpreter of a release's environment. Raises UnresolvedError."""
    python, lock = folder / "env" / "bin" / "python", folder / "lock.txt"
    if lock.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    resolved = _resolved(span, release, folder)
    venv = [tool.uv(), "venv", "--quiet", "--python", span.older.python, str(folder / "env")]
    sync = [tool.uv(), "pip", "sync", "--quiet", "--python", str(python), str(resolved)]
    if _logged(venv, folder, {}) or _logged(sync, folder, {}):
        reached(str(release), _said(folder))
        raise UnresolvedError(failures.of_building(folder / "log"))
    resolved.rename(lock)  # once all of it is there
    return python


def _resolved(span: Span, release: Release, folder: Path) -> Path:
    """Return a file of exact versions: those of the older column's lock as far as they fit."""
    found, wanted, excluded = folder / "resolved.txt", folder / "wanted.txt", folder / "excluded.txt"
    wanted.write_text("\n".join([*span.requires(release), *beside()]) + "\n", encoding="utf-8")
    # A nightly takes the place of the release that TensorFlow asks for.
    excluded.write_text("keras; python_version < '3'\n" if release.package == NIGHTLY else "")
    command = [tool.uv(), "pip", "compile", "--quiet", "--no-header"]
    command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--overrides", str(excluded)]
    command += ["--python-version", span.older.python, "--output-file", str(found), str(wanted)]
    for number, limits in enumerate(_limits(release)):
        found.write_text(_preferred(span.older.lock), encoding="utf-8")
        constraints = folder / f"limits{number}.txt"
        constraints.write_text("\n".join(limits) + "\n", encoding="utf-8")
        if not _logged([*command, "--constraints", str(constraints)], folder, {}):
            return found
    reached(str(release), _said(folder))
    raise UnresolvedError(f"has no set of releases that it works with, see {folder / 'log'}")


def _preferred(lock: Path) -> str:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.split("==")[0] not in _IN_STEP) + "\n"


def _limits(release: Release) -> list[list[str]]:
    """Return what to try: with a pre-release of TensorFlow the Keras of its day, or else any."""
    if release.package.startswith("keras") or not Version(release.version).is_prerelease:
        return [[]]
    return [[f"{name}<={release.version}" for name in ("keras", "tf-keras")], []]


def _logged(command: Sequence[str | Path], folder: Path, environment: dict[str, str]) -> int:
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", **environment}
    with open(folder / "log", "a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            environment = {**running.environment(), **quiet}
            done = children.run(command, PATIENCE, cwd=suite.ROOT, env=environment, stdout=log, stderr=log)
            return done.returncode
        except subprocess.TimeoutExpired:
            log.write(failures.not_over(PATIENCE) + "\n")
            return failures.TIMED_OUT


def _said(folder: Path) -> str:
    return (folder / "log").read_text(encoding="utf-8", errors="replace")
