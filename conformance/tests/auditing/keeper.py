"""Walks through the zoo beside a TensorFlow, and prints as JSON what an audit reports of each model.

Runs beside TensorFlow: Python 3.7, NumPy, pytest and its plugins, nothing else.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Callable, Dict

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from conformance.auditing import findings, listing, showing
from conformance.auditing.loading import SubjectError
from conformance.auditing.questions import Audit
from conformance.claims import CLAIMS
from conformance.fixtures import zoo


def seen(build: Callable[[], Any], only: Any) -> Dict[str, Any]:
    """Return what is reported of one model, what has no answer, and which answers no test would list."""
    try:
        found = Audit(build).ask(only, lambda name: None)
    except SubjectError as error:
        return {"reported": [], "unanswered": [str(error)], "unlisted": []}
    lost = [f"{one.question}: {one.reason}" for one in found if findings.weight(one) == 3]
    listed = set(listing.listed(build, list(CLAIMS)))
    pairs = {(one.claim, one.layer) for one in found if one.claim}
    asked = [f"{one.question}: {one.claim}" for one in found if one.claim and not _is_asked(one)]
    return {"reported": showing.names(found), "unanswered": lost, "unlisted": sorted(pairs - listed) + asked}


def _is_asked(one: Any) -> bool:
    """Return whether a test of a claim would ask the question that a finding is of."""
    names = listing.questions(one.claim)
    return any(name in names for name in (one.question, "flags", "after compile()") if _is_of(name, one))


def _is_of(name: str, one: Any) -> bool:
    """Return whether a finding is one of a question's: two of them have parts with names of their own."""
    if ".trainable = " in one.question:
        return name == "flags"
    return name == ("after compile()" if one.question.endswith("after compile()") else one.question)


if __name__ == "__main__":
    told = {build.__name__: seen(build, sys.argv[1:]) for build in zoo.HEALTHY + zoo.FAULTY}
    print(json.dumps(told, indent=1))
