"""What the tests of the recorder share."""

import pytest

from conformance.tests.measuring.stand_in import Project


@pytest.fixture
def project(tmp_path):
    """Return a project with six cases that hold, one that deviates and one that is not applicable."""
    return Project(tmp_path)
