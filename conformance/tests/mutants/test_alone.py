"""Cases that ask alone: an experiment is asked for what is wanted, and never twice for what it has said."""

import contextlib
import re
import sys
from types import SimpleNamespace

import pytest

import conformance.measuring
from conformance import suite
from conformance.breaking.alone import _STAGES, _Alone, _Each, _Lives, remember_what_is_installed


@pytest.fixture
def stand_in(monkeypatch):
    """Return what puts something in the place of the module that imports TensorFlow."""

    def put(installed):
        monkeypatch.setitem(sys.modules, "conformance.measuring.installed", installed)
        monkeypatch.setattr(conformance.measuring, "installed", installed, raising=False)
        return installed

    return put


@pytest.fixture
def alone(stand_in):
    """Return what asks alone, with a stand-in for the module that imports TensorFlow."""
    stand_in(SimpleNamespace(fresh=contextlib.nullcontext))
    return _Alone()


def test_each_question_is_asked_by_itself(alone):
    """Of each situation."""
    asked = []

    def experiment(questions, *situation):
        asked.append((questions, situation))
        return {question: (question, *situation) for question in questions}

    questions = ("fit", "predict")
    assert alone.answered(experiment, "fit", questions, "Dense") == ("fit", "Dense")
    assert alone.answered(experiment, "predict", questions, "Dense") == ("predict", "Dense")
    assert alone.answered(experiment, "fit", questions, "Conv2D") == ("fit", "Conv2D")
    assert alone.answered(experiment, "fit", questions, "Dense") == ("fit", "Dense")
    assert asked == [(("fit",), ("Dense",)), (("predict",), ("Dense",)), (("fit",), ("Conv2D",))]


def test_what_an_experiment_says_besides_is_not_asked_again(alone):
    """Some take all their steps, whatever is asked."""
    asked = []

    def experiment(questions):
        asked.append(questions)
        return {"fit": 1, "predict": 2}

    assert [alone.answered(experiment, question, ()) for question in ("predict", "fit")] == [2, 1]
    assert asked == [("predict",)]


def test_one_that_raises_answers_for_no_other(alone):
    """It raises for whoever asks."""

    def experiment(questions):
        if questions == ("fit",):
            raise ValueError("no fit")
        return dict.fromkeys(questions, 3)

    for _ in range(2):
        with pytest.raises(ValueError, match="no fit"):
            alone.answered(experiment, "fit", ("fit", "predict"))
    assert alone.answered(experiment, "predict", ("fit", "predict")) == 3


def test_of_all_ways_only_the_one_that_is_asked_for_is_gone():
    """Between the models that it is about."""
    gone = []

    def by_routes(routes, *models):
        gone.append((routes, models))
        return {route: f"landed by {route}" for route in routes}

    assert _Each(by_routes, ("nothing", "all"))["h5"] == "landed by h5"
    assert gone == [(("h5",), ("nothing", "all"))]


@pytest.fixture
def gone(monkeypatch):
    """Return what was gone through, and lives that say of each stage how long it is called."""
    files = SimpleNamespace(_stage=lambda act: act())
    monkeypatch.setitem(sys.modules, "conformance.fixtures.situations", SimpleNamespace(model_files=files))
    through = []

    def life(route):
        through.append(route)
        return {name: files._stage(lambda n=name: through.append(n) or len(n)) for name in _STAGES}

    return through, _Lives(life, "h5")


def test_a_stage_is_gone_through_without_those_before_it(gone):
    """Each in a life of its own, once."""
    through, lives = gone
    assert (lives["thaw"], lives["thaw"], lives["predict"]) == (4, 4, 7)
    assert through == ["h5", "thaw", "h5", "predict"]


def test_the_stages_are_those_of_the_situation():
    """In their order: they are told apart by nothing else."""
    text = (suite.ROOT / "fixtures" / "situations" / "model_files.py").read_text()
    assert tuple(re.findall(r'^ +"(\w+)": _stage\(', text, re.M)) == _STAGES


def test_what_is_installed_is_looked_for_once(stand_in):
    """However often it is asked."""
    looked = []

    def flavour():
        looked.append("flavour")
        return "tf1"

    def column():
        looked.append("column")
        return {"id": "tf1.15"}

    installed = stand_in(SimpleNamespace(flavour=flavour, column=column))
    remember_what_is_installed()
    assert (installed.flavour(), installed.flavour(), installed.column()["id"]) == ("tf1", "tf1", "tf1.15")
    assert looked == ["flavour", "column"]
