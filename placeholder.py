"""Answer an address such as /600x400 with a picture of that size: one file, Django as a set of libraries.

    python placeholder.py runserver                      try it: http://127.0.0.1:8002/
    granian --interface wsgi placeholder:application     serve it; any WSGI server will do
    python placeholder.py render 600x400.png out.png     make one picture for a script

It reads from top to bottom: settings, tables, colours, the grammar of addresses, the form that decides
what is valid, fonts, the label, the painting, the encoders, the answers, the views and the entry points.
"""

import gc
import io
import json
import math
import os
import platform
import re
import struct
import sys
import textwrap
import threading
import unicodedata
import zlib
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Self, cast
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode

import font_source_sans_pro
import font_source_serif_pro
import isal
import PIL
from django import forms
from django.conf import settings
from django.core.cache import close_caches
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser, execute_from_command_line
from django.core.management.commands.runserver import Command as Runserver
from django.core.signals import request_finished, request_started
from django.core.signing import Signer
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import Context, Engine
from django.urls import path, re_path
from django.utils.crypto import constant_time_compare
from django.utils.html import escape
from django.utils.http import parse_etags
from isal import isal_zlib
from PIL import Image, ImageColor, ImageDraw, ImageFont, features
from zlib_ng import zlib_ng

# --- Settings: what the environment says, read once -----------------------------------------------


class Style(NamedTuple):
    """What an address means that does not say everything; the hosts that people come from differ in this."""

    background: str
    ink: str | None  # None: the ink is chosen by its contrast with the background
    ink_of_any: bool  # whether `ink` also goes onto a background that the address chose
    format: str


STYLES = {
    "contrast": Style("dddddd", None, False, "png"),
    "dummyimage.com": Style("cccccc", "000000", True, "png"),
    "placehold.co": Style("dddddd", "999999", False, "svg"),
}


def whole_number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isascii() or not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}; expected a whole number")
    return int(value)


def folders(name: str) -> list[Path]:
    found = [Path(folder) for folder in os.environ.get(name, "").split(os.pathsep) if folder]
    for folder in found:
        if not folder.is_dir():
            raise ImproperlyConfigured(f"{name} names {str(folder)!r}; expected folders that exist")
    return found


def styles(value: str) -> tuple[str, dict[str, str]]:
    """Read `STYLE` or `HOST=STYLE,…[,STYLE]`: the style of all hosts, and those of single ones."""
    of_all, of_host = "contrast", {}
    for item in filter(None, (item.strip() for item in value.split(","))):
        host, _, style = item.rpartition("=")
        if style not in STYLES:
            names = ", ".join(STYLES)
            raise ImproperlyConfigured(
                f"PLACEHOLDER_DEFAULTS is {value!r}; expected one of {names}, or HOST=STYLE"
            )
        if host:
            of_host[host.lower()] = style
        else:
            of_all = style
    return of_all, of_host


STYLE_OF_ALL, STYLE_OF_HOST = styles(os.environ.get("PLACEHOLDER_DEFAULTS", ""))
SIGNING_KEY = os.environ.get("PLACEHOLDER_KEY", "")  # empty: every address is answered
ANSWER_BYTES = whole_number("PLACEHOLDER_CACHE_MIB", 4) << 20
FONT_FOLDERS = folders("PLACEHOLDER_FONTS")
PORT = whole_number("PLACEHOLDER_PORT", 8002)

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],  # no answer repeats the host's name, so none can be poisoned by it
        DEBUG=os.environ.get("DEBUG", "").lower() in ("1", "true", "on"),
        ROOT_URLCONF=__name__,
        WSGI_APPLICATION=f"{__name__}.application",
        SECRET_KEY="unused: PLACEHOLDER_KEY signs addresses",  # noqa: S106 - no secret
        USE_I18N=False,
    )

# --- Limits, chosen so that no legal request costs more than half a second or 100 MB --------------

MOST_SIDE = 4000  # pixels, after @2x and @3x
MOST_PIXELS = {"webp": 4_000_000, "avif": 3_000_000}  # of a picture of one colour and a label
MOST_PIXELS_ELSE = 16_000_000
MOST_PAINTED_PIXELS = {"webp": 2_000_000, "avif": 2_000_000}  # of one with emoji, gradient, stripes or frame
MOST_PAINTED_PIXELS_ELSE = 4_000_000
MOST_CHARACTERS = 200  # of a label
MOST_LINES = 10  # of a label
MOST_EMOJI = 50  # of a label: each one is a picture that is decoded
MOST_ADDRESS = 4096  # bytes of path and query together


def most_pixels(form: str, is_painted: bool) -> int:
    if is_painted:
        return MOST_PAINTED_PIXELS.get(form, MOST_PAINTED_PIXELS_ELSE)
    return MOST_PIXELS.get(form, MOST_PIXELS_ELSE)


# --- Tables ---------------------------------------------------------------------------------------

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml; charset=utf-8",
}
SIZES = {
    # Screens
    "cga": (320, 200), "qvga": (320, 240), "hvga": (480, 320), "vga": (640, 480), "wvga": (800, 480),
    "svga": (800, 600), "wsvga": (1024, 600), "xga": (1024, 768), "wxga": (1280, 800), "sxga": (1280, 1024),
    "wsxga": (1440, 900), "uxga": (1600, 1200), "wuxga": (1920, 1200), "qxga": (2048, 1536),
    "wqxga": (2560, 1600), "qsxga": (2560, 2048), "wqsxga": (3200, 2048), "quxga": (3200, 2400),
    "wquxga": (3840, 2400),
    # Video
    "ntsc": (720, 480), "pal": (768, 576), "hd": (1280, 720), "hd720": (1280, 720), "720p": (1280, 720),
    "fhd": (1920, 1080), "hd1080": (1920, 1080), "1080p": (1920, 1080), "qhd": (2560, 1440),
    "1440p": (2560, 1440), "2k": (2560, 1440), "uhd": (3840, 2160), "2160p": (3840, 2160), "4k": (3840, 2160),
    # Advertisements, by the names of the Interactive Advertising Bureau and dummyimage.com's short forms
    "mediumrectangle": (300, 250), "medrect": (300, 250), "squarepopup": (250, 250), "sqrpop": (250, 250),
    "verticalrectangle": (240, 400), "vertrec": (240, 400), "largerectangle": (336, 280),
    "lrgrec": (336, 280), "rectangle": (180, 150), "rec": (180, 150), "popunder": (720, 300),
    "pop": (720, 300), "fullbanner": (468, 60), "fullban": (468, 60), "halfbanner": (234, 60),
    "halfban": (234, 60), "microbar": (88, 31), "mibar": (88, 31), "button1": (120, 90), "but1": (120, 90),
    "button2": (120, 60), "but2": (120, 60), "verticalbanner": (120, 240), "vertban": (120, 240),
    "squarebutton": (125, 125), "sqrbut": (125, 125), "leaderboard": (728, 90), "leadbrd": (728, 90),
    "wideskyscraper": (160, 600), "wiskyscrpr": (160, 600), "skyscraper": (120, 600),
    "skyscrpr": (120, 600), "halfpage": (300, 600), "hpge": (300, 600), "billboard": (970, 250),
    "mobilebanner": (320, 50),
    # Pages
    "og": (1200, 630), "opengraph": (1200, 630), "story": (1080, 1920), "avatar": (128, 128),
    "favicon": (32, 32),
}  # fmt: skip
COLOURS = {name: ImageColor.getrgb(name)[:3] for name in ImageColor.colormap}

LINEAR = [  # the light of each value of sRGB
    value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in range(256)
]

# --- Colours --------------------------------------------------------------------------------------


class Channels(NamedTuple):
    red: int
    green: int
    blue: int
    alpha: int = 255


