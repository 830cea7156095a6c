"""Every case starts alike: its own seed and mode and, in TF1, its own graph."""

from typing import Iterator

import pytest


@pytest.fixture(autouse=True)
def isolated() -> Iterator[None]:
    """Separate a case from the one before it."""
    from conformance.measuring import installed

    with installed.isolated():
        yield
