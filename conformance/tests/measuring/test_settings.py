"""Keras is kept from a user's settings, and the user's files are left alone."""

import json
import os
from pathlib import Path

import pytest

from conformance.measuring import settings


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Return a home of Keras with weights in it, and forget a home of the run's own afterwards."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "weights.h5").write_text("weights")
    return tmp_path


@pytest.mark.parametrize(
    "said", ['{"floatx": "float16"}', '{"image_data_format": "channels_first"}', "{", "[]"]
)
def test_unusual_settings_are_not_read(home, said):
    """Keras gets another home, in which everything else is."""
    (home / "keras.json").write_text(said)
    settings.use_own_home()
    own = Path(os.environ["KERAS_HOME"])
    assert own != home
    assert [entry.name for entry in own.iterdir()] == ["models"]
    assert (own / "models" / "weights.h5").read_text() == "weights"
    assert (home / "keras.json").read_text() == said


@pytest.mark.parametrize("said", [None, "{}", json.dumps(settings.DEFAULTS)])
def test_usual_settings_change_nothing(home, said):
    """Then it stays where it is."""
    if said:
        (home / "keras.json").write_text(said)
    settings.use_own_home()
    assert os.environ["KERAS_HOME"] == str(home)


def test_what_is_unusual_is_named():
    """Only that, with its value."""
    assert settings.described(settings.DEFAULTS) == ""
    told = settings.described({**settings.DEFAULTS, "epsilon": 1e-3})
    assert told.startswith("Keras works with epsilon 0.001,")


def test_a_harmless_variable_is_no_obstacle():
    """The backend that the cases are about may be named."""
    assert settings.obstacle({"KERAS_BACKEND": "tensorflow", "KERAS_MAX_EPOCHS": ""}) == ""
