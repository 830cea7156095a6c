"""What somebody switched in TensorFlow is named in one line, whatever release it is; nothing else is."""

import sys
from types import SimpleNamespace

import pytest

from conformance.exits import Exit
from conformance.measuring import switches
from conformance.tests.measuring.stand_in import TENSORFLOW

CONFTEST = """
import pytest

@pytest.fixture(autouse=True, scope="session")
def switched():
    import tensorflow
    tensorflow.executing_eagerly = lambda: False
"""


def tensorflow(version="2.15.0", eager=None, **parts):
    """Return a TensorFlow as it starts, or with other parts."""
    starts_eager = not version.startswith("1.")
    eager = starts_eager if eager is None else eager
    parts.setdefault("keras", SimpleNamespace())
    return SimpleNamespace(__version__=version, executing_eagerly=lambda: eager, **parts)


def config(**functions):
    """Return a part of TensorFlow with functions that say what they are given."""
    return SimpleNamespace(**{name: lambda value=value: value for name, value in functions.items()})


def policy(name):
    """Return the policy of that name."""
    return SimpleNamespace(name=name)


OLDER = SimpleNamespace(experimental=config(global_policy=policy("mixed_float16")))


@pytest.mark.parametrize(
    "found",
    [
        tensorflow("1.14.0"),
        tensorflow("1.15.5", keras=SimpleNamespace(mixed_precision=config(global_policy=policy("infer")))),
        tensorflow(config=config(functions_run_eagerly=False), distribute=config(has_strategy=False)),
        tensorflow("2.21.0", keras=SimpleNamespace(config=config(max_epochs=None), distribution=config())),
    ],
    ids=["oldest", "graphs", "keras2", "keras3"],
)
def test_as_it_starts(found):
    """A TensorFlow that nobody touched is not told of, nor one that lacks what is asked."""
    assert switches.described(found) == ""


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (tensorflow(eager=False), "eager execution is off"),
        (tensorflow("1.15.5", eager=True), "eager execution is on"),
        (tensorflow(config=config(functions_run_eagerly=True)), "every tf.function runs eagerly"),
        (tensorflow(config=config(experimental_functions_run_eagerly=True)), "every tf.function runs"),
        (tensorflow(keras=SimpleNamespace(config=config(dtype_policy=policy("float64")))), "is float64"),
        (tensorflow(keras=SimpleNamespace(mixed_precision=OLDER)), "all layers is mixed_float16"),
        (tensorflow(distribute=config(has_strategy=True)), "a distribution strategy is in effect"),
        (tensorflow(keras=SimpleNamespace(config=config(max_epochs=1))), "keras.config.max_epochs() is 1"),
    ],
)
def test_what_is_switched_is_named(found, said):
    """In a line that says what to do."""
    told = switches.described(found)
    assert told.startswith("TensorFlow was switched: ")
    assert said in told
    assert told.endswith("run them by themselves")


def test_a_phase_set_by_hand(monkeypatch):
    """A graph's own phase is a tensor, and says nothing."""
    module = sys.modules[__name__]
    found = tensorflow(keras=SimpleNamespace(backend=SimpleNamespace(learning_phase=tensorflow)))
    monkeypatch.setattr(module, "_GRAPH_LEARNING_PHASES", {"graph": object()}, raising=False)
    assert switches.described(found) == ""
    monkeypatch.setattr(module, "_GRAPH_LEARNING_PHASES", {"graph": object(), "eager": 0})
    assert "the learning phase is set" in switches.described(found)


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("when", ["imported", "fixture"])
def test_no_case_is_asked_beside_it(project, workers, when):
    """It ends the run in one line, before the first case: no file is written, and nothing has regressed."""
    if when == "imported":
        project.tensorflow(TENSORFLOW.replace("executing_eagerly = lambda: True", "executing_eagerly = bool"))
    else:
        (project.root / "conformance" / "conftest.py").write_text(CONFTEST)
    done = project.run("-n", workers)
    assert done.returncode == Exit.NOT_MEASURED, done.stdout
    told = [line for line in done.stdout.splitlines() if "TensorFlow was switched: eager" in line]
    assert len(told) == 1, done.stdout
    assert "regressed" not in done.stdout
    assert not project.results.exists()
