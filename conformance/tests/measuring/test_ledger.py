"""What a run does to the results that are there: it neither suffers from them nor spoils them.

Run for real in a small copy of the project, beside the stand-in for TensorFlow, as the recorder's tests are.
"""

import pytest

from conformance.exits import Exit
from conformance.tests.measuring.stand_in import CASES, HEAD, Project


@pytest.fixture
def project(tmp_path):
    """Return a project with six cases that hold, one that deviates and one that is not applicable."""
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("selection", "old", "says"),
    [
        ([], lambda text: text.replace('"9.9.0"', '"9.9.1"'), "another column"),
        (["-k", "deviates"], lambda text: text.replace('"shared": "', '"shared": "0'), "another suite"),
        (["-k", "deviates"], lambda text: text[:99], "cut in half"),
    ],
    ids=["column", "suite", "half"],
)
def test_an_old_file_does_not_decide_a_run(project, selection, old, says):
    """What the results cannot be mixed with is set aside, with a line, and the verdict is of this run."""
    project.run("--measure")
    text = old(project.results.read_text())
    project.results.write_text(text)
    done = project.run("--measure", *selection)
    assert done.returncode == 0, done.stdout
    assert says in done.stdout
    assert "set aside as tf9.9-keras3.99.json.earlier" in done.stdout
    assert project.results.with_name("tf9.9-keras3.99.json.earlier").read_text() == text
    assert len(project.outcomes()) == (1 if selection else 8)


MAY_DIE = """
    @case
    def test_may_die(observe):
        if "DIE" in os.environ:
            os._exit(3)
        observe(Observation(Word.DROPS))
"""


@pytest.mark.parametrize("selection", [[], ["-k", "die"]], ids=["whole", "selection"])
def test_a_record_is_not_the_worse_for_a_killed_worker(project, monkeypatch, selection):
    """The exit code tells of the loss; the answer that there was to the same case stays."""
    project.write("cases/test_dropout.py", HEAD + CASES + MAY_DIE)
    project.run("--measure")
    good = project.results.read_bytes()
    monkeypatch.setenv("DIE", "yes")
    done = project.run("--measure", "-n", "1", *selection)
    assert done.returncode == Exit.NOT_MEASURED
    assert "cases that gave no answer keep that of an earlier run: 1" in done.stdout
    assert project.results.read_bytes() == good


def test_invalid_results_do_not_outlive_valid_ones(project):
    """What an earlier run could not say would be told of the column once more by whoever reads the folder."""
    invalid = project.results.with_suffix(".invalid.json")
    invalid.parent.mkdir()
    invalid.write_text("{}")
    assert project.run("--measure").returncode == 0
    assert not invalid.exists()


def test_a_column_has_a_plain_name(project):
    """It names a file, and stands in every report: said before TensorFlow is imported."""
    done = project.run("--measure", "--column", "../mine")
    assert done.returncode == Exit.BAD_INPUT
    assert "--column: '../mine' is no plain name" in done.stdout + done.stderr
    assert not project.imports.exists()
