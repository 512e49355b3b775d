"""`{% image %}` shows a picture in the sizes and formats that a screen needs, and nothing jumps."""

import os
import re
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from sitebuilder.assets import kept, pixels
from sitebuilder.errors import SiteError
from sitebuilder.settings import read_site
from tests.sitebuilder.pictures import exif, opened, picture, saved
from tests.sitebuilder.sites import SITE, built, clean_tree, page, tree, write

TAG = '{% image "photo.jpg" alt="A hill" widths="20 40" %}'


def shown(folder: Path, tag: str, **files: str | bytes) -> str:
    """The HTML that a tag makes on a page of its own."""
    write(folder, {"templates/home.html": tag, "pages/index.md": "", **files})
    built(folder)
    return page(folder, "index.html")


def variants(folder: Path) -> dict[str, Image.Image]:
    """The pictures that were made, by their width and their ending, such as `40w.avif`."""
    made = ((re.search(r"\.(\d+w)\.[0-9a-f]{10}(\.\w+)$", name), data) for name, data in tree(folder).items())
    return {found[1] + found[2]: opened(data) for found, data in made if found}


def red(image: Image.Image, place: tuple[int, int]) -> int:
    """The first channel of a pixel."""
    found = image.convert("RGBA").getpixel(place)
    assert isinstance(found, tuple)
    return int(found[0])


def size_of(html: str) -> tuple[str, ...]:
    found = re.search(r'width="(\d+)" height="(\d+)"', html)
    return found.groups() if found else ()


def test_a_picture_comes_in_its_widths_as_avif_and_webp_and_once_as_it_was(tmp_path: Path) -> None:
    html = shown(tmp_path, TAG, **{"static/photo.jpg": picture()})

    assert variants(tmp_path).keys() == {"20w.avif", "40w.avif", "20w.webp", "40w.webp", "40w.jpg"}
    assert {made.size for name, made in variants(tmp_path).items() if name.startswith("40w")} == {(40, 27)}
    assert re.fullmatch(
        r'<picture><source type="image/avif" srcset="/static/photo\.20w\.\w+\.avif 20w, '
        r'/static/photo\.40w\.\w+\.avif 40w"'
        r' sizes="\(min-width: 40px\) 40px, 100vw"><source type="image/webp" srcset="[^"]+" sizes="[^"]+">'
        r'<img src="/static/photo\.40w\.\w+\.jpg" alt="A hill" width="40" height="27" loading="lazy"'
        r' decoding="async"></picture>',
        html,
    )  # fmt: skip


def test_a_picture_is_never_made_larger_than_it_is(tmp_path: Path) -> None:
    shown(tmp_path, '{% image "photo.jpg" alt="" widths="30 600 900" %}', **{"static/photo.jpg": picture()})

    assert {made.width for made in variants(tmp_path).values()} == {30, 60}


def test_a_picture_takes_the_options_of_an_img(tmp_path: Path) -> None:
    tag = '{% image "photo.jpg" alt="\\"<&" sizes="50vw" loading="eager" class="wide" id="x" %}'

    html = shown(tmp_path, tag, **{"static/photo.jpg": picture()})

    assert 'alt="&quot;&lt;&amp;"' in html
    assert 'sizes="50vw"' in html
    assert 'fetchpriority="high" decoding="async" class="wide" id="x"' in html
    assert "lazy" not in html


def test_site_toml_decides_on_widths_formats_and_quality(tmp_path: Path) -> None:
    toml = f'{SITE}[images]\nwidths = [10]\nformats = ["webp"]\nquality = 20\n'

    write(tmp_path, {"site.toml": toml})
    shown(tmp_path, '{% image "photo.jpg" alt="" %}', **{"static/photo.jpg": picture()})

    assert variants(tmp_path).keys() == {"10w.webp", "10w.jpg"}


@pytest.mark.parametrize("side", [1, 3, 6, 8])
def test_a_photograph_is_turned_as_its_camera_says_and_tells_no_more_of_it(tmp_path: Path, side: int) -> None:
    photo = picture(exif=exif(side), comment=b"mine")

    html = shown(tmp_path, '{% image "photo.jpg" alt="" %}', **{"static/photo.jpg": photo})

    assert size_of(html) == (("40", "60") if side in (6, 8) else ("60", "40"))
    for made in variants(tmp_path).values():
        dark, light = {
            1: ((10, 20), (50, 20)), 3: ((50, 20), (10, 20)), 6: ((20, 10), (20, 50)), 8: ((20, 50), (20, 10))
        }[side]  # fmt: skip
        grey = made.convert("L")
        assert red(grey, dark) < 80
        assert red(grey, light) > 160
        assert not made.getexif()
        assert not {"comment", "icc_profile", "xmp"} & made.info.keys()


