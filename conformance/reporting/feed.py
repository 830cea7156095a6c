"""What moved, as an Atom feed: reports/feed.xml. A pure function of the changes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from conformance.claims import CLAIMS
from conformance.legible import legible
from conformance.reporting.movement import Entry

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 50
_TITLE = "Training mode and inference mode in TensorFlow: what moved"


def feed(entries: Sequence[Entry]) -> str:
    """Return an Atom feed of the newest entries, the newest first."""
    newest = list(reversed(entries))[:_MOST]
    root = Element("feed", {"xmlns": _ATOM})
    _text(root, "title", _TITLE)
    _text(root, "id", _urn("feed"))
    _text(root, "updated", _moment(newest[0]["date"] if newest else "1970-01-01"))
    SubElement(SubElement(root, "author"), "name").text = "tf-training-mode-conformance"
    SubElement(root, "link", {"rel": "self", "href": "feed.xml"})
    SubElement(root, "link", {"href": "index.html"})
    for entry in newest:
        _entry(root, entry)
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _entry(root: Element, entry: Entry) -> None:
    found = SubElement(root, "entry")
    _text(found, "title", _title(entry))
    _text(found, "id", _urn(json.dumps(entry, sort_keys=True)))
    _text(found, "updated", _moment(entry["date"]))
    claim = entry["moved"][0]["claim"] if entry["moved"] else ""
    place = f"#{quote(claim)}@{quote(entry['column'])}" if claim else ""
    SubElement(found, "link", {"href": f"index.html{place}"})
    _text(found, "content", "\n".join(_lines(entry)))


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _urn(text: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tf-training-mode-conformance {text}").urn


def _moment(date: str) -> str:
    return f"{date}T00:00:00Z"


def _title(entry: Entry) -> str:
    count = sum(row["count"] for row in entry["moved"])
    counted = f"{count} case{'' if count == 1 else 's'}"
    if entry["beside"]:
        return f"{entry['column']} is new: {counted} differ from {entry['beside']}"
    return f"{entry['column']}: {counted} moved" if entry["moved"] else f"{entry['column']} is new"


def _lines(entry: Entry) -> Iterator[str]:
    yield f"TensorFlow {entry['tensorflow']}, Keras {entry['keras']}."
    if not entry["same_cases"] and not entry["beside"]:
        yield "The cases changed since, too: what moved may be theirs, and not TensorFlow's."
    for row in entry["moved"]:
        core = f", {row['core']} core" if row["core"] else ""
        yield f"{CLAIMS[row['claim']].statement if row['claim'] in CLAIMS else row['claim']}"
        was, now = (legible(", ".join(row[side])) for side in ("was", "is"))
        yield f"  {row['claim']} {row['change']} in {row['count']} of its cases{core}: {was} -> {now}"
