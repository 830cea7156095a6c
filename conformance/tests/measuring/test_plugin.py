"""The recorder, run for real on cases that are wrong in one known way each.

Each test runs pytest in a small copy of the project, beside a stand-in for TensorFlow that does
nothing: it is the recorder that is tested here, and no case of the suite is run.
"""

import json
from xml.etree import ElementTree

import pytest

from conformance.columns import merging
from conformance.exits import Exit
from conformance.tests.measuring.stand_in import BAD, CANARY, CASES, CLAIM, HEAD, PINS
from conformance.tests.test_committed import schema


def test_a_run_measures_every_case(project):
    """With --measure the run succeeds, deviations and all, and the table says what was seen."""
    done = project.run("--measure")
    assert done.returncode == 0, done.stdout
    assert project.outcomes() == {
        **{f"holds-{n}": "holds" for n in range(6)},
        "deviates": "deviates",
        "lacks": "not-applicable",
    }
    assert "passes through, not drops: deviates" in done.stdout
    results = json.loads(project.results.read_text())
    assert results["valid"] is True
    assert results["column"]["flavour"] == "keras3"
    assert results["cases"][f"{CLAIM}[holds-0]"] == {
        "outcome": "holds",
        "observed": "drops",
        "expected": "drops",
        "measured": 0.5,
        "reason": None,
        "core": True,
        "documented": True,
        "module": "dropout",
    }


def test_a_deviation_fails_where_nobody_only_measures(project):
    """Without --measure a deviation fails like any test."""
    done = project.run()
    assert done.returncode == 1
    assert "expected drops, observed passes through" in done.stdout


def test_pins_decide_what_fails(project):
    """What deviates as pinned is expected to; what holds though it is pinned fails, and says what to do."""
    (project.root / "fixtures" / "reproductions").mkdir(parents=True)
    (project.root / "fixtures" / "reproductions" / "x.py").write_text("")
    (project.root / "fixtures" / "pins.toml").write_text(PINS)
    done = project.run("-rx")
    assert done.returncode == 1
    assert "It listens. (unreported)" in done.stdout
    assert "fixed: it holds, and pin known says 'passes through'" in done.stdout
    assert "expected drops, observed passes through" not in done.stdout.split("claim ")[0]
    assert project.outcomes()["deviates"] == "deviates"
    (project.root / "fixtures" / "pins.toml").write_text(PINS.replace(">=3.99", ">=4,<3"))
    broken = project.run()
    assert broken.returncode == Exit.BAD_INPUT
    assert "impossible" in broken.stdout


def test_pins_of_ones_own(project):
    """They take the place of the project's; a file that is not there is named."""
    (project.root / "mine.toml").write_text(
        PINS.replace('reproduction = "x.py"', "").replace(', "dropout/ignores-trainable[holds-0]"', "")
    )
    assert project.run().returncode == 1
    done = project.run("--pins=mine.toml")
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout
    missing = project.run("--pins=none.toml")
    assert missing.returncode == Exit.BAD_INPUT
    assert "none.toml: cannot be read" in missing.stdout + missing.stderr


def test_workers_change_nothing(project):
    """One process and several write the same bytes."""
    project.run("--measure", "-n", "0")
    alone = project.results.read_bytes()
    project.run("--measure", "-n", "3")
    assert project.results.read_bytes() == alone


def test_only_workers_import_tensorflow(project):
    """The controller never does, and each worker does once."""
    process = project.run("--measure", "-n", "2", "-v")
    assert process.returncode == 0
    assert len(project.imports.read_text().split()) == 2


def test_every_way_to_break_has_its_outcome(project):
    """A silent case, a mistaken one, two crashes and a hang: each is told, and the others are kept."""
    project.write("cases/test_dropout.py", HEAD + CASES + BAD)
    done = project.run("--measure", "-n", "2", "--timeout", "3")
    assert done.returncode == Exit.NOT_MEASURED
    outcomes = project.outcomes()
    assert {k: v for k, v in outcomes.items() if v not in ("holds", "deviates", "not-applicable")} == {
        "says-nothing": "error",
        "is-mistaken": "error",
        "exits": "crashed",
        "breaks": "crashed",
        "hangs": "timed-out",
    }
    assert len(outcomes) == 13


