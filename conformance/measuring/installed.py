"""The one place that knows how TensorFlow's releases differ.

A case never asks for a version: it asks this module for a layer, an option or a mode, and is not
applicable where the installed TensorFlow has none. Names, signatures, how a variable is read and how
a graph of TF1 is run are settled here and nowhere else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import os
import platform
import threading
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

from conformance.measuring.instruments import Signal, signal
from conformance.measuring.observation import NotApplicable

try:
    from importlib import metadata
except ImportError:  # Python 3.7, where pytest brings the backport
    import importlib_metadata as metadata  # type: ignore[no-redef,import-not-found]

keras = tf.keras
SEED = 20200816

#: Installed packages that can change what a case sees; recorded with the column.
PACKAGES = (
    "tensorflow",
    "tensorflow-cpu",
    "tf-keras",
    "keras",
    "keras-nightly",
    "numpy",
    "h5py",
    "protobuf",
    "ml-dtypes",
    "scipy",
    "pytest",
    "pytest-xdist",
    "pytest-timeout",
)


def _keras_version() -> str:
    for holder, name in ((keras, "__version__"), (keras, "version")):
        found = getattr(holder, name, None)
        if found:
            return str(found() if callable(found) else found)
    module = inspect.getmodule(keras.layers.Layer)
    package = str(module.__name__ if module else "").split(".")[0]
    return metadata.version({"tf_keras": "tf-keras"}.get(package, package))


def flavour() -> str:
    """Return whose Keras runs: `tf1`, `keras2`, `tf_keras` or `keras3`."""
    if tf.__version__.startswith("1."):
        return "tf1"
    if keras.layers.Layer.__module__.startswith("tf_keras"):
        return "tf_keras"
    return "keras2" if _keras_version().startswith("2.") else "keras3"


def column() -> Dict[str, Any]:
    """Return what is installed, with the id of the column: `tf2.9`, `tf2.16-keras3.4`, …"""
    release = tf.__version__.replace("-", "")
    minor = ".".join(release.split(".")[:2]) + ("rc" + release.split("rc")[1] if "rc" in release else "")
    suffix = {"keras3": "-keras" + ".".join(_keras_version().split(".")[:2]), "tf_keras": "-tf_keras"}
    versions = {}
    for package in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions[package] = metadata.version(package)
    return {
        "id": "tf" + minor + suffix.get(flavour(), ""),
        "tensorflow": tf.__version__,
        "keras": _keras_version(),
        "flavour": flavour(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        **settings(),
        "packages": versions,
    }


def settings() -> Dict[str, Any]:
    """Return what Keras works with unless told otherwise: backend, epsilon, float type, image layout."""
    return {
        name: getattr(keras.backend, name)() for name in ("backend", "epsilon", "floatx", "image_data_format")
    }


def docstring(layer: str) -> str:
    """Return the documentation that the installed wheel ships for a layer."""
    return inspect.getdoc(getattr(keras.layers, layer)) or ""


def wake() -> None:
    """Make TensorFlow start its runtime, which it otherwise does (and says) in the first case.

    Tracebacks stay whole, where Keras would cut its own frames out: they tell its errors from ours.
    Keras 3 makes the generator of its unseeded random numbers at the first draw: outside of any trace.
    What was imported stays for good: the garbage collector need not walk through it in every case.
    """
    _split_processor()
    if hasattr(tf.debugging, "disable_traceback_filtering"):
        tf.debugging.disable_traceback_filtering()
    if hasattr(keras, "config") and hasattr(keras.config, "disable_traceback_filtering"):
        keras.config.disable_traceback_filtering()
    if tf.executing_eagerly():
        tf.constant(0.0) + 1.0
    if hasattr(keras, "random"):
        keras.random.uniform((1,))
    gc.collect()
    gc.freeze()


def forget_gradients() -> None:
    """Forget the gradients of steps traced before: TensorFlow keeps each, and its graph, for good."""
    ops = importlib.import_module("tensorflow.python.framework.ops")
    held = getattr(getattr(ops, "_gradient_registry", None), "_registry", {})
    for key in [key for key in held if str(key).startswith("CustomGradient-")]:
        del held[key]


# What exists.


def find(path: str) -> Any:
    """Return `tf.<path>`, trying the older homes of a name. Raises NotApplicable where there is none."""
    homes = ("layers.", "layers.experimental.", "layers.experimental.preprocessing.")
    for candidate in (path.replace("layers.", home) for home in homes):
        found: Any = tf
        for name in candidate.split("."):
            found = getattr(found, name, None)
        if found is not None:
            return found
    raise NotApplicable(f"this TensorFlow has no tf.{path}")


def accepts(function: Callable[..., Any], option: str) -> bool:
    """Return whether a function, or a class, has a parameter called `option`.

    A class that passes `**kwargs` on accepts what the next class in line does.
    """
    functions = [function]
    if inspect.isclass(function):
        functions = [vars(c)["__init__"] for c in inspect.getmro(function) if "__init__" in vars(c)]
    for candidate in functions:
        parameters = _parameters(candidate)
        if option in parameters:
            return True
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values()):
            return False
    return False


def _parameters(function: Any) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}


def require(function: Callable[..., Any], option: str) -> None:
    """Raise NotApplicable where `function` has no parameter called `option`."""
    if not accepts(function, option):
        name = getattr(function, "__qualname__", str(function))
        raise NotApplicable(f"{name} has no option {option!r} in this TensorFlow")


def make(path: str, *args: Any, **options: Any) -> Any:
    """Return a new `tf.<path>(...)`. Raises NotApplicable where it, or one of its options, is absent."""
    cls = find(path)
    for option in options:
        require(cls, option)
    return cls(*args, **options)


def optimizer(name: str, **options: Any) -> Any:
    """Return a new optimizer, such as `SGD`; the older kind where this mode needs it.

    TF 2.11 and later refuse the new optimizers with eager execution off.
    """
    home = "keras.optimizers."
    if not tf.executing_eagerly() and hasattr(keras.optimizers, "legacy"):
        home += "legacy."
    return make(home + name, **options)


def optimizer_variables(optimizer: Any) -> List[Any]:
    """Return all that an optimizer keeps: a method, a property or a list, depending on the release."""
    held = optimizer.variables
    return list(held() if callable(held) else held)


def build_optimizer(model: Any) -> None:
    """Make what a compiled model's optimizer keeps, where that is otherwise done in the first step.

    A `tf.function` that makes variables is traced twice. Keras 3 makes them before its first step.
    """
    if flavour() != "keras3" and model.built and hasattr(model.optimizer, "build"):
        model.optimizer.build(model.trainable_variables)


def compile_options(**options: Any) -> Dict[str, Any]:
    """Return `options` for `Model.compile`. Raises NotApplicable for one that it does not have."""
    for option in options:
        if option == "run_eagerly":  # in TF 2.0 and 2.1 one of compile()'s **kwargs
            require_eager("run_eagerly=True")
        else:
            require(keras.Model.compile, option)
    return options


# How it is asked.


def require_eager(what: str) -> None:
    """Raise NotApplicable where this TensorFlow did not start in eager mode."""
    if not tf.executing_eagerly():
        raise NotApplicable(f"{what} needs eager execution, in which this TensorFlow does not start")


@contextlib.contextmanager
def isolated() -> Iterator[None]:
    """Let a case begin afresh and, in a TensorFlow that starts with graphs, give it its own graph."""
    if not tf.executing_eagerly():
        keras.backend.clear_session()
    with fresh():
        yield


@contextlib.contextmanager
def fresh() -> Iterator[None]:
    """Begin with the suite's seeds, and take back what the body leaves of Keras's global mode.

    TF 2.0 trains on after `fit()` on replicas. In TF 2.8 to 2.10 a model with a Dropout, once made, sets
    the mode of all layers that are simply called from then on.
    """
    module = inspect.getmodule(getattr(keras.backend, "learning_phase", None))
    phases = getattr(module, "_GRAPH_LEARNING_PHASES", {})
    eager = getattr(module, "_DUMMY_EAGER_GRAPH", threading.local())
    before, was_set = dict(phases), getattr(eager, "learning_phase_is_set", False)
    seed()
    try:
        yield
    finally:
        phases.clear()
        phases.update(before)
        eager.learning_phase_is_set = was_set


def seed() -> None:
    """Set TensorFlow's, Keras's and NumPy's seeds to the suite's own."""
    if hasattr(keras.utils, "set_random_seed"):
        keras.utils.set_random_seed(SEED)
    else:
        np.random.seed(SEED % 2**32)
        tf.compat.v1.set_random_seed(SEED)


@contextlib.contextmanager
def graph_mode() -> Iterator[None]:
    """Run the body in a graph of its own, as TF1 does. Raises NotApplicable where Keras cannot.

    The scoped form of `disable_eager_execution()`, which would leak into the next case.
    """
    if flavour() == "keras3":
        raise NotApplicable("Keras 3 does not run in TF1's graph mode")
    with tf.Graph().as_default():
        seed()
        yield


def session() -> Any:
    """Return the session of the current graph, with Keras's variables initialized."""
    backend = keras.backend if hasattr(keras.backend, "get_session") else tf.compat.v1.keras.backend
    return backend.get_session()


