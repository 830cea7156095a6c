"""Every instrument gives each of its answers, and refuses what it cannot tell."""

import numpy as np
import pytest

from conformance.measuring import instruments as i
from conformance.words import Word

NORMAL = i.predicted_normalization(5.0, 3.0)


def masked(rate, scale, n=10_000):
    """Return ones of which the fraction `rate` is zero and the rest is `scale`."""
    values = np.full(n, scale)
    values[: int(n * rate)] = 0
    return i.signal(values)


@pytest.mark.parametrize(
    ("codes", "word"),
    [
        ([i.TRUE], Word.TRUE),
        ([i.FALSE], Word.FALSE),
        ([i.NONE], Word.NONE),
        ([i.NOT_CALLED], Word.NOT_CALLED),
        ([i.TRUE, i.TRUE], Word.TRUE),
        ([i.TRUE, i.FALSE], Word.MIXED),
        ([i.TRUE, i.NOT_CALLED], Word.MIXED),
    ],
)
def test_training_seen(codes, word):
    """One value everywhere is that value; anything else is mixed."""
    assert i.training_seen(*(i.signal([1.0], code) for code in codes)).word is word


@pytest.mark.parametrize(
    ("out", "rate", "word"),
    [
        (masked(0.5, 2.0), 0.5, Word.DROPS),
        (masked(0.1, 1 / 0.9), 0.1, Word.DROPS),
        (masked(1.0, 0.0), 1.0, Word.DROPS),
        (masked(0.0, 1.0), 0.5, Word.PASSES),
        (masked(0.5, 1.0), 0.5, Word.DISTORTS),
        (masked(0.9, 10.0), 0.5, Word.DISTORTS),
        (masked(0.0, 2.0), 0.5, Word.DISTORTS),
        (masked(1.0, 0.0), 0.5, Word.DISTORTS),
    ],
)
def test_dropped(out, rate, word):
    """The right fraction with the right scale drops; ones pass; all else distorts."""
    observation = i.dropped(out, rate)
    assert observation.word is word
    assert observation.measured == out.zeros


@pytest.mark.parametrize(
    ("values", "word"),
    [([0.2, 1.8] * 50, Word.DROPS), ([1.0] * 9, Word.PASSES), ([1.5] * 9, Word.DISTORTS)],
)
def test_disturbed(values, word):
    """Noise spreads; ones pass; a common shift is neither."""
    assert i.disturbed(i.signal(values)).word is word


def test_differs_from_inference():
    """Dropout inside a layer shows as a difference from inference mode."""
    assert i.differs_from_inference([1.0, 2.0], [1.0, 2.0]).word is Word.PASSES
    assert i.differs_from_inference([1.0, 2.5], [1.0, 2.0]).word is Word.DROPS
    assert i.differs_from_inference([0.0, 0.3], [0.0, 0.0]).word is Word.DROPS


@pytest.mark.parametrize(
    ("first", "second", "word", "measured"),
    [
        ([0.0, 2.0], [2.0, 0.0], Word.DROPS, 2.0),
        ([0.0, 2.0], [0.0, 2.0], Word.REPEATS, 0.0),
        ([1.0, 1.0], [2.0, 0.0], Word.PASSES, 0.0),
        ([2.0, 0.0], [1.0, 1.0], Word.PASSES, 0.0),
        ([float("nan"), 0.0], [1.0, 1.0], Word.NOT_A_NUMBER, None),
    ],
)
def test_dropped_anew(first, second, word, measured):
    """Two masks are held against each other, and each against none."""
    seen = i.dropped_anew(first, second, [1.0, 1.0])
    assert seen.word is word
    assert seen.measured == measured


