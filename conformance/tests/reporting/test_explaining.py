"""What is said of a case, honestly: a script is a reproduction only where it prints the case's own word."""

import pytest

from conformance.reporting import explaining
from conformance.tests.reporting.test_golden import CASE, COLUMNS, KNOWN, MATRIX, explained

SCRIPT = "freeze_after_compile.py"
(KERAS3,) = [column for column in COLUMNS if column.id == "tf2.16"]
ITS_CASE = explaining.case_of(CASE, MATRIX)


@pytest.mark.parametrize(
    ("printed", "says"),
    [
        ({"tf2.16": "weights kept"}, "a reproduction: in tf2.16 it prints 'weights kept'"),
        ({"tf2.16": "raises ValueError"}, "for the same cause, it prints 'raises ValueError' here"),
        ({"tf2.16": None}, "for the same cause, it prints no word here"),
        ({"tf2.15": "weights kept"}, "for the same cause; it was not run here"),
    ],
)
def test_what_a_script_is_to_a_case(printed, says):
    """By what it printed in this very column."""
    words = {(SCRIPT, column): word for column, word in printed.items()}
    assert says in explaining.label(SCRIPT, ITS_CASE, [KERAS3], explaining.Evidence(printed=words))


def test_a_script_of_the_cases_own_that_prints_another_word_refutes_one_of_both():
    """Whoever reads it is told, and not that it is a script for something else."""
    evidence = explaining.Evidence({ITS_CASE["id"]: SCRIPT}, {(SCRIPT, "tf2.16"): "drops"})
    told = explaining.label(SCRIPT, ITS_CASE, [KERAS3], evidence)
    assert told == "a script of this very situation; it prints 'drops' here: the case or the script is wrong"


def test_in_all_columns_it_is_counted():
    """A script is seldom run in all of them."""
    words = {(SCRIPT, "tf2.16"): "weights kept"}
    assert "it prints this case's word in 1 of the 1 columns" in explaining.label(
        SCRIPT,
        ITS_CASE,
        [column for column in COLUMNS if column.id in ITS_CASE["results"]],
        explaining.Evidence(printed=words),
    )


def test_where_no_script_is_a_reproduction_the_case_is_to_be_run():
    """Else nothing that is printed would show it."""
    ran = explained(CASE, [KERAS3], False)
    nothing = explaining.Evidence(), explaining.Cookbook()
    unknown = explaining.explain(CASE, MATRIX, [KERAS3], False, KNOWN, *nothing)
    assert "run it, in an environment" not in ran
    assert "run it, in an environment" in unknown


def test_a_script_of_a_cases_own_stands_in_place_of_its_causes():
    """Only where a case has none, the script of its cause is the nearest."""
    own = explaining.Evidence({CASE: "penalty_of_frozen.py"})
    told = explaining.explain(CASE, MATRIX, [KERAS3], False, KNOWN, own, explaining.Cookbook())
    assert "# fixtures/reproductions/penalty_of_frozen.py" in told
    assert SCRIPT not in told


def test_a_claims_cases_begin_with_what_deviates():
    """Core before edge; then what holds."""
    lines = explained("snapshot/freezing-waits-for-compile", [KERAS3], False).splitlines()
    cases = [line.split("  ")[:2] for line in lines if line.startswith(("core  ", "edge  "))]
    assert cases[0] == ["core", "deviates (weights kept)"]
    assert cases == sorted(cases, key=lambda row: not row[1].startswith("deviates"))


def test_a_derived_claim_has_no_cases():
    """That is said."""
    assert "no cases of its own" in explained("batchnorm/introduced-in-2.0", COLUMNS, True)
