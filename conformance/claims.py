"""The registry: every claim that the suite checks, as data.

A claim is a positive sentence that TensorFlow's behaviour can confirm or refute. Its statement is
ours; its quote is verbatim, and only the phrase that is tested, with where it stands. What the
notes quote from the reference of their day names that page of release 2.3; what they say themselves,
in Chinese, names the notes. Two sources have no page per release: they name one commit.
"""

from __future__ import annotations

import dataclasses
from typing import Dict, Optional, Tuple

NOTES = "John, [Tensorflow]從Pytorch到TF2的學習之路 - Training mode v.s. Inference mode, 2020-08-16"
_REFERENCE = "https://www.tensorflow.org/versions/r2.3/api_docs/python/tf/keras/layers/"
DROPOUT_PAGE = _REFERENCE + "Dropout"
BATCHNORM_PAGE = _REFERENCE + "BatchNormalization"
MODEL_PAGE = "https://www.tensorflow.org/versions/r2.3/api_docs/python/tf/keras/Model"
_KERAS_IO = "https://github.com/keras-team/keras-io/blob/"
GUIDE = _KERAS_IO + "0a57de48c864d63b80083820e8988368ee5c3149/guides/transfer_learning.py"
FAQ = _KERAS_IO + "ad4fc805f5e1a4a4c0bcdd416aa9feac6608fb6c/templates/getting_started/faq.md"

FLAVOURS = ("tf1", "keras2", "tf_keras", "keras3")


@dataclasses.dataclass(frozen=True)
class Docstring:
    """Where a wheel's own documentation says a claim's sentence, if it does.

    `layer` is a name in `tf.keras.layers`; `phrase` is compared without case, quotation marks,
    mark-up and line breaks, because these moved between releases and the words did not.
    """

    layer: str
    phrase: str


@dataclasses.dataclass(frozen=True)
class Claim:
    """One sentence to confirm or refute, with the words it rests on."""

    id: str
    statement: str
    quote: str
    source: str
    translation: str = ""
    applies_to: Tuple[str, ...] = FLAVOURS
    documented: Optional[Docstring] = None
    derived_from: str = ""

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.split("/")[0]


_TRAINING_KWARG = "you can set the kwarg explicitly to True when calling the layer"
_AUTOMATICALLY = "training will be appropriately set to True automatically"
_INFERENCE_MODE = "will be subsequently run in inference mode"
_NOT_UPDATED = "its trainable weights will not be updated during fit() or train_on_batch()"
_UPDATES_NOT_RUN = "its state updates will not be run"
_TWO_CONCEPTS = "“Frozen state” and “inference mode” are two separate concepts."
_INNER_ZH = "對某一個layer設置trainable=True會連帶影響內部的所有layer的trainable參數"
_INNER_EN = "Setting trainable=True on a layer also affects the trainable value of all layers inside it."
_COMPILE_ZH = "如果再compile()後才更改trainable參數，那要等到再次呼叫compile()才會更新"
_COMPILE_EN = "If trainable is changed after compile(), it takes effect only when compile() is called again."
_WAITS = Docstring("BatchNormalization", "until compile() is called again")
_RECURSIVE = Docstring("BatchNormalization", "the trainable value of all inner layers")

DROPOUT = (
    Claim(
        "dropout/off-in-inference",
        "In inference mode dropout masks nothing.",
        "Dropout在inference mode下就不會在屏蔽neuron",
        NOTES,
        translation="In inference mode Dropout no longer masks neurons.",
        documented=Docstring("Dropout", "no values are dropped during inference"),
    ),
    Claim(
        "dropout/on-when-training",
        "With training=True units are dropped, and the survivors are scaled up to keep the sum.",
        "the Dropout layer only applies when training is set to True "
        "such that no values are dropped during inference",
        DROPOUT_PAGE,
        documented=Docstring("Dropout", "layer only applies when training is set to True"),
    ),
    Claim(
        "dropout/fit-turns-it-on",
        "fit() and train_on_batch() set training to True by themselves.",
        "When using model.fit, training will be appropriately set to True automatically",
        DROPOUT_PAGE,
        documented=Docstring("Dropout", _AUTOMATICALLY),
    ),
    Claim(
        "dropout/can-be-forced-on",
        "An explicit training=True where the layer is called wins over the outer call.",
        "in other contexts, " + _TRAINING_KWARG,
        DROPOUT_PAGE,
        documented=Docstring("Dropout", "explicitly to True when calling the layer"),
    ),
    Claim(
        "dropout/ignores-trainable",
        "trainable=False changes nothing about when the layer drops.",
        "trainable does not affect the layer's behavior",
        DROPOUT_PAGE,
        documented=Docstring("Dropout", "trainable does not affect the layer's behavior"),
    ),
    Claim(
        "dropout/has-no-weights",
        "Dropout has no weights and no variables, and trainable moves none between the lists.",
        "Dropout does not have any variables/weights that can be frozen during training",
        DROPOUT_PAGE,
        documented=Docstring("Dropout", "does not have any variables/weights"),
    ),
)