def test_a_canary_that_fails_makes_the_column_invalid(project):
    """It says so loudly, exits with its own code, and leaves the good results alone."""
    project.run("--measure")
    good = project.results.read_bytes()
    silent = CANARY.replace("observe(Observation(Word.DROPS))", "observe(Observation(Word.PASSES))")
    project.write("cases/test_canary.py", HEAD + silent)
    done = project.run("--measure")
    assert done.returncode == Exit.NOT_MEASURED
    assert "INVALID" in done.stdout
    assert project.results.read_bytes() == good
    assert json.loads(project.results.with_suffix(".invalid.json").read_text())["valid"] is False


def test_a_selection_still_runs_the_canaries_and_keeps_the_rest(project):
    """`-k` measures a part; what was measured before stays."""
    project.run("--measure")
    before = project.outcomes()
    done = project.run("--measure", "-k", "deviates")
    assert done.returncode == 0
    assert "1 holds" in done.stdout
    assert "1 deviates" in done.stdout
    assert project.outcomes() == before


def test_a_path_still_runs_the_canaries(project):
    """So does the path of one module."""
    done = project.run("--measure", "conformance/cases/test_dropout.py::test_deviates")
    assert done.returncode == 0
    assert "canary/x[sings]" in json.loads(project.results.read_text())["cases"]


EDGE = """
    @checks("dropout/ignores-trainable", expects=Word.DROPS)
    def test_rarely_holds(observe):
        observe(Observation(Word.DROPS, 0.5))
"""


def test_core_cases_can_be_chosen(project):
    """`--core` leaves the edges out, keeps what was measured of them, and is no part that counts as all."""
    project.write("cases/test_edge.py", HEAD + EDGE)
    assert "8 holds" in project.run("--measure").stdout
    before = project.outcomes()
    done = project.run("--measure", "--core")
    assert done.returncode == 0
    assert "7 holds" in done.stdout
    assert project.outcomes() == before
    assert project.run("--core", "--shard=1/2").returncode == Exit.BAD_INPUT


def test_claims_can_be_chosen(project):
    """`--claims` takes a family, and an unknown one is an error of its own."""
    assert "6 holds" not in project.run("--measure", "--claims", "snapshot").stdout
    assert "7 holds" in project.run("--measure", "--claims", "dropout").stdout
    done = project.run("--claims", "dropuot")
    assert done.returncode == Exit.BAD_INPUT
    assert "dropuot" in done.stderr + done.stdout


def test_a_folder_that_cannot_be_written(project):
    """It is said before any case runs."""
    (project.root / "out").write_text("")
    done = project.run("--measure")
    assert done.returncode == Exit.NOT_MEASURED
    assert not project.imports.exists()


def test_no_tensorflow(project):
    """One line, and its own exit code."""
    project.tensorflow(None)
    done = project.run("--measure")
    assert done.returncode == Exit.NOT_MEASURED
    assert "no TensorFlow is installed" in done.stderr + done.stdout


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_tensorflow_that_does_not_import(project, workers):
    """One line with TensorFlow's own words, its own exit code, and earlier results intact."""
    project.run("--measure")
    good = project.results.read_bytes()
    project.tensorflow("raise ImportError('DLL load failed')")
    done = project.run("--measure", "-n", workers)
    assert done.returncode == Exit.NOT_MEASURED
    assert "ImportError: DLL load failed" in done.stdout
    assert project.results.read_bytes() == good


def test_an_interrupted_run_says_what_it_did_not_measure(project):
    """Cases that never reported are not-run, and the run does not claim success."""
    stop = """
    @case
    def test_interrupts(observe):
        raise KeyboardInterrupt
    """
    last = "    @case\n    def test_lacks"
    project.write("cases/test_dropout.py", HEAD + CASES.replace(last, stop + last.lstrip()))
    done = project.run("--measure", "-n", "0")
    assert done.returncode != 0
    assert project.outcomes()["holds-5"] == "holds"
    assert project.outcomes()["lacks"] == "not-run"


