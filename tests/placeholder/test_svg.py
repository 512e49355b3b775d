"""A browser shows the drawing as the PNG shows it."""

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.placeholder.ink import difference, ink_box, pixel
from tests.placeholder.service import Service

SVG = "{http://www.w3.org/2000/svg}"
LABELLED = [
    "300x200/264653/e9c46a",
    "301x199",
    "64/fff/000",
    "600x400/fff/000?text=Hello",
    "600x400/fff/000?text=one|two|three",
    "600x400/fff/000?text=Hello+wide+world+of+pictures+that+wrap",
    "600x400/fff/000?text=Hello&size=20",
    "300x200@2x/fff/000",
    "600x400/fff/000?text=Hamburg&font=serif",
    "600x400/fff/000?text=%D7%A9%D7%9C%D7%95%D7%9D",
    "600x400/fff/000?text=%E4%BD%A0%E5%A5%BD",
]
PAINTED = [
    "gradient=264653,30",
    "gradient=00f",
    "stripes=00f,20",
    "border=7,00f",
    "radius=40",
    "radius=round&border=9,00f",
]


@pytest.fixture(scope="module")
def browser_page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def shown(page: Page, service: Service, address: str) -> Image.Image:
    """What a page shows that has the drawing as an image, and nothing behind it."""
    path, mark, query = address.partition("?")
    reply = service.ask(f"/{path}/svg{mark}{query}")
    page.route("**/drawing.svg", lambda route: route.fulfill(body=reply.body, content_type="image/svg+xml"))
    page.route(
        "**/page",
        lambda route: route.fulfill(
            body="<!doctype html><body style='margin:0'><img src='/drawing.svg' style='display:block'>",
            content_type="text/html",
        ),
    )
    page.goto("http://drawing.test/page", wait_until="load")
    image = page.locator("img")
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")
    box = image.bounding_box()
    assert box is not None
    page.set_viewport_size({"width": max(int(box["width"]), 400), "height": max(int(box["height"]), 400)})
    shot = image.screenshot(omit_background=True)
    page.unroute_all()
    with Image.open(BytesIO(shot)) as taken:
        return taken.convert("RGBA")


def png(service: Service, address: str) -> Image.Image:
    path, mark, query = address.partition("?")
    return service.ask(f"/{path}/png{mark}{query}").image("RGBA")


@pytest.mark.parametrize("address", LABELLED)
@pytest.mark.usefixtures("fonts")
def test_a_browser_shows_the_same_size_ground_and_ink(
    browser_page: Page, warm: Service, address: str
) -> None:
    expected = png(warm, address)

    found = shown(browser_page, warm, address)

    boxes = [ink_box(image.convert("RGB"), faintest=64) for image in (found, expected)]
    assert found.size == expected.size
    assert found.getpixel((0, 0)) == expected.getpixel((0, 0))
    assert boxes[0] is not None
    assert boxes[1] is not None
    slack = max(3, (boxes[1][2] - boxes[1][0]) // 12)  # another font may have been chosen
    assert max(abs(a - b) for a, b in zip(*boxes, strict=True)) <= slack, boxes


@pytest.mark.parametrize("options", PAINTED)
@pytest.mark.parametrize("size", ["300x200", "201x301", "150x100@2x"])
def test_a_browser_shows_the_same_painting(
    browser_page: Page, warm: Service, size: str, options: str
) -> None:
    address = f"{size}/f00?text=&{options}"
    expected = png(warm, address)

    found = shown(browser_page, warm, address)

    assert found.size == expected.size
    mean, _ = difference(on_black(found), on_black(expected))
    assert mean < (6 if "stripes" in options else 2)


def on_black(image: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", image.size, (0, 0, 0, 255))
    paper.alpha_composite(image)
    return paper.convert("RGB")


@pytest.mark.parametrize("colour", ["ff000080", "transparent", "0000ff40"])
def test_a_browser_shows_what_is_behind(browser_page: Page, warm: Service, colour: str) -> None:
    address = f"300x200/{colour}?text="

    found, expected = (
        pixel(show, (9, 9)) for show in (shown(browser_page, warm, address), png(warm, address))
    )

    assert abs(found[3] - expected[3]) <= 1
    assert expected[3] == 0 or max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= 3


@pytest.mark.parametrize("text", ["Hello", "a|b", "<b>&\"'", "]]>", "  two  spaces  ", "é😀"])
def test_the_label_stays_text_that_can_be_read_aloud(warm: Service, text: str) -> None:
    root = ElementTree.fromstring(warm.ask(f"/600x400.svg?text={quote(text)}").body)

    spoken = root.findtext(f"{SVG}title")
    spans = [span.text for span in root.iter(f"{SVG}tspan")]
    assert root.get("role") == "img"
    assert spoken == text.strip().replace("|", " ")
    assert spans == text.strip().split("|")


def test_the_size_is_that_of_the_resolution_and_the_drawing_scales(warm: Service) -> None:
    root = ElementTree.fromstring(warm.ask("/300x200@2x.svg").body)

    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("600", "400", "0 0 300 200")


def test_a_drawing_without_a_label_has_no_text(warm: Service) -> None:
    root = ElementTree.fromstring(warm.ask("/300x200.svg?text=").body)

    assert list(root.iter(f"{SVG}text")) == []
