"""CI's files: valid, safe, pinned, and made of commands, columns and releases that this project has."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from conformance.columns.columns import ERAS, columns
from conformance.exits import Exit
from conformance.suite import ROOT
from conformance.tests.test_main import invoke
from conformance.tests.test_readme import known

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTION = GITHUB / "actions" / "conformance" / "action.yml"
GITLAB = GITHUB / "recipes" / "gitlab-ci.yml"
COLUMNS = columns()


def read(path):
    """Return what a YAML file says."""
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def steps(path):
    """Return the steps of all jobs of a workflow, or of an action."""
    found = read(path)
    parts = found["jobs"].values() if "jobs" in found else [found["runs"]]
    return [step for part in parts for step in part["steps"]]


def program(*arguments):
    """Run a program of the tool's environment, and return how it ended."""
    name, *rest = arguments
    path = Path(sys.executable).with_name(name)
    return subprocess.run([str(path), *map(str, rest)], capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-actions", [ACTION]),
        ("github-issue-forms", sorted((GITHUB / "ISSUE_TEMPLATE").glob("*-*.yml"))),
        ("gitlab-ci", [GITLAB]),
        ("dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_files_follow_their_schema(schema, paths):
    """As the services themselves would read them."""
    assert paths
    done = program("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *paths)
    assert done.returncode == 0, done.stdout


def test_workflows_are_safe():
    """zizmor finds nothing: no injection, no kept credentials, no broad permission, nothing unpinned."""
    done = program("zizmor", "--offline", "--persona", "pedantic", "--no-progress", GITHUB)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_action_has_one_commit():
    """Each is pinned by its commit, with the release beside it, and is the same everywhere."""
    lines = [
        line for path in [*WORKFLOWS, ACTION] for line in path.read_text().splitlines() if "uses:" in line
    ]
    pinned = [re.fullmatch(r"[\s-]*uses: ([\w/-]+)@([0-9a-f]{40}) # (v[\d.]+)", line) for line in lines]
    assert all(pinned), lines
    commits = {}
    for found in pinned:
        assert commits.setdefault(found[1], found.groups()[1:]) == found.groups()[1:]


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda p: p.stem)
def test_commands_are_the_projects(path):
    """Every line that a step runs is a command, a target or a script that there is, with options it has."""
    for step in steps(path):
        for line in step.get("run", "").splitlines():
            assert known(re.sub(r"^\w+=\$\((.*)\)$", r"\1", line.strip())), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.stem)
def test_least_permissions(path):
    """A workflow may read; only a job that says why may write. No secret is named."""
    assert read(path)["permissions"] == {"contents": "read"}
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert all("#" in line for line in text.splitlines() if line.strip().endswith(": write"))
    assert all("timeout-minutes" in job for job in read(path)["jobs"].values())


def test_columns_come_from_the_one_list():
    """No workflow names a column: a step prints them, and an unknown one ends in one line."""
    for path in WORKFLOWS:
        assert [name for name in COLUMNS if re.search(rf"\b{re.escape(name)}\b", path.read_text())] == []
    assert invoke("columns", "--eras", "--json").output.strip() == str(list(ERAS)).replace("'", '"')
    assert invoke("columns", "--json").output.count('"tf') == len(COLUMNS)
    done = invoke("columns", "--json", "tf2.99")
    assert (done.exit_code, len(done.output.splitlines())) == (Exit.BAD_INPUT, 1)


def test_the_readme_shows_the_action_as_it_is():
    """A job that its schema allows, with inputs that the action has."""
    text = (ROOT / "fixtures" / "README.md").read_text(encoding="utf-8")
    shown = YAML(typ="safe", pure=True).load(re.search(r"```yaml\n(.*?)```", text, re.S)[1])
    (step,) = shown["jobs"]["training-mode"]["steps"]
    assert set(step["with"]) < set(read(ACTION)["inputs"])
    assert step["uses"].split("@")[0].endswith("/.github/actions/conformance")


def test_hooks_are_the_projects_own_tools():
    """What runs before a commit is what `make lint` runs, from the same environment."""
    (local,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    entries = [hook["entry"].split() for hook in local["hooks"]]
    assert all(os.access(ROOT / entry[0], os.X_OK) for entry in entries)
    lint = subprocess.run(["make", "-n", "lint"], cwd=ROOT, capture_output=True, text=True).stdout
    assert all(entry[0] in lint for entry in entries if not entry[0].endswith("zizmor"))


def test_the_tool_runs_on_what_ci_has():
    """GitLab's image has a Python that the tool runs on; no workflow names one: the locks and uv decide."""
    assert tuple(map(int, read(GITLAB)["training-mode"]["image"].split(":")[1].split("."))) >= (3, 10)
    assert [path for path in [*WORKFLOWS, ACTION] if "python-version" in path.read_text()] == []


def test_the_recipe_names_releases_of_the_list():
    """GitLab has no step that could print them."""
    for release in read(GITLAB)["training-mode"]["parallel"]["matrix"][0]["RELEASES"]:
        assert f"tf{release}" in COLUMNS


def test_what_the_action_is_given_reaches_the_command(tmp_path):
    """Releases, an interpreter, claims, core cases, pins, further options; what is empty is left out."""
    suite = tmp_path / "the suite"
    python = suite / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$PYTHONPATH" "$@"\n')
    python.chmod(0o755)
    (suite / "Makefile").write_text("tool:\n")
    (suite / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "check", suite / ".ci")

    def given(*arguments, **variables):
        environment = {"PATH": os.environ["PATH"], **variables}
        done = subprocess.run(
            [str(suite / ".ci" / "check"), *arguments], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        path, *words = done.stdout.splitlines()
        assert path.split(":")[0] == str(suite)
        return words[3:]

    assert given(RELEASES="", CLAIMS="", CORE="false", PINS="") == ["--format", "github"]
    assert given(CORE="true") == ["--format", "github", "--core"]
    everything = {"RELEASES": "2.15 2.21", "ENVIRONMENT": "/a b", "CLAIMS": "x y", "PINS": "p q.toml"}
    assert given("--junitxml", "j.xml", FORMAT="terminal", PYTHONPATH="/theirs", **everything) == [
        *("2.15", "2.21", "--python", "/a b", "--claims", "x y", "--pins", "p q.toml"),
        *("--format", "terminal", "--junitxml", "j.xml"),
    ]
    inputs = set(read(ACTION)["runs"]["steps"][-1]["env"]) - {"SUITE"}
    assert inputs == {*everything, "CORE"}


FAKE = """#!/bin/sh
echo "$*" >> "$SAID"
case "$1 $2" in "issue list") printf "%s" "$OPEN";; esac
"""


@pytest.mark.parametrize(
    ("body", "already", "says"),
    [
        ("- **regressed**: x", "", "issue create --title"),
        ("- **regressed**: x", "7", "issue edit 7 --body-file"),
        ("everything is as pinned", "7", "issue close 7"),
        ("everything is as pinned", "", None),
    ],
    ids=["opened", "updated", "closed", "nothing"],
)
def test_there_is_one_issue(tmp_path, body, already, says):
    """Opened once, then kept up to date, and closed when nothing is left to say."""
    fake, said = tmp_path / "gh", tmp_path / "said"
    fake.write_text(FAKE)
    fake.chmod(fake.stat().st_mode | stat.S_IEXEC)
    (tmp_path / "moved.md").write_text(body + "\n")
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "SAID": str(said),
        "OPEN": already,
    }
    script = ROOT / ".ci" / "tell-of-drift"
    done = subprocess.run([str(script), "moved.md"], cwd=tmp_path, env=environment)
    assert done.returncode == 0
    _, *rest = said.read_text().splitlines()
    assert len(rest) == (says is not None)
    assert not rest or rest[0].startswith(says)
