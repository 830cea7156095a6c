"""Mutants that break what no audit asks, which are not tried, and those that no audit notices, with why."""

from __future__ import annotations

_FED = "an audit gives fit() arrays of one batch, once, without weights or held-out rows"
_INSIDE = "an audit looks at the masks of layers that only drop, and not at dropout inside of other layers"
_IMAGES = "an audit looks at what an augmentation is told, and not at what it does to images"
_WEIGHTS = "an audit saves and loads whole models, and reads no file of weights"
_LOSSES = "an audit looks at no loss"
_ONCE = "an audit looks at one mask of a layer, and whether it drops, not how much"
_STEPS = "an audit changes a flag after compile() and steps by train_on_batch(), not by fit()"
_TRACED = "in Keras 3: an audit changes a flag before the first step, where it counts at once anyway"
_REPLICAS = "an audit does not see what goes in and out of a layer on a replica"
_GRAPHS = "an audit does not see what goes in and out of a layer in evaluate() and predict()"
_WHOLE = "an audit changes the flag of the whole model after compile(), and of no model inside"
_SERVED = "an audit serves no model"
_RECOMPUTED = "an audit takes no step that computes activations anew"
_COPIED = "an audit copies no model in memory"
_HALF = "no model of the zoo is in half precision"
_FEEDS = "an audit calls no model where batches are made, nor between two"
_MAPPED = "an audit calls no model in the body of a loop"
_EXPORTED = "an audit reads no model that was exported"
_OTHER = "an audit looks at the modes, weights and flags of layers, and not at all that they compute"

_COMPILED = "an audit compiles a model with an optimizer and a loss, and with nothing else"
_ALTERED = "an audit alters nothing of a layer but its flag"
_CHECKPOINTS = "an audit reads no checkpoint"
_CLASSLESS = "an audit loads a model with the classes of its layers"
_MODULES = "no model of the zoo has a tf.Module in it"
_ERRORS = "an audit goes on with no model after an error"
_PUT_BACK = "an audit puts no weights back"
_NONE_SUCH = "no model of the zoo has {}"
_OWN_FLAGS = "an audit sets no flag of a single weight"
_HANDED_ON = "an audit takes no step of one's own"

_FIRST_REPLICA = "what {} reads of statistics is the first replica's"
_NEVER_TRAINED = "an audit does not watch weights that were made not trainable, in a layer that trains"

