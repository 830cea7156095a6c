"""What `tf.distribute` has in this process: its strategies."""

from __future__ import annotations

from typing import Any, Callable, Dict

import tensorflow as tf

from conformance.measuring import installed
from conformance.measuring.observation import NotApplicable

keras = tf.keras
#: The strategies of this process, by name. A second one of a kind would number its collectives as the
#: first did, and where TensorFlow reduces by collectives both are then aborted for good.
_STRATEGIES: Dict[str, Any] = {}


def strategy(name: str) -> Any:
    """Return this process's `tf.distribute` strategy of a kind: mirrored on both processors, or on one."""
    installed.require_eager("a strategy on two logical processors")
    found = len(tf.config.experimental.list_logical_devices("CPU"))
    if found < len(installed.REPLICAS):
        raise NotApplicable(f"TensorFlow was started with {found} logical processor, and two are needed")
    if name not in _STRATEGIES:
        devices = installed.REPLICAS[0] if name == "OneDeviceStrategy" else list(installed.REPLICAS)
        _STRATEGIES[name] = installed.find("distribute." + name)(devices)
    return _STRATEGIES[name]


def run_on(strategy: Any) -> Callable[..., Any]:
    """Return what runs a function on every replica of a strategy."""
    found = getattr(strategy, "run", None) or strategy.experimental_run_v2
    return lambda function, *args: found(function, args=args)
