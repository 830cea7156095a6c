"""What the page answers, and what it finds, in a real browser: the same as the tool says elsewhere."""

from collections import Counter

import pytest

from conformance.claims import CLAIMS
from conformance.columns import running
from conformance.columns.columns import columns
from conformance.matrix import comparing
from conformance.pins import pins
from conformance.recipes import goals
from conformance.reporting import asked
from conformance.tests.reporting.test_page import browser, claims, printed, pytestmark, visit

__all__ = ["browser", "pytestmark", "visit"]
MEASURED = running.measured()
KINDS = {
    "lost": comparing.Change.LOST,
    "otherwise": comparing.Change.OTHERWISE,
    "won": comparing.Change.WON,
    "appeared": comparing.Change.APPEARED,
    "gone": comparing.Change.GONE,
    "unanswered": comparing.Change.UNANSWERED,
}
COUNTED = """([from, to]) => causes(from, to).flatMap(item => item.parts.map(
    part => [part.claim.id, part.kind, part.size, part.core, item.pin ?? ""]))"""


def answer(page):
    """Return the text of the answer."""
    return page.locator("#answer").inner_text()


def test_one_choice_is_enough(visit):
    """A TensorFlow alone: its Keras is what pip installs. The address keeps it."""
    page = visit()
    page.select_option("[name=tf]", "2.21")
    assert page.input_value("[name=keras]") == "3.15"
    assert "In tf2.21" in answer(page)
    assert page.url.endswith("?from=tf2.21")
    page.select_option("[name=to_tf]", "2.22")
    assert "tf2.21 → tf2.22rc0" in answer(page)
    assert page.url.endswith("?from=tf2.21&to=tf2.22rc0")
    page.go_back()
    assert "In tf2.21" in answer(page)
    assert page.input_value("[name=to_keras]") == ""


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (
            "?from=tf2.18-keras3.6",
            "TensorFlow 2.18 with Keras 3.6 was not measured; the nearest column is tf2.16-keras3.6",
        ),
        ("?from=tf2.30", "the nearest column is tf2.22rc0"),
        ("?from=tf2.19-tf_keras", "In tf2.19-tf_keras"),
        ("?from=tf2.22-tf_keras", "the nearest column is tf2.21-tf_keras"),
        ("?from=2.4", "In tf2.4"),
        ("?from=torch", "No column is called torch. The nearest: "),
        ("?from=%3Cb%3E", "No column is called <b>. The nearest: "),
        ("?from=tf2.14&to=tf2.15", "Nothing that the cases ask has changed."),
    ],
)
def test_any_pair_is_served(visit, address, says):
    """A pair that was not measured is served by the nearest column, which is named."""
    assert says in answer(visit(address))


@pytest.mark.parametrize(
    "pair", [("tf2.15", "tf2.21"), ("tf2.21", "tf2.22rc0"), ("tf1.15", "tf2.0"), ("tf2.21", "tf2.15")]
)
def test_the_same_as_the_command_says(visit, pair):
    """What `diff A B` counts, by claim and by what became of it."""
    told, core = Counter(), Counter()
    for claim, kind, size, central, _ in visit().evaluate(COUNTED, list(pair)):
        told[claim, KINDS[kind]] += size
        core[claim, KINDS[kind]] += central
    found = comparing.difference(*(MEASURED[column] for column in pair), pins.read()).noticed
    assert told == Counter({(n.claim, n.change): len(n.cases) for n in found})
    assert +core == +Counter({(n.claim, n.change): n.core for n in found})


def test_each_thing_has_cause_words_and_link(visit):
    """What most code does stands open, what is rarer, gained or gone is folded away."""
    page = visit("?from=tf2.15&to=tf2.21")
    first = page.locator("#answer > .causes > .cause").first
    assert first.locator("h3").inner_text()
    assert "No longer holds" in first.inner_text()
    assert "→" in first.locator(".words").first.inner_text()
    assert first.locator(".links a").count() >= 1
    assert page.locator("#answer .fold[open]").count() == 0
    page.locator("#answer .fold > summary").first.click()
    page.locator("#answer .fold[open] .cause").first.wait_for()


