"""What lies between two columns, what is tried next, and what is found, with releases that only say words."""

import pytest

from conformance.columns.columns import columns
from conformance.exits import Exit
from conformance.reproductions import bisecting, releases
from conformance.reproductions.bisecting import Answer, BisectError, Release
from conformance.tests.test_main import invoke

COLUMNS = columns()
RELEASES = ["3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.9.0", "3.9.1", "3.9.2"]
NIGHTS = ["3.8.0.dev2025022803", "3.8.0.dev2025030303", "3.9.0.dev2025030403", "3.9.0.dev2025042303"]


def span(good, bad):
    """Return what lies between two columns of the list."""
    return bisecting.span(COLUMNS[good], COLUMNS[bad])


@pytest.mark.parametrize(
    ("good", "bad", "ends"),
    [
        ("tf2.4", "tf2.5", ["tensorflow-cpu 2.4.4", "tensorflow-cpu 2.5.3"]),
        ("tf2.5", "tf2.4", ["tensorflow-cpu 2.4.4", "tensorflow-cpu 2.5.3"]),
        ("tf1.15", "tf2.1", ["tensorflow 1.15.5", "tensorflow 2.1.4"]),
        ("tf2.16-keras3.9", "tf2.16-keras3.8", ["keras 3.8.0", "keras 3.9.2"]),
        ("tf2.16-tf_keras", "tf2.17-tf_keras", ["tensorflow 2.16.2", "tensorflow 2.17.1"]),
        ("tf2.16", "tf2.17", ["tensorflow-cpu 2.16.2", "tensorflow-cpu 2.17.1"]),
    ],
)
def test_the_package_that_leads_from_one_column_to_the_other(good, bad, ends):
    """Either may be the newer; of Keras 3 it is Keras that decides, unless it is the same."""
    assert list(map(str, span(good, bad).ends)) == ends


def test_columns_that_nothing_leads_between():
    """One line says why."""
    with pytest.raises(BisectError, match=r"tf2\.15 is keras2, tf2\.16 is keras3") as caught:
        span("tf2.15", "tf2.16")
    assert caught.value.exit_code == Exit.BAD_INPUT


@pytest.mark.parametrize(
    ("ends", "release", "requires"),
    [
        (
            ("tf2.8", "tf2.9"),
            Release("tensorflow-cpu", "2.9.0rc1"),
            ["tensorflow-cpu==2.9.0rc1", "protobuf<3.21", "numpy<1.24"],
        ),
        (
            ("tf2.16-keras3.8", "tf2.16-keras3.9"),
            Release("keras-nightly", NIGHTS[0]),
            ["tensorflow-cpu==2.16.2", f"keras-nightly=={NIGHTS[0]}"],
        ),
        (
            ("tf2.16", "tf2.17"),
            Release("tensorflow-cpu", "2.17.0"),
            ["tensorflow-cpu==2.17.0", "keras==3.15.1"],
        ),
    ],
)
def test_everything_else_is_as_in_the_columns(ends, release, requires):
    """What both columns ask for beside TensorFlow and Keras is asked for between them too."""
    assert span(*ends).requires(release) == requires


def test_releases_between():
    """In the order of their versions, pre-releases among them, the ends left out, nightlies not yet."""
    listed = ["2.5.0", "2.4.4", "2.5.0rc1", "2.5.0rc0", "2.6.0", "2.4.5", "2.5.0.dev1", "2.5.3"]
    ends = (Release("tensorflow-cpu", "2.4.4"), Release("tensorflow-cpu", "2.5.3"))
    found = bisecting.between(listed, "tensorflow-cpu", *ends)
    assert [r.version for r in found] == ["2.4.5", "2.5.0rc0", "2.5.0rc1", "2.5.0"]


@pytest.mark.parametrize(
    ("older", "newer", "versions"),
    [
        ("3.8.0", "3.9.0", NIGHTS),
        ("3.9.0", "3.9.1", NIGHTS[2:]),
        ("3.8.0", "3.9.0.dev2025042303", NIGHTS[:3]),
        ("3.8.0.dev2025030303", "3.9.0", NIGHTS[2:]),
        ("3.5.0", "3.6.0", []),
    ],
)
def test_nightlies_between(older, newer, versions):
    """In the order of their days: a night of 3.8.0 may be after 3.8.0, and lead to 3.9.0."""
    found = bisecting.nights([*reversed(NIGHTS), "3.8.0"], Release("keras", older), Release("keras", newer))
    assert [release.version for release in found] == versions


def order(count):
    """Return some releases."""
    return [Release("keras", f"3.{minor}") for minor in range(count)]


