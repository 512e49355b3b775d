"""Tell the size of an SVG by its first tag."""

import re

LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")
ROOT = re.compile(r"<svg\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""\s(width|height|viewBox)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
FIRST_BYTES = 64 * 1024  # what an editor writes before the tag is shorter


def svg_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels: as they are written, or by the view box; None where neither says."""
    root = ROOT.search(content[:FIRST_BYTES].decode("utf-8", "replace"))
    if not root:
        return None
    said = {found[1]: found[2] or found[3] or "" for found in ATTRIBUTE.finditer(root[0])}
    lengths = [LENGTH.fullmatch(said.get(name, "")) for name in ("width", "height")]
    box = re.split(r"[\s,]+", said.get("viewBox", "").strip())
    numbers = [LENGTH.fullmatch(number) for number in box[2:4]] if len(box) == 4 else []
    for found in (lengths, numbers):
        if found and all(found):
            width, height = (max(1, round(float(number[1]))) for number in found if number)
            return width, height
    return None
