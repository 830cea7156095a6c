"""`python -m conformance pin`: asks, writes, and refuses what nobody has seen twice."""

import copy
import dataclasses
import shutil

import pytest

import conformance
from conformance import suite
from conformance.columns import certifying, running
from conformance.exits import Exit
from conformance.pins import history, pins
from conformance.proposals import proposing, toml_text
from conformance.reporting import alarms
from conformance.results import results
from conformance.tests.test_main import invoke

WHY = ("--reason", "A rate of 1 is refused.", "--url", "unreported")
CASE = "dropout/on-when-training[at-rate-one]"
PINNED = "rate-one-raises"
CLAIMS = ("dropout/on-when-training", "batchnorm/training-uses-batch-statistics")
MEASURED = running.measured()


def part(column):
    """Return what a column's committed results say of two claims, what these are given, and its canaries."""
    found = copy.deepcopy(MEASURED[column])
    about = {case for case in found["cases"] if case.startswith((*CLAIMS, "canary/"))}
    about |= {given for case in about for given in found["cases"][case].get("given", ())}
    return {**found, "cases": {case: record for case, record in found["cases"].items() if case in about}}


@pytest.fixture
def committed(monkeypatch):
    """Return committed results that a test may change: two claims in three columns, certified."""
    found = {name: part(name) for name in ("tf2.15", "tf2.16-keras3.13", "tf2.21")}
    kept = certifying.certificates(certifying.CERTIFIED)

    def certified(path):
        words = {name: certifying.digests(column) for name, column in found.items()}
        return {name: dataclasses.replace(kept[name], words=words[name]) for name in found}

    monkeypatch.setattr(running, "measured", lambda: found)
    monkeypatch.setattr(certifying, "certificates", certified)
    return found


@pytest.fixture
def file(tmp_path, committed):
    """Return a pins file that is right for the three columns: the committed one, pruned."""
    path = tmp_path / "pins.toml"
    shutil.copy(pins.PINS, path)
    assert invoke("pin", "--pins", path, "--prune", "--yes").exit_code == 0
    assert moved(path) == []
    return path


def without(path, name):
    """Take a pin out of a file."""
    known = pins.read(path)
    path.write_text(toml_text.rewritten(path.read_text(), known, [p for p in known if p.id != name], "x"))


def moved(path):
    """Return what is not as pinned in a file."""
    return alarms.found(pins.read(path), list(running.measured().values()), whole=True)


def test_nothing_drifted(file):
    """Nothing is asked."""
    assert invoke("pin", "--pins", file, *WHY).output == "nothing to change\n"


def test_a_deviation_is_pinned(file):
    """The change is shown; then everything is as pinned again."""
    without(file, PINNED)
    done = invoke("pin", "--pins", file, *WHY, "--reproduction", "dropout_at_rate_one.py", "--yes")
    assert done.exit_code == 0, done.output
    assert '+id = "a-rate-of-1-is-refused"' in done.output
    assert moved(file) == []
    assert pins.read(file)[-1].reproduction == "dropout_at_rate_one.py"


def test_it_asks_and_no_is_no(file):
    """Without an answer nothing is written, and a script can tell."""
    without(file, PINNED)
    before = file.read_text()
    done = invoke("pin", "--pins", file, *WHY)
    assert (done.exit_code, "Write this?" in done.output, file.read_text()) == (1, True, before)


def test_a_crash_leaves_the_old_file(file, monkeypatch):
    """And says that it was not written."""
    without(file, PINNED)
    before = file.read_text()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    done = invoke("pin", "--pins", file, *WHY, "--yes")
    assert (done.exit_code, file.read_text()) == (Exit.NOT_MEASURED, before)
    assert "No space left" in done.output


