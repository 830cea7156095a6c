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

#: Options of BatchNormalization, and what it normalizes over.
BATCHNORMS = (
    "rank2",
    "rank3",
    "rank4",
    "fused",
    "unfused",
    "renorm",
    "virtual_batch_size",
    "synchronized",
    "SyncBatchNormalization",
    "center-off",
    "scale-off",
    "axis1",
    "several-axes",
    "mixed_float16",
)
#: The layer as most models have it: behind a Dense, and behind a convolution, where it is fused.
USUAL_BATCHNORMS = ("rank2", "rank4")
#: One variant for each of the ways in which Keras has computed it.
BATCHNORM_KERNELS = ("rank2", "rank4", "unfused", "renorm", "axis1", "mixed_float16")
#: What can hold a layer other than a model that lists it.
HOLDERS = ("list", "dict", "TimeDistributed")
FILES = ("keras", "h5", "SavedModel")
