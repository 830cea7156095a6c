"""Other ways in which a fit begins, goes on and ends, in models of which a part is frozen."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

TRAINED = ("initial_epoch", "validation_split", "validation_freq", "fit-twice")
INFERRED = (
    "validation_split",
    "validation_freq",
    "predict-generator",
    "predict-Sequence",
    "evaluate-dataset",
)
LEARNED = ["saving/resumes-as-it-was[interrupted-free-dense]"]


# Fed in other ways.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("way", ["initial_epoch", "validation_split", "validation_freq"])
def test_frozen_dense_with(observe, way):
    """A frozen Dense does not learn, with an option of `fit()`."""
    observe(fixtures.resuming.fed(way).frozen_dense())


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("way", TRAINED)
def test_frozen_statistics_with(observe, way):
    """Nor do the statistics of a frozen BatchNormalization move, nor in a second `fit()`."""
    observe(fixtures.resuming.fed(way).frozen_statistics())


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
@pytest.mark.parametrize("way", TRAINED)
def test_statistics_with(observe, way):
    """Those of one that nobody froze move once with each batch that trains, and with no other."""
    observe(fixtures.resuming.fed(way).statistics())


@checks("training/set-by-entry-point", expects=Word.FALSE)
@pytest.mark.parametrize("way", INFERRED)
def test_inference_with(observe, way):
    """A layer sees False in every batch that does not train, however it is fed."""
    observe(fixtures.resuming.fed(way).training_in_inference())


# Interrupted, and resumed with `BackupAndRestore`.


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_UPDATED)
def test_interrupted_free_dense(observe):
    """A fit that was interrupted and is resumed by an equal model goes on training what is not frozen."""
    observe(fixtures.resuming.resumed("free"))


@checks("saving/resumes-as-it-was", expects=Word.WEIGHTS_KEPT, given=LEARNED)
def test_interrupted_frozen_dense(observe):
    """It leaves a frozen Dense alone, whose weights are those of the model that was interrupted."""
    observe(fixtures.resuming.resumed("frozen_dense"))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_KEPT, given=LEARNED)
def test_interrupted_frozen_statistics(observe):
    """So it does the statistics of a frozen BatchNormalization."""
    observe(fixtures.resuming.resumed("frozen_statistics"))


@checks("saving/resumes-as-it-was", expects=Word.STATISTICS_UPDATED, given=LEARNED)
def test_interrupted_statistics(observe):
    """Those of one that nobody froze are what they would be if nothing had interrupted."""
    observe(fixtures.resuming.resumed("statistics"))


# A Sequential that `fit()` builds.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_dense_built_by_fit(observe):
    """A Dense that was frozen before `fit()` built its Sequential keeps what it was initialized with."""
    observe(fixtures.resuming.built_by_fit("Dense"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_statistics_built_by_fit(observe):
    """So do the moving statistics of a BatchNormalization in it."""
    observe(fixtures.resuming.built_by_fit("statistics"))


# Layers that bring what they know, or look at images.


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("given", ["initializer", "weights", "set_weights"])
def test_word_vectors(observe, given):
    """Word vectors that were given to an Embedding with `trainable=False` stay what was given."""
    observe(fixtures.resuming.vectors_after(given))


@checks("snapshot/recompiling-applies", expects=Word.WEIGHTS_UPDATED)
def test_word_vectors_thawed(observe):
    """Frozen in the constructor, thawed after a `fit()` and compiled again, they learn."""
    observe(fixtures.resuming.vectors_after("initializer", thawed=True))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
@pytest.mark.parametrize("kind", ["DepthwiseConv2D", "SeparableConv2D"])
def test_frozen_convolution(observe, kind):
    """A frozen convolution of another kind does not learn, where one beside it does."""
    observe(fixtures.resuming.convolution_after(kind))


@checks("batchnorm/frozen-runs-in-inference-mode", expects=Word.MOVING)
def test_frozen_mode_on_images_of_any_size(observe):
    """A frozen BatchNormalization is in inference mode on images of each of two sizes."""
    observe(fixtures.resuming.images_of_any_size("mode"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_frozen_statistics_on_images_of_any_size(observe):
    """Its moving statistics do not move."""
    observe(fixtures.resuming.images_of_any_size("frozen"))


@checks("batchnorm/training-uses-batch-statistics", expects=Word.STATISTICS_UPDATED)
def test_statistics_on_images_of_any_size(observe):
    """Those of one that nobody froze do."""
    observe(fixtures.resuming.images_of_any_size("free"))


# A model made again.


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("way", ["json", "clone_function"])
def test_flag_of_box_made_again_from(observe, way):
    """A frozen model in a model made again from JSON, or by a function for each layer, is frozen."""
    observe(fixtures.resuming.flags_of(way, "box", inside=False))


@checks("saving/flags-come-back", expects=Word.SAME)
@pytest.mark.parametrize("way", ["json", "clone_function"])
def test_flags_in_box_made_again_from(observe, way):
    """The layers in a model of which a half was frozen have the flags that they had."""
    observe(fixtures.resuming.flags_of(way, "half", inside=True))


@checks("dropout/can-be-forced-on", expects=Word.DROPS)
def test_cloned_to_drop(observe):
    """Where `clone_function` puts a layer for Dropout that always drops, the clone drops in `predict()`."""
    observe(fixtures.resuming.cloned("Dropout"))


@checks("training/explicit-value-stays-local", expects=INFERENCE)
def test_beside_what_was_cloned_to_drop(observe):
    """A layer behind it is in inference mode."""
    observe(fixtures.resuming.cloned("beside"))


@checks("frozen/weights-are-not-updated", expects=Word.WEIGHTS_KEPT)
def test_cloned_frozen(observe):
    """A Dense that `clone_function` froze does not learn in `fit()` of the clone."""
    observe(fixtures.resuming.cloned("Dense"))


@checks("batchnorm/frozen-keeps-moving-statistics", expects=Word.STATISTICS_KEPT)
def test_cloned_frozen_statistics(observe):
    """Nor do the statistics of a BatchNormalization move that it froze."""
    observe(fixtures.resuming.cloned("statistics"))
