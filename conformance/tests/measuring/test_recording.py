"""From what a case saw, or how it broke, to its record."""

import json

import pytest

from conformance.measuring import recording
from conformance.measuring.case import Case
from conformance.measuring.observation import NotApplicable, Observation
from conformance.measuring.recording import Observer, record
from conformance.words import Outcome, Word

CASE = Case("dropout/ignores-trainable[x]", "dropout/ignores-trainable", ("drops",), True)


@pytest.fixture(autouse=True)
def no_docstrings(monkeypatch):
    """Records here are of no TensorFlow, so none has a docstring to read."""
    monkeypatch.setattr(recording, "documented", lambda claim: None)


def seen(word, measured=None):
    """Return an observer that saw a word."""
    observer = Observer()
    observer(Observation(word, measured))
    return observer


def test_the_expected_word_holds():
    """What the claim predicts holds, without a reason, its number cut to three figures."""
    kept = record(CASE, seen(Word.DROPS, 0.498123), None)
    assert (kept["outcome"], kept["observed"]) == ("holds", "drops")
    assert (kept["measured"], kept["reason"]) == (0.498, None)


def test_another_word_deviates():
    """Another word of the family deviates, and the reason says which."""
    kept = record(CASE, seen(Word.PASSES, 0.0012345), None)
    assert (kept["outcome"], kept["observed"], kept["measured"]) == ("deviates", "passes through", 0.00123)
    assert kept["reason"] == "expected drops, observed passes through"


def test_a_word_of_another_family_is_an_error():
    """The vocabulary is closed."""
    kept = record(CASE, seen(Word.BATCH), None)
    assert (kept["outcome"], kept["reason"]) == ("error", "'batch statistics' is not a word of this family")


def test_no_observation_is_an_error():
    """A case that recorded nothing has not passed."""
    for observer in (Observer(), None):
        kept = record(CASE, observer, None)
        assert (kept["outcome"], kept["reason"]) == ("error", "the case recorded no observation")


def test_a_case_observes_once():
    """A second observation is a mistake in the case."""
    observer = seen(Word.DROPS)
    with pytest.raises(RuntimeError, match="once"):
        observer(Observation(Word.DROPS))


def test_not_applicable_keeps_its_reason():
    """What TensorFlow lacks is neither a pass nor a failure."""
    kept = record(CASE, None, NotApplicable("no such layer"))
    assert (kept["outcome"], kept["reason"]) == ("not-applicable", "no such layer")


def test_our_own_mistake_is_an_error():
    """An exception from the suite's own code says nothing about TensorFlow."""
    with pytest.raises(ZeroDivisionError) as caught:
        1 / 0  # noqa: B018
    kept = record(CASE, seen(Word.DROPS), caught.value)
    assert (kept["outcome"], kept["reason"]) == ("error", "ZeroDivisionError: division by zero")


def test_an_exception_from_nowhere_is_an_error():
    """Without a frame nothing says that it is TensorFlow's."""
    assert record(CASE, None, ValueError("no"))["outcome"] == "error"


def test_whether_tensorflow_documents_it(monkeypatch):
    """It is kept beside what the case saw, and not asked where the case does not apply."""
    monkeypatch.setattr(recording, "documented", lambda claim: claim == CASE.claim)
    assert record(CASE, seen(Word.DROPS), None)["documented"] is True
    assert "documented" not in record(CASE, None, NotApplicable("no such layer"))


def installed(source, folder, tmp_path, monkeypatch):
    """Return a module `thrower` that is installed in a package."""
    package = tmp_path / "lib" / "site-packages" / folder
    package.mkdir(parents=True)
    (package / "thrower.py").write_text(source)
    monkeypatch.syspath_prepend(str(package))
    monkeypatch.delitem(__import__("sys").modules, "thrower", raising=False)
    return __import__("thrower")


def raised_in(folder, tmp_path, monkeypatch, message="no"):
    """Return an exception that a module in `folder` raised."""
    source = f"def throw():\n    raise ValueError({message!r})\n"
    thrower = installed(source, folder, tmp_path, monkeypatch)
    with pytest.raises(ValueError, match=r"[\s\S]*") as caught:
        thrower.throw()
    return caught.value


@pytest.mark.parametrize("folder", ["tensorflow", "keras", "tf_keras", "tensorflow_core"])
def test_an_exception_of_tensorflow_is_observed(folder, tmp_path, monkeypatch):
    """What TensorFlow raises is what TensorFlow did: a deviation, with its message."""
    kept = record(CASE, None, raised_in(folder, tmp_path, monkeypatch, "bad 0x7f12 shape"))
    assert (kept["outcome"], kept["observed"]) == ("deviates", "raises ValueError")
    assert kept["reason"].endswith("bad 0x… shape")