def test_augmented():
    """An image that is another one, or of another shape, was augmented."""
    assert i.augmented([1.0, 2.0], [1.0, 2.0]).word is Word.PASSES
    assert i.augmented([2.0, 1.0], [1.0, 2.0]).word is Word.AUGMENTS
    assert i.augmented([2.0, 1.0], [1.0, 2.0]).measured == pytest.approx(2 / 3)
    assert i.augmented([1.0], [1.0, 2.0]).word is Word.AUGMENTS
    assert i.augmented([float("nan")], [1.0]).word is Word.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("mean", "std", "word"),
    [
        (0.0, 1.0, Word.BATCH),
        (5.0, 3.0, Word.MOVING),
        (5.0, 1.0, Word.NEITHER),
        (0.0, 3.0, Word.NEITHER),
        (2.5, 2.0, Word.NEITHER),
    ],
)
def test_normalized_with(mean, std, word):
    """Mean and spread must both belong to the same statistics."""
    assert i.normalized_with(i.Signal(i.TRUE, mean, std, 0.0), NORMAL).word is word


def test_statistics_that_cannot_be_told_apart():
    """Inputs that look the same under both statistics are refused."""
    with pytest.raises(ValueError, match="cannot tell"):
        i.predicted_normalization(0.0, 1.0)


@pytest.mark.parametrize(
    ("instrument", "words"),
    [
        (i.weights_moved, (Word.WEIGHTS_UPDATED, Word.WEIGHTS_PARTLY, Word.WEIGHTS_KEPT)),
        (
            i.statistics_moved,
            (Word.STATISTICS_UPDATED, Word.STATISTICS_PARTLY, Word.STATISTICS_KEPT),
        ),
        (i.state_moved, (Word.STATE_UPDATED, Word.STATE_PARTLY, Word.STATE_KEPT)),
    ],
)
def test_moved(instrument, words):
    """All moved, some moved and none moved are three words; the smallest change counts."""
    before = [np.zeros(3), np.ones((2, 2))]
    nudged = [np.array([0, 0, 1e-7]), np.ones((2, 2)) * (1 + 1e-6)]
    assert instrument(before, nudged).word is words[0]
    assert instrument(before, [nudged[0], before[1]]).word is words[1]
    assert instrument(before, [before[0], nudged[1]]).word is words[1]
    assert instrument(before, [b.copy() for b in before]).word is words[2]
    assert instrument(before, [before[0], before[1] + 0.25]).measured == 0.25


@pytest.mark.parametrize("after", [[], [np.zeros(1)]])
def test_moved_with_nothing_to_compare(after):
    """No arrays, or another number of them, is no answer."""
    with pytest.raises(ValueError, match="nothing to compare"):
        i.weights_moved([], after)


def test_momentum_used():
    """Moving statistics must go the right fraction of the way, both of them."""
    before, batch = [np.zeros(2), np.ones(2)], [np.full(2, 5.0), np.full(2, 9.0)]
    right = [np.full(2, 0.5), np.full(2, 1.8)]
    assert i.momentum_used(before, right, batch, 0.9).word is Word.STATISTICS_UPDATED
    far = [right[0], np.full(2, 5.0)]
    assert i.momentum_used(before, far, batch, 0.9).word is Word.STATISTICS_OTHERWISE
    half = [right[0], before[1]]
    assert i.momentum_used(before, half, batch, 0.9).word is Word.STATISTICS_PARTLY
    assert i.momentum_used(before, before, batch, 0.9).word is Word.STATISTICS_KEPT


def test_momentum_used_twice():
    """Two updates by the same batch are told from one; one statistic alone that went so far is neither."""
    before, batch = [np.zeros(2), np.ones(2)], [np.full(2, 5.0), np.full(2, 9.0)]
    once, twice = [np.full(2, 0.5), np.full(2, 1.8)], [np.full(2, 0.95), np.full(2, 2.52)]
    seen = i.momentum_used(before, twice, batch, 0.9)
    assert (seen.word, seen.measured) == (Word.STATISTICS_TWICE, pytest.approx(0.19))
    assert i.momentum_used(before, [once[0], twice[1]], batch, 0.9).word is Word.STATISTICS_OTHERWISE


