"""A small copy of the project: cases that are wrong in one known way, and a stand-in for TensorFlow."""

import json
import os
import shutil
import subprocess
import sys
from textwrap import dedent

from conformance.suite import ROOT

TENSORFLOW = """
    import os, types
    with open(os.environ["IMPORTS"], "a") as log:
        log.write(f"{os.getpid()}\\n")
    __version__ = "9.9.0"
    class Layer: pass
    class Dropout(Layer):
        "trainable does not affect the layer's behavior"
    Layer.__module__ = "keras.src.layers"
    keras = types.SimpleNamespace(
        __version__="3.99.0",
        backend=types.SimpleNamespace(
            backend=lambda: "tensorflow",
            epsilon=lambda: 1e-07,
            floatx=lambda: os.environ.get("FLOATX", "float32"),
            image_data_format=lambda: "channels_last",
        ),
        layers=types.SimpleNamespace(Layer=Layer, Dropout=Dropout),
        utils=types.SimpleNamespace(set_random_seed=lambda seed: None),
    )
    debugging = types.SimpleNamespace()
    config = types.SimpleNamespace(
        experimental=types.SimpleNamespace(
            get_virtual_device_configuration=lambda device: None,
            list_physical_devices=lambda kind: ["a processor"],
            set_virtual_device_configuration=lambda device, parts: None,
            VirtualDeviceConfiguration=object,
        )
    )
    executing_eagerly = lambda: True
    constant = float
"""
HEAD = """
    import os, signal, time
    import pytest
    from conformance.measuring.case import ALL, checks
    from conformance.measuring.observation import NotApplicable, Observation
    from conformance.words import Word
"""
CANARY = """
    @checks("canary/x", expects=Word.DROPS, core=ALL)
    def test_sings(observe):
        observe(Observation(Word.DROPS))
"""
CASES = """
    def case(function):
        return checks("dropout/ignores-trainable", expects=Word.DROPS, core=ALL)(function)

    @case
    @pytest.mark.parametrize("n", range(6))
    def test_holds(observe, n):
        observe(Observation(Word.DROPS, 0.5))

    @case
    def test_deviates(observe):
        observe(Observation(Word.PASSES, 0.0))

    @case
    def test_lacks(observe):
        raise NotApplicable("no such layer")
"""
BAD = """
    @case
    def test_says_nothing(observe):
        pass

    @case
    def test_is_mistaken(observe):
        observe(undefined)

    @case
    def test_exits(observe):
        os._exit(3)

    @case
    def test_breaks(observe):
        os.kill(os.getpid(), signal.SIGSEGV)

    @case
    def test_hangs(observe):
        time.sleep(100)
"""
CLAIM = "dropout/ignores-trainable"
PINS = """
[[pin]]
id = "known"
where = [{ keras = ">=3.99" }]
observed = { "passes through" = ["dropout/ignores-trainable[d*", "dropout/ignores-trainable[holds-0]"] }
reason = "It listens."
url = "unreported"
reproduction = "x.py"
"""


class Project:
    """A copy of the project with cases of the test's own."""

    def __init__(self, root):
        self.root = root
        self.results = root / "out" / "tf9.9-keras3.99.json"
        self.imports = root / "imports"
        package = root / "conformance"
        (package / "cases").mkdir(parents=True)
        for path in (ROOT / "conformance").glob("*.py"):
            shutil.copy(path, package)
        for room in ("breaking", "measuring", "pins", "results"):
            shutil.copytree(ROOT / "conformance" / room, package / room)
        (root / "fixtures" / "parts").mkdir(parents=True)
        for name in ("__init__.py", "columns.toml", "parts/__init__.py", "parts/once.py"):
            shutil.copy(ROOT / "fixtures" / name, root / "fixtures" / name)
        (package / "fixtures").symlink_to("../fixtures")
        for name in ("cases/__init__.py", "cases/conftest.py"):
            shutil.copy(ROOT / "conformance" / name, package / name)
        for name in ("conftest.py", "pyproject.toml"):
            shutil.copy(ROOT / name, root)
        self.write("cases/test_canary.py", HEAD + CANARY)
        self.write("cases/test_dropout.py", HEAD + CASES)
        self.tensorflow(TENSORFLOW)

    def write(self, name, text):
        """Write a module of the package."""
        (self.root / "conformance" / name).write_text(dedent(text))

    def tensorflow(self, text):
        """Install a stand-in for TensorFlow; None removes it."""
        folder = self.root / "lib" / "tensorflow"
        shutil.rmtree(folder, ignore_errors=True)
        if text is not None:
            (folder / "python" / "framework").mkdir(parents=True)
            (folder / "python" / "framework" / "ops.py").touch()
            (folder / "__init__.py").write_text(dedent(text))

    def start(self, *arguments, cwd=None):
        """Start pytest on the cases, here or elsewhere, and return the process."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "lib"), "IMPORTS": str(self.imports)}
        environment.pop("PYTEST_XDIST_WORKER", None)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--results", "out"]
        targets = [] if any("conformance" in argument for argument in arguments) else ["conformance"]
        return subprocess.Popen(
            [*command, *targets, *arguments],
            cwd=cwd or self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments, cwd=None):
        """Run pytest on the cases to its end, and return what it printed and its exit code."""
        with self.start(*arguments, cwd=cwd) as process:
            try:
                printed = process.communicate(timeout=100)
            finally:
                process.kill()
        return subprocess.CompletedProcess(process.args, process.returncode, *printed)

    def outcomes(self):
        """Return the outcome of each case by its situation, canaries left out."""
        cases = json.loads(self.results.read_text())["cases"]
        return {i.split("[")[1][:-1]: r["outcome"] for i, r in cases.items() if i.startswith(CLAIM)}
