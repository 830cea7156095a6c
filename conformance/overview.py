"""The matrix in Markdown: for people who read in the repository. A pure function of the matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.folding import groups, short
from conformance.markdown import anchor, escaped
from conformance.words import Outcome, Verdict

Matrix = Mapping[str, Any]

MARK = {
    Verdict.HOLDS.value: "✅",
    Verdict.EXCEPTIONS.value: "🟡",
    Verdict.DEVIATES.value: "❌",
    Verdict.NOT_APPLICABLE.value: "–",
    Verdict.UNKNOWN.value: "?",
}
LEGEND = (
    "✅ holds · 🟡 holds, with exceptions in rarer situations · ❌ deviates · – not applicable · ? unknown. "
    "Each cell is measured on the real wheel. The matrix says nothing about situations without a case, "
    "about other hardware than a CPU, or about which behaviour is better."
)

#: The columns that the README shows: one of each era.
ERAS = (
    "tf1.15",
    "tf2.0",
    "tf2.3",
    "tf2.15",
    "tf2.16-keras3.0",
    "tf2.21",
    "tf2.22rc0",
    "tf2.16-tf_keras",
)
BEGIN = "<!-- matrix: made by `python -m conformance report` -->\n"
END = "<!-- end of matrix -->\n"


def with_excerpt(text: str, matrix: Matrix) -> str:
    """Return the README's text with today's excerpt of the matrix in place of the one that it has."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + "\n".join(_excerpt(matrix)) + "\n" + END + rest.partition(END)[2]


def _excerpt(matrix: Matrix) -> Iterator[str]:
    columns = [c for era in ERAS for c in matrix["columns"] if c["id"] == era]
    yield "| claim | " + " | ".join(_head(column["id"]) for column in columns) + " |"
    yield "|---|" + ":-:|" * len(columns)
    for claim in matrix["claims"]:
        marks = " | ".join(MARK[matrix["verdicts"][claim["id"]][c["id"]]] for c in columns)
        yield f"| [{claim['id']}](reports/matrix.md#{anchor(claim['id'])}) | {marks} |"


def _head(column: str) -> str:
    """Return a column's id as it fits above a narrow cell of a table that mixes flavours."""
    if "-keras" in column:
        return "Keras " + short(column)
    return ("tf_keras " if column.endswith("tf_keras") else "TF ") + short(column)


def overview(matrix: Matrix) -> str:
    """Return reports/matrix.md."""
    return "\n".join(_lines(matrix)) + "\n"


def _lines(matrix: Matrix) -> Iterator[str]:
    yield "# The matrix: claims against releases"
    yield ""
    yield LEGEND
    for group in groups(matrix["columns"]):
        yield from grid(matrix, group.title, group.columns)
    yield ""
    yield "## Since when"
    yield ""
    for claim in matrix["claims"]:
        yield f"- **{claim['id']}**: {claim['statement']} {claim['since']}."
    yield from _deviations(matrix)


def grid(matrix: Matrix, title: str, columns: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one table: the claims against some columns."""
    names = [short(column["id"]) for column in columns]
    yield ""
    yield f"## {title}"
    yield ""
    yield "| claim | " + " | ".join(names) + " |"
    yield "|---|" + ":-:|" * len(names)
    for claim in matrix["claims"]:
        verdicts = matrix["verdicts"][claim["id"]]
        marks = " | ".join(MARK[verdicts[column["id"]]] for column in columns)
        yield f"| [{claim['id']}](#{anchor(claim['id'])}) | {marks} |"


def _deviations(matrix: Matrix) -> Iterator[str]:
    yield ""
    yield "## What deviates, and what TensorFlow does instead"
    for claim in matrix["claims"]:
        cases = [case for case in matrix["cases"] if case["claim"] == claim["id"]]
        rows = [row for case in cases for row in _rows(case)]
        if rows:
            yield ""
            yield f"### {claim['id']}"
            yield ""
            yield f"{claim['statement']} {claim['since']}."
            yield ""
            yield "| situation | | expected | observed | in |"
            yield "|---|---|---|---|---|"
            yield from rows


def _rows(case: Mapping[str, Any]) -> Iterator[str]:
    words: dict[str, list[str]] = {}
    for column, result in case["results"].items():
        if result["outcome"] == Outcome.DEVIATES.value:
            words.setdefault(result["observed"], []).append(column)
    situation = case["id"].split("[", 1)[1][:-1]
    kind = "core" if case["core"] else "edge"
    for word, columns in words.items():
        yield f"| `{situation}` | {kind} | {case['expected']} | {escaped(word)} | {', '.join(columns)} |"
