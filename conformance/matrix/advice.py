"""What to do when a claim stops holding on an upgrade, or begins to: a sentence for each direction.

In the order of consequence: what goes wrong in silence in ordinary training code stands first.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Advice:
    """A sentence for whoever relied on a claim that no longer holds, and one for where it holds now."""

    lost: str
    won: str


ADVICE = {
    "training/set-by-entry-point": Advice(
        "Name `training` in every call() of your own, and pass it on to each layer that you call there.",
        "fit() and evaluate() tell your layers their mode again: remove switches of your own that did so.",
    ),
    "dropout/fit-turns-it-on": Advice(
        "Give each model and layer of your own a call() that names `training`, and see that the loss of "
        "fit() still varies with dropout.",
        "Dropout is on in fit() where it was not: expect a higher training loss, and tune the rate again.",
    ),
    "dropout/off-in-inference": Advice(
        "Pass `training=False` when you evaluate or predict, and check that two predictions are equal.",
        "Predictions are no longer disturbed by dropout: remove what you did against it.",
    ),
    "batchnorm/inference-uses-moving-statistics": Advice(
        "Pass `training=False` when you predict, and compare a prediction before and after the upgrade.",
        "Predictions no longer depend on the rest of the batch: check thresholds that were tuned before.",
    ),
    "batchnorm/training-uses-batch-statistics": Advice(
        "Compare moving_mean and moving_variance after one step with those of the old release.",
        "Moving statistics are gathered otherwise than before: do not carry on a half-trained model "
        "without checking its validation loss.",
    ),
    "batchnorm/frozen-runs-in-inference-mode": Advice(
        "Call the frozen part with `training=False`; `trainable=False` alone does not keep "
        "BatchNormalization in inference mode there.",
        "A frozen BatchNormalization uses its moving statistics now: fine-tuning results change, "
        "so measure your validation loss again.",
    ),
    "frozen/weights-are-not-updated": Advice(
        "Freeze layers after they are built and before compile(), and compare their weights after one step.",
        "Frozen weights stay as they are now: remove code that put them back.",
    ),
    "batchnorm/frozen-keeps-weights": Advice(
        "Freeze BatchNormalization after it is built, and check that gamma and beta stay.",
        "Gamma and beta of a frozen layer stay now: remove code that put them back.",
    ),
    "batchnorm/frozen-keeps-moving-statistics": Advice(
        "Save moving_mean and moving_variance of frozen layers before training, and compare afterwards.",
        "Moving statistics of frozen layers stay now: remove code that put them back.",
    ),
    "snapshot/freezing-waits-for-compile": Advice(
        "Call compile() after every change of `trainable`, and change nothing between compile() and fit(): "
        "a freeze may count at once.",
        "A freeze after compile() waits for the next compile(): call it, or the layer goes on learning.",
    ),
    "snapshot/thawing-waits-for-compile": Advice(
        "Call compile() with a new optimizer after thawing: a thaw may count at once, or fail in the "
        "optimizer.",
        "A thaw after compile() waits for the next compile(): call it, or the layer does not learn.",
    ),
    "snapshot/recompiling-applies": Advice(
        "Pass a new optimizer to compile() after a change of `trainable`, and do not compile inside fit().",
        "A new compile() is enough now: workarounds that built the model again can go.",
    ),
    "snapshot/covers-batchnorm-statistics": Advice(
        "Call compile() after every change of a BatchNormalization's `trainable`; its mode may follow the "
        "flag at once.",
        "The mode of BatchNormalization follows compile() as weights do: compile after each change.",
    ),
    "snapshot/is-per-model": Advice(
        "Write the training step of a GAN yourself, with the list of variables that each optimizer is for.",
        "Each compiled model keeps its own flags: a GAN can be trained with the flags set once.",
    ),
    "training/explicit-value-wins": Advice(
        "Do not rely on `base(inputs, training=False)` inside a Functional model: freeze the base's "
        "BatchNormalization, or write the call in a model of your own.",
        "A value of `training` that is written in the model counts now: `base(inputs, training=False)` "
        "keeps the base in inference mode.",
    ),
    "dropout/can-be-forced-on": Advice(
        "For Monte-Carlo dropout call the whole model, `model(x, training=True)`, in place of predict().",
        "A written `training=True` counts now: such dropout is on in predict() too.",
    ),
    "training/explicit-value-stays-local": Advice(
        "Write `training` at every layer of the model, or at none: a value may reach the layers after it.",
        "A value written at one layer no longer reaches its siblings: values that repaired this can go.",
    ),
    "training/reaches-nested-layers": Advice(
        "Name `training` in every call() of your own, and pass it on.",
        "Inner layers are told their mode without your help: passing it on does no harm.",
    ),
    "propagation/frozen-container-governs": Advice(
        "Set the flags of the inner layers too: a thawed layer inside a frozen container may be trained.",
        "A frozen container keeps all that it holds from being trained: thaw the container first.",
    ),
    "propagation/true-reaches-inner-layers": Advice(
        "Thaw inner layers one by one; setting a container to the value that it has may do nothing.",
        "Setting a container to True thaws all inside: freeze again what must rest.",
    ),
    "propagation/false-reaches-inner-layers": Advice(
        "Set `trainable=False` after the container is built, and look at the flags of the layers inside.",
        "Freezing the container reaches layers that it missed before: expect fewer trainable weights.",
    ),
    "propagation/inner-batchnorm-follows": Advice(
        "Set `trainable=False` on each BatchNormalization inside, not only on what holds it.",
        "A BatchNormalization inside a frozen container is in inference mode now: measure your "
        "validation loss again.",
    ),
    "frozen/optimizer-leaves-it-alone": Advice(
        "Make a new optimizer after freezing, and compare the loss: the penalty of a frozen layer may not "
        "be counted any more.",
        "Freezing no longer disturbs the optimizer or the loss: workarounds can go.",
    ),
    "frozen/state-updates-are-not-run": Advice(
        "In layers of your own ask `self.trainable` before you assign state in call().",
        "State of frozen layers stays now: remove code that put it back.",
    ),
    "batchnorm/thawed-trains-again": Advice(
        "After thawing, compile with a new optimizer and check that the moving statistics move.",
        "A thawed BatchNormalization trains again: workarounds can go.",
    ),
    "frozen/is-not-inference-mode": Advice(
        "Check that dropout under a frozen parent still drops, and pass `training` on by yourself.",
        "Layers under a frozen parent stay in training mode: pass `training=False` where you do not want it.",
    ),
    "dropout/ignores-trainable": Advice(
        "Use `training`, not `trainable`, to switch dropout, and check both settings.",
        "`trainable` no longer changes dropout: switch it by `training`.",
    ),
    "dropout/on-when-training": Advice(
        "Call each dropout layer once with `training=True` in a test of your own: some fail or do nothing.",
        "Dropout layers that failed or did nothing work now: expect stronger regularization.",
    ),
    "training/penalties-are-off-in-inference": Advice(
        "Compare evaluate() by metrics, not by the loss: it holds the penalties.",
        "The loss of evaluate() no longer holds the penalties: do not compare it with older numbers.",
    ),
    "snapshot/touches-nothing-else": Advice(
        "Compile again after a toggle, and look at the flags of the other layers.",
        "A toggle leaves other layers alone now: workarounds can go.",
    ),
    "propagation/empties-trainable-weights": Advice(
        "Do not index `trainable_weights`: look weights up by name.",
        "`trainable_weights` of a frozen container is empty now: code that counts weights may see fewer.",
    ),
    "dropout/has-no-weights": Advice(
        "Do not match variables by position: layers with randomness keep one for the state of their seed.",
        "Dropout has no variables now: files that hold its seed's state have one entry too many.",
    ),
    "batchnorm/tf1-freezing-is-not-inference": Advice(
        "Do not use TF1's layers with TF2: a frozen one may run in either mode.",
        "TF1's frozen layer is in training mode again: pass `training=False` to it.",
    ),
    "saving/weights-land-where-they-were": Advice(
        "Give a model the flags that it was saved with before it reads weights, and compare a prediction; "
        "or use a format that goes by names, `.weights.h5` or a TensorFlow checkpoint.",
        "Weights are read into the layers that they are of, whatever is frozen: setting the flags first "
        "is not needed any more.",
    ),
    "saving/flags-come-back": Advice(
        "Set `trainable` again on each container after loading, and look at the flags inside.",
        "Flags come back from a file now: code that set them again can go.",
    ),
    "saving/resumes-as-it-was": Advice(
        "After load_model() set the flags, compile with a new optimizer, and look at what one step moves.",
        "A loaded model trains on as it was: what was compiled again after loading need not be.",
    ),
    "saving/predicts-in-inference-mode": Advice(
        "Compare a prediction of the loaded or served model with one of the model that was saved.",
        "Loaded and served models predict in inference mode: rebuilding the model for serving can go.",
    ),
}
GONE = "Look for what replaced it: these cases use a class or an option that is not there any more."
UNANSWERED = "Measure the column again: here a case gave no answer."