def test_a_file_that_changed_meanwhile_is_left_alone(file, committed):
    """Somebody else's change is not undone."""
    without(file, PINNED)
    found = proposing.proposal(
        file, [], [], {"name": "", "reason": "Why.", "url": "unreported", "reproduction": ""}
    )
    file.write_text(file.read_text() + "# mine\n")
    with pytest.raises(pins.PinsError, match="changed meanwhile"):
        found.write()


def test_a_file_of_windows_stays_one(tmp_path, committed):
    """What is written is the change that was shown, and no other line end."""
    path = tmp_path / "pins.toml"
    path.write_bytes(b'suite = "0.1.0"\r\n\r\n# mine\r\n')
    done = invoke("pin", "--pins", path, "--cases", CASE, *WHY, "--yes")
    assert done.exit_code == 0, done.output
    lines = path.read_bytes().splitlines(keepends=True)
    assert b"# mine\r\n" in lines
    assert [line for line in lines if not line.endswith(b"\r\n")] == []


def test_a_file_that_is_no_text(tmp_path, committed, monkeypatch):
    """One line, for a folder too; one that is still to come is empty."""
    (tmp_path / "pins.toml").write_bytes(b"\xff")
    for path in (tmp_path / "pins.toml", tmp_path):
        done = invoke("pin", "--pins", path, *WHY)
        assert (done.exit_code, len(done.output.splitlines())) == (Exit.BAD_INPUT, 1)
    done = invoke("pin", "--pins", tmp_path / "new.toml", "--prune", "--yes")
    assert "nothing to change" in done.output.splitlines()  # what this version added is not pinned
    assert not (tmp_path / "new.toml").exists()
    monkeypatch.setattr(history, "HISTORY", tmp_path / "nothing-was-added.toml")
    done = invoke("pin", "--pins", tmp_path / "new.toml", "--prune", "--yes")
    assert done.exit_code == 0
    assert pins.read(tmp_path / "new.toml").suite == conformance.__version__


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--reason is missing"),
        (("--reason", "Why."), "--url is missing"),
        (("--reason", " ", "--url", "unreported"), "--reason is missing"),
        (("--reason", "Why.", "--url", "there"), "neither a link"),
        ((*WHY, "--reproduction", "none.py"), "no reproduction is called 'none.py'"),
        ((*WHY, "--id", "training-as-a-tensor-raises"), "another reason or link"),
    ],
)
def test_what_a_pin_needs(file, arguments, says):
    """Why, where it is discussed, and an id of its own: one line, nothing written."""
    without(file, PINNED)
    before = file.read_text()
    done = invoke("pin", "--pins", file, *arguments, "--yes")
    assert (done.exit_code, file.read_text()) == (Exit.BAD_INPUT, before)
    assert says in done.output


def test_cases_can_be_chosen(file, committed):
    """What has another reason is left for another pin, and that is said."""
    without(file, PINNED)
    without(file, "training-as-a-tensor-raises")
    done = invoke("pin", "--pins", file, *WHY, "--cases", "dropout/*", "--yes")
    assert done.exit_code == 0, done.output
    assert {m.case.split("/")[0] for m in moved(file)} == {"batchnorm"}


def test_an_id_widens_its_pin(file, committed):
    """Its reason and link need not be said again; the hint told which id.

    Other columns have the same Keras and no results here: no range spans them.
    """
    committed["tf2.21"]["cases"][CASE].update(outcome="deviates", observed="raises ValueError")
    done = invoke("pin", "--pins", file, "--reason", "Why?", "--url", "unreported")
    assert f"`--id {PINNED}` would widen it" in done.output
    assert invoke("pin", "--pins", file, "--id", PINNED, "--yes").exit_code == 0
    (pin,) = (pin for pin in pins.read(file) if pin.word(CASE))
    assert (pin.id, pin.where[-1]) == (PINNED, {"columns": ["tf2.21"]})
    assert moved(file) == []


