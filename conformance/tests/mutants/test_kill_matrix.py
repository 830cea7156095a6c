"""What became of a mutant follows from what cases said under it, and what they say without."""

import json

import pytest
from hypothesis import given

from conformance import suite
from conformance.columns import running
from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.mutants import fates, kill_matrix, trials, validity
from conformance.results.results import ResultsError
from conformance.tests.results.mutations import FUZZED, files, read_or_refused
from conformance.tests.test_main import invoke


@pytest.fixture(autouse=True)
def digests_of_today():
    """Forget what a test made of the digests of mutants."""
    yield
    validity.of_mutant.cache_clear()


MUTANT = {
    "apply": "training",
    "flavours": ["tf1", "keras2"],
    "does": "It breaks.",
    "refutes": ["f/c"],
    "spares": ["f/d"],
}
BASELINE = {
    "f/c[holds]": {"outcome": "holds", "observed": "x"},
    "f/c[edge]": {"outcome": "holds", "observed": "x"},
    "f/c[deviates]": {"outcome": "deviates", "observed": "y"},
    "f/d[holds]": {"outcome": "holds", "observed": "x"},
}
SAME = ["holds", "x"]
OTHER = ["deviates", "y"]


def run(code=0, ran=3, applies=True, **cases):
    """Return what a run under the mutant said; cases are named without their brackets."""
    said = {f"f/{name[0]}[{name[2:]}]": answer for name, answer in cases.items()}
    return {"code": code, "applies": applies, "ran": ran, "cases": said, "modules": ["training"]}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (run(c_holds=OTHER, d_holds=SAME), "killed"),
        (run(c_holds=SAME, c_edge=OTHER), "killed"),
        (run(c_holds=SAME, c_edge=SAME), "survived"),
        (run(c_deviates=["holds", "x"]), "survived"),
        (run(c_holds=["deviates", "raises TypeError"], c_edge=["error", None]), "survived"),
        (run(c_holds=OTHER, ran=0), "idle"),
        (run(applies=False, ran=0), "not-applicable"),
        (run(code=None, ran=0), "crashed"),
    ],
    ids=["core", "edge", "survived", "none-that-held", "clumsy", "idle", "absent", "crashed"],
)
def test_status(said, status):
    """Killed means that a case which holds without the mutant did not with it."""
    assert fates.fate(MUTANT, said, BASELINE).status == status


def test_every_claim_must_notice():
    """A mutant that one of two claims missed has survived there."""
    both = {**MUTANT, "refutes": ["f/c", "f/d"]}
    found = fates.fate(both, run(c_holds=OTHER, d_holds=SAME), BASELINE)
    assert (found.status, found.survives) == ("survived", ["f/d"])
    assert (found.asked, found.kills) == (2, {"f/c": 1, "f/d": 0})


def test_no_claim_holds_here():
    """Where the claims that it refutes have no case that holds, there is nothing to notice."""
    baseline = {case: {**record, "outcome": "deviates"} for case, record in BASELINE.items()}
    assert fates.fate(MUTANT, run(c_holds=OTHER), baseline).status == "not-applicable"


def test_what_it_must_leave_alone():
    """A spared claim whose case says otherwise was disturbed."""
    assert fates.fate(MUTANT, run(c_holds=OTHER, d_holds=OTHER), BASELINE).disturbed == ["f/d"]


def test_who_noticed():
    """The cases that noticed are named, so that the next trial begins with them."""
    assert fates.fate(MUTANT, run(c_holds=OTHER, c_edge=SAME), BASELINE).by == ["f/c[holds]"]


def test_the_page():
    """Counts, survivors and disturbances stand in the cell."""
    flavours = {"tf1.15": "tf1", "tf2.0": "keras2", "tf2.15": "keras2", "tf2.21": "keras3"}
    measured = {column: {"column": {"flavour": f}, "cases": BASELINE} for column, f in flavours.items()}
    said = {
        "tf2.15": {},
        "tf2.21": {},
        "tf1.15": {"m": {**run(c_holds=OTHER, c_edge=OTHER, d_holds=OTHER), "mutant": MUTANT}},
        "tf2.0": {"m": {**run(c_holds=SAME), "mutant": MUTANT}},
    }
    found = kill_matrix.matrix(said, measured)
    row = next(line for line in kill_matrix.page(found).splitlines() if line.startswith("| `m`"))
    assert row == "| `m` | It breaks. | 2/2; disturbed: f/d | SURVIVED: f/c | not run | – |"
    assert kill_matrix.wrong(found) == ["m in tf1.15: 2/2; disturbed: f/d", "m in tf2.0: SURVIVED: f/c"]
    assert kill_matrix.by_claim(found, {"tf1.15": "tf1", "tf2.0": "keras2"}) == {"f/c": {"tf1": 1}}


