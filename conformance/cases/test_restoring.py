"""Weights that are put back: by a callback that kept them, or from a file, while flags are other ones."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import Word

CONTAINERS = ("flat", "Sequential", "layer")
#: What is frozen in the epoch that was best, and what by the time its weights are put back.
CHANGES = ("nothing-first", "first-nothing")
WHOLE = ("nothing-all", "all-nothing")
RESTORED = ["saving/weights-land-where-they-were[best-weights-put-back-{container}]"]
READ = ["saving/weights-land-where-they-were[base-under-another-head-{route}-{kind}-nothing-nothing]"]


# By `EarlyStopping`.


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("container", CONTAINERS)
def test_best_weights_put_back(observe, container):
    """`EarlyStopping` puts the weights of the best epoch back where they were."""
    observe(fixtures.restoring.best_weights(container, "Dense", "nothing", "nothing"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=RESTORED)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("container", CONTAINERS)
def test_best_weights_put_back_after_a_change(observe, container, change):
    """It does so where a part of the container was frozen, or thawed, since the best epoch."""
    observe(fixtures.restoring.best_weights(container, "Dense", *change.split("-")))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("change", WHOLE)
def test_best_block_put_back_after_a_change(observe, change):
    """It does so where a layer around a BatchNormalization and a Dense was frozen, or thawed, since."""
    parts = "BatchNormalization-and-Dense"
    observe(fixtures.restoring.best_weights("layer", parts, *change.split("-")))


# By `ModelCheckpoint` and `load_weights()`.


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("route", ["weights.h5", "h5", "TF"])
def test_checkpoint_of_an_epoch(observe, route, change):
    """What `ModelCheckpoint` wrote is read in place, with a part of a layer frozen, or thawed, in the fit."""
    observe(fixtures.restoring.from_checkpoint(route, "layer", *change.split("-")))


# What was frozen all the while.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_stopped_frozen_dense(observe):
    """Where `EarlyStopping` puts weights back, a frozen Dense has what it had from the beginning."""
    observe(fixtures.restoring.stopped("going-on").frozen_dense())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_stopped_frozen_statistics(observe):
    """So has a frozen BatchNormalization its moving statistics."""
    observe(fixtures.restoring.stopped("going-on").frozen_statistics())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("then", ["stopped", "going-on"])
def test_stopped_statistics(observe, then):
    """The statistics of one that nobody froze are those of the best epoch, and go on from there."""
    observe(fixtures.restoring.stopped(then).statistics())


# Under another head.


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE)
@pytest.mark.parametrize("change", ["nothing-nothing"])
@pytest.mark.parametrize("kind", ["flat", "Sequential"])
@pytest.mark.parametrize("route", ["h5-by-name", "weights.h5"])
def test_base_under_another_head(observe, route, kind, change):
    """With `skip_mismatch`, the weights of a base land in place in a model with another head."""
    observe(fixtures.restoring.under_another_head(route, kind, change, "base"))


@checks("saving/weights-land-where-they-were", expects=Word.IN_PLACE, given=READ)
@pytest.mark.parametrize("change", ["nothing-base"])
@pytest.mark.parametrize("kind", ["flat", "Sequential"])
@pytest.mark.parametrize("route", ["h5-by-name", "weights.h5"])
def test_frozen_base_under_another_head(observe, route, kind, change):
    """They do where the base is frozen in the model that reads."""
    observe(fixtures.restoring.under_another_head(route, kind, change, "base"))


@checks("saving/weights-land-where-they-were", expects=Word.NOT_READ)
@pytest.mark.parametrize("route", ["h5-by-name", "weights.h5"])
def test_another_head_is_skipped(observe, route):
    """The head, which no weights of the file fit, keeps its own."""
    observe(fixtures.restoring.under_another_head(route, "flat", "nothing-base", "head"))
