"""An address of dummyimage.com, placehold.co or fakeimg.pl means here what it means there."""

import pytest

from tests.placeholder.service import Service

# dummyimage.com's names of sizes, long and short, as its source lists them.
KEYWORDS = {
    "mediumrectangle medrect": (300, 250), "squarepopup sqrpop": (250, 250),
    "verticalrectangle vertrec": (240, 400), "largerectangle lrgrec": (336, 280),
    "rectangle rec": (180, 150), "popunder pop": (720, 300), "fullbanner fullban": (468, 60),
    "halfbanner halfban": (234, 60), "microbar mibar": (88, 31), "button1 but1": (120, 90),
    "button2 but2": (120, 60), "verticalbanner vertban": (120, 240), "squarebutton sqrbut": (125, 125),
    "leaderboard leadbrd": (728, 90), "wideskyscraper wiskyscrpr": (160, 600),
    "skyscraper skyscrpr": (120, 600), "halfpage hpge": (300, 600),
    "cga": (320, 200), "qvga": (320, 240), "vga": (640, 480), "wvga": (800, 480), "svga": (800, 600),
    "wsvga": (1024, 600), "xga": (1024, 768), "wxga": (1280, 800), "sxga": (1280, 1024),
    "wsxga": (1440, 900), "uxga": (1600, 1200), "wuxga": (1920, 1200), "qxga": (2048, 1536),
    "wqxga": (2560, 1600), "qsxga": (2560, 2048), "wqsxga": (3200, 2048), "quxga": (3200, 2400),
    "wquxga": (3840, 2400), "ntsc": (720, 480), "pal": (768, 576), "hd720 720p": (1280, 720),
    "hd1080 1080p": (1920, 1080), "2k": (2560, 1440), "4k": (3840, 2160),
}  # fmt: skip
NAMES = [(name, size) for names, size in KEYWORDS.items() for name in names.split()]

