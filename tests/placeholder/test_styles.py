"""What an address leaves open is decided by the setting, or by the host that people come from."""

import pytest

import placeholder
from tests.placeholder.service import Reply, ask_elsewhere, environment, get, run_python

pytestmark = pytest.mark.slow  # each starts a program with an environment of its own
HOSTS = "dummy.example=dummyimage.com, hold.example=placehold.co,contrast"


def look(reply: Reply) -> tuple[str, object]:
    """The format and the background."""
    if reply.headers["Content-Type"].startswith("image/svg"):
        return "SVG", reply.body.partition(b' fill="#')[2][:6].decode()
    return reply.form, "".join(f"{part:02x}" for part in reply.image().getpixel((0, 0)))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("style", "form", "background", "ink"),
    [
        ("", "png", "dddddd", "585858"),
        ("contrast", "png", "dddddd", "585858"),
        ("dummyimage.com", "png", "cccccc", "000000"),
        ("placehold.co", "svg", "dddddd", "999999"),
    ],
)
def test_a_style_fills_what_an_address_leaves_open(style: str, form: str, background: str, ink: str) -> None:
    bare, full, coloured, formed = ask_elsewhere(
        get("/600x400"),
        get(f"/600x400.{form}/{background}/{ink}"),
        get("/600x400/000.png"),
        get("/600x400.gif"),
        PLACEHOLDER_DEFAULTS=style,
    )

    assert look(bare) == (form.upper(), background)
    assert (bare.etag, bare.body) == (full.etag, full.body)
    assert formed.form == "GIF"
    assert look(coloured) == ("PNG", "000000")


def test_dummyimage_writes_in_black_on_any_background_and_the_others_in_what_can_be_read() -> None:
    addresses = [get("/600x400/000.png"), get("/600x400/000/000.png")]

    dummyimage, black = ask_elsewhere(*addresses, PLACEHOLDER_DEFAULTS="dummyimage.com")
    placehold, _ = ask_elsewhere(*addresses, PLACEHOLDER_DEFAULTS="placehold.co")

    assert dummyimage.etag == black.etag
    assert placehold.etag != black.etag


def test_each_host_has_its_style_whatever_its_port_and_case() -> None:
    hosts = [
        "dummy.example",
        "Dummy.Example:8002",
        "hold.example",
        "HOLD.example:80",
        "other.example",
        "",
        "x",
    ]

    replies = ask_elsewhere(*(get("/60x40", HTTP_HOST=host) for host in hosts), PLACEHOLDER_DEFAULTS=HOSTS)

    expected = [("PNG", "cccccc")] * 2 + [("SVG", "dddddd")] * 2 + [("PNG", "dddddd")] * 3
    assert [look(reply) for reply in replies] == expected


def test_an_answer_from_memory_is_that_of_its_own_host() -> None:
    hosts = ["dummy.example", "hold.example", "other.example"] * 2

    replies = ask_elsewhere(*(get("/60x40", HTTP_HOST=host) for host in hosts), PLACEHOLDER_DEFAULTS=HOSTS)

    assert [reply.pairs for reply in replies[:3]] == [reply.pairs for reply in replies[3:]]
    assert len({reply.etag for reply in replies}) == 3


def test_an_error_has_the_format_of_the_style() -> None:
    (reply,) = ask_elsewhere(get("/nothing"), PLACEHOLDER_DEFAULTS="placehold.co")

    assert (reply.status, reply.headers["Content-Type"]) == (404, "image/svg+xml; charset=utf-8")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PLACEHOLDER_DEFAULTS", "picsum", "one of contrast, dummyimage.com, placehold.co"),
        ("PLACEHOLDER_DEFAULTS", "host=picsum", "one of contrast, dummyimage.com, placehold.co"),
        ("PLACEHOLDER_CACHE_MIB", "8M", "a whole number"),
        ("PLACEHOLDER_CACHE_MIB", "-1", "a whole number"),
        ("PLACEHOLDER_PORT", "http", "a whole number"),
        ("PLACEHOLDER_FONTS", "/no/such/folder", "folders that exist"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_with_its_value(name: str, value: str, expected: str) -> None:
    done = run_python("-c", "import placeholder", variables={name: value})

    assert done.returncode != 0
    last = done.stderr.decode().splitlines()[-1]
    assert name in last
    assert value in last
    assert expected in last


def test_without_memory_every_picture_is_still_answered() -> None:
    first, again = ask_elsewhere(get("/60x40"), get("/60x40"), PLACEHOLDER_CACHE_MIB="0")

    assert first == again
    assert first.status == 200


def test_a_font_of_a_folder_of_ours_is_found() -> None:
    folder = str(placeholder.family_font("serif").parent)
    named, plain = ask_elsewhere(get("/300?font=sourceserifpro-black"), get("/300"), PLACEHOLDER_FONTS=folder)

    assert (named.status, plain.status) == (200, 200)
    assert named.body != plain.body


def test_the_environment_of_these_tests_holds_no_setting_of_the_developer() -> None:
    assert [name for name in environment() if name.startswith("PLACEHOLDER")] == []
