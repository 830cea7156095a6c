"""The page's matrix in a real browser: Debian's Chromium, driven by Playwright. Skipped where there is none.

`make browser` installs what these tests need.
"""

import shutil
from pathlib import Path

import pytest

from conformance import suite
from conformance.claims import CLAIMS
from conformance.reporting import reports

sync_api = pytest.importorskip("playwright.sync_api", reason="no Playwright: run `make browser`")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = suite.ROOT / ".browser" / "node_modules" / "axe-core" / "axe.min.js"
PAGE = (reports.REPORTS / "index.html").as_uri()
#: Milliseconds to wait for a browser on a machine that is busy measuring.
PATIENCE = 120_000
CLAIM = "batchnorm/frozen-runs-in-inference-mode"
CASE = "snapshot/freezing-waits-for-compile[frozen-after-compile]"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: run `make browser`"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def browser():
    """Start one browser for all tests."""
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def visit(browser):
    """Return a function that opens the page, and fails if it fetched anything or a script failed."""
    opened, wrong = [], []

    def open_page(address="", width=1440, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((PAGE, "data:")) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(PAGE + address)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert wrong == []


def claims(page):
    """Return the claims whose rows can be seen in the matrix."""
    return page.eval_on_selector_all(
        ".matrix tr[data-claim]", "rows => rows.filter(r => r.offsetParent).map(r => r.dataset.claim)"
    )


def cell(page, claim, column):
    """Return a cell of the matrix, by its address."""
    return page.locator(f'.matrix td a[id="{claim}@{column}"]')


def choose(page, name, value):
    """Choose a value of a filter."""
    page.select_option(f"[name={name}][form=filters], #filters [name={name}]", value)


def test_first_screen(visit):
    """The question, the matrix right under it, and all of the matrix within two screens."""
    page = visit()
    assert page.locator("h1").is_visible()
    assert page.get_by_text("You have").is_visible()
    assert page.locator(".matrix tbody td").first.bounding_box()["y"] < 500
    assert len(claims(page)) == len(CLAIMS)
    last = page.locator(".matrix tr[data-claim]").last.bounding_box()
    assert last["y"] + last["height"] <= 1800
    assert page.get_by_text("What the matrix does not say").is_visible()


def test_family(visit):
    """Only its claims remain, and the address says so."""
    page = visit()
    choose(page, "family", "snapshot")
    assert {claim.split("/")[0] for claim in claims(page)} == {"snapshot"}
    assert "family=snapshot" in page.url


def test_columns_of_a_group_can_be_hidden(visit):
    """Its cells and its heads go."""
    page = visit()
    before = page.locator(".matrix thead th:visible").count()
    page.locator("label.toggle", has_text="Keras 2").click()
    assert page.locator(".matrix thead th:visible").count() == before - 17
    assert "hide=1" in page.url
    assert cell(page, CLAIM, "tf2.15").is_hidden()


def test_only_pinned_and_only_unknown(visit):
    """A claim of which all cases hold has no pin; today no answer is missing."""
    page = visit()
    choose(page, "only", "pinned")
    assert "batchnorm/frozen-runs-in-inference-mode" in claims(page)
    assert "batchnorm/introduced-in-2.0" not in claims(page)
    choose(page, "only", "unstable")
    assert claims(page) == []
    assert page.locator(".claims .row:not([hidden])").count() == 0


def test_search(visit):
    """It looks at statements, cases and pins; a slash leads to it."""
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("recurrent_dropout")
    assert "dropout/on-when-training" in claims(page)
    assert "snapshot/is-per-model" not in claims(page)
    assert "q=recurrent_dropout" in page.url
    page.get_by_role("button", name="Start again").click()
    assert len(claims(page)) == len(CLAIMS)


def test_the_address_keeps_the_filters_and_back_undoes_them(visit):
    """A link shows what its sender saw; the back button goes one step at a time."""
    page = visit("?family=dropout&hide=0")
    assert {claim.split("/")[0] for claim in claims(page)} == {"dropout"}
    choose(page, "family", "training")
    page.go_back()
    assert {claim.split("/")[0] for claim in claims(page)} == {"dropout"}
    assert page.input_value("[name=family]") == "dropout"
    page.go_forward()
    assert {claim.split("/")[0] for claim in claims(page)} == {"training"}


@pytest.mark.parametrize(
    ("anchor", "says"),
    [
        (CLAIM, "setting trainable = False on the layer"),
        (f"{CLAIM}@tf2.16", "In tf2.16 (TensorFlow 2.16.2, Keras 3.15.1"),
        (CASE, "Frozen after compile()"),
        (
            f"{CASE}@tf2.16",
            "[frozen-after-compile] in tf2.16 (TensorFlow 2.16.2, Keras 3.15.1, Python 3.12.1): "
            "deviates, observed weights kept, measured 0.",
        ),
    ],
)
def test_anchors(visit, anchor, says):
    """Each claim, case and cell has an address that opens it and shows it."""
    page = visit(f"#{anchor}")
    found = page.locator("details.claim[open]").get_by_text(says, exact=False).first
    found.wait_for()
    page.wait_for_timeout(100)
    assert found.is_visible()
    top = page.locator("details.claim[open]").first.bounding_box()["y"]
    assert top < 900


def test_a_cell_opens_its_claim_and_back_returns(visit):
    """The address changes with it."""
    page = visit()
    cell(page, CLAIM, "tf2.0").click()
    page.get_by_text("In tf2.0 (TensorFlow 2.0.4").wait_for()
    assert page.url.endswith(f"#{CLAIM}@tf2.0")
    page.go_back()
    sync_api.expect(cell(page, CLAIM, "tf2.0")).to_be_in_viewport()


def test_a_bar_leads_to_the_case_in_that_column(visit):
    """Pointed at, it names the case, the column and the number."""
    page = visit(f"#{CASE}")
    page.locator("details.row.here .run.deviates").first.click(position={"x": 4, "y": 8})
    page.get_by_text("in tf2.16-keras3.0 (TensorFlow 2.16.2").wait_for()
    assert page.url.endswith("@tf2.16-keras3.0")


def test_keyboard(visit):
    """One stop for the whole matrix, arrows within it, Enter opens, Escape closes."""
    page = visit()
    page.locator(".matrix td a").first.focus()
    focused = "decodeURIComponent(document.activeElement.hash.slice(1))"
    assert page.evaluate("document.querySelectorAll('.matrix td a[tabindex=\"0\"]').length") == 1
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate(focused) == "dropout/on-when-training@tf2.0"
    page.keyboard.press("End")
    assert page.evaluate(focused) == "dropout/on-when-training@tf2.22rc0"
    page.keyboard.press("Enter")
    page.locator("details.claim[open]").wait_for()
    sync_api.expect(page.locator("summary:focus")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.locator("details.claim[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", [f"#{CASE}@tf2.16", "?from=tf2.15&to=tf2.21&q=unfreeze"])
def test_accessible(visit, scheme, address):
    """axe-core finds nothing against WCAG 2.1 A and AA."""
    if not AXE.exists():
        pytest.skip("no axe-core: run `make browser`")
    page = visit(address, color_scheme=scheme)
    page.wait_for_timeout(200)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    found = page.evaluate("tags => axe.run({runOnly: tags, resultTypes: ['violations']})", rules)
    wrong = [(v["id"], v["nodes"][0]["html"][:200], len(v["nodes"])) for v in found["violations"]]
    assert wrong == []
    assert found["passes"]


def test_table_semantics(visit):
    """A screen reader hears the claim and the release of each cell, and a word for what it says."""
    page = visit()
    assert "deviates" in cell(page, CLAIM, "tf1.15").inner_text()
    assert page.locator('.matrix th[scope="row"]').count() == len(CLAIMS)
    assert page.locator('.matrix th[scope="col"]').count() == 46
    assert page.get_by_role("table", name="Claims, grouped by family").count() == 1


def test_dark(visit):
    """The paper is dark, the ink is light."""
    colours = {
        scheme: visit(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert colours == {"light": "rgb(252, 251, 249)", "dark": "rgb(22, 23, 26)"}


@pytest.mark.parametrize("address", ["", f"#{CLAIM}@tf2.16", "?from=tf2.15&to=tf2.21&all=1"])
def test_narrow(visit, address):
    """At 390 pixels nothing but the matrix scrolls sideways, under its claims, from the newest column on."""
    page = visit(address, width=390, height=844)
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    if not address:
        newest = cell(page, CLAIM, "tf2.22rc0").bounding_box()
        assert newest["x"] + newest["width"] <= 390
    page.evaluate("document.querySelector('.scroll').scrollLeft = -600")
    assert page.locator('.matrix th[scope="row"]').first.bounding_box()["x"] < 40


@pytest.mark.parametrize("width", [1440, 1200])
def test_heads_stay(visit, width):
    """Scrolled far down, the releases still stand above the cells."""
    page = visit(width=width)
    page.locator(".scroll").evaluate("box => { box.scrollIntoView(); box.scrollTop = 1500; scrollBy(0, 40) }")
    head = page.locator('.matrix th[data-c="tf2.0"]').bounding_box()
    assert 0 <= head["y"] < 200


def test_without_javascript(visit):
    """No filters, and everything can be read: a cell leads to its claim, and one that is linked is marked."""
    page = visit(java_script_enabled=False)
    assert page.locator("#filters").is_hidden()
    assert page.locator(".matrix tr[data-claim]").count() == len(CLAIMS)
    cell(page, CLAIM, "tf1.15").click()
    assert page.url.endswith(f"#{CLAIM}")
    row = page.locator(f'details.claim[data-claim="{CLAIM}"] .row > summary').first
    row.click()
    assert page.locator(f'details.claim[data-claim="{CLAIM}"] .runs').first.is_visible()
    linked = visit(f"#{CLAIM}@tf2.0", java_script_enabled=False)
    outlined = "link => getComputedStyle(link).outlineStyle"
    assert cell(linked, CLAIM, "tf2.0").evaluate(outlined) == "solid"
    assert cell(linked, CLAIM, "tf2.1").evaluate(outlined) == "none"


def test_print(visit, tmp_path):
    """The matrix prints as a PDF of some pages, without the filters."""
    page = visit()
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
    assert 1 <= printed(page, tmp_path) <= 30


def printed(page, folder):
    """Return how many pages a page has on paper."""
    path = Path(folder) / "page.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    text = path.read_bytes()
    assert text.startswith(b"%PDF")
    return text.count(b"/Type /Page\n")


def test_after_any_filter_a_visible_cell_takes_the_focus(visit):
    """Also where the first row or the first columns are hidden."""
    for address in ("?family=saving", "?hide=0,1", "?from=tf2.15&to=tf2.21", "?q=gan&hide=0"):
        page = visit(address)
        stop = page.locator('.matrix td a[tabindex="0"]')
        assert stop.count() == 1
        assert stop.is_visible(), address


def test_marks_and_shades(visit):
    """A column that says otherwise than its left neighbour is marked, the core more than edges."""
    page = visit()
    classes = "a => a.parentElement.className"
    assert "m2" in cell(page, "training/explicit-value-stays-local", "tf2.22rc0").evaluate(classes)
    assert "m1" not in cell(page, "training/explicit-value-stays-local", "tf2.21").evaluate(classes)
    assert cell(page, "dropout/can-be-forced-on", "tf2.21").evaluate(classes).count("s4") == 1


def test_a_page_is_not_too_large():
    """Two megabytes at most: what is repeated is stored once."""
    assert (reports.REPORTS / "index.html").stat().st_size < 2_000_000
