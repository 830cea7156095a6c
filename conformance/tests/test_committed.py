"""The committed matrix: of today's cases, whole, valid against its schema, and rendered from its results."""

import gzip
import json

import pytest
from jsonschema import Draft202012Validator

from conformance import suite
from conformance.claims import CLAIMS, FLAVOURS
from conformance.columns import certifying, running
from conformance.columns.columns import columns
from conformance.matrix.matrix import unknown_outcomes
from conformance.mutants import kill_matrix, trials, validity
from conformance.pins import drift, pins
from conformance.reporting import alarms, reports
from conformance.suite import ROOT
from conformance.tests.test_main import invoke

COLUMNS = columns()
MEASURED = running.measured()
CERTIFICATES = list(certifying.certificates(certifying.CERTIFIED).values())
#: Claims that have cases of their own.
ASKED = [claim for claim in CLAIMS.values() if not claim.derived_from]
LEAST = {"keras2": 400, "keras3": 400, "tf_keras": 400}


def schema(name):
    """Return a validator of one of the two formats."""
    text = (ROOT / "conformance" / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


@pytest.mark.parametrize("column", MEASURED)
def test_a_column_is_measured_by_todays_cases(column):
    """Results older than the code that claims to have made them fail here: run `make matrix`."""
    assert running.changed_modules(COLUMNS[column]) == []


@pytest.mark.parametrize("column", MEASURED)
def test_results_follow_their_schema(column):
    """Others may rely on the format."""
    schema("results").validate(MEASURED[column])


@pytest.mark.parametrize("column", MEASURED)
def test_every_case_answered(column):
    """No error, crash, hang or gap, and the canaries held."""
    assert MEASURED[column]["valid"]
    assert unknown_outcomes(MEASURED[column]["cases"]) == []


@pytest.mark.parametrize("column", MEASURED)
def test_enough_cases_apply(column):
    """A column in which most cases do not apply would say little."""
    cases = MEASURED[column]["cases"].values()
    applicable = sum(record["outcome"] != "not-applicable" for record in cases)
    assert applicable >= LEAST.get(COLUMNS[column].flavour, 0)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("claim", ASKED, ids=lambda c: c.id)
def test_a_claim_is_asked_in_every_flavour_it_applies_to(claim, flavour):
    """At least one case of it gives an answer in some column of the flavour, and in no other flavour."""
    asked = any(
        record["outcome"] != "not-applicable"
        for column, found in MEASURED.items()
        if COLUMNS[column].flavour == flavour
        for case, record in found["cases"].items()
        if case.split("[")[0] == claim.id
    )
    assert asked == (flavour in claim.applies_to)


def test_every_column_is_measured():
    """Each column of the list has results, and no results are of another."""
    assert set(MEASURED) == set(COLUMNS)


@pytest.mark.parametrize("certificate", CERTIFICATES, ids=lambda c: c.column)
def test_a_certificate_is_of_todays_cases(certificate):
    """A column was measured again by these very cases; what did not say the same twice is not pinned.

    And what stands in its results is what was compared: a word written by hand fails here.
    """
    now = suite.identity()
    assert certificate.words == certifying.digests(MEASURED[certificate.column])
    assert certificate.covers(now, suite.lock_digest(certificate.column)) == list(now["modules"])
    column = MEASURED[certificate.column]["column"]
    known = pins.read()
    assert [case for case in certificate.unstable if drift.pin_for(known, case, column)] == []


MUTANTS = kill_matrix.read()


@pytest.mark.parametrize("name", MUTANTS["mutants"])
def test_a_mutant_was_run_by_todays_cases(name):
    """Its fates are no older than its own code, and the cases that were asked: run `make mutants`."""
    mutant = MUTANTS["mutants"][name]
    rows = [column for column in mutant["columns"] if column in MEASURED]
    assert [c for c in rows if not validity.is_valid(mutant, c, MEASURED[c]["cases"])] == []


def test_no_mutant_survived():
    """None was missed by a claim that it refutes, disturbed another, was idle, or left something behind."""
    assert kill_matrix.wrong(MUTANTS) == []


@pytest.mark.parametrize("name", MUTANTS["mutants"])
def test_a_mutant_was_run_wherever_it_may_apply(name):
    """No column of its flavours is left out: run `make mutants`."""
    mutant = MUTANTS["mutants"][name]
    meant = {column for column in trials.COLUMNS if COLUMNS[column].flavour in mutant["flavours"]}
    assert meant <= set(mutant["columns"])


@pytest.mark.parametrize("claim", ASKED, ids=lambda c: c.id)
def test_a_claim_can_fail(claim):
    """At least two mutants break it, and in each flavour to which it applies its cases notice one of them."""
    kills = kill_matrix.by_claim(MUTANTS, MUTANTS["flavours"])
    assert sum(claim.id in mutant["refutes"] for mutant in MUTANTS["mutants"].values()) >= 2
    assert sorted(kills.get(claim.id, {})) == sorted(claim.applies_to)


def test_the_report_is_what_the_results_give():
    """Rendering again changes no byte."""
    done = invoke("report", "--check")
    assert done.exit_code == 0, done.output


def test_no_badge_is_left_of_what_is_gone():
    """Each badge is of a column or a claim that there is."""
    badges = reports.REPORTS / "badge"
    assert {p for p in badges.rglob("*") if p.is_file()} <= set(reports.committed())


def test_the_page_is_light():
    """It loads at once, also over a slow line."""
    page = (reports.REPORTS / "index.html").read_bytes()
    assert len(page) < 2_000_000
    assert len(gzip.compress(page)) < 200_000


def test_the_matrix_follows_its_schema():
    """Others may rely on the format."""
    text = (ROOT / "reports" / "matrix.json").read_text(encoding="utf-8")
    schema("matrix").validate(json.loads(text))


def test_everything_is_as_pinned():
    """Each deviation in each column is explained by one pin, and each pin explains something."""
    assert alarms.terminal(alarms.found(pins.read(), list(MEASURED.values()), whole=True)) == (
        "everything is as pinned\n"
    )
