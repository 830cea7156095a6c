"""A difference between two columns in words: for a terminal, a comment or a program; and upgrades.md."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from conformance.claims import CLAIMS
from conformance.columns.columns import Column
from conformance.legible import in_markdown, legible
from conformance.matrix import comparing
from conformance.matrix.comparing import Change, Difference, Noticed
from conformance.pins.faults import UNREPORTED
from conformance.pins.pins import Pin
from conformance.recipes.standing import Cookbook
from conformance.reporting import remedies
from conformance.reporting.markdown import anchor, code, linked, named, prose
from conformance.results.results import Results

_MOST_NAMES = 3
#: A recipe's id as `remedies.told` has it, and as Markdown has it then.
_NAMED = re.compile(r"\\?\[([a-z0-9-]+/[a-z0-9-]+)\\?\]")
Row = Mapping[str, Any]


def rows(found: Difference, cookbook: Cookbook) -> list[Row]:
    """Return what is noticed as plain values, each with what was, what is, why, and what to write instead."""
    sides = found.before["id"], found.after["id"]
    return [_row(noticed, cookbook, *sides) for noticed in found.noticed]


def _row(noticed: Noticed, cookbook: Cookbook, before: str, after: str) -> Row:
    count, core = len(noticed.cases), noticed.core
    return {
        "claim": noticed.claim,
        "statement": CLAIMS[noticed.claim].statement,
        "change": noticed.change.value,
        "where": _many(count) + _of_them(core, count),
        "was": _counted(noticed.was) + _as_claimed(noticed.change is Change.LOST),
        "is": _counted(noticed.now) + _as_claimed(noticed.change is Change.WON),
        "because": [_because(pin, noticed.claim, cookbook, before, after) for pin in noticed.causes],
        "cases": [legible(case) for case in noticed.cases],
    }


def _because(pin: Pin, claim: str, cookbook: Cookbook, before: str, after: str) -> Row:
    url = "" if pin.url == UNREPORTED else legible(pin.url)
    named = {"remedies": pin.remedies, "no_remedy": pin.no_remedy}
    instead = remedies.row(named, claim, cookbook, before, after)
    return {"pin": legible(pin.id), "reason": legible(pin.reason), "url": url, **instead}


def _many(count: int) -> str:
    return f"{count} case" if count == 1 else f"{count} cases"


def _of_them(core: int, count: int) -> str:
    """Return how many of the cases are core ones, nothing where none is."""
    if not core:
        return ""
    return ", a core one" if count == 1 else f", {core if core < count else 'all'} of them core"


def _counted(words: Mapping[str, int]) -> str:
    return ", ".join(f"{word} ({count})" for word, count in words.items())


def _as_claimed(true: bool) -> str:
    return ", as the claim says" if true else ""


def _causes(told: Iterable[Row]) -> Iterator[Row]:
    return (cause for row in told for cause in row["because"])


def as_json(found: Difference, cookbook: Cookbook) -> str:
    """Return a JSON object."""
    noticed = rows(found, cookbook)
    named = remedies.recipes(_causes(noticed), cookbook)
    value = {
        "before": legible(found.before["id"]),
        "after": legible(found.after["id"]),
        "environment": [{"name": name, "was": was, "is": now} for name, was, now in found.environment],
        "noticed": noticed,
        "recipes": [{"id": recipe.id, "does": recipe.does, "code": recipe.code} for recipe in named],
    }
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def markdown(found: Difference, cookbook: Cookbook) -> str:
    """Return Markdown."""
    title = f"# {named(found.before['id'])} → {named(found.after['id'])}"
    return "\n".join([title, "", *_markdown(found, cookbook, str), *_codes([found], cookbook)]) + "\n"


def _codes(found: Iterable[Difference], cookbook: Cookbook) -> Iterator[str]:
    """Yield the code of every recipe that differences name, each once."""
    causes = [cause for each in found for cause in _causes(rows(each, cookbook))]
    recipes = remedies.recipes(causes, cookbook)
    if recipes:
        yield from (
            "",
            "## What to write",
            "",
            "Each was run, and did what it says in the columns it is named for.",
        )
    for recipe in recipes:
        yield from ("", f"### {recipe.id}", "", "```python", recipe.code.rstrip(), "```")


def _markdown(found: Difference, cookbook: Cookbook, link: Callable[[str], str]) -> Iterator[str]:
    changes = (
        f"{in_markdown(name)} {in_markdown(was)} → {in_markdown(now)}" for name, was, now in found.environment
    )
    yield "Environment: " + (", ".join(changes) or "the same") + "."
    if not found.noticed:
        yield from ("", "Nothing that the cases ask has changed.")
    for number, row in enumerate(rows(found, cookbook), 1):
        yield ""
        yield f"{number}. **{in_markdown(row['statement'])}** {link(row['claim'])}:"
        yield f"   {row['change']} in {row['where']}."
        yield f"   - Was: {in_markdown(row['was'])}."
        yield f"   - Is: {in_markdown(row['is'])}."
        for cause in row["because"]:
            more = f" {linked('Reported', cause['url'])}." if cause["url"] else ""
            yield f"   - {_why(row)}: {prose(cause['reason'])}{more}"
        for line in remedies.told(row["because"], found.before["id"], found.after["id"]):
            yield f"   - Write: {_anchored(in_markdown(line))}"
        yield f"   - Cases: {_named(row['cases'])}"


def _anchored(text: str) -> str:
    """Return a text in which the recipes that it names lead to their code."""
    return _NAMED.sub(lambda m: f"[{m[1]}](#{m[1].replace('/', '')})", text)


def _why(row: Row) -> str:
    """Return what a cause is called: of what is, or of what was."""
    return "It was so because" if row["change"] == Change.WON.value else "Because"


def _named(cases: Sequence[str]) -> str:
    situations = ", ".join(code(case.split("[", 1)[1][:-1]) for case in cases[:_MOST_NAMES])
    more = len(cases) - _MOST_NAMES
    return situations + (f" and {more} more" if more > 0 else "")


def terminal(found: Difference, cookbook: Cookbook) -> str:
    """Return text for a terminal, with colours where there is one."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=False)
    with console.capture() as captured:
        console.print(Text(legible(f"{found.before['id']} → {found.after['id']}"), style="bold"))
        for name, was, now in found.environment:
            console.print(Text(f"  {name} {was} → {now}", style="dim"))
        if not found.noticed:
            console.print("\nNothing that the cases ask has changed.")
        noticed = rows(found, cookbook)
        for number, row in enumerate(noticed, 1):
            console.print()
            console.print(Text(f"{number}. {row['statement']}", style="bold"))
            colour = "green" if row["change"] == Change.WON.value else "red"
            console.print(Text(f"   {row['claim']}: {row['change']} in {row['where']}", style=colour))
            told = Table.grid(padding=(0, 2, 0, 0))
            for label, line in _told(row, found):
                told.add_row(Text(f"   {label}", style="dim"), Text(line))
            console.print(told)
        for line in remedies.code(remedies.recipes(_causes(noticed), cookbook)):
            console.print(Text(line), soft_wrap=True)
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def _told(row: Row, found: Difference) -> Iterator[tuple[str, str]]:
    yield "was", row["was"]
    yield "is", row["is"]
    for cause in row["because"]:
        yield _why(row).lower(), f"{cause['reason']} {cause['url']}".rstrip()
    lines = remedies.told(row["because"], found.before["id"], found.after["id"])
    yield from (("write", line) for line in lines)
    yield "cases", _named(row["cases"]).replace("`", "")