BATCHNORM = (
    Claim(
        "batchnorm/inference-uses-moving-statistics",
        "In inference mode it normalizes with the moving mean and variance gathered in training.",
        "BatchNormalization在inference mode下會使用training時得到的平均值作為alpha, beta的參數",
        NOTES,
        translation="In inference mode BatchNormalization uses the averages obtained in training.",
    ),
    Claim(
        "batchnorm/training-uses-batch-statistics",
        "In training mode it normalizes with the batch's statistics and moves the moving ones by momentum.",
        "rather than using the mean and variance of the current batch",
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", "mean and variance of the current batch of inputs"),
    ),
    Claim(
        "batchnorm/frozen-runs-in-inference-mode",
        "With trainable=False it normalizes with the moving statistics, even under training=True.",
        "setting trainable = False on the layer means that the layer "
        "will be subsequently run in inference mode",
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", _INFERENCE_MODE),
    ),
    Claim(
        "batchnorm/frozen-keeps-moving-statistics",
        "With trainable=False the moving statistics do not move.",
        _UPDATES_NOT_RUN,
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", _UPDATES_NOT_RUN),
    ),
    Claim(
        "batchnorm/frozen-keeps-weights",
        "With trainable=False gamma and beta do not move in fit() or train_on_batch().",
        _NOT_UPDATED,
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", _NOT_UPDATED),
    ),
    Claim(
        "batchnorm/thawed-trains-again",
        "Set back to True (and compiled again), it is in training mode again.",
        _INFERENCE_MODE,
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", _INFERENCE_MODE),
    ),
    Claim(
        "batchnorm/tf1-freezing-is-not-inference",
        "TF1's layer, frozen, still normalizes with the batch's statistics.",
        "對於TF1中，trainable=False只是凍結了參數，並不會變成inference mode",
        NOTES,
        translation="In TF1, trainable=False only freezes the parameters; it does not become inference mode.",
        applies_to=("tf1", "keras2", "tf_keras"),
    ),
    Claim(
        "batchnorm/introduced-in-2.0",
        "TensorFlow 2.0 is the first release in which a frozen layer runs in inference mode.",
        "This behavior has been introduced in TensorFlow 2.0",
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", "introduced in TensorFlow 2.0"),
        derived_from="batchnorm/frozen-runs-in-inference-mode",
    ),
)

FROZEN = (
    Claim(
        "frozen/weights-are-not-updated",
        "A frozen layer's weights do not move in fit(), train_on_batch() or a loop over trainable_weights.",
        _NOT_UPDATED,
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", _NOT_UPDATED),
    ),
    Claim(
        "frozen/state-updates-are-not-run",
        "A frozen layer's non-trainable state does not move either.",
        _UPDATES_NOT_RUN,
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", _UPDATES_NOT_RUN),
    ),
    Claim(
        "frozen/is-not-inference-mode",
        "Freezing switches no other layer to inference mode.",
        _TWO_CONCEPTS,
        BATCHNORM_PAGE,
        documented=Docstring("BatchNormalization", "are two separate concepts"),
    ),
    Claim(
        "frozen/optimizer-leaves-it-alone",
        "Weight decay, momentum, constraints and slots leave frozen weights alone; their penalty stays.",
        "the state of a frozen layer won't\nbe updated during training",
        GUIDE,
    ),
)

PROPAGATION = (
    Claim(
        "propagation/false-reaches-inner-layers",
        "Setting a container to False sets every layer inside it to False.",
        "all children layers become non-trainable as well",
        GUIDE,
        documented=_RECURSIVE,
    ),
    Claim(
        "propagation/true-reaches-inner-layers",
        "Setting a container to True sets every layer inside it to True, whatever each was before.",
        _INNER_ZH,
        NOTES,
        translation=_INNER_EN,
        documented=_RECURSIVE,
    ),
    Claim(
        "propagation/empties-trainable-weights",
        "A frozen container has no trainable weights; thawed, it has all of them, in the same order.",
        "moves all the layer's weights from trainable to\nnon-trainable",
        GUIDE,
    ),
    Claim(
        "propagation/frozen-container-governs",
        "What a frozen container holds is not trained, whatever the flags inside say.",
        "then `layer.trainable_weights` will always be an empty list",
        FAQ,
    ),
    Claim(
        "propagation/inner-batchnorm-follows",
        "A BatchNormalization inside a frozen container runs in inference mode.",
        _INNER_ZH,
        NOTES,
        translation=_INNER_EN,
        documented=_RECURSIVE,
    ),
)

