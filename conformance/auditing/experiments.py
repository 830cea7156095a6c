"""One question, put to a model that is built for it: every layer watched, before and after."""

from __future__ import annotations

import dataclasses
import gc
import random
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

import numpy as np
import tensorflow as tf

from conformance.auditing import feeding, loading, walking
from conformance.auditing.loading import Built, SubjectError
from conformance.auditing.walking import Place
from conformance.auditing.watching import Log, Watch
from conformance.measuring import installed
from conformance.measuring.instruments import Signal

keras = tf.keras
Arrays = List[np.ndarray]


@dataclasses.dataclass(frozen=True)
class Question:
    """A way to use a model. `training` says what every layer inside should be told in it."""

    name: str
    use: Callable[[Any, Any, Any], Any]
    training: bool
    trains: bool = False
    is_compiled: bool = True
    eagerly: bool = False


@dataclasses.dataclass(frozen=True)
class Batch:
    """What each model is given: inputs, and targets of the form of what it gave for them."""

    x: Any
    y: Any


@dataclasses.dataclass
class Was:
    """What one place said of itself, and held, before and after it was used."""

    place: Place
    log: Log
    says_frozen: bool
    is_governed: bool
    weights: Arrays
    state: Arrays
    listed: int
    weights_after: Arrays = dataclasses.field(default_factory=list)
    state_after: Arrays = dataclasses.field(default_factory=list)
    signals: List[Signal] = dataclasses.field(default_factory=list)

    @property
    def is_frozen(self) -> bool:
        """Whether it says that it is frozen, or what holds it does."""
        return self.says_frozen or self.is_governed


@dataclasses.dataclass
class Seen:
    """All that one question made visible of one model."""

    question: Question
    model: Any
    places: List[Was]


def kind(model: Any) -> str:
    """Return how a model was made, as the suite's cases name it."""
    if isinstance(model, keras.Sequential):
        return "Sequential"
    return "Subclassed" if walking.calls_theirs(model) else "Functional"


def called(model: Any, x: Any, **arguments: Any) -> Any:
    """Call a model on a batch of any structure, and return arrays in the structure of its outputs."""
    if tf.executing_eagerly():
        return tf.nest.map_structure(np.asarray, model(tf.nest.map_structure(tf.constant, x), **arguments))
    # Rows of unknown number, as loops of TF1 feed them.
    given = tf.nest.map_structure(
        lambda part: tf.compat.v1.placeholder_with_default(part, (None, *part.shape[1:])), x
    )
    out = model(given, **arguments)
    found = getattr(model, "get_updates_for", None)
    updates = [*found(given), *found(None)] if found else list(model.updates)
    arrays = installed.session().run([tf.nest.flatten(out), updates])[0]
    return tf.nest.pack_sequence_as(out, arrays)


def _traced_call(model: Any, x: Any) -> Any:
    installed.require_eager("a tf.function")
    return tf.function(lambda given: model(given))(tf.nest.map_structure(tf.constant, x))


def _fit(model: Any, x: Any, y: Any) -> None:
    model.fit(x, y, batch_size=feeding.rows(x), epochs=1, verbose=0, shuffle=False)


QUESTIONS = (
    Question("model(x)", lambda model, x, y: called(model, x), False, is_compiled=False),
    Question(
        "model(x) in a tf.function", lambda model, x, y: _traced_call(model, x), False, is_compiled=False
    ),
    Question(
        "model(x, training=True)",
        lambda model, x, y: called(model, x, training=True),
        True,
        is_compiled=False,
    ),
    Question("fit()", _fit, True, trains=True),
    Question("fit(), run eagerly", _fit, True, trains=True, eagerly=True),
    Question("train_on_batch()", lambda model, x, y: model.train_on_batch(x, y), True, trains=True),
    Question(
        "evaluate()", lambda model, x, y: model.evaluate(x, y, batch_size=feeding.rows(x), verbose=0), False
    ),
    Question("predict()", lambda model, x, y: model.predict(x, batch_size=feeding.rows(x), verbose=0), False),
)


def is_watched_closely(layer: Any) -> bool:
    """Return whether the arrays that a layer takes and gives are needed: to see what it does with them."""
    return is_batchnorm(layer) or masking_rate(layer) is not None


def is_batchnorm(layer: Any) -> bool:
    """Return whether a layer normalizes with statistics that move."""
    return all(hasattr(layer, name) for name in ("moving_mean", "moving_variance", "epsilon", "axis"))


def masking_rate(layer: Any) -> Optional[float]:
    """Return how much a layer drops, or the spread of its noise; None for a layer that does neither."""
    kinds = tuple(
        getattr(keras.layers, name)
        for name in ("Dropout", "GaussianDropout", "AlphaDropout", "GaussianNoise")
        if hasattr(keras.layers, name)
    )
    if not isinstance(layer, kinds):
        return None
    found = getattr(layer, "rate", getattr(layer, "stddev", None))
    return float(found) if isinstance(found, (int, float)) else None


# A model.