def test_bessels_correction_of_few_values():
    """A variance of two values that is twice as large is not what the momentum says."""
    before, batch = [np.zeros(1), np.ones(1)], [np.full(1, 5.0), np.full(1, 9.0)]
    after = [np.full(1, 0.5), np.full(1, 0.9 + 0.1 * 18.0)]
    assert i.momentum_used(before, after, batch, 0.9).word is Word.STATISTICS_OTHERWISE


@pytest.mark.parametrize("broken", [np.nan, np.inf])
@pytest.mark.parametrize(
    "ask",
    [
        lambda x: i.weights_moved([np.zeros(2), np.zeros(1)], [np.array([0.0, x]), np.zeros(1)]),
        lambda x: i.statistics_moved([np.zeros(1)], [np.array([x])]),
        lambda x: i.state_moved([np.zeros(1)], [np.array([x])]),
        lambda x: i.momentum_used([np.zeros(1)], [np.array([x])], [np.ones(1)], 0.9),
        lambda x: i.normalized_with(i.Signal(i.TRUE, x, x, 0.0), NORMAL),
        lambda x: i.dropped(i.Signal(i.TRUE, x, x, 0.5), 0.5),
        lambda x: i.disturbed(i.Signal(i.TRUE, x, x, 0.0)),
        lambda x: i.differs_from_inference([x, 1.0], [1.0, 1.0]),
        lambda x: i.same_values([1.0], [x]),
        lambda x: i.counted_in(x, 1.0, 2.0),
    ],
)
def test_what_is_no_number_is_a_word(ask, broken):
    """It is neither kept nor moved, neither masked nor passed; no number can stand beside it."""
    assert ask(broken) == i.Observation(Word.NOT_A_NUMBER)


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        ([False, False], Word.REACHES),
        ([False, True], Word.REACHES_SOME),
        ([True, True], Word.DOES_NOT_REACH),
    ],
)
def test_flags_reach(flags, word):
    """All, some or none of the inner layers carry the value."""
    assert i.flags_reach(flags, False).word is word


def test_flags_of_no_layer():
    """A container without inner layers is no answer."""
    with pytest.raises(ValueError, match="no inner layer"):
        i.flags_reach([], False)


@pytest.mark.parametrize(
    ("listed", "word"),
    [
        ([1, 2, 3], Word.ALL_LISTED),
        ([3, 1, 2], Word.REORDERED),
        ([1, 2], Word.SOME_LISTED),
        ([1, 2, 2], Word.SOME_LISTED),
        ([], Word.NONE_LISTED),
    ],
)
def test_weights_listed(listed, word):
    """A list of variables is complete and in order, or it is not."""
    assert i.weights_listed(listed, [1, 2, 3]).word is word


@pytest.mark.parametrize(("after", "word"), [([True, False], Word.SAME), ([True, True], Word.CHANGED)])
def test_same_flags(after, word):
    """One flag that changed is a change."""
    assert i.same_flags([True, False], after).word is word


def test_same_flags_of_no_layer():
    """No flags are no answer."""
    with pytest.raises(ValueError, match="nothing to compare"):
        i.same_flags([], [])


def test_same_values():
    """Rounding is the same; more is a change."""
    assert i.same_values([1.0, 100.0], [1.0, 100.0001]).word is Word.SAME
    assert i.same_values([1.0, 1.0], [1.0, 1.01]).word is Word.CHANGED


def test_counted_in():
    """A loss holds a penalty or does not; half of it is no answer."""
    assert i.counted_in(3.0, without=1.0, penalty=2.0).word is Word.COUNTED
    assert i.counted_in(1.0, without=1.0, penalty=2.0).word is Word.NOT_COUNTED
    with pytest.raises(ValueError, match="of a penalty"):
        i.counted_in(2.0, without=1.0, penalty=2.0)


def test_variables_in():
    """One variable in one list is enough."""
    assert i.variables_in({"a": [], "b": []}).word is Word.NO_VARIABLES
    assert i.variables_in({"a": [], "b": [object()]}).word is Word.VARIABLES


