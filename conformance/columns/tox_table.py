"""tox's part of pyproject.toml, made from the list of columns: tox itself reads no other file."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.columns.columns import Column

BEGIN = "# columns: made by `make locks` from fixtures/columns.toml\n"
END = "# end of columns\n"


def table(columns: Iterable[Column]) -> str:
    """Return tox's environments, one per column."""
    rows = list(columns)
    names = ", ".join(f'"{column.id}"' for column in rows)
    parts = [
        BEGIN,
        f"[tool.tox]\nno_package = true\nskip_missing_interpreters = true\nenv_list = [{names}]\n",
    ]
    parts.append(_BASE)
    parts += [_environment(column) for column in rows]
    return "".join([*parts, END])


_BASE = """
[tool.tox.env_run_base]
deps = ["-r fixtures/locks/{env_name}.txt"]
pass_env = ["CONFORMANCE_RESULTS"]
commands = [
  [
    "python",
    "-m",
    "pytest",
    { replace = "posargs", default = ["conformance"], extend = true },
    "--measure",
    "-n1",
    "--column={env_name}",
    "--results={env:CONFORMANCE_RESULTS:reports/results}",
  ],
]
"""


def _environment(column: Column) -> str:
    lines = [f'\n[tool.tox.env."{column.id}"]', f'base_python = ["{column.python}"]']
    if column.env:
        pairs = ", ".join(f'{name} = "{value}"' for name, value in column.env.items())
        lines.append(f"set_env = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


def replaced(text: str, columns: Iterable[Column]) -> str:
    """Return pyproject.toml's text with the table of `columns` in place of the one that it has."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return before.rstrip() + "\n\n" + table(columns) + after
