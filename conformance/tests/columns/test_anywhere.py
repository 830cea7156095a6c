"""What an installed suite does in somebody's folder, and what only a checkout can."""

import pytest

from conformance.exits import Exit
from conformance.tests.installed import COLUMN, Installed


@pytest.fixture
def installed(tmp_path):
    """Return an installed suite whose tox measures nothing."""
    return Installed(tmp_path)


def test_a_check_stays_in_the_folder_where_it_is_asked_for(installed):
    """Environments, logs and results are in `.conformance`; tox is told of settings there."""
    done = installed.run("check", COLUMN, "--claims", "dropout")
    assert done.returncode == Exit.NOT_MEASURED
    assert f"{COLUMN}: building its environment" in done.stdout
    assert f"{COLUMN}: not measured: it left no results" in done.stdout
    build, measure = installed.asked
    assert build[0] == measure[0] == str(installed.work)
    assert build[2:] == ["run", "-c", str(installed.work / "tox.toml"), "-q", "-e", COLUMN, "--notest"]
    assert measure[1] == str(installed.work / "check" / COLUMN)
    assert measure[-3:] == ["conformance/cases", "--claims", "dropout"]
    assert [path.name for path in installed.home.iterdir()] == [".conformance"]


def test_what_only_reads_is_read_from_the_package(installed):
    """Anywhere."""
    assert installed.run("drift").stdout == "everything is as pinned\n"
    assert list(installed.home.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", [["run", COLUMN], ["certify"], ["mutants"], ["lock"], ["report"], ["pin"]], ids=" ".join
)
def test_what_writes_the_suites_own_files_needs_a_checkout(installed, arguments):
    """The package in site-packages is nobody's to change."""
    done = installed.run(*arguments)
    assert (done.returncode, len(done.stderr.splitlines())) == (Exit.BAD_INPUT, 1)
    assert "use a checkout" in done.stderr


def test_settings_of_a_tox_around_it_stay_outside(installed):
    """A user's own tox may be what runs the command: its work folder is not this one's."""
    done = installed.run("check", COLUMN, TOX_WORK_DIR="/theirs", TOXENV="theirs", CODE="3")
    assert "could not be built from its lock, see" in done.stdout
    (asked,) = installed.asked
    assert "/theirs" not in asked
