"""Makes `pytest conformance` record what it sees: the recorder is this project's pytest plugin."""

pytest_plugins = ["conformance.measuring.plugin"]
