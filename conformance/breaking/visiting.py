"""Beside TensorFlow: import it once, and say what an audit finds of models, each time in a fork.

`python -m conformance.breaking.visiting`, then a line of JSON for each visit, `[MODEL, QUESTIONS, MUTANT]`:
`""` is no mutant. The answer is a line too: what is `found`, and what of it is `reported`; or `refused`, why
nothing is.
"""

from __future__ import annotations

import functools
import json
from typing import IO, Any, Dict, Sequence

from conformance.breaking.forking import forked, serve, share

#: Seconds for a visit. Most take five.
LONGEST = 600


def visited(model: str, questions: Sequence[str], mutant: str) -> Dict[str, Any]:
    """Return what an audit finds of a model, with a mutant in effect in this process from now on."""
    from conformance.auditing import showing
    from conformance.auditing.loading import SubjectError
    from conformance.auditing.questions import Audit
    from conformance.fixtures import zoo
    from conformance.fixtures.mutants import Infection
    from conformance.measuring import installed
    from conformance.measuring.observation import NotApplicable

    installed.wake()
    try:
        if mutant:
            Infection(mutant)
        audit = Audit(zoo.MODELS[model])
        found = [one for name in questions for one in audit.answer(name)]
    except (NotApplicable, SubjectError) as reason:
        return {"refused": str(reason)}
    return {"found": [one.as_table() for one in found], "reported": showing.names(found)}


def answer(visits: IO[str], said: IO[str]) -> None:
    """Write what comes of each visit, as long as there are any."""
    from conformance.auditing import questions  # noqa: F401 - so that no child imports it again
    from conformance.fixtures import zoo  # noqa: F401
    from conformance.fixtures.mutants import mutants

    mutants()
    share()
    for line in visits:
        found = forked(functools.partial(visited, *json.loads(line)), LONGEST)
        said.write(json.dumps(found or {"refused": "its process ended"}) + "\n")
        said.flush()


if __name__ == "__main__":
    serve(answer)
