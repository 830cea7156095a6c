"""Makes `pytest conformance` record what it sees, in a checkout: by this project's pytest plugin."""

import sys
from pathlib import Path
from typing import Any, Optional

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))

from conformance import plugin  # noqa: E402

plugin.make_way()


def pytest_addoption(pluginmanager: Any) -> None:
    """Record, where this folder was named when pytest started."""
    plugin.activate(pluginmanager)


def pytest_ignore_collect(collection_path: Path, config: Any) -> Optional[bool]:
    """Leave the cases out of a run of another project's tests, which comes upon this folder by chance."""
    inside = HERE in collection_path.parents
    return True if inside and not config.pluginmanager.has_plugin(plugin.RECORDER) else None
