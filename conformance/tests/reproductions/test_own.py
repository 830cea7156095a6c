"""Cases with a script of their own: where it has to run, and what is wrong with the file that names them."""

import pytest

from conformance.exits import Exit
from conformance.reproductions import own, reproducing
from conformance.tests.reproductions.test_judging import CASE, LISTED, measured

SCRIPT = "freeze_after_compile.py"


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        ({}, []),
        ({"tf2_2": "drops"}, ["tf2.1", "tf2.2", "tf2.3"]),
        ({"tf2_1": "drops", "tf2_2": "drops"}, ["tf2.0", "tf2.1", "tf2.2", "tf2.3"]),
        ({"tf2_3": "drops", "tf2_4": None}, ["tf2.2", "tf2.3"]),
        ({"tf2_4": "drops"}, ["tf2.3", "tf2.4"]),
        ({"tf2_16_keras3_0": "drops"}, ["tf2.16-keras3.0", "tf2.16-keras3.1"]),
    ],
)
def test_a_cases_script_runs_where_the_case_deviates(words, columns):
    """In all of these columns, and beside them where the case says something else: lineage by lineage."""
    assert own.around(CASE, LISTED, measured(**words)) == columns


def test_it_must_print_what_the_case_says_everywhere():
    """One column in which it does not is named."""
    said = {"tf2.1": "passes through", "tf2.2": "drops", "tf2.3": "drops"}
    found = own.finding(CASE, said, measured(tf2_2="drops"))
    assert found.wrong == [f"in tf2.3 it prints 'drops', and {CASE} says 'passes through'"]
    assert not own.finding(CASE, {**said, "tf2.3": "passes through"}, measured(tf2_2="drops")).wrong


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scripts = 3", "cases.toml: scripts is 3"),
        ("", "cases.toml: lacks scripts"),
        ("[scripts]\na = 1", "cases.toml: scripts: 'a' is 1, not a text"),
        ('[scripts]\na = "gone.py"', "cases.toml: 'a': no reproduction is called 'gone.py'"),
        ('[scripts]\na = ""', "cases.toml: "),
        ("[scripts", "cases.toml: not TOML"),
    ],
)
def test_a_file_that_names_something_else(tmp_path, text, says):
    """Is refused in a line for each fault."""
    path = tmp_path / "cases.toml"
    path.write_text(text)
    with pytest.raises(own.CasesError) as caught:
        own.read(path)
    assert str(caught.value).startswith(says)
    assert caught.value.exit_code == Exit.BAD_INPUT


def test_a_file_of_cases(tmp_path):
    """Says which script is of which."""
    path = tmp_path / "cases.toml"
    path.write_text(f'[scripts]\n"{CASE}" = "{SCRIPT}"\n')
    assert own.read(path) == {CASE: SCRIPT}


def test_a_case_without_a_script():
    """The nearest that has one is named."""
    with pytest.raises(own.CasesError, match=r"no script is of .* itself; nearest: snapshot/"):
        reproducing.chosen(["snapshot/freezing-waits-for-compile[frozen-after-compil]"])
