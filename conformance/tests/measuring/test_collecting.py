"""All cases are collected whatever a user's ini says, and a run knows which of them were left out.

Run for real in a small copy of the project, beside the stand-in for TensorFlow, as the recorder's tests are.
"""

import json
import re

import pytest

from conformance.exits import Exit
from conformance.tests.measuring.stand_in import CASES, CLAIM, HEAD

SETTINGS = "[pytest]\n{}\n"
ONLY_OWN = """
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "own" in item.name]
"""
OWN = """
def test_own():
    pass
"""
OWN_FIXTURE = """
import pytest

@pytest.fixture
def db():
    return 1
"""
AGAIN = """
import pytest

@pytest.fixture
def turn(request):
    return request.param

@pytest.fixture(autouse=True, params=["here", "there"])
def place(request):
    return request.param

def pytest_generate_tests(metafunc):
    metafunc.fixturenames.append("turn")
    metafunc.parametrize("turn", range(3), indirect=True, ids=lambda turn: f"{turn}-3")
"""
DOCTEST = """
'''
>>> 1 + 1
2
'''
"""
EDGE = """
    @checks("dropout/ignores-trainable", expects=Word.DROPS)
    def test_rarely_holds(observe):
        observe(Observation(Word.DROPS, 0.5))
"""
RESTS = """
    @checks("dropout/fit-turns-it-on", expects=Word.DROPS, core=ALL, given=["{given}"])
    def test_rests(observe):
        observe(Observation(Word.DROPS))
"""


def settings(project, line):
    """Give the project a user's ini, with a line in it."""
    (project.root / "pytest.ini").write_text(SETTINGS.format(line))


@pytest.mark.parametrize(
    "line",
    [
        "python_files = *_test.py",
        "python_functions = check_*",
        "python_functions = *\npython_classes = *",
        "usefixtures = db",
    ],
    ids=["files", "functions", "everything", "fixtures"],
)
def test_a_users_ini_leaves_no_case_out(project, line):
    """And takes nothing in that is no case; tests of the user's own go by it."""
    settings(project, line)
    (project.root / "own").mkdir()
    (project.root / "own" / "conftest.py").write_text(OWN_FIXTURE)
    (project.root / "own" / "own_test.py").write_text("def check_own(): pass\ndef test_own(db): pass\n")
    done = project.run("own/own_test.py", "conformance", "--measure", "-n0")
    assert done.returncode == 0, done.stdout
    own = 2 if line.startswith("python_functions = *") else 1
    assert f"{own} passed, 7 holds, 1 deviates, 1 not applicable" in done.stdout
    assert len(project.outcomes()) == 8


def test_folders_of_a_users_ini(project):
    """Where this pytest asks first; an older one finds no case, and says so."""
    settings(project, "norecursedirs = cases")
    done = project.run("--measure", "-n0")
    older = int(pytest.__version__.split(".")[0]) < 8
    assert done.returncode == (Exit.NOT_MEASURED if older else 0), done.stdout
    assert ("no case is run" if older else "7 holds") in done.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_case_is_asked_once(project, workers):
    """With its own name, whatever a plugin such as pytest-repeat, or a conftest, does with every test."""
    (project.root / "own").mkdir()
    (project.root / "own" / "test_own.py").write_text(OWN)
    project.write("cases/test_rests.py", HEAD + RESTS.format(given=f"{CLAIM}[holds-1]"))
    (project.root / "again.py").write_text(AGAIN)
    done = project.run("own", "conformance", "--measure", "-p", "again", "-n", workers)
    assert done.returncode == 0, done.stdout
    counts = re.split(", | in ", done.stdout.splitlines()[-1].strip("= "))  # in the order of what came first
    assert {"6 passed", "8 holds", "1 deviates", "1 not applicable"} == set(counts[:-1])
    assert set(project.outcomes()) == {*(f"holds-{n}" for n in range(6)), "deviates", "lacks"}


def test_what_cases_are_made_of_is_no_test(project):
    """A user's `--doctest-modules` imports none of it, which would run its scripts, and loses no case."""
    settings(project, "addopts = --doctest-modules --doctest-glob=*.md")
    (project.root / "own").mkdir()
    (project.root / "own" / "own.py").write_text(DOCTEST)
    for name in ("fixtures/script.py", "conformance/script.py", "conformance/fixtures/script.py"):
        (project.root / name).parent.mkdir(exist_ok=True)
        (project.root / name).write_text("raise SystemExit('it was imported')")
    (project.root / "conformance" / "README.md").write_text(DOCTEST)
    done = project.run("own", "conformance", ".", "--measure", "-n0")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 7 holds, 1 deviates, 1 not applicable" in done.stdout
    assert project.run("conformance", "--measure", "--shard=1/1", "-n0").returncode == 0


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("selection", [["-k", "batchnrom"], ["-m", "nothing"], ["--claims", "snapshot"]])
def test_a_selection_that_leaves_no_case(project, selection, workers):
    """Canaries alone measure nothing: one line, nothing written, and no TensorFlow is imported for it."""
    done = project.run("--measure", "-n", workers, *selection)
    assert done.returncode == Exit.NOT_MEASURED, done.stdout
    assert [line for line in done.stdout.splitlines() if "no case is run: " in line] == [
        "no case is run: what was selected leaves none of 8"
    ]
    assert not project.results.exists()
    assert not project.imports.exists()


