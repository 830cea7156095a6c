"""What every layer is told, and what goes in and out of it, while a model is built and used.

As long as a `Watch` is in effect, whatever is called as a layer is watched: also a layer that nobody found,
and one that is made during a call. It is the layer's own `call` that says what it was told, for only there
it is settled; where it was called, what was written there. A counter in a variable keeps it, so that it
works the same eagerly, in a traced step, compiled by XLA, and in a graph of TF1.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
import types
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

import numpy as np
import tensorflow as tf

from conformance.auditing import walking
from conformance.auditing.blame import LIBRARIES
from conformance.measuring import installed, instruments
from conformance.measuring.instruments import Signal

keras = tf.keras
#: Whether a call only builds what is run later: then a count must be a part of what the call returns.
IN_GRAPHS = installed.flavour() == "tf1"
_CODES = (instruments.TRUE, instruments.FALSE, instruments.NONE)


@dataclasses.dataclass
class Log:
    """What one layer saw. `written` has the values that the user's code gave it, or what is around it.

    `sources` has the logs of the layers that it gave them to: this one, or those around it.
    """

    layer: Any
    counter: Any
    listens: bool
    written: Set[Any] = dataclasses.field(default_factory=set)
    sources: List[Log] = dataclasses.field(default_factory=list)
    masked: bool = False
    calls: List[Tuple[np.ndarray, np.ndarray]] = dataclasses.field(default_factory=list)

    def signals(self) -> List[Signal]:
        """Return a signal for each value of `training` that arrived, or the one of no call."""
        counts = installed.read(self.counter)
        codes = [code for code, count in zip(_CODES, counts) if count] or [instruments.NOT_CALLED]
        return [Signal(code, 0.0, 0.0, 0.0) for code in codes]

    def forget(self) -> None:
        """Begin anew. In a graph what was written when it was made stays: it is what runs."""
        if tf.executing_eagerly():
            self.counter.assign(np.zeros(3, "float32"))
            self.written.clear()
            self.sources.clear()
        else:
            keras.backend.set_value(self.counter, np.zeros(3, "float32"))
        self.masked = False
        self.calls.clear()


@dataclasses.dataclass
class _Frame:
    """A layer that is being called: the value that it got, and the one that the user's code wants there.

    `source` is of the layer for which that was written.
    """

    layer: Any
    value: Any
    written: Optional[bool]
    source: Optional[Log]


class Watch:
    """Watches all layers from when it is entered until it is left. `keeps` chooses whose arrays are kept."""

    def __init__(self, keeps: Callable[[Any], bool]) -> None:
        self.logs: Dict[int, Log] = {}
        self.is_building = True
        self._keeps = keeps
        self._frames: List[_Frame] = []
        self._in_graph: Dict[int, bool] = {}
        self._original: Any = None

    def __enter__(self) -> Watch:
        self._original = original = keras.layers.Layer.__call__

        def __call__(this: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(this, keras.metrics.Metric):
                return original(this, *args, **kwargs)
            log = self.attach(this)
            self._frames.append(self._frame(log, args, kwargs))
            try:
                return original(this, *args, **kwargs)
            finally:
                self._frames.pop()

        # AutoGraph leaves alone what is Keras's, and turns what is not: so it must seem to be Keras's.
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(__call__, name, getattr(original, name, None))
        keras.layers.Layer.__call__ = __call__
        return self

    def __exit__(self, *error: Any) -> None:
        keras.layers.Layer.__call__ = self._original

    def begin(self) -> None:
        """Forget what building the model made visible: from now on it is used."""
        self.is_building = False
        for log in self.logs.values():
            log.forget()

    def attach(self, layer: Any) -> Log:
        """Watch a layer, if it is not watched yet, and return what is kept of it."""
        if id(layer) not in self.logs:
            signature = _signature(layer)
            listens = "training" in signature.parameters
            log = self.logs[id(layer)] = Log(layer, _counter(), listens)
            _replace_call(layer, self._taking_notes(log, signature), signature)
        return self.logs[id(layer)]

    def _frame(self, log: Log, args: Any, kwargs: Any) -> _Frame:
        """Return the frame of a call, having noted the value that the user's code wants there.

        In the user's `call` a value other than its own is one that they wrote. A Functional model's were
        written when it was made.
        """
        given = _given(log, args, kwargs)
        around = self._frames[-1] if self._frames else None
        own = self._written_here(log, given, args, around)
        source = log if own is not None else around.source if around else None
        written = own if own is not None else around.written if around else None
        log.written.add(written)
        if source is not None and not any(source is each for each in log.sources):
            log.sources.append(source)
        value = given if given is not None else around.value if around else None
        return _Frame(log.layer, value, written, source)

    def _written_here(self, log: Log, given: Any, args: Any, around: Optional[_Frame]) -> Optional[bool]:
        """Return the value that the user's code wrote for this layer itself; None without any."""
        if around is None:
            wrote = isinstance(given, bool) and not (given is _default(log) and _is_keras_calling())
            if self.is_building and wrote and _is_symbolic(args):
                self._in_graph[id(log.layer)] = given
                return bool(given)
        elif id(log.layer) in self._in_graph and not walking.calls_theirs(around.layer):
            return self._in_graph[id(log.layer)]
        elif isinstance(given, bool) and walking.calls_theirs(around.layer) and _differ(given, around.value):
            return given
        return None

    def _taking_notes(self, log: Log, signature: inspect.Signature) -> Callable[..., Any]:
        original = log.layer.call

        def before(args: Any, kwargs: Any) -> Any:
            try:
                bound = signature.bind(log.layer, *args, **kwargs)
            except TypeError:  # called wrongly: the layer itself will say so
                return args
            bound.apply_defaults()
            log.masked = log.masked or bound.arguments.get("mask") is not None
            return _count(log.counter, bound.arguments.get("training"), args)

        def after(args: Any, out: Any) -> Any:
            if not (args and self._keeps(log.layer)):
                return out
            if hasattr(args[0], "numpy") and hasattr(out, "numpy"):
                log.calls.append((np.array(args[0].numpy()), np.array(out.numpy())))
            elif IN_GRAPHS and tf.is_tensor(args[0]) and tf.is_tensor(out):
                return _kept_when_run(log, args[0], out)
            return out

        begin, end = map(_unconverted, (before, after))

        def call(this: Any, *args: Any, **kwargs: Any) -> Any:
            args = begin(args, kwargs)
            return end(args, original(*args, **kwargs))

        return call