SNAPSHOT = (
    Claim(
        "snapshot/freezing-waits-for-compile",
        "Freezing after compile() has no effect until compile() is called again.",
        _COMPILE_ZH,
        NOTES,
        translation=_COMPILE_EN,
        documented=_WAITS,
    ),
    Claim(
        "snapshot/thawing-waits-for-compile",
        "Thawing after compile() has no effect until compile() is called again.",
        _COMPILE_ZH,
        NOTES,
        translation=_COMPILE_EN,
        documented=_WAITS,
    ),
    Claim(
        "snapshot/recompiling-applies",
        "After the new compile() the change has its effect, for weights and for BN statistics.",
        "那要等到再次呼叫compile()才會更新",
        NOTES,
        translation="it takes effect only when compile() is called again",
        documented=_WAITS,
    ),
    Claim(
        "snapshot/covers-batchnorm-statistics",
        "What was taken at compile() governs BN's mode and statistics as it governs weights.",
        _COMPILE_ZH,
        NOTES,
        translation=_COMPILE_EN,
        documented=_WAITS,
    ),
    Claim(
        "snapshot/is-per-model",
        "Two compiled models that share a layer each keep the flags of their own compile().",
        "model A and B are using different `trainable` values for the shared layers",
        FAQ,
    ),
    Claim(
        "snapshot/touches-nothing-else",
        "A toggle of one layer after compile() changes neither what other layers do nor their flags.",
        _COMPILE_ZH,
        NOTES,
        translation=_COMPILE_EN,
        documented=_WAITS,
    ),
)

TRAINING = (
    Claim(
        "training/set-by-entry-point",
        "training is True in fit() and train_on_batch(), False in the others, and inference in a plain call.",
        _AUTOMATICALLY,
        DROPOUT_PAGE,
        documented=Docstring("Dropout", _AUTOMATICALLY),
    ),
    Claim(
        "training/reaches-nested-layers",
        "model(x, training=True) reaches every inner layer, also through layers that do not name training.",
        _AUTOMATICALLY,
        DROPOUT_PAGE,
    ),
    Claim(
        "training/explicit-value-wins",
        "A value written where the inner layer is called wins over the outer one.",
        _TRAINING_KWARG,
        DROPOUT_PAGE,
        documented=Docstring("Dropout", "explicitly to True when calling the layer"),
    ),
    Claim(
        "training/explicit-value-stays-local",
        "A value given to one inner layer does not change what its siblings get.",
        _TRAINING_KWARG,
        DROPOUT_PAGE,
    ),
    Claim(
        "training/penalties-are-off-in-inference",
        "Dropout and L1/L2 penalties count in fit()'s loss and not in evaluate()'s.",
        "Regularization mechanisms, such as Dropout and L1/L2 weight regularization, "
        "are turned off at testing time.",
        FAQ,
    ),
)

SAVING = (
    Claim(
        "saving/weights-land-where-they-were",
        "Weights of a model are read into the same layers of an equal one, whatever is frozen in either.",
        "the architecture should be the same as when the weights were saved",
        MODEL_PAGE,
    ),
    Claim(
        "saving/flags-come-back",
        "A saved model comes back with the flag of each layer, of each container, and its own.",
        "This allows you to save the entirety of the state of a model in a single file.",
        MODEL_PAGE,
    ),
    Claim(
        "saving/resumes-as-it-was",
        "A compiled model that is loaded goes on training what was not frozen, and leaves the rest alone.",
        "The state of the optimizer, allowing to resume training exactly where you left off.",
        MODEL_PAGE,
    ),
    Claim(
        "saving/predicts-in-inference-mode",
        "What is loaded or served predicts in inference mode, whatever was frozen when it was saved.",
        "Create a SavedModel artifact for inference",
        MODEL_PAGE.replace("r2.3", "r2.15"),
    ),
)

#: Every claim by its id, in the order of the report.
CLAIMS: Dict[str, Claim] = {
    c.id: c for c in DROPOUT + BATCHNORM + FROZEN + PROPAGATION + SNAPSHOT + TRAINING + SAVING
}


def claim(claim_id: str) -> Claim:
    """Return the claim named `claim_id`. Raises KeyError, with the known ids, for any other."""
    if claim_id not in CLAIMS:
        raise KeyError(f"no claim is called {claim_id!r}; known: {', '.join(CLAIMS)}")
    return CLAIMS[claim_id]


def claims_matching(names: str) -> Tuple[str, ...]:
    """Return the ids that a comma-separated list of claim ids and families names.

    Raises KeyError naming the first entry that is neither.
    """
    families = {c.family for c in CLAIMS.values()}
    found = []
    for name in filter(None, (part.strip() for part in names.split(","))):
        if name not in families and name not in CLAIMS:
            raise KeyError(name)
        found += [c.id for c in CLAIMS.values() if name in (c.id, c.family)]
    return tuple(found)
