"""Layers that augment images follow `training` too: alone, in a model, and in front of other layers."""

import pytest

from conformance import fixtures
from conformance.measuring.case import checks
from conformance.words import INFERENCE, Word

USUAL = (
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "RandomTranslation",
    "RandomContrast",
    "RandomBrightness",
    "RandomHeight",
    "RandomWidth",
)
NEWER = (
    "RandomErasing",
    "RandomGrayscale",
    "RandomHue",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomPosterization",
    "RandomColorJitter",
    "RandomColorDegeneration",
    "RandomGaussianBlur",
    "RandomInvert",
    "RandomPerspective",
    "RandomElasticTransform",
    "MixUp",
    "CutMix",
    "AugMix",
    "RandAugment",
)
AUGMENTING = (*USUAL, *NEWER)
#: It crops in inference mode too, at another place: nothing of it is held against what went in.
CROPPING = "RandomCrop"
IN_STEPS = ("RandomFlip", "RandomTranslation", "RandomContrast")
HEADS = ("RandomFlip", "RandomContrast", "GaussianNoise")
CONTAINERS = ("Functional", "Sequential", "Subclassed", "SubclassedSilent", "nested")
AUGMENTS = "training/reaches-nested-layers[augmentation-called-with-training-true-{layer}]"


# training/set-by-entry-point


@checks("training/set-by-entry-point", expects=Word.PASSES)
@pytest.mark.parametrize("layer", [*USUAL, CROPPING, "RandomErasing", "MixUp", "CutMix", "RandAugment"])
def test_augmentation_simply_called(observe, layer):
    """An augmentation that is simply called leaves the images as they are."""
    observe(fixtures.augmenting.called(layer))


@checks("training/set-by-entry-point", expects=Word.PASSES)
@pytest.mark.parametrize("layer", ["RandomFlip", "RandomContrast", "RandomTranslation"])
def test_augmentation_in_model_simply_called(observe, layer):
    """In a model that is simply called it leaves them as they are."""
    observe(fixtures.augmenting.model_called(layer))


@checks("training/set-by-entry-point", expects=Word.PASSES)
@pytest.mark.parametrize("layer", ["RandomFlip", "RandomContrast", "RandomTranslation"])
def test_augmentation_before_dropout_simply_called(observe, layer):
    """So it does where a Dropout stands behind it in the model."""
    observe(fixtures.augmenting.called_before_dropout(layer))


@checks("training/set-by-entry-point", expects=Word.AUGMENTS)
@pytest.mark.parametrize("layer", IN_STEPS)
def test_augmentation_in_fit(observe, layer):
    """In `fit()` an augmentation is at work."""
    observe(fixtures.augmenting.in_step("fit", layer))


@checks("training/set-by-entry-point", expects=Word.PASSES)
@pytest.mark.parametrize("layer", IN_STEPS)
@pytest.mark.parametrize("step", ["evaluate", "predict"])
def test_augmentation_in_step(observe, step, layer):
    """In `evaluate()` and `predict()` it leaves the images as they are."""
    observe(fixtures.augmenting.in_step(step, layer))


@checks("training/set-by-entry-point", expects=INFERENCE)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("head", HEADS)
def test_behind_augmentation(observe, head, container):
    """In a model that is simply called, a layer behind an augmentation sees no True."""
    observe(fixtures.augmenting.behind(head, container, "training"))


# What that means for the layers behind it.


@checks("dropout/off-in-inference", expects=Word.PASSES)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("head", HEADS)
def test_behind_augmentation_dropout(observe, head, container):
    """In a model that is simply called, a Dropout in a nested model behind an augmentation masks nothing."""
    observe(fixtures.augmenting.behind(head, container, "dropout"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("head", HEADS)
def test_behind_augmentation_batchnorm(observe, head, container):
    """In a model that is simply called, a BatchNormalization behind an augmentation gathers nothing."""
    observe(fixtures.augmenting.behind(head, container, "batchnorm"))


@checks("batchnorm/inference-uses-moving-statistics", expects=Word.STATISTICS_KEPT)
@pytest.mark.parametrize("container", CONTAINERS)
def test_behind_augmentation_batchnorm_with_training_false(observe, container):
    """Nor does it in a model that is called with `training=False`."""
    observe(fixtures.augmenting.behind("RandomFlip", container, "batchnorm", training=False))


# training/reaches-nested-layers


@checks("training/reaches-nested-layers", expects=Word.AUGMENTS)
@pytest.mark.parametrize("layer", [*AUGMENTING, CROPPING])
def test_augmentation_called_with_training_true(observe, layer):
    """`training=True` reaches an augmentation inside the model that is called with it."""
    observe(fixtures.augmenting.model_called(layer, training=True))


@checks("training/reaches-nested-layers", expects=Word.PASSES)
@pytest.mark.parametrize("layer", AUGMENTING)
def test_augmentation_called_with_training_false(observe, layer):
    """So does `training=False`."""
    observe(fixtures.augmenting.model_called(layer, training=False))


@checks("training/reaches-nested-layers", expects=Word.PASSES)
@pytest.mark.parametrize("layer", ["RandomFlip", "RandomRotation", "RandomBrightness"])
def test_augmentation_of_integers_called_with_training_false(observe, layer):
    """It leaves images of bytes as they are."""
    observe(fixtures.augmenting.called(layer, dtype="uint8", training=False))


@checks("training/reaches-nested-layers", expects=Word.AUGMENTS)
@pytest.mark.parametrize("layer", ["RandomFlip", "RandomRotation", "RandomBrightness"])
def test_augmentation_of_integers_called_with_training_true(observe, layer):
    """It augments images of bytes too."""
    observe(fixtures.augmenting.called(layer, dtype="uint8", training=True))


# training/explicit-value-wins


@checks("training/explicit-value-wins", expects=Word.AUGMENTS)
@pytest.mark.parametrize("outer", [{}, {"training": False}], ids=["none", "false"])
@pytest.mark.parametrize("layer", ["RandomFlip", "RandomContrast"])
def test_augmentation_forced(observe, layer, outer):
    """An augmentation that was called with `training=True` is at work whatever the model is called with."""
    observe(fixtures.augmenting.forced(layer, **outer))


# frozen/is-not-inference-mode


@checks("frozen/is-not-inference-mode", expects=Word.AUGMENTS, given=[AUGMENTS])
@pytest.mark.parametrize("layer", [*USUAL, CROPPING, "RandomErasing", "MixUp"])
def test_augmentation_under_frozen_parent(observe, layer):
    """An augmentation in a frozen model is at work when that is called with `training=True`."""
    observe(fixtures.augmenting.model_called(layer, frozen=True, training=True))
