"""What was seen of a layer becomes findings: an instrument's word beside the one that a claim predicts.

Every layer is judged by what it was told itself, so that one fault is one finding and not one for each layer
below it. What cannot be judged says why.
"""

from __future__ import annotations

from typing import Any, Iterator, Optional, Sequence, Set, Tuple

import numpy as np
import tensorflow as tf

from conformance.auditing import blame, experiments
from conformance.auditing.experiments import Question, Seen, Was, is_batchnorm, masking_rate
from conformance.auditing.findings import WHOLE, WRITTEN, Alarm, Finding, judged, not_applicable
from conformance.auditing.watching import IN_GRAPHS, Log
from conformance.measuring import instruments
from conformance.measuring.observation import Observation
from conformance.words import INFERENCE, Word

keras = tf.keras
#: Weights, by the path of their layer and their place in it.
Due = Set[Tuple[str, int]]

_STATISTICS = "statistics"
_VALUES = {True: Word.TRUE, False: Word.FALSE}
_TOLD_NOTHING = "it was not called, or it was told nothing"


def findings(seen: Seen, due: Due) -> Iterator[Finding]:
    """Return what one question says of every layer. `due` has the weights that a step should move."""
    wanted = _of_the_whole(seen)
    for was in seen.places:
        yield from told(seen, was, wanted)
        yield from masking(seen.question, was)
        yield from mode(seen.question, was)
        if seen.question.trains:
            yield from trained(seen.question, was, due)
            yield from kept_state(seen.question, was)
        if is_batchnorm(was.place.layer):
            yield from statistics(seen.question, was)


def _path(was: Was) -> str:
    return was.place.path or WHOLE


# What it is told.


def _of_the_whole(seen: Seen) -> bool:
    """Return the value that all layers should be told: the question's, or what a step of the user's says."""
    first = seen.places[0]
    word = instruments.training_seen(*first.signals).word
    return seen.question.training and not (word in INFERENCE and _cause(seen.question, first))


def _wanted(was: Was, whole: bool) -> Optional[bool]:
    """Return the value that a layer should be told: what the user's code wrote for it, or the whole's."""
    if len(was.log.written - {None}) > 1:
        return None
    written = _written(was.log)
    return bool(next(iter(written))) if written else whole


def _written(log: Log) -> Set[bool]:
    """Return the values that the user's code wrote for a layer, or for one around it that was told so.

    What did not reach the layer for which it was written is that layer's finding, and of none inside it.
    """
    around = [source for source in log.sources if source is not log]
    return set() if any(map(_missed, around)) else log.written - {None}


def _missed(source: Log) -> bool:
    """Return whether a layer was told another value than the one that was written for it."""
    word = instruments.training_seen(*source.signals()).word
    return word is not Word.NOT_CALLED and word not in ((Word.TRUE,) if True in source.written else INFERENCE)


def told(seen: Seen, was: Was, whole: bool) -> Iterator[Finding]:
    """Return whether a layer was told the value that it should be."""
    question, about, path = seen.question, "training", _path(was)
    wanted = _wanted(was, whole if was.place.path else question.training)
    if not was.log.listens:
        yield not_applicable(question.name, about, path, "its call() has no `training`")
        return
    saw = instruments.training_seen(*was.signals)
    if saw.word is Word.NOT_CALLED:
        yield not_applicable(question.name, about, path, "the model does not call it")
    elif wanted is None or (saw.word is Word.MIXED and len(was.log.written) > 1):
        yield not_applicable(question.name, about, path, "it is called more than once, with different values")
    elif _written(was.log):
        case = _written_case(seen, wanted)
        yield judged(question.name, about, path, WRITTEN, saw, _expected(question, wanted), case=case)
    else:
        is_leaked = saw.word is _VALUES[not wanted] and _is_told_elsewhere(seen, was, not wanted)
        claim, case = _leak(seen, not wanted) if is_leaked else _claim(seen, was)
        expected, cause = _expected(question, wanted), _cause(question, was)
        yield judged(question.name, about, path, claim, saw, expected, reason=cause, case=case)


def _expected(question: Question, wanted: bool) -> Sequence[Word]:
    """Return the words for a value: what is simply called is in inference where nobody says anything too."""
    if wanted:
        return (Word.TRUE,)
    return (Word.FALSE,) if question.is_compiled and not question.training else INFERENCE