def new(build: Callable[[], Any], draw: int = 0) -> Built:
    """Return what `build()` returns, built anew, with names and seeds as a first one has them.

    Each `draw` has other random numbers.
    """
    _clear_session()
    installed.seed()
    if draw:
        _draw(installed.SEED + draw)
    made = loading.built(build)
    model = made.model
    if not walking.is_layer(model):
        raise SubjectError(f"build() returns {_named(model)}: no model or layer of {_keras_here()}")
    if not isinstance(model, keras.Model):
        made = dataclasses.replace(made, model=keras.Sequential([model]))
    return made


def _draw(seed: int) -> None:
    random.seed(seed)  # by which Keras 3 seeds what is given no seed
    np.random.seed(seed % 2**32)
    tf.compat.v1.set_random_seed(seed)


def _clear_session() -> None:
    """Forget names, graphs and models, but no policy of numbers that the user's module set, as Keras 3 would.

    A model and its traced steps hold each other: only the collector frees them, which Keras 2 does not call.
    """
    policies: Any = getattr(keras, "mixed_precision", None)
    policy = policies.global_policy() if hasattr(policies, "global_policy") else None
    keras.backend.clear_session()
    gc.collect()
    if policy is not None and policies.global_policy().name != policy.name:
        policies.set_global_policy(policy)


def _named(value: Any) -> str:
    kind = type(value)
    return "None" if value is None else f"a {kind.__module__.split('.')[0]} {kind.__name__}"


def _keras_here() -> str:
    return f"{keras.layers.Layer.__module__.split('.')[0]}, which is tf.keras here"


def compiled(model: Any, anew: bool = False, eagerly: bool = False) -> Any:
    """Compile a model that nobody compiled (or `anew` any, with the loss that it has), and return it."""
    eagerly = eagerly and tf.executing_eagerly()
    if anew or getattr(model, "optimizer", None) is None:
        options: Dict[str, Any] = {"run_eagerly": True} if eagerly else {}
        if installed.accepts(keras.Model.compile, "jit_compile"):
            options["jit_compile"] = False
        loss = getattr(model, "loss", None) or "mse"
        model.compile(optimizer=installed.optimizer("SGD"), loss=loss, **options)
    elif eagerly:
        model.run_eagerly = True
    return model


def with_variables(model: Any, x: Any) -> Any:
    """Return a model whose layers have made their variables: called once, if it has none."""
    if tf.executing_eagerly():
        if not (model.built and getattr(model, "inputs", None)):
            called(model, x)
    elif not model.built:
        model.build(tf.nest.map_structure(lambda part: tf.TensorShape((None, *part.shape[1:])), x))
    return model


def ask(build: Callable[[], Any], question: Question, batch: Batch, draw: int = 0) -> Seen:
    """Use a model that is built anew in one way, and return what was seen of all its layers."""
    if question.eagerly:
        installed.require_eager("run_eagerly=True")
    with Watch(is_watched_closely) as watch:
        model = with_variables(new(build, draw).model, batch.x)
        if question.is_compiled:
            compiled(model, eagerly=question.eagerly)
        listed = set(installed.identities(model.trainable_weights))
        was = [_before(place, watch.attach(place.layer), listed) for place in walking.walk(model)]
        watch.begin()
        question.use(model, batch.x, batch.y)
    for each in was:
        each.weights_after = installed.read_all(each.place.weights)
        each.signals = each.log.signals()
        each.state_after = installed.read_all(each.place.state)
    return Seen(question, model, was)


def _before(place: Place, log: Log, listed: Set[int]) -> Was:
    return Was(
        place,
        log,
        place.says_frozen,
        place.is_governed,
        installed.read_all(place.weights),
        installed.read_all(place.state),
        sum(one in listed for one in installed.identities(place.weights)),
    )


def batch(build: Callable[[], Any]) -> Batch:
    """Return what to give to each model that is built.

    Raises SubjectError where what is built cannot be audited: two models are built, and called, to see.
    """
    (given, first, there), (_, second, here) = (_sketch(build) for _ in range(2))
    if first is second:
        raise SubjectError("build() returns the same model each time: it must build a new one in each call")
    shared = {id(place.layer) for place in there} & {id(place.layer) for place in here}
    if shared:
        name = next(place.path for place in there if id(place.layer) in shared)
        raise SubjectError(f"build() puts the same layer into each model: {name}; it must make all anew")
    if _shape(there) != _shape(here):
        raise SubjectError(
            "build() returns another model each time: other layers, or weights of other shapes"
        )
    return given


def _sketch(build: Callable[[], Any]) -> Tuple[Batch, Any, List[Place]]:
    made = new(build)
    x = feeding.inputs(made)
    model = with_variables(made.model, x)
    outputs = tf.nest.map_structure(np.asarray, called(model, x))
    for out in tf.nest.flatten(outputs):
        if out.dtype.kind == "f" and not np.isfinite(out).all():
            raise SubjectError(
                "the model's output is not a number (nan or infinity) for the batch it was given"
            )
    return Batch(x, feeding.targets(made, outputs)), model, walking.walk(model)


def _shape(places: List[Place]) -> Any:
    return [
        (place.path, type(place.layer).__name__, [tuple(v.shape) for v in place.weights + place.state])
        for place in places
    ]
