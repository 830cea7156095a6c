"""What is asked under a mutant: each claim until one of its cases notices, and what must notice nothing."""

from types import SimpleNamespace

import pytest

from conformance.breaking.infection import concerned
from conformance.breaking.killing import Killing, Trial
from conformance.exits import Exit
from conformance.measuring.keys import CASE

MUTANT = SimpleNamespace(name="broken", refutes=("f/c",), spares=("f/d",), apply=SimpleNamespace())
MUTANT.apply.__module__ = "mutants.saving"
HOLDS = {"f/c[a]", "f/c[b]", "f/c[c]", "f/d[a]"}


class Item:
    """A stand-in for pytest's item of a case."""

    def __init__(self, name, module="elsewhere", core=False):
        self.nodeid = name
        case = SimpleNamespace(id=name, claim=name.split("[")[0], core=core, module=module)
        self.stash = {CASE: case}


def said(name, outcome, word):
    """Return a stand-in for pytest's report on a case."""
    return SimpleNamespace(nodeid=name, conformance=(name, {"outcome": outcome, "observed": word}))


@pytest.mark.parametrize(
    ("report", "refutes"),
    [
        (said("f/c[a]", "deviates", "y"), True),
        (said("f/c[a]", "holds", "x"), False),
        (said("f/c[a]", "deviates", "raises TypeError"), False),
        (said("f/c[a]", "error", None), False),
        (said("f/c[deviates anyway]", "deviates", "y"), False),
        (said("f/d[a]", "deviates", "y"), False),
        (SimpleNamespace(nodeid="f/c[a]"), False),
    ],
    ids=["notices", "holds", "raises", "error", "never-held", "must-be-spared", "no-case"],
)
def test_a_claim_is_asked_until_one_of_its_cases_notices(report, refutes):
    """Then its other cases are passed over; what only raised has noticed nothing."""
    trial = Trial(MUTANT.refutes, HOLDS)
    trial.pytest_runtest_logreport(report)
    if not refutes:
        trial.pytest_runtest_setup(Item("f/c[b]"))
        return
    with pytest.raises(pytest.skip.Exception):
        trial.pytest_runtest_setup(Item("f/c[b]"))
    trial.pytest_runtest_logreport(said("f/c[b]", "error", None))
    assert trial.cases == {"f/c[a]": ["deviates", "y"]}


def test_what_is_likely_to_notice_is_asked_first(tmp_path):
    """Then the cases of the mutant's subject, then the rest; what did not hold before can tell nothing."""
    asked = {"mutants": [], "holds": sorted(HOLDS), "likely": {"broken": ["f/c[c]"]}}
    killing = Killing(asked, tmp_path / "out.json")
    items = [
        Item("f/c[a]"),
        Item("f/c[b]", "saving_weights"),
        Item("f/c[c]"),
        Item("f/c[other]"),
        Item("f/e[a]"),
    ]
    assert [each.nodeid for each in killing._ordered(items, MUTANT)] == ["f/c[c]", "f/c[b]", "f/c[a]"]


def test_what_noticed_must_hold_where_nothing_is_broken(tmp_path, monkeypatch):
    """Otherwise no mutant is to blame: the run ends, and says which cases they were."""
    killing = Killing({"holds": sorted(HOLDS)}, tmp_path / "out.json")
    session = SimpleNamespace(items=[Item("f/c[a]"), Item("f/c[b]")])
    control = {"f/c[a]": ["holds", "x"], "f/c[b]": ["deviates", "y"]}
    monkeypatch.setattr("conformance.breaking.killing.forked", lambda act, seconds: control)
    killing._control(session, {"f/c[a]"})
    for cases in ({"f/c[a]", "f/c[b]"}, {"f/c[lost]"}):
        with pytest.raises(pytest.exit.Exception) as ended:
            killing._control(session, cases)
        assert ended.value.returncode == Exit.UNPROVEN


def test_only_what_held_before_has_noticed_anything(tmp_path):
    """And what raised has not."""
    killing = Killing({"holds": sorted(HOLDS)}, tmp_path / "out.json")
    said = {"f/c[a]": ["deviates", "y"], "f/c[b]": ["holds", "x"], "f/c[new]": ["deviates", "y"]}
    assert killing._noticed({**said, "f/c[c]": ["deviates", "raises TypeError"]}) == {"f/c[a]"}


def test_of_what_must_be_left_alone_a_core_case_is_run():
    """One of each claim with every mutant, and each core case with one of them."""
    items = [Item(f"f/d[{number}]", core=True) for number in range(6)] + [Item("f/d[edge]")]
    mutants = [SimpleNamespace(name=f"broken-{number}", refutes=(), spares=("f/d",)) for number in range(60)]
    asked = [concerned(items, mutant) for mutant in mutants]
    assert {len(each) for each in asked} == {1}
    assert {item for each in asked for item in each} == set(items[:-1])
    assert asked == [concerned(items, mutant) for mutant in mutants]


def test_of_a_claim_without_core_cases_none_is_run():
    """As in a run of some modules only."""
    assert concerned([Item("f/d[edge]")], MUTANT) == []