PLAIN = "/600x400.png"
COLOURED = "/600x400.png/000000/ffffff"
SPELLINGS = {  # an address in the normal form, and other spellings of it
    PLAIN: [
        "/600x400", "/600x400/", "/600X400", "/600x400.PNG", "/600x400/png", "/600x400/PNG", "/0600x00400",
        "/image/600x400/", "/image/600x400", "/IMAGE/600x400.png", "//600x400//", "/600x400?text=600+×+400",
        "/600x400?v=3", "/600x3:2", "/3:2x400", "/600x400/dddddd", "/600x400/DDD", "/600x400@1x",
    ],
    "/300x300.png": [
        "/300", "/300.png", "/300/png", "/300x1:1", "/image/300/", "/300x300/ddd.png",
        "/300?border=0,red", "/300?border=",
    ],
    "/640x480.png": ["/640x4:3", "/4:3x480", "/vga", "/VGA.png", "/vga/png"],
    "/1920x1080.png": ["/16:9x1080", "/1920x16:9", "/hd1080", "/1080p", "/fhd"],
    COLOURED: [
        "/600x400/000/fff", "/600x400/0/f", "/600x400/00/ff", "/600x400/000/fff.png", "/600x400.png/000/fff",
        "/600x400/000.png/fff", "/600x400/000000/FFFFFF/png", "/600x400/black/white", "/600x400/Black/WHITE",
        "/600x400/000f/ffff", "/600x400/000000ff/ffffffff", "/600x400/000,255/fff,255/",
        "/image/600x400/0/f/", "/600x400/%23000/%23fff",
    ],
    "/600x400.jpg/000000/ffffff": [
        "/600x400.jpg/000/fff", "/600x400/000.jpg/fff", "/600x400/000/fff.jpg", "/600x400/000/fff/jpg",
        "/600x400/000/fff.jpeg", "/600x400/000/fff/jpeg", "/600x400/000/fff.JPEG",
    ],
    "/600x400.gif/0099ff/ffffff": ["/600x400.gif/09f/fff", "/600x400/09f.gif/f", "/600x400/09F/fff/gif"],
    "/300x200.png/ff000080/000000ff": [
        "/300x200/ff0000,128/000,255/", "/300x200/f00,128/000", "/300x200/ff000080/0",
    ],
    "/300x200.png/transparent/ff000080": ["/300x200/transparent/f00,128", "/300x200/FFFFFF00/ff0000,128"],
    "/300x200.png?font_size=30": ["/300x200/?font_size=30", "/300x200?size=30"],
    "/300x200.png?font=lora": ["/300x200?font=lora", "/300x200?font=Lora", "/300x200/png?font=LORA"],
    "/300x200.png?font=noto-sans": ["/300x200?font=Noto+Sans", "/300x200?font=noto%20sans"],
    "/600x400@2x.png": ["/600x400@2x", "/600x400@2X.png", "/600x400@2x/ddd", "/600x400@2x/png"],
    "/600x400@3x.webp": ["/600x400@3x/webp", "/600x400@3x/ddd.webp"],
    "/300x300.png?text=Hello\\nWorld": [
        "/300?text=Hello\\nWorld", "/300?text=Hello%5CnWorld", "/300?text=Hello%0AWorld",
        "/300?text=Hello|World", "/300?text=Hello%7CWorld",
        "/300&text=Hello|World", "/300&text=Hello%7CWorld", "/300.png&text=Hello\\nWorld",
        "/300/ddd&text=Hello|World", "/300?text=Hello%0D%0AWorld", "/300?text=+Hello+|+World+",
    ],
    "/300x300.png?text=Hello%20World!": [
        "/300?text=Hello+World!", "/300&text=Hello+World!", "/300&text=Hello%20World!",
        "/300/&text=Hello+World!", "/300?text=Hello%09World!",
    ],
    "/300x300.png?text=a%5C|b": ["/300?text=a\\|b", "/300&text=a%5C%7Cb"],
    "/300x300.png?text=caf%C3%A9": [
        "/300?text=café", "/300?text=cafe%CC%81", "/300&text=caf%C3%A9", "/300?text=caf%c3%a9",
    ],
    "/300x300.png?text=": ["/300?text", "/300&text=", "/300?text=%20", "/300?text=%0A|"],
    "/300x300.png?radius=150": ["/300?radius=round", "/300?radius=ROUND", "/300?radius=4000"],
    "/300x300.png?border=2,585858": ["/300?border=2", "/300?border=2,585858ff"],
    "/300x300.png?gradient=ff0000,180": ["/300?gradient=f00", "/300?gradient=red,180"],
    "/300x300.png?stripes=ff0000,20": ["/300?stripes=f00", "/300?stripes=red,20"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "size"), NAMES, ids=[name for name, _ in NAMES])
def test_a_name_of_dummyimage_is_its_size_in_any_case(
    warm: Service, name: str, size: tuple[int, int]
) -> None:
    replies = [warm.ask(address) for address in (f"/{name}", f"/{name.upper()}")]

    assert [(reply.status, reply.size) for reply in replies] == [(200, size)] * 2


@pytest.mark.parametrize(
    ("normal", "spelling"), [(normal, other) for normal, others in SPELLINGS.items() for other in others]
)
def test_one_picture_has_one_etag_and_the_same_bytes_however_it_is_spelled(
    warm: Service, normal: str, spelling: str
) -> None:
    expected = warm.ask(normal)

    found = warm.ask_raw(*as_bytes(spelling)) if not spelling.isascii() else warm.ask(spelling)

    assert (expected.status, found.status) == (200, 200), found.headers
    assert found.etag == expected.etag
    assert found.body == expected.body


def as_bytes(address: str) -> tuple[str, str]:
    """What WSGI gives for an address that was sent unencoded in UTF-8."""
    path, _, query = address.encode().decode("latin-1").partition("?")
    return path, query