def test_what_is_fixed_is_pruned(file, committed):
    """The range ends where it was last seen."""
    committed["tf2.16-keras3.13"]["cases"][CASE].update(outcome="holds", observed="drops")
    done = invoke("pin", "--pins", file, *WHY)
    assert "fixed: 1 cases are left; `python -m conformance pin --prune`" in done.output
    assert invoke("pin", "--pins", file, "--prune", "--yes").exit_code == 0
    (pin,) = (pin for pin in pins.read(file) if pin.word(CASE))
    assert "keras3" not in str(pin.where)
    assert moved(file) == []


def test_what_changed_is_pinned_anew(file, committed):
    """Two pins, and no case in both."""
    committed["tf2.15"]["cases"][CASE].update(observed="raises TypeError")
    assert invoke("pin", "--pins", file, "--reason", "New.", "--url", "unreported", "--yes").exit_code == 0
    assert {(p.id, p.word(CASE)) for p in pins.read(file) if p.word(CASE)} == {
        (PINNED, "raises ValueError"),
        ("new", "raises TypeError"),
    }
    assert moved(file) == []


def test_a_case_without_an_answer_is_neither_pinned_nor_pruned(file, committed):
    """It may deviate still."""
    committed["tf2.15"]["cases"][CASE].update(outcome="crashed", observed=None)
    for arguments in (WHY, ("--prune",)):
        done = invoke("pin", "--pins", file, *arguments)
        assert "1 cases gave no answer" in done.output
        assert "nothing to change" in done.output


def test_an_unstable_case_is_refused(file, committed, monkeypatch):
    """The others are pinned; the exit code tells."""
    without(file, PINNED)
    known = certifying.certificates(certifying.CERTIFIED)
    shaky = {"tf2.15": dataclasses.replace(known["tf2.15"], unstable={CASE: ["a", "b"]})}
    monkeypatch.setattr(certifying, "certificates", lambda path: {**known, **shaky})
    done = invoke("pin", "--pins", file, *WHY, "--yes")
    assert done.exit_code == Exit.UNPROVEN
    assert f"unstable: {CASE} in tf2.15: a, b" in done.output
    assert [m.column for m in moved(file)] == ["tf2.15"]


def test_a_column_without_a_certificate_is_refused(file, committed, monkeypatch):
    """It says how to get one."""
    without(file, PINNED)
    monkeypatch.setattr(certifying, "certificates", lambda path: {})
    done = invoke("pin", "--pins", file, *WHY, "--yes")
    assert done.exit_code == Exit.BAD_INPUT
    assert "make certify COLUMNS=tf2.15" in done.output


def test_three_results_files_are_evidence(file, tmp_path):
    """Of a column of one's own: one run, or one file thrice, is not enough."""
    own = part("tf2.21")
    own["suite"] = suite.identity()
    own["column"].update(id="mine", keras="3.17.0", lock=None)
    own["cases"][CASE].update(outcome="deviates", observed="raises ValueError", reason="It does.")
    files = [tmp_path / f"{number}" / "mine.json" for number in range(3)]
    for path in files:
        results.write(path, own)
    once = invoke("pin", *files[:1] * 3, "--pins", file, "--id", PINNED, "--cases", CASE)
    assert once.exit_code == Exit.BAD_INPUT
    assert "mine: 1 results files, 3 are needed" in once.output
    done = invoke("pin", *files, "--pins", file, "--id", PINNED, "--cases", CASE, "--yes")
    assert done.exit_code == 0, done.output
    (pin,) = (pin for pin in pins.read(file) if pin.word(CASE))
    assert pin.where[1]["keras"] == ">=3.13.2,<=3.13.2|>=3.17.0"


def test_results_of_other_cases_are_refused(file, tmp_path):
    """They may mean something else by the same name."""
    own = part("tf2.21")
    own["suite"]["digest"] = "then"
    results.write(tmp_path / "mine.json", own)
    done = invoke("pin", tmp_path / "mine.json", "--pins", file, *WHY)
    assert done.exit_code == Exit.BAD_INPUT
    assert "not measured by today's cases" in done.output
