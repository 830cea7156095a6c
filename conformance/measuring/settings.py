"""A user's settings are not TensorFlow's words: what Keras reads of them, and how it is kept from it.

Nothing here imports TensorFlow: it has to be done before.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, Mapping

#: What a new installation of Keras works with, in every release. A canary compares.
DEFAULTS: Dict[str, Any] = {
    "backend": "tensorflow",
    "epsilon": 1e-07,
    "floatx": "float32",
    "image_data_format": "channels_last",
}
#: Variables that Keras 3 obeys for good, each with the only value that changes no word.
_OBEYED = {"KERAS_BACKEND": "tensorflow", "KERAS_MAX_EPOCHS": "", "KERAS_MAX_STEPS_PER_EPOCH": ""}


def obstacle(environment: Mapping[str, str]) -> str:
    """Return a line on a variable under which cases would say something else, nothing without one."""
    for name, harmless in _OBEYED.items():
        value = environment.get(name, "")
        if value not in ("", harmless):
            return f"{name}={value} is set in the environment, and changes what Keras does: unset it"
    return ""


def described(settings: Mapping[str, Any]) -> str:
    """Return a line on settings that are not a new installation's, nothing where all are."""
    other = {name: settings[name] for name in DEFAULTS if settings[name] != DEFAULTS[name]}
    told = ", ".join(f"{name} {value}" for name, value in other.items())
    hint = "TensorFlow was imported, or set up, before the cases: run them by themselves"
    return f"Keras works with {told}, which changes what it does; {hint}" if told else ""


def use_own_home() -> None:
    """Give Keras a home of this process's own, where the user's `keras.json` says something unusual.

    All else in the user's home, such as downloaded weights, is linked into it.
    """
    home = _home()
    if _is_usual(home / "keras.json"):
        return
    own = Path(tempfile.mkdtemp(prefix="keras-home-"))
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    for entry in home.iterdir():
        if entry.name != "keras.json":
            with contextlib.suppress(OSError):  # without links it is a home with less in it
                (own / entry.name).symlink_to(entry.resolve())
    os.environ["KERAS_HOME"] = str(own)


def _home() -> Path:
    """Return the folder in which every Keras looks for its settings."""
    base = os.path.expanduser("~")
    usual = os.path.join(base if os.access(base, os.W_OK) else "/tmp", ".keras")
    return Path(os.environ.get("KERAS_HOME", usual))


def _is_usual(path: Path) -> bool:
    """Return whether a file of settings is not there, or says what a new installation's does."""
    if not path.exists():
        return True
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return all(said.get(name, usual) == usual for name, usual in DEFAULTS.items())
    except (OSError, ValueError, AttributeError):
        return False
