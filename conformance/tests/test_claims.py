"""The registry is complete, and every claim is put to the test."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from conformance import suite
from conformance.claims import CLAIMS, FLAVOURS, NOTES, claims_matching
from conformance.measuring.case import case_of
from conformance.words import VOCABULARY

CHECKED = [c for c in CLAIMS.values() if not c.derived_from]


def markers():
    """Return (module name, function name, marker) of every test function among the cases."""
    found = []
    for path in suite.case_modules():
        module = import_module(f"conformance.cases.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_"):
                marks = [m for m in getattr(function, "pytestmark", []) if m.name == "checks"]
                found.append((path.stem, name, marks))
    return found


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda c: c.id)
def test_a_claim_is_whole(claim):
    """It has a well-formed id, a statement, a quote and a source, and a known family."""
    assert re.fullmatch(r"[a-z]+/[a-z0-9.-]+", claim.id)
    assert claim.family in VOCABULARY
    assert claim.statement.endswith(".")
    assert claim.quote.strip()
    assert claim.source.startswith("https://") or claim.source == NOTES


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda c: c.id)
def test_a_chinese_quote_is_translated(claim):
    """A quote in Chinese has an English translation beside it, and no other has."""
    assert bool(re.search("[\u4e00-\u9fff]", claim.quote)) == bool(claim.translation)


def test_a_source_on_the_web_names_a_version():
    """A link names a release or a commit, so that the quote can still be found there."""
    links = [c.source for c in CLAIMS.values() if c.source != NOTES]
    assert all(re.search(r"/r\d\.\d+/|/blob/[0-9a-f]{40}/", link) for link in links)


def test_every_function_names_one_claim():
    """Each test function checks one claim; a module is of one family, or of one kind of situation."""
    for module, name, marks in markers():
        assert len(marks) == 1, f"{module}::{name}"


def test_every_function_says_its_sentence():
    """A case reads like its claim: it has a docstring of one sentence."""
    for module, name, _ in markers():
        function = getattr(import_module(f"conformance.cases.{module}"), name)
        assert (function.__doc__ or "").strip().endswith("."), f"{module}::{name}"


@pytest.mark.parametrize("claim", CHECKED, ids=lambda c: c.id)
def test_a_claim_has_cases(claim):
    """Each claim that is not derived from another is checked by a function."""
    assert any(marks[0].args[0] == claim.id for _, _, marks in markers())


@pytest.mark.parametrize("claim", CHECKED, ids=lambda c: c.id)
def test_a_claim_has_a_core(claim):
    """Each has at least one core situation, without which it could have no clear verdict."""
    assert any(marks[0].kwargs["core"] for _, _, marks in markers() if marks[0].args[0] == claim.id)


def test_a_derived_claim_rests_on_a_checked_one():
    """What is derived is derived from a claim with cases."""
    for claim in CLAIMS.values():
        assert not claim.derived_from or claim.derived_from in [c.id for c in CHECKED]


def test_a_claim_applies_somewhere():
    """Every claim names the flavours in which it makes sense to ask."""
    assert all(c.applies_to and set(c.applies_to) <= set(FLAVOURS) for c in CLAIMS.values())


def test_families_and_claims_can_be_selected():
    """`--claims` takes claims, families, and both; nothing selects nothing."""
    assert claims_matching("batchnorm/introduced-in-2.0") == ("batchnorm/introduced-in-2.0",)
    both = [c.id for c in CLAIMS.values() if c.family in ("dropout", "snapshot")]
    assert list(claims_matching("dropout, snapshot")) == both
    assert claims_matching("") == ()
    with pytest.raises(KeyError, match="dropuot"):
        claims_matching("dropout,dropuot")


def test_a_case_id_is_made_of_claim_function_and_situation():
    """A case is called `claim[function-situation]`, and is core where its situation is listed."""
    marker = pytest.mark.checks("dropout/x", expects=("drops",), core=("fit",)).mark
    assert (
        case_of(Path("cases/test_dropout.py"), "test_in_step", "fit", marker).id == "dropout/x[in-step-fit]"
    )
    assert case_of(Path("cases/test_dropout.py"), "test_in_step", "fit", marker).core
    assert not case_of(Path("cases/test_dropout.py"), "test_in_step", "predict", marker).core


def test_a_case_has_no_loop_branch_or_version():
    """A case reads like its claim: build, act, observe. What differs between releases lives elsewhere."""
    branching = (ast.For, ast.While, ast.If, ast.IfExp, ast.Try, ast.ListComp, ast.DictComp, ast.GeneratorExp)
    for module, name, _ in markers():
        function = getattr(import_module(f"conformance.cases.{module}"), name)
        tree = ast.parse(inspect.getsource(function))
        assert not [node for node in ast.walk(tree) if isinstance(node, branching)], f"{module}::{name}"
        assert "__version__" not in inspect.getsource(function)
