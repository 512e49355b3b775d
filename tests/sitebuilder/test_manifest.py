"""What is remembered of a build is added to, and is what a build from nothing would remember."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sitebuilder.building import Report, build
from sitebuilder.manifest import MOST_GROWN, OUTPUTS, PAGES, Manifest, load
from sitebuilder.settings import read_site
from sitebuilder.unchanged import SEEN
from tests.sitebuilder.sites import LAYOUT, SITE, built, clean_tree, tree, write

JOURNALS = (PAGES, OUTPUTS, SEEN)
OLD = 1_600_000_000  # seconds since 1970: a file this old is not read again for its age
POSTS: dict[str, str | bytes] = {
    f"pages/posts/p{n}.md": f"---\ntitle: Post {n}\ndate: 2026-01-{n:02}\n---\nText\n" for n in range(1, 32)
}
TEMPLATES: dict[str, str | bytes] = {
    "site.toml": f"{SITE}[search]\nenabled = true\n",
    "templates/page.html": LAYOUT + "{% if page.next %}{{ page.next.title }}{% endif %}",
    "templates/list.html": "{% for p in page.pages %}{{ p.title }} {% endfor %}",
    "pages/posts/index.md": "",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = write(tmp_path / "site", TEMPLATES | POSTS)
    built(folder)
    return folder


def test_what_is_remembered_after_edits_is_what_a_build_from_nothing_remembers(
    site: Path, tmp_path: Path
) -> None:
    edit(site, 3, "Another title")
    write(site, {"pages/posts/p99.md": "# New\n", "pages/about.md": "# About\n"})
    built(site)
    (site / "pages/posts/p5.md").unlink()
    built(site)

    assert [len(ends) for ends in remembered(site).ends] == [4, 4, 4]
    assert parts(remembered(site)) == parts(remembered_from_nothing(site, tmp_path))


def test_an_edit_adds_little_to_what_is_remembered(site: Path) -> None:
    whole = [journal.stat().st_size for journal in journals(site)]

    edit(site, 3, "Post 3", "Other text")

    for journal, size in zip(journals(site), whole, strict=True):
        assert journal.stat().st_size - size < size / 4


def test_what_is_remembered_is_written_anew_when_it_has_grown_much(site: Path) -> None:
    entries, sizes = [], []
    for number in range(20):
        edit(site, 3, "Post 3", f"Text {number}")
        ends = remembered(site).ends[0]
        entries.append(len(ends))
        sizes.append(journals(site)[0].stat().st_size / ends[0])

    assert max(sizes) < MOST_GROWN + 0.25
    assert max(entries) > 2
    assert entries.count(1) > 1


def test_what_was_seen_is_written_anew_when_it_has_grown_much_though_nothing_was_rendered(site: Path) -> None:
    entries = []
    for number in range(12):
        for page in site.glob("pages/posts/p1?.md"):
            os.utime(page, (OLD + number, OLD + number))
        assert built(site).written == []
        *_, ends = remembered(site).ends
        entries.append(len(ends))

    assert max(entries) > 1
    assert 1 in entries[1:]


@pytest.mark.parametrize("which", range(3), ids=JOURNALS)
@pytest.mark.parametrize(
    "damaged",
    [
        lambda whole, _: whole[:-1],
        lambda whole, first: whole[: first + 5],
        lambda whole, _: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda whole, first: whole + whole[first:],
        lambda whole, first: whole[first:],
        lambda whole, _: whole + b"\0",
        lambda whole, first: whole[:first],
        lambda *_: b"",
    ],
    ids=[
        "cut",
        "cut in a head",
        "changed",
        "added to by another build",
        "without its first entry",
        "more",
        "without its last entry",
        "none",
    ],
)
def test_a_damaged_journal_means_a_full_build(
    site: Path, tmp_path: Path, damaged: Callable[[bytes, int], bytes], which: int
) -> None:
    edit(site, 3, "Another title")
    first, journal = remembered(site).ends[which][0], journals(site)[which]
    journal.write_bytes(damaged(journal.read_bytes(), first))

    report = edit(site, 4, "Another title too")

    assert set(report.reasons) == set(tree(site))
    assert tree(site) == clean_tree(site, tmp_path / "clean")


def edit(site: Path, number: int, title: str, text: str = "Text") -> Report:
    write(
        site, {f"pages/posts/p{number}.md": f"---\ntitle: {title}\ndate: 2026-01-{number:02}\n---\n{text}\n"}
    )
    return built(site)


def journals(site: Path) -> list[Path]:
    return [site / ".sitebuilder" / name for name in JOURNALS]


def remembered(site: Path) -> Manifest:
    return load(read_site(site))


def remembered_from_nothing(folder: Path, elsewhere: Path) -> Manifest:
    site = replace(read_site(folder, workers=1), output=elsewhere / "out", state=elsewhere / "state")
    build(site)
    return load(site)


def parts(manifest: Manifest) -> tuple[object, ...]:
    return manifest.pages, manifest.digests, manifest.values, manifest.outputs
