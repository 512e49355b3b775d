"""Gather a page's footnotes at its end, numbered as the text refers to them, with links there and back."""

from dataclasses import dataclass, field

from sitebuilder.slugs import Slugs


@dataclass
class Note:
    """A footnote as it is read; `number` is pyromark's, which counts references and definitions alike."""

    number: str = ""
    out: list[str] = field(default_factory=list)
    depth: int = 1  # of <div>, its own among them
    references: list[str] = field(default_factory=list)  # ids of the places that refer to it


class Footnotes:
    """The notes of one page, and the places that refer to them."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}
        self._references: list[tuple[list[str], int, str]] = []  # which list, where in it, the note's number

    def add(self, note: Note) -> None:
        """Keep a note; of two with one name the first counts."""
        self._notes.setdefault(note.number, note)

    def refer(self, out: list[str], number: str) -> None:
        """Remember that the piece about to be appended to `out` refers to a note."""
        self._references.append((out, len(out), number))

    def write(self, slugs: Slugs) -> str:
        """Write the references into their places and return the list of notes; nothing, if there are none."""
        cited: dict[str, str] = {}  # a note's number in the source: its id on the page
        for out, place, number in self._references:
            if number in self._notes:
                out[place] = self._reference(number, cited, slugs)
        items = "".join(_item(self._notes[number], name) for number, name in cited.items())
        if not items:
            return ""
        return f'<section class="footnotes" role="doc-endnotes">\n<ol>\n{items}</ol>\n</section>\n'

    def _reference(self, number: str, cited: dict[str, str], slugs: Slugs) -> str:
        if number not in cited:
            cited[number] = slugs.made_from(f"fn-{len(cited) + 1}")
        name = cited[number]
        here = slugs.made_from(name.replace("fn", "fnref", 1))
        self._notes[number].references.append(here)
        shown = list(cited).index(number) + 1
        return f'<sup id="{here}"><a href="#{name}" role="doc-noteref">{shown}</a></sup>'


def _item(note: Note, name: str) -> str:
    back = "".join(f' <a href="#{here}" role="doc-backlink">↩</a>' for here in note.references)
    html = "".join(note.out).strip()
    html = html.removesuffix("</p>") + back + "</p>" if html.endswith("</p>") else html + back
    return f'<li id="{name}">\n{html}\n</li>\n'
