"""The recorder, run for real on cases that are wrong in one known way each.

Each test runs pytest in a small copy of the project, beside a stand-in for TensorFlow that does
nothing: it is the recorder that is tested here, and no case of the suite is run.
"""

import json
import os
import shutil
import subprocess
import sys
from textwrap import dedent
from xml.etree import ElementTree

import pytest

from conformance.columns import merging
from conformance.exits import Exit
from conformance.suite import ROOT
from conformance.tests.test_committed import schema

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
        (root / "fixtures").mkdir()
        for name in ("__init__.py", "columns.toml"):
            shutil.copy(ROOT / "fixtures" / name, root / "fixtures")
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
            folder.mkdir(parents=True)
            (folder / "__init__.py").write_text(dedent(text))

    def run(self, *arguments, cwd=None):
        """Run pytest on the cases, here or elsewhere, and return the finished process."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "lib"), "IMPORTS": str(self.imports)}
        environment.pop("PYTEST_XDIST_WORKER", None)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--results", "out"]
        targets = [] if any("conformance" in argument for argument in arguments) else ["conformance"]
        return subprocess.run(
            [*command, *targets, *arguments],
            cwd=cwd or self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def outcomes(self):
        """Return the outcome of each case by its situation, canaries left out."""
        cases = json.loads(self.results.read_text())["cases"]
        return {i.split("[")[1][:-1]: r["outcome"] for i, r in cases.items() if i.startswith(CLAIM)}


@pytest.fixture
def project(tmp_path):
    """Return a project with six cases that hold, one that deviates and one that is not applicable."""
    return Project(tmp_path)


def test_a_run_measures_every_case(project):
    """With --measure the run succeeds, deviations and all, and the table says what was seen."""
    done = project.run("--measure")
    assert done.returncode == 0, done.stdout
    assert project.outcomes() == {
        **{f"holds-{n}": "holds" for n in range(6)},
        "deviates": "deviates",
        "lacks": "not-applicable",
    }
    assert "passes through, not drops: deviates" in done.stdout
    results = json.loads(project.results.read_text())
    assert results["valid"] is True
    assert results["column"]["flavour"] == "keras3"
    assert results["cases"][f"{CLAIM}[holds-0]"] == {
        "outcome": "holds",
        "observed": "drops",
        "expected": "drops",
        "measured": 0.5,
        "reason": None,
        "core": True,
        "documented": True,
    }


def test_a_deviation_fails_where_nobody_only_measures(project):
    """Without --measure a deviation fails like any test."""
    done = project.run()
    assert done.returncode == 1
    assert "expected drops, observed passes through" in done.stdout


PINS = """
[[pin]]
id = "known"
where = [{ keras = ">=3.99" }]
observed = { "passes through" = ["dropout/ignores-trainable[d*", "dropout/ignores-trainable[holds-0]"] }
reason = "It listens."
url = "unreported"
reproduction = "x.py"
"""


def test_pins_decide_what_fails(project):
    """What deviates as pinned is expected to; what holds though it is pinned fails, and says what to do."""
    (project.root / "fixtures" / "reproductions").mkdir(parents=True)
    (project.root / "fixtures" / "reproductions" / "x.py").write_text("")
    (project.root / "fixtures" / "pins.toml").write_text(PINS)
    done = project.run("-rx")
    assert done.returncode == 1
    assert "It listens. (unreported)" in done.stdout
    assert "fixed: it holds, and pin known says 'passes through'" in done.stdout
    assert "expected drops, observed passes through" not in done.stdout.split("claim ")[0]
    assert project.outcomes()["deviates"] == "deviates"
    (project.root / "fixtures" / "pins.toml").write_text(PINS.replace(">=3.99", ">=4,<3"))
    broken = project.run()
    assert broken.returncode == Exit.BAD_INPUT
    assert "impossible" in broken.stdout


def test_pins_of_ones_own(project):
    """They take the place of the project's; a file that is not there is named."""
    (project.root / "mine.toml").write_text(
        PINS.replace('reproduction = "x.py"', "").replace(', "dropout/ignores-trainable[holds-0]"', "")
    )
    assert project.run().returncode == 1
    done = project.run("--pins=mine.toml")
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout
    missing = project.run("--pins=none.toml")
    assert missing.returncode == Exit.BAD_INPUT
    assert "none.toml: cannot be read" in missing.stdout + missing.stderr


def test_workers_change_nothing(project):
    """One process and several write the same bytes."""
    project.run("--measure", "-n", "0")
    alone = project.results.read_bytes()
    project.run("--measure", "-n", "3")
    assert project.results.read_bytes() == alone


