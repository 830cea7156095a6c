"""From results to pins: the fewest that say what deviates where, with the widest ranges that are justified.

Pure functions. A range never spans a column that was measured otherwise; it is open towards releases
that nobody has measured yet only where the last one measured deviates.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from packaging.version import Version

from conformance.verdicts import is_canary
from conformance.words import Outcome

#: What orders the columns of a flavour: whose release decides.
_DECIDES = {"tf1": "tensorflow", "keras2": "tensorflow", "tf_keras": "tensorflow", "keras3": "keras"}


@dataclasses.dataclass(frozen=True)
class Proposal:
    """Cases that deviate in the same columns: the columns, and the cases by the word that they record."""

    columns: tuple[str, ...]
    observed: Mapping[str, tuple[str, ...]]


def proposals(results: Sequence[Mapping[str, Any]], pinned: Any = None) -> list[Proposal]:
    """Return what deviates in results, grouped by where; `pinned(case, column)` tells what to leave out."""
    seen: dict[tuple[str, str], list[str]] = {}
    for found in results:
        column = found["column"]
        for case, record in found["cases"].items():
            deviates = record["outcome"] == Outcome.DEVIATES.value and not is_canary(case)
            if deviates and not (pinned and pinned(case, column)):
                seen.setdefault((case, record["observed"]), []).append(column["id"])
    grouped: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for (case, word), columns in sorted(seen.items()):
        grouped.setdefault(tuple(columns), {}).setdefault(word, []).append(case)
    known = sorted({case for found in results for case in found["cases"]})
    return [
        Proposal(columns, {word: tuple(globs(cases, known)) for word, cases in sorted(words.items())})
        for columns, words in grouped.items()
    ]


def globs(cases: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the fewest ids and globs that match exactly `cases` among the `known` ones."""
    wanted = set(cases)
    tree: dict[str, Any] = {}
    for case in known:
        node = tree
        for part in _parts(case):
            node = node.setdefault(part, {})
    return list(_globs("", tree, wanted))


def _parts(case: str) -> list[str]:
    """Return a case id cut where a glob may end: behind the claim's bracket, and behind each dash."""
    claim, _, situation = case.partition("[")
    tokens = situation.split("-")
    return [claim + "[", *(token + "-" for token in tokens[:-1]), tokens[-1]]


def _globs(prefix: str, node: Mapping[str, Any], wanted: set[str]) -> Iterable[str]:
    for part, below in node.items():
        text = prefix + part
        if not below:
            yield from [text] if text in wanted else []
            continue
        leaves = list(_leaves(text, below))
        if len(leaves) > 1 and all(leaf in wanted for leaf in leaves):
            yield text + "*" + ("]" if text.endswith("[") else "")
        else:
            yield from _globs(text, below, wanted)


def _leaves(prefix: str, node: Mapping[str, Any]) -> Iterable[str]:
    if not node:
        yield prefix
    for part, below in node.items():
        yield from _leaves(prefix + part, below)


def where(columns: Iterable[str], measured: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the places that hold exactly these of the measured columns, as a pin writes them."""
    wanted, found = set(columns), []
    for flavour, key in _DECIDES.items():
        row = sorted((c for c in measured if c["flavour"] == flavour), key=lambda c: Version(c[key]))
        if any(c["id"] in wanted for c in row):
            found.append(_place(flavour, key, row, wanted))
    return found


def _place(flavour: str, key: str, row: Sequence[Mapping[str, Any]], wanted: set[str]) -> dict[str, Any]:
    versions = list(dict.fromkeys(c[key] for c in row))
    inside = [v for v in versions if all(c["id"] in wanted for c in row if c[key] == v)]
    split = any(c["id"] in wanted and c[key] not in inside for c in row)
    if split:  # one release of Keras, which says different things on different releases of TensorFlow
        return {"columns": [c["id"] for c in row if c["id"] in wanted]}
    if inside == versions:
        return {"flavour": flavour}
    return {"flavour": flavour, key: "|".join(_ranges(versions, set(inside)))}


def _ranges(versions: Sequence[str], inside: set[str]) -> Iterable[str]:
    runs: list[list[str]] = []
    for number, version in enumerate(versions):
        if version in inside:
            if number and versions[number - 1] in inside:
                runs[-1].append(version)
            else:
                runs.append([version])
    for run in runs:
        parts = [] if run[0] == versions[0] else [">=" + _floor(run[0])]
        parts += [] if run[-1] == versions[-1] else ["<=" + run[-1]]
        yield ",".join(parts)


def _floor(version: str) -> str:
    """Return a version, of a nightly the first: the next night's is no other release."""
    found = Version(version)
    return f"{found.base_version}.dev0" if found.is_devrelease else version
