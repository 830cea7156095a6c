"""What somebody switched in TensorFlow for the whole process: it does something else then, in any release.

A conftest does so, a fixture, or a test that ran before. Nothing here imports TensorFlow: it is handed over,
and asked only for what it has.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any, Iterator

#: Names of the type that layers compute in where nobody says so; `infer` is TF1's.
_USUAL = ("float32", "infer", "_infer")


def described(tf: Any) -> str:
    """Return a line on what was switched, nothing where all is as TensorFlow starts."""
    told = ", ".join(_switched(tf))
    hint = "a conftest or a test did so before the cases: run them by themselves"
    return f"TensorFlow was switched: {told}; {hint}" if told else ""


def _switched(tf: Any) -> Iterator[str]:
    """Yield what is not as it starts. Compilers, threads and determinism change no word: nobody asks."""
    starts_eager = not tf.__version__.startswith("1.")
    if bool(tf.executing_eagerly()) is not starts_eager:
        yield f"eager execution is {'off' if starts_eager else 'on'}"
    if _answer(tf, "config.functions_run_eagerly", "config.experimental_functions_run_eagerly"):
        yield "every tf.function runs eagerly"
    policy = _policy(tf)
    if policy not in _USUAL:
        yield f"the policy of all layers is {policy}"
    if _answer(tf, "distribute.has_strategy"):
        yield "a distribution strategy is in effect"
    if _answer(tf, "keras.distribution.distribution") is not None:
        yield "a distribution of Keras is in effect"
    for name in ("max_epochs", "max_steps_per_epoch"):
        most = _answer(tf, f"keras.config.{name}")
        if most is not None:
            yield f"keras.config.{name}() is {most}"
    if _has_phase(tf):
        yield "the learning phase is set"
    if _is_watched():
        yield "tf.debugging watches every operation"


def _answer(tf: Any, *paths: str) -> Any:
    """Return what the first of some functions says that this TensorFlow has; None without any."""
    for path in paths:
        found = tf
        for name in path.split("."):
            found = getattr(found, name, None)
        if callable(found):
            return found()
    return None


def _policy(tf: Any) -> str:
    older = ("keras.mixed_precision.global_policy", "keras.mixed_precision.experimental.global_policy")
    found = _answer(tf, "keras.config.dtype_policy", *older)
    return str(getattr(found, "name", _USUAL[0]))


def _has_phase(tf: Any) -> bool:
    """Return whether somebody set the learning phase: what a graph has for itself is a tensor."""
    module = inspect.getmodule(getattr(getattr(tf.keras, "backend", None), "learning_phase", None))
    phases = getattr(module, "_GRAPH_LEARNING_PHASES", {})
    return any(isinstance(phase, int) for phase in list(phases.values()))


def _is_watched() -> bool:
    """Return whether each operation is looked at: `enable_check_numerics()` does so, and raises at a nan."""
    context = getattr(sys.modules.get("tensorflow.python.eager.context"), "context", None)
    return bool(context and getattr(context(), "op_callbacks", ()))
