"""What is different for one model between two environments: for a terminal, a comment or a program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from conformance.legible import in_markdown, legible
from conformance.matrix import comparing
from conformance.matrix.audits import Audit, Different

#: From how many layers on they are counted, and not named, where people read.
_MANY = 4
_SAME = "Nothing is different for this model."


def _title(before: Audit, after: Audit) -> str:
    return f"{after['subject']}: {before['column']['id']} → {after['column']['id']}"


def _environment(before: Audit, after: Audit) -> str:
    told = comparing.environment(before["column"], after["column"])
    return "Environment: " + (", ".join(f"{name} {was} → {now}" for name, was, now in told) or "the same")


def _parts(one: Different) -> Iterator[str]:
    """Return the lines below what is different: what was and is, where, by which claim, and why."""
    yield f"was: {one.was}; is: {one.now}"
    if one.claim:
        yield f"in {', '.join(one.questions)}; {one.claim}"
    if one.reason:
        yield one.reason
    yield from (f"{'or' if number else 'write'}: {remedy}" for number, remedy in enumerate(one.remedies))


def _head(one: Different) -> str:
    first, *others = one.layers
    more = f", {', '.join(others)}" if len(others) < _MANY else f" and {len(others)} more layers"
    return f"{first}{more if others else ''}: {one.about + ': ' if one.about else ''}{one.change.value}"


def terminal(before: Audit, after: Audit, found: Sequence[Different]) -> str:
    """Return text for a terminal."""
    lines = [legible(_title(before, after)), legible(_environment(before, after), 1000), ""]
    for one in found:
        lines += [legible(_head(one)), *(f"    {legible(part)}" for part in _parts(one)), ""]
    return "\n".join([*lines, _total(found)]) + "\n"


def _total(found: Sequence[Different]) -> str:
    return f"{len(found)} different" if found else _SAME


def markdown(before: Audit, after: Audit, found: Sequence[Different]) -> str:
    """Return Markdown."""
    lines = [f"# {in_markdown(_title(before, after))}", "", in_markdown(_environment(before, after), 1000)]
    lines += ["", f"{_total(found)}"]
    for one in found:
        lines += ["", f"- **{in_markdown(_head(one))}**", *(f"  - {in_markdown(p)}" for p in _parts(one))]
    return "\n".join(lines) + "\n"


def as_json(before: Audit, after: Audit, found: Sequence[Different]) -> str:
    """Return a JSON object."""
    value: dict[str, Any] = {
        "subject": after["subject"],
        "before": before["column"],
        "after": after["column"],
        "different": [_row(one) for one in found],
    }
    return json.dumps(value, indent=1) + "\n"


def _row(one: Different) -> Mapping[str, Any]:
    return {
        "layers": list(one.layers),
        "about": one.about,
        "claim": one.claim,
        "change": one.change.value,
        "was": one.was,
        "is": one.now,
        "questions": list(one.questions),
        "reason": one.reason,
        "remedies": list(one.remedies),
    }


FORMATS: Mapping[str, Callable[[Audit, Audit, Sequence[Different]], str]] = {
    "terminal": terminal,
    "markdown": markdown,
    "json": as_json,
}