def evaluate(tensor: Any, updates: Sequence[Any] = ()) -> np.ndarray:
    """Return the value of a tensor, having run `updates` with it where there is a graph."""
    if tf.executing_eagerly():
        return np.asarray(tensor)
    return np.asarray(session().run([tensor, list(updates)])[0])


def read(variable: Any) -> np.ndarray:
    """Return the value of a variable."""
    if hasattr(variable, "numpy") and tf.executing_eagerly():
        return np.asarray(variable.numpy())
    return np.asarray(keras.backend.get_value(variable))


def read_all(variables: Sequence[Any]) -> List[np.ndarray]:
    """Return copies of the values of variables, in their order."""
    if not tf.executing_eagerly():
        # At once: a graph that grows by an operation for each variable is prepared anew each time.
        return [np.array(value) for value in keras.backend.batch_get_value(list(variables))]
    return [np.array(read(v)) for v in variables]


def identities(variables: Sequence[Any]) -> List[int]:
    """Return what tells one variable from another, in their order."""
    return [id(v) for v in variables]


def call(layer: Any, x: np.ndarray, **arguments: Any) -> np.ndarray:
    """Call a layer or model on an array and return the array that comes out.

    In a graph its update operations are run too, as every training loop of TF1 does.
    """
    if tf.executing_eagerly():
        return evaluate(layer(tf.constant(x), **arguments))
    # Rows of unknown number, as TF1's own loops feed them: TimeDistributed unrolls a known number.
    given = tf.compat.v1.placeholder_with_default(x, (None, *x.shape[1:]))
    out = layer(given, **arguments)
    return evaluate(out, _updates(layer, given))


