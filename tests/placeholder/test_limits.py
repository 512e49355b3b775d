"""Each limit is said where it is passed, and everything up to it is drawn."""

import pytest

from bench.placeholder_limits import addresses
from tests.placeholder.service import Service

pytestmark = pytest.mark.usefixtures("fonts")
GRIN = "%F0%9F%98%80"
TEN_LINES, ELEVEN_LINES = "|".join("abcdefghij"), "|".join("abcdefghijk")


@pytest.mark.parametrize(
    ("most", "beyond", "reason"),
    [
        ("/4000x1", "/4001x1", "at most 4000 pixels a side"),
        ("/1x4000", "/1x4001", "at most 4000 pixels a side"),
        ("/2000x1@2x", "/2001x1@2x", "at most 4000 pixels a side"),
        ("/1333x1@3x", "/1334x1@3x", "at most 4000 pixels a side"),
        ("/1", "/0", "at least 1x1"),
        ("/4000x4000", "/4001x4000", "at most 4000 pixels a side"),
        ("/4000x1000.webp", "/4000x1001.webp", "at most 4 million"),
        ("/4000x750.avif", "/4000x751.avif", "at most 3 million"),
        ("/2000x500@2x.webp", "/2000x501@2x.webp", "at most 4 million"),
        ("/4000x1000?radius=9", "/4000x1001?radius=9", "at most 4 million"),
        ("/4000x1000?border=9", "/4000x1001?border=9", "at most 4 million"),
        ("/4000x1000?gradient=f00", "/4000x1001?gradient=f00", "at most 4 million"),
        ("/4000x1000?stripes=f00", "/4000x1001?stripes=f00", "at most 4 million"),
        ("/4000x1000?text=%F0%9F%98%80", "/4000x1001?text=%F0%9F%98%80", "at most 4 million"),
        ("/4000x500.webp?radius=9", "/4000x501.webp?radius=9", "at most 2 million"),
        ("/4000x500.avif?text=%F0%9F%98%80", "/4000x501.avif?text=%F0%9F%98%80", "at most 2 million"),
        ("/60x40?text=" + "x" * 200, "/60x40?text=" + "x" * 201, "at most 200 in 10 are drawn"),
        (f"/60x40?text={GRIN * 50}", f"/60x40?text={GRIN * 51}", "at most 50 are drawn"),
        (f"/60x40?text={TEN_LINES}", f"/60x40?text={ELEVEN_LINES}", "at most 200 in 10 are drawn"),
        ("/60x40?size=4", "/60x40?size=3", "from 4 to 1000"),
        ("/60x40?size=1000", "/60x40?size=1001", "from 4 to 1000"),
        ("/60x40?radius=4000", "/60x40?radius=4001", "from 0 to 4000"),
        ("/60x40?border=200", "/60x40?border=201", "from 0 to 200"),
        ("/60x40?stripes=f00,1", "/60x40?stripes=f00,0", "from 1 to 1000"),
        ("/60x40?stripes=f00,1000", "/60x40?stripes=f00,1001", "from 1 to 1000"),
        ("/60x40?gradient=f00,359", "/60x40?gradient=f00,360", "from 0 to 359"),
        ("/60x40/f00,255", "/60x40/f00,256", "from 0 to 255"),
        ("/60x40@1x", "/60x40@0x", "expected @2x or @3x"),
        ("/60x40@3x", "/60x40@4x", "expected @2x or @3x"),
        ("/60x40?" + "&".join(["a=1"] * 50), "/60x40?" + "&".join(["a=1"] * 51), "more than 50 options"),
    ],
    ids=lambda word: word[:30],
)  # fmt: skip
def test_what_is_one_beyond_a_limit_is_refused_with_the_limit(
    warm: Service, most: str, beyond: str, reason: str
) -> None:
    allowed, refused = warm.ask(most), warm.ask(beyond)

    assert allowed.status == 200, allowed.headers
    assert refused.status == 400
    assert reason in refused.error


def test_an_address_that_is_too_long_is_refused_without_reading_it(warm: Service) -> None:
    most = "/60x40?v=" + "x" * (4096 - len("/60x40v="))

    assert warm.ask(most).status == 200
    assert (warm.ask(f"{most}x").status, warm.ask("/" + "x" * 4096).status) == (414, 414)
    assert "4096" in warm.ask(f"{most}x").error


@pytest.mark.slow
@pytest.mark.parametrize("address", addresses().values(), ids=addresses())
def test_the_costliest_pictures_are_still_drawn(warm: Service, address: str) -> None:
    """What each costs is measured by `script/bench placeholder_limits`."""
    expected = 404 if address.startswith("/nothing") else 200

    assert warm.ask(address).status == expected