def test_only_workers_import_tensorflow(project):
    """The controller never does, and each worker does once."""
    process = project.run("--measure", "-n", "2", "-v")
    assert process.returncode == 0
    assert len(project.imports.read_text().split()) == 2


def test_every_way_to_break_has_its_outcome(project):
    """A silent case, a mistaken one, two crashes and a hang: each is told, and the others are kept."""
    project.write("cases/test_dropout.py", HEAD + CASES + BAD)
    done = project.run("--measure", "-n", "2", "--timeout", "3")
    assert done.returncode == Exit.NOT_MEASURED
    outcomes = project.outcomes()
    assert {k: v for k, v in outcomes.items() if v not in ("holds", "deviates", "not-applicable")} == {
        "says-nothing": "error",
        "is-mistaken": "error",
        "exits": "crashed",
        "breaks": "crashed",
        "hangs": "timed-out",
    }
    assert len(outcomes) == 13


def test_a_canary_that_fails_makes_the_column_invalid(project):
    """It says so loudly, exits with its own code, and leaves the good results alone."""
    project.run("--measure")
    good = project.results.read_bytes()
    silent = CANARY.replace("observe(Observation(Word.DROPS))", "observe(Observation(Word.PASSES))")
    project.write("cases/test_canary.py", HEAD + silent)
    done = project.run("--measure")
    assert done.returncode == Exit.NOT_MEASURED
    assert "INVALID" in done.stdout
    assert project.results.read_bytes() == good
    assert json.loads(project.results.with_suffix(".invalid.json").read_text())["valid"] is False


def test_a_selection_still_runs_the_canaries_and_keeps_the_rest(project):
    """`-k` measures a part; what was measured before stays."""
    project.run("--measure")
    before = project.outcomes()
    done = project.run("--measure", "-k", "deviates")
    assert done.returncode == 0
    assert "1 holds" in done.stdout
    assert "1 deviates" in done.stdout
    assert project.outcomes() == before


def test_a_path_still_runs_the_canaries(project):
    """So does the path of one module."""
    done = project.run("--measure", "conformance/cases/test_dropout.py::test_deviates")
    assert done.returncode == 0
    assert "canary/x[sings]" in json.loads(project.results.read_text())["cases"]


def test_claims_can_be_chosen(project):
    """`--claims` takes a family, and an unknown one is an error of its own."""
    assert "6 holds" not in project.run("--measure", "--claims", "snapshot").stdout
    assert "7 holds" in project.run("--measure", "--claims", "dropout").stdout
    done = project.run("--claims", "dropuot")
    assert done.returncode == Exit.BAD_INPUT
    assert "dropuot" in done.stderr + done.stdout


def test_a_folder_that_cannot_be_written(project):
    """It is said before any case runs."""
    (project.root / "out").write_text("")
    done = project.run("--measure")
    assert done.returncode == Exit.NOT_MEASURED
    assert not project.imports.exists()


def test_no_tensorflow(project):
    """One line, and its own exit code."""
    project.tensorflow(None)
    done = project.run("--measure")
    assert done.returncode == Exit.NOT_MEASURED
    assert "no TensorFlow is installed" in done.stderr + done.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_tensorflow_that_does_not_import(project, workers):
    """One line with TensorFlow's own words, its own exit code, and earlier results intact."""
    project.run("--measure")
    good = project.results.read_bytes()
    project.tensorflow("raise ImportError('DLL load failed')")
    done = project.run("--measure", "-n", workers)
    assert done.returncode == Exit.NOT_MEASURED
    assert "ImportError: DLL load failed" in done.stdout
    assert project.results.read_bytes() == good


def test_an_interrupted_run_says_what_it_did_not_measure(project):
    """Cases that never reported are not-run, and the run does not claim success."""
    stop = """
    @case
    def test_interrupts(observe):
        raise KeyboardInterrupt
    """
    last = "    @case\n    def test_lacks"
    project.write("cases/test_dropout.py", HEAD + CASES.replace(last, stop + last.lstrip()))
    done = project.run("--measure", "-n", "0")
    assert done.returncode != 0
    assert project.outcomes()["holds-5"] == "holds"
    assert project.outcomes()["lacks"] == "not-run"


def test_shards_together_are_the_column(project):
    """Two shards, each with the canaries, have the cases of a whole run; neither is taken for one."""
    project.run("--measure")
    whole = json.loads(project.results.read_text())
    parts = []
    for index in (1, 2):
        done = project.run("--measure", "-n", str(index - 1), "--shard", f"{index}/2")
        assert done.returncode == 0, done.stdout
        parts.append(project.results.with_suffix(f".shard-{index}-of-2.json"))
    for path in parts:
        schema("results").validate(json.loads(path.read_text()))
    made = merging.merged(parts)
    assert made == whole
    assert json.loads(parts[1].read_text())["shard"] == {"index": 2, "of": 2}
    assert json.loads(project.results.read_text()) == whole


