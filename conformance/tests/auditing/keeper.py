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
        audit = Audit(build)
        found = [one for name in only or audit.questions() for one in audit.answer(name)]
    except SubjectError as error:
        return {"reported": [], "unanswered": [str(error)], "unlisted": []}
    lost = [f"{one.question}: {one.reason}" for one in found if findings.weight(one) == 3]
    listed = set(listing.listed(build, list(CLAIMS)))
    pairs = {(one.claim, one.layer) for one in found if one.claim}
    asked = [
        f"{one.question}: {one.claim}"
        for one in found
        if one.claim and one.asked not in listing.questions(one.claim)
    ]
    return {"reported": showing.names(found), "unanswered": lost, "unlisted": sorted(pairs - listed) + asked}


if __name__ == "__main__":
    told = {build.__name__: seen(build, sys.argv[1:]) for build in zoo.HEALTHY + zoo.FAULTY}
    print(json.dumps(told, indent=1))