def test_a_mutant_that_was_named_leaves_nothing_where_it_is_made_for_others():
    """A column of another flavour has no row for it, as in a run of all mutants."""
    measured = {"tf2.21": {"column": {"flavour": "keras3"}, "cases": BASELINE}}
    said = {"tf2.21": {"m": {**run(), "applies": False, "mutant": MUTANT}}}
    assert kill_matrix.matrix(said, measured)["mutants"]["m"]["columns"] == {}


CASES = {"f/c[holds]": BASELINE["f/c[holds]"]}
HERE = {"tf1.15": {"cases": CASES}, "tf2.0": {"cases": CASES}}


def table(column, row=(), **about):
    """Return a kill matrix of one mutant, killed in a column, as it is today but for what is given."""
    kept = {key: MUTANT[key] for key in ("does", "refutes", "spares", "flavours")}
    digests = {"modules": ["training"], "digest": validity.of_cases(["training"], column)}
    found = {"status": "killed", "asked": 0, "kills": {"f/c": 1}, "survives": [], "disturbed": [], "by": []}
    rows = {column: {**found, **digests, **dict(row)}}
    mutant = {"part": "training", **kept, "digest": validity.of_mutant("training"), "columns": rows, **about}
    return {"schema": 3, "columns": [column], "flavours": {column: "tf1"}, "mutants": {"m": mutant}}


def test_a_part_is_merged_with_what_is_known(tmp_path):
    """Mutants and columns that were not run keep what they have."""
    path = tmp_path / "mutants.json"
    path.write_text(kill_matrix.dumped(table("tf2.0")))
    merged = kill_matrix.merged(table("tf1.15"), HERE, path)
    assert merged["columns"] == ["tf1.15", "tf2.0"]
    assert set(merged["mutants"]["m"]["columns"]) == {"tf1.15", "tf2.0"}
    assert kill_matrix.total(merged) == "1 mutants in 2 columns: killed 2 times of 2 that they apply"


#: What makes a trial void, as a change of what is kept of it.
VOID = {
    "the-mutant-is-another": {"digest": "of another day"},
    "the-mutant-is-gone": {"part": "gone"},
    "its-cases-are-others": {"row": {"digest": "of another day"}},
    "its-cases-are-gone": {"row": {"modules": ["gone"]}},
    "no-case-held-then": {"row": {"status": "not-applicable", "kills": {}}},
    "another-claim-holds-since": {"refutes": ["f/c", "f/d"]},
}


@pytest.mark.parametrize("changed", VOID.values(), ids=VOID)
def test_what_makes_a_trial_void(tmp_path, changed):
    """It is not kept, and is due again."""
    path = tmp_path / "mutants.json"
    both = {**CASES, "f/d[holds]": BASELINE["f/d[holds]"]}
    path.write_text(kill_matrix.dumped(table("tf2.0", **changed)))
    merged = kill_matrix.merged(table("tf1.15"), {"tf2.0": {"cases": both}}, path)
    assert merged["columns"] == ["tf1.15"]
    known = kill_matrix.read(path)["mutants"]
    assert validity.outdated(known, ["m"], "tf2.0", "tf1", both) == ["m"]


@pytest.mark.parametrize(
    ("known", "flavour", "due"),
    [
        (table("tf2.0")["mutants"], "tf1", []),
        (table("tf1.15")["mutants"], "tf1", ["m"]),
        (table("tf1.15")["mutants"], "keras3", []),
        ({}, "keras3", ["m"]),
    ],
    ids=["tried", "tried-elsewhere", "made-for-others", "new"],
)
def test_what_is_due(known, flavour, due):
    """What was tried, and is so still, is not tried again; nor what is made for other flavours."""
    assert validity.outdated(known, ["m"], "tf2.0", flavour, CASES) == due


@pytest.mark.parametrize(
    "row", [{"status": "survived"}, {"status": "idle"}, {"status": "crashed"}, {"disturbed": ["f/d"]}]
)
def test_what_was_not_as_it_should_be_is_due(row, tmp_path):
    """Cases that were written since may notice it; until then it is known, and told."""
    known = table("tf2.0", row)
    assert validity.outdated(known["mutants"], ["m"], "tf2.0", "tf1", CASES) == ["m"]
    (tmp_path / "mutants.json").write_text(kill_matrix.dumped(known))
    merged = kill_matrix.merged(table("tf1.15"), HERE, tmp_path / "mutants.json")
    assert len(kill_matrix.wrong(merged)) == 1


