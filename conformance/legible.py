"""Text that came from outside, fit to be shown: an exception's message may hold anything.

What makes a text lie about itself (control characters, and those that turn the direction of writing) or
command whoever shows it (a log of GitHub's acts on a line such as `::error::`, and on `##[error]` anywhere)
is spelled out, and what is too long is cut. Each format still escapes what it takes for its own.
"""

from __future__ import annotations

import html
import re
import unicodedata

#: Longer than any message that a case records, and short enough to be read.
MOST = 400
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
#: https://docs.github.com/actions/reference/workflow-commands-for-github-actions, and the older form, which
#: its runner still knows, as Azure's does. A text that is wrapped can begin a line anywhere.
_COMMAND = re.compile(r":(?=:[\w-]+(?: .*)?::)|#(?=#\w*\[)")
#: What makes a heading, a rule or a list of a line of Markdown that it begins.
_START = re.compile(r"\A(\d*)(?=[.)](?: |\Z)|(?<!\d)[#+=-])")


def legible(text: str, most: int = MOST) -> str:
    """Return a text in one line of at most `most` characters that can be seen, and do nothing."""
    line = " ".join(text[: 2 * most].split())
    seen = "".join(_spelled(c) if _is_hidden(c) else c for c in line)
    seen = _COMMAND.sub(lambda found: _spelled(found.group()), seen)
    return seen if len(seen) <= most and len(text) <= 2 * most else seen[: most - 1] + "…"


def lines(text: str, most: int = 1000) -> str:
    """Return a text of several lines, each of which is made legible by itself."""
    return "\n".join(legible(line, most) for line in text.split("\n"))


def in_markdown(text: str, most: int = MOST) -> str:
    """Return text in one line that no Markdown table or HTML takes for its own, wherever it stands."""
    return inert_start(unmarked(legible(text, most)))


def unmarked(text: str) -> str:
    """Return legible text in which no sign marks anything up, inside a line of Markdown."""
    return re.sub(r"([\\`|<>*_\[\]&~$])", r"\\\1", text)


def inert_start(line: str) -> str:
    """Return a line of Markdown that is no heading, rule or list by how it begins."""
    return _START.sub(r"\1\\", line)


def in_html(text: str, most: int = MOST) -> str:
    """Return text in one line that is text and nothing else in HTML, in an attribute too."""
    return html.escape(legible(text, most), quote=True)


def _is_hidden(character: str) -> bool:
    """Return whether a character is not seen, or is none, which no page and no XML can hold."""
    return unicodedata.category(character) in _HIDDEN or ord(character) & 0xFFFE == 0xFFFE


def _spelled(character: str) -> str:
    return f"<U+{ord(character):04X}>"