def test_the_comparison_folds_other_columns_away(visit):
    """Two columns remain, and what was lost and gained; the others can be had back."""
    page = visit("?from=tf2.21&to=tf2.22rc0")
    heads = page.locator(".matrix thead th:visible").all_inner_texts()
    assert heads == ["TF 2.21", "TF 2.22rc0"]
    assert page.locator("tr:visible > td.moved").count() == len(claims(page)) > 0
    assert "gained" in page.locator('tr[data-claim="training/explicit-value-wins"] td.moved').inner_text()
    page.locator(".toggle.all").click()
    assert page.locator(".matrix thead th[scope=col]:visible").count() == len(columns())


def test_nothing_is_advised_that_was_not_measured(visit):
    """Each recipe that stands in an answer holds in the columns that it is said to hold in."""
    page = visit("?from=tf2.15&to=tf2.21")
    wrong = page.evaluate(
        """() => order.flatMap(a => order.flatMap(b => Object.values(data.pins).flatMap(
            pin => advised(pin.remedies ?? [], [a, b]).flat()
                .filter(([id, sides]) => id && sides.some(
                    side => data.recipes[id].said[place.get(side)] !== 1)))))"""
    )
    assert wrong == []


@pytest.mark.parametrize("pair", ["from=tf2.15&to=tf2.21", "from=tf2.21&to=tf2.22rc0", "from=tf2.0"])
def test_an_answer_on_paper(visit, tmp_path, pair):
    """A4, three pages at most."""
    assert printed(visit(f"?{pair}"), tmp_path) <= 3


def test_on_a_phone_the_answer_stands_before_the_matrix(visit):
    """And nothing of it is cut off."""
    page = visit("?from=tf2.15&to=tf2.21", width=390, height=844)
    assert page.locator("#answer").bounding_box()["y"] < page.locator("#matrix").bounding_box()["y"]
    assert page.locator("#answer").bounding_box()["y"] < 844
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("unfreeze", "propagation/true-reaches-inner-layers"),
        ("fine-tune", "batchnorm/frozen-runs-in-inference-mode"),
        ("tune fine", "batchnorm/frozen-runs-in-inference-mode"),
        ("transfer learning", "batchnorm/frozen-runs-in-inference-mode"),
        ("MC dropout", "dropout/can-be-forced-on"),
        ("base.trainable = True", "propagation/true-reaches-inner-layers"),
        ("recompile", "snapshot/recompiling-applies"),
        ("moving_mean", "batchnorm/inference-uses-moving-statistics"),
        ("regularizer", "training/penalties-are-off-in-inference"),
        ("checkpoint", "saving/weights-land-where-they-were"),
        ("GAN stopped training", "snapshot/is-per-model"),
        ("since when BN inference", "batchnorm/introduced-in-2.0"),
    ],
)
def test_words_that_people_use(visit, words, claim):
    """In any order, spaces and hyphens alike; the claim is among the first five that are found."""
    page = visit()
    page.fill("[name=q]", words)
    first = page.locator("#found .results a").all_inner_texts()[:5]
    assert CLAIMS[claim].statement in first


def test_nothing_found_is_answered_by_suggestions(visit):
    """A word that is near, and what others look for."""
    page = visit("?q=drpout")
    assert claims(page) == []
    page.get_by_role("button", name="dropout", exact=True).click()
    assert page.input_value("[name=q]") == "dropout"
    assert claims(page)
    page.fill("[name=q]", "zzzzz")
    assert page.get_by_role("button", name="recompile").is_visible()


def test_a_filter_is_quick(visit):
    """A fifth of a second on a machine that is busy measuring: 50 ms on one that is not."""
    page = visit()
    timed = "t => { apply({...EMPTY, q: 'dropout'}); return performance.now() - t }"
    took = [page.evaluate(f"({timed})(performance.now())") for _ in range(5)]
    assert min(took) < 200


def test_every_claim_and_goal_has_words_that_people_use():
    """And nothing else has."""
    assert set(asked.synonyms()) == {*CLAIMS, *(goal.id for goal in goals.read())}


def test_pins_of_what_is_documented_exist():
    """A pin that is gone is not named."""
    assert asked.documented() <= {pin.id for pin in pins.read()}


def test_the_matrix_comes_in_keras_order(visit):
    """3.15 stands behind 3.14, whatever TensorFlow it is on."""
    heads = visit().locator(".matrix thead tr:first-child th").all_inner_texts()
    assert heads[-3:] == ["Keras 3", "Keras 3.15", "3.16"]
