"""`make bench`: what the suite costs, as ratios measured side by side in one run.

Machines are noisy and differ; a bare `import tensorflow` on the same machine in the same minute is
the unit. Each figure is the median of a few rounds. Nothing here is a test: no time is asserted.
"""

from __future__ import annotations

import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROUNDS = 3
UPSTREAM = (
    "layers/normalization/batch_normalization_test.py",
    "layers/regularization/dropout_test.py",
    "layers/layer_test.py",
)
_QUIET = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
_QUICK = 0.05


class PeakMemory:
    """The largest resident size, in MB, that each process below another one reached."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.peaks: dict[int, float] = {}

    def look(self) -> None:
        """Read what the kernel says of every process of the tree."""
        tree = {self.root}
        parents = dict(_parents())
        for _ in parents:
            found = {child for child, parent in parents.items() if parent in tree}
            if found <= tree:
                break
            tree |= found
        for process in tree:
            with contextlib.suppress(OSError, AttributeError):
                status = Path(f"/proc/{process}/status").read_text()
                high = re.search(r"VmHWM:\s+(\d+)", status)
                # One that has ended, and waits to be asked how, has no size any more.
                seen = int(high.group(1)) / 1024 if high else 0.0
                self.peaks[process] = max(self.peaks.get(process, 0.0), seen)


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            after_name = entry.read_text().rpartition(")")[2].split()
            yield int(entry.parent.name), int(after_name[1])


def run(command: list[str], cwd: Path | None = None) -> tuple[float, PeakMemory, str]:
    """Run a command to its end; return its seconds, its processes' memory, and what it printed."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, env=_QUIET, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    memory = PeakMemory(process.pid)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_QUICK):
            memory.look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    printed, _ = process.communicate()
    done.set()
    watcher.join()
    return time.monotonic() - began, memory, printed


def counted(printed: str) -> int:
    """Return how many tests a pytest summary line says were run, however they ended."""
    summary = printed.strip().splitlines()[-1]
    numbers = re.findall(
        r"(\d+) (?:holds|deviates|not applicable|passed|failed|skipped|x?failed|errors?)", summary
    )
    return sum(int(number) for number in numbers)


def upstream_tests(python: str) -> list[str]:
    """Return the paths of Keras's own tests for the same layers; none where the wheel ships none."""
    where = "import importlib.util as u; print(u.find_spec('keras').submodule_search_locations[0])"
    package = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout
    paths = [Path(package.strip()) / "src" / name for name in UPSTREAM]
    return [str(path) for path in paths if path.exists()]


def main(python: str) -> None:
    """Measure and print. `python` is the interpreter of an environment with TensorFlow."""
    interpreter = str(Path(python).absolute())
    pytest = [interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    imports, suites, theirs = [], [], []
    memory = {"import": 0.0, "worker": 0.0, "controller": 0.0}
    ours_count = theirs_count = 0
    upstream = upstream_tests(interpreter)
    for number in range(ROUNDS):
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr, flush=True)
        seconds, peak, _ = run([interpreter, "-c", "import tensorflow as tf; tf.keras.layers.Dense"])
        imports.append(seconds)
        memory["import"] = max(memory["import"], *peak.peaks.values())
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak, printed = run([*pytest, "conformance", "--measure", "--results", folder])
            suites.append(seconds)
            ours_count = counted(printed)
            by_size = {**peak.peaks}
            memory["controller"] = max(memory["controller"], by_size.pop(peak.root))
            memory["worker"] = max(memory["worker"], *by_size.values())
            if upstream:
                seconds, _, printed = run([*pytest, *upstream], cwd=Path(folder))
                theirs.append(seconds)
                theirs_count = counted(printed)
    _print(imports, suites, theirs, ours_count, theirs_count, memory)


def _print(
    imports: list[float],
    suites: list[float],
    theirs: list[float],
    ours_count: int,
    theirs_count: int,
    memory: dict[str, float],
) -> None:
    bare, suite = statistics.median(imports), statistics.median(suites)
    print(f"bare import of TensorFlow    {bare:6.1f} s   (median of {ROUNDS})")
    print(f"all {ours_count} cases, 2 workers   {suite:6.1f} s   {suite / bare:.1f} x a bare import")
    print(f"cases per second             {ours_count / suite:6.1f}")
    if theirs:
        upstream = statistics.median(theirs)
        print(f"Keras's own {theirs_count} tests         {upstream:6.1f} s")
        rate = (ours_count / suite) / (theirs_count / upstream)
        print(f"tests per second             {theirs_count / upstream:6.1f}     ours: {rate:.1f} x as many")
    worker, bare_memory = memory["worker"], memory["import"]
    print(f"peak memory of a worker      {worker:6.0f} MB  {worker / bare_memory:.2f} x a bare import")
    print(f"peak memory of a bare import {bare_memory:6.0f} MB")
    print(f"peak memory of the controller{memory['controller']:6.0f} MB  (it imports no TensorFlow)")


if __name__ == "__main__":
    main(*sys.argv[1:])
