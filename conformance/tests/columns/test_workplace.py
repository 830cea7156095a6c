"""The folder that columns are measured in, in a checkout and where the suite is installed."""

import configparser

import pytest
import tomlkit

from conformance import suite
from conformance.columns import running, workplace
from conformance.columns.columns import columns
from conformance.exits import Exit


def test_in_a_checkout_tox_reads_the_projects_own_table(tmp_path):
    """Environments stay where `tox run` has them too."""
    workplace.prepare(tmp_path / "work")
    assert workplace.tox_settings(tmp_path / "work") == []
    assert workplace.environments(tmp_path / "work") == suite.ROOT / ".tox"


def test_installed_it_gets_a_file_of_the_same_columns(tmp_path, monkeypatch):
    """Which names no path of the user's, and keeps what a column sets."""
    monkeypatch.setattr(suite, "IS_CHECKOUT", False)
    workplace.prepare(tmp_path)
    table = tomlkit.parse((tmp_path / "tox.toml").read_text(encoding="utf-8")).unwrap()
    assert table["env_list"] == list(columns())
    assert str(suite.ROOT) not in str(table)
    for column in columns().values():
        found = table["env"][column.id]
        assert found["base_python"] == [column.python]
        assert found["set_env"] == {"PYTHONPATH": "{tox_root}/beside", **column.env}
    assert workplace.tox_settings(tmp_path) == ["-c", str(tmp_path / "tox.toml")]
    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_pytest_gets_settings_in_which_nothing_is_set(tmp_path):
    """So that it looks for no others."""
    workplace.prepare(tmp_path)
    found = configparser.ConfigParser()
    found.read(tmp_path / workplace.SETTINGS)
    assert {name: dict(found[name]) for name in found.sections()} == {"pytest": {}}


@pytest.mark.parametrize("links", [True, False])
def test_the_package_lies_alone(tmp_path, monkeypatch, links):
    """As a link, or as a copy where links are refused; what was there before is gone."""
    package = tmp_path / "suite" / "conformance"
    (package / "tests").mkdir(parents=True)
    (package / "claims.py").write_text("")
    monkeypatch.setattr(suite, "PACKAGE", package)
    if not links:
        monkeypatch.setattr(workplace.Path, "symlink_to", refuses)
    for _ in range(2):
        workplace.prepare(tmp_path / "work")
        (place,) = (tmp_path / "work" / "beside").iterdir()
        assert (place.name, place.is_symlink()) == ("conformance", links)
        assert (place / "claims.py").exists()
        assert (place / "tests").exists() == links


def refuses(self, target):
    """Refuse, as some file systems do."""
    raise OSError(1, "Operation not permitted")


def test_a_folder_that_refuses_is_one_line(tmp_path):
    """It is named, with what the system says."""
    (tmp_path / "file").write_text("")
    with pytest.raises(
        workplace.WorkError, match=r"file/work: cannot be written \(Not a directory\)"
    ) as caught:
        workplace.prepare(tmp_path / "file" / "work")
    assert caught.value.exit_code == Exit.NOT_MEASURED


def test_a_lock_that_refuses_is_one_line(tmp_path, monkeypatch):
    """A folder in its place, for example."""
    monkeypatch.setattr(running, "WORK", tmp_path)
    (tmp_path / "lock").mkdir()
    with pytest.raises(workplace.WorkError, match="lock: cannot be written"), running.alone():
        pass
