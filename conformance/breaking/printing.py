"""Beside TensorFlow: import it once, and say what scripts print while a mutant is in effect.

`python -m conformance.breaking.printing`, then a line of JSON for each question, `[SCRIPT, MUTANT]`, and one
for each answer, as `measuring.printing` gives it. Each is a process of its own: nothing is to be undone.
"""

from __future__ import annotations

import functools
import json
from typing import IO

from conformance.breaking.forking import serve, share
from conformance.measuring import printing


def answer(questions: IO[str], said: IO[str]) -> None:
    """Write what each script prints under its mutant, as long as there are questions."""
    from conformance.fixtures.mutants import Infection, mutants

    mutants()  # so that no child imports them again
    share()
    for line in questions:
        script, mutant = json.loads(line)
        said.write(json.dumps(printing.printed(script, functools.partial(Infection, mutant))) + "\n")
        said.flush()


if __name__ == "__main__":
    serve(answer)
