"""Which weights a step should move: those that a gradient of the loss reaches, with all of them thawed.

What says that it is trainable and did not move is a fault only if there was something to move it by.
"""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

import numpy as np
import tensorflow as tf

from conformance.auditing import experiments, walking
from conformance.auditing.experiments import Batch
from conformance.auditing.judging import Due
from conformance.measuring import installed

keras = tf.keras
#: A step goes at least this far, of a weight's size: float32 has room for a tenth of it.
_SEEN = 1e-6


def due(build: Callable[[], Any], batch: Batch) -> Due:
    """Return the weights of a model, built anew, that a step with its optimizer moves visibly if it may."""
    model = experiments.with_variables(experiments.new(build).model, batch.x)
    experiments.compiled(model)
    places = walking.walk(model)
    names = [(place.path, i) for place in places for i in range(len(place.weights))]
    weights = [weight for place in places for weight in place.weights]
    found = _gradients(model, batch.x, batch.y, weights)
    return {
        name
        for name, weight, gradient in zip(names, weights, found)
        if gradient is not None
        and _way(model, _size(gradient)) > _SEEN * max(_size(installed.read(weight)), 1e-3)
    }


def _size(values: Any) -> float:
    return float(np.abs(np.asarray(values, "float64")).max()) if np.size(values) else 0.0


def _way(model: Any, gradient: float) -> float:
    """Return how far a first step goes: with some optimizers as far for a small gradient as for a large."""
    adapts = type(model.optimizer).__name__ in ("Adam", "AdamW", "Nadam", "Adamax", "RMSprop")
    return _learning_rate(model) * (1.0 if adapts and gradient > _SEEN else gradient)


def _learning_rate(model: Any) -> float:
    """Return how far an optimizer goes along a gradient; 0.001 where that is not a plain number."""
    found = getattr(model.optimizer, "learning_rate", getattr(model.optimizer, "lr", None))
    try:
        return float(installed.read(found)) if hasattr(found, "assign") else float(found)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 1e-3


def _gradients(model: Any, x: Any, y: Any, weights: Sequence[Any]) -> List[Optional[np.ndarray]]:
    if not tf.executing_eagerly():
        return _in_graph(model, x, y, weights)
    inner = [getattr(weight, "value", None) for weight in weights]
    watched = [w if v is None or callable(v) else v for w, v in zip(weights, inner)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(watched)
        out = model(tf.nest.map_structure(tf.constant, x), training=True)
        loss = _loss(model, x, y, out)
    found = [None] * len(weights) if loss is None else tape.gradient(loss, watched)
    return [None if gradient is None else np.asarray(tf.convert_to_tensor(gradient)) for gradient in found]


def _loss(model: Any, x: Any, y: Any, out: Any) -> Any:
    """Return the loss that a model was compiled with, or else the mean square of its outputs' errors.

    None where neither can be told: a step of the user's own knows what to make of the targets.
    """
    y = tf.nest.map_structure(tf.constant, y)
    try:
        if hasattr(model, "compute_loss"):
            return model.compute_loss(x=x, y=y, y_pred=out)
        return model.compiled_loss(y, out)
    except Exception:
        return _mean_square(y, out)


def _mean_square(y: Any, out: Any) -> Any:
    """Return the mean square of outputs' errors; None where targets have other shapes."""
    pairs = list(zip(tf.nest.flatten(y), tf.nest.flatten(out)))
    if not all(a.shape.is_compatible_with(b.shape) for a, b in pairs):
        return None
    return tf.add_n([tf.reduce_mean(tf.square(tf.cast(a, b.dtype) - b)) for a, b in pairs])


def _in_graph(model: Any, x: Any, y: Any, weights: Sequence[Any]) -> List[Optional[np.ndarray]]:
    x, y = (tf.nest.map_structure(tf.constant, each) for each in (x, y))
    loss = _mean_square(y, model(x, training=True))
    if loss is None:
        return [None] * len(weights)
    tensors = tf.compat.v1.gradients(loss, list(weights))
    reached = [tensor for tensor in tensors if tensor is not None]
    values = iter(installed.session().run([tf.convert_to_tensor(tensor) for tensor in reached]))
    return [None if tensor is None else np.asarray(next(values)) for tensor in tensors]
