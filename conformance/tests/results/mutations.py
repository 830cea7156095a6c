"""Files that are nearly what they should be: a good one of a format, broken in one to three ways."""

import copy
import json
import os

from hypothesis import event, settings
from hypothesis import strategies as st

from conformance.columns.columns import ColumnError
from conformance.exits import Exit
from conformance.results.results import ResultsError

#: How many files of each format are tried; more of them, to look longer: EXAMPLES=20000 pytest ...
EXAMPLES = int(os.environ.get("EXAMPLES", "400"))
#: The same files each time: whether a change is good is not left to chance.
FUZZED = settings(derandomize=True, deadline=None, max_examples=EXAMPLES)

_DEEP = "x"
for _ in range(60):
    _DEEP = [_DEEP]
#: What may stand in place of any value.
VALUES = [
    *(
        None,
        True,
        False,
        0,
        1,
        2,
        -1,
        7,
        1.0,
        2.0,
        1e-300,
        1e308,
        float("nan"),
        float("inf"),
        10**30,
        10**400,
    ),
    *(
        "",
        " ",
        "x",
        "no",
        "true",
        "null",
        "1",
        "2.16",
        "2.5.0-tf",
        "1.0+",
        "newest",
        "\n",
        "x\n",
        "\ud800",
        "\0",
    ),
    *(
        "::error::x",
        "\x1b[31m",
        "\u202e",
        "../x",
        "/etc/x",
        "a/b[c]",
        "canary/x[y]",
        "dropout/ignores-trainable[z]",
    ),
    *("holds", "deviates", "not-applicable", "crashed", "drops", "keras3", "tf1", "tf2.9", "x" * 3000),
    *(
        [],
        [1],
        ["x"],
        ["tf2.9"],
        [[]],
        {},
        {"x": 1},
        {"x": "y"},
        {"id": "x"},
        {"": ""},
        {"a": {"b": [None]}},
        _DEEP,
    ),
]


def places(value, here=()):
    """Yield the place of every value within a value, each a way through keys and numbers."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inside:
        yield (*here, key)
        yield from places(each, (*here, key))


@st.composite
def broken(draw, good):
    """Return a good value in which something is gone, added, moved or of another kind."""
    value = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(value))
        if not found:
            return value
        *way, key = draw(st.sampled_from(found))
        parent = value
        for step in way:
            parent = parent[step]
        _break(draw, parent, key, copy.deepcopy(draw(st.sampled_from(VALUES))))
    return value


def _break(draw, parent, key, value):
    how = draw(st.sampled_from(["drop", "alike", "alike", "other", "other", "wrap", "add", "rename", "swap"]))
    if how == "drop":
        del parent[key]
    elif how == "alike":
        same = [each for each in VALUES if type(each) is type(parent[key])]
        parent[key] = copy.deepcopy(draw(st.sampled_from(same)))
    elif how == "other":
        parent[key] = value
    elif how == "wrap":
        parent[key] = [parent[key]]
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]) if how == "swap" else value)
    elif how == "add":
        parent[str(value)[:50]] = value
    elif how == "rename":
        parent[str(value)[:50]] = parent.pop(key)
    else:
        other = draw(st.sampled_from(list(parent)))
        parent[key], parent[other] = parent[other], parent[key]


@st.composite
def damaged(draw, data):
    """Return the bytes of a file of which some are lost, others, doubled, or of another encoding."""
    how = draw(st.sampled_from(["cut", "byte", "double", "utf-16", "bom", "lines"]))
    at = draw(st.integers(0, len(data)))
    if how == "cut":
        return data[:at]
    if how == "byte":
        return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + draw(st.integers(0, 3)) :]
    if how == "double":
        end = draw(st.integers(at, len(data)))
        return data[:end] + data[at:]
    if how == "lines":
        lines = data.splitlines(keepends=True)
        line = lines[draw(st.integers(0, len(lines) - 1))]
        return b"".join(each * (2 if each is line else 1) for each in lines)
    return data.decode().encode("utf-16") if how == "utf-16" else b"\xef\xbb\xbf" + data


def files(good, dumped=lambda value: json.dumps(value, indent=1)):
    """Return a strategy for the bytes of files that are nearly a good one."""
    written = broken(good).map(lambda value: dumped(value).encode("utf-8", "surrogatepass"))
    return st.one_of(written, written, damaged(dumped(good).encode()))


def check_refusal(error, path, codes=(Exit.BAD_INPUT,)):
    """See to it that an error is one that a user can do something with; it is about a path, if any."""
    assert error.exit_code in codes
    assert path is None or str(error).startswith(f"{path}: ")
    assert len(str(error).splitlines()) == 1
    assert len(str(error)) <= 1000


def read_or_refused(read, path, data):
    """Return what a file of these bytes is read as; None where it is refused as it should be."""
    path.write_bytes(data)
    try:
        found = read(path)
    except (ColumnError, ResultsError) as error:
        event("refused")
        check_refusal(error, path)
        return None
    event("accepted")
    return found