def _claim(seen: Seen, was: Was) -> Tuple[str, str]:
    """Return the claim on what is told in a question, and the suite's case of the same situation."""
    question, kind = seen.question, experiments.kind(seen.model)
    if kind == "Subclassed" and not (seen.places[0].log.listens and (question.is_compiled or _handed(was))):
        kind = "SubclassedSilent"
    if question.training and not question.is_compiled:
        claim = "training/reaches-nested-layers"
        return claim, f"{claim}[true-reaches-{kind}]"
    claim = "training/set-by-entry-point"
    if not question.is_compiled:
        return claim, f"{claim}[simply-called-{kind}]"
    return claim, f"{claim}[in-{_step(question)}-of-{kind}]"


def _is_told_elsewhere(seen: Seen, was: Was, value: bool) -> bool:
    """Return whether the user's code told another layer inside some value."""
    return any(value in other.log.written for other in seen.places if other is not was)


def _leak(seen: Seen, value: bool) -> Tuple[str, str]:
    """Return the claim on values that stay where they were written, and the suite's case of the model."""
    claim = "training/explicit-value-stays-local"
    kind = "layer-in-layer" if experiments.kind(seen.model) == "Subclassed" else "Functional"
    if value and not seen.question.is_compiled:
        return claim, f"{claim}[after-true-under-nothing-{kind}]"
    written, around = ("true", "false") if value else ("false", "true")
    return claim, f"{claim}[beside-{written}-under-{around}-{kind}-after]"


def _handed(was: Was) -> bool:
    """Return whether the user's code hands a value on to a layer; else Keras has to carry it inside."""
    return not was.place.path or any(source.written for source in was.log.sources)


def _written_case(seen: Seen, wanted: bool) -> str:
    """Return the suite's case of a value that was written, in a question that says another one."""
    value, question, kind = str(wanted).lower(), seen.question, experiments.kind(seen.model)
    if not question.is_compiled:
        outer = "true" if question.training else "nothing"
        return f"{WRITTEN}[{value}-under-{outer}-{kind}]"
    return f"{WRITTEN}[{value}-in-{_step(question)}-of-{kind}]"


def _step(question: Question) -> str:
    return question.name.split("(")[0].replace("_", "-")


def _cause(question: Question, was: Was) -> str:
    """Return who is known to have told a model something else: a step that its class overrides."""
    step = {"fit()": "train_step", "train_on_batch()": "train_step", "evaluate()": "test_step"}
    name = step.get(question.name.split(",")[0], "predict_step")
    own = getattr(type(was.place.layer), name, None)
    if was.place.path or own is None or own.__module__.split(".")[0] in blame.LIBRARIES:
        return ""
    return f"{blame.owner(own).replace('your', 'your own')} {name}() calls it so"


def _was_told(question: Question, was: Was) -> Optional[bool]:
    """Return what a layer was told, None where it was not called, told both, or nothing in training.

    A layer of Keras 2 to which nobody says anything asks the learning phase, which says who knows what in
    a step; in a graph of TF1 it is what the step sets.
    """
    word = instruments.training_seen(*was.signals).word
    silence: Optional[bool] = None if question.training else False
    if IN_GRAPHS:
        silence = question.training and question.is_compiled
    return {Word.TRUE: True, Word.FALSE: False, Word.NONE: silence}.get(word)


# What it does with that.


def masking(question: Question, was: Was) -> Iterator[Finding]:
    """Return whether a layer that drops, or adds noise, does so when it is told to, and only then."""
    rate, about, path = masking_rate(was.place.layer), "masking", _path(was)
    if rate is None or not was.log.calls:
        return
    inputs, out = (array.astype("float64") for array in was.log.calls[-1])
    if rate < 0.02 or not np.abs(inputs).sum():
        why = "its rate is too small to be seen" if rate < 0.02 else "only zeros came in"
        yield not_applicable(question.name, about, path, why)
        return
    seen, told_ = instruments.differs_from_inference(out, inputs), _was_told(question, was)
    if told_ is None:
        yield not_applicable(question.name, about, path, _TOLD_NOTHING)
    elif told_:
        yield judged(question.name, about, path, "dropout/on-when-training", seen, [Word.DROPS])
    else:
        yield judged(question.name, about, path, "dropout/off-in-inference", seen, [Word.PASSES])


