"""What a result depends on: the modules that its case reaches, and no other."""

import pytest

from conformance import suite


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Return a function that gives the names of what a module of cases reaches among some situations."""
    monkeypatch.setattr(suite, "ROOT", tmp_path)
    folder = tmp_path / "fixtures" / "situations"
    folder.mkdir(parents=True)

    def reached(source, **situations):
        for name, text in situations.items():
            (folder / f"{name}.py").write_text(text)
        module = tmp_path / "test_this.py"
        module.write_text(source)
        return [path.stem for path in suite.files_of(module) if path != module]

    return reached


@pytest.mark.parametrize(
    "line",
    [
        "from conformance.fixtures.situations import near, other\n",
        "from conformance.fixtures.situations import (\n    near,\n    other,\n)\n",
        "from conformance.fixtures.situations.near import Step\n",
        "def later():\n    from conformance.fixtures.situations import near\n",
        "fixtures.near.step()\n",
    ],
    ids=["import", "import-of-several-lines", "import-of-a-name", "late", "attribute"],
)
def test_a_module_reaches_what_its_situations_import(modules, line):
    """At any depth, and however it is written; what nobody names is not of it."""
    found = modules("observe(fixtures.used.step())\n", used=line, near="", far="")
    assert found == ["near", "used"]


def test_situations_may_import_one_another(modules):
    """A circle ends."""
    back = "from conformance.fixtures.situations import used\n"
    assert modules("fixtures.used.step()\n", used="fixtures.near.step()\n", near=back) == ["near", "used"]


def test_each_situation_is_of_a_module_of_cases():
    """Else its change would void nothing."""
    reached = {path for module in suite.case_modules() for path in suite.files_of(module)}
    situations = (suite.ROOT / "fixtures" / "situations").glob("[a-z]*.py")
    assert [path.stem for path in situations if path not in reached] == []


def test_only_one_situation_clears_the_session():
    """Cleared by Keras alone, Keras 3 cuts tracebacks: cases of later modules take its errors for ours."""
    situations = (suite.ROOT / "fixtures" / "situations").glob("[a-z]*.py")
    clear = [path.stem for path in situations if "backend.clear_session(" in path.read_text()]
    assert clear == ["clearing"]
