"""A batch for a model that somebody brought: theirs, or one made from what the model says it takes."""

from __future__ import annotations

from typing import Any, List

import numpy as np
import tensorflow as tf

from conformance.auditing.loading import Built, SubjectError

#: Rows enough for statistics of a batch, and few enough for a large model.
ROWS = 8
#: What a size that a model leaves open is taken for: steps of a sequence, or pixels of an image's side.
_OPEN = {3: 8, 4: 32, 5: 8}
_SAY = "let build() return (model, x) or (model, x, y)"
_RANDOM = 3


def inputs(built: Built) -> Any:
    """Return a batch of inputs. Raises SubjectError where the model does not say what it takes."""
    if built.inputs is not None:
        return tf.nest.map_structure(_array, built.inputs)
    wanted = _signature(built.model)
    if wanted is None:
        raise SubjectError(
            f"build() returns a {type(built.model).__name__} that names no input shape; {_SAY}"
        )
    return tf.nest.map_structure(_filled, wanted)


def _array(given: Any) -> np.ndarray:
    """Return a part of the user's batch as an array. Raises SubjectError for what is none."""
    found = np.asarray(given)
    if found.dtype.kind not in "fiubSU" or not found.ndim:
        raise SubjectError(
            f"the batch of build() holds a {type(given).__name__}; it must be of arrays, with rows"
        )
    return found


def _signature(model: Any) -> Any:
    """Return the placeholders that a model has for its inputs, in their structure; None without any."""
    for name in ("_inputs_struct", "_nested_inputs", "inputs"):
        found = getattr(model, name, None)
        if found is not None and len(tf.nest.flatten(found)):
            return found[0] if isinstance(found, (list, tuple)) and len(found) == 1 else found
    return None


def _filled(tensor: Any) -> np.ndarray:
    """Return values for one input: from 0 to 2, which are numbers, pixels and names of embeddings alike."""
    sizes = [getattr(size, "value", size) for size in tuple(tensor.shape)]  # TF1 has objects for them
    shape = [ROWS if sizes[0] is None else sizes[0]]
    shape += [_OPEN.get(len(sizes), 8) if size is None else size for size in sizes[1:]]
    named = tf.as_dtype(tensor.dtype)
    kind = np.dtype(named.as_numpy_dtype)
    if kind.kind not in "fiu":
        raise SubjectError(f"an input of build()'s model is a {named.name}: {_SAY}")
    return np.random.RandomState(_RANDOM).uniform(0, 2, shape).astype(kind)


def rows(x: Any) -> int:
    """Return how many rows a batch has."""
    return int(np.shape(tf.nest.flatten(x)[0])[0])


def targets(built: Built, outputs: Any) -> Any:
    """Return a batch of targets: the user's own, or values that a loss of their model's can take."""
    if built.targets is not None:
        return tf.nest.map_structure(_array, built.targets)
    classes = "sparse" in _loss(built.model).lower()
    return tf.nest.map_structure(lambda out: _target(np.asarray(out), classes), outputs)


def _loss(model: Any) -> str:
    """Return the names of the losses that a model was compiled with."""
    found: List[str] = []
    for loss in tf.nest.flatten(getattr(model, "loss", None)):
        found.append(loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__))
    return " ".join(found)


def _target(out: np.ndarray, classes: bool) -> np.ndarray:
    random = np.random.RandomState(_RANDOM)
    if classes:
        return random.randint(0, max(out.shape[-1], 2), out.shape[:-1])
    return random.uniform(0, 1, out.shape).astype("float32")