FORMATS: Mapping[str, Callable[[Difference, Cookbook], str]] = {
    "terminal": terminal,
    "markdown": markdown,
    "json": as_json,
}


def neighbours(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Return the pairs of columns that an upgrade leads from and to: neighbours in their lineage.

    Two lineages begin where another is left: tf_keras after Keras 2's last release, and Keras 3's
    releases go on with the one that TensorFlow 2.16 installs by itself.
    """
    lineages: dict[str, list[str]] = {}
    for column in columns:
        lineages.setdefault(column.lineage, []).append(column.id)
    keras2 = [column.id for column in columns if column.flavour == "keras2"]
    keras3 = [c.id for c in columns if c.flavour == "keras3" and c.lineage == "tensorflow"]
    lineages["tf_keras"] = keras2[-1:] + lineages.get("tf_keras", [])
    lineages["keras"] = lineages.get("keras", []) + keras3[:1]
    return [pair for those in lineages.values() for pair in itertools.pairwise(those)]


def upgrades(
    columns: Sequence[Column], measured: Mapping[str, Results], pins: Sequence[Pin], cookbook: Cookbook
) -> str:
    """Return reports/upgrades.md: every pair of neighbours that the same cases measured.

    While columns are measured anew, some pairs are of different suites: they are named, not compared.
    """
    usable = {i: r for i, r in measured.items() if r["valid"]}
    pairs = [pair for pair in neighbours(columns) if set(pair) <= set(usable)]
    alike = [(a, b) for a, b in pairs if usable[a]["suite"]["digest"] == usable[b]["suite"]["digest"]]
    found = [comparing.difference(usable[a], usable[b], pins) for a, b in alike]
    apart = [pair for pair in pairs if pair not in alike]
    return "\n".join([*_head(found, apart), *_body(found, cookbook), *_codes(found, cookbook)]) + "\n"


def _head(found: Sequence[Difference], apart: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield "# Upgrades: what a user notices, release by release"
    yield ""
    yield "Each pair of neighbours, most consequential first. For others: `python -m conformance diff A B`."
    yield "Only what a case asks is compared, and only on a CPU."
    yield ""
    if apart:
        pairs = ", ".join(f"{named(a)} to {named(b)}" for a, b in apart)
        yield from (f"Measured by different suites, and not compared: {pairs}. Run `make matrix`.", "")
    if not found:
        yield "No two neighbours have valid results of one suite: run `make matrix`."
        return
    yield "| from | to | claims with core cases that changed | with edges only |"
    yield "|---|---|--:|--:|"
    for each in found:
        core = {n.claim for n in each.noticed if n.core}
        edge = {n.claim for n in each.noticed} - core
        a, b = each.before["id"], each.after["id"]
        yield f"| {named(a)} | [{named(b)}](#{_anchor(a, b)}) | {len(core)} | {len(edge)} |"


def _body(found: Sequence[Difference], cookbook: Cookbook) -> Iterator[str]:
    for each in found:
        yield ""
        yield f"## {named(each.before['id'])} to {named(each.after['id'])}"
        yield ""
        yield from _markdown(each, cookbook, lambda claim: f"([{claim}](matrix.md#{anchor(claim)}))")


def _anchor(before: str, after: str) -> str:
    """Return the anchor of a pair's heading on common hosts of Markdown."""
    return "".join(c for c in f"{before}-to-{after}" if c.isalnum() or c in "-_")
