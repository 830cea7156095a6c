"""What a user brings: found in their folder, and what is wrong with it said in one line, as theirs."""

import sys
from textwrap import dedent

import pytest

from conformance.auditing import blame, loading
from conformance.auditing.loading import SubjectError

THEIRS = """
    def build():
        return "model", [1.0], [2.0]

    def pair():
        return "model", ([1.0], [2.0])

    def one():
        return "model"

    def many():
        return 1, 2, 3, 4

    def raises():
        return {}["weights"]

    def needs(width):
        return width

    THING = []
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a user's folder, in which a command is given."""
    (tmp_path / "theirs.py").write_text(dedent(THEIRS))
    (tmp_path / "broken.py").write_text("import nowhere_at_all\n")
    (tmp_path / "leaves.py").write_text("import sys\nsys.exit(3)\n")
    (tmp_path / "wrong.py").write_text("x = 1\ny = (\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path
    for name in ("theirs", "broken", "wrong", "leaves"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("build", ("model", [1.0], [2.0])),
        ("pair", ("model", [1.0], [2.0])),
        ("one", ("model", None, None)),
    ],
)
def test_a_model_and_a_batch(folder, name, parts):
    """A batch may come with the model, in two forms, or not at all."""
    found = loading.built(loading.function(f"theirs:{name}"))
    assert (found.model, found.inputs, found.targets) == parts


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("theirs", "give it as package.module:function"),
        ("nowhere:build", "there is no such module"),
        ("theirs:absent", "theirs has no 'absent'"),
        ("theirs:needs", "must be called without arguments (missing a required argument: 'width')"),
        ("theirs:THING", "is a list, no function"),
        ("broken:build", "broken.py:1: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("leaves:build", "leaves.py:2: SystemExit: 3"),
        ("wrong:build", "wrong.py:2: SyntaxError"),
    ],
)
def test_a_mistake_is_one_line(folder, name, says):
    """With the file and line, where there is one."""
    with pytest.raises(SubjectError) as raised:
        loading.function(name)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("raises", "build() raises: theirs.py:15: KeyError: 'weights'"),
        ("many", "build() returns 4 things"),
    ],
)
def test_a_function_that_fails(folder, name, says):
    """It is theirs."""
    with pytest.raises(SubjectError) as raised:
        loading.built(loading.function(f"theirs:{name}"))
    assert says in str(raised.value)


def test_nothing_is_written_beside_their_code(folder):
    """Not even what Python keeps of it."""
    loading.function("theirs:build")
    assert not (folder / "__pycache__").exists()


def test_a_place_in_a_message_of_a_traced_function(folder):
    """AutoGraph raises what it met in code that it made; its message names theirs."""
    text = (
        f'in user code:\n\n    File "{folder}/theirs.py", line 12, in call  *\n        x\n\n    KeyError: 7\n'
    )
    assert blame.said(KeyError(text)).startswith("theirs.py:12: KeyError")


def test_an_exception_of_a_library_is_not_theirs():
    """Where no line of theirs was on the way."""
    error = ValueError("shapes")
    assert (blame.place(error), blame.whose(error)) == ("", "TensorFlow raises")


def test_a_package_beside_tensorflow_is_named(tmp_path):
    """It is neither the user's code nor TensorFlow: where TensorFlow calls it back, it is the inner one."""
    folder = tmp_path / "site-packages" / "somebodys_layers"
    folder.mkdir(parents=True)
    code = compile("def call(x):\n    return {}[x]\n", str(folder / "bert.py"), "exec")
    names = {}
    exec(code, names)
    with pytest.raises(KeyError) as raised:
        names["call"]("mask")
    assert blame.package(raised.value) == "somebodys_layers"


def test_whose_a_class_is(folder):
    """A package's is called by the package's name."""
    assert blame.owner(loading.function("theirs:build")) == "your"
    assert blame.owner(pytest.MonkeyPatch) == "_pytest's"
