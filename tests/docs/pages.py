"""Read the documentation's pages: their blocks of code, and the tables in them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs"
PAGES = SITE / "pages"


def blocks(page: str, language: str) -> list[str]:
    """Give a page's blocks of one language, in their order."""
    text = (PAGES / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(page: str, heading: str = "") -> list[list[str]]:
    """Give the cells of every table of a page, or of the part below a heading, without the tables' heads."""
    text = (PAGES / page).read_text()
    if heading:
        found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
        assert found is not None, heading
        text = re.split(rf"^#{{1,{len(found[1])}}} ", text[found.end() :], maxsplit=1, flags=re.MULTILINE)[0]
    body = re.findall(r"^\|[ -]+\|[-| ]*\n((?:\|.*\n?)+)", text, re.MULTILINE)
    lines = "".join(body).splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
