"""What a pin's remedies come to between two columns, in words and as plain values.

Only what is known to hold is named; the code of each recipe is told once, behind all that names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.legible import legible
from conformance.recipes.goals import Recipe
from conformance.recipes.standing import Advised, Cookbook

Row = Mapping[str, Any]
_NOWHERE = "no way is known to hold"


def row(pin: Row, claim: str, cookbook: Cookbook, before: str, after: str) -> Row:
    """Return a pin's remedies for a claim between two columns, and the reason where it has none."""
    named, no_remedy = pin.get("remedies", ()), pin.get("no_remedy", "")
    each = cookbook.advised(named, claim, before, after)
    return {"remedies": [_row(one) for one in each], "no_remedy": legible(no_remedy)}


def _row(one: Advised) -> Row:
    sides = {"before": one.before and one.before.id, "after": one.after and one.after.id}
    both = one.both and one.both.id
    return {"goal": one.goal.id, "wants": one.goal.wants, **sides, "both": both, "does": _does(one)}


def _does(one: Advised) -> Mapping[str, str]:
    return {recipe.id: recipe.does for recipe in (one.before, one.after) if recipe}


def told(causes: Sequence[Row], before: str, after: str) -> list[str]:
    """Return what to write for causes: a sentence for each goal, each once, and why there is nothing."""
    return list(dict.fromkeys(line for cause in causes for line in _told(cause, before, after)))


def _told(cause: Row, before: str, after: str) -> Iterator[str]:
    if cause["no_remedy"]:
        yield f"Nothing: {cause['no_remedy']}"
    elif not cause["remedies"]:
        yield f"Nothing: {_NOWHERE} in {_named(before, after)}."
    for each in cause["remedies"]:
        yield f"{each['wants']} {_sides(each, before, after)}"


def _named(before: str, after: str) -> str:
    names = [legible(name) for name in dict.fromkeys((before, after))]
    return " or ".join(names)


def _sides(each: Row, before: str, after: str) -> str:
    """Return what to do where: once for both columns, or for each of them."""
    if each["both"]:
        where = f"In {legible(before)}" if before == after else "On both sides"
        return f"{where}: {each['does'][each['both']]} [{each['both']}]"
    parts = []
    for name, recipe in ((before, each["before"]), (after, each["after"])):
        does = f"{each['does'][recipe]} [{recipe}]" if recipe else f"{_NOWHERE}."
        parts.append(f"In {legible(name)}: {does}")
    return " ".join(parts)


def recipes(causes: Iterable[Row], cookbook: Cookbook) -> list[Recipe]:
    """Return the recipes that causes name, each once, in the order of the registry."""
    named = {name for cause in causes for each in cause["remedies"] for name in each["does"]}
    return [recipe for goal in cookbook.goals for recipe in goal.recipes if recipe.id in named]


def code(found: Sequence[Recipe]) -> Iterator[str]:
    """Yield recipes as they are to be copied, each under its id."""
    for recipe in found:
        yield from ("", f"# {recipe.id}", recipe.code.rstrip())
