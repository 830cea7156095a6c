"""tox's settings, made from the list of columns: a part of pyproject.toml, or a file of their own.

The table in pyproject.toml is for a checkout, where tox reads no other file. An installed suite has no
pyproject.toml; there the file stands in the work folder, and names the package in it, not the user's paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conformance.columns.columns import Column

BEGIN = "# columns: made by `make locks` from fixtures/columns.toml\n"
END = "# end of columns\n"
_PATH = {"PYTHONPATH": "{tox_root}/beside"}


def table(columns: Iterable[Column]) -> str:
    """Return tox's part of pyproject.toml, one environment per column."""
    rows = list(columns)
    environments = [_environment("tool.tox.", column, column.env) for column in rows]
    return "".join([BEGIN, "[tool.tox]\n", _general(rows), _BASE, *environments, END])


def alone(columns: Iterable[Column]) -> str:
    """Return tox.toml for the work folder of an installed suite, where `beside` holds the package."""
    rows = list(columns)
    environments = [_environment("", column, {**_PATH, **column.env}) for column in rows]
    made = "# made by `python -m conformance` of an installed suite, anew for each run\n"
    return "".join([made, 'work_dir = "{tox_root}/tox"\n', _general(rows), _ALONE, *environments])


def _general(rows: Iterable[Column]) -> str:
    names = ", ".join(f'"{column.id}"' for column in rows)
    return f"no_package = true\nskip_missing_interpreters = true\nenv_list = [{names}]\n"


_BASE = """
[tool.tox.env_run_base]
deps = ["-r fixtures/locks/{env_name}.txt"]
pass_env = ["CONFORMANCE_RESULTS"]
commands = [
  [
    "python",
    "-m",
    "pytest",
    "-n1",
    { replace = "posargs", default = ["conformance"], extend = true },
    "--measure",
    "--column={env_name}",
    "--results={env:CONFORMANCE_RESULTS:reports/results}",
  ],
]
"""
_ALONE = """
[env_run_base]
deps = ["-r beside/conformance/fixtures/locks/{env_name}.txt"]
pass_env = ["CONFORMANCE_RESULTS"]
change_dir = "{tox_root}/beside"
commands = [
  [
    "python",
    "-m",
    "pytest",
    "-c",
    "../pytest.ini",
    "-p",
    "conformance.plugin",
    "-n1",
    { replace = "posargs", default = ["conformance/cases"], extend = true },
    "--measure",
    "--column={env_name}",
    "--results={env:CONFORMANCE_RESULTS}",
  ],
]
"""


def _environment(prefix: str, column: Column, env: Mapping[str, str]) -> str:
    lines = [f'\n[{prefix}env."{column.id}"]', f'base_python = ["{column.python}"]']
    if env:
        pairs = ", ".join(f'{name} = "{value}"' for name, value in env.items())
        lines.append(f"set_env = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


def replaced(text: str, columns: Iterable[Column]) -> str:
    """Return pyproject.toml's text with the table of `columns` in place of the one that it has."""
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    return before.rstrip() + "\n\n" + table(columns) + after