def mode(question: Question, was: Was) -> Iterator[Finding]:
    """Return which statistics a BatchNormalization used."""
    about, path = "mode", _path(was)
    if not is_batchnorm(was.place.layer) or not was.log.calls:
        return
    why = _unclear(was)
    if why:
        yield not_applicable(question.name, about, path, why)
        return
    batch, moving = _predictions(was)
    out = was.log.calls[-1][1]
    as_batch, as_moving = (instruments.same_values(p, out).word is Word.SAME for p in (batch, moving))
    if (as_batch and as_moving) or instruments.same_values(batch, moving).word is Word.SAME:
        yield not_applicable(question.name, about, path, "this batch does not tell its two statistics apart")
        return
    word = Word.BATCH if as_batch else Word.MOVING if as_moving else Word.NEITHER
    if _was_told(question, was) is None and not was.is_frozen:
        yield not_applicable(question.name, about, path, _TOLD_NOTHING)
        return
    claim, expected, case = _mode_wanted(question, was)
    yield judged(question.name, about, path, claim, Observation(word), [expected], case=case)


def _mode_wanted(question: Question, was: Was) -> Tuple[str, Word, str]:
    """Return the claim on the mode of a BatchNormalization, the word there, and the suite's case."""
    if was.is_frozen:
        inner = "propagation/inner-batchnorm-follows"
        claim = "batchnorm/frozen-runs-in-inference-mode" if was.says_frozen else inner
        return claim, Word.MOVING, f"{claim}[{_frozen_mode(question, was)}]" if question.training else ""
    if _was_told(question, was):
        return "batchnorm/training-uses-batch-statistics", Word.BATCH, ""
    return "batchnorm/inference-uses-moving-statistics", Word.MOVING, ""


def _frozen_mode(question: Question, was: Was) -> str:
    """Return how the suite's cases name a BatchNormalization that is frozen, in training mode."""
    if not was.says_frozen:
        outer = next((each.layer for each in was.place.holders if each.says_frozen), None)
        return f"batchnorm-in-frozen-{experiments.kind(outer) if isinstance(outer, keras.Model) else 'layer'}"
    rank = was.log.calls[-1][0].ndim
    if question.is_compiled and rank in (2, 4):
        return f"frozen-in-step-{_step(question)}-rank{rank}"
    return "kind-frozen-rank5" if rank == 5 else f"frozen-called-with-training-true-rank{rank}"


def _unclear(was: Was) -> str:
    """Return why it cannot be computed what a BatchNormalization should give; nothing where it can."""
    inputs = was.log.calls[-1][0]
    if was.log.masked:
        return "its input has a mask"
    if len(was.log.calls) > 1:
        return "it is called more than once"
    if getattr(was.place.layer, "renorm", False) or isinstance(was.place.layer.axis, (list, tuple)):
        axis = was.place.layer.axis
        if getattr(was.place.layer, "renorm", False) or len(axis) != 1:
            return "its statistics are of an unusual kind"
    if inputs.dtype != np.float32:
        return f"numbers of {inputs.dtype.name} are too coarse"
    return "" if len(inputs) > 1 else "needs a batch of more than one row"


def _axis(layer: Any, rank: int) -> int:
    axis = layer.axis[0] if isinstance(layer.axis, (list, tuple)) else layer.axis
    return int(axis) % rank


def _predictions(was: Was) -> Sequence[np.ndarray]:
    """Return what a BatchNormalization gives with the batch's statistics, and with the moving ones."""
    layer, inputs = was.place.layer, was.log.calls[-1][0].astype("float64")
    axis = _axis(layer, inputs.ndim)
    others = tuple(i for i in range(inputs.ndim) if i != axis)
    shape = [-1 if i == axis else 1 for i in range(inputs.ndim)]
    held = {id(v): value for v, value in zip(was.place.weights + was.place.state, was.weights + was.state)}

    def before(name: str, otherwise: float) -> Any:
        variable = getattr(layer, name, None)
        return otherwise if variable is None else held[id(variable)].astype("float64").reshape(shape)

    gamma, beta = before("gamma", 1.0), before("beta", 0.0)
    pairs = (
        (inputs.mean(others, keepdims=True), inputs.var(others, keepdims=True)),
        (before("moving_mean", 0.0), before("moving_variance", 1.0)),
    )
    return [gamma * (inputs - mean) / np.sqrt(var + float(layer.epsilon)) + beta for mean, var in pairs]


