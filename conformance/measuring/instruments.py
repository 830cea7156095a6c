"""The measurements that everything rests on.

Each is a pure function of numbers that TensorFlow produced: it imports no TensorFlow, so that both
of its answers can be tested without one. It returns an `Observation`: a word, and the number that
the word was chosen by. Thresholds have room on both sides: what they tell apart is at least ten
times further away than what they let pass.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Mapping, Sequence

import numpy as np

from conformance.measuring.observation import Observation
from conformance.words import Word

Array = Any

#: The `training` codes of a signal. `NOT_CALLED` is also what a tap holds before its first call.
NOT_CALLED, NONE, FALSE, TRUE = -2.0, -1.0, 0.0, 1.0

#: How far outputs may be from what the statistics predict. Rounding of float16, the epsilon of the
#: layer and Bessel's correction stay below a tenth of it; the two predictions are 1 or more apart.
STATISTICS_TOLERANCE = 0.1

#: A fraction masked, or a scale of survivors, may be this far from what the rate says.
DROPOUT_TOLERANCE = 0.15

#: A signal that differs from its input by less than this has passed through (float16 included).
PASS_TOLERANCE = 2e-3


@dataclasses.dataclass(frozen=True)
class Signal:
    """What flowed through one point: the `training` code there, and mean, spread and zeros."""

    training: float
    mean: float
    std: float
    zeros: float


def signal(values: Array, training: float = NOT_CALLED) -> Signal:
    """Return the signal of an array of any shape (zeros: the fraction that is exactly zero)."""
    flat = np.asarray(values, dtype="float64").ravel()
    return Signal(training, float(flat.mean()), float(flat.std()), float((flat == 0).mean()))


def training_seen(*signals: Signal) -> Observation:
    """Return which `training` value arrived: the same at every given point, or `mixed`."""
    names = {TRUE: Word.TRUE, FALSE: Word.FALSE, NONE: Word.NONE, NOT_CALLED: Word.NOT_CALLED}
    codes = {s.training for s in signals}
    if len(codes) > 1:
        return Observation(Word.MIXED, float(len(codes)))
    code = codes.pop()
    return Observation(names[code], code)


def dropped(out: Signal, rate: float) -> Observation:
    """Return whether ones that went into a masking layer came out masked.

    `drops`: the fraction `rate` is zero and the survivors are scaled by 1 / (1 - rate).
    `distorts`: something else came out. Measured: the fraction of zeros.
    """
    if _passed(out):
        return Observation(Word.PASSES, out.zeros)
    survivors = 1 - out.zeros
    if not np.isfinite(out.mean):
        return Observation(Word.NOT_A_NUMBER)
    scale = out.mean / survivors if survivors else 0.0
    expected_scale = 1 / (1 - rate) if survivors else 0.0
    right_fraction = abs(out.zeros - rate) < DROPOUT_TOLERANCE
    right_scale = abs(scale - expected_scale) <= DROPOUT_TOLERANCE * expected_scale
    word = Word.DROPS if right_fraction and right_scale else Word.DISTORTS
    return Observation(word, out.zeros)


def disturbed(out: Signal) -> Observation:
    """Return whether ones that went into a noisy layer came out noisy. Measured: their spread.

    For layers that mask without zeros (noise, `AlphaDropout`); `distorts` means that all values
    moved alike, which no noise does.
    """
    if _passed(out):
        return Observation(Word.PASSES, out.std)
    if not np.isfinite(out.std):
        return Observation(Word.NOT_A_NUMBER)
    return Observation(Word.DROPS if out.std > 0.05 else Word.DISTORTS, out.std)


def _passed(out: Signal) -> bool:
    return abs(out.mean - 1) < PASS_TOLERANCE and out.std < PASS_TOLERANCE


def differs_from_inference(out: Array, in_inference: Array) -> Observation:
    """Return whether dropout inside a layer was on, from its output and that of inference mode.

    Measured: the mean distance of the two, of the size of the inference output.
    """
    reference = np.asarray(in_inference, dtype="float64")
    distance = float(np.abs(np.asarray(out, dtype="float64") - reference).mean())
    size = float(np.abs(reference).mean())
    relative = distance / size if size else distance
    if not np.isfinite(relative):
        return Observation(Word.NOT_A_NUMBER)
    return Observation(Word.DROPS if relative > 0.01 else Word.PASSES, relative)


def dropped_anew(first: Array, second: Array, in_inference: Array) -> Observation:
    """Return whether dropout was on in two calls with the same input, and masked anew in the second.

    Measured: the mean distance of the two, of the size of the inference output.
    """
    for out in (first, second):
        seen = differs_from_inference(out, in_inference)
        if seen.word is not Word.DROPS:
            return seen
    distance = np.abs(np.asarray(second, dtype="float64") - np.asarray(first, dtype="float64")).mean()
    relative = float(distance / (np.abs(np.asarray(in_inference, dtype="float64")).mean() or 1.0))
    return Observation(Word.DROPS if relative > 1e-4 else Word.REPEATS, relative)


def augmented(out: Array, in_inference: Array) -> Observation:
    """Return whether an augmentation was at work. Measured: as `differs_from_inference` does.

    An output of another shape is an augmented one.
    """
    if np.shape(out) != np.shape(in_inference):
        return Observation(Word.AUGMENTS)
    seen = differs_from_inference(out, in_inference)
    return Observation(Word.AUGMENTS, seen.measured) if seen.word is Word.DROPS else seen


@dataclasses.dataclass(frozen=True)
class Normalization:
    """What a normalized batch should look like: mean and spread under either statistics."""

    batch: Sequence[float]
    moving: Sequence[float]


def predicted_normalization(
    batch_mean: float,
    batch_std: float,
    moving_mean: float = 0.0,
    moving_variance: float = 1.0,
    epsilon: float = 1e-3,
) -> Normalization:
    """Return the mean and spread that BN (gamma 1, beta 0) gives with each of its statistics.

    Raises ValueError where the two are too close to be told apart.
    """
    inside = np.sqrt(batch_std**2 + epsilon)
    outside = np.sqrt(moving_variance + epsilon)
    batch = (0.0, batch_std / inside)
    moving = ((batch_mean - moving_mean) / outside, batch_std / outside)
    if abs(moving[0] - batch[0]) < 1 and abs(moving[1] - batch[1]) < 1:
        raise ValueError("these inputs cannot tell batch statistics from moving statistics")
    return Normalization(batch, moving)


def normalized_with(out: Signal, predicted: Normalization) -> Observation:
    """Return which statistics BN normalized with. Measured: the mean of what came out.

    `neither statistics`: mean and spread do not belong together, or belong to nothing.
    """
    if not (np.isfinite(out.mean) and np.isfinite(out.std)):
        return Observation(Word.NOT_A_NUMBER)
    for word, (mean, std) in ((Word.BATCH, predicted.batch), (Word.MOVING, predicted.moving)):
        scale = max(1.0, abs(mean), std)
        near = abs(out.mean - mean) < STATISTICS_TOLERANCE * scale
        if near and abs(out.std - std) < STATISTICS_TOLERANCE * scale:
            return Observation(word, out.mean)
    return Observation(Word.NEITHER, out.mean)


def _largest_changes(before: Sequence[Array], after: Sequence[Array]) -> Sequence[float]:
    if len(before) != len(after) or not before:
        raise ValueError(f"{len(before)} arrays before and {len(after)} after: nothing to compare")
    pairs = zip(before, after)
    return [float(np.abs(np.asarray(b, "float64") - np.asarray(a, "float64")).max()) for b, a in pairs]


def _moved(before: Sequence[Array], after: Sequence[Array], words: Sequence[Word]) -> Observation:
    """Return all, some or none of three words. A kept array is the same to the last bit.

    An array in which nan or infinity turned up is `not a number`, without a number beside it.
    """
    changes = _largest_changes(before, after)
    if not np.isfinite(changes).all():
        return Observation(Word.NOT_A_NUMBER)
    moved = sum(change > 0 for change in changes)
    everything, something, nothing = words
    word = nothing if not moved else everything if moved == len(changes) else something
    return Observation(word, max(changes))


def weights_moved(before: Sequence[Array], after: Sequence[Array]) -> Observation:
    """Return whether weights moved: all, some, or none. Measured: the largest change."""
    return _moved(before, after, (Word.WEIGHTS_UPDATED, Word.WEIGHTS_PARTLY, Word.WEIGHTS_KEPT))


def statistics_moved(before: Sequence[Array], after: Sequence[Array]) -> Observation:
    """Return whether moving statistics moved: all, some, or none. Measured: the largest change."""
    words = (Word.STATISTICS_UPDATED, Word.STATISTICS_PARTLY, Word.STATISTICS_KEPT)
    return _moved(before, after, words)


def state_moved(before: Sequence[Array], after: Sequence[Array]) -> Observation:
    """Return whether non-trainable state moved: all, some, or none. Measured: the largest change."""
    return _moved(before, after, (Word.STATE_UPDATED, Word.STATE_PARTLY, Word.STATE_KEPT))


def momentum_used(
    before: Sequence[Array], after: Sequence[Array], batch: Sequence[Array], momentum: float
) -> Observation:
    """Return whether moving statistics moved towards the batch's by `1 - momentum`: once, or twice.

    Measured: the fraction of the way that they went, of the statistic furthest from `1 - momentum`.
    Five per cent of room, for Bessel's correction of the variance of many values; of few it shows.
    """
    moved = statistics_moved(before, after)
    if moved.word is not Word.STATISTICS_UPDATED:
        return moved
    ways = [
        float(((np.asarray(a, "float64") - b) / (np.asarray(goal, "float64") - b)).mean())
        for b, a, goal in zip(before, after, batch)
    ]
    worst = max(ways, key=lambda way: abs(way - (1 - momentum)))
    once, twice = 1 - momentum, 1 - momentum**2
    if abs(worst - once) < 0.05 * once:
        return Observation(Word.STATISTICS_UPDATED, worst)
    both = all(abs(way - twice) < 0.05 * twice for way in ways)
    return Observation(Word.STATISTICS_TWICE if both else Word.STATISTICS_OTHERWISE, worst)


def weights_landed(written: Sequence[Array], before: Sequence[Array], read: Sequence[Array]) -> Observation:
    """Return whether what was written was read into the same places, into others, or not at all.

    `before` is what the reader held. Measured: how many arrays are not those written in their place.
    """
    if not len(written) == len(before) == len(read) or not written:
        raise ValueError(f"{len(written)} arrays written and {len(read)} read: nothing to compare")
    astray = sum(not np.array_equal(w, r) for w, r in zip(written, read))
    if not astray:
        return Observation(Word.IN_PLACE, 0.0)
    if all(np.array_equal(b, r) for b, r in zip(before, read)):
        return Observation(Word.NOT_READ, float(astray))
    known = all(any(np.array_equal(w, r) for w in written) for r in read)
    return Observation(Word.ELSEWHERE if known else Word.PARTLY_READ, float(astray))


def flags_reach(flags: Sequence[bool], value: bool) -> Observation:
    """Return whether all, some or none of the flags are `value`. Measured: how many are."""
    if not flags:
        raise ValueError("no inner layer to look at")
    count = sum(flag is value for flag in flags)
    word = Word.REACHES if count == len(flags) else Word.REACHES_SOME
    return Observation(word if count else Word.DOES_NOT_REACH, float(count))


def same_flags(before: Sequence[bool], after: Sequence[bool]) -> Observation:
    """Return whether flags are what they were. Measured: how many are not."""
    if len(before) != len(after) or not before:
        raise ValueError(f"{len(before)} flags before and {len(after)} after: nothing to compare")
    count = sum(b is not a for b, a in zip(before, after))
    return Observation(Word.CHANGED if count else Word.SAME, float(count))


def weights_listed(listed: Sequence[Any], everything: Sequence[Any]) -> Observation:
    """Return whether `listed` names all variables of `everything`, in that order.

    Both are sequences of identities. Measured: how many are listed.
    """
    count = float(len(listed))
    if not listed:
        return Observation(Word.NONE_LISTED, count)
    if list(listed) == list(everything):
        return Observation(Word.ALL_LISTED, count)
    same = sorted(listed) == sorted(everything)
    return Observation(Word.REORDERED if same else Word.SOME_LISTED, count)


def same_values(first: Array, second: Array) -> Observation:
    """Return whether two arrays are equal up to rounding. Measured: the largest difference."""
    change = _largest_changes([first], [second])[0]
    if not np.isfinite(change):
        return Observation(Word.NOT_A_NUMBER)
    size = max(1.0, float(np.abs(np.asarray(first, "float64")).max()))
    return Observation(Word.SAME if change <= 1e-4 * size else Word.CHANGED, change)


def counted_in(loss: float, without: float, penalty: float) -> Observation:
    """Return whether a loss holds a penalty, given the loss without it. Measured: what it holds.

    Raises ValueError where it holds neither all nor nothing of the penalty.
    """
    held = loss - without
    if not np.isfinite(held):
        return Observation(Word.NOT_A_NUMBER)
    if abs(held - penalty) < 0.05 * penalty:
        return Observation(Word.COUNTED, held)
    if abs(held) < 0.05 * penalty:
        return Observation(Word.NOT_COUNTED, held)
    raise ValueError(f"the loss holds {held:.4g} of a penalty of {penalty:.4g}")


def variables_in(lists: Mapping[str, Sequence[Any]]) -> Observation:
    """Return whether any of the named lists holds a variable. Measured: how many there are."""
    count = sum(len(held) for held in lists.values())
    return Observation(Word.VARIABLES if count else Word.NO_VARIABLES, float(count))
