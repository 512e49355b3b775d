"""The page on which designers put an address together shows what the server draws, and copies what works."""

import html
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Route, expect

from tests.services import Process, answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
FIND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
}"""
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PATIENCE_MS = 20_000  # only a broken page takes this long
EVERYTHING = (
    "width=300&height=200&format=webp&background=264653&ink=fff&text=Hi+%22you%22%0A(a%7Cb)&font=serif"
    "&size=30&radius=12&border=2&border-colour=red&gradient=000c&angle=45&stripes=fff4&stripe=9"
)

pytestmark = pytest.mark.slow
Open = Callable[..., Page]
Act = Callable[[Page], object]
FIELD_ROLES: tuple[Literal["textbox", "spinbutton", "combobox", "checkbox", "radio"], ...] = (
    "textbox", "spinbutton", "combobox", "checkbox", "radio",
)  # fmt: skip


@contextmanager
def running(**variables: str) -> Iterator[str]:
    """Serve the placeholder as in production, and give its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port), "placeholder:application"]
    with tempfile.TemporaryDirectory(prefix="placeholder-") as folder:
        log = Path(folder) / "web.log"
        process = Process("placeholder", command, log=log, cwd=ROOT, env={**os.environ, **variables})
        process.start()
        try:
            wait_until(lambda: process.check_running() and answers(f"{address}/health"), "the host answers")
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def open_page(chromium: Browser, host: str) -> Iterator[Open]:
    """Open the playground; a word in the console, or a request to another host, fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(state: str = "", *, at: str = host, before: str = "", **options: Any) -> Page:
        context = chromium.new_context(**{"locale": "en-US", "viewport": WIDE, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.on("weberror", lambda caught: faults.append(str(caught.error)))
        context.on("console", lambda said: faults.append(said.text) if is_fault(said) else None)
        context.on("request", lambda asked: None if is_own(asked.url, at) else faults.append(asked.url))
        context.add_init_script("window.clipboard = navigator.clipboard;" + before)
        page = context.new_page()
        page.goto(f"{at}/{state and f'#{state}'}")
        return page

    expect.set_options(timeout=PATIENCE_MS)
    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def is_fault(said: ConsoleMessage) -> bool:
    """Say whether a line of the console is a fault; that an address was refused is told there as well."""
    told = ("the server responded with a status of 400", "net::ERR_FAILED")
    refused = said.text.startswith(tuple(f"Failed to load resource: {one}" for one in told))
    return said.type in {"error", "warning"} and not refused


def is_own(url: str, host: str) -> bool:
    return url.startswith((f"{host}/", "data:"))


@pytest.fixture
def page(open_page: Open) -> Page:
    page = open_page()
    expect_shown(page, "/600x400")
    return page


def expect_shown(page: Page, path: str) -> None:
    """Wait until the picture of exactly this address is on the stage, in the size that the server says."""
    picture = page.get_by_role("img", name="Preview")
    expect(page.locator("#address")).to_have_text(page.evaluate("location.origin") + path)
    expect(page.get_by_role("region", name="Preview")).to_have_attribute("data-state", "shown")
    expect(picture).to_have_attribute("src", path)
    facts = told(page, path)
    size = [facts["width"] * facts["scale"], facts["height"] * facts["scale"]]
    assert picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == size
    expect(page.locator("figcaption")).to_contain_text(f"{facts['width']} × {facts['height']} px")


def told(page: Page, path: str) -> dict[str, Any]:
    url = page.evaluate("location.origin") + path + ("&" if "?" in path else "?") + "json"
    with urllib.request.urlopen(url) as answer:
        facts: dict[str, Any] = json.load(answer)
    return facts


def field(page: Page, name: str) -> Locator:
    found = page.locator(f"[aria-label='{name}']")
    for role in FIELD_ROLES:
        found = found.or_(page.get_by_role(role, name=name, exact=True))
    return found


def fill(label: str, value: str) -> Act:
    return lambda page: field(page, label).fill(value)


def choose(label: str, value: str) -> Act:
    return lambda page: field(page, label).select_option(value)


def tick(label: str) -> Act:
    return lambda page: field(page, label).check()


def press(name: str) -> Act:
    return lambda page: page.get_by_role("form").get_by_role("button", name=name, exact=True).click()


SEED = "Colours from a name"
ACTIONS: dict[str, tuple[list[Act], str]] = {
    "width": ([fill("Width", "300")], "/300x400"),
    "square": ([fill("Height", "")], "/600"),
    "ratio": ([choose("Keep the ratio", "16:9")], "/600x338"),
    "width by ratio": ([choose("Keep the ratio", "3:2"), fill("Height", "500")], "/750x500"),
    "known size": ([fill("Well-known size", "medrect")], "/medrect"),
    "known size left": ([fill("Well-known size", "medrect"), fill("Width", "310")], "/310x250"),
    "format": ([tick("webp")], "/600x400.webp"),
    "vectors": ([tick("svg")], "/600x400.svg"),
    "density": ([tick("2x")], "/600x400@2x"),
    "density and format": ([tick("3x"), tick("jpg")], "/600x400@3x.jpg"),
    "background": ([fill("Background", "#0af")], "/600x400/0af"),
    "background with opacity": ([fill("Background", "teal,128")], "/600x400/teal,128"),
    "picked background": ([fill("Pick: Background", "#112233")], "/600x400/112233"),
    "picked, opacity kept": ([fill("Background", "teal,128"), fill("Pick: Background", "#112233")],
                             "/600x400/112233,128"),
    "no background": ([press("Transparent")], "/600x400/transparent"),
    "ink": ([fill("Ink", "navy")], "/600x400/dddddd/navy"),
    "ink taken back": ([fill("Ink", "navy"), press("Automatic")], "/600x400"),
    "seed": ([fill("Ink", "navy"), fill(SEED, "ada, (7)?")], "/seed/ada,%20%287%29%3F/600x400"),
    "text": ([fill("Text", "One\nTwo | (3) + é")], "/600x400?text=One%5CnTwo+%5C%7C+%283%29+%2B+%C3%A9"),
    "no label": ([fill("Text", "One"), tick("No label")], "/600x400?text="),
    "font": ([choose("Font", "serif")], "/600x400?font=serif"),
    "font size": ([fill("Font size, px", "32")], "/600x400?size=32"),
    "radius": ([fill("Corner radius, px", "20")], "/600x400?radius=20"),
    "round": ([fill("Corner radius, px", "20"), tick("Round")], "/600x400?radius=round"),
    "border": ([fill("Border, px", "4")], "/600x400?border=4"),
    "border colour": ([fill("Border, px", "4"), fill("Border colour", "red")], "/600x400?border=4,red"),
    "gradient": ([fill("Gradient to", "teal")], "/600x400?gradient=teal"),
    "angle": ([fill("Gradient to", "teal"), fill("Angle, degrees", "45")], "/600x400?gradient=teal,45"),
    "stripes": ([fill("Stripes", "#fff"), fill("Stripe width, px", "8")], "/600x400?stripes=fff,8"),
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIONS)
def test_the_preview_follows_the_controls(page: Page, name: str) -> None:
    actions, path = ACTIONS[name]

    for act in actions:
        act(page)

    expect_shown(page, path)


def test_a_seed_takes_the_place_of_both_colours(page: Page) -> None:
    field(page, "Ink").fill("navy")
    field(page, SEED).fill("ada")

    expect_shown(page, "/seed/ada/600x400")
    expect(field(page, "Background")).to_be_disabled()
    expect(field(page, "Background")).to_have_attribute(
        "placeholder", told(page, "/seed/ada/600x400")["background"]
    )


def test_width_and_height_show_what_a_known_size_measures(page: Page) -> None:
    field(page, "Well-known size").fill("leaderboard")

    expect(field(page, "Width")).to_have_value("728")
    expect(field(page, "Height")).to_have_value("90")


def test_a_name_that_no_size_has_is_said_and_changes_nothing(page: Page) -> None:
    field(page, "Well-known size").fill("med")

    expect(page.get_by_text("No size has this name.")).to_be_visible()
    expect_shown(page, "/600x400")


@pytest.mark.parametrize("name", ["Avatar", "Open Graph", "Banner", "Transparent", "Gradient hero"])
def test_an_example_is_drawn_and_its_label_can_be_read(page: Page, name: str) -> None:
    page.get_by_role("group", name="Examples").get_by_role("button", name=name).click()
    expect(page.locator("#address")).not_to_have_text(re.compile("/600x400$"))

    expect_shown(page, page.evaluate("document.querySelector('#open').getAttribute('href')"))
    expect(page.get_by_text("passes AA")).to_be_visible()


@pytest.mark.parametrize(
    ("ink", "contrast", "verdict"),
    [("767676", "4.54", "passes AA"), ("777", "4.48", "large text only"), ("aaa", "2.32", "fails AA")],
)
def test_the_contrast_is_judged(open_page: Open, ink: str, contrast: str, verdict: str) -> None:
    page = open_page(f"background=fff&ink={ink}")

    expect(page.get_by_role("definition").filter(has_text=contrast)).to_have_text(f"{contrast} {verdict}")


def test_without_a_label_no_contrast_is_told(open_page: Open) -> None:
    page = open_page("plain=on")
    expect_shown(page, "/600x400?text=")

    expect(page.get_by_text("Contrast")).to_be_hidden()
    expect(page.get_by_text("BlurHash")).to_be_visible()


def test_the_weight_is_that_of_the_file(page: Page) -> None:
    expect(page.get_by_text(f"{told(page, '/600x400')['bytes'] / 1000:.1f} kB")).to_be_visible()


def test_characters_that_no_font_has_are_named(open_page: Open) -> None:
    page = open_page(f"text=a{quote(chr(0xF0000))}")

    expect(page.locator("#missing")).to_have_text(chr(0xF0000))
    expect(page.get_by_text("No font here has")).to_be_visible()


def test_a_transparent_picture_lies_on_a_checkerboard(open_page: Open) -> None:
    page = open_page("background=transparent")
    expect_shown(page, "/600x400/transparent")

    ground = "(image) => getComputedStyle(image).backgroundImage"
    assert page.get_by_role("img", name="Preview").evaluate(ground).startswith("repeating-conic-gradient")


def test_a_large_picture_is_shrunk_to_fit_and_a_small_one_is_not(open_page: Open) -> None:
    large, small = open_page("width=2000&height=1000"), open_page("width=120&height=60&scale=3")
    expect_shown(large, "/2000x1000")
    expect_shown(small, "/120x60@3x")

    measure = "(part) => [part.clientWidth, part.clientHeight]"
    width, height = large.get_by_role("img", name="Preview").evaluate(measure)
    room = large.locator("#stage").evaluate(measure)
    assert abs(width - 2 * height) <= 2
    assert width <= room[0]
    assert height <= room[1]
    expect(large.locator("figcaption")).to_have_text(f"2000 × 1000 px, shown at {int(width / 20 + 0.5)} %")
    assert small.get_by_role("img", name="Preview").evaluate(measure) == [120, 60]
    expect(small.locator("figcaption")).to_have_text("120 × 60 px, drawn at 3x")


# --- Copying ---------------------------------------------------------------------------------------


def copied(page: Page, kind: str) -> str:
    """Press a copy button, wait for its confirmation, and return what then lies in the clipboard."""
    button = page.get_by_role("button", name=f"Copy {kind}", exact=True)
    button.click()
    expect(page.get_by_role("status")).to_have_text(f"{kind} copied")
    expect(page.get_by_role("button", name=f"Copied {kind}", exact=True)).to_be_visible()
    text: str = page.evaluate("window.clipboard.readText()")
    return text


def expected(kind: str, host: str) -> str:
    """Write out what each button copies of EVERYTHING."""
    query = "/264653/fff?text=Hi+%22you%22%5Cn%28a%5C%7Cb%29&font=serif&size=30&radius=12&border=2,red"
    query += "&gradient=000c,45&stripes=fff4,9"
    plain = f"{host}/300x200.webp{query}"

    def srcset(ending: str) -> str:
        urls = (f"{host}/300x200{at}{ending}{query}" for at in ("", "@2x", "@3x"))
        return html.escape(", ".join(f"{url} {n}x" for n, url in enumerate(urls, start=1)))

    def img(ending: str) -> str:
        src, alt = html.escape(f"{host}/300x200{ending}{query}"), "Hi &quot;you&quot; (a|b)"
        return f'<img src="{src}" srcset="{srcset(ending)}" width="300" height="200" alt="{alt}">'

    sources = "".join(
        f'  <source type="image/{one}" srcset="{srcset(f".{one}")}">\n' for one in ("avif", "webp")
    )
    urls = ", ".join(
        f'url("{host}/300x200{at}.webp{query}") {n}x' for n, at in enumerate(("", "@2x", "@3x"), start=1)
    )
    return {
        "URL": plain,
        "<img>": img(".webp"),
        "<picture>": f"<picture>\n{sources}  {img('')}\n</picture>",
        "CSS": f'background-image: url("{plain}");\nbackground-image: image-set({urls});',
        "Markdown": f'![Hi "you" (a|b)]({plain})',
    }[kind]


def placed(text: str) -> list[tuple[str, int]]:
    """Find every address in a copied text, and the density that is written after it."""
    found = re.findall(r'(http[^\s"()]+)"?\)?(?: ([123])x)?', html.unescape(text))
    return [(url, int(density or 1)) for url, density in found]


def size_of(url: str) -> tuple[int, int]:
    with urllib.request.urlopen(url) as answer:
        assert answer.status == 200
        return Image.open(io.BytesIO(answer.read())).size


@pytest.mark.parametrize("kind", ["URL", "<img>", "<picture>", "CSS", "Markdown"])
def test_each_button_copies_exactly_what_it_names(open_page: Open, host: str, kind: str) -> None:
    page = open_page(EVERYTHING)
    expect(page.get_by_role("region", name="Preview")).to_have_attribute("data-state", "shown")

    assert copied(page, kind) == expected(kind, host)


@pytest.mark.parametrize(
    ("state", "width", "height"),
    [
        (EVERYTHING, 300, 200),
        ("width=1600&height=900", 1600, 900),
        ("width=1600&height=900&radius=8&format=gif", 1600, 900),
        ("width=1500&height=1000&text=%F0%9F%98%80&format=jpg", 1500, 1000),
        ("width=1400&height=1400&format=avif", 1400, 1400),
        ("width=3900&height=3900", 3900, 3900),
        ("width=64&height=", 64, 64),
        ("known=og&width=1200&height=630&seed=ada+7%3F", 1200, 630),
    ],
    ids=["everything", "large", "large, painted", "emoji", "avif", "no webp", "square", "known, seed"],
)
def test_every_copied_address_is_answered_in_its_size(
    open_page: Open, state: str, width: int, height: int
) -> None:
    page = open_page(state)
    expect(page.get_by_role("region", name="Preview")).to_have_attribute("data-state", "shown")
    texts = [copied(page, kind) for kind in ("<img>", "<picture>", "CSS", "Markdown")]

    found = {pair for text in texts for pair in placed(text)}

    assert len(found) >= 1
    assert [text for text in texts if 'srcset=""' in text] == []
    assert {pair: size_of(pair[0]) for pair in found} == {
        pair: (width * pair[1], height * pair[1]) for pair in found
    }


WITHOUT_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
REFUSING = "if (window.clipboard) window.clipboard.writeText = () => Promise.reject(new DOMException());"
UNABLE = "document.execCommand = () => false;"


@pytest.mark.parametrize("before", [WITHOUT_CLIPBOARD, REFUSING], ids=["plain http", "forbidden"])
def test_copying_works_where_the_clipboard_may_not_be_written(
    open_page: Open, host: str, before: str
) -> None:
    page = open_page(EVERYTHING, before=before)
    expect(page.get_by_role("region", name="Preview")).to_have_attribute("data-state", "shown")

    assert copied(page, "<picture>") == expected("<picture>", host)


def test_what_cannot_be_copied_is_selected_for_the_hand(open_page: Open, host: str) -> None:
    page = open_page(EVERYTHING, before=WITHOUT_CLIPBOARD + UNABLE)
    expect(page.get_by_role("region", name="Preview")).to_have_attribute("data-state", "shown")

    page.get_by_role("button", name="Copy CSS").click()

    expect(page.get_by_role("status")).to_have_text("CSS is selected: press Ctrl and C to copy it")
    assert page.evaluate("getSelection().toString()") == expected("CSS", host)


# --- What goes wrong -------------------------------------------------------------------------------


def test_a_refusal_is_told_in_the_server_s_words_and_the_last_picture_is_marked_stale(page: Page) -> None:
    field(page, "Background").fill("zzz")

    expect(page.get_by_role("alert")).to_contain_text("'zzz' is no colour; expected")
    expect(page.get_by_role("img", name="Preview")).to_have_attribute("src", "/600x400")
    expect(page.get_by_role("img", name="Preview")).to_have_css("filter", "grayscale(1)")
    expect(page.locator("figcaption")).to_contain_text("The last good picture: 600 × 400 px")
    expect(field(page, "Background")).to_have_attribute("aria-invalid", "true")
    expect(field(page, "Ink")).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_text("passes AA")).to_be_hidden()
    for button in page.get_by_role("button", name=re.compile("^Copy ")).all():
        expect(button).to_be_disabled()


def test_what_is_put_right_is_drawn_again(open_page: Open) -> None:
    page = open_page("background=zzz")
    expect(page.get_by_role("alert")).to_contain_text("'zzz' is no colour")

    field(page, "Background").fill("09f")

    expect_shown(page, "/600x400/09f")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(field(page, "Background")).to_have_attribute("aria-invalid", "false")
    expect(page.get_by_role("button", name="Copy URL")).to_be_enabled()


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Width", "99999", "99999x400 at @1x is too long; at most 4000 pixels a side"),
        ("Border, px", "201", "the border is '201'; expected a whole number from 0 to 200"),
        ("Text", "x" * 201, "the text has 201 characters in 1 lines; at most 200 in 10 are drawn"),
    ],
)
def test_a_value_beyond_the_limits_is_told(page: Page, label: str, value: str, sentence: str) -> None:
    field(page, label).fill(value)

    expect(page.get_by_role("alert")).to_have_text(sentence)
    expect(page.locator("figcaption")).to_contain_text("The last good picture")


def test_a_lost_server_is_told_and_the_next_change_asks_again(page: Page) -> None:
    page.route("**/*json", lambda route: route.abort())
    field(page, "Width").fill("300")
    expect(page.get_by_role("alert")).to_have_text("the server does not answer")
    expect(page.locator("figcaption")).to_contain_text("The last good picture: 600 × 400 px")

    page.unroute("**/*json")
    field(page, "Width").fill("310")

    expect_shown(page, "/310x400")


def test_a_picture_that_the_browser_cannot_read_is_told(page: Page) -> None:
    page.route("**/310x400", lambda route: route.fulfill(body="no picture", content_type="image/png"))
    field(page, "Width").fill("310")

    expect(page.get_by_role("alert")).to_have_text("this browser cannot show it")
    expect(page.get_by_role("img", name="Preview")).to_have_attribute("src", "/600x400")


KEEP_SHOWN = """() => {
  window.shown = [];
  const keep = () => window.shown.push(document.getElementById("picture").getAttribute("src"));
  new MutationObserver(keep).observe(document.getElementById("stage"), { childList: true });
}"""


def test_a_late_answer_never_replaces_a_later_one(page: Page) -> None:
    held: list[Route] = []
    page.evaluate(KEEP_SHOWN)

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/300x400?json", hold)
    with page.expect_request("**/300x400?json"):
        field(page, "Width").fill("300")
    field(page, "Width").fill("310")
    expect_shown(page, "/310x400")

    for route in held:
        route.continue_()

    field(page, "Ink").fill("navy")
    expect_shown(page, "/310x400/dddddd/navy")
    assert page.evaluate("window.shown") == ["/310x400", "/310x400/dddddd/navy"]


# --- The page's own address ------------------------------------------------------------------------


def test_a_reload_restores_every_option(open_page: Open) -> None:
    page = open_page(EVERYTHING)
    address = page.locator("#address").inner_text()
    assert "stripes=fff4,9" in address

    page.reload()

    expect(page.locator("#address")).to_have_text(address)
    expect(field(page, "Text")).to_have_value('Hi "you"\n(a|b)')


def test_the_hash_holds_what_differs_and_a_reset_empties_it(page: Page) -> None:
    field(page, "Ink").fill("navy")
    expect(page).to_have_url(re.compile(r"/#ink=navy$"))

    page.get_by_role("button", name="Reset").click()

    expect(page).to_have_url(re.compile(r"\d/$"))
    expect_shown(page, "/600x400")


def test_back_leads_to_the_field_before_and_forward_again(page: Page) -> None:
    field(page, "Ink").press_sequentially("navy", delay=150)
    expect_shown(page, "/600x400/dddddd/navy")
    field(page, "Width").fill("300")
    expect_shown(page, "/300x400/dddddd/navy")

    page.go_back()
    expect_shown(page, "/600x400/dddddd/navy")
    page.go_back()
    expect_shown(page, "/600x400")
    page.go_forward()
    expect_shown(page, "/600x400/dddddd/navy")


def test_nonsense_in_the_hash_is_ignored(open_page: Open) -> None:
    page = open_page("nothing=here&ratio=7:7&font=nope&format=exe")

    expect_shown(page, "/600x400")
    expect(field(page, "png")).to_be_checked()
    expect(field(page, "Font")).to_have_value("sans")


# --- For everybody ---------------------------------------------------------------------------------


STOP = """() => {
  const at = document.activeElement, ring = at.type === "radio" ? at.parentElement : at;
  const label = at.getAttribute("aria-label") ?? at.labels?.[0]?.firstChild.textContent ?? at.textContent;
  const seen = getComputedStyle(ring);
  const isSeen = seen.outlineStyle !== "none" && seen.outlineWidth !== "0px";
  return [label.trim() || at.labels[0].textContent, isSeen];
}"""
STOPS = [
    "Avatar", "Open Graph", "Banner", "Transparent", "Gradient hero", "Reset",
    "Open the picture in a new tab", "Copy URL",
    "Width", "Height", "Keep the ratio", "Well-known size", "png", "1x",
    "Background", "Pick: Background", "Transparent", "Ink", "Pick: Ink", "Automatic", "Colours from a name",
    "No label", "Text", "Font", "Font size, px", "Round", "Corner radius, px", "Border, px",
    "Gradient to", "Pick: Gradient to", "Stripes", "Pick: Stripes",
    "Copy <img>", "Copy <picture>", "Copy CSS", "Copy Markdown",
]  # fmt: skip


def test_the_tab_key_visits_every_control_once_in_reading_order_and_shows_where_it_is(page: Page) -> None:
    stops = []
    for _ in STOPS:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))

    assert [name for name, _ in stops] == STOPS
    assert [name for name, is_seen in stops if not is_seen] == []


def test_a_picture_is_put_together_and_copied_by_keyboard_alone(page: Page, host: str) -> None:
    def tab_to(name: str) -> None:
        for _ in STOPS:
            page.keyboard.press("Tab")
            if page.evaluate(STOP)[0] == name:
                return
        raise AssertionError(f"the tab key never reaches {name}")

    tab_to("Width")
    page.keyboard.type("320")
    tab_to("png")
    page.keyboard.press("ArrowRight")
    tab_to("Ink")
    page.keyboard.type("navy")
    tab_to("No label")
    page.keyboard.press("Space")
    expect_shown(page, "/320x400.jpg/dddddd/navy?text=")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("status")).to_have_text("URL copied")
    assert page.evaluate("window.clipboard.readText()") == f"{host}/320x400.jpg/dddddd/navy?text="


STATES = {"new": "", "refused": "background=zzz", "everything": EVERYTHING, "missing": "text=a%F3%B0%80%80"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_stands_in_the_way_of_anybody(open_page: Open, size: dict[str, int], state: str) -> None:
    page = open_page(STATES[state], viewport=size, has_touch=size is NARROW, reduced_motion="reduce")
    settled = re.compile("shown|refused")
    expect(page.get_by_role("region", name="Preview")).to_have_attribute("data-state", settled)

    expect_no_violation(page)


def expect_no_violation(page: Page) -> None:
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(FIND)
        assert found == [], f"{scheme}: {found}"


IS_UPPERMOST = """(field) => {
  const { right, bottom } = field.getBoundingClientRect();
  return document.elementFromPoint(right - 9, bottom - 9) === field;
}"""


def test_a_narrow_page_never_scrolls_sideways_and_keeps_the_picture_in_view(open_page: Open) -> None:
    page = open_page(viewport=NARROW, has_touch=True, is_mobile=True)
    expect_shown(page, "/600x400")

    field(page, "Stripes").tap()
    field(page, "Stripes").fill("teal")

    expect_shown(page, "/600x400?stripes=teal")
    expect(page.get_by_role("img", name="Preview")).to_be_in_viewport(ratio=0.99)
    assert field(page, "Stripes").evaluate(IS_UPPERMOST)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_a_host_with_a_key_says_how_to_sign_instead(open_page: Open) -> None:
    with running(PLACEHOLDER_KEY="a key of this test") as address:
        page = open_page(at=address)

        command = page.get_by_text("python placeholder.py sign /600x400/000/fff.png")
        expect(command).to_be_visible()
        assert command.evaluate("(code) => code.getClientRects().length") == 1, "it is broken over lines"
        expect(page.get_by_role("button")).to_have_count(0)
        expect(page.get_by_role("textbox")).to_have_count(0)
        expect_no_violation(page)


def test_the_script_passes_the_type_checker(host: str, tmp_path: Path) -> None:
    with urllib.request.urlopen(host) as answer:
        found = re.search(r'<script type="module">(.*?)</script>', answer.read().decode(), re.DOTALL)
    assert found is not None
    (tmp_path / "playground.mjs").write_text(found[1])
    settings = {"extends": str(ROOT / "tsconfig.json"), "include": [str(tmp_path / "playground.mjs")]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(settings))

    command = ["npx", "--no-install", "tsc", "-p", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")