def statistics(question: Question, was: Was) -> Iterator[Finding]:
    """Return whether moving statistics moved, and how often, as a layer's flag and what it was told say."""
    told_, path = _was_told(question, was), _path(was)
    if not was.state or (told_ is None and not was.is_frozen):
        yield not_applicable(question.name, _STATISTICS, path, _TOLD_NOTHING)
        return
    seen = instruments.statistics_moved(was.state, was.state_after)
    if was.is_frozen:
        claim, expected = "batchnorm/frozen-keeps-moving-statistics", Word.STATISTICS_KEPT
        alarm = Alarm.FROZEN_TRAINED.value if question.trains else ""
        yield judged(question.name, _STATISTICS, path, claim, seen, [expected], alarm)
    elif told_:
        claim = "batchnorm/training-uses-batch-statistics"
        seen = _how_often(was) if not _often_unclear(was) else seen
        yield judged(question.name, _STATISTICS, path, claim, seen, [Word.STATISTICS_UPDATED])
    else:
        claim = "batchnorm/inference-uses-moving-statistics"
        yield judged(question.name, _STATISTICS, path, claim, seen, [Word.STATISTICS_KEPT])


def _often_unclear(was: Was) -> bool:
    return not was.log.calls or bool(_unclear(was)) or not hasattr(was.place.layer, "momentum")


def _how_often(was: Was) -> Observation:
    """Return whether the moving mean went once towards the batch's, where that is far enough away."""
    layer, inputs = was.place.layer, was.log.calls[-1][0].astype("float64")
    axis = _axis(layer, inputs.ndim)
    goal = inputs.mean(tuple(i for i in range(inputs.ndim) if i != axis))
    index = next(i for i, v in enumerate(was.place.state) if v is layer.moving_mean)
    before, after = (held[index].astype("float64") for held in (was.state, was.state_after))
    far = np.abs(goal - before) > 1e-2
    if not far.any():
        return instruments.statistics_moved(was.state, was.state_after)
    return instruments.momentum_used([before[far]], [after[far]], [goal[far]], float(layer.momentum))


# What a step did to its weights.


def trained(question: Question, was: Was, due: Due) -> Iterator[Finding]:
    """Return whether a step trained what says that it is trainable, and nothing that says it is frozen."""
    if not was.weights:
        return
    about, path = "weights", _path(was)
    if was.is_frozen:
        seen = instruments.weights_moved(was.weights, was.weights_after)
        claim = "batchnorm/frozen-keeps-weights" if is_batchnorm(was.place.layer) else ""
        claim = claim or "frozen/weights-are-not-updated"
        claim = claim if was.says_frozen else "propagation/frozen-container-governs"
        expected, alarm = [Word.WEIGHTS_KEPT], Alarm.FROZEN_TRAINED.value
        yield judged(question.name, about, path, claim, seen, expected, alarm, _listing(was))
        return
    yield from _trained_where_due(question, was, due)


def _trained_where_due(question: Question, was: Was, due: Due) -> Iterator[Finding]:
    """Return whether the weights that a gradient reaches moved; the others say nothing."""
    about, path = "weights", _path(was)
    pairs = list(zip(was.weights, was.weights_after))
    moved = [not np.array_equal(before, after) for before, after in pairs]
    asked = [pair for i, pair in enumerate(pairs) if moved[i] or (was.place.path, i) in due]
    if not asked:
        yield not_applicable(question.name, about, path, "no gradient reaches its weights with this batch")
        return
    seen = instruments.weights_moved(*zip(*asked))
    claim = "propagation/empties-trainable-weights"
    alarm = Alarm.TRAINABLE_KEPT.value
    yield judged(question.name, about, path, claim, seen, [Word.WEIGHTS_UPDATED], alarm, _listing(was))


def _listing(was: Was) -> str:
    """Return whether the model's own list of what it trains has a layer's weights."""
    verb = {0: "does not list", len(was.weights): "lists"}.get(was.listed, "lists some of")
    return f"the model's trainable_weights {verb} its weights"


def kept_state(question: Question, was: Was) -> Iterator[Finding]:
    """Return whether the state of a frozen layer stayed what it was. Of a BatchNormalization see above."""
    if was.is_frozen and was.state and not is_batchnorm(was.place.layer):
        seen = instruments.state_moved(was.state, was.state_after)
        claim = "frozen/state-updates-are-not-run"
        alarm = Alarm.FROZEN_TRAINED.value
        yield judged(question.name, "state", _path(was), claim, seen, [Word.STATE_KEPT], alarm)


def stayed_put(seen: Seen) -> bool:
    """Return whether something that says it is trainable did not move: then its gradient is asked for."""
    return bool(unmoved(seen))


def unmoved(seen: Seen) -> Due:
    """Return the weights that no layer says are frozen, and that are what they were."""
    return {
        (was.place.path, i)
        for was in seen.places
        if not was.is_frozen
        for i, (before, after) in enumerate(zip(was.weights, was.weights_after))
        if np.array_equal(before, after)
    }
