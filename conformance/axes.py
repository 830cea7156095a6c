"""The values that cases of several families vary over: names only, fixtures build what they name."""

DROPOUTS = (
    "Dropout",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "GaussianDropout",
    "GaussianNoise",
    "AlphaDropout",
)
FROZEN_BY = (
    "constructor",
    "attribute-before-build",
    "attribute-after-build",
    "parent",
    "grandparent",
)
MODELS = ("Sequential", "Functional", "Subclassed", "SubclassedSilent", "layer-in-layer", "nested")
TRAINING_STEPS = ("fit", "train_on_batch")
INFERENCE_STEPS = ("evaluate", "predict", "test_on_batch", "predict_on_batch")
EXECUTION = ("run_eagerly", "jit_compile")
