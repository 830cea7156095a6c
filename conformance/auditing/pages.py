"""An audit as a page: Markdown for a comment or a job's summary, HTML for a browser, made of strings."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Mapping, Sequence

from conformance.auditing import showing
from conformance.auditing.findings import Finding
from conformance.auditing.showing import Row
from conformance.legible import in_html, in_markdown

_COLUMNS = ("layer", "seen", "claim", "where, why, what to write")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid #ccc;
  overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; } }
"""


def _cells(row: Row) -> List[str]:
    why = "; ".join(filter(None, (row.where, row.why, *row.remedies)))
    return [row.layer, row.said, row.finding.claim, why]


def as_markdown(name: str, column: Mapping[str, Any], found: Sequence[Finding], everything: bool) -> str:
    """Return an audit as Markdown: a table under each heading, worst first."""
    lines = [f"# {in_markdown(showing.title(name, column))}", "", f"{showing.total(found)}."]
    for head, rows in showing.sections(found, everything):
        lines += ["", f"## {head}", ""]
        lines += _table([_COLUMNS, *map(_cells, rows)])
    return "\n".join(lines) + "\n"


def _table(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *rows = ("| " + " | ".join(in_markdown(cell) for cell in row) + " |" for row in cells)
    yield from (head, "|---|---|---|---|", *rows)


def as_html(name: str, column: Mapping[str, Any], found: Sequence[Finding], everything: bool) -> str:
    """Return an audit as one page of HTML, which needs no other file and runs nothing."""
    title = in_html(showing.title(name, column))
    lines = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">']
    lines += ['<meta name="viewport" content="width=device-width">', f"<title>{title}</title>"]
    lines += [f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>"]
    lines += [f"<p>{showing.total(found)}.</p>"]
    for head, rows in showing.sections(found, everything):
        lines += [f"<h2>{head}</h2>", "<table>", f"<thead>{_row(_COLUMNS, 'th')}</thead>", "<tbody>"]
        lines += [*(_row(_cells(row), "td") for row in rows), "</tbody>", "</table>"]
    return "\n".join([*lines, "</body>", "</html>"]) + "\n"


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{in_html(cell)}</{tag}>" for cell in cells) + "</tr>"


#: How an audit can be told: of a name, a column, what was found, and whether all of it is wanted.
FORMATS: Mapping[str, Callable[[str, Mapping[str, Any], Sequence[Finding], bool], str]] = {
    "terminal": showing.as_text,
    "markdown": as_markdown,
    "html": as_html,
    "json": showing.as_json,
}
