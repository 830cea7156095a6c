"""The templates of the page, and the one way in which they are read: everything is escaped."""

from __future__ import annotations

from pathlib import Path

import jinja2

FOLDER = Path(__file__).with_name("page")


def environment() -> jinja2.Environment:
    """Return an environment in which every value is escaped, and a missing one is an error."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    return found
