"""The templates in conformance/page, and the one way in which they are read: everything is escaped."""

from __future__ import annotations

import jinja2

from conformance.suite import ROOT

FOLDER = ROOT / "conformance" / "page"


def environment() -> jinja2.Environment:
    """Return an environment in which every value is escaped, and a missing one is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
