"""Cases that ask alone: an experiment is asked for what is wanted, and never twice for what it has said."""

import contextlib
import sys
from types import SimpleNamespace

import pytest

import conformance.measuring
from conformance.breaking.alone import _Alone, _Each


@pytest.fixture
def alone(monkeypatch):
    """Return what asks alone, with a stand-in for the module that imports TensorFlow."""
    installed = SimpleNamespace(fresh=contextlib.nullcontext)
    monkeypatch.setitem(sys.modules, "conformance.measuring.installed", installed)
    monkeypatch.setattr(conformance.measuring, "installed", installed, raising=False)
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