#: In every flavour.
UNASKED = {
    "a-frozen-gamma-freezes-its-layer": _OWN_FLAGS,
    "a-given-state-turns-dropout-off": _INSIDE,
    "a-gru-drops-nothing-between-its-steps": _INSIDE,
    "a-layer-in-anothers-place-is-frozen": "an audit puts no layer in the place of another",
    "an-optimizer-serves-the-last-model-only": "an audit gives each model an optimizer of its own",
    "attention-always-drops": _INSIDE,
    "attention-is-deaf-to-training": _INSIDE,
    "augmentations-are-always-on": _IMAGES,
    "augmentations-are-never-on": _IMAGES,
    "augmentations-rest-in-maps": _FEEDS,
    "batchnorm-infers-nowhere-on-replicas": _REPLICAS,
    "batchnorm-trains-on-first-replica-only": _REPLICAS,
    "best-weights-reset-frozen-statistics": _PUT_BACK,
    "calls-that-raise-leave-training-on": _ERRORS,
    "checkpoints-thaw-a-base": _CHECKPOINTS,
    "class-weights-train-frozen-layers": _FED,
    "cleared-sessions-train-frozen-norms": "an audit clears no session after it made a model",
    "clipping-moves-frozen-weights": _COMPILED,
    "compile-compiles-inner-models-too": _WHOLE,
    "conv-lstm-keeps-its-first-mask": _INSIDE,
    "copied-dense-is-frozen": _COPIED,
    "copied-dense-is-thawed": _COPIED,
    "copied-dropout-is-on": _COPIED,
    "copied-kernels-stand-on-their-heads": _COPIED,
    "copied-norms-are-thawed": _COPIED,
    "copies-are-the-model-itself": _COPIED,
    "datasets-compile-anew": _FED,
    "datasets-train-frozen-layers": _FED,
    "dropout-at-half-its-rate": _ONCE,
    "dropout-cannot-be-forced": _GRAPHS,
    "dropout-drops-on-replicas": _REPLICAS,
    "dropout-in-modules-hears-nothing": _MODULES,
    "dropout-of-whole-images-rests-when-frozen": _NONE_SUCH.format("a Dropout that drops whole images"),
    "dropout-repeats-its-mask": _ONCE,
    "dropout-repeats-its-mask-in-loops": _MAPPED,
    "dropout-rests-in-loops": _MAPPED,
    "dropout-rests-on-a-replica": _REPLICAS,
    "evaluations-between-batches-gather-statistics": _FEEDS,
    "exported-layers-drop": _EXPORTED,
    "exported-layers-learn-nothing": _EXPORTED,
    "features-are-of-another-scale": _OTHER,
    "files-of-weights-put-what-is-frozen-alone-last": _OWN_FLAGS,
    "fits-that-raise-train-frozen-norms": _ERRORS,
    "fits-thaw-what-they-build": "an audit builds a model before it takes a step",
    "flagged-statistics-thaw-a-frozen-layer": _OWN_FLAGS,
    "flags-that-are-no-booleans-go-no-further": "an audit sets flags to False and True only",
    "frozen-augmentations-are-off": _IMAGES,
    "frozen-columns-are-trained": _NONE_SUCH.format("a feature column"),
    "frozen-layernorm-does-nothing": _OTHER,
    "frozen-layers-without-a-class-learn": _CLASSLESS,
    "frozen-networks-in-losses-learn": _LOSSES,
    "frozen-norms-are-read-in-reverse": _WEIGHTS,
    "frozen-norms-are-restored-in-reverse": _WEIGHTS,
    "frozen-norms-are-set-in-reverse": _WEIGHTS,
    "frozen-norms-of-bfloat16-train": _HALF,
    "frozen-norms-of-ones-own-class-train": _NONE_SUCH.format("a BatchNormalization of a class of its own"),
    "frozen-norms-train-in-loops": _MAPPED,
    "frozen-norms-train-in-parallel-maps": _FEEDS,
    "frozen-statistics-move-without-rows": _FED,
    "functions-are-deaf-to-training": _NONE_SUCH.format("a layer whose `call` is a function"),
    "gaussian-dropout-keeps-a-state": "an audit does not ask what state a layer should have",
    "generators-train-frozen-layers": _FED,
    "given-vectors-are-trainable": _NONE_SUCH.format("vectors that are given"),
    "half-frozen-models-are-put-back-in-reverse": _PUT_BACK,
    "half-frozen-models-set-reverse": _WEIGHTS,
    "half-frozen-readers-reverse": _WEIGHTS,
    "half-frozen-restores-reverse": _WEIGHTS,
    "half-precision-dropout-drops-in-predict": _HALF,
    "half-precision-dropout-rests-in-fit": _HALF,
    "half-precision-trains-frozen-layers": _HALF,
    "inherited-dropout-hears-nothing": _NONE_SUCH.format(
        "a layer that hands a value to the call that it inherits"
    ),
    "large-networks-freeze-at-their-beginning": _NONE_SUCH.format("so many layers"),
    "last-replica-is-saved": _REPLICAS,
    "later-epochs-update-no-statistics": _FED,
    "layers-over-cells-keep-their-first-mask": _INSIDE,
    "layers-train-in-loops": _MAPPED,
    "layers-train-where-python-makes-batches": _FEEDS,
    "learning-rates-compile-anew": "an audit sets no learning rate after compile()",
    "lite-models-drop": _SERVED,
    "loaded-models-list-what-was-frozen": _EXPORTED,
    "losses-deep-inside-are-lost": _LOSSES,
    "losses-forget-an-explicit-false": _LOSSES,
    "metrics-turn-dropout-off": _COMPILED,
    "mirrored-steps-compile-anew": _STEPS,
    "mirrored-steps-outlive-compile": _STEPS,
    "models-infer-in-loops": _MAPPED,
    "models-take-no-integers": "an audit gives no other value than True",
    "modules-in-frozen-layers-learn": _MODULES,
    "momenta-stay-as-they-were-made": _ALTERED,
    "networks-in-losses-train": _LOSSES,
    "norms-in-large-networks-train": _NONE_SUCH.format("so many layers"),
    "norms-of-ones-own-class-stay-frozen": _NONE_SUCH.format("a BatchNormalization of a class of its own"),
    "norms-rest-in-loops": _MAPPED,
    "old-optimizers-train-what-was-frozen-since": _CHECKPOINTS,
    "own-steps-compile-anew": _STEPS,
    "penalties-never-count": _LOSSES,
    "penalty-of-frozen-layers-is-forgotten": _LOSSES,
    "phase-set-by-hand-governs": "an audit sets no learning phase",
    "predictions-handed-on-train": _HANDED_ON,
    "predictions-outlive-compile": "an audit compiles no model right after a prediction",
    "ragged-rows-are-masked-in-inference": "an audit gives a model rows of one length",
    "rates-stay-as-they-were-made": _ALTERED,
    "recomputed-dropout-rests": _RECOMPUTED,
    "recomputed-norms-use-the-batch": _RECOMPUTED,
    "sample-weights-move-frozen-statistics": _FED,
    "schedules-train-frozen-norms": _COMPILED,
    "sequences-train-frozen-layers": _FED,
    "served-dropout-is-on": _SERVED,
    "served-norms-use-the-batch": _SERVED,
    "splits-train-frozen-layers": _FED,
    "stateless-calls-move-frozen-statistics": "an audit takes no `stateless_call`",
    "statistics-are-kept-in-half-precision": _HALF,
    "statistics-are-not-read-before-a-build": _CHECKPOINTS,
    "steps-handed-on-infer": _HANDED_ON,
    "steps-that-are-left-out-move-frozen-norms": "an audit gives finite targets",
    "summaries-count-what-is-frozen": "an audit reads no summary",
    "synchronized-looks-at-its-own-share": _REPLICAS,
    "thawed-weights-come-back-in-another-order": "an audit looks at which weights are listed, in any order",
    "the-last-batch-is-left-out": _FED,
    "the-next-compile-takes-back-own-flags": _OWN_FLAGS,
    "threads-default-to-training": "an audit calls a model in no other thread",
    "validation-ends-training": _FED,
    "weight-decay-reaches-weights-frozen-alone": _OWN_FLAGS,
    "weighted-fits-compile-anew": _FED,
    "weights-frozen-alone-learn": _OWN_FLAGS,
    "weights-of-samples-replace-penalties": _LOSSES,
    "weights-own-flags-count-at-once": _OWN_FLAGS,
    "what-is-named-only-hears-false": _NONE_SUCH.format("a layer that takes `training` by its name only"),
    "wide-and-deep-trains-what-is-frozen": _NONE_SUCH.format("a wide and a deep part"),
}
#: In Keras 3.
UNASKED_IN_KERAS3 = {
    "every-step-compiles-anew": _TRACED,
    "freezing-counts-at-once": _TRACED,
    "thawing-counts-at-once": _TRACED,
}
#: Tried, and not noticed in some column, for a reason that is no column's own.
UNNOTICED = {
    "activations-that-are-layers-are-trained": "in Keras 3 it has no weights before the first step",
    "batchnorm-gathers-the-unbiased-variance": "an audit compares how far means move, not variances",
    "dropout-has-a-weight": "no gradient reaches that weight, so an audit does not judge it",
    "frozen-statistics-move-on-a-replica": _FIRST_REPLICA.format("Keras 3"),
    "masked-batchnorm-counts-padding": "an audit does not compare statistics under a mask",
    "shared-batchnorm-moves-once": "an audit does not compare statistics of what is called twice",
    "single-rows-are-no-batches": "an audit does not judge the mode of a layer by a batch of one row",
    "traced-loops-train-frozen-layers": "an audit has no loop of its own",
}
#: And for one of the column's own.
UNNOTICED_IN: dict[str, dict[str, str]] = {
    "tf1.15": {
        "dropout-called-in-loading-is-on": "an audit calls a loaded model anew, and does not predict()",
        "thawing-trains-weights-that-never-were": _NEVER_TRAINED,
    },
    "tf2.0": {
        "frozen-statistics-move-on-a-replica": _FIRST_REPLICA.format("TF 2.0"),
        "rebuilding-thaws": "in TF 2.0 from_config() of a model makes it again as TF1's layer",
        "thawing-trains-weights-that-never-were": _NEVER_TRAINED,
    },
}


def unasked(mutant: str, flavour: str) -> str:
    """Return why a mutant is not tried in a flavour of Keras; "" where it is."""
    return UNASKED.get(mutant) or (UNASKED_IN_KERAS3.get(mutant, "") if flavour == "keras3" else "")


def unnoticed(mutant: str, column: str) -> str:
    """Return why no audit notices a mutant in a column; "" where that is not known."""
    return UNNOTICED_IN.get(column, {}).get(mutant, "") or UNNOTICED.get(mutant, "")
