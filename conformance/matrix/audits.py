"""Two audits of one model compared: what is different for this model, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.exits import Exit
from conformance.matrix import comparing
from conformance.matrix.comparing import Change
from conformance.words import UNKNOWN, Outcome

Audit = Mapping[str, Any]
Finding = Mapping[str, Any]
#: What was asked: a layer, what about it, and in which question.
_Key = tuple[str, str, str]
_ABSENT = {"outcome": Outcome.NOT_APPLICABLE.value, "word": "", "alarm": "", "reason": "it is not there"}
_WORSE = (Change.LOST, Change.OTHERWISE, Change.APPEARED)
_QUIET = (Change.GONE, Change.UNANSWERED)


@dataclasses.dataclass(frozen=True)
class Different:
    """What became of one thing, in all layers and questions in which the same became of it.

    `remedies` are what to write instead, as it holds after.
    """

    about: str
    claim: str
    change: Change
    was: str
    now: str
    reason: str
    remedies: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def difference(before: Audit, after: Audit) -> list[Different]:
    """Return what is different between two audits of one model, most consequential first."""
    older = _renamed(before, after)
    found = [*_of_questions(older, after["findings"]), *_of_layers(older, after["findings"])]
    return sorted(_together(_together(found, "questions"), "layers"), key=_rank)


def _together(found: Iterable[Different], what: str) -> list[Different]:
    """Return what differs in nothing but its questions, or layers, as one."""
    none: dict[str, Any] = {what: ()}
    grouped: dict[Different, dict[str, Any]] = {}
    for one in found:
        grouped.setdefault(dataclasses.replace(one, **none), {}).update(dict.fromkeys(getattr(one, what)))
    return [dataclasses.replace(one, **{**none, what: tuple(each)}) for one, each in grouped.items()]


def exit_code(found: Iterable[Different]) -> Exit:
    """Return the code: something is worse after, or something has no answer, or neither."""
    changes = {one.change for one in found}
    if changes & set(_WORSE):
        return Exit.DEVIATES
    return Exit.NOT_MEASURED if Change.UNANSWERED in changes else Exit.MEASURED


def _renamed(before: Audit, after: Audit) -> list[Finding]:
    """Return the findings before, with the names that layers have after: Keras counts and names otherwise.

    Layers are told in one order. Those without a namesake are each other's, if they are as many.
    """
    left = [name for name in before["layers"] if name not in after["layers"]]
    right = [name for name in after["layers"] if name not in before["layers"]]
    names = dict(zip(left, right, strict=True)) if len(left) == len(right) else {}
    return [{**one, "layer": names.get(one["layer"], one["layer"])} for one in before["findings"]]


def _of_questions(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[Different]:
    """Return questions that have an answer in one of both only: in a line, whatever there is in the model."""
    was, now = ({one["asked"]: one for one in side if not one["layer"]} for side in (before, after))
    for name in {**was, **now}:
        old, new = was.get(name), now.get(name)
        if old and new and old["outcome"] == new["outcome"]:
            continue
        one = new or old or {}
        unknown = any(each and Outcome(each["outcome"]) in UNKNOWN for each in (old, new))
        change = Change.UNANSWERED if unknown else Change.GONE
        if change is Change.UNANSWERED or not old:
            first, second = ("no answer" if each else "asked" for each in (old, new))
            reason = one.get("reason", "")
            yield Different("", "", change, first, second, reason, (), (name,), (name,))


def _of_layers(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[Different]:
    """Return what is different in a layer, of the questions that have an answer in both."""
    without = {one["asked"] for side in (before, after) for one in side if not one["layer"]}
    was, now = (
        {_key(one): one for one in side if one["asked"] not in without and one["layer"]}
        for side in (before, after)
    )
    for key in dict.fromkeys([*now, *was]):
        old, new = was.get(key, _ABSENT), now.get(key, _ABSENT)
        change = comparing.change(*({**each, "observed": each["word"]} for each in (old, new)))
        if change:
            layer, about, question = key
            claim = now.get(key, {}).get("claim") or was.get(key, {}).get("claim", "")
            reason = old["reason"] if change is Change.WON else new["reason"]
            remedies = tuple(new.get("remedies", ()))
            said = _said(old), _said(new)
            yield Different(about, claim, change, *said, reason, remedies, (layer,), (question,))


def _key(one: Finding) -> _Key:
    return one["layer"], one["about"], one["question"]


def _said(one: Finding) -> str:
    """Return what was seen, and whether that is as claimed."""
    if not one["word"]:
        return str(one["outcome"]).replace("-", " ")
    alarm = f"{one['alarm']}: " if one["alarm"] else ""
    as_claimed = ", as the claim says" if one["outcome"] == Outcome.HOLDS.value else ""
    return f"{alarm}{one['word']}{as_claimed}"


def _rank(one: Different) -> Any:
    """Return where it stands: what says something before what says nothing, then by kind and claim."""
    claims = comparing.CONSEQUENCE
    place = claims.index(one.claim) if one.claim in claims else len(claims)
    return one.change in _QUIET, list(Change).index(one.change), place
