"""Every case starts alike: its own seed and mode and, in TF1, its own graph."""

import gc
from typing import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def remembered() -> Iterator[None]:
    """Let go of a module's experiments at its end: models, graphs and what they raised fill the memory."""
    from conformance.fixtures.parts.once import forget
    from conformance.measuring import installed

    yield
    forget()
    installed.forget_gradients()
    gc.collect()


@pytest.fixture(autouse=True)
def isolated() -> Iterator[None]:
    """Separate a case from the one before it."""
    from conformance.measuring import installed

    with installed.isolated():
        yield
