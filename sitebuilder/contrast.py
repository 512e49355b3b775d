"""Tell whether a colour can be read on another, and mend it where it cannot (WCAG 2.2, 1.4.3)."""

ENOUGH = 4.5  # WCAG AA for text of a usual size
STEPS = 20
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
Colour = tuple[int, int, int]


def colour_of(text: str) -> Colour:
    """The colour of three or six hexadecimal digits, with or without `#` before them."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def as_text(colour: Colour) -> str:
    return f"#{bytes(colour).hex()}"


def luminance(colour: Colour) -> float:
    """Relative luminance, from 0 to 1, as WCAG defines it."""
    parts = [part / 255 for part in colour]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink(background: Colour) -> Colour:
    """Black or white, whichever can be read better there."""
    return max(BLACK, WHITE, key=lambda colour: contrast(colour, background))


def readable(colour: Colour, background: Colour) -> Colour:
    """The colour, moved towards black or white as far as it has to be to be read on the background."""
    goal = ink(background)
    for step in range(STEPS + 1):
        moved = mixed(colour, goal, step / STEPS)
        if contrast(moved, background) >= ENOUGH:
            return moved
    return goal


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