def test_signal():
    """Mean, spread and the fraction of zeros, of any shape and type, in double precision."""
    assert i.signal([[0, 2], [0, 2], [0, 6]], i.TRUE) == i.Signal(
        i.TRUE, 10 / 6, np.std([0, 2, 0, 2, 0, 6]), 0.5
    )
    assert i.signal([1.0]).training == i.NOT_CALLED
    assert i.signal([0.0, 1.0, 2.0, 3.0]).zeros == 0.25
    assert i.signal(np.full(1000, 60000, "float16")).mean == 60000


SPREAD = i.signal([0.2, 1.8])
SHIFTED = i.signal([1.5, 1.5])
BATCH = i.Signal(i.TRUE, 0.05, 1.0, 0.0)
MOVING = i.Signal(i.TRUE, 5.05, 3.0, 0.0)
NEITHER = i.Signal(i.TRUE, 2.5, 2.0, 0.0)
TOWARDS = ([np.zeros(2)], [np.full(2, 0.4)], [np.full(2, 4.0)], 0.9)


@pytest.mark.parametrize(
    ("instrument", "arguments", "measured"),
    [
        (i.training_seen, [i.signal([1.0], i.FALSE)], 0.0),
        (i.training_seen, [i.signal([1.0], i.TRUE), i.signal([1.0], i.NONE)], 2.0),
        (i.disturbed, [SPREAD], 0.8),
        (i.disturbed, [SHIFTED], 0.0),
        (i.disturbed, [i.Signal(i.TRUE, 1.0, 0.001, 0.0)], 0.001),
        (i.differs_from_inference, [[2.0, 4.0], [2.0, 2.0]], 0.5),
        (i.differs_from_inference, [[0.25, 0.25], [0.0, 0.0]], 0.25),
        (i.normalized_with, [BATCH, NORMAL], 0.05),
        (i.normalized_with, [MOVING, NORMAL], 5.05),
        (i.normalized_with, [NEITHER, NORMAL], 2.5),
        (i.momentum_used, TOWARDS, 0.1),
        (i.flags_reach, [[True, False, True], True], 2.0),
        (i.same_flags, [[True, False, True], [False, True, True]], 2.0),
        (i.weights_listed, [[], [1]], 0.0),
        (i.weights_listed, [[1, 2], [1, 2]], 2.0),
        (i.weights_listed, [[2, 1], [1, 2]], 2.0),
        (i.weights_listed, [[2], [1, 2]], 1.0),
        (i.same_values, [[1.0, 2.0], [1.0, 2.5]], 0.5),
        (i.counted_in, [3.0, 1.0, 2.0], 2.0),
        (i.counted_in, [1.01, 1.0, 2.0], 0.01),
        (i.variables_in, [{"a": [1], "b": [2, 3]}], 3.0),
    ],
)
def test_the_number_beside_the_word(instrument, arguments, measured):
    """It is what the word was chosen by, and a reader can check the word against it."""
    assert instrument(*arguments).measured == pytest.approx(measured)


@pytest.mark.parametrize(
    ("read", "word", "astray"),
    [
        ([[1, 1], [0, 0]], Word.IN_PLACE, 0.0),
        ([[0, 0], [1, 1]], Word.ELSEWHERE, 2.0),
        ([[1, 1], [1, 1]], Word.ELSEWHERE, 1.0),
        ([[5, 5], [6, 6]], Word.NOT_READ, 2.0),
        ([[1, 1], [6, 6]], Word.PARTLY_READ, 1.0),
        ([[1, 1], [0]], Word.PARTLY_READ, 1.0),
    ],
)
def test_weights_landed(read, word, astray):
    """Arrays are in their places, in those of others, read in part, or not at all."""
    seen = i.weights_landed([[1, 1], [0, 0]], [[5, 5], [6, 6]], read)
    assert (seen.word, seen.measured) == (word, astray)


def test_weights_landed_of_none():
    """No arrays, or not as many as were written, are no answer."""
    for read in ([], [[1, 1]]):
        with pytest.raises(ValueError, match="nothing to compare"):
            i.weights_landed([[1, 1], [0, 0]][: len(read) * 2], [[5, 5], [6, 6]][: len(read) * 2], read)
