"""The list of columns, and what is made from it."""

import re

import pytest
import tomlkit
from hypothesis import given

from conformance.columns.columns import COLUMNS_FILE, ColumnError, chosen, columns
from conformance.columns.tox_table import replaced, table
from conformance.exits import Exit
from conformance.matrix.matrix import release
from conformance.pins.toml import tomllib
from conformance.suite import ROOT
from conformance.tests.results.mutations import FUZZED, files, read_or_refused

ALL = list(columns().values())


def test_no_column_is_lost():
    """Two of TF1, sixteen of Keras 2, six of tf_keras, 22 of Keras 3; and what was added since."""
    least = {"tf1": 2, "keras2": 16, "tf_keras": 6, "keras3": 22}
    assert all(sum(c.flavour == flavour for c in ALL) >= count for flavour, count in least.items())


@pytest.mark.parametrize("column", ALL, ids=lambda c: c.id)
def test_a_lock_names_exact_versions_and_no_host(column):
    """Every line is `name==version`, and what the column requires is among them."""
    lines = column.lock.read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+( ;.*)?", line) for line in lines)
    exact = [requirement for requirement in column.requires if "==" in requirement]
    assert set(exact) <= set(lines)


def test_no_lock_is_left_over():
    """Every lock belongs to a column."""
    found = {path.stem for path in (ROOT / "fixtures" / "locks").glob("*")}
    assert found == {column.id for column in ALL}


def test_tox_has_the_same_columns():
    """tox's table in pyproject.toml is what the list gives (`make locks` writes it)."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert table(ALL) in text
    assert replaced(text, ALL) == text


def test_an_unknown_column_names_its_neighbours():
    """A typing error gets the nearest ids, and an exit code of its own."""
    with pytest.raises(ColumnError, match=r"tf2\.1") as caught:
        chosen(["tf2.1O"])
    assert caught.value.exit_code == Exit.BAD_INPUT


def test_without_names_all_are_chosen():
    """No name means every column, in the order of the list."""
    assert chosen([]) == ALL
    assert [c.id for c in chosen(["tf2.15", "tf2.0"])] == ["tf2.15", "tf2.0"]


@pytest.mark.parametrize(
    "text",
    [
        "[[column]",
        "",
        '[[column]]\nid = "x"\n',
        '[[column]]\nid="x"\nflavour="keras9"\npython="3.7"\nrequires=[]\n',
        COLUMNS_FILE.read_text(encoding="utf-8") * 2,
    ],
    ids=["broken", "empty", "incomplete", "flavour", "repeated"],
)
def test_a_bad_list_is_one_line(tmp_path, text):
    """A list that is not one is said to be, with its path."""
    path = tmp_path / "columns.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ColumnError, match=r"columns\.toml") as caught:
        columns(path)
    assert "\n" not in str(caught.value)


LIST = {
    "column": [
        {"id": "tf2.9", "flavour": "keras2", "python": "3.10", "requires": ["tensorflow-cpu==2.9.3"]},
        {"id": "mine", "flavour": "tf_keras", "python": "3.11", "requires": ["a<2", "b"], "env": {"A": "1"}},
    ]
}


def written(value):
    """Return TOML, as far as TOML can say it."""
    try:
        return tomlkit.dumps(value)
    except (TypeError, ValueError):
        return repr(value)


@FUZZED
@given(data=files(LIST, written))
def test_a_list_means_what_it_says_or_is_refused(tmp_path_factory, data):
    """Another reader of TOML finds the same in it."""
    path = tmp_path_factory.getbasetemp() / "columns.toml"
    found = read_or_refused(columns, path, data)
    if found is None:
        return
    rows = tomllib.loads(data.decode())["column"]
    assert [vars(column) for column in found.values()] == [
        {"env": {}, **row, "requires": tuple(row["requires"])} for row in rows
    ]
    assert table(found.values())


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"id": 7}, "column 1: id is 7, not a plain name"),
        ({"id": "a/b"}, "column 1: id is 'a/b', not a plain name"),
        ({"x": 1}, "tf2.9: unknown key 'x'"),
        ({"python": 3.1}, "tf2.9: python is 3.1, not a Python such as '3.11'"),
        ({"requires": []}, "tf2.9: requires is an empty list, not a list of requirements"),
        ({"requires": ["=="]}, "tf2.9: requires: 1 is '==', not a requirement"),
        ({"requires": "tensorflow"}, "tf2.9: requires is 'tensorflow', not a list of requirements"),
        ({"env": ["A=1"]}, "tf2.9: env is a list, not a table of texts by names"),
        ({"env": {"A": 1}}, "tf2.9: env: 'A' is 1, not a text"),
        ({"env": {"A=": "1"}}, "tf2.9: env is a table, not a table of texts by names of variables"),
        ({"flavour": "keras9"}, "tf2.9: flavour is 'keras9', not one of tf1"),
        ({"id": "mine"}, "mine: two columns have this id"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(tmp_path, broken, says):
    """Which column, what stands there, and what should."""
    path = tmp_path / "columns.toml"
    first, second = LIST["column"]
    path.write_text(tomlkit.dumps({"column": [{**first, **broken}, second]}))
    with pytest.raises(ColumnError) as caught:
        columns(path)
    assert str(caught.value).startswith(f"{path}: no list of columns: {says}")


def test_a_line_ends_as_toml_has_it(tmp_path):
    """As on Windows it may; a carriage return alone is none, whatever Python makes of it."""
    text = tomlkit.dumps(LIST).encode()
    path = tmp_path / "columns.toml"
    path.write_bytes(text.replace(b"\n", b"\r\n"))
    assert list(columns(path)) == ["tf2.9", "mine"]
    path.write_bytes(text.replace(b"\n", b"\r"))
    with pytest.raises(ColumnError, match="not TOML"):
        columns(path)


def test_a_list_that_cannot_be_read_is_one_line(tmp_path):
    """Its path, and why."""
    with pytest.raises(ColumnError, match="cannot be read"):
        columns(tmp_path)


def test_lineages():
    """A release follows on those of its own lineage only."""
    found = {c.id: (c.lineage, release(c)) for c in ALL}
    assert found["tf2.22rc0"] == ("tensorflow", "2.22rc0")
    assert found["tf2.16-keras3.4"] == ("keras", "3.4")
    assert found["tf2.17-tf_keras"] == ("tf_keras", "2.17")