@pytest.mark.parametrize(
    ("changed", "following"),
    [
        ({}, 3),
        ({3: True}, 1),
        ({3: False}, 5),
        ({3: None}, 1),
        ({3: None, 1: None}, 5),
        ({3: None, 4: True}, 1),
        ({3: None, 4: True, 1: False}, 2),
        ({3: None, 4: True, 1: False, 2: False}, None),
        ({0: True}, None),
        ({6: False}, None),
    ],
)
def test_the_middle_is_tried_next(changed, following):
    """Of the widest gap in what may still be the first to differ; what could not be asked leaves two."""
    releases = order(7)
    said = {releases[place]: differs for place, differs in changed.items()}
    assert bisecting.middle(releases, said) == (None if following is None else releases[following])


@pytest.mark.parametrize("skipped", [set(), {4, 5}, set(range(9))])
@pytest.mark.parametrize("first", range(10))
def test_the_first_that_differs_is_found(first, skipped):
    """Wherever it is, whatever cannot be installed; what is left open is said."""
    releases, before, after = order(9), Release("keras", "2"), Release("keras", "4")
    everything = [before, *releases, after]
    found = bisecting.search(
        releases,
        before,
        after,
        lambda r: None if releases.index(r) in skipped else releases.index(r) >= first,
    )
    assert everything.index(found.before) <= first < everything.index(found.first) + 1
    between = everything[everything.index(found.before) + 1 : everything.index(found.first)]
    assert between == list(found.skipped)
    assert all(releases.index(release) in skipped for release in between)


def bisected(says, good="tf2.16-keras3.8", bad="tf2.16-keras3.9"):
    """Return what is found between two columns of Keras, with a function that says what a release says."""
    asked = []

    def ask(release):
        asked.append(release.version)
        return Answer(says(release))

    listed = {"keras": RELEASES, "keras-nightly": NIGHTS}
    return bisecting.bisect(span(good, bad), "drops", ask, listed.get), asked


def test_first_the_releases_and_then_the_nightlies():
    """Of the two releases that the change is between."""
    found, asked = bisected(lambda r: "drops" if r.version in (NIGHTS[0], NIGHTS[1], "3.8.0") else "raises")
    assert str(found.first) == f"keras-nightly {NIGHTS[2]}"
    assert str(found.before) == f"keras-nightly {NIGHTS[1]}"
    assert asked[:2] == ["3.9.2", "3.9.0"]
    words = {found.first: "raises", found.before: "drops"}
    assert bisecting.sentence(found, words) == (
        f"first changed in keras-nightly {NIGHTS[2]}: 'raises', where keras-nightly {NIGHTS[1]} says 'drops'"
    )


def test_nightlies_that_cannot_be_installed():
    """The release is what is known then, and they are named."""
    found, _ = bisected(lambda r: None if r.package == "keras-nightly" else "raises")
    assert (str(found.before), str(found.first)) == ("keras 3.8.0", "keras 3.9.0")
    line = bisecting.sentence(found, {found.first: "raises", found.before: "drops"})
    assert line.endswith("or in one of those skipped: " + ", ".join(f"keras-nightly {v}" for v in NIGHTS))


def test_a_change_that_is_not_the_packages():
    """Where the newer Keras says the same on the older TensorFlow, there is nothing to look for."""
    with pytest.raises(BisectError, match="it is not what changed") as caught:
        bisected(lambda release: "drops")
    assert caught.value.exit_code == Exit.UNPROVEN


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ["dropout/has-no-weights[variables-called-Dropout]", "--good", "tf2.4", "--bad", "tf2.5"],
            Exit.UNPROVEN,
            "says",
        ),
        (
            ["dropout/has-no-weights[no-such]", "--good", "tf2.4", "--bad", "tf2.5"],
            Exit.BAD_INPUT,
            "nearest: dropout/has-no",
        ),
        (["no-such", "--good", "tf2.4", "--bad", "tf2.5"], Exit.BAD_INPUT, "has no case"),
        (["x", "--good", "tf2.4", "--bad", "tf2.99"], Exit.BAD_INPUT, "no column"),
    ],
)
def test_what_cannot_be_bisected(arguments, code, says):
    """One line, and an exit code of its own; nothing is built."""
    done = invoke("bisect", *arguments)
    assert done.exit_code == code
    assert says in done.output
    assert len(done.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("release", "limits"),
    [
        (Release("tensorflow-cpu", "2.11.0"), [[]]),
        (Release("tensorflow-cpu", "2.11.0rc1"), [["keras<=2.11.0rc1", "tf-keras<=2.11.0rc1"], []]),
        (Release("keras-nightly", NIGHTS[0]), [[]]),
    ],
)
def test_a_pre_release_takes_the_keras_of_its_day(release, limits):
    """The final one has what came after it."""
    assert releases._limits(release) == limits