def test_a_mutant_rests_on_what_its_module_imports(tmp_path, monkeypatch):
    """A change of a neighbour that it takes a function from makes its trial void."""
    imports = "from conformance.fixtures.mutants.other import act\n"
    texts = {"__init__": "", "surgery": "", "part": imports, "other": "", "third": ""}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(validity, "_MUTANTS", tmp_path)

    def after(name):
        (tmp_path / f"{name}.py").write_text("CHANGED = True\n")
        validity.of_mutant.cache_clear()
        return validity.of_mutant("part")

    before = after("third")
    assert before == after("third") != after("other")
    (tmp_path / "part.py").unlink()
    validity.of_mutant.cache_clear()
    assert validity.of_mutant("part") is None


def test_cases_written_since_change_nothing():
    """They stand in other modules than those that were asked."""
    modules = sorted(suite.identity()["modules"])
    assert validity.of_cases(modules[:1], "tf2.0") != validity.of_cases(modules[:2], "tf2.0")
    assert validity.of_cases(modules[:1], "tf2.0") != validity.of_cases(modules[:1], "tf2.1")


def test_everything_is_due_by_force():
    """Also what is known."""
    assert kill_matrix.due(columns()["tf2.0"], {}, True) == sorted(trials.written())


ROW = {"status": "killed", "asked": 2, "kills": {"f/c": 1}, "survives": [], "disturbed": [], "by": []}
ROW.update(modules=["training"], digest="d")
ABOUT = {key: MUTANT[key] for key in ("does", "refutes", "spares", "flavours")}
KEPT = {
    "schema": 3,
    "columns": ["tf1.15", "tf2.0"],
    "flavours": {"tf1.15": "tf1", "tf2.0": "keras2"},
    "mutants": {"m": {"part": "training", **ABOUT, "digest": "d", "columns": {"tf2.0": ROW}}},
}


@FUZZED
@given(data=files(KEPT))
def test_a_kill_matrix_means_what_it_says_or_is_refused(tmp_path_factory, data):
    """Nobody who reads it stumbles."""
    path = tmp_path_factory.getbasetemp() / "mutants.json"
    found = read_or_refused(kill_matrix.read, path, data)
    if found is None:
        return
    assert found == json.loads(data)
    assert kill_matrix.page(found)
    kill_matrix.wrong(found)
    kill_matrix.by_claim(found, found["flavours"])
    kill_matrix.merged(KEPT, HERE, path)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"part": "x" * 300}, "mutants: m: part is 'xxx.*…, not a module of mutants"),
        ({"part": "../x"}, "mutants: m: part is '../x', not a module of mutants"),
        ({"columns": {"tf9.9": ROW}}, "flavours: lacks tf9.9"),
        (
            {"columns": {"tf2.0": {**ROW, "kills": {"f/c": "x"}}}},
            "tf2.0: kills: 'f/c' is 'x', not a whole number",
        ),
    ],
)
def test_what_is_wrong_with_a_kill_matrix_is_said(tmp_path, broken, says):
    """One line, and what to do."""
    path = tmp_path / "mutants.json"
    path.write_text(json.dumps({**KEPT, "mutants": {"m": {**KEPT["mutants"]["m"], **broken}}}))
    with pytest.raises(ResultsError, match=f"{says}; delete it and run `make mutants`"):
        kill_matrix.read(path)


@pytest.mark.parametrize("name", ["dropout-never-drips", "thawed"])
def test_an_unknown_mutant(name):
    """Its name, and the nearest, in a line; nothing is run. What mutants call is no mutant."""
    done = invoke("mutants", name)
    assert done.exit_code == Exit.BAD_INPUT
    assert f"no mutant is called '{name}'; nearest: " in done.output


def test_every_mutant_may_be_named():
    """Those of the kill matrix are those that are written."""
    assert sorted(trials.written()) == sorted(kill_matrix.read()["mutants"])


def test_a_column_without_results(monkeypatch):
    """There is nothing to compare with: the line says what to do first."""
    monkeypatch.setattr(running, "measured", dict)
    done = invoke("mutants", "dropout-never-drops", "--column", "tf2.15")
    assert done.exit_code == Exit.NOT_MEASURED
    assert "make matrix COLUMNS=tf2.15" in done.output
