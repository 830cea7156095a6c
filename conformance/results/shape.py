"""What a table that was read must look like: which keys it has, and of what kind each value is.

One way to say so for every format that this project reads. The first thing that is wrong is told in a few
words: where, what stands there, and what should.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from types import MappingProxyType
from typing import Any, Callable, Iterable, Iterator, List, Mapping, NamedTuple, Optional

from conformance.claims import FLAVOURS
from conformance.legible import legible


class Kind(NamedTuple):
    """What a value is to be, as one says it, and the question whether it is.

    Of a list or a table whose parts are of one kind too, that kind is `part`.
    """

    wanted: str
    fits: Callable[[Any], bool]
    part: Optional[Kind] = None


Kinds = Mapping[str, Kind]
_NONE: Kinds = MappingProxyType({})
#: What can name a file in any folder, and stand in any format without being taken for more than a name.
PLAIN = r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}"
_NAME = re.compile(PLAIN + r"\Z")
_LARGEST = 1.7976931348623157e308
_CONTAINERS: Mapping[Any, str] = {list: "a list of ", dict: "a table of "}


def is_name(value: Any) -> bool:
    """Return whether a value is a plain name."""
    return type(value) is str and bool(_NAME.match(value))


def is_text(value: Any) -> bool:
    """Return whether a value is a text with something in it."""
    return type(value) is str and value != ""


def is_number(value: Any) -> bool:
    """Return whether a value is a number that can be measured: no truth value, and not without end."""
    return type(value) in (int, float) and -_LARGEST <= value <= _LARGEST


def is_count(value: Any) -> bool:
    """Return whether a value is a whole number from 0, written as one."""
    return type(value) is int and 0 <= value <= _LARGEST


def is_truth(value: Any) -> bool:
    """Return whether a value is true or false."""
    return value is True or value is False


def is_list(value: Any, of: Callable[[Any], bool]) -> bool:
    """Return whether a value is a list of values of one kind."""
    return type(value) is list and all(map(of, value))


def is_some_texts(value: Any) -> bool:
    """Return whether a value is a list of texts with something in it, and nothing twice."""
    return is_list(value, is_text) and value != [] and not twice(value)


def is_table(value: Any, of: Callable[[Any], bool], keys: Callable[[Any], bool] = is_text) -> bool:
    """Return whether a value is a table of values of one kind."""
    return type(value) is dict and all(map(keys, value)) and all(map(of, value.values()))


def pattern(wanted: str, regex: str) -> Kind:
    """Return the kind of texts that an expression matches from end to end."""
    compiled = re.compile(f"(?:{regex})\\Z")
    return Kind(wanted, lambda value: type(value) is str and bool(compiled.match(value)))


def list_of(part: Kind, wanted: str) -> Kind:
    """Return the kind of lists of values of one kind."""
    return Kind(f"a list of {wanted}", lambda value: is_list(value, part.fits), part)


def table_of(part: Kind, wanted: str, keys: Callable[[Any], bool] = is_text) -> Kind:
    """Return the kind of tables of values of one kind, under keys of one kind."""
    return Kind(f"a table of {wanted}", lambda value: is_table(value, part.fits, keys), part)


def exactly(number: int) -> Kind:
    """Return the kind of one number."""
    return Kind(str(number), lambda value: is_number(value) and value == number)


NAME = Kind("a plain name", is_name)
TEXT = Kind("a text", is_text)
TEXT_OR_NULL = Kind("a text or null", lambda value: value is None or is_text(value))
TEXTS = list_of(TEXT, "texts")
SOME_TEXTS = Kind("a list of texts, each once", is_some_texts, TEXT)
LIST = Kind("a list", lambda value: type(value) is list)
TABLE = Kind("a table", lambda value: type(value) is dict)
TABLE_OF_TEXTS = table_of(TEXT, "texts")
NUMBER = Kind("a number", is_number)
NUMBER_OR_NULL = Kind("a number or null", lambda value: value is None or is_number(value))
COUNT = Kind("a whole number", is_count)
PLACE = Kind("a whole number from 1 to 999999", lambda value: is_count(value) and 1 <= value < 10**6)
TRUTH = Kind("true or false", is_truth)
FLAVOUR = Kind(f"one of {', '.join(FLAVOURS)}", lambda value: type(value) is str and value in FLAVOURS)


def faults(where: str, table: Any, required: Kinds, optional: Kinds = _NONE) -> Iterator[str]:
    """Yield what is wrong with a table that stands somewhere, `""` being the top of its file."""
    if type(table) is not dict:
        yield f"{where or 'it'} is {shown(table)}, not a table"
        return
    found = 0
    for key, value in table.items():
        kind = required.get(key)
        if kind is not None:
            found += 1
        else:
            kind = optional.get(key)
        if kind is None:
            yield f"{_in(where)}unknown key {shown(key)}"
        elif not kind.fits(value):
            yield f"{_in(where)}{key}{_not(kind, value)}"
    if found < len(required):
        yield f"{_in(where)}lacks {', '.join(key for key in required if key not in table)}"


def _not(kind: Kind, value: Any) -> str:
    """Return what stands in place of what should: in a list or a table, where only a part is wrong, there."""
    begins = _CONTAINERS.get(type(value))
    if kind.part and begins and kind.wanted.startswith(begins):
        for name, each in value.items() if type(value) is dict else enumerate(value, 1):
            if not kind.part.fits(each):
                return f": {shown(name)}{_not(kind.part, each)}"
    return f" is {shown(value)}, not {kind.wanted}"


def _in(where: str) -> str:
    return where and f"{where}: "


def shown(value: Any) -> str:
    """Return a value as one can name it in a line: a short one as it is written, a long one in part."""
    if isinstance(value, (dict, list)):
        kind = "table" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return legible(repr(value), 60)


def twice(keys: Iterable[Any]) -> List[Any]:
    """Return what stands more than once among some keys."""
    counts = Counter(keys)
    return [key for key, count in counts.items() if count > 1]