KINDS = {
    "palette": picture(mode="P", kind="PNG"),
    "palette, see-through": picture(mode="P", kind="PNG", transparency=0),
    "sixteen bits": saved(Image.new("I;16", (60, 40), 200 * 257), "PNG"),
    "see-through": picture(mode="RGBA", kind="PNG"),
    "grey, see-through": picture(mode="LA", kind="PNG"),
    "black and white": picture(mode="1", kind="PNG"),
    "cmyk": picture(mode="CMYK"),
    "tiff": picture(kind="TIFF"),
    "still gif": picture(mode="P", kind="GIF"),
    "webp": picture(kind="WEBP"),
    "avif": picture(kind="AVIF"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_of_every_kind_keep_their_colours(tmp_path: Path, kind: str) -> None:
    shown(tmp_path, '{% image "a.b" alt="" widths="60" %}', **{"static/a.b": KINDS[kind]})

    light = {red(made, (50, 20)) for made in variants(tmp_path).values()}
    assert len(variants(tmp_path)) >= 2
    assert all(abs(value - (255 if kind == "black and white" else 200)) < 8 for value in light)


def test_colours_of_another_space_become_those_of_the_web(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    image = Image.new("LAB", (60, 40), (128, 128, 128))

    shown(tmp_path, '{% image "a.tif" alt="" %}', **{"static/a.tif": saved(image, "TIFF", icc_profile=lab)})

    for made in variants(tmp_path).values():
        assert abs(red(made, (5, 5)) - 119) < 6  # which L* 50 is in sRGB


def test_a_picture_that_moves_is_left_as_it_is(tmp_path: Path) -> None:
    frames = [Image.new("L", (30, 20), grey) for grey in (1, 200)]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])

    html = shown(tmp_path, '{% image "a.gif" alt="" %}', **{"static/a.gif": moving})

    (copy,) = re.findall(r'src="/(static/a\.[0-9a-f]{10}\.gif)"', html)
    assert tree(tmp_path)[copy] == moving
    assert size_of(html) == ("30", "20")
    assert "<source" not in html


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('<svg xmlns="x" width="30px" height="20.4">', ("30", "20")),
        ("<?xml version='1.0'?><!-- <p> -->\n<svg viewBox='0 0 300 200' width='100%'>", ("300", "200")),
        ("<svg>", ()),
    ],
)
def test_a_drawing_is_left_as_it_is_with_the_size_that_it_tells(
    tmp_path: Path, root: str, size: tuple[str, ...]
) -> None:
    html = shown(tmp_path, '{% image "a.svg" alt="" %}', **{"static/a.svg": f"{root}</svg>"})

    assert re.search(r'src="/static/a\.[0-9a-f]{10}\.svg"', html)
    assert size_of(html) == size


def test_a_picture_of_images_is_published_in_its_variants_only(tmp_path: Path) -> None:
    shown(tmp_path, TAG, **{"images/photo.jpg": picture(exif=exif())})

    assert "static/photo.jpg" not in tree(tmp_path)
    assert "40w.jpg" in variants(tmp_path)
    assert not any(b"Exif" in content for content in tree(tmp_path).values())


def test_a_picture_can_lie_beside_its_page(tmp_path: Path) -> None:
    write(
        tmp_path, {"pages/posts/hill.jpg": picture(), "pages/posts/a.md": '{% image "./hill.jpg" alt="" %}'}
    )

    built(tmp_path)

    assert re.search(r'src="/posts/hill\.60w\.\w+\.jpg"', page(tmp_path, "posts/a/index.html"))


AT = r"templates/home\.html:2: "
FAULTS = {
    "missing": ('"foto.jpg" alt=""', r"there is no file static/foto\.jpg; perhaps you meant photo\.jpg"),
    "no alt": ('"photo.jpg"', r"the image photo\.jpg has no alt; expected alt=\"what it shows\", or"),
    "widths": ('"photo.jpg" alt="" widths="wide"', "widths is 'wide'; expected pixels"),
    "an option": ('"photo.jpg" alt="" width="3"', "has no option width; perhaps you meant widths"),
    "loading": ('"photo.jpg" alt="" loading="soon"', "loading is 'soon'; expected lazy, or eager"),
    "no picture": (
        '"words.jpg" alt=""',
        r"static/words\.jpg cannot be read as a picture .*; expected a JPEG",
    ),
    "cut off": ('"cut.jpg" alt=""', r"static/cut\.jpg cannot be read as a picture .*truncated"),
    "a bomb": ('"bomb.png" alt=""', r"static/bomb\.png is too large .*; expected at most 80 megapixels"),
    "above": ('"../site.toml" alt=""', r"there is no file static/\.\./site\.toml"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_picture_that_cannot_be_shown_is_told_with_its_place(tmp_path: Path, fault: str) -> None:
    arguments, message = FAULTS[fault]
    bomb = picture(kind="PNG").replace(b"\0\0\0\x3c\0\0\0\x28", b"\0\0\x40\0\0\0\x40\0")  # 16,384 each way
    files: dict[str, str | bytes] = {
        "static/photo.jpg": picture(),
        "static/words.jpg": b"hello",
        "static/cut.jpg": picture()[:-60],
        "static/bomb.png": with_checksum(bomb),
    }

    with pytest.raises(SiteError, match=AT + ".*" + message):
        shown(tmp_path, f"x\n{{% image {arguments} %}}", **files)


def with_checksum(png: bytes) -> bytes:
    return png[:29] + zlib.crc32(png[12:29]).to_bytes(4, "big") + png[33:]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("widths = []", r"images\.widths is \[\]; expected whole numbers of pixels up to"),
        ('formats = ["heic"]', r"images\.formats is \['heic'\]; expected some of"),
        ("quality = 101", r"images\.quality is 101; expected a whole number from 1 to 100"),
    ],
)
def test_settings_that_cannot_be_used_are_told(tmp_path: Path, line: str, message: str) -> None:
    files: dict[str, str | bytes] = {"static/photo.jpg": picture(), "site.toml": f"{SITE}[images]\n{line}\n"}

    with pytest.raises(SiteError, match=r"site\.toml: " + message):
        shown(tmp_path, TAG, **files)