def _updates(layer: Any, given: Any) -> Sequence[Any]:
    """Return the updates of one call: a model's `updates` also hold those of its placeholders."""
    if not hasattr(layer, "get_updates_for"):
        return list(layer.updates)
    return [*layer.get_updates_for(given), *layer.get_updates_for(None)]


def build(model: Any, x: np.ndarray) -> None:
    """Create the variables of a model that has none before it is used.

    By a call, for `build()` of Keras 3.0 leaves the layers inside unbuilt. In a graph by `build()`,
    for a model of TF1 that was called on a constant takes no other input after that.
    """
    if tf.executing_eagerly():
        model(tf.constant(x))
    else:
        model.build((None, *x.shape[1:]))


def call_signal(layer: Any, x: np.ndarray, **arguments: Any) -> Signal:
    """Call a layer or model on an array and return the signal of what comes out."""
    return signal(call(layer, x, **arguments))


def traced_call(layer: Any, x: np.ndarray, **arguments: Any) -> np.ndarray:
    """Call a layer or model inside `tf.function` and return the array that comes out."""
    require_eager("a tf.function")
    traced = tf.function(lambda tensor: layer(tensor, **arguments))
    return np.asarray(traced(tf.constant(x)))


def keep(variable: Any, value: Any, passed_on: Any) -> Any:
    """Assign `value` to `variable` whenever `passed_on`, which is returned, is computed."""
    if flavour() == "keras3":
        variable.assign(value)
        return passed_on
    with tf.control_dependencies([variable.assign(value)]):
        return tf.identity(passed_on)


def inner_layers(layer: Any) -> Tuple[Any, ...]:
    """Return the layers that Keras itself finds directly inside a layer or model."""
    for name in ("layers", "_flatten_layers", "_layers"):
        found = getattr(layer, name, None)
        if found is not None:
            return tuple(found(include_self=False, recursive=False) if callable(found) else found)
    return ()


def forget_state(layer: Any) -> None:
    """Make a stateful recurrent layer forget the state that its last call left."""
    if getattr(layer, "stateful", False) and hasattr(layer, "cell"):
        getattr(layer, "reset_state" if hasattr(layer, "reset_state") else "reset_states")()


# Strategies.

#: Two replicas want two devices: one processor is two logical ones, which costs nothing.
REPLICAS = ("/cpu:0", "/cpu:1")


def _split_processor() -> None:
    """Give a TensorFlow that nobody has started two logical processors, for strategies to work on."""
    if not tf.executing_eagerly():
        return
    devices = tf.config.experimental
    with contextlib.suppress(RuntimeError):  # started already: then strategies are not applicable
        processor = devices.list_physical_devices("CPU")[0]
        if devices.get_virtual_device_configuration(processor) is None:
            parts = [devices.VirtualDeviceConfiguration() for _ in REPLICAS]
            devices.set_virtual_device_configuration(processor, parts)
