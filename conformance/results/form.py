"""What the results of a column look like: what schemas/results.json says, and what no schema can say.

Beside TensorFlow nothing reads JSON Schemas, so this is written out; a test holds the two side by side.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Iterator, Mapping, Optional

from conformance.claims import CLAIMS
from conformance.results import shape
from conformance.results.shape import faults, pattern, shown
from conformance.results.verdicts import is_canary
from conformance.words import Outcome

SCHEMA = 1
#: A release as PEP 440 has it. Of the parts that may be left out, these are those in use: 2.22.0-rc0,
#: 2.5.0.dev2021032900, 1.15.5+nv23.3. The Keras inside TensorFlow adds -tf, which `pins.within` passes over.
_BEFORE = r"([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]*)?"
_AFTER = r"(-[0-9]+|[-_.]?(post|rev|r)[-_.]?[0-9]*)?([-_.]?dev[-_.]?[0-9]*)?"
_LOCAL = r"(\+[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*)?(-tf)?"
VERSION = rf"([0-9]+!)?[0-9]+(\.[0-9]+)*{_BEFORE}{_AFTER}{_LOCAL}"
#: A claim, and in brackets the situation: anything on a keyboard but brackets.
CASE = r"([a-z]+/[a-z0-9.-]+)\[[ -Z\\^-~]+\]"
OUTCOMES = [outcome.value for outcome in Outcome if outcome is not Outcome.BLOCKED]
_CASE = re.compile(CASE + r"\Z")

_TOP = {
    "schema": shape.exactly(SCHEMA),
    "column": shape.TABLE,
    "suite": shape.TABLE,
    "valid": shape.TRUTH,
    "cases": shape.TABLE,
}
_PART = {"shard": shape.TABLE}
_COLUMN = {
    "id": shape.NAME,
    "tensorflow": pattern("a version", VERSION),
    "keras": pattern("a version", VERSION),
    "flavour": shape.FLAVOUR,
    "python": pattern("a version", VERSION),
    "numpy": pattern("a version", VERSION),
    "packages": shape.TABLE_OF_TEXTS,
    "lock": shape.TEXT_OR_NULL,
}
_SETTINGS = {
    "backend": shape.TEXT,
    "epsilon": shape.NUMBER,
    "floatx": shape.TEXT,
    "image_data_format": shape.TEXT,
}
_SUITE = {
    "version": shape.TEXT,
    "digest": shape.TEXT,
    "shared": shape.TEXT,
    "modules": shape.TABLE_OF_TEXTS,
}
_SHARD = {"index": shape.PLACE, "of": shape.PLACE}
_WHOLE = {"cases": shape.COUNT}
_RECORD = {
    "outcome": shape.Kind(
        f"one of {', '.join(OUTCOMES)}", lambda value: type(value) is str and value in OUTCOMES
    ),
    "observed": shape.TEXT_OR_NULL,
    "expected": shape.TEXT,
    "measured": shape.NUMBER_OR_NULL,
    "reason": shape.TEXT_OR_NULL,
    "core": shape.TRUTH,
}
_FURTHER = {"documented": shape.TRUTH, "given": shape.SOME_TEXTS, "module": shape.TEXT}


def of_results(found: Any) -> Iterator[str]:
    """Yield what is wrong with the results of a column or a shard: only the first is sure to be true."""
    yield from faults("", found, _TOP, _PART)
    yield from faults("column", found["column"], _COLUMN, _SETTINGS)
    yield from faults("suite", found["suite"], _SUITE)
    if not found["suite"]["modules"]:
        yield "suite: modules is empty"
    if "shard" in found:
        yield from faults("shard", found["shard"], _SHARD, _WHOLE)
        if found["shard"]["index"] > found["shard"]["of"]:
            yield "shard: index is beyond of"
    for case, record in found["cases"].items():
        wrong = _of_case(case, record)
        if wrong:
            yield f"cases: {wrong}"
    yield from _of_all(found)


def _of_case(case: str, record: Any) -> str:
    wrong = _of_id(case)
    if wrong:
        return f"{shown(case)} {wrong}"
    wrong = next(faults("", record, _RECORD, _FURTHER), "") or _of_answer(
        record["outcome"], record["observed"], record["expected"], record["reason"]
    )
    return wrong and f"{case}: {wrong}"


@functools.lru_cache(maxsize=2**14)
def _of_id(case: str) -> str:
    found = _CASE.match(case)
    if not found:
        return "is no case id, such as family/claim[situation]"
    known = is_canary(case) or found.group(1) in CLAIMS
    return "" if known else "is of a claim that this suite does not have"


@functools.lru_cache(maxsize=2**14)
def _of_answer(outcome: str, observed: Optional[str], expected: str, reason: Optional[str]) -> str:
    """Return where the parts of a record contradict each other."""
    holds = outcome == Outcome.HOLDS.value
    answered = holds or outcome == Outcome.DEVIATES.value
    if holds != (reason is None):
        return f"{outcome} {'with' if holds else 'without'} a reason"
    if answered != (observed is not None):
        return f"{outcome} {'with nothing' if answered else 'with a word'} observed"
    if answered and holds != (observed in expected.split(" or ")):
        return f"{outcome}, with {shown(observed)} observed and {shown(expected)} expected"
    return ""


def _of_all(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield how the cases are not what the results say of them as a whole."""
    canaries = [case for case in found["cases"] if is_canary(case)]
    if not found["cases"] or not ("shard" in found or len(found["cases"]) > len(canaries)):
        yield "cases: no claim has any"
    if found["valid"]:
        if not canaries:
            yield "valid without a canary"
        for case in canaries:
            if found["cases"][case]["outcome"] != Outcome.HOLDS.value:
                yield f"valid, and {case} does not hold"