def test_a_new_template_makes_no_variant_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(tmp_path, TAG, **{"static/photo.jpg": picture()})
    before = tree(tmp_path)
    monkeypatch.setattr(pixels, "variant", lambda *arguments: pytest.fail("it was made again"))

    shown(tmp_path, f"{TAG}!")

    assert tree(tmp_path).keys() == before.keys()


def test_an_edited_picture_makes_its_page_again_and_its_old_variants_go(tmp_path: Path) -> None:
    write(tmp_path, {"pages/other.md": "x"})
    shown(tmp_path, TAG, **{"static/photo.jpg": picture()})
    before = tree(tmp_path).keys()

    report = built(write(tmp_path, {"static/photo.jpg": picture(90, 30)}))

    assert report.written == ["index.html", "static/photo.jpg"]
    assert len(report.removed) == len(variants(tmp_path)) == 5
    assert len(before) == len(tree(tmp_path))
    assert tree(tmp_path) == clean_tree(tmp_path, tmp_path / "clean")


def test_a_picture_that_was_in_static_only_is_noticed_in_images(tmp_path: Path) -> None:
    shown(tmp_path, TAG, **{"static/photo.jpg": picture()})

    built(write(tmp_path, {"images/photo.jpg": picture(40, 40)}))

    assert size_of(page(tmp_path, "index.html")) == ("40", "40")


def test_the_variants_that_nobody_wanted_for_long_make_room(tmp_path: Path) -> None:
    site = read_site(write(tmp_path, {}))
    old, used, new = (kept.kept(site, name, lambda: b"x" * 100) for name in ("old", "used", "new"))
    for path in (old, used):
        os.utime(path, (0, 0))
    kept.kept(site, "used", lambda: b"")

    kept.trim(site, most=150)

    assert [path.exists() for path in (old, used, new)] == [False, True, True]


MARKDOWN = (
    '# Home\n\n![A hill](/static/photo.jpg "Far") ![](/a/b.png) ![](gone.png) ![](https://e.org/x.jpg)\n'
)


def test_pictures_of_markdown_have_the_size_of_their_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "static/photo.jpg": picture(),
        "pages/a/b.png": picture(30, 20, kind="PNG"),
    }

    built(write(tmp_path, {**files, "pages/a.md": MARKDOWN + "\n`<img src=/static/photo.jpg>`"}))

    assert re.findall(r"<img[^>]*>", page(tmp_path, "a/index.html")) == [
        '<img width="60" height="40" src="/static/photo.jpg" alt="A hill" title="Far" />',
        '<img width="30" height="20" src="/a/b.png" alt="" />',
        '<img src="gone.png" alt="" />',
        '<img src="https://e.org/x.jpg" alt="" />',
    ]


def test_pictures_of_markdown_come_in_several_sizes_if_asked_for(tmp_path: Path) -> None:
    toml = f"{SITE}[images]\nmarkdown = true\nwidths = [20]\n"

    built(write(tmp_path, {"site.toml": toml, "static/photo.jpg": picture(), "pages/a.md": MARKDOWN}))

    assert re.search(
        r'<picture>.*<img src="/static/photo\.20w\.\w+\.jpg" alt="A hill" width="20" height="13"'
        r' loading="lazy" decoding="async" title="Far"></picture>',
        page(tmp_path, "a/index.html"),
    )


def test_a_picture_of_markdown_that_appears_or_changes_is_noticed(tmp_path: Path) -> None:
    built(write(tmp_path, {"pages/a.md": MARKDOWN}))
    sizes = []
    for side in (10, 20):
        built(write(tmp_path, {"pages/a/gone.png": picture(side, side, kind="PNG")}))
        sizes.append(size_of(page(tmp_path, "a/index.html")))

    assert sizes == [("10", "10"), ("20", "20")]


def test_a_picture_of_markdown_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    text = f"---\ntitle: x\n---\n{MARKDOWN}"

    with pytest.raises(SiteError, match=r"pages/a\.md:6: static/photo\.jpg cannot be read as a picture"):
        built(write(tmp_path, {"static/photo.jpg": b"hello", "pages/a.md": text}))
