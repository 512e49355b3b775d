"""The PNG writer of our own writes what Pillow would, in a file that any reader takes."""

import struct
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import placeholder
from tests.placeholder.ink import difference
from tests.placeholder.service import Reply, forget

SIDES = st.integers(1, 70) | st.integers(1, 400) | st.sampled_from([255, 256, 511, 1024, 1025])
COLOURS = st.builds(placeholder.Colour, *[st.integers(0, 255)] * 3, st.just(255) | st.integers(0, 255))
LETTERS = st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cs", "Cf"])
TEXTS = st.text(LETTERS, max_size=30) | st.from_regex(r"[0-9]{1,4} ?× ?[0-9]{1,4}", fullmatch=True)


@st.composite
def pictures(draw: st.DrawFn) -> placeholder.Picture:
    text = placeholder.TextField().to_python(draw(TEXTS)) or ""
    return placeholder.Picture(
        width=draw(SIDES),
        height=draw(SIDES),
        scale=draw(st.integers(1, 3)),
        format="png",
        background=draw(COLOURS),
        ink=draw(COLOURS),
        text=text,
        font=draw(st.sampled_from(sorted(placeholder.FAMILIES))),
        font_size=draw(st.none() | st.integers(4, 200)),
    )


@given(pictures())
@settings(max_examples=80, deadline=None)
def test_what_is_read_back_is_what_pillow_would_draw(picture: placeholder.Picture) -> None:
    forget()
    written = placeholder.flat_png(picture)
    assert written is not None

    decoded = Reply(200, [], written[0]).image("RGBA")

    stamp = placeholder.stamp_of(placeholder.label_of(picture), picture.scale, picture.ink)
    assert decoded.size == picture.pixels
    assert same(decoded, placeholder.indexed(picture, stamp).convert("RGBA"))


@given(pictures())
@settings(max_examples=40, deadline=None)
def test_a_picture_drawn_from_what_is_kept_is_the_same(picture: placeholder.Picture) -> None:
    forget()
    first = placeholder.flat_png(picture)

    again = placeholder.flat_png(picture)

    assert again == first


@given(pictures())
@settings(max_examples=40, deadline=None)
def test_every_chunk_and_the_stream_of_pixels_are_whole(picture: placeholder.Picture) -> None:
    written = placeholder.flat_png(picture)
    assert written is not None

    chunks = chunks_of(written[0])
    (width, height, depth, *rest), pixels = header_and_pixels(chunks)

    assert [name for name, _ in chunks if name != b"tRNS"] == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert ((width, height), rest) == (picture.pixels, [3, 0, 0, 0])
    assert len(pixels) == height * (1 + (width * depth + 7) // 8)
    assert max(shades(pixels, width, depth), default=0) < len(dict(chunks)[b"PLTE"]) // 3


@pytest.mark.parametrize("size", [(4000, 4000), (4000, 1), (1, 4000), (4000, 33), (33, 4000), (2047, 2049)])
@pytest.mark.parametrize("text", ["", "Hello", "one\ntwo"])
def test_large_and_narrow_pictures_are_whole(size: tuple[int, int], text: str) -> None:
    """Their empty rows are put together from blocks that were deflated once."""
    black, white = placeholder.BLACK, placeholder.WHITE
    picture = placeholder.Picture(*size, 1, "png", white, black, text, "sans", None)
    written = placeholder.flat_png(picture)
    assert written is not None

    (width, height, depth, *_), pixels = header_and_pixels(chunks_of(written[0]))

    assert (width, height) == size
    assert len(pixels) == height * (1 + (width * depth + 7) // 8)
    assert pixels[:: 1 + (width * depth + 7) // 8].strip(b"\0") == b""  # no row has a filter


@given(COLOURS, COLOURS)
@settings(max_examples=150, deadline=None)
def test_the_shades_go_from_the_background_to_the_ink_in_even_steps(
    background: placeholder.Colour, ink: placeholder.Colour
) -> None:
    shades = placeholder.palette(background, ink)

    assert len(shades) == 16
    assert shades[0] == background or background.alpha == 0
    assert shades[0].alpha == background.alpha
    if background.alpha == ink.alpha == 255:
        assert shades[-1] == ink
        for low, high in pairwise(shades):
            steps = [(b - a) * 15 - (y - x) for a, b, x, y in zip(low, high, background, ink, strict=True)]
            assert max(map(abs, steps)) <= 15


def same(one: Image.Image, other: Image.Image) -> bool:
    return difference(one, other)[1] == 0


def chunks_of(file: bytes) -> list[tuple[bytes, bytes]]:
    """Split a PNG as its specification says (third edition, 5.3), checking every CRC."""
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = [], 8
    while place < len(file):
        (length,) = struct.unpack_from(">I", file, place)
        name, body = file[place + 4 : place + 8], file[place + 8 : place + 8 + length]
        assert file[place + 8 + length :][:4] == zlib.crc32(name + body).to_bytes(4, "big")
        chunks.append((name, body))
        place += 12 + length
    return chunks


def header_and_pixels(chunks: list[tuple[bytes, bytes]]) -> tuple[list[int], bytes]:
    """The fields of IHDR, and the rows of a stream that ends, with a right checksum, where IDAT does."""
    parts = dict(chunks)
    reader = zlib.decompressobj()
    pixels = reader.decompress(parts[b"IDAT"])
    assert reader.eof
    assert reader.unused_data == b""
    return list(struct.unpack(">IIBBBBB", parts[b"IHDR"])), pixels


def shades(pixels: bytes, width: int, depth: int) -> set[int]:
    """The values that occur in rows of packed pixels."""
    stride = 1 + (width * depth + 7) // 8
    used = set(b"".join(pixels[row + 1 : row + stride] for row in range(0, len(pixels), stride)))
    return {byte >> shift & (1 << depth) - 1 for byte in used for shift in range(0, 8, depth)}