def _unconverted(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that AutoGraph leaves as it is; TF 1.14 has no way to say so, and needs none."""
    found = getattr(tf.autograph.experimental, "do_not_convert", None)
    return found(function) if found else function  # type: ignore[no-any-return]


def _signature(layer: Any) -> inspect.Signature:
    """Return the signature of a layer's `call`, with `self`."""
    return inspect.signature(getattr(layer.call, "__func__", type(layer).call))


def _replace_call(layer: Any, call: Any, signature: inspect.Signature) -> None:
    """Put a function in the place of one layer's `call`, as which Keras, which reads it, takes it."""
    original = getattr(layer.call, "__func__", type(layer).call)
    call.__signature__ = signature
    call.__module__ = original.__module__
    object.__setattr__(layer, "call", types.MethodType(call, layer))


def _counter() -> Any:
    """Return a variable that counts calls with True, False and None, and that belongs to no layer."""
    if IN_GRAPHS:
        return keras.backend.variable(np.zeros(3, "float32"))
    with tf.init_scope():  # what replicas count is added up
        return tf.Variable(np.zeros(3, "float32"), trainable=False, aggregation=tf.VariableAggregation.SUM)


def _count(counter: Any, training: Any, args: Any) -> Any:
    """Count a call, and return its arguments: in a graph of TF1 the first of them makes it count."""
    if training is None:
        seen: Any = tf.constant([0.0, 0.0, 1.0])
    elif tf.is_tensor(training) or isinstance(training, tf.Variable):
        true = tf.cast(tf.cast(training, tf.bool), tf.float32)
        seen = tf.stack([true, 1.0 - true, 0.0])
    else:
        seen = tf.constant([1.0, 0.0, 0.0] if training else [0.0, 1.0, 0.0])
    counted = counter.assign_add(seen)
    if not IN_GRAPHS or not args:
        return args
    with tf.control_dependencies([counted]):
        first = tf.nest.map_structure(lambda part: tf.identity(part) if tf.is_tensor(part) else part, args[0])
        return (first, *args[1:])


def _kept_when_run(log: Log, given: Any, out: Any) -> Any:
    """Return what goes out of a layer, which is kept with what went in when a graph of TF1 computes it."""

    def keep(*arrays: np.ndarray) -> Any:
        log.calls.append((np.array(arrays[0]), np.array(arrays[1])))
        return np.float32(0)

    with tf.control_dependencies([tf.compat.v1.py_func(keep, [given, out], tf.float32)]):
        return tf.identity(out)


def _given(log: Log, args: Any, kwargs: Any) -> Any:
    """Return the value of `training` that is written where a layer is called: None without any."""
    if "training" in kwargs:
        found = kwargs["training"]
    else:
        names = list(_signature(log.layer).parameters)[1:]
        position = names.index("training") if "training" in names else len(args)
        found = args[position] if position < len(args) else None
    return bool(found) if isinstance(found, (bool, int, np.bool_)) else found


def _default(log: Log) -> Any:
    """Return the value of `training` that a layer takes where none is written."""
    return _signature(log.layer).parameters["training"].default if log.listens else None


def _is_keras_calling() -> bool:
    """Return whether Keras calls a layer of its own accord, as where it makes a model again.

    The configuration of Keras 3 has the default of a layer's `call` as if somebody had written it.
    """
    frame: Any = sys._getframe()
    while frame and frame.f_globals["__name__"] == __name__:
        frame = frame.f_back
    return bool(frame) and frame.f_globals["__name__"].split(".")[0] in LIBRARIES


def _is_symbolic(args: Any) -> bool:
    """Return whether a layer is called on a placeholder, as where a Functional model is made."""
    return bool(args) and not isinstance(args[0], np.ndarray) and not hasattr(args[0], "numpy")


def _differ(given: bool, around: Any) -> bool:
    """Return whether a value is another one than that of what is around, of which None is inference."""
    return (around is None or isinstance(around, bool)) and given != bool(around)
