"""The pages about addresses say what is true: each address in them is asked, each picture drawn again."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.placeholder.service import Service

PAGES = Path(__file__).resolve().parents[2] / "docs" / "pages"
HOSTS = (PAGES / "how-to" / "placeholder-hosts.md").read_text()
FOLDER = PAGES / "reference"
PAGE = (FOLDER / "placeholder.md").read_text()
ANSWERED = re.findall(r"^\| `(/[^`]+)` \| .* \| (\d+)x(\d+) (\w+)\b.*\|$", HOSTS, re.MULTILINE)
REFUSED = re.findall(r"^\| `(/[^`]+)` \| .* \| (4\d\d): .*\|$", HOSTS, re.MULTILINE)
PICTURED = re.findall(r"^\| `(/[^`]+)` \| !\[[^\]]+\]\((placeholder/\w+\.png)\) \|$", PAGE, re.MULTILINE)


def asked(address: str) -> str:
    """An address as a browser sends what stands in a table's cell."""
    return quote(address.replace("\\|", "|"), safe="/:?&=+,@|")


def test_the_page_has_a_table_of_each_host_that_people_come_from() -> None:
    assert len(ANSWERED) >= 30
    assert len(PICTURED) == 6


@pytest.mark.parametrize(("address", "width", "height", "form"), ANSWERED)
def test_an_address_of_the_tables_gives_what_they_say(
    warm: Service, address: str, width: str, height: str, form: str
) -> None:
    reply = warm.ask(asked(address))

    assert reply.status == 200
    assert {"jpg": "jpeg", "svg": "svg+xml"}.get(form, form) in reply.headers["Content-Type"]
    if form == "svg":
        assert f'width="{width}" height="{height}"'.encode() in reply.body
    else:
        assert reply.size == (int(width), int(height))


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_an_address_that_the_tables_call_refused_is(warm: Service, address: str, status: str) -> None:
    assert warm.ask(asked(address)).status == int(status)


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize(("address", "file"), PICTURED)
def test_a_picture_of_the_page_is_what_its_address_draws(warm: Service, address: str, file: str) -> None:
    """But for a shade here and there, which another version of a font or an encoder may change."""
    drawn = Image.open(BytesIO(warm.ask(asked(address)).body)).convert("RGBA")

    shown = Image.open(FOLDER / file).convert("RGBA")

    assert drawn.size == shown.size
    assert max(ImageStat.Stat(ImageChops.difference(drawn, shown)).mean) < 2
