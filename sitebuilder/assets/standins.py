"""Draw a stand-in for a picture that is to come: its size, its colours, and what it will show."""

import re
from html import escape
from urllib.parse import quote

from sitebuilder.contrast import Colour, as_text, colour_of, ink
from sitebuilder.errors import wrong
from sitebuilder.guesses import meant

SIZE = re.compile(r"([1-9]\d*)[xX×]([1-9]\d*)")
MOST_SIDE = 4000  # pixels
MOST_CHARACTERS = 200
OPTIONS = ("text", "alt", "bg", "fg", "class")
GROUND = "#d9dde3"
LETTER_WIDTH = 0.6  # of its height, in most faces without serifs
UNESCAPED = "/:=;,' ()!*-._~"  # what may stand in an address within double quotes


def stand_in(size: str, options: dict[str, str]) -> str:
    """An `<img>` that holds its picture itself: nothing else is loaded, and nothing is left over."""
    for name in options:
        if name not in OPTIONS:
            right = meant(name, OPTIONS, ", ".join(OPTIONS))
            raise wrong(f"{{% placeholder %}} has no option {name}", right=right)
    width, height = measures(size)
    text = options.get("text", f"{width} × {height}")
    if len(text) > MOST_CHARACTERS:
        raise wrong(f"the text has {len(text)} characters", right=f"at most {MOST_CHARACTERS}")
    ground = colour("bg", options.get("bg", GROUND))
    letters = colour("fg", options["fg"]) if "fg" in options else ink(ground)
    svg = quote(drawing(width, height, text, as_text(ground), as_text(letters)), safe=UNESCAPED)
    alt = escape(options.get("alt", text))
    named = f' class="{escape(options["class"])}"' if "class" in options else ""
    return f'<img src="data:image/svg+xml,{svg}" alt="{alt}" width="{width}" height="{height}"{named}>'


def measures(size: str) -> tuple[int, int]:
    found = SIZE.fullmatch(size)
    if not found or max(int(found[1]), int(found[2])) > MOST_SIDE:
        raise wrong(f"the size is {size!r}", right=f"such as 600x400, of at most {MOST_SIDE} pixels a side")
    return int(found[1]), int(found[2])


def colour(option: str, text: str) -> Colour:
    if re.fullmatch(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", text):
        return colour_of(text)
    from PIL.ImageColor import colormap, getrgb  # noqa: PLC0415 - it loads Pillow

    if text.lower() in colormap:
        return colour_of(bytes(getrgb(text.lower())[:3]).hex())
    right = meant(text, colormap, "#rgb, #rrggbb or a name of CSS such as navy")
    raise wrong(f"{option} is {text!r}", right=right)


def drawing(width: int, height: int, text: str, ground: str, letters: str) -> str:
    high = max(1, round(min(height * 0.4, width * 0.9 / max(1, len(text)) / LETTER_WIDTH, 96)))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>"
        f"<rect width='100%' height='100%' fill='{ground}'/>"
        f"<text x='50%' y='50%' dy='.35em' text-anchor='middle' font-family='sans-serif' font-size='{high}' "
        f"fill='{letters}'>{escape(text)}</text></svg>"
    )
