"""A bad request is answered by an image that says what is wrong, with the right status and never kept."""

import pytest

from tests.placeholder.service import Service

FORMS = {"png": "PNG", "jpg": "JPEG", "gif": "GIF", "webp": "WEBP", "avif": "AVIF"}
REFUSED = [  # an address, its status, and what the reason names
    ("/nothing", 404, "nothing"),
    ("/600x", 404, "600x"),
    ("/x400", 404, "x400"),
    ("/600x400x200", 404, "600x400x200"),
    ("/-5x40", 404, "-5x40"),
    ("/1_000", 404, "1_000"),
    ("/+400", 404, "+400"),
    ("/%EF%BC%94%EF%BC%90", 404, "４０"),
    ("/4.5x6", 404, "4.5x6"),
    ("/640x4:0", 400, "640x0"),
    ("/640x0:4", 404, "640x0:4"),
    ("/4:3", 404, "4:3"),
    ("/4:3x4:3", 404, "4:3x4:3"),
    ("/" + "9" * 41, 404, "9999…"),
    ("/image/", 404, "/600x400"),
    ("/seed/ana", 404, "/600x400"),
    ("/60x40/0/f/red", 404, "red"),
    ("/0x40", 400, "0x40"),
    ("/60x40@4x", 400, "@4x"),
    ("/60x40@", 400, "@"),
    ("/60x40@2x@2x", 400, "@2x@2x"),
    ("/60x40/12345", 400, "12345"),
    ("/60x40/zebra", 400, "zebra"),
    ("/60x40/red/zebra", 400, "zebra"),
    ("/60x40/red,256", 400, "256"),
    ("/60x40/red,", 400, "opacity"),
    ("/60x40/red,-1", 400, "-1"),
    ("/60x40/red,%0A5", 400, "opacity"),
    ("/60x40?font=nope", 400, "nope"),
    ("/60x40?font=../../etc/passwd", 400, "sans"),
    ("/60x40?size=3", 400, "3"),
    ("/60x40?size=big", 400, "big"),
    ("/60x40?size=1001", 400, "1001"),
    ("/60x40?radius=-1", 400, "-1"),
    ("/60x40?radius=4001", 400, "4001"),
    ("/60x40?border=201", 400, "201"),
    ("/60x40?border=2,zebra", 400, "zebra"),
    ("/60x40?gradient=zebra", 400, "zebra"),
    ("/60x40?gradient=red,360", 400, "360"),
    ("/60x40?gradient=red,", 400, "angle"),
    ("/60x40?stripes=red,0", 400, "0"),
    ("/60x40?stripes=red,1001", 400, "1001"),
    ("/60x40?text=a%00b", 400, "U+0000"),
    ("/60x40?text=a%07b", 400, "U+00"),
    ("/60x40?text=%FF", 400, "UTF-8"),
    ("/60x40?text=%ED%A0%80", 400, "UTF-8"),
    ("/60x40?" + "&".join(["a=1"] * 51), 400, "50"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "status", "name"), REFUSED)
def test_the_reason_names_the_value_and_what_would_be_right(
    service: Service, address: str, status: int, name: str
) -> None:
    reply = service.ask(address)

    assert reply.status == status
    assert name.encode("ascii", "backslashreplace").decode() in reply.error
    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers
    assert (reply.form, reply.headers["Content-Type"]) == ("PNG", "image/png")


@pytest.mark.parametrize("place", ["/nothing.{}", "/60x40.{}/zebra", "/60x40/zebra/{}", "/60x40/0/f/red.{}"])
@pytest.mark.parametrize("extension", FORMS)
def test_the_reason_is_an_image_of_the_format_that_was_asked_for(
    service: Service, place: str, extension: str
) -> None:
    reply = service.ask(place.format(extension))

    assert reply.form == FORMS[extension]
    assert reply.headers["Content-Type"] == f"image/{extension.replace('jpg', 'jpeg')}"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert len(reply.image().getcolors(1 << 18) or []) > 2


@pytest.mark.parametrize("address", ["/nothing", "/60x40/zebra", "/60x40?text=%00"])
def test_different_reasons_are_different_pictures(service: Service, address: str) -> None:
    assert service.ask(address).body != service.ask("/60x40/another").body


def test_the_reason_of_a_drawing_is_text_in_it(service: Service) -> None:
    reply = service.ask("/60x40.svg/zebra")

    assert reply.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert b"zebra" in reply.body
    assert "sandbox" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address", ["/nothing?json", "/nothing.json", "/60x40/zebra?json", "/60x40/zebra/json"]
)
def test_who_asks_for_a_description_gets_the_reason_in_json(service: Service, address: str) -> None:
    reply = service.ask(address)

    assert reply.status in (400, 404)
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json() == {"error": reply.error}
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/nothing", "/nothing?json", "/nothing.svg"])
def test_head_says_of_an_error_what_get_would(service: Service, address: str) -> None:
    got = service.ask(address)

    head = service.ask(address, "HEAD")

    assert (head.status, head.pairs, head.body) == (got.status, got.pairs, b"")
    assert got.headers["Content-Length"] == str(len(got.body))


@pytest.mark.parametrize(
    "address",
    [
        "/" + "z" * 2000,
        "/60x40/" + "z" * 2000,
        "/60x40?font=" + "z" * 2000,
        "/60x40?size=" + "9" * 2000,
        "/60x40/0/f/" + "%F0%9F%98%80" * 400,
        "/60x40?text=" + "z" * 2000,
        "/60x40/red," + "%0D%0A" * 500,
    ],
    ids=lambda address: address[:20],
)
def test_a_long_value_is_shortened_so_that_proxies_take_the_headers(service: Service, address: str) -> None:
    """nginx takes 4 KiB of headers from the server behind it, unless it is told otherwise."""
    reply = service.ask(address)

    assert reply.status in (400, 404)
    assert len(reply.error) < 1000
    assert reply.error.isascii()
    assert reply.error.isprintable()


@pytest.mark.parametrize("value", ["%3Cscript%3E", "%22%3E%3Cimg%20src=x%3E", "%3Csvg%20onload=x%3E"])
def test_what_an_error_repeats_stays_text(service: Service, value: str) -> None:
    drawing = service.ask(f"/60x40.svg/{value}").body.decode()

    assert "<script" not in drawing
    assert "<img" not in drawing
    assert drawing.count("<svg") == 1
    assert service.ask(f"/60x40.svg/{value}").status == 400
