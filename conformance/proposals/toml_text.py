"""The text of a pins file after a change of its pins: what did not change stays as it is, byte for byte.

The text is cut where a pin begins. Only the pieces of pins that changed go through tomlkit, which keeps
the comments inside them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, takewhile
from types import MappingProxyType
from typing import Any

import tomlkit
from tomlkit.items import Array, Table

from conformance.pins import pins
from conformance.pins.pins import Pin, PinsError

_BEGINS = re.compile(r"\[\[\s*pin\s*\]\]")
#: The line that says so, up to its value, and the value.
_SUITE = re.compile(r"""(\s*suite\s*=\s*)(?:"[^"]*"|'[^']*')""")
_TEXTS = ("id", "reason", "url", "reproduction", "no_remedy")


@dataclasses.dataclass(frozen=True)
class _Piece:
    """One pin's lines: what stands between it and the pin before, comments right above it, and itself."""

    gap: str
    above: str
    body: str


def rewritten(
    text: str,
    known: Sequence[Pin],
    wanted: Sequence[Pin],
    name: str,
    became: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Return the text with the wanted pins in place of the `known` ones, which it has.

    Comments and order are kept; a comment right above a pin goes with it, and one beside a case with what
    it `became`. Raises PinsError where the pins that come out have a fault, or the text is written in a
    way that cannot be changed so.
    """
    pieces, tail = _pieces(text)
    if len(pieces) != len(known):
        raise PinsError(f"{name}: cannot be changed by a program: let each pin begin with a line [[pin]]")
    had = dict(zip((pin.id for pin in known), zip(known, pieces, strict=True), strict=True))
    joined = _joined(had, wanted, became)
    changed = (joined + tail if pieces else tail + joined).strip("\n") + "\n"
    if pins.parsed(changed, name, own=True) != list(wanted):
        raise PinsError(f"{name}: cannot be changed by a program without loss: change it by hand")
    return changed


def made_with(text: str, suite: str, name: str) -> str:
    """Return the text with the version of the suite that its pins are of, on a line above them.

    Raises PinsError where the text is written in a way that cannot be changed so.
    """
    lines = text.splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if line.startswith("[")), len(lines))
    said = next((number for number in range(first) if _SUITE.match(lines[number])), None)
    if said is not None:
        lines[said] = _SUITE.sub(rf'\g<1>"{suite}"', lines[said])
        changed = "".join(lines)
    else:
        head, above = _split(lines[:first]) if first < len(lines) else (text, "")
        head = head.rstrip("\n") + "\n\n" if head.strip() else ""
        rest = above + "".join(lines[first:])
        changed = f'{head}suite = "{suite}"\n' + (f"\n{rest}" if rest else "")
    try:
        if pins.parsed(changed, name, own=True).suite == suite:
            return changed
    except PinsError:
        pass
    raise PinsError(f'{name}: cannot be changed by a program: write suite = "{suite}" at its top')


def _joined(
    known: Mapping[str, tuple[Pin, _Piece]], wanted: Sequence[Pin], became: Mapping[str, Sequence[str]]
) -> str:
    """Return the pieces of the wanted pins, and what comments stood above those that are gone."""
    written = {pin.id: pin for pin in wanted}
    behind: dict[str, str] = {}
    last = ""
    for pin in wanted:
        if pin.id in known:
            last = pin.id
        else:
            behind[last] = behind.get(last, "") + "\n" + _new(pin)
    text = ""
    for name, (old, piece) in known.items():
        if name in written:
            body = piece.body if written[name] == old else _edited(piece.body, old, written[name], became)
            text += piece.gap + piece.above + body + behind.get(name, "")
        elif piece.gap.strip():
            text += piece.gap.rstrip("\n") + "\n"
    return text + behind.get("", "")


def _pieces(text: str) -> tuple[list[_Piece], str]:
    """Return the pieces of all pins, and what stands behind the last of them."""
    lines = text.splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if _BEGINS.match(line)]
    gap, above = _split(lines[: begins[0]] if begins else lines)
    pieces = []
    for begin, end in pairwise([*begins, len(lines)]):
        ends = max(n for n in range(begin, end) if not _is_around(lines[n])) + 1
        pieces.append(_Piece(gap, above, "".join(lines[begin:ends])))
        gap, above = _split(lines[ends:end])
    return pieces, gap + above


def _is_around(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _split(lines: Sequence[str]) -> tuple[str, str]:
    """Return lines without, and then only, the comments at their end that no empty line follows."""
    count = len(list(takewhile(lambda line: line.startswith("#"), reversed(lines))))
    return "".join(lines[: len(lines) - count]), "".join(lines[len(lines) - count :])


def _new(pin: Pin) -> str:
    table = tomlkit.table()
    for key in _TEXTS:
        if getattr(pin, key):
            table[key] = getattr(pin, key)
    if pin.remedies:
        table["remedies"] = list(pin.remedies)
    table["where"] = _places(pin.where)
    table.add(tomlkit.nl())
    table["observed"] = observed = tomlkit.table()
    for word, globs in pin.observed.items():
        observed[word] = _lines(globs)
    document = tomlkit.document()
    document["pin"] = rows = tomlkit.aot()
    rows.append(table)
    return tomlkit.dumps(document).strip("\n") + "\n"


def _edited(body: str, old: Pin, new: Pin, became: Mapping[str, Sequence[str]]) -> str:
    """Return a pin's own lines with other places, or other cases, or both."""
    document = tomlkit.parse(body)
    table: Any = document["pin"][0]  # type: ignore[index]
    if new.where != old.where:
        table["where"] = _places(new.where)
    observed = table["observed"]
    for word in old.observed:
        if word not in new.observed:
            del observed[word]
    for word, globs in new.observed.items():
        if word in observed:
            _change(observed, word, globs, became)
        else:
            observed[word] = _lines(globs)
    return tomlkit.dumps(document).strip("\n") + "\n"


def _change(observed: Table, word: str, globs: Sequence[str], became: Mapping[str, Sequence[str]]) -> None:
    """Make a list of cases these, and keep the comments beside those that stay, if by another name."""
    listed: Any = observed[word]
    for number, glob in enumerate(list(listed)):
        new = became.get(glob, [])
        if len(new) == 1 and new[0] in globs and new[0] not in listed:
            listed[number] = new[0]
    for number, glob in enumerate(globs):
        if glob not in listed:
            listed.insert(listed.index(globs[number - 1]) + 1 if number else 0, glob)
    for glob in [glob for glob in listed if glob not in globs]:
        listed.remove(glob)
    if list(listed) != list(globs):  # somebody had them in another order
        observed[word] = _lines(globs)


def _places(where: Sequence[Mapping[str, Any]]) -> Array:
    found = tomlkit.array()
    for place in where:
        table = tomlkit.inline_table()
        table.update(place)
        found.append(table)
    return found


def _lines(globs: Sequence[str]) -> Array:
    found = tomlkit.array()
    found.extend(globs)
    return found.multiline(True)
