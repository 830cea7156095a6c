"""Whatever is read as results either is what its schema calls so, or is refused in one line."""

import functools
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from conformance.columns import merging
from conformance.columns.columns import Column
from conformance.exits import Exit
from conformance.matrix import comparing, matrix
from conformance.measuring import summary
from conformance.measuring.shards import ShardError
from conformance.pins.pins import Pin
from conformance.recipes.standing import Cookbook
from conformance.reporting import alarms, markdown, overview, upgrading
from conformance.results import form, json_text, results
from conformance.results.results import ResultsError
from conformance.tests.results import examples
from conformance.tests.results.mutations import FUZZED, check_refusal, files, read_or_refused
from conformance.tests.test_committed import schema

A, B, C, D = (f"{examples.CLAIM}[{letter}]" for letter in "abcd")
CASES = {A: "holds", B: "deviates", C: "not-applicable", D: "crashed"}
SETTINGS = {
    "backend": "tensorflow",
    "epsilon": 1e-7,
    "floatx": "float32",
    "image_data_format": "channels_last",
}
GOOD = examples.of(CASES, **SETTINGS)
SHARD = examples.of({A: "holds", B: "deviates"}, shard={"index": 1, "of": 1})
PIN = Pin(
    "p", ({"tensorflow": ">=2", "keras": "<3", "python": ">=3"},), {"passes through": (B,)}, "r", "unreported"
)
#: What no schema can say: the claims that there are, one value against another, and how a number is written.
BEYOND = re.compile(
    r"this suite does not have|is beyond of|observed and .* expected|(index|of) is [\d.e+]+, not"
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return the path of a file that every example writes anew."""
    return tmp_path_factory.mktemp("fuzzed") / "c.json"


def told(found):
    """Return what everybody says who tells of results: nothing of it may raise."""
    column = Column(found["column"]["id"], found["column"]["flavour"], "3.10", (), {})
    moved = alarms.found([PIN], [found], whole=False)
    told = [tell(moved) for tell in alarms.FORMATS.values()]
    told += [markdown.report(found), *summary.lines(found["column"], found["cases"], found["valid"])]
    told.append(overview.overview(matrix.matrix([column], {column.id: found}, (), [PIN])))
    if found["valid"] and found["suite"]["digest"] == GOOD["suite"]["digest"]:
        upgrade = comparing.difference(GOOD, found, [PIN])
        told += [tell(upgrade, Cookbook()) for tell in upgrading.FORMATS.values()]
    return told, alarms.exit_code(moved)


@FUZZED
@given(data=files(GOOD))
def test_results_mean_what_they_say_or_are_refused(path, data):
    """Accepted is what the schema accepts; green is only what has answers; nobody who reads it stumbles."""
    found = read_or_refused(results.read, path, data)
    if found is not None:
        assert found == json.loads(data)
        assert schema("results").is_valid(found)
        _, code = told(found)
        held = [r["outcome"] for case, r in found["cases"].items() if case.startswith("canary/")]
        assert code or (found["valid"] and set(held) == {"holds"} and len(found["cases"]) > len(held))


@FUZZED
@given(data=files(GOOD))
def test_form_and_schema_agree(data):
    """What is written out for Python 3.7 is the schema, and what no schema can say."""
    try:
        found = json_text.parsed(data.decode())
    except ValueError:
        return
    wrong = next(form.of_results(found), "")
    fits = schema("results").is_valid(found)
    assert fits or wrong
    assert not (fits and wrong) or BEYOND.search(wrong), wrong


@FUZZED
@given(data=files(SHARD))
def test_a_shard_becomes_a_column_or_is_refused(path, data):
    """What comes of merging is what is in the parts."""
    found = read_or_refused(functools.partial(results.read, part=True), path, data)
    if found is None:
        return
    try:
        found = merging.merged([path])
    except (ShardError, ResultsError) as error:
        check_refusal(error, None, (Exit.BAD_INPUT, Exit.NOT_MEASURED))  # of a shard that is missing, too
    else:
        assert found["cases"] == json.loads(data)["cases"]
        told(found)


@settings(FUZZED, max_examples=100)
@given(st.from_regex(form.VERSION, fullmatch=True))
def test_a_version_is_one_for_pins(text):
    """Ranges are asked of it, as `pins.within` does."""
    assert Version(text.replace("-tf", ""))


def changed(**changes):
    """Return results that are good but for the record of one case."""
    return {**GOOD, "cases": {**GOOD["cases"], A: {**GOOD["cases"][A], **changes}}}


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ([], "it is an empty list, not a table"),
        ({**GOOD, "schema": 2}, "schema is 2, not 1"),
        ({**GOOD, "x": 1}, "unknown key 'x'"),
        ({k: v for k, v in GOOD.items() if k != "valid"}, "lacks valid"),
        ({**GOOD, "valid": "no"}, "valid is 'no', not true or false"),
        ({**GOOD, "cases": {}}, "cases: no claim has any"),
        ({**GOOD, "cases": {examples.CANARY: GOOD["cases"][examples.CANARY]}}, "cases: no claim has any"),
        ({**GOOD, "cases": {A: GOOD["cases"][A]}}, "valid without a canary"),
        ({**GOOD, "cases": {"x": GOOD["cases"][A]}}, "cases: 'x' is no case id"),
        (
            {**GOOD, "cases": {"f/c[x]": GOOD["cases"][A]}},
            "cases: 'f/c[x]' is of a claim that this suite does not have",
        ),
        ({**GOOD, "suite": {**GOOD["suite"], "modules": {}}}, "suite: modules is empty"),
        (examples.of(tensorflow="newest"), "column: tensorflow is 'newest', not a version"),
        (examples.of(name="a/b"), "column: id is 'a/b', not a plain name"),
        (examples.of(name=7), "column: id is 7, not a plain name"),
        (examples.of(epsilon="x"), "column: epsilon is 'x', not a number"),
        (
            examples.of({examples.CANARY: "crashed", A: "holds"}),
            f"valid, and {examples.CANARY} does not hold",
        ),
        (changed(outcome="perhaps"), f"cases: {A}: outcome is 'perhaps', not one of holds, "),
        (changed(outcome=[]), f"cases: {A}: outcome is an empty list, not one of"),
        (changed(reason="x"), f"cases: {A}: holds with a reason"),
        (changed(outcome="deviates"), f"cases: {A}: deviates without a reason"),
        (changed(observed=None), f"cases: {A}: holds with nothing observed"),
        (changed(observed="x"), f"cases: {A}: holds, with 'x' observed and 'drops' expected"),
        (changed(measured=10**400), f"cases: {A}: measured is 10000"),
    ],
)
def test_what_is_wrong_is_said(path, broken, says):
    """Where in the file, what stands there, and what should."""
    path.write_text(json.dumps(broken))
    with pytest.raises(ResultsError) as caught:
        results.read(path)
    assert f"{path}: {says}" in str(caught.value)
    assert str(caught.value).endswith("; measure the column again")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1, "a": 2}', "two values of 'a'"),
        ("NaN", "NaN is no number"),
        ("-Infinity", "-Infinity is no number"),
        ("[" * 100_000, "nested too deeply"),
        (r'"\ud800"', "half a character"),
        ("{", "Expecting property name"),
    ],
)
def test_what_is_not_json_at_its_word(text, says):
    """Python's own reader passes over the first five."""
    with pytest.raises(ValueError, match=says):
        json_text.parsed(text)


def test_a_whole_character_is_no_half():
    """Written as JSON may write it."""
    assert json_text.parsed(r'"\ud83d\ude00"') == "\U0001f600"


def test_a_long_value_is_not_repeated():
    """The line names it, in part."""
    assert len(next(form.of_results({**GOOD, "valid": "x" * 10**6}))) < 120