def test_shards_together_are_the_column(project):
    """Two shards, each with the canaries, have the cases of a whole run; neither is taken for one."""
    project.run("--measure")
    whole = json.loads(project.results.read_text())
    parts = []
    for index in (1, 2):
        done = project.run("--measure", "-n", str(index - 1), "--shard", f"{index}/2")
        assert done.returncode == 0, done.stdout
        parts.append(project.results.with_suffix(f".shard-{index}-of-2.json"))
    for path in parts:
        schema("results").validate(json.loads(path.read_text()))
    made = merging.merged(parts)
    assert made == whole
    assert json.loads(parts[1].read_text())["shard"] == {"index": 2, "of": 2, "cases": 9}
    assert json.loads(project.results.read_text()) == whole


@pytest.mark.parametrize(
    "arguments",
    [
        ["--shard", "5/4"],
        ["--shard", "1/2", "-k", "holds"],
    ],
    ids=["number", "selection"],
)
def test_a_shard_is_of_all_cases(project, arguments):
    """What is no part, or a part of less, ends in one line before TensorFlow is imported."""
    done = project.run("--measure", *arguments)
    assert done.returncode == Exit.BAD_INPUT
    assert "--shard: " in done.stdout + done.stderr
    assert not project.imports.exists()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_junit_says_claim_and_column(project, workers):
    """Each case of pytest's own XML has them as properties, with the outcome and what was observed."""
    project.run("--measure", "-n", workers, "--junitxml", "junit.xml")
    cases = ElementTree.parse(project.root / "junit.xml").iter("testcase")
    found = {c.get("name"): {p.get("name"): p.get("value") for p in c.iter("property")} for c in cases}
    assert found["test_deviates"] == {
        "claim": CLAIM,
        "column": "tf9.9-keras3.99",
        "outcome": "deviates",
        "observed": "passes through",
    }
    assert found["test_lacks"]["outcome"] == "not-applicable"


RESTS = """
    @checks("dropout/fit-turns-it-on", expects=Word.DROPS, core=ALL, given=["{given}"])
    @pytest.mark.parametrize("n", [0])
    def test_rests(observe, n):
        observe(Observation(Word.PASSES, 0.0))
"""


def given(project, *cases):
    """Give the project a module of cases that rest on others."""
    rests = [RESTS.replace("rests", f"rests_{n}").replace("{given}", case) for n, case in enumerate(cases)]
    project.write("cases/test_resting.py", HEAD + "".join(rests))


def test_a_case_is_blocked_by_one_that_it_is_given(project):
    """Its record is what it was, and names the other; the table blames that one alone."""
    given(project, f"{CLAIM}[deviates]", f"{CLAIM}[holds-{{n}}]")
    done = project.run("--measure")
    assert done.returncode == 0, done.stdout
    cases = json.loads(project.results.read_text())["cases"]
    assert cases["dropout/fit-turns-it-on[rests-0-0]"]["outcome"] == "deviates"
    assert cases["dropout/fit-turns-it-on[rests-0-0]"]["given"] == [f"{CLAIM}[deviates]"]
    assert cases["dropout/fit-turns-it-on[rests-1-0]"]["given"] == [f"{CLAIM}[holds-0]"]
    assert f"blocked: rests-0-0: blocked by {CLAIM}[deviates]" in done.stdout


def test_what_pins_block_does_not_fail(project):
    """A case is not judged where the pin of its cause says that the other deviates."""
    given(project, f"{CLAIM}[deviates]")
    pins = PINS.replace('reproduction = "x.py"', "").replace(f', "{CLAIM}[holds-0]"', "")
    (project.root / "mine.toml").write_text(pins)
    done = project.run("--pins=mine.toml")
    assert done.returncode == 0, done.stdout
    assert "1 blocked" in done.stdout


def test_given_that_cannot_be_is_told_at_once(project):
    """Names of no case, and circles: one line with all of them."""
    rests = "dropout/fit-turns-it-on[rests-{}-0]"
    given(project, f"{CLAIM}[nowhere]", rests.format(2), rests.format(1))
    done = project.run("--measure")
    assert done.returncode == Exit.BAD_INPUT
    told = [line for line in (done.stdout + done.stderr).splitlines() if "given:" in line]
    assert len(told) == 1, done.stdout
    assert f"{rests.format(0)} is given {CLAIM}[nowhere], which is no case; " in told[0]
    assert f"{rests.format(1)} is given itself, by way of {rests.format(2)}" in told[0]