def test_an_environment_may_be_inside_the_project(tmp_path, monkeypatch):
    """What tox installed there is no less TensorFlow's own."""
    monkeypatch.setattr(recording, "PACKAGE", tmp_path / "conformance")
    assert record(CASE, None, raised_in("tensorflow", tmp_path, monkeypatch))["outcome"] == "deviates"


def layer():
    """Stand for a layer of the suite, which TensorFlow calls back."""
    raise ValueError("no")


@pytest.mark.parametrize(
    ("function", "arguments", "observed"),
    [(json.loads, ["{"], "raises JSONDecodeError"), (layer, [], None)],
    ids=["standard-library", "layer-of-the-suite"],
)
def test_what_tensorflow_calls_may_raise(function, arguments, observed, tmp_path, monkeypatch):
    """The standard library raises in its name; a layer of the suite that it calls does not."""
    calls = "def call(function, *arguments):\n    function(*arguments)\n"
    thrower = installed(calls, "tensorflow", tmp_path, monkeypatch)
    with pytest.raises(ValueError, match=r".*") as caught:
        thrower.call(function, *arguments)
    assert record(CASE, None, caught.value)["observed"] == observed


def test_an_exception_of_another_package_is_an_error(tmp_path, monkeypatch):
    """A failure of a third package is not TensorFlow's behaviour."""
    assert record(CASE, None, raised_in("scipy", tmp_path, monkeypatch))["outcome"] == "error"


LATER = '    File "/x/{}", line 3, in f\n\n    ValueError: no'
EARLIER = "    /x/{}:3 f  *\n\n    ValueError: no"


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("site-packages/keras/engine.py", "deviates"),
        ("site-packages/tensorflow/python/a.py", "deviates"),
        ("project/fixtures/layers.py", "error"),
    ],
)
@pytest.mark.parametrize("style", [EARLIER, LATER], ids=["earlier", "later"])
def test_traced_code_is_told_apart_by_its_message(style, path, outcome, tmp_path, monkeypatch):
    """AutoGraph raises anew what traced code raised; the last file it names is the culprit."""
    begins = "in converted code:" if style is EARLIER else "in user code:"
    message = f"{begins}\n\n" + style.format(path)
    error = raised_in("tensorflow", tmp_path, monkeypatch, message)
    kept = record(CASE, None, error)
    assert kept["outcome"] == outcome
    assert kept["reason"].endswith("ValueError: no")


@pytest.mark.parametrize(("folder", "outcome"), [("tensorflow", "deviates"), ("scipy", "error")])
def test_traced_code_that_never_ran_is_told_apart_by_its_frames(folder, outcome, tmp_path, monkeypatch):
    """Where the call itself failed, AutoGraph's message names no file."""
    message = "in converted code:\n    TypeError: call() got an unexpected keyword argument"
    assert record(CASE, None, raised_in(folder, tmp_path, monkeypatch, message))["outcome"] == outcome


def test_a_long_reason_is_cut():
    """A message of any size leaves one short line."""
    for length, kept in ((240, "x" * 240), (241, "x" * 239 + "…")):
        message = NotApplicable("x" * length + "\nsecond line")
        assert record(CASE, None, message)["reason"] == kept
    assert record(CASE, None, NotApplicable(" \n"))["reason"] == ""


@pytest.mark.parametrize(
    "message",
    [
        "Unknown variable: <Variable path=sequential_42/base_dense/kernel, shape=(4, 4), value=[[1. 0.]",
        "Unknown variable: <Variable path=sequential_7/base_dense/kernel, shape=(4, 4), value=[[3. 0.]",
    ],
)
def test_a_reason_is_the_same_in_every_run(message):
    """Numbers that Keras appends to names, and values, depend on what ran before."""
    kept = record(CASE, None, NotApplicable(message))
    assert (
        kept["reason"]
        == "Unknown variable: <Variable path=sequential/base_dense/kernel, shape=(4, 4), value=…"
    )


def test_documentation_is_compared_by_its_words():
    """Mark-up, quotation marks, case and line breaks moved between releases; words did not."""
    old = "“Frozen state” and **`inference\n    mode`**"
    assert recording.normalized(old) == "frozen state and inference mode"


@pytest.mark.parametrize("outcome", [Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.NOT_RUN])
def test_a_lost_case_has_a_record(outcome):
    """Of the same shape as every other, with nothing observed."""
    kept = recording.lost(CASE, outcome, "it died")
    assert kept == {**record(CASE, None, NotApplicable("x")), "outcome": outcome.value, "reason": "it died"}
    assert (kept["expected"], kept["observed"], kept["measured"]) == ("drops", None, None)