@pytest.mark.parametrize("option", ["--setup-only", "--setup-plan"])
def test_a_run_that_runs_nothing(project, option):
    """It was asked for cases, and ends as if all of them had been measured."""
    done = project.run("-n0", option)
    assert done.returncode == Exit.NOT_MEASURED, done.stdout
    assert "no case was run: nothing is measured" in done.stdout
    assert not project.results.exists()


def test_a_conftest_that_leaves_no_case(project):
    """The user's own tests are run all the same."""
    (project.root / "own").mkdir()
    (project.root / "own" / "test_own.py").write_text(OWN)
    (project.root / "own" / "conftest.py").write_text(ONLY_OWN)
    done = project.run("own", "conformance", "-n0")
    assert done.returncode == Exit.NOT_MEASURED, done.stdout
    assert "1 passed" in done.stdout
    assert "no case is run: " in done.stdout


def test_canaries_that_were_asked_for(project):
    """Nothing else was, so nothing is missed."""
    assert project.run("conformance/cases/test_canary.py", "-n0").returncode == 0


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(
    "selection",
    [
        ["--ignore=conformance/cases/test_edge.py"],
        ["--ignore-glob=*edge*"],
        ["-k", "holds"],
        ["conformance/cases/test_dropout.py"],
    ],
    ids=["ignore", "glob", "keyword", "module"],
)
def test_a_shard_is_a_part_of_all_cases(project, selection, workers):
    """However it comes that some are left out."""
    project.write("cases/test_edge.py", HEAD + EDGE)
    done = project.run("--measure", "--shard=1/2", "-n", workers, *selection)
    assert done.returncode == Exit.BAD_INPUT, done.stdout
    assert "--shard: is a part of all cases" in done.stdout + done.stderr
    assert not project.imports.exists()


@pytest.mark.parametrize("option", ["--lf", "--sw"])
def test_a_shard_of_what_failed_last(project, option):
    """Where nothing had failed nothing is left out; then something is."""
    project.write("cases/test_edge.py", HEAD + EDGE)
    keeping = ["-p", "cacheprovider", "-p", "stepwise", "-n0"]
    assert project.run("--measure", "--shard=1/2", option, *keeping).returncode == 0
    assert project.run(option, *keeping).returncode != 0
    done = project.run("--measure", "--shard=1/2", option, *keeping)
    assert done.returncode == Exit.BAD_INPUT, done.stdout


def test_a_shard_says_how_many_cases_there_are(project):
    """So that whoever puts shards together misses one that did not come."""
    project.run("--measure", "-n0", "--shard=1/2")
    path = project.results.with_suffix(".shard-1-of-2.json")
    assert json.loads(path.read_text())["shard"] == {"index": 1, "of": 2, "cases": 9}


def test_what_a_case_is_given_may_be_left_out(project):
    """Then it is not known whether there is such a case."""
    project.write("cases/test_resting.py", HEAD + RESTS.replace("{given}", f"{CLAIM}[deviates]"))
    for workers in ("0", "2"):
        done = project.run("--measure", "-n", workers, "--ignore=conformance/cases/test_dropout.py")
        assert done.returncode == 0, done.stdout
        assert "is no case" not in done.stdout + done.stderr


def test_what_is_wrong_with_a_suite_is_a_line(project):
    """However many cases it is wrong with."""
    rests = [RESTS.replace("rests", f"rests_{n}").replace("{given}", f"{CLAIM}[none]") for n in range(40)]
    project.write("cases/test_resting.py", HEAD + "".join(rests))
    done = project.run("--measure", "-n0")
    assert done.returncode == Exit.BAD_INPUT
    assert max(map(len, (done.stdout + done.stderr).splitlines())) < 1100


def test_a_module_that_was_ignored_keeps_its_results(project):
    """A run of less is not taken for one of all, although nothing was selected."""
    project.write("cases/test_edge.py", HEAD + EDGE)
    project.run("--measure", "-n0")
    project.write("cases/test_edge.py", HEAD + EDGE + "\n    #\n")
    project.write("cases/test_dropout.py", HEAD + CASES + "\n    #\n")
    before = project.results.read_text()
    done = project.run("--measure", "-n0", "--ignore=conformance/cases/test_edge.py")
    assert "measured by another suite; set aside" in done.stdout
    assert project.results.with_name("tf9.9-keras3.99.json.earlier").read_text() == before