class Colour(Channels):
    """Red, green, blue and opacity, each from 0 to 255, not premultiplied."""

    __slots__ = ()

    @classmethod
    @lru_cache(maxsize=256)
    def parse(cls, text: str) -> Self:
        """Read 1, 2, 3, 4, 6 or 8 hexadecimal digits, a CSS name or `transparent`, perhaps with `,ALPHA`."""
        word, comma, alpha = text.lower().removeprefix("#").partition(",")
        colour = cls._of_word(word)
        if not comma:
            return colour
        if not re.fullmatch("[0-9]{1,3}", alpha, re.ASCII) or int(alpha) > 255:
            raise ValueError(
                f"the opacity of {shortened(word)} is {shortened(alpha)!r}; expected a number from 0 to 255"
            )
        return colour._replace(alpha=int(alpha))

    @classmethod
    def _of_word(cls, word: str) -> Self:
        if word == "transparent":
            return cls(255, 255, 255, 0)
        if word in COLOURS:
            return cls(*COLOURS[word])
        if not re.fullmatch("[0-9a-f]+", word) or len(word) not in (1, 2, 3, 4, 6, 8):
            raise ValueError(
                f"{shortened(word)!r} is no colour; expected 1, 2, 3, 4, 6 or 8 hexadecimal digits "
                "such as 09f, a CSS name such as teal, or transparent"
            )
        if len(word) in (3, 4):
            word = "".join(digit * 2 for digit in word)
        return cls(*bytes.fromhex(word * (6 // len(word)) if len(word) < 6 else word))

    def __str__(self) -> str:
        return bytes(self[:3] if self.alpha == 255 else self).hex()

    def luminance(self) -> float:
        """Relative luminance, as WCAG 2.2 defines it, over white where it is not opaque."""
        red, green, blue, _ = self.over_white()
        return 0.2126 * LINEAR[red] + 0.7152 * LINEAR[green] + 0.0722 * LINEAR[blue]

    def contrast(self, other: "Colour") -> float:
        """The contrast ratio of WCAG 2.2, from 1 to 21."""
        darker, lighter = sorted((self.luminance(), other.luminance()))
        return (lighter + 0.05) / (darker + 0.05)

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """Blend towards `other`, with the weights of their opacity, as a painter of text does."""
        alpha = self.alpha + (other.alpha - self.alpha) * share
        weights = (
            (self.alpha * (1 - share) / alpha, other.alpha * share / alpha) if alpha else (1 - share, share)
        )
        red, green, blue = (
            round(a * weights[0] + b * weights[1]) for a, b in zip(self[:3], other[:3], strict=True)
        )
        return Colour(red, green, blue, round(alpha))

    def over_white(self) -> "Colour":
        return self if self.alpha == 255 else WHITE.mixed(self._replace(alpha=255), self.alpha / 255)

    @lru_cache(maxsize=1024)  # noqa: B019 - colours are small values
    def readable_ink(self) -> "Colour":
        """The mildest tint or shade of this colour that reaches the 4.5 of WCAG's level AA."""
        if self.alpha < 64:
            return Colour(118, 118, 118)  # about 4.6 on white and on black alike
        target = max(BLACK, WHITE, key=self.contrast)
        inks = (self.over_white().mixed(target, share / 10) for share in range(5, 11))
        return next((ink for ink in inks if self.contrast(ink) >= 4.5), target)


BLACK, WHITE, TRANSPARENT = Colour(0, 0, 0), Colour(255, 255, 255), Colour(255, 255, 255, 0)


def seeded_colour(seed: str) -> Colour:
    """The colour of a name: the same for ever, neither too pale nor too dark for a label."""
    digest = blake2b(seed.encode(), digest_size=3).digest()
    return Colour(
        *ImageColor.getrgb(f"hsl({digest[0] * 360 // 256}, {45 + digest[1] % 30}%, {38 + digest[2] % 36}%)")
    )


# --- The grammar: an address becomes the form's data ----------------------------------------------

SUFFIX = re.compile(r"(?P<value>.*?)(?:\.(?P<format>png|jpe?g|gif|webp|avif|svg|json))?", re.DOTALL)
FORMATS = {**{name: name for name in MEDIA_TYPES}, "jpeg": "jpg", "json": "json"}
QUERY_NAMES = {
    "text": "text", "font": "font", "size": "font_size", "font_size": "font_size", "radius": "radius",
    "border": "border", "gradient": "gradient", "stripes": "stripes", "sig": "signature", "json": "describe",
}  # fmt: skip


class Refused(Exception):
    """An address that cannot be answered with a picture: why, and with which HTTP status."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.why, self.status = why, status


def read_address(path: str, query: str, found: dict[str, str]) -> None:
    """Split `/SIZE[@2x][.ext][/BG][/FG][/ext][&text=…]` and its query into named words in `found`, unchecked.

    Both grammars are read: placehold.co's, and dummyimage.com's, which allows an extension after any part
    and a text in the path. Words are folded to lower case, a text and a seed are not. Path and query hold
    bytes as WSGI gives them (PEP 3333).
    """
    try:
        address, ampersand, inner_query = path.encode("latin-1").decode().strip("/").partition("&")
        query = query.encode("latin-1").decode()
    except UnicodeError:
        raise Refused("the address is not UTF-8; expected one such as /600x400", 404) from None
    words = [word for word in address.split("/") if word]
    if words and words[0].lower() == "image":
        words = words[1:]
    if words and words[0].lower() == "seed":
        found["seed"] = "".join(words[1:2])
        words = words[2:]
    read_words([word.lower() for word in words], found)
    if ampersand:
        found.update(read_query(quote(inner_query, safe="=&+")))
    if query:
        found.update(read_query(query))


def read_words(words: list[str], found: dict[str, str]) -> None:
    """Put the size, the colours and the format of a path's words into `found`."""
    if not words:
        raise Refused("no size is given; expected an address such as /600x400", 404)
    places = ["size", "background", "ink"]
    for word in words:
        value, extension = SUFFIX.fullmatch(word).group("value", "format")  # type: ignore[union-attr]
        if value in FORMATS and not extension and len(places) < 3:
            value, extension = "", value
        if extension:
            found["describe" if extension == "json" else "format"] = FORMATS[extension]
        if value:
            if not places:
                raise Refused(
                    f"{shortened(word)!r} is one part too many; expected /SIZE/BACKGROUND/INK/FORMAT at most",
                    404,
                )
            found[places.pop(0)] = value
    size, at, scale = found.get("size", "").partition("@")
    if at:
        found["size"], found["scale"] = size, scale


def read_query(query: str) -> dict[str, str]:
    """Take the options that we know; others, such as a version that evades a cache, are ignored."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=50)
    except UnicodeDecodeError:
        raise Refused("the query is not UTF-8; expected text such as ?text=caf%C3%A9") from None
    except ValueError:
        raise Refused(
            "the query has more than 50 options; expected a few, such as ?text=Hello&font=serif"
        ) from None
    return {QUERY_NAMES[name]: value for name, value in pairs if name in QUERY_NAMES}


# --- The form: what is valid ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A request in its one normal form: equal pictures have equal bytes, and so one ETag."""

    width: int  # CSS pixels, as is all below
    height: int
    scale: int
    format: str
    background: Colour
    ink: Colour
    text: str
    font: str
    font_size: int | None  # None: as it fits
    radius: int = 0
    border: int = 0
    border_colour: Colour = BLACK
    gradient: tuple[Colour, int] | None = None  # towards which colour, at which angle in degrees
    stripes: tuple[Colour, int] | None = None  # of which colour, how wide

    @property
    def pixels(self) -> tuple[int, int]:
        return self.width * self.scale, self.height * self.scale

    def is_flat(self) -> bool:
        """Whether it is one colour and a label, which is what the fast encoder draws."""
        return not (self.radius or self.border or self.gradient or self.stripes)

    def digest(self) -> str:
        """Name the bytes of the picture, as an ETag does."""
        return blake2b(f"{DRAWING}{self!r}".encode(), digest_size=12).hexdigest()


class Stateless(forms.Field):
    """A field that a form shares instead of copying: none of ours is ever changed for one request."""

    def __deepcopy__(self, memo: object) -> Self:
        return self


class SizeField(Stateless):
    """`600x400`, `400`, `640x4:3`, `16:9x1080` or a name of SIZES: a width and a height in CSS pixels."""

    def to_python(self, value: str | None) -> tuple[int, int] | None:
        if not value:
            return None
        if value in SIZES:
            return SIZES[value]
        one, _, other = value.partition("x")
        try:
            if ":" in one:
                return self.by_ratio(one, self.length(other)), self.length(other)
            if ":" in other:
                return self.length(one), self.by_ratio(":".join(reversed(other.split(":"))), self.length(one))
            return self.length(one), self.length(other if "x" in value else one)
        except ValueError:
            raise ValidationError(
                f"{shortened(value)!r} is no size; expected pixels such as 600x400 or 400, "
                "a ratio such as 640x4:3 or 16:9x1080, or a name such as vga",
                code="unknown",
            ) from None

    @staticmethod
    def length(digits: str) -> int:
        """Read pixels; int() alone would also take signs, underscores and the digits of other scripts."""
        if not re.fullmatch("[0-9]{1,40}", digits):
            raise ValueError(digits)
        return int(digits)

    def by_ratio(self, ratio: str, length: int) -> int:
        part, whole = map(self.length, ratio.split(":"))
        if not whole:
            raise ValueError(ratio)
        return (length * part * 2 + whole) // (whole * 2)


class ScaleField(Stateless):
    def to_python(self, value: str | None) -> int:
        if value is None:
            return 1
        if value not in ("1x", "2x", "3x"):
            raise ValidationError(f"@{shortened(value)} is no resolution; expected @2x or @3x")
        return int(value[0])


class ColourField(Stateless):
    def to_python(self, value: str | None) -> Colour | None:
        return colour(value) if value else None


class TextField(Stateless):
    r"""A label. The two characters `\n`, a bar and a real line break all break the line; `\|` is a bar."""

    def to_python(self, value: str | None) -> str | None:
        if value is None:
            return None
        text = re.sub(r"\\n|\r\n?|(?<!\\)\|", "\n", value).replace("\\|", "|").replace("\t", " ")
        lines = [line.strip() for line in text.strip().split("\n")]
        text = unicodedata.normalize("NFC", "\n".join(lines))
        if len(text) > MOST_CHARACTERS or len(lines) > MOST_LINES:
            raise ValidationError(
                f"the text has {len(text)} characters in {len(lines)} lines; "
                f"at most {MOST_CHARACTERS} in {MOST_LINES} are drawn"
            )
        for character in text.replace("\n", ""):
            if unicodedata.category(character) in ("Cc", "Cs") or character in NO_CHARACTERS:
                raise ValidationError(f"the text has U+{ord(character):04X}, which is no letter to draw")
        return text


NO_CHARACTERS = "\ufffe\uffff"  # which no XML, and so no SVG, may hold


class FontField(Stateless):
    def to_python(self, value: str | None) -> str:
        name = re.sub(r"[^a-z0-9-]", "-", value.lower()) if value else "sans"
        if name not in FAMILIES and name not in LOOKALIKES and not find_font(name):
            names = ", ".join([*FAMILIES, *LOOKALIKES])
            raise ValidationError(f"there is no font {shortened(name)!r} here; expected one of {names}")
        return name


class NumberField(Stateless):
    """A whole number of pixels; `words` are names for some of them."""

    def __init__(self, what: str, least: int, most: int, words: dict[str, int] | None = None) -> None:
        super().__init__(required=False)
        self.what, self.least, self.most, self.words = what, least, most, words or {}

    def to_python(self, value: str | None) -> int | None:
        if not value:
            return None
        if value.lower() in self.words:
            return self.words[value.lower()]
        return number(self.what, value, self.least, self.most)


class PairField(Stateless):
    """`COLOUR` or `COLOUR,NUMBER`."""

    def __init__(self, what: str, least: int, most: int, default: int) -> None:
        super().__init__(required=False)
        self.what, self.least, self.most, self.default = what, least, most, default

    def to_python(self, value: str | None) -> tuple[Colour, int] | None:
        if not value:
            return None
        word, comma, amount = value.partition(",")
        chosen = number(self.what, amount, self.least, self.most) if comma else self.default
        return colour(word), chosen


class BorderField(Stateless):
    """`NUMBER` or `NUMBER,COLOUR`; without one, the border has the colour of the ink."""

    def to_python(self, value: str | None) -> tuple[int, Colour | None]:
        width, comma, word = (value or "0").partition(",")
        return number("the border", width, 0, 200), colour(word) if comma else None


def colour(word: str) -> Colour:
    try:
        return Colour.parse(word)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def number(what: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch("[0-9]{1,5}", value) or not least <= int(value) <= most:
        raise ValidationError(
            f"{what} is {shortened(value)!r}; expected a whole number from {least} to {most}"
        )
    return int(value)


ROUND = MOST_SIDE  # a radius that no side exceeds


class PictureForm(forms.Form):
    """Decide whether an address can be drawn; every message says what was wrong and what would be right."""

    size = SizeField(error_messages={"required": "no size is given; expected an address such as /600x400"})
    scale = ScaleField(required=False)
    background = ColourField(required=False)
    ink = ColourField(required=False)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not self.errors:
            width, height = found["size"]
            self.check_sides(width, height, found.get("scale") or 1)
        return found

    def check_sides(self, width: int, height: int, scale: int) -> None:
        if min(width, height) < 1:
            raise ValidationError(f"{width}x{height} has nothing to draw; expected at least 1x1")
        if max(width, height) * scale > MOST_SIDE:
            raise ValidationError(
                f"{shortened(str(width))}x{shortened(str(height))} at @{scale}x is too long; "
                f"at most {MOST_SIDE} pixels a side"
            )
        self.check_area(width * height * scale * scale)

    def check_area(self, pixels: int) -> None:
        most = most_pixels(self.data.get("format", ""), self.is_painted())
        if pixels > most:
            raise ValidationError(
                f"{pixels / 1e6:.1f} million pixels are too many; "
                f"at most {most / 1e6:.0f} million of this format and these options are drawn"
            )

    def is_painted(self) -> bool:
        return False

    def picture(self, style: Style) -> Picture:
        """The valid request in its normal form, with what the address leaves open taken from `style`."""
        found = self.cleaned_data.get
        (width, height), border = self.cleaned_data["size"], found("border") or (0, None)
        background, ink = self.colours(style)
        half = (min(width, height) + 1) // 2  # what a radius or a border can fill
        text = found("text")
        return Picture(
            width=width,
            height=height,
            scale=found("scale") or 1,
            format=self.data.get("format", style.format),
            background=background,
            ink=ink,
            text=default_label(width, height) if text is None else text,
            font=found("font") or "sans",
            font_size=found("font_size"),
            radius=min(found("radius") or 0, half),
            border=min(border[0], half),
            border_colour=(border[1] or ink) if border[0] else BLACK,
            gradient=found("gradient"),
            stripes=found("stripes"),
        )

    def colours(self, style: Style) -> tuple[Colour, Colour]:
        """Background and ink: as given, else by the seed, else by the style, else by contrast."""
        seed, given, ink = (
            self.data.get("seed"),
            self.cleaned_data.get("background"),
            self.cleaned_data.get("ink"),
        )
        background = given or (seeded_colour(seed) if seed else Colour.parse(style.background))
        if not ink and style.ink and (style.ink_of_any or not (given or seed)):
            ink = Colour.parse(style.ink)
        return background, ink or background.readable_ink()


class OptionsForm(PictureForm):
    """A picture whose address has options in its query, too."""

    text = TextField(required=False)
    font = FontField(required=False)
    font_size = NumberField("the size of the label", 4, 1000)
    radius = NumberField("the radius", 0, MOST_SIDE, {"round": ROUND})
    border = BorderField(required=False)
    gradient = PairField("the angle of the gradient", 0, 359, default=180)
    stripes = PairField("the width of the stripes", 1, 1000, default=20)

    def is_painted(self) -> bool:
        found = self.cleaned_data.get
        styled = found("radius") or found("gradient") or found("stripes") or (found("border") or (0,))[0]
        return bool(styled) or count_emoji(found("text") or "") > 0

    def clean_text(self) -> str | None:
        text: str | None = self.cleaned_data["text"]
        if text and (emoji := count_emoji(text)) > MOST_EMOJI:
            raise ValidationError(f"the text has {emoji} emoji; at most {MOST_EMOJI} are drawn")
        return text


@lru_cache(maxsize=256)
def form_for(names: frozenset[str]) -> type[OptionsForm]:
    """The form without the fields that an address does not name: Django's cost is by the field."""
    left_out = OptionsForm.base_fields.keys() - names - {"size"}
    return type("NamedForm", (OptionsForm,), dict.fromkeys(left_out))


def decide(path: str, query: str, style: str) -> "tuple[Picture | Refused, str]":
    """What an address asks for, or why it cannot be had; and whether as `json` or in which image format."""
    if len(path) + len(query) > MOST_ADDRESS:
        length = len(path) + len(query)
        why = f"the address has {length} bytes; at most {MOST_ADDRESS} are read"
        return Refused(why, 414), STYLES[style].format
    return decided(path, query, style)


@lru_cache(maxsize=512)
def decided(path: str, query: str, style: str) -> "tuple[Picture | Refused, str]":
    """Let the form decide, and remember its verdict."""
    found: dict[str, str] = {}
    try:
        read_address(path, query, found)
        check_signature(path, query, found)
        verdict: Picture | Refused = validated(found).picture(STYLES[style])
    except Refused as refused:
        verdict = refused
    return verdict, "json" if "describe" in found else found.get("format", STYLES[style].format)


def validated(found: dict[str, str]) -> PictureForm:
    form = form_for(frozenset(found))(found)
    if not form.is_valid():
        field, [error, *_] = next(iter(form.errors.as_data().items()))
        raise Refused(error.messages[0], 404 if field == "size" and error.code == "unknown" else 400)
    return form


def check_signature(path: str, query: str, found: dict[str, str]) -> None:
    """Where a key is set, answer only what its holder has signed."""
    if SIGNING_KEY and not constant_time_compare(found.get("signature", ""), signature(path, query)):
        raise Refused(
            "the address is not signed by this host; expected ?sig= from `python placeholder.py sign`", 403
        )


def signature(path: str, query: str) -> str:
    """The signature of an address, of which `sig` itself is no part."""
    signed = re.sub(r"(^|&)sig=[^&]*", "", query).lstrip("&")
    return Signer(key=SIGNING_KEY, salt="placeholder", sep=":").signature(f"{path}?{signed}")


def signed(path: str, query: str) -> str:
    """The query, with the signature that this host asks for, if it asks for one."""
    return "&".join(filter(None, (query, SIGNING_KEY and f"sig={signature(path, query)}")))


def shortened(word: str) -> str:
    return word if len(word) <= 20 else f"{word[:20]}…"


def default_label(width: int, height: int) -> str:
    if width == height < 24:
        return str(width)  # all that can be read in so little room
    return f"{width} × {height}" if width >= 100 else f"{width}×{height}"


# --- Fonts: which file draws which character ------------------------------------------------------

FAMILIES = {  # a name for designers, and the files that draw it, the first that is installed
    "sans": ["sourcesanspro-semibold"],
    "sans-light": ["sourcesanspro-light"],
    "sans-bold": ["sourcesanspro-bold"],
    "serif": ["sourceserifpro-semibold"],
    "serif-light": ["sourceserifpro-light"],
    "serif-bold": ["sourceserifpro-bold"],
    "mono": ["dejavusansmono", "notosansmono-regular", "menlo", "consola", "sourcesanspro-semibold"],
}
LOOKALIKES = {  # the fonts of placehold.co and fakeimg.pl: themselves where installed, else the nearest
    **dict.fromkeys(
        ["lato", "montserrat", "noto-sans", "open-sans", "poppins", "pt-sans", "raleway", "roboto"], "sans"
    ),
    **dict.fromkeys(["source-sans-pro", "noto", "museo"], "sans"),
    **dict.fromkeys(["oswald", "bebas"], "sans-bold"),
    **dict.fromkeys(["lora", "playfair-display", "lobster"], "serif"),
}
SYSTEM_FOLDERS = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
]
OTHER_SCRIPTS = [  # asked in this order for what neither the chosen font nor the script's own covers
    "notosans-regular", "notosanscjk-regular", "pingfang", "hiraginosansgb", "msyh", "yugothr", "malgun",
    "notosanssymbols-regular", "notosanssymbols2-regular", "notosansmath-regular", "dejavusans",
    "arial unicode", "unifont",
]  # fmt: skip
EMOJI_FONTS = {"notocoloremoji": 109, "apple color emoji": 160, "seguiemj": 109}  # the pixels that each holds
JOINERS = "\u200d\ufe0e\ufe0f"  # they belong to the character before them
EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)


@lru_cache(maxsize=1)
def installed_fonts() -> dict[str, Path]:
    """Font files by their folded names; ours from PyPI first, so that no other replaces them."""
    own = [Path(package.font_directory) for package in (font_source_sans_pro, font_source_serif_pro)]
    system = [Path(folder).expanduser() for folder in SYSTEM_FOLDERS]
    found: dict[str, Path] = {}
    for folder in [*own, *FONT_FOLDERS, *system]:
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in (".ttf", ".otf", ".ttc"):
                found.setdefault(file.stem.lower(), file)
    return found


def find_font(name: str) -> Path | None:
    """The file of a family's name such as `lato` or `dejavu-sans`, if one is installed."""
    fonts, folded = installed_fonts(), name.replace("-", "")
    stems = [name, f"{name}-regular", folded, f"{folded}-regular"]
    return next((fonts[stem] for stem in stems if stem in fonts and stem not in EMOJI_FONTS), None)


@lru_cache(maxsize=64)
def family_font(name: str) -> Path:
    stems = FAMILIES.get(name) or []
    fonts = installed_fonts()
    found = next((fonts[stem] for stem in stems if stem in fonts), None) or find_font(name)
    return found or family_font(LOOKALIKES[name])


@lru_cache(maxsize=12)
def font_of(
    file: Path, size: int, engine: ImageFont.Layout = ImageFont.Layout.BASIC
) -> ImageFont.FreeTypeFont:
    """An opened font; the basic layout is a quarter cheaper, and enough where letters stand side by side."""
    return ImageFont.truetype(str(file), size, layout_engine=engine)


@lru_cache(maxsize=32)
def coverage(file: Path) -> bytes:
    """A bit for each character of Unicode: whether the font has a glyph for it."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - 5 MB that Latin labels never need

    bits = bytearray(0x110000 >> 3)
    with suppress(TTLibError, OSError), TTFont(file, fontNumber=0, lazy=True) as font:
        for character in font.getBestCmap() or ():
            bits[character >> 3] |= 1 << (character & 7)
    return bytes(bits)  # of a broken file: nothing


def covers(file: Path, character: str) -> bool:
    code = ord(character)
    return bool(coverage(file)[code >> 3] >> (code & 7) & 1)


@lru_cache(maxsize=4096)
def font_for(character: str, family: str) -> Path | None:
    """The first font that covers a character: the chosen one, a colour emoji font, its script's, others."""
    from fontTools import unicodedata as scripts  # noqa: PLC0415 - as above

    script = scripts.script_name(scripts.script(character), default="").replace("_", "").lower()
    fonts = installed_fonts()
    stems = [*EMOJI_FONTS, f"notosans{script}-regular", f"notoserif{script}-regular", *OTHER_SCRIPTS]
    files = [family_font(family), family_font("sans"), *(fonts[stem] for stem in stems if stem in fonts)]
    return next((file for file in files if covers(file, character)), None)


def is_emoji_font(file: Path) -> bool:
    return file.stem.lower() in EMOJI_FONTS


def is_latin(text: str) -> bool:
    """Whether it needs no search: our own fonts have every character of Latin-1, as a test asserts."""
    return not text or max(text) < "\u0100"


def count_emoji(text: str) -> int:
    """How many characters of a text are drawn in colour."""
    if is_latin(text):
        return 0
    found = (run for line in text.split("\n") for run in runs(line, "sans")[0] if run.colourful)
    return sum(len(run.text) for run in found)


# --- The label: lines become runs of one font and one direction -----------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that one font draws in one direction."""

    file: Path
    text: str
    leftward: bool

    @property
    def colourful(self) -> bool:
        return is_emoji_font(self.file)

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        return font_of(self.file, size, ImageFont.Layout.BASIC if self.is_plain() else COMPLEX)

    def width(self, size: int) -> float:
        """How far it moves the pen at a font size in pixels."""
        if self.colourful:
            return emoji_tile(self).advance * size * EMOJI_SHARE
        return self.font(size).getlength(self.text, direction=self.direction())

    def direction(self) -> str | None:
        if COMPLEX is ImageFont.Layout.BASIC or self.is_plain():
            return None  # which only the complex layout understands
        return "rtl" if self.leftward else "ltr"

    def is_plain(self) -> bool:
        """Whether its characters only stand side by side; leftward, a bracket is mirrored, too."""
        return is_latin(self.text) and not self.leftward


EMOJI_SHARE = 0.85  # of the font size: a bitmap fills its whole box, a letter does not
# The layout that joins and orders letters, where Pillow has it.
COMPLEX = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC


def runs(line: str, family: str) -> tuple[list[Run], list[str]]:
    """The runs of a line from left to right, and the characters that no installed font covers."""
    if is_latin(line) and family in FAMILIES:
        return [Run(family_font(family), line, False)] if line else [], []
    fonts = fonts_of(line, family)
    levels = bidi_levels(line)
    missing = [character for character, file in zip(line, fonts, strict=True) if file is None]
    drawn = [(file, level, text) for file, level, text in zip(fonts, levels, line, strict=True) if file]
    parts = []
    for (file, level), items in groupby(drawn, key=lambda item: item[:2]):
        text = "".join(character for *_, character in items)
        parts.append((level, Run(file, text, level % 2 == 1)))
    return from_left_to_right(parts), missing


def fonts_of(line: str, family: str) -> list[Path | None]:
    """The font of each character; marks and joiners stay with what they follow."""
    fonts: list[Path | None] = []
    for place, character in enumerate(line):
        joined = character in JOINERS or unicodedata.combining(character) or ord(character) in EMOJI_MODIFIERS
        if place and (joined or (line[place - 1] == "\u200d")):
            fonts.append(fonts[-1])
        elif line[place + 1 : place + 2] == "\ufe0f" and (emoji := emoji_font(character)):
            fonts.append(emoji)
        else:
            fonts.append(font_for(character, family))
    return fonts


def emoji_font(character: str) -> Path | None:
    files = (installed_fonts()[stem] for stem in EMOJI_FONTS if stem in installed_fonts())
    return next((file for file in files if covers(file, character)), None)


def bidi_levels(line: str) -> list[int]:
    """The embedding level of each character by the bidirectional algorithm (UAX 9); odd is leftward."""
    if not any(
        unicodedata.bidirectional(character) in ("R", "AL", "AN", "RLE", "RLO", "RLI") for character in line
    ):
        return [0] * len(line)
    from bidi import algorithm  # noqa: PLC0415 - only right-to-left labels need it

    storage = algorithm.get_empty_storage()
    storage["base_level"] = algorithm.get_base_level(line)
    storage["base_dir"] = ("L", "R")[storage["base_level"]]
    algorithm.get_embedding_levels(line, storage)
    levels = [character["level"] for character in storage["chars"]]
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    kept = iter(character["level"] for character in storage["chars"])
    removed = algorithm.X9_REMOVED
    return [
        level if unicodedata.bidirectional(character) in removed else next(kept)
        for character, level in zip(line, levels, strict=True)
    ]


def from_left_to_right(parts: list[tuple[int, Run]]) -> list[Run]:
    """Put runs in the order in which they stand (UAX 9, rule L2): reverse from the highest level down."""
    for level in range(max((level for level, _ in parts), default=0), 0, -1):
        marked = [(part[0] >= level, part) for part in parts]
        stretches = [(high, [part for _, part in group]) for high, group in groupby(marked, itemgetter(0))]
        parts = [part for high, group in stretches for part in (reversed(group) if high else group)]
    return [run for _, run in parts]


class Label(NamedTuple):
    """A laid out text: its lines from top to bottom, the font's size in CSS pixels, what cannot be drawn."""

    text: str
    lines: list[list[Run]]
    size: int
    missing: list[str]


EM = 100  # pixels: the size at which a text is measured
LEAST_SIZE = 5  # pixels: below it a label is left out
SMALL_SIZE = 16  # pixels: below it each letter is rounded to the grid
LINE_HEIGHT = 1.25  # of the font size


def label_of(picture: Picture) -> Label:
    """Lay out the text as large as it looks well; a long one without breaks is wrapped if that helps."""
    label = laid_out(picture, picture.text)
    if len(picture.text) <= 20 or " " not in picture.text or "\n" in picture.text or picture.font_size:
        return label
    wrapped = laid_out(picture, best_wrapping(picture, ems_of(label.lines[0]) / len(picture.text)))
    return max(label, wrapped, key=lambda label: label.size)


def best_wrapping(picture: Picture, em: float) -> str:
    """The text in the number of lines that allows the largest font, if each character were `em` wide."""

    def size(lines: list[str]) -> int:
        return fitting_size(picture.width, picture.height, em * max(map(len, lines)), len(lines))

    length = len(picture.text)
    wrappings = [textwrap.wrap(picture.text, -(-length // lines) + 4) for lines in range(1, MOST_LINES)]
    fitting: list[list[str]] = [lines for lines in wrappings if len(lines) <= MOST_LINES]
    best = max(fitting, key=size)
    return "\n".join(best)


def laid_out(picture: Picture, text: str) -> Label:
    lines, missing = [], []
    for line in text.split("\n"):
        line_runs, line_missing = runs(line, picture.font)
        lines.append(line_runs)
        missing += line_missing
    widest = max(map(ems_of, lines))
    size = fitting_size(picture.width, picture.height, widest, len(lines)) if widest else 0
    if picture.font_size:
        size = min(picture.font_size, largest_size(picture.width, picture.height, widest, len(lines)))
    while (
        LEAST_SIZE <= size < SMALL_SIZE and max(width_of(line, size) for line in lines) > 0.94 * picture.width
    ):
        size -= 1  # the letters of a small font are wider than the outlines that were measured
    return Label(text, lines, size if size >= LEAST_SIZE else 0, missing)


def ems_of(line: list[Run]) -> float:
    """The width of a line for each pixel of its font's size."""
    if is_tiled(line):
        return sum(advance(run.file, character) for run in line for character in run.text)
    return width_of(line, EM) / EM


def is_tiled(line: list[Run]) -> bool:
    """Whether the line can be put together of characters that were drawn one by one."""
    return not line or (len(line) == 1 and line[0].is_plain() and is_unkerned(line[0].file))


@lru_cache(maxsize=64)
def is_unkerned(file: Path) -> bool:
    """Whether the basic layout only puts characters side by side, as it does with our own fonts.

    It kerns by the `kern` table of old fonts, not by the GPOS of new ones.
    """
    font = font_of(file, EM)
    return font.getlength(KERNED) == sum(map(font.getlength, KERNED))


KERNED = "AVATAWAYLTLVPAPaToTrVaVoWaWeYaYof.r.v.w.y."  # pairs that fonts with kerning do kern


@lru_cache(maxsize=1024)
def advance(file: Path, character: str) -> float:
    return font_of(file, EM).getlength(character) / EM


def width_of(line: list[Run], size: int) -> float:
    return sum(run.width(size) for run in line)


def fitting_size(width: int, height: int, widest: float, lines: int) -> int:
    """The font size of a label of `widest` em: modest in a large picture, larger in a small one."""
    modest = max(0.16 * max(height, width / 3), 14)
    share = 0.9 if width < 160 else 0.72
    most = int(min(modest, share * width / widest, 0.8 * height / ((lines - 1) * LINE_HEIGHT + 1)))
    step = 1 << max(most.bit_length() - 5, 0)
    return most // step * step  # 16 to 31 sizes an octave: their characters are drawn before


def largest_size(width: int, height: int, widest: float, lines: int) -> int:
    return int(min(width / widest, height / ((lines - 1) * LINE_HEIGHT + 1))) if widest else 0


# --- Painting -------------------------------------------------------------------------------------


class Kept:
    """The most recently used values, bounded by what they weigh in bytes; safe for several threads."""

    def __init__(self, most: int) -> None:
        self.most, self.weight = most, 0
        self.values: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: object) -> Any:
        try:
            self.values.move_to_end(key)
            return self.values[key][0]
        except KeyError:
            return None

    def put(self, key: object, value: object, weight: int) -> None:
        if weight > self.most // 8:
            return
        with self.lock:
            self.weight += weight - self.values.pop(key, (None, 0))[1]
            self.values[key] = value, weight
            while self.weight > self.most:
                self.weight -= self.values.popitem(last=False)[1][1]


SHADES = 16  # blends from the background to the ink: what 4 bits a pixel hold
TILES = Kept(2 << 20)


class Tile(NamedTuple):
    """Characters that were drawn before: how they look, where they stand from the pen, how far it moves."""

    image: Image.Image  # the coverage, 0 to 255, or the colours of an emoji
    left: int
    top: int
    advance: float


def tile(file: Path, size: int, character: str) -> Tile:
    """A character, drawn once for each font and size; of a space, nothing."""
    found: Tile | None = TILES.get((file, size, character))
    if found:
        return found
    font = font_of(file, size)
    mask, (left, top) = font.getmask2(character, "L", anchor="ls")
    image = Image.frombytes("L", mask.size, bytes(mask))
    ink = image.getbbox() or (0, 0, 0, 0)
    drawn = Tile(image.crop(ink), left + ink[0], top + ink[1], font.getlength(character))
    TILES.put((file, size, character), drawn, image.width * image.height + 500)
    return drawn


def draw_text(
    image: Image.Image, place: tuple[float, float], text: str, font: Any, direction: str | None = None
) -> None:
    draw = ImageDraw.Draw(image)
    draw.fontmode = "L"  # or a palette image is drawn without smooth edges
    draw.text(place, text, fill=SHADES - 1, font=font, anchor="ls", direction=direction)


def stamp_of(label: Label, scale: int, ink: Colour) -> Image.Image | None:
    """The label alone, cut to its ink: a palette image of shades 0 to 15, or RGBA with colour emoji."""
    size = label.size * scale
    if not size:
        return None
    if all(map(is_tiled, label.lines)):
        return stamp_of_tiles(label.lines, size)
    colourful = any(run.colourful for line in label.lines for run in line)
    stamp = stamp_of_runs(label.lines, size, ink if colourful else None)
    box = stamp.getbbox()
    return stamp.crop(box) if box else None


def stamp_of_tiles(lines: list[list[Run]], size: int) -> Image.Image | None:
    """Put lines together of characters that are ready, where `stamp_of_runs` would draw them."""
    rows = [[tile(run.file, size, character) for run in line for character in run.text] for line in lines]
    widths = [sum([drawn.advance for drawn in row]) for row in rows]
    placed, widest = [], max(widths)
    for place, (row, width) in enumerate(zip(rows, widths, strict=True)):
        pen, baseline = round((widest - width) / 2), round(size * LINE_HEIGHT) * place
        for image, left, top, advance in row:
            if (extent := image.size) != (0, 0):
                x, y = pen + left, baseline + top
                placed.append((image, x, y, x + extent[0], y + extent[1]))
            pen += round(advance)
    if not placed:
        return None
    images, lefts, tops, rights, bottoms = zip(*placed, strict=True)
    left, top = min(lefts), min(tops)
    stamp = Image.new("P", (max(rights) - left, max(bottoms) - top))
    for image, x, y in zip(images, lefts, tops, strict=True):
        stamp.paste(SHADES - 1, (x - left, y - top), image)
    return stamp


def stamp_of_runs(lines: list[list[Run]], size: int, ink: Colour | None) -> Image.Image:
    widths = [width_of(line, size) for line in lines]
    pad, step = size, round(size * LINE_HEIGHT)  # a glyph may stand out of its line by less than its size
    extent = math.ceil(max(widths)) + 2 * pad, step * len(lines) + 2 * pad
    image = Image.new("RGBA", extent, (*ink[:3], 0)) if ink else Image.new("P", extent)
    for place, (line, width) in enumerate(zip(lines, widths, strict=True)):
        pen, baseline = (image.width - width) / 2, pad + size + step * place
        for run in line:
            draw_run(image, run, (round(pen), baseline), size, ink)
            pen += run.width(size)
    return image


def draw_run(image: Image.Image, run: Run, place: tuple[int, int], size: int, ink: Colour | None) -> None:
    if run.colourful:
        draw_emoji(image, run, place, size)
    elif ink:
        shades = Image.new("P", (math.ceil(run.width(size)) + 2 * size, 3 * size))
        draw_text(shades, (size, 2 * size), run.text, run.font(size), run.direction())
        lay(image, mask_of(shades), ink, (place[0] - size, place[1] - 2 * size))
    else:
        draw_text(image, place, run.text, run.font(size), run.direction())


def draw_emoji(image: Image.Image, run: Run, place: tuple[int, int], size: int) -> None:
    """Scale the one size that the font holds; it stands a little below the baseline, as a `g` does."""
    extent = max(round(run.width(size)), 1), max(round(size * 1.1), 1)
    scaled = emoji_tile(run).image.resize(extent, Image.Resampling.LANCZOS)
    composite(image, scaled, (place[0], place[1] - round(extent[1] * 0.82)))


def emoji_tile(run: Run) -> Tile:
    """Emoji in the one size that their font holds, decoded from pictures; their advance is in em."""
    size = EMOJI_FONTS[run.file.stem.lower()]
    found: Tile | None = TILES.get((run.file, size, run.text))
    if found:
        return found
    font, direction = font_of(run.file, size, COMPLEX), run.direction()
    left, top, right, bottom = map(int, font.getbbox(run.text, direction=direction))
    image = Image.new("RGBA", (max(right - left, 1), max(bottom - top, 1)))
    draw = ImageDraw.Draw(image)
    draw.text((-left, -top), run.text, font=font, embedded_color=True, direction=direction)
    drawn = Tile(image, left, top, font.getlength(run.text, direction=direction) / size)
    TILES.put((run.file, size, run.text), drawn, image.width * image.height * 4 + 500)
    return drawn


def mask_of(shades: Image.Image) -> Image.Image:
    """The shades 0 to 15 of a stamp as coverage 0 to 255."""
    return Image.frombytes("L", shades.size, shades.tobytes()).point(COVERAGE)


COVERAGE = bytes(min(shade * 17, 255) for shade in range(256))


def place_of(stamp: Image.Image, width: int, height: int) -> tuple[int, int]:
    return (width - stamp.width) // 2, (height - stamp.height) // 2


def palette(background: Colour, ink: Colour) -> list[Colour]:
    """The blends from a background to an ink, in equal steps."""
    if background.alpha == ink.alpha == 255:
        parts = (
            [(one * (SHADES - 1 - shade) + other * shade + 7) // (SHADES - 1) for shade in range(SHADES)]
            for one, other in zip(background[:3], ink[:3], strict=True)
        )
        return list(map(Colour, *parts))
    return [background.mixed(over(background, ink), shade / (SHADES - 1)) for shade in range(SHADES)]


def over(background: Colour, ink: Colour) -> Colour:
    """An ink as it looks on the background: its own opacity lets the background through."""
    if ink.alpha == 255:
        return ink
    return background.mixed(ink._replace(alpha=255), ink.alpha / 255)


def indexed(picture: Picture, stamp: Image.Image | None) -> Image.Image:
    """A flat picture as a palette image of 16 blends."""
    image = Image.new("P", picture.pixels)
    if stamp:
        image.paste(stamp, place_of(stamp, *picture.pixels))
    colours = palette(picture.background, picture.ink)
    image.putpalette(bytes(part for colour in colours for part in colour), "RGBA")
    return image


def painted(picture: Picture, stamp: Image.Image | None) -> Image.Image:
    """A picture in RGBA, with all that an address may ask for."""
    image = Image.new("RGBA", picture.pixels, picture.background)
    if picture.gradient:
        towards, angle = picture.gradient
        image = Image.composite(
            Image.new("RGBA", image.size, towards), image, gradient_mask(image.size, angle)
        )
    if picture.stripes:
        colour, width = picture.stripes
        lay(image, stripes_mask(image.size, width * picture.scale), colour, (0, 0))
    if stamp and stamp.mode == "P":
        lay(image, mask_of(stamp), picture.ink, place_of(stamp, *image.size))
    elif stamp:
        composite(image, stamp, place_of(stamp, *image.size))
    return framed(image, picture) if picture.radius or picture.border else image


def lay(image: Image.Image, mask: Image.Image, colour: Colour, place: tuple[int, int]) -> None:
    """Lay a colour onto an image, as much of it as the mask says."""
    layer = Image.new("RGBA", mask.size, colour)
    layer.putalpha(mask.point([value * colour.alpha // 255 for value in range(256)]))
    composite(image, layer, place)


def composite(image: Image.Image, layer: Image.Image, place: tuple[int, int]) -> None:
    """Put a layer over an image, and leave away what would stand out at its left or top."""
    left, top = place
    image.alpha_composite(layer, (max(left, 0), max(top, 0)), (max(-left, 0), max(-top, 0)))


def gradient_mask(size: tuple[int, int], angle: int) -> Image.Image:
    """How far each pixel is along a line, as CSS's linear-gradient has it: 0 is upwards, 90 rightwards."""
    (width, height), radians = size, math.radians(angle)
    across, down = math.sin(radians), -math.cos(radians)
    length = abs(width * across) + abs(height * down)
    a, b = 255 * across / length, 255 * down / length
    start = 128 - a * width / 2 - b * height / 2
    ramp = Image.linear_gradient("L")  # 256x256, from black at the top to white at the bottom
    return ramp.transform(size, Image.Transform.AFFINE, (0, 0, 128, a, b, start), Image.Resampling.BILINEAR)


def stripes_mask(size: tuple[int, int], width: int) -> Image.Image:
    """Stripes from the lower left to the upper right: each row is the one above it, moved by a pixel."""
    period = max(round(width * 2 * math.sqrt(2)), 2)
    half = period / 2
    inside = ((half - abs(2 * x + 1 - half) + 1) / 2 for x in range(period))  # by how far, in pixels
    row = bytes(round(255 * min(max(depth, 0), 1)) for depth in inside) * (size[0] // period + 2)
    rows = b"".join(row[y % period : y % period + size[0]] for y in range(size[1]))
    return Image.frombytes("L", size, rows)


def framed(image: Image.Image, picture: Picture) -> Image.Image:
    """Put a border around, within the picture's own size, and cut the corners round."""
    border, radius = picture.border * picture.scale, picture.radius * picture.scale
    if border:
        inner = max(image.width - 2 * border, 0), max(image.height - 2 * border, 0)
        outer = Image.new("RGBA", image.size, picture.border_colour)
        if all(inner):
            window = image.crop((border, border, border + inner[0], border + inner[1]))
            outer.paste(window, (border, border), rounded_mask(inner, max(radius - border, 0)))
        image = outer
    if radius:
        edge = picture.border_colour if border else picture.background
        empty = Image.new("RGBA", image.size, edge._replace(alpha=0))
        image = Image.composite(image, empty, rounded_mask(image.size, radius))
    return image


def rounded_mask(size: tuple[int, int], radius: int) -> Image.Image:
    """A rectangle with round corners; each corner is drawn four times as large, for its smooth edge."""
    mask = Image.new("L", size, 255)
    radius = min(radius, (min(size) + 1) // 2)
    if radius:
        corner = Image.new("L", (radius * 4, radius * 4))
        ImageDraw.Draw(corner).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=255)
        corner = corner.reduce(4)
        for x, y, turn in (
            (0, 0, None),
            (size[0] - radius, 0, Image.Transpose.FLIP_LEFT_RIGHT),
            (0, size[1] - radius, Image.Transpose.FLIP_TOP_BOTTOM),
            (size[0] - radius, size[1] - radius, Image.Transpose.ROTATE_180),
        ):
            mask.paste(corner if turn is None else corner.transpose(turn), (x, y))
    return mask


# --- PNG by bands: its cost is the label, not the area --------------------------------------------

FAST_LEVEL = 2  # of ISA-L: a sixth of the time that zlib takes, for as many bytes
SMALL_LEVEL = 6  # of zlib-ng, which writes what is large: a quarter fewer bytes
SMALL_FROM = 96 << 10  # bytes
BLOCK = 1 << 16  # zero bytes that are deflated once and repeated
ADLER = 65521


def flat_png(picture: Picture) -> tuple[bytes, list[str]] | None:
    """Write a flat picture, unless it has colour emoji; beside it, the characters that no font covers.

    A PNG is chunks around one zlib stream of rows, each a filter byte and packed pixels (PNG specification,
    third edition; RFC 1950 and 1951). The pixels are shades, so pictures that differ in colours share them.
    """
    key = picture.pixels, picture.scale, picture.text, picture.font, picture.font_size
    found = CHUNKS.get(key)
    if found is None:
        label = label_of(picture)
        stamp = stamp_of(label, picture.scale, picture.ink)
        if stamp and stamp.mode != "P":
            return None
        found = stamp is not None, shade_chunks(stamp, *picture.pixels), label.missing
        CHUNKS.put(key, found, len(found[1][1]) + 1000)
    has_ink, (header, pixels), missing = found
    colours = colour_chunks(picture.background, picture.ink if has_ink else None)
    return b"".join((header, colours, pixels)), missing


CHUNKS = Kept(1 << 20)


def shade_chunks(stamp: Image.Image | None, width: int, height: int) -> tuple[bytes, bytes]:
    """The chunks before and after those of the colours.

    Rows above and below the label are zero bytes, whose deflated blocks are ready: blocks that end with a
    full flush do not look back, so they can be put together; the checksum of zero bytes is arithmetic.
    """
    depth = 4 if stamp else 1
    stride = 1 + (width * depth + 7) // 8
    rows, top = band_rows(stamp, width, height) if stamp else (b"", height)
    above, below = top * stride, height * stride - top * stride - len(rows)
    checksum = zlib.adler32(rows, above % ADLER << 16 | 1)
    low = checksum & 0xFFFF
    checksum = ((checksum >> 16) + below * low) % ADLER << 16 | low
    ending = b"\x03\x00" + checksum.to_bytes(4, "big")
    stream = b"".join((b"\x78\x9c", zeros(above), deflated(rows), zeros(below), ending))
    header = struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header), chunk(b"IDAT", stream) + END


def band_rows(stamp: Image.Image, width: int, height: int) -> tuple[bytes, int]:
    """The rows that the label crosses, with their filter bytes, and the number of rows above them."""
    left, top = place_of(stamp, width, height)
    if left < 0:
        stamp, left = stamp.crop((-left, 0, width - left, stamp.height)), 0
    band = Image.new("P", (2 + width, min(stamp.height, height)))  # two pixels are the byte of the filter
    band.paste(stamp, (2 + left, min(top, 0)))
    return band.tobytes("raw", "P;4"), max(top, 0)


def deflated(data: bytes) -> bytes:
    if not data:
        return b""
    if len(data) < SMALL_FROM:
        quick = isal_zlib.compressobj(FAST_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        return quick.compress(data) + quick.flush(zlib.Z_FULL_FLUSH)
    packer = zlib_ng.compressobj(SMALL_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


@lru_cache(maxsize=256)
def zeros(length: int) -> bytes:
    """A deflated run of zero bytes."""
    return ZERO_BLOCK * (length // BLOCK) + deflated(bytes(length % BLOCK))


ZERO_BLOCK = deflated(bytes(BLOCK))


def chunk(kind: bytes, body: bytes) -> bytes:
    return b"".join(
        (len(body).to_bytes(4, "big"), kind, body, zlib.crc32(body, zlib.crc32(kind)).to_bytes(4, "big"))
    )


END = chunk(b"IEND", b"")


def opaque_palette(background: Colour, ink: Colour) -> bytes:
    """The same blends as `palette`, three times as fast: every new picture needs them."""
    table, last = bytearray(3 * SHADES), SHADES - 1
    for channel in range(3):
        start, rise = background[channel] * last + last // 2, ink[channel] - background[channel]
        table[channel::3] = bytes([(start + rise * shade) // last for shade in range(SHADES)])
    return bytes(table)


@lru_cache(maxsize=256)
def colour_chunks(background: Colour, ink: Colour | None) -> bytes:
    if ink and background.alpha == ink.alpha == 255:
        return chunk(b"PLTE", opaque_palette(background, ink))
    colours = palette(background, ink) if ink else [background]
    chunks = chunk(b"PLTE", bytes(part for colour in colours for part in colour[:3]))
    if any(colour.alpha < 255 for colour in colours):
        chunks += chunk(b"tRNS", bytes(colour.alpha for colour in colours))
    return chunks


# --- Encoders -------------------------------------------------------------------------------------


def drawn(picture: Picture) -> tuple[bytes, list[str]]:
    """The picture's bytes in its format, and the characters that no installed font covers."""
    if picture.format == "png" and picture.is_flat() and (written := flat_png(picture)):
        return written
    label = label_of(picture)
    if picture.format == "svg":
        return svg(picture, label), []
    return encoded(image_of(picture, label), picture), label.missing


def image_of(picture: Picture, label: Label) -> Image.Image:
    stamp = stamp_of(label, picture.scale, picture.ink)
    if picture.is_flat() and (stamp is None or stamp.mode == "P"):
        return indexed(picture, stamp)
    return painted(picture, stamp)


def encoded(image: Image.Image, picture: Picture) -> bytes:
    file, form = io.BytesIO(), picture.format
    if form == "gif":
        gif_image(image, file)
    elif form == "jpg":
        on_white(image).save(file, "JPEG", quality=85)
    elif form == "png":
        image.save(file, "PNG", compress_level=4)
    elif form == "webp":
        quality = {"quality": 80} if picture.gradient else {"lossless": True, "quality": 20}
        image.convert(mode_of(image)).save(file, "WEBP", method=0, **quality)  # 1 costs stripes 50 times more
    else:
        image.convert(mode_of(image)).save(file, "AVIF", quality=80, speed=10, max_threads=1)
    return file.getvalue()


def mode_of(image: Image.Image) -> str:
    """The mode that holds an image: RGB if nothing shows through it, else RGBA."""
    if image.mode == "P":
        return "RGB" if all(colour.alpha == 255 for colour in palette_of(image)) else "RGBA"
    return "RGB" if image.getchannel("A").getextrema() == (255, 255) else "RGBA"


def on_white(image: Image.Image) -> Image.Image:
    """The image without transparency, for formats that have none."""
    if image.mode == "P":
        image.putpalette(bytes(part for colour in palette_of(image) for part in colour.over_white()[:3]))
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, WHITE)
    paper.alpha_composite(image)
    return paper.convert("RGB")


def palette_of(image: Image.Image) -> list[Colour]:
    parts = image.getpalette("RGBA") or []
    return [Colour(*parts[place : place + 4]) for place in range(0, len(parts), 4)]


def gif_image(image: Image.Image, file: io.BytesIO) -> None:
    """Write at most 256 colours; where more than half shows through, none."""
    if image.mode == "P":
        is_hole = palette_of(image)[0].alpha < 128
        image.putpalette(bytes(part for colour in palette_of(image) for part in colour.over_white()[:3]))
        image.save(file, "GIF", **({"transparency": 0} if is_hole else {}))
        return
    holes = image.getchannel("A").point([255] * 128 + [0] * 128)
    reduced = on_white(image).quantize(255)
    reduced.paste(255, mask=holes)
    reduced.save(file, "GIF", **({"transparency": 255} if holes.getbbox() else {}))


def svg(picture: Picture, label: Label) -> bytes:
    """The picture as SVG: the same sizes and places, with text as text, as wide as it is elsewhere."""
    width, height, border = picture.width, picture.height, picture.border
    fill = svg_colour("fill", picture.background)
    parts = [
        f'<rect width="{width}" height="{height}" {fill}/>',
        *svg_gradient(picture),
        *svg_stripes(picture),
    ]
    if border:
        inset = f'x="{border / 2:g}" y="{border / 2:g}" width="{width - border}" height="{height - border}"'
        stroke, radius = svg_colour("stroke", picture.border_colour), max(picture.radius - border / 2, 0)
        parts.append(f'<rect {inset} rx="{radius:g}" fill="none" {stroke} stroke-width="{border}"/>')
    parts += svg_text(picture, label)
    clip = f'<clipPath id="c"><rect width="{width}" height="{height}" rx="{picture.radius}"/></clipPath>'
    inside = "".join(parts)
    body = f'{clip}<g clip-path="url(#c)">{inside}</g>' if picture.radius else inside
    wide, high = picture.pixels
    title = escape(picture.text.replace("\n", " ") or f"{width} × {height}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {width} {height}" role="img"><title>{title}</title>{body}</svg>'
    ).encode()


def svg_colour(name: str, colour: Colour) -> str:
    opaque = f'{name}="#{bytes(colour[:3]).hex()}"'
    opacity = f'{name.removesuffix("-color")}-opacity="{colour.alpha / 255:.3g}"'
    return opaque if colour.alpha == 255 else f"{opaque} {opacity}"


def svg_gradient(picture: Picture) -> list[str]:
    if not picture.gradient:
        return []
    towards, angle = picture.gradient
    width, height, radians = picture.width, picture.height, math.radians(angle)
    across, down = math.sin(radians), -math.cos(radians)
    half = (abs(width * across) + abs(height * down)) / 2
    ends = [(width / 2 + sign * half * across, height / 2 + sign * half * down) for sign in (-1, 1)]
    places = " ".join(f'x{i}="{x:.2f}" y{i}="{y:.2f}"' for i, (x, y) in enumerate(ends, 1))
    stops = "".join(
        f'<stop offset="{offset}" {svg_colour("stop-color", colour)}/>'
        for offset, colour in ((0, picture.background), (1, towards))
    )
    return [
        f'<linearGradient id="g" gradientUnits="userSpaceOnUse" {places}>{stops}</linearGradient>',
        f'<rect width="{width}" height="{height}" fill="url(#g)"/>',
    ]


def svg_stripes(picture: Picture) -> list[str]:
    if not picture.stripes:
        return []
    colour, width = picture.stripes
    period = max(round(width * 2 * math.sqrt(2)), 2)
    half = period / 2
    shape = f"M0 0H{half:g}L0 {half:g}ZM{period} 0V{half:g}L{half:g} {period}H0Z"
    path = f'<path d="{shape}" {svg_colour("fill", colour)}/>'
    return [
        f'<pattern id="s" width="{period}" height="{period}" patternUnits="userSpaceOnUse">{path}</pattern>',
        f'<rect width="{picture.width}" height="{picture.height}" fill="url(#s)"/>',
    ]


def svg_text(picture: Picture, label: Label) -> list[str]:
    if not label.size:
        return []
    family = SVG_FAMILIES.get(LOOKALIKES.get(picture.font, picture.font).partition("-")[0], picture.font)
    weight = 700 if picture.font.endswith("-bold") else 300 if picture.font.endswith("-light") else 600
    step, (top, bottom) = round(label.size * LINE_HEIGHT), ink_extent(label)
    first = (picture.height - step * (len(label.lines) - 1) - top - bottom) / 2
    middle, texts = picture.width / 2, label.text.split("\n")
    spans = (
        f'<tspan x="{middle:g}" y="{first + step * place:.2f}" textLength="{width_of(line, label.size):.1f}">'
        f"{escape(text)}</tspan>"
        for place, (text, line) in enumerate(zip(texts, label.lines, strict=True))
        if text
    )
    look = f'font-family="{family}" font-size="{label.size}" font-weight="{weight}" text-anchor="middle"'
    return [f'<text {look} xml:space="preserve" {svg_colour("fill", picture.ink)}>{"".join(spans)}</text>']


SVG_FAMILIES = {
    "sans": "Source Sans Pro, Source Sans 3, system-ui, sans-serif",
    "serif": "Source Serif Pro, Source Serif 4, Georgia, serif",
    "mono": "DejaVu Sans Mono, ui-monospace, monospace",
}


def ink_extent(label: Label) -> tuple[int, int]:
    """How far the ink goes up from the first baseline and down from the last one, downwards positive."""
    first, last = ([run for run in line if not run.colourful] for line in (label.lines[0], label.lines[-1]))
    tops = [run.font(label.size).getbbox(run.text, anchor="ls")[1] for run in first]
    bottoms = [run.font(label.size).getbbox(run.text, anchor="ls")[3] for run in last]
    return int(min(tops, default=-label.size)), int(max(bottoms, default=0))


# --- Answers: a picture, its description or a refusal, with the headers of each -------------------

FONT_SIZES = sorted((name, file.stat().st_size) for name, file in installed_fonts().items())
# The version of all drawings: other fonts or encoders give other bytes, and so must give another ETag.
# ISA-L and zlib's successors choose their matches by what the processor offers.
ENCODERS = PIL.__version__, features.version("freetype2"), isal.__version__, zlib_ng.ZLIBNG_VERSION
DRAWING = blake2b(repr((1, *ENCODERS, platform.machine(), FONT_SIZES)).encode(), digest_size=8).hexdigest()
FOR_EVER = "public, max-age=31536000, immutable"
EVERYONE = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class Answer(NamedTuple):
    """A finished answer, in the shape that WSGI gives it in."""

    etag: str
    headers: list[tuple[str, str]]
    body: list[bytes]
    unchanged: list[tuple[str, str]]  # the headers of a 304


def answer_of(body: bytes, media_type: str, etag: str, missing: list[str]) -> Answer:
    headers = {"Cache-Control": FOR_EVER, "ETag": etag, **EVERYONE}
    if media_type.startswith("image/svg"):
        headers["Content-Security-Policy"] = SANDBOX
    unchanged = list(headers.items())
    if missing:
        headers["Placeholder-Missing"] = " ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(missing))
    whole = [("Content-Type", media_type), ("Content-Length", str(len(body))), *headers.items()]
    return Answer(etag, whole, [body], unchanged)


ANSWERS = Kept(ANSWER_BYTES)


def key_of(environ: dict[str, Any]) -> tuple[str, str, str]:
    """What an answer depends on: path, query, and the style that the host has."""
    style = style_of(environ.get("HTTP_HOST", "")) if STYLE_OF_HOST else STYLE_OF_ALL
    return environ["PATH_INFO"], environ.get("QUERY_STRING", ""), style


def style_of(host: str) -> str:
    return STYLE_OF_HOST.get(host.partition(":")[0].lower(), STYLE_OF_ALL)


def answer_to(picture: Picture, form: str) -> Answer:
    """Draw the picture, or describe it where the form is `json`."""
    if form == "json":
        body, missing = json.dumps(description(picture), ensure_ascii=False).encode(), list[str]()
    else:
        body, missing = drawn(picture)
    return answer_of(body, MEDIA_TYPES.get(form, "application/json"), etag_of(picture, form), missing)


def kept_answer(key: tuple[str, str, str], picture: Picture, form: str) -> Answer:
    """Draw or describe a picture, and keep the answer for whoever asks the same."""
    answer = answer_to(picture, form)
    ANSWERS.put(key, answer, len(answer.body[0]) + len(key[0]) + len(key[1]) + 1500)
    return answer


def etag_of(picture: Picture, form: str) -> str:
    return f'"{picture.digest()}-json"' if form == "json" else f'"{picture.digest()}"'


def description(picture: Picture) -> dict[str, Any]:
    """What a page needs to know of a picture, as `?json` says it."""
    label = label_of(picture)
    image = image_of(picture, label)
    is_drawn_otherwise = picture.format == "svg" or image.mode == "P"
    body = drawn(picture)[0] if is_drawn_otherwise else encoded(image, picture)
    return {
        "address": address_of(picture),
        "width": picture.width,
        "height": picture.height,
        "scale": picture.scale,
        "format": picture.format,
        "type": MEDIA_TYPES[picture.format].partition(";")[0],
        "bytes": len(body),
        "background": str(picture.background),
        "ink": str(picture.ink),
        "contrast": contrast_of(picture),
        "text": picture.text,
        "font": picture.font,
        "font_size": label.size,
        "radius": picture.radius,
        "border": picture.border,
        "border_colour": str(picture.border_colour) if picture.border else None,
        "gradient": picture.gradient and [str(picture.gradient[0]), picture.gradient[1]],
        "stripes": picture.stripes and [str(picture.stripes[0]), picture.stripes[1]],
        "etag": etag_of(picture, picture.format),
        "srcset": srcset(picture),
        "blurhash": blurhash_of(picture, image),
        "missing": list(dict.fromkeys(label.missing)),
    }


def contrast_of(picture: Picture) -> float | None:
    """The contrast of the label with the worst of what lies under it, from 1 to 21; none without a label."""
    if not picture.text:
        return None
    grounds = [picture.background, *(pair[0] for pair in (picture.gradient, picture.stripes) if pair)]
    return round(min(over(ground, picture.ink).contrast(ground) for ground in grounds), 2)


def blurhash_of(picture: Picture, image: Image.Image) -> str:
    import blurhash  # noqa: PLC0415 - only a description needs it

    extent = side, _ = 32, 32
    if image.mode == "P":  # made small before it has colours, which are four times as many bytes
        coverage = mask_of(image).resize(extent, Image.Resampling.BOX)
        small = Image.new("RGBA", extent, picture.background)
        lay(small, coverage, picture.ink, (0, 0))
    else:
        small = image.resize(extent, Image.Resampling.BOX)
    parts = on_white(small).tobytes()
    pixels = list(zip(parts[0::3], parts[1::3], parts[2::3], strict=True))
    rows = [pixels[place : place + side] for place in range(0, len(pixels), side)]
    return str(blurhash.encode(rows, components_x=4, components_y=3))


def address_of(picture: Picture) -> str:
    """The picture's address in its one normal form, with a signature where they are asked for."""
    at = "" if picture.scale == 1 else f"@{picture.scale}x"
    words = (
        f"{picture.width}x{picture.height}{at}.{picture.format}",
        word_of(picture.background),
        word_of(picture.ink),
    )
    path, query = "/" + "/".join(words), urlencode(options_of(picture))
    query = signed(path, query)
    return f"{path}?{query}" if query else path


def word_of(colour: Colour) -> str:
    return "transparent" if colour == TRANSPARENT else str(colour)


def options_of(picture: Picture) -> dict[str, str]:
    label = default_label(picture.width, picture.height)
    options = {
        "text": None if picture.text == label else picture.text.replace("|", "\\|").replace("\n", "\\n"),
        "font": None if picture.font == "sans" else picture.font,
        "size": picture.font_size,
        "radius": picture.radius or None,
        "border": f"{picture.border},{picture.border_colour}" if picture.border else None,
        "gradient": picture.gradient and f"{picture.gradient[0]},{picture.gradient[1]}",
        "stripes": picture.stripes and f"{picture.stripes[0]},{picture.stripes[1]}",
    }
    return {name: str(value) for name, value in options.items() if value is not None}


def srcset(picture: Picture) -> str:
    """The picture at each resolution that its size allows, as an `img` element wants them."""
    most = most_pixels(picture.format, not picture.is_flat() or count_emoji(picture.text) > 0)
    sizes = {scale: replace(picture, scale=scale) for scale in (1, 2, 3)}
    drawable = {
        scale: size
        for scale, size in sizes.items()
        if max(size.pixels) <= MOST_SIDE and size.pixels[0] * size.pixels[1] <= most
    }
    return ", ".join(f"{address_of(size)} {scale}x" for scale, size in drawable.items())


def refusal(refused: Refused, form: str) -> HttpResponse:
    """The reason as a picture that a page shows in place of what it asked for, or as JSON; never cached."""
    if form == "json":
        response: HttpResponse = JsonResponse({"error": refused.why}, status=refused.status)
    else:
        body = refusal_picture(f"{refused.status}: {refused.why}", form)
        response = HttpResponse(body, content_type=MEDIA_TYPES[form], status=refused.status)
    response["Placeholder-Error"] = refused.why.encode("unicode-escape").decode()
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    if refused.status == 405:
        response["Allow"] = PREFLIGHT["Allow"]
    if form == "svg":
        response["Content-Security-Policy"] = SANDBOX
    return with_headers(response, EVERYONE)


@lru_cache(maxsize=64)
def refusal_picture(text: str, form: str) -> bytes:
    lines = textwrap.wrap(text, 50, max_lines=MOST_LINES, placeholder=" …")
    return drawn(replace(REFUSAL, text="\n".join(lines), format=form))[0]


REFUSAL = Picture(
    width=600,
    height=300,
    scale=1,
    format="png",
    background=Colour.parse("fff1f0"),
    ink=Colour.parse("a8071a"),
    text="",
    font="sans",
    font_size=22,
)


def without_content(status: int, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(status=status, headers=headers)
    del response["Content-Type"]  # of what is not there
    return response


def with_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


# --- Views ----------------------------------------------------------------------------------------


def picture(request: HttpRequest) -> HttpResponse:
    """Answer any address with its picture, its description, or a picture of what is wrong with it."""
    if request.method == "OPTIONS":
        return without_content(204, PREFLIGHT)
    key = key_of({**request.META, "PATH_INFO": wsgi_string(request.path_info)})  # Django has decoded it
    verdict, form = decide(*key)
    if request.method not in ("GET", "HEAD"):
        verdict = Refused(f"{request.method} is not answered here; expected GET or HEAD", 405)
    if isinstance(verdict, Picture) and condition(request.META, etag_of(verdict, form)) == 412:
        verdict = Refused(f"the picture is {etag_of(verdict, form)}, which If-Match does not name", 412)
    if isinstance(verdict, Refused):
        return refusal(verdict, form)
    return picture_response(request, verdict, form, key)


def wsgi_string(text: str) -> str:
    """Text as WSGI writes its bytes (PEP 3333)."""
    return text.encode().decode("latin-1")


PREFLIGHT = {
    **EVERYONE,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}


def picture_response(
    request: HttpRequest, asked: Picture, form: str, key: tuple[str, str, str]
) -> HttpResponse:
    etag = etag_of(asked, form)
    if condition(request.META, etag) == 304:  # which is known from the address alone
        return without_content(304, dict(answer_of(b"", MEDIA_TYPES.get(form, ""), etag, []).unchanged))
    answer = kept_answer(key, asked, form)
    return HttpResponse(answer.body[0], headers=dict(answer.headers))


def playground(request: HttpRequest) -> HttpResponse:
    """Show the page on which designers put an address together."""
    choices = {
        "formats": list(MEDIA_TYPES),
        "fonts": list(FAMILIES),
        "sizes": SIZES,
        "defaults": STYLES[STYLE_OF_ALL]._asdict(),
        "limits": {
            "side": MOST_SIDE,
            "pixels": {form: most_pixels(form, False) for form in MEDIA_TYPES},
            "painted": {form: most_pixels(form, True) for form in MEDIA_TYPES},
            "text": MOST_CHARACTERS,
            "lines": MOST_LINES,
        },
        "signed": bool(SIGNING_KEY),
    }
    page = Engine().from_string(PLAYGROUND).render(Context({"choices": choices}))
    return with_headers(HttpResponse(page), PLAYGROUND_HEADERS | {"Content-Length": str(len(page.encode()))})


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def csp_hashes(page: str, element: str) -> str:
    """The hashes by which a Content-Security-Policy admits the page's own inline styles or scripts only."""
    bodies = re.findall(rf"<{element}(?: type=\"module\")?>(.*?)</{element}>", page, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(body.encode()).digest()).decode()}'" for body in bodies)


PLAYGROUND = r"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Put the address of a placeholder picture together, and see it at once.">
<title>Placeholder: a picture of any size, by its address</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'
 %3E%3Crect width='32' height='32' rx='8' fill='%235a4fcf'/%3E%3Cpath d='M6 23l7-9 5 6 3-3 5 6zM20 9h4v4h-4z'
 fill='%23fff'/%3E%3C/svg%3E">
<style>
:root {
  color-scheme: light dark; --ground: #f4f3f1; --sunk: #eae8e5; --surface: #fff; --line: #dcd9d4;
  --line-strong: #908b84; --text: #23211f; --muted: #66615b; --accent: #5a4fcf; --accent-strong: #483dba;
  --on-accent: #fff; --accent-soft: #ecebfa; --bad: #b3261e; --bad-soft: #fdecea; --warn: #8a4b00;
  --warn-soft: #fcefdc; --good: #146a3d; --good-soft: #e2f4ea; --chosen: #fff; --check: #dcdad7;
  --shadow: 0 1px 2px rgb(40 34 28 / 7%), 0 1px 1px rgb(40 34 28 / 4%); --radius: 8px; --target: 36px;
  --code: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font: 400 14px/1.45 var(--font); background: var(--ground); color: var(--text);
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #171618; --sunk: #1e1d20; --surface: #29282c; --line: #3a383d; --line-strong: #7d7983;
    --text: #eceaee; --muted: #aaa6af; --accent: #a9a1ff; --accent-strong: #c2bcff; --on-accent: #17133d;
    --accent-soft: #322e52; --bad: #ff9d94; --bad-soft: #43221f; --warn: #f2b872; --warn-soft: #40301a;
    --good: #73d6a0; --good-soft: #1c3a2a; --chosen: #403e45; --check: #3c3a40;
    --shadow: 0 1px 2px rgb(0 0 0 / 35%);
  }
}
@media (pointer: coarse) { :root { --target: 42px; } }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
body, h1, h2, p, ul, dl, dd, pre, figure, fieldset { margin: 0; padding: 0; border: 0; min-width: 0;
  list-style: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
::selection { background: var(--accent-soft); color: var(--text); }
code { font: 13px/1.5 var(--code); }
svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; }
.unseen { position: fixed; top: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.hint { color: var(--muted); font-size: 13px; font-weight: 400; }

button, .button {
  font: 500 14px/1.2 var(--font); color: var(--text); background: var(--surface);
  border: 1px solid var(--line); border-radius: var(--radius); min-height: var(--target); padding: 0 12px;
  display: inline-flex; gap: 6px; flex: none; align-items: center; justify-content: center; cursor: pointer;
  transition: background-color .12s, border-color .12s;
}
button:hover, .button:hover { border-color: var(--line-strong); }
button:active { transform: translateY(.5px); }
:disabled { opacity: .5; cursor: default; }
.primary, .primary:hover { background: var(--accent); border-color: transparent; color: var(--on-accent); }
.primary:hover:enabled { background: var(--accent-strong); }
.quiet { background: none; border-color: transparent; color: var(--muted); }
.square { width: var(--target); padding: 0; }
.copied, .primary.copied { background: var(--good-soft); border-color: transparent; color: var(--good); }
input, textarea, select { font: 400 14px/1.4 var(--font); color: var(--text); background: var(--surface);
  min-height: var(--target); border: 1px solid var(--line-strong); border-radius: var(--radius);
  padding: 6px 10px; width: 100%; min-width: 0; }
:is(input, textarea, select):focus-visible { outline-offset: -1px; border-color: var(--accent); }
:is(input:invalid, [aria-invalid="true"]) { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
::placeholder { color: var(--muted); opacity: 1; }
textarea { resize: vertical; field-sizing: content; min-height: 62px; max-height: 200px; }
[type="checkbox"] { width: 18px; height: 18px; min-height: 0; margin: 0; accent-color: var(--accent);
  flex: none; }
@media (pointer: coarse) { input, textarea, select { font-size: 16px; } }

body { min-height: 100dvh; display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
header { display: flex; align-items: center; gap: 16px; padding: 8px 16px;
  border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: 10px; margin-inline-end: auto; }
.brand svg { width: 28px; height: 28px; fill: var(--on-accent); stroke: none; }
.brand rect { fill: var(--accent); }
h1 { font-size: 17px; letter-spacing: -.01em; }
h2 { font-size: 14px; font-weight: 600; }
.presets { display: flex; gap: 6px; }
.presets button { padding-inline: 6px 12px; font-size: 13px; }
.presets img { width: 32px; height: 24px; object-fit: contain; }

#playground { display: grid;
  grid-template: "view panel" minmax(0, 1fr) "use panel" auto / minmax(0, 1fr) 392px; }
.view { grid-area: view; display: flex; flex-direction: column; gap: 12px; padding: 16px 16px 0;
  min-height: 0; }
.bar { display: flex; gap: 6px; align-items: center; padding: 6px; padding-inline-start: 14px;
  border-radius: 12px; background: var(--surface); border: 1px solid var(--line); box-shadow: var(--shadow); }
.bar code { flex: 1; min-width: 0; font-size: 15px; overflow-wrap: anywhere; }
.bar i { font-style: normal; color: var(--muted); }
.bar b { font-weight: 400; color: var(--accent); }
figure { flex: 1; min-height: 260px; display: grid; grid-template-rows: minmax(0, 1fr) auto;
  position: relative; background: var(--sunk); border-radius: 16px; }
.stage { margin: 28px 28px 12px; container-type: size; display: grid; place-items: center; }
.stage img { width: min(var(--width) * 1px, 100cqw, 100cqh * var(--ratio)); transition: opacity .2s;
  background: repeating-conic-gradient(var(--check) 0 25%, var(--surface) 0 50%) 0 0 / 20px 20px;
  box-shadow: 0 0 0 1px rgb(128 128 128 / 15%); }
figcaption { padding: 0 16px 12px; text-align: center; font-variant-numeric: tabular-nums; }
[data-state="pending"] img { opacity: .6; transition-delay: .3s; }
[data-state="refused"] img { opacity: .3; filter: grayscale(1); }
.error { position: absolute; inset: 12px 12px auto; z-index: 1; padding: 10px 14px;
  border-radius: var(--radius); background: var(--bad-soft); color: var(--bad); font-weight: 500;
  box-shadow: var(--shadow); overflow-wrap: anywhere; }
.error:empty, .facts div:has(:empty) { display: none; }
[data-state="refused"] .facts { visibility: hidden; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 20px; min-height: 24px; font-size: 13px;
  padding-inline: 2px; }
.facts div { display: flex; gap: 6px; align-items: center; min-width: 0; }
.facts dt { color: var(--muted); }
.facts dd { font-weight: 500; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.facts code { font-weight: 400; user-select: all; }
.facts b { padding: 1px 8px; border-radius: 99px; font-size: 12px; font-weight: 500; }
[data-level="good"] { background: var(--good-soft); color: var(--good); }
[data-level="warn"] { background: var(--warn-soft); color: var(--warn); }
[data-level="bad"] { background: var(--bad-soft); color: var(--bad); }
.use { grid-area: use; margin: 12px 16px 16px; padding: 2px 6px 2px 14px; background: var(--surface);
  border: 1px solid var(--line); border-radius: 12px; }
.use li { display: grid; grid-template-columns: 76px minmax(0, 1fr) 80px; gap: 8px; align-items: center;
  padding: 4px 0; }
.use li + li { border-top: 1px solid var(--line); }
.use h2 { font-size: 13px; font-weight: 500; }
.use code { color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.use .open code { white-space: pre-wrap; overflow-wrap: anywhere; }
.use button { min-height: calc(var(--target) - 4px); font-size: 13px; }

.panel { grid-area: panel; background: var(--surface); border-inline-start: 1px solid var(--line); }
.panel section { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; padding: 16px 20px;
  align-items: start; }
.panel section + section { border-top: 1px solid var(--line); }
.panel :is(.wide, fieldset) { grid-column: 1 / -1; }
.panel label { display: grid; gap: 4px; font-size: 13px; font-weight: 500; color: var(--muted); }
.panel .tick { display: flex; align-items: center; justify-content: end; gap: 8px; cursor: pointer;
  color: var(--text); }
.colour { position: relative; display: grid; gap: 6px; justify-items: start; }
.colour label { width: 100%; }
.colour input { padding-inline-start: calc(var(--target) + 2px); }
.colour [type="color"] { position: absolute; top: 27px; inset-inline-start: 4px; padding: 0; border: 0;
  cursor: pointer; width: calc(var(--target) - 8px); min-height: 0; height: calc(var(--target) - 8px);
  background: none; }
.colour input.none { background: linear-gradient(to top right, #0000 47%, var(--bad) 47% 53%, #0000 53%); }
.none::-webkit-color-swatch { opacity: 0; }
::-webkit-color-swatch-wrapper { padding: 0; }
::-webkit-color-swatch { border: 1px solid rgb(128 128 128 / 40%); border-radius: 5px; }
.colour button { min-height: calc(var(--target) - 10px); padding: 0 8px; font-size: 12px; }
#always { margin-top: -8px; }
legend { padding: 0; margin-bottom: 4px; font-size: 13px; font-weight: 500; color: var(--muted); }
.segments { display: flex; padding: 2px; background: var(--sunk); border-radius: var(--radius); }
.segments label { flex: 1; place-items: center; align-content: center; position: relative; border-radius: 6px;
  min-height: calc(var(--target) - 4px); }
.segments input { position: absolute; inset: 0; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.segments label:has(:checked) { background: var(--chosen); color: var(--text); box-shadow: var(--shadow); }
.segments label:has(:focus-visible) { outline: 2px solid var(--accent); }
.wrong { color: var(--bad); }
:valid + .wrong { display: none; }
kbd { padding: 1px 6px; font: 500 12px/1.4 var(--font); color: var(--text); background: var(--sunk);
  border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 5px; }
.signed { max-width: 600px; margin: 12vh auto; padding: 0 24px; display: grid; gap: 12px;
  align-content: start; }
.signed h2 { font-size: 20px; }
.signed pre { padding: 14px 16px; border-radius: 12px; background: var(--sunk); white-space: pre-wrap; }
@media (min-width: 961px) {
  body { height: 100dvh; min-height: 640px; }
  .panel { overflow-y: auto; overscroll-behavior: contain; }
}
@media (max-width: 1240px) { .brand p { display: none; } }
@media (max-width: 960px) {
  :root { scroll-padding: 44dvh 0 16px; }
  header { flex-wrap: wrap; gap: 8px; }
  .presets { order: 1; flex: 1 1 100%; min-width: 0; overflow-x: auto; margin: 0 -16px; padding: 2px 16px;
    scrollbar-width: none; }
  #playground { grid-template: "view" auto "panel" auto "use" auto / minmax(0, 1fr); }
  .view { position: sticky; top: 0; z-index: 2; padding: 10px 16px; gap: 8px; background: var(--ground);
    border-bottom: 1px solid var(--line); }
  .bar code { font-size: 13px; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
    overflow: hidden; }
  figure { flex: none; height: 25dvh; min-height: 160px; }
  .stage { margin: 14px 14px 6px; }
  figcaption { padding-bottom: 6px; }
  .panel { border: 0; }
  .panel section { padding: 16px; }
}
@media (max-width: 960px) and (max-height: 620px) { .view { position: static; } :root { scroll-padding: 0; } }
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
</style>
</head>
<body>
<header>
  <div class="brand">
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path
      d="M6 23l7-9 5 6 3-3 5 6zM20 9h4v4h-4z"/></svg>
    <h1>Placeholder</h1>
    <p class="hint">A picture of any size, by its address.</p>
  </div>
  <div class="presets" id="presets" role="group" aria-label="Examples"></div>
  <button type="button" class="quiet" id="reset">Reset</button>
</header>
<main id="playground" hidden>
  <section class="view" id="view" data-state="pending" aria-label="Preview">
    <div class="bar">
      <code id="address"></code>
      <a class="button square quiet" id="open" target="_blank" aria-label="Open the picture in a new tab">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M9 2h5v5m0-5L7 9M12 10v4H2V4h4"/></svg></a>
      <button type="button" class="primary" id="copy" data-kind="URL">Copy<i class="unseen"> URL</i></button>
    </div>
    <figure>
      <p class="error" id="error" role="alert"></p>
      <div class="stage" id="stage"><img id="picture" alt="" hidden></div>
      <figcaption class="hint" id="caption">Drawing…</figcaption>
    </figure>
    <dl class="facts">
      <div><dt>Weight</dt><dd id="weight"></dd></div>
      <div><dt>Contrast</dt><dd><span id="contrast"></span> <b id="verdict"></b></dd></div>
      <div><dt>No font here has</dt><dd><b id="missing" data-level="warn"></b></dd></div>
      <div><dt>BlurHash</dt><dd><code id="blurhash"></code></dd></div>
    </dl>
  </section>
  <form class="panel" id="form" aria-label="Options" autocomplete="off">
    <section aria-label="Size">
      <h2 class="wide">Size</h2>
      <label>Width<input name="width" type="number" value="600" min="1" max="4000"></label>
      <label>Height<input name="height" type="number" value="400" min="1" max="4000"></label>
      <label>Keep the ratio<select name="ratio"><option value="">Free</option></select></label>
      <label>Well-known size<input name="known" list="sizes" placeholder="Search names">
        <span class="wrong">No size has this name.</span></label>
      <datalist id="sizes"></datalist>
      <fieldset><legend>Format</legend><div class="segments" id="formats"></div></fieldset>
      <fieldset><legend>Pixel density</legend><div class="segments" id="scales"></div></fieldset>
    </section>
    <section aria-label="Colours">
      <h2 class="wide">Colours</h2>
      <div class="colour"><label>Background<input name="background" data-unless="seed"></label>
        <button type="button" data-for="background" value="transparent">Transparent</button></div>
      <div class="colour"><label>Ink<input name="ink" data-unless="seed"></label>
        <button type="button" data-for="ink" value="">Automatic</button></div>
      <label class="wide">Colours from a name
        <input name="seed" placeholder="ada, invoice-7, …" aria-describedby="always"></label>
      <p class="hint wide" id="always">The same name gives the same colours, for ever.</p>
    </section>
    <section aria-label="Label">
      <h2>Label</h2><label class="tick"><input name="plain" type="checkbox">No label</label>
      <label class="wide">Text<textarea name="text" rows="2" data-unless="plain"></textarea></label>
      <label>Font<select name="font" data-unless="plain"></select></label>
      <label>Font size, px<input name="size" data-unless="plain" type="number" min="4" max="1000"></label>
    </section>
    <section aria-label="Shape">
      <h2>Shape</h2><label class="tick"><input name="round" type="checkbox">Round</label>
      <label class="wide">Corner radius, px
        <input name="radius" data-unless="round" type="number" min="0" max="4000" placeholder="0"></label>
      <label>Border, px<input name="border" type="number" min="0" max="200" placeholder="0"></label>
      <div class="colour"><label>Border colour
        <input name="border-colour" data-needs="border" placeholder="as ink"></label></div>
    </section>
    <section aria-label="Pattern">
      <h2 class="wide">Pattern</h2>
      <div class="colour"><label>Gradient to<input name="gradient" placeholder="none"></label></div>
      <label>Angle, degrees
        <input name="angle" data-needs="gradient" type="number" min="0" max="359" placeholder="180"></label>
      <div class="colour"><label>Stripes<input name="stripes" placeholder="none"></label></div>
      <label>Stripe width, px
        <input name="stripe" data-needs="stripes" type="number" min="1" max="1000" placeholder="20"></label>
      <p class="hint wide"><kbd>Ctrl</kbd> <kbd>Enter</kbd> copies the address from anywhere.</p>
    </section>
  </form>
  <section class="use" aria-label="Code"><ul id="snippets"></ul></section>
</main>
<main class="signed" id="signed" hidden>
  <h2>This host answers signed addresses only</h2>
  <p>Put an address together, and sign it where the key is kept. Use the address that the command prints:</p>
  <pre><code>python placeholder.py sign /600x400/000/fff.png</code></pre>
  <p class="hint">A changed address needs a new signature, so that nobody else can make this host draw.</p>
</main>
<p class="unseen" id="said" role="status"></p>
{{ choices|json_script:"choices" }}
<script type="module">
/** @typedef {Record<string, string>} Fields what the form holds, by name; "" is an option that is not used */
/** @typedef {Record<string, number>} Numbers */
/** @typedef { { formats: string[], fonts: string[], sizes: Record<string, number[]>, defaults: Fields,
 *   limits: { side: number, pixels: Numbers, painted: Numbers }, signed: boolean } } Choices */
/** @typedef { { width: number, height: number, scale: number, bytes: number, background: string, ink: string,
 *   contrast: number | null, font_size: number, border_colour: string | null, blurhash: string,
 *   gradient: [string, number] | null, stripes: [string, number] | null, missing: string[] } } Facts */
const DEBOUNCE_MS = 120, CONFIRMED_MS = 2000;
const RATIOS = ["1:1", "5:4", "4:3", "3:2", "16:9", "21:9", "4:5", "2:3", "9:16"];
/** @type {Record<string, Fields>} */
const PRESETS = {
  Avatar: { width: "160", height: "160", seed: "ada", text: "AL", round: "on", scale: "2" },
  "Open Graph": { width: "1200", height: "630", background: "1d3557", ink: "f1faee", text: "A good\ntitle" },
  Banner: { width: "728", height: "90", background: "ffd166", ink: "3d2b00", border: "2" },
  Transparent: { background: "transparent", ink: "6b6770", border: "2", radius: "24" },
  "Gradient hero": {
    width: "1600", height: "900", background: "4338a8", ink: "fff", gradient: "b83280", angle: "135",
  },
};
/** @param {string} id @returns {any} an element that this page certainly has */
const $ = (id) => document.getElementById(id);
/** @type {Choices} */
const choices = JSON.parse($("choices").textContent);
const form = $("form"), part = form.elements;

// From fields to addresses, and to what is pasted elsewhere.

/** @param {string} text @returns {string} also without what would end a url() of CSS or a link of Markdown */
const encode = (text) => encodeURIComponent(text).replaceAll("%2C", ",")
  .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
/** @param {...string} parts @returns {string} without the # that other programs put before a colour */
const joined = (...parts) => parts.filter(Boolean).map((one) => one.trim().replace(/^#/, "")).join(",");
/** @param {Fields} fields @returns {number[]} width and height in CSS pixels */
const box = ({ width, height }) => [Number(width || height), Number(height || width)];
/** @param {Fields} fields @param {Fields} [variant] */
const url = (fields, variant) => location.origin + address(fields, variant);

/** @param {Fields} fields @param {Fields} [variant] the scale or the format to take instead */
function address(fields, variant) {
  const { seed, known, width, height, scale, format, background, ink } = { ...fields, ...variant };
  const size = known in choices.sizes ? known : [width, height].filter(Boolean).join("x");
  const at = scale === "1" ? "" : `@${scale}x`, dot = format === choices.defaults.format ? "" : `.${format}`;
  const ground = background || (ink && choices.defaults.background);
  const colours = [ground, ink].filter(Boolean).map((colour) => encode(joined(colour)));
  const path = [...(seed ? ["seed", encode(seed)] : []), size + at + dot, ...colours].join("/");
  return `/${path}${query(fields) && `?${query(fields)}`}`;
}

/** @param {Fields} fields @returns {string} the options; an empty text is one, if no label is wanted */
function query(fields) {
  const options = {
    text: fields.text.trim() && fields.text.replaceAll("|", "\\|").replaceAll("\n", "\\n"),
    font: fields.font === choices.fonts[0] ? "" : fields.font, size: fields.size,
    radius: fields.round ? "round" : fields.radius, border: joined(fields.border, fields["border-colour"]),
    gradient: joined(fields.gradient, fields.angle), stripes: joined(fields.stripes, fields.stripe),
  };
  const given = Object.entries(options).filter(([name, value]) => value || (name === "text" && fields.plain));
  return given.map(([name, value]) => `${name}=${encode(value).replaceAll("%20", "+")}`).join("&");
}

/** @param {Fields} fields @param {string} format @param {(url: string, density: string) => string} write */
function densities(fields, format, write) {
  const { side, pixels, painted } = choices.limits, [width, height] = box(fields);
  const isPainted = ["radius", "round", "border", "gradient", "stripes"].some((name) => fields[name])
    || /\p{Extended_Pictographic}/u.test(fields.text);
  const most = (isPainted ? painted : pixels)[format];
  const fits = (/** @type {number} */ scale) =>
    Math.max(width, height) * scale <= side && width * height * scale ** 2 <= most;
  const fitting = [1, 2, 3].filter(fits).map(String);
  return fitting.map((scale) => write(url(fields, { scale, format }), `${scale}x`)).join(", ");
}

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
/** @param {Fields} fields @param {string} format */
const srcset = (fields, format) => escaped(densities(fields, format, (one, density) => `${one} ${density}`));
/** @param {Fields} fields @returns {string} what the picture says: nothing without a label */
const altOf = ({ plain, text, ...size }) =>
  plain ? "" : text.trim().replaceAll("\n", " ") || box(size).join(" × ");

/** @param {Fields} fields @param {string} [format] */
function img(fields, format = fields.format) {
  const [width, height] = box(fields), src = escaped(url(fields, { scale: "1", format }));
  const size = `width="${width}" height="${height}"`, alt = escaped(altOf(fields));
  return `<img src="${src}" srcset="${srcset(fields, format)}" ${size} alt="${alt}">`;
}

/** @param {Fields} fields */
function picture(fields) {
  const sources = ["avif", "webp"].filter((type) => densities(fields, type, String))
    .map((type) => `  <source type="image/${type}" srcset="${srcset(fields, type)}">`);
  const fallback = ["jpg", "gif"].includes(fields.format) ? fields.format : "png";
  return ["<picture>", ...sources, `  ${img(fields, fallback)}`, "</picture>"].join("\n");
}

/** @param {Fields} fields */
function css(fields) {
  const set = densities(fields, fields.format, (one, density) => `url("${one}") ${density}`);
  return `background-image: url("${url(fields, { scale: "1" })}");\nbackground-image: image-set(${set});`;
}

/** @type {Record<string, (fields: Fields) => string>} */
const SNIPPETS = {
  URL: (fields) => url(fields), "<img>": (fields) => img(fields), "<picture>": picture, CSS: css,
  Markdown: (fields) => `![${altOf(fields).replace(/[\\[\]]/g, "\\$&")}](${url(fields)})`,
};
const PASTED = Object.keys(SNIPPETS).filter((kind) => kind !== "URL");

// The form, and the hash that remembers it.

/** @returns {Fields} where a field that is closed counts as empty */
const read = () => Object.fromEntries([...controls.map(({ name }) => [name, ""]), ...new FormData(form)]);

/** @param {Fields} fields what differs from a new page */
function write(fields) {
  for (const control of controls) {
    const value = fields[control.name] ?? initial[control.name];
    if (/radio|checkbox/.test(control.type)) control.checked = control.value === value;
    else control.value = value;
  }
  for (const name of ["format", "scale", "font"]) part[name].value ||= initial[name];  // of a hash by hand
  isNewStep = true;
  update();
}

/** @param {unknown} changed a field: the others that speak of the size follow it */
function agree(changed) {
  const { width, height, ratio, known } = part, [across, down] = ratio.value.split(":").map(Number);
  const named = choices.sizes[known.value];
  if (changed === known && named) [width.value, height.value, ratio.value] = [...named, ""];
  if (![width, height, ratio].includes(changed)) return;
  known.value = "";
  if (down && changed === height) width.value = Math.round(height.value * across / down) || "";
  else if (down) height.value = Math.round(width.value * down / across) || "";
}

/** Close each field that another one leaves without a meaning. @returns {Fields} what counts then */
function settle() {
  const fields = read(), isKnown = !fields.known || fields.known in choices.sizes;
  for (const control of controls) {
    const { needs = "", unless = "" } = control.dataset;
    control.disabled = Boolean((needs && !fields[needs]) || fields[unless]);
  }
  for (const way of ways) way.disabled = part[way.dataset.for ?? ""].disabled;
  part.known.setCustomValidity(isKnown ? "" : "No size has this name.");
  return read();
}

/** One step back leads to the field before, not to the key before. @param {Fields} fields */
function remember(fields) {
  const differing = Object.entries(fields).filter(([name, value]) => value !== initial[name]);
  const hash = new URLSearchParams(differing).toString();
  if (hash === location.hash.slice(1)) return;
  history[isNewStep ? "pushState" : "replaceState"](null, "", hash ? `#${hash}` : location.pathname);
  isNewStep = false;
}

function restore() {
  write(Object.fromEntries(new URLSearchParams(location.hash.slice(1))));
  isNewStep = false;
}

// The preview.

function update() {
  const fields = settle(), path = address(fields), [plain, options = ""] = path.split(/(?=\?)/);
  $("address").replaceChildren(make("i", {}, location.origin), make("wbr"), plain, make("b", {}, options));
  $("open").href = path;
  for (const kind of PASTED) $(kind).textContent = SNIPPETS[kind](fields);
  $("view").dataset.state = "pending";
  clearTimeout(timer);
  timer = setTimeout(() => { remember(fields); preview(path, fields); }, DEBOUNCE_MS);
}

/** @param {string} path @param {Fields} fields */
async function preview(path, fields) {
  asking.abort();
  const { signal } = asking = new AbortController(), image = new Image();
  image.src = path;
  try {
    const answer = await fetch(path + (path.includes("?") ? "&json" : "?json"), { signal });
    const told = await answer.json();
    if (answer.ok) await image.decode();
    if (!signal.aborted) answer.ok ? show(told, image, fields) : become("refused", told.error);
  } catch (error) {
    const why = error instanceof DOMException ? "this browser cannot show it" : "the server does not answer";
    if (!signal.aborted) become("refused", why);
  }
}

/** @param {Facts} facts @param {HTMLImageElement} image @param {Fields} fields */
function show(facts, image, fields) {
  Object.assign(image, { id: "picture", alt: `Preview, ${altOf(fields) || "without a label"}` });
  image.style.setProperty("--width", `${facts.width}`);
  image.style.setProperty("--ratio", `${facts.width / facts.height}`);
  $("picture").replaceWith(image);
  shown = facts;
  tell(facts);
  suggest(facts, fields);
  become("shown");
}

/** @param {"shown" | "refused"} state @param {string} [error] the reason; it quotes a colour that is none */
function become(state, error = "") {
  $("view").dataset.state = state;
  $("error").textContent = error;
  for (const one of document.querySelectorAll("[data-kind]")) one.toggleAttribute("disabled", error !== "");
  for (const { dataset } of ways) {
    const text = part[dataset.for ?? ""], [word] = joined(text.value.toLowerCase()).split(",");
    text.setAttribute("aria-invalid", word && error.includes(`'${word}'`) ? "true" : "false");
  }
  caption();
}

function caption() {
  if (!shown) return;
  const { width, height, scale } = shown, percent = Math.round(100 * $("picture").clientWidth / width);
  const stale = $("view").dataset.state === "refused" ? "The last good picture: " : "";
  const drawn = scale > 1 ? `, drawn at ${scale}x` : "";
  const shrunk = percent < 100 ? `, shown at ${percent} %` : "";
  $("caption").textContent = `${stale}${width} × ${height} px${drawn}${shrunk}`;
}

/** @param {Facts} facts */
function tell({ bytes, contrast, blurhash, missing }) {
  const ratio = contrast ?? 0, level = ratio >= 4.5 ? 0 : ratio >= 3 ? 1 : 2;  // WCAG 2.2, 1.4.3
  $("weight").textContent = bytes < 1000 ? `${bytes} bytes` : `${(bytes / 1000).toFixed(1)} kB`;
  $("contrast").textContent = contrast;
  $("verdict").textContent = ["passes AA", "large text only", "fails AA"][level];
  $("verdict").dataset.level = ["good", "warn", "bad"][level];
  $("missing").textContent = missing.join(" ");
  $("blurhash").textContent = blurhash;
}

/** Show in the fields what the server chose or understood. @param {Facts} facts @param {Fields} fields */
function suggest(facts, fields) {
  const { background, ink, gradient, stripes, font_size: size } = facts;
  part.background.placeholder = background;
  part.ink.placeholder = `auto ${ink}`;
  part.size.placeholder = size ? `fitted: ${size}` : "fitted";
  part.text.placeholder = fields.plain ? "" : box(fields).join(" × ");
  /** @type {Record<string, string | null | undefined>} */
  const colours = { background, ink, gradient: gradient?.[0], stripes: stripes?.[0] };
  colours["border-colour"] = facts.border_colour;
  for (const way of ways) {
    const colour = colours[way.dataset.for ?? ""] ?? "00000000";
    if (way.type === "color") way.value = `#${colour.slice(0, 6)}`;
    way.classList.toggle("none", /^.{6}00$/.test(colour));
  }
}

// Copying.

/** @param {HTMLButtonElement} button */
async function copy(button) {
  if (button.disabled) return;
  const { kind = "" } = button.dataset, line = /** @type {HTMLElement} */ (button.parentElement);
  const copied = await put(SNIPPETS[kind](read()), line.getElementsByTagName("code")[0]);
  const say = (/** @type {string} */ word, /** @type {string} */ sentence) => {
    button.childNodes[0].textContent = word;
    button.classList.toggle("copied", word === "Copied");
    $("said").textContent = sentence;
  };
  if (copied) say("Copied", `${kind} copied`);
  else say("Ctrl C", `${kind} is selected: press Ctrl and C to copy it`);
  line.classList.toggle("open", !copied);
  setTimeout(say, CONFIRMED_MS, "Copy", "");
}

/** Copy; by selecting, where plain http or a person forbids more. @param {string} text @param {Node} code */
async function put(text, code) {
  if (await navigator.clipboard?.writeText(text).then(() => true, () => false)) return true;
  const give = (/** @type {ClipboardEvent} */ event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  getSelection()?.selectAllChildren(code);
  document.addEventListener("copy", give);
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", give);
  return copied;
}

// What the choices add to the page, and what a hand does on it.

/** @param {string} tag @param {Fields} [attributes] @param {...(Node | string)} children */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} name @returns {Node} a button with a small picture of where it leads */
function preset(name) {
  const fields = { ...initial, ...PRESETS[name] }, shrink = 64 / Math.max(...box(fields));
  const [width, height] = box(fields).map((side) => `${Math.round(side * shrink)}`);
  const small = { ...fields, width, height, radius: fields.radius && "6", plain: "on", scale: "1" };
  const button = make("button", { type: "button" }, make("img", { src: address(small), alt: "" }), name);
  button.addEventListener("click", () => write(PRESETS[name]));
  return button;
}

/** @param {string} kind */
function row(kind) {
  const unseen = make("span", { class: "unseen" }, ` ${kind}`);
  const button = make("button", { type: "button", "data-kind": kind }, "Copy", unseen);
  return make("li", {}, make("h2", {}, kind), make("code", { id: kind }), button);
}

/** A picker or a button writes into the field beside it. @param {HTMLInputElement | HTMLButtonElement} way */
function choose({ type, value, dataset }) {
  const text = part[dataset.for ?? ""], [, alpha] = text.value.split(",");
  text.value = type === "color" ? joined(value, alpha) : value;
}

/** @param {string} name @param {string} value @param {string} label */
const segment = (name, value, label) =>
  make("label", {}, make("input", { type: "radio", name, value }), label);

function furnish() {
  $("formats").append(...choices.formats.map((format) => segment("format", format, format)));
  $("scales").append(...["1", "2", "3"].map((scale) => segment("scale", scale, `${scale}x`)));
  [part.format.value, part.scale.value] = [choices.defaults.format, "1"];
  part.ratio.append(...RATIOS.map((ratio) => new Option(ratio)));
  part.font.append(...choices.fonts.map((font) => new Option(font)));
  const sizes = Object.entries(choices.sizes).map(([name, size]) => new Option(size.join(" × "), name));
  $("sizes").append(...sizes);
  for (const label of document.querySelectorAll(".colour label")) {
    const name = label.querySelector("input")?.name ?? "", aim = `Pick: ${label.textContent?.trim()}`;
    label.after(make("input", { type: "color", "data-for": name, "aria-label": aim }));
  }
  $("snippets").append(...PASTED.map(row));
}

function listen() {
  for (const event of ["focusin", "change"]) form.addEventListener(event, () => { isNewStep = true; });
  form.addEventListener("input", (/** @type {Event} */ { target }) => {
    if (target instanceof HTMLInputElement && target.dataset.for) choose(target);
    agree(target);
    update();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (button?.dataset.kind) copy(button);
    if (button?.dataset.for) choose(button);
    if (button?.dataset.for) update();
    if (button?.id === "reset") write({});
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    copy($("copy"));
  });
  addEventListener("popstate", restore);
  new ResizeObserver(caption).observe($("stage"));
}

$(choices.signed ? "signed" : "playground").hidden = false;
$("reset").hidden = choices.signed;
if (!choices.signed) furnish();
/** @type {HTMLInputElement[]} */
const controls = [...form.querySelectorAll("[name]")], ways = [...form.querySelectorAll("[data-for]")];
const initial = read();
let isNewStep = false, timer = 0, asking = new AbortController();
/** @type {Facts | null} of the picture on the stage */
let shown = null;
if (!choices.signed) {
  $("presets").append(...Object.keys(PRESETS).map(preset));
  listen();
  restore();
}
</script>
</body>
</html>
"""
PLAYGROUND_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; connect-src 'self'; "
    f"style-src {csp_hashes(PLAYGROUND, 'style')}; script-src {csp_hashes(PLAYGROUND, 'script')}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


# --- Urls -----------------------------------------------------------------------------------------

urlpatterns = [
    path("", playground),
    path("health", health),
    re_path(r"(?s)^.+$", picture),
]


# --- Entry points ---------------------------------------------------------------------------------


class Remembering:
    """Answer plain requests for valid pictures before Django builds a request; ask Django for all others.

    Building a request and a response is two thirds of what a new small picture costs.
    """

    def __init__(self, django: Callable[..., Iterable[bytes]]) -> None:
        self.django = django

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = ANSWERS.get(key_of(environ))
        method = environ["REQUEST_METHOD"]
        if answer is None and method in ("GET", "HEAD"):
            answer = newly_answered(environ)
        status = condition(environ, answer.etag) if answer and method in ("GET", "HEAD") else 412
        if status == 412:
            answered = self.django(environ, start_response)
            return answered if method != "HEAD" else without_body(answered)
        if status == 304:
            start_response("304 Not Modified", answer.unchanged)
            return []
        start_response("200 OK", answer.headers)
        return answer.body if method == "GET" else []


def newly_answered(environ: dict[str, Any]) -> Answer | None:
    """Draw what the form allows, if nothing else is asked; all that is not so plain is Django's."""
    if environ["PATH_INFO"] in ("/", "/health") or "HTTP_IF_NONE_MATCH" in environ:
        return None
    key = key_of(environ)
    verdict, form = decide(*key)
    return kept_answer(key, verdict, form) if isinstance(verdict, Picture) else None


def condition(environ: dict[str, Any], etag: str) -> int:
    """Which status the preconditions of a request call for (RFC 9110, 13.2.2): 200, 304 or 412."""
    named, held = environ.get("HTTP_IF_MATCH"), environ.get("HTTP_IF_NONE_MATCH")
    if named is not None and parse_etags(named) != ["*"] and etag not in parse_etags(named):
        return 412
    if held and (held == etag or is_held(held, etag)):
        return 304
    return 200


def is_held(held: str, etag: str) -> bool:
    """Whether an If-None-Match names the answer, by the weak comparison that RFC 9110 (13.1.2) asks for."""
    tags = parse_etags(held)
    return tags == ["*"] or etag in (tag.removeprefix("W/") for tag in tags)


def without_body(answered: Iterable[bytes]) -> list[bytes]:
    """End an answer of Django's whose headers are all that was asked for."""
    cast(HttpResponse, answered).close()
    return []


UNNEEDED = (  # there is no database and no cache of Django's to put in order
    (request_started, reset_queries),
    (request_started, close_old_connections),
    (request_finished, close_old_connections),
    (request_finished, close_caches),
)
for signal, receiver in UNNEEDED:
    signal.disconnect(receiver)
application = Remembering(get_wsgi_application())
gc.freeze()  # what is loaded by now stays: the collector need not look at it again


class Render(BaseCommand):
    help = "Write the picture of an address to a file, or to standard output if the file is -."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="such as 600x400.png or '1200x630/264653/fff?text=Hello'")
        parser.add_argument("file", help="its ending chooses the format where the address names none")

    def handle(self, *, address: str, file: str, **options: Any) -> None:
        found = read_own(*split_address(address))
        asked = "json" if "describe" in found else found.get("format")
        form = FORMATS.get(Path(file).suffix[1:].lower(), asked or STYLES[STYLE_OF_ALL].format)
        if asked and asked != form:
            raise CommandError(
                f"the address asks for {asked} and {file} is named {form}; expected one format"
            )
        if form != "json":
            found["format"] = form
        write(file, answer_to(validated_own(found), form).body[0])


class Sign(BaseCommand):
    help = "Print an address with the signature that a host with the same PLACEHOLDER_KEY asks for."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="such as '/600x400/264653/fff.png?text=Hello'")

    def handle(self, *, address: str, **options: Any) -> None:
        if not SIGNING_KEY:
            raise CommandError("PLACEHOLDER_KEY is empty; expected the key of the host that will be asked")
        path, query = split_address(address)
        validated_own(read_own(path, query))
        self.stdout.write(f"/{address.lstrip('/').partition('?')[0]}?{signed(path, query)}")


def split_address(address: str) -> tuple[str, str]:
    """Split an address into a path, in the form in which WSGI gives it, and a query."""
    path, _, query = address.partition("?")
    return f"/{unquote_to_bytes(path.lstrip('/')).decode('latin-1')}", query


def read_own(path: str, query: str) -> dict[str, str]:
    """Read an address for one who need not sign it."""
    found: dict[str, str] = {}
    try:
        read_address(path, query, found)
    except Refused as refused:
        raise CommandError(refused.why) from None
    return found


def validated_own(found: dict[str, str]) -> Picture:
    try:
        return validated(found).picture(STYLES[STYLE_OF_ALL])
    except Refused as refused:
        raise CommandError(refused.why) from None


def write(file: str, body: bytes) -> None:
    """Write all or nothing: a picture that is there already is replaced at once."""
    if file == "-":
        sys.stdout.buffer.write(body)
        return
    draft = Path(f"{file}.{os.getpid()}.part")
    try:
        draft.write_bytes(body)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CommandError(f"{file} cannot be written: {error.strerror}") from None


COMMANDS = {"render": Render, "sign": Sign}
Runserver.default_port = str(PORT)


def main(words: list[str]) -> None:
    """Run one of our commands, or one of Django's, such as runserver and check."""
    if len(words) < 2 or words[1] in ("help", "--help", "-h"):
        sys.stdout.write(f"{__doc__}\nEach command explains itself: python placeholder.py render --help\n")
    elif command := COMMANDS.get(words[1]):
        command().run_from_argv(words)
    else:
        execute_from_command_line(words)


if __name__ == "__main__":
    main(sys.argv)
