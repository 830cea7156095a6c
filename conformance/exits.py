"""Exit codes beyond pytest's own 0 to 5: one for each thing that a script acts on. The line says the rest."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """A code that a CI job can branch on. 0 and 1 mean what they mean to pytest."""

    MEASURED = 0
    #: Something deviates that no pin explains; or the answer to a question was no.
    DEVIATES = 1
    #: No TensorFlow, or one that does not import or was switched; no case is left to run; a canary failed;
    #: a case gave no answer; an environment could not be built; a folder cannot be written; another run is
    #: at work.
    NOT_MEASURED = 10
    #: What was given is not there, broken, or of another suite or column.
    BAD_INPUT = 11
    #: It was measured, and does not bear out what it should: runs that differ, a mutant that nobody
    #: noticed, a script that prints another word, a report that is not up to date.
    UNPROVEN = 12
    #: What is not as pinned, the worst class decides.
    REGRESSED = 30
    CHANGED = 31
    STOPPED = 32
    FIXED = 33
    STALE = 34
    #: The user, or the system, ended it: 128 and the signal, as shells have it.
    INTERRUPTED = 130


def not_measured(code: int) -> str:
    """Return how a run that measured nothing ended, such as `not measured (bad input)`."""
    if code == Exit.NOT_MEASURED:
        return "not measured"
    ours = code in list(Exit) and code not in (Exit.MEASURED, Exit.DEVIATES)
    why = Exit(code).name.lower().replace("_", " ") if ours else f"exit code {code}"
    return f"not measured ({why})"
