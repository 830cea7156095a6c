"""What is made of an audit's findings: beside the cells, and beside what is found where nothing is broken."""

import pytest

from conformance.zoo import kept, visits

EXPECTED = ["drops", "drops anew"]
CELLS = {"f/c[a]": {"observed": "drops"}, "f/c[b]": {"observed": None}}


def found(word, case="", outcome="holds", layer="drop", reason=""):
    """Return one finding, as an audit tells it."""
    about = {"question": "fit()", "about": "masking", "layer": layer, "asked": "fit()"}
    return {**about, "outcome": outcome, "word": word, "case": case, "reason": reason, "expected": EXPECTED}


def seen(*findings, **answer):
    """Return what is kept of an audit."""
    return visits.seen("plain", "tf2.15", {"found": list(findings), **answer}, CELLS, ["1", "2"])


def test_words_are_held_against_cells():
    """Of the same situation, each once; where there is no such cell, or none with a word, there is none."""
    same, alike, other = (found(word, "f/c[a]") for word in ("drops", "drops anew", "passes through"))
    visit = seen(same, same, alike, other, found("drops", "f/c[b]"), found("drops", "f/c[c]"), found("drops"))
    assert (visit.agrees, visit.alike) == (1, 1)
    assert visit.differs == ["f/c[a]: passes through, and the cell says drops"]


def test_what_gave_no_answer_is_told():
    """A question, and a model that could not be asked at all."""
    visit = seen(found("", outcome="timed-out", reason="it hangs"), refused="its process ended")
    assert visit.unanswered == ["fit(): it hangs", "its process ended"]


def otherwise(ask, mutant="broken", silent=None):
    """Return what is noticed of a model under a mutant."""
    silent = [] if silent is None else silent
    return visits._otherwise(ask, visits._usual(ask), "plain", ("fit()",), mutant, silent)


#: What is found without a mutant, and what with one.
HEALTHY = [found("drops"), found("passes through", layer="other")]


@pytest.mark.parametrize(
    ("broken", "noticed"),
    [
        (HEALTHY, ""),
        ([found("passes through")], "plain, fit(): drop, masking: passes through, not drops"),
        ([found("raises TypeError", outcome="deviates")], ""),
        ([found("", outcome="error")], ""),
        ([], ""),
    ],
    ids=["nothing", "another-word", "an-exception", "no-answer", "nothing-at-all"],
)
def test_what_is_noticed(broken, noticed):
    """Another word is, and neither an exception nor a question without an answer."""

    def ask(model, questions, mutant):
        return {"found": broken if mutant else HEALTHY}

    assert otherwise(ask) == noticed


def test_what_deviates_and_was_not_there_is_noticed():
    """A layer that has weights only while TensorFlow is broken; not one that holds."""

    def ask(model, questions, mutant):
        more = [found("weights kept", layer=mutant, outcome="deviates" if mutant == "bad" else "holds")]
        return {"found": HEALTHY + more * bool(mutant)}

    said = [otherwise(ask, mutant) for mutant in ("good", "bad")]
    assert said == ["", "plain, fit(): bad, masking: weights kept, where nothing was said"]


@pytest.mark.parametrize("without", [{"found": HEALTHY}, {"refused": "there is no such layer"}])
def test_a_model_without_an_answer_is_silent(without):
    """Where it gives one as long as nothing is broken: its process ended, or it cannot be built any more."""
    silent = []

    def ask(model, questions, mutant):
        return {"refused": "its process ended"} if mutant else without

    assert otherwise(ask, silent=silent) == ""
    assert silent == (["plain: its process ended"] if "found" in without else [])


def test_what_differs_by_chance_is_not_noticed():
    """What is said otherwise without any mutant."""
    answers = iter([[found("drops")], [found("passes through")], [found("passes through")]])
    assert otherwise(lambda *_: {"found": next(answers)}) == ""


def test_the_healthy_are_asked_once():
    """For all mutants."""
    asked = []

    def ask(model, questions, mutant):
        asked.append(mutant)
        return {"found": HEALTHY}

    usual = visits._usual(ask)
    for mutant in ("one", "two"):
        visits._otherwise(ask, usual, "plain", (), mutant, [])
    assert asked == ["", "one", "two"]


def test_what_noticed_before_is_asked_first(monkeypatch):
    """Of the model, and by the question, that did: then all questions of the models that are near."""
    told = {
        "tf2.0": "noisy, fit(): drop, masking: passes through, not drops",
        "tf2.15": "noisy, fit(): drop, masking: passes through, not drops",
        "tf2.21": "popped, the model.trainable = True: dense, flag: does not reach, not reaches",
        "tf1.15": "",
    }
    kept_ = [kept.Trial("broken", "dropout", column, each, [], []) for column, each in told.items()]
    monkeypatch.setattr(kept, "whatever", lambda: ([], kept_))
    first, second, *rest = visits.attempts("broken", "dropout")
    assert (first, second) == (("noisy", ("fit()",)), ("popped", ("flags",)))
    assert {questions for _, questions in rest} == {visits.BROKEN}
