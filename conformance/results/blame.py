"""Blame: where a case that another one is given does not hold, the other says nothing about its claim.

A layer that raises whenever it is called says nothing about its flag. So a case may name the cases that it
is given; which of them are blocked is computed from the records, without another run. Pure functions.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Tuple

from conformance.words import UNKNOWN, Outcome

Record = Mapping[str, Any]
_SOUND = (Outcome.HOLDS.value, Outcome.NOT_APPLICABLE.value)
_UNKNOWN = tuple(outcome.value for outcome in UNKNOWN)


def settled(
    cases: Mapping[str, Record], fails: Callable[[str], bool] = lambda case: False
) -> Dict[str, Record]:
    """Return the records of a column, with the outcome `blocked` where a case cannot answer for its claim.

    Such a record has a `by`: the case at fault, which is the first in a chain of them. `fails` says of a
    given case that is not among `cases` whether it is known not to hold. What does not apply is not blocked.
    """
    found = dict(cases)
    for case, record in cases.items():
        asked = record["outcome"] != Outcome.NOT_APPLICABLE.value
        by = _culprit(case, cases, fails) if asked and "given" in record else None
        if by:
            found[case] = {**record, "outcome": Outcome.BLOCKED.value, "by": by, "reason": f"blocked by {by}"}
    return found


def _culprit(
    case: str, cases: Mapping[str, Record], fails: Callable[[str], bool], seen: Tuple[str, ...] = ()
) -> Optional[str]:
    """Return the case at the root of what a case is given and does not have; None where it has it all."""
    for given in cases[case].get("given", ()):
        if given in seen:  # a circle, which the suite refuses, explains nothing
            continue
        if given not in cases:
            if fails(given):
                return str(given)
            continue
        root = _culprit(given, cases, fails, (*seen, case))
        if root or cases[given]["outcome"] not in _SOUND:
            return root or str(given)
    return None


def faults(given: Mapping[str, Tuple[str, ...]]) -> Iterator[str]:
    """Yield what is wrong with what cases are given: names of no case, and circles; all of it, in order."""
    for case, names in given.items():
        for name in names:
            if name not in given:
                yield f"{case} is given {name}, which is no case"
    for case in given:
        if _is_circular(case, given):
            yield f"{case} is given itself, by way of {' and '.join(given[case])}"


def _is_circular(case: str, given: Mapping[str, Tuple[str, ...]]) -> bool:
    waiting, seen = list(given[case]), set()
    while waiting:
        name = waiting.pop()
        if name == case:
            return True
        if name not in seen:
            seen.add(name)
            waiting += given.get(name, ())
    return False
