"""Trying releases that have no column: uv installs each beside the nearest column's lock, a case is run.

One environment for each Python is kept, in .tox/conformance/bisect, and changed from release to release.
Of Keras's releases only Keras is exchanged. A release of TensorFlow brings its own requirements.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from packaging.version import Version

from conformance import bisecting, locking, results, running, suite
from conformance.bisecting import Found, SkippedError
from conformance.columns import Column, ColumnError, columns
from conformance.words import Outcome

ENVIRONMENTS = running.WORK / "bisect"
_ANSWERS = (Outcome.HOLDS.value, Outcome.DEVIATES.value, Outcome.NOT_APPLICABLE.value)
#: Seconds for a case: a busy machine must not look like a release that hangs.
PATIENCE = 300
_MOVING = r"^(keras|keras-nightly)=="


@dataclasses.dataclass(frozen=True)
class Search:
    """What is exchanged (`keras`, `tensorflow` or `tf-keras`), the ends, and the columns it may stand on."""

    package: str
    good: str
    bad: str
    bases: Sequence[Column]

    def base(self, release: str) -> Column:
        """Return the column of a release's minor version, or the newest that is older."""
        if self.package == "keras":
            return self.bases[-1]
        minor = Version(release).release[:2]
        older = [c for c in self.bases if Version(_release(c, self.package)).release[:2] <= minor]
        return older[-1] if older else self.bases[0]


def search(good: Column, bad: Column) -> Search:
    """Return what tells two columns apart. Raises ColumnError where no one package does."""
    flavours = {good.flavour, bad.flavour}
    keras = {_release(c, "keras") for c in (good, bad)}
    package = "tf-keras" if flavours == {"tf_keras"} else "tensorflow"
    if flavours == {"keras3"} and len(keras) == 2:
        package = "keras"
    elif len(flavours) > 1 and not flavours <= {"tf1", "keras2"}:
        raise ColumnError(f"{good.id} and {bad.id} run different implementations of Keras: choose two of one")
    ends = _release(good, package), _release(bad, package)
    between = [c for c in columns().values() if c.flavour in flavours and c.lineage == good.lineage]
    bases = between if package != "keras" else [good, bad]
    lowest, highest = sorted(map(Version, ends))
    inside = [c for c in bases if lowest <= Version(_release(c, package)) <= highest]
    return Search(package, ends[0], ends[1], sorted(inside, key=lambda c: Version(_release(c, package))))


def _release(column: Column, package: str) -> str:
    locked = column.locked()
    if package != "tf-keras":
        return locked[package]
    return next(r.split("==")[1] for r in column.requires if r.startswith("tf-keras=="))


def available(wanted: Search) -> list[str]:
    """Return the releases that the index has for the Pythons of the columns, pre-releases included."""
    names = {"keras": ["keras", "keras-nightly"], "tensorflow": ["tensorflow", "tensorflow-cpu"]}
    found: set[str] = set()
    for python in sorted({column.python for column in wanted.bases}):
        for name in names.get(wanted.package, [wanted.package]):
            found |= set(_versions(name, python))
    return sorted(found)


def _versions(name: str, python: str) -> list[str]:
    command = [sys.executable, "-m", "pip", "index", "versions", "--pre", name]
    command += ["--python-version", python, "--only-binary", ":all:"]
    done = subprocess.run(command, capture_output=True, text=True)
    told = re.search(r"Available versions: (.*)", done.stdout)
    return told[1].replace(" ", "").split(",") if told else []


def lock(wanted: Search, release: str) -> str:
    """Return exact versions for a release. Raises SkippedError where they do not go together."""
    base = wanted.base(release)
    if wanted.package == "keras":
        name = "keras-nightly" if ".dev" in release else "keras"
        text = base.lock.read_text(encoding="utf-8")
        return re.sub(_MOVING + ".*", f"{name}=={release}", text, flags=re.M)
    pattern = rf"^({wanted.package}(-cpu)?)==.*"
    requires = tuple(re.sub(pattern, rf"\1=={release}", r) for r in base.requires)
    try:
        return locking.resolved(dataclasses.replace(base, requires=requires))
    except ColumnError as error:
        raise SkippedError(str(error)) from None


def find(case: str, good: Column, bad: Column, tell: Callable[[str], None]) -> Found:
    """Return the first release between two columns in which a case changed its word, telling of each step.

    Raises UnchangedError, UnansweredError, ColumnError, BusyError.
    """
    wanted = search(good, bad)
    releases = bisecting.between(wanted.good, wanted.bad, available(wanted))
    tell(f"{wanted.package}: {len(releases)} releases from {releases[0]} to {releases[-1]}")

    def ask(release: str) -> str:
        began = time.monotonic()
        try:
            word = _asked(case, wanted, release)
        except SkippedError as error:
            tell(f"{release}: skipped, {error} ({time.monotonic() - began:.0f} s)")
            raise
        tell(f"{release}: {word} ({time.monotonic() - began:.0f} s)")
        return word

    with running.alone():
        return bisecting.bisect(releases, ask)


def _asked(case: str, wanted: Search, release: str) -> str:
    """Return what a case says in a release. Raises SkippedError where it cannot be asked."""
    base = wanted.base(release)
    scratch = ENVIRONMENTS / "results"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    python = _installed(base, lock(wanted, release))
    claim, _, situation = case.partition("[")
    command = [
        str(python),
        "-m",
        "pytest",
        "conformance",
        "--measure",
        "-n1",
        f"--timeout={PATIENCE}",
        "--column=bisect",
    ]
    command += [f"--claims={claim}", f"--results={scratch}", f"-k={situation.rstrip(']')}"]
    environment = {**os.environ, **base.env}
    done = subprocess.run(command, cwd=suite.ROOT, env=environment, capture_output=True, text=True)
    return said(case, scratch / "bisect.json", done.stdout.strip()[-300:])


def said(case: str, path: Path, log: str) -> str:
    """Return the word of a case in a results file. Raises SkippedError where it gave no answer."""
    try:
        record = results.read(path)["cases"][case]
    except (results.ResultsError, KeyError):
        raise SkippedError(f"the case did not run: {' '.join(log.split())}") from None
    if record["outcome"] not in _ANSWERS:
        raise SkippedError(f"{record['outcome']}: {record['reason']}")
    return str(record["observed"] or record["outcome"])


def _installed(base: Column, text: str) -> Path:
    """Return the interpreter of an environment that holds exactly a lock. Raises SkippedError."""
    folder = ENVIRONMENTS / base.python
    python = folder / "bin" / "python"
    lockfile = ENVIRONMENTS / "lock.txt"
    results.replace(lockfile, text)
    uv = str(Path(sys.executable).with_name("uv"))
    steps = [[uv, "pip", "sync", "--quiet", "--python", str(python), str(lockfile)]]
    if not python.exists():
        steps.insert(0, [uv, "venv", "--quiet", "--python", base.python, str(folder)])
    for step in steps:
        done = subprocess.run(step, cwd=suite.ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SkippedError(f"cannot be installed: {' '.join(done.stderr.split())[:300]}")
    return python
