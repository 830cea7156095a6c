"""The wheel, used from an empty folder: beside two real TensorFlows, and by the tool."""

import json
import os
import re
import subprocess
import sys

import pytest

from conformance.suite import ROOT
from conformance.tests.test_neighbours import UV, wheel  # noqa: F401

CLAIM = "dropout/has-no-weights"
CASE = f"{CLAIM}[weights-Dropout]"
COLUMNS = {name: ROOT / ".columns" / name / "bin" / "python" for name in ("newest", "tf2.15")}


@pytest.fixture(scope="session")
def site(wheel, tmp_path_factory):  # noqa: F811
    """Return a folder of installed packages in which only the wheel is."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run([UV, "pip", "install", "-q", "--no-deps", "--target", folder, wheel], check=True)
    return folder


@pytest.fixture
def run(site, tmp_path):
    """Return a function that runs an interpreter with the wheel, in an empty folder."""

    def run(python, *arguments):
        environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTEST_ADDOPTS", None)
        command = [str(python), *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def test_it_puts_one_name_where_others_install(site):
    """Nothing that a project of the user's could have too."""
    names = {path.name for path in site.iterdir() if not path.name.startswith((".", "_"))}
    assert {name for name in names if not name.endswith(".dist-info")} == {"conformance"}
    assert not (site / "conformance" / "tests").exists()


def test_its_version_is_the_suites(site):
    """What `pip show` says is what results say."""
    text = (site / "conformance" / "__init__.py").read_text(encoding="utf-8")
    version = re.search('__version__ = "(.*)"', text).group(1)
    assert [path.name for path in site.glob("*.dist-info")] == [
        f"tf_training_mode_conformance-{version}.dist-info"
    ]


@pytest.mark.parametrize("column", COLUMNS)
def test_cases_beside_a_real_tensorflow(run, tmp_path, column):
    """As `pip install` leaves it: by name, in any folder, held against the pins that came with it."""
    if not COLUMNS[column].exists():
        pytest.skip(f"no environment in .columns/{column}: `make cases` builds it")
    done = run(COLUMNS[column], "-m", "pytest", "--pyargs", "conformance", f"--claims={CLAIM}")
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = (tmp_path / ".conformance" / "results").glob("*.json")
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["valid"]
    assert {case.split("[")[0] for case in found["cases"] if "canary" not in case} == {CLAIM}
    drift = run(sys.executable, "-m", "conformance", "drift", path)
    assert (drift.returncode, drift.stdout) == (0, "everything is as pinned\n"), drift.stderr


MODEL = """
import tensorflow as tf

def build():
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.InputLayer(input_shape=(4,)), layers.Dense(4), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.layers[-1].trainable = False
    return model
"""


@pytest.mark.parametrize("column", COLUMNS)
def test_an_audit_beside_a_real_tensorflow(run, tmp_path, column):
    """In the user's folder, of which nothing changes; what to write instead came with the wheel."""
    if not COLUMNS[column].exists():
        pytest.skip(f"no environment in .columns/{column}: `make cases` builds it")
    (tmp_path / "models.py").write_text(MODEL)
    asked = ["--only", "train_on_batch()", "--only", "after compile()"]
    done = run(COLUMNS[column], "-m", "conformance.auditing", "models:build", *asked)
    alarm = "says frozen, was trained" in done.stdout
    assert (done.returncode, alarm) == ((1, True) if column == "tf2.15" else (0, False)), done.stderr
    assert "(recipe freeze-a-base/flag-of-the-base)" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["models.py"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["diff", "tf2.15", "tf2.16"], "tf2.16"),
        (["explain", CASE], CLAIM),
        (["drift"], "everything is as pinned"),
        (["claims"], CLAIM),
        (["columns"], "tf2.21"),
        (["check", "--help"], "--python"),
    ],
    ids=lambda words: words[0] if isinstance(words, list) else "",
)
def test_the_tool_reads_what_came_with_it(run, tmp_path, arguments, says):
    """In any folder, which it leaves as it was."""
    done = run(sys.executable, "-m", "conformance", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert says in done.stdout
    assert list(tmp_path.iterdir()) == []


OWN = """
import sys
def test_own():
    heavy = {"tensorflow", "keras", "numpy", "click", "jinja2", "tomlkit", "tox", "jsonschema"}
    ours = {name for name in sys.modules if name.startswith("conformance")}
    assert ours == {"conformance", "conformance.plugin"}
    assert heavy & set(sys.modules) == set()
"""


def test_a_run_of_other_tests_imports_two_modules_of_it(run, tmp_path):
    """The door, and the package that it is in: no TensorFlow, and nothing of the tool's."""
    (tmp_path / "test_own.py").write_text(OWN)
    done = run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert "plugins: tf-training-mode-conformance-" in done.stdout
    assert "1 passed" in done.stdout, done.stdout + done.stderr