def test_different_pictures_have_different_etags(warm: Service) -> None:
    addresses = [
        *SPELLINGS,
        "/600x400.svg",
        "/601x400",
        "/600x400/ddd/000",
        "/600x400?json",
        "/seed/ana/600x400",
    ]

    etags = [warm.ask(address).etag for address in addresses]

    assert len(set(etags)) == len(addresses)


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("/1", (1, 1)),
        ("/600x400", (600, 400)),
        ("/400", (400, 400)),
        ("/640x4:3", (640, 480)),
        ("/16:9x1080", (1920, 1080)),
        ("/100x3:1", (100, 33)),
        ("/100x3:2", (100, 67)),
        ("/3:2x101", (152, 101)),  # 151.5: half a pixel is rounded up
        ("/600x400@2x", (1200, 800)),
        ("/400@3x", (1200, 1200)),
        ("/vga@2x", (1280, 960)),
        ("/4000", (4000, 4000)),
    ],
)
def test_a_size_is_given_in_pixels_by_a_ratio_or_at_a_resolution(
    warm: Service, address: str, size: tuple[int, int]
) -> None:
    assert warm.ask(address).size == size


@pytest.mark.parametrize(
    ("word", "colour"),
    [
        ("0", (0, 0, 0, 255)),
        ("c", (204, 204, 204, 255)),
        ("09", (9, 9, 9, 255)),
        ("09f", (0, 153, 255, 255)),
        ("09f8", (0, 153, 255, 136)),
        ("0099fe", (0, 153, 254, 255)),
        ("0099FE", (0, 153, 254, 255)),
        ("0099fe40", (0, 153, 254, 64)),
        ("teal", (0, 128, 128, 255)),
        ("RebeccaPurple", (102, 51, 153, 255)),
        ("f00,0", (255, 0, 0, 0)),
        ("f00,64", (255, 0, 0, 64)),
        ("transparent", (255, 255, 255, 0)),
    ],
)
def test_a_colour_is_hexadecimal_digits_or_a_name_perhaps_with_its_opacity(
    warm: Service, word: str, colour: tuple[int, ...]
) -> None:
    image = warm.ask(f"/60x40/{word}").image("RGBA")

    assert image.getpixel((0, 0)) == colour


@pytest.mark.parametrize(
    "place", ["/60x40.{}", "/60x40/{}", "/60x40/f00.{}", "/60x40/f00/{}", "/60x40/f00/0.{}"]
)
@pytest.mark.parametrize(
    ("extension", "form"),
    [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG"), ("gif", "GIF"), ("webp", "WEBP"), ("avif", "AVIF")],
)
def test_the_format_stands_after_any_part(warm: Service, place: str, extension: str, form: str) -> None:
    reply = warm.ask(place.format(extension))

    assert reply.form == form
    assert reply.headers["Content-Type"] == f"image/{extension.replace('jpg', 'jpeg')}"


def test_a_picture_without_a_format_is_a_png(warm: Service) -> None:
    assert warm.ask("/60x40").form == "PNG"


@pytest.mark.parametrize(
    "address", ["/60x40?json", "/60x40.json", "/60x40/json", "/60x40/ddd.json", "/60x40?json=1"]
)
def test_a_description_is_asked_for_by_a_query_or_an_extension(warm: Service, address: str) -> None:
    reply = warm.ask(address)

    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json() == warm.ask("/60x40?json").json()


def test_a_seed_chooses_one_background_for_ever(warm: Service) -> None:
    """The colours stand here, so that no later version gives a name another one."""
    corners = [
        warm.ask(f"/seed/{name}/60x40").image().getpixel((0, 0)) for name in ("ana", "ben", "Ana", "é")
    ]

    assert corners == SEEDED


SEEDED = [(226, 207, 146), (30, 204, 59), (124, 60, 221), (219, 126, 102)]


def test_a_seed_leaves_what_the_address_says(warm: Service) -> None:
    assert warm.ask("/seed/ana/60x40/f00/fff").etag == warm.ask("/60x40/f00/fff").etag
    assert warm.ask("/seed/ana/60x40.gif").form == "GIF"
    assert warm.ask("/image/seed/ana/60x40").etag == warm.ask("/seed/ana/60x40").etag