@pytest.mark.parametrize(
    "arguments",
    [
        ["--shard", "5/4"],
        ["--shard", "1/2", "-k", "holds"],
        ["--shard", "1/2", "conformance/cases/test_dropout.py"],
    ],
    ids=["number", "selection", "module"],
)
def test_a_shard_is_of_all_cases(project, arguments):
    """What is no part, or a part of less, ends in one line before TensorFlow is imported."""
    done = project.run("--measure", *arguments)
    assert done.returncode == Exit.BAD_INPUT
    assert "--shard: " in done.stdout + done.stderr
    assert not project.imports.exists()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_junit_says_claim_and_column(project, workers):
    """Each case of pytest's own XML has them as properties, with the outcome and what was observed."""
    project.run("--measure", "-n", workers, "--junitxml", "junit.xml")
    cases = ElementTree.parse(project.root / "junit.xml").iter("testcase")
    found = {c.get("name"): {p.get("name"): p.get("value") for p in c.iter("property")} for c in cases}
    assert found["test_deviates"] == {
        "claim": CLAIM,
        "column": "tf9.9-keras3.99",
        "outcome": "deviates",
        "observed": "passes through",
    }
    assert found["test_lacks"]["outcome"] == "not-applicable"


MANY_CRASHES = """
    @case
    @pytest.mark.parametrize("n", range(8))
    def test_dies(observe, n):
        os._exit(3)

    @case
    def test_after(observe):
        observe(Observation(Word.DROPS))
"""


def test_cases_that_crash_in_a_row_cost_only_themselves(project):
    """pytest-xdist would give up after a few; what comes behind them is asked all the same."""
    project.write("cases/test_dropout.py", HEAD + CASES + MANY_CRASHES)
    done = project.run("--measure", "-n1")
    assert done.returncode == Exit.NOT_MEASURED, done.stdout
    outcomes = project.outcomes()
    assert [outcomes[f"dies-{n}"] for n in range(8)] == ["crashed"] * 8
    assert (outcomes["after"], outcomes["holds-0"]) == ("holds", "holds")


def test_the_last_workers_death_does_not_hide_what_was_installed(project):
    """A worker says which TensorFlow it has with its first case."""
    project.write(
        "cases/test_dropout.py", HEAD + CASES + MANY_CRASHES.split("    @case\n    def test_after")[0]
    )
    assert project.run("--measure", "-n1").returncode == Exit.NOT_MEASURED
    assert json.loads(project.results.read_text())["column"]["tensorflow"] == "9.9.0"


def test_a_tensorflow_that_ends_the_interpreter(project):
    """Every worker would die of it, one after the other: one line, and an end."""
    project.tensorflow("import os; os._exit(3)")
    done = project.run("--measure", "-n1")
    assert done.returncode == Exit.NOT_MEASURED
    assert "ends the interpreter when it is imported" in done.stdout


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"FLOATX": "float16"}, "Keras works with floatx float16"),
        ({"KERAS_BACKEND": "jax"}, "KERAS_BACKEND=jax is set in the environment"),
        ({"KERAS_MAX_EPOCHS": "1"}, "KERAS_MAX_EPOCHS=1 is set in the environment"),
    ],
    ids=["settings", "backend", "epochs"],
)
def test_a_users_settings_are_not_tensorflows_words(project, monkeypatch, variables, said):
    """What cannot be undone is named, and no case is asked under it."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = project.run("--measure", "-n0")
    assert done.returncode == Exit.NOT_MEASURED
    assert said in done.stdout
    assert not project.results.exists()


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("tf2.21", "has tensorflow-cpu none, and that column's lock 2.21.0"),
        ("tf2.15", "runs keras3, and that column keras2"),
    ],
)
def test_the_name_of_another_column_is_refused(project, column, said):
    """What is installed is held against the list and the lock before the first case."""
    (project.root / "fixtures" / "locks").mkdir()
    shutil.copy(ROOT / "fixtures" / "locks" / "tf2.21.txt", project.root / "fixtures" / "locks")
    done = project.run("--measure", "-n0", "--column", column)
    assert done.returncode == Exit.NOT_MEASURED
    assert said in done.stdout


def test_claims_that_name_nothing(project):
    """A run that was asked nothing is no success."""
    done = project.run("--measure", "--claims", " , ")
    assert done.returncode == Exit.BAD_INPUT
    assert "names no claim" in done.stdout
