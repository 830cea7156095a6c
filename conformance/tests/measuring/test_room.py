"""How near is near enough: each instrument has its room, and refuses what it cannot tell apart."""

import numpy as np
import pytest

from conformance.measuring import instruments as i
from conformance.words import Word


def test_predicted_normalization():
    """By the formula of the layer: what it subtracts, and the root that it divides by."""
    found = i.predicted_normalization(7.0, 3.0, moving_mean=1.0, moving_variance=3.0, epsilon=1.0)
    assert found.batch == pytest.approx((0.0, 3 / np.sqrt(10)))
    assert found.moving == pytest.approx((3.0, 1.5))
    usual = i.predicted_normalization(5.0, 3.0)
    assert usual.batch == pytest.approx((0.0, 3 / np.sqrt(9.001)), rel=1e-9)
    assert usual.moving == pytest.approx((5 / np.sqrt(1.001), 3 / np.sqrt(1.001)), rel=1e-9)


@pytest.mark.parametrize(("mean", "std"), [(1.5, 1.0), (-1.5, 1.0), (0.0, 2.5)])
def test_one_difference_is_enough_to_tell_statistics_apart(mean, std):
    """A mean that is elsewhere, or another spread."""
    assert i.predicted_normalization(mean, std)


@pytest.mark.parametrize(("mean", "std"), [(0.9, 1.0), (-0.9, 1.0), (0.0, 1.9), (0.0, 0.1)])
def test_small_differences_are_refused(mean, std):
    """Less than the instrument's room."""
    with pytest.raises(ValueError, match=r"^these inputs cannot tell"):
        i.predicted_normalization(mean, std)


@pytest.mark.parametrize(
    ("out", "word"),
    [
        ((0.15, 1.0), Word.NEITHER),
        ((0.0, 1.15), Word.NEITHER),
        ((100.0, 59.0), Word.MOVING),
        ((108.0, 58.0), Word.MOVING),
        ((112.0, 50.0), Word.NEITHER),
        ((100.0, 65.0), Word.MOVING),
    ],
)
def test_the_room_of_normalization(out, word):
    """A tenth of one, or of the largest number predicted where that is more."""
    predicted = i.Normalization((0.0, 1.0), (100.0, 60.0))
    assert i.normalized_with(i.Signal(i.TRUE, *out, 0.0), predicted).word is word


@pytest.mark.parametrize("out", [(0.09, 0.5), (0.0, 0.59), (2.0, 54.0), (6.0, 50.0)])
def test_the_room_goes_by_the_largest_number(out):
    """Be it the spread, and never by less than one."""
    predicted = i.Normalization((0.0, 0.5), (2.0, 50.0))
    word = Word.BATCH if out[0] < 1 else Word.MOVING
    assert i.normalized_with(i.Signal(i.TRUE, *out, 0.0), predicted).word is word


@pytest.mark.parametrize(
    ("way", "word"),
    [(0.104, Word.STATISTICS_UPDATED), (0.107, Word.STATISTICS_OTHERWISE), (0.0, Word.STATISTICS_KEPT)],
)
def test_the_room_of_momentum(way, word):
    """Five per cent of the way; the statistic that is furthest off decides, on either side."""
    before, batch = [np.zeros(1), np.zeros(1)], [np.ones(1), np.ones(1)]
    after = [np.full(1, way), np.full(1, way and 0.1)]
    assert i.momentum_used(before, after, batch, 0.9).word is word


def test_the_statistic_that_is_furthest_off_decides():
    """Also where it went too short a way."""
    before, batch = [np.zeros(1), np.zeros(1)], [np.ones(1), np.ones(1)]
    seen = i.momentum_used(before, [np.full(1, 0.05), np.full(1, 0.1)], batch, 0.9)
    assert (seen.word, seen.measured) == (Word.STATISTICS_OTHERWISE, pytest.approx(0.05))


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_the_room_of_values_and_penalties(scale):
    """It grows with what is measured."""
    assert i.same_values([scale], [scale * 1.00005]).word is Word.SAME
    assert i.same_values([scale], [scale * 1.00015]).word is Word.CHANGED
    assert i.counted_in(scale * 1.04, without=0.0, penalty=scale).word is Word.COUNTED
    assert i.counted_in(scale * 0.04, without=0.0, penalty=scale).word is Word.NOT_COUNTED
    with pytest.raises(ValueError, match="of a penalty"):
        i.counted_in(scale * 0.06, without=0.0, penalty=scale)


def test_half_precision_is_compared_in_double():
    """A difference of two large numbers of float16 would overflow in it."""
    low, high = np.full(2, -60000, "float16"), np.full(2, 60000, "float16")
    assert i.weights_moved([low], [high]).measured == 120000
    assert i.differs_from_inference(low, high).measured == 2.0
