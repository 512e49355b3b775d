"""What Markdown became is kept by the bytes that it was made of, and taken again where they are the same."""

from pathlib import Path

import pytest

from sitebuilder import rendering
from sitebuilder.metadata import Source
from sitebuilder.page_reading import known_source
from sitebuilder.settings import Site
from tests.sitebuilder.pictures import picture
from tests.sitebuilder.sites import LAYOUT, built, clean_tree, page, tree, write

PAGES: dict[str, str | bytes] = {
    "templates/page.html": LAYOUT,
    "pages/plain.md": "# Plain\n\n[Elsewhere](https://example.org/) and `{{ code }}`",
    "pages/linking.md": "[plain](plain.md)",
    "pages/pictured.md": "![](/static/a.png)",
    "pages/tagged.md": "{{ page.title }}",
    "static/a.png": picture(6, 4, kind="PNG"),
}


def test_a_new_layout_opens_only_pages_that_name_files_or_have_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(write(tmp_path / "site", PAGES))
    opened = set()

    def noting(site: Site, path: str) -> tuple[Source, str]:
        opened.add(path)
        return known_source(site, path)

    monkeypatch.setattr(rendering, "known_source", noting)
    built(write(tmp_path / "site", {"templates/page.html": f"{LAYOUT}<footer>"}))

    assert opened == {"pages/linking.md", "pages/pictured.md", "pages/tagged.md"}
    assert tree(tmp_path / "site") == clean_tree(tmp_path / "site", tmp_path)


def test_a_text_that_changes_while_it_is_built_is_not_taken_for_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changing(site: Site, path: str) -> tuple[Source, str]:
        write(tmp_path, {path: "two"})
        return known_source(site, path)

    write(tmp_path, {"templates/page.html": LAYOUT, "pages/a.md": "one"})
    with monkeypatch.context() as patch:
        patch.setattr(rendering, "known_source", changing)
        built(tmp_path)

    built(write(tmp_path, {"templates/page.html": f"{LAYOUT}<footer>", "pages/a.md": "one"}))

    assert "<p>one</p>" in page(tmp_path, "a/index.html")
