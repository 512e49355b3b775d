"""Make small sites and build them, and look at what came out."""

from dataclasses import replace
from pathlib import Path

from sitebuilder.building import Report, build
from sitebuilder.settings import read_site

SITE = '[site]\nname = "Example"\nurl = "https://example.org"\n'
LAYOUT = (
    "<!doctype html><html lang={{ page.language }}><title>{{ page.title }}</title>"
    "{% block main %}{{ content }}{% endblock %}"
)


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files below a folder; a site.toml too, if they name none."""
    for name, content in ({"site.toml": SITE} | files).items():
        if name == "site.toml" and name not in files and (folder / name).exists():
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def built(folder: Path, *, drafts: bool = False) -> Report:
    return build(read_site(folder, drafts=drafts, workers=1))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a built site by its path."""
    files = (path for path in (folder / "out").rglob("*") if path.is_file())
    return {path.relative_to(folder / "out").as_posix(): path.read_bytes() for path in files}


def page(folder: Path, name: str) -> str:
    return (folder / "out" / name).read_text()


def clean_tree(folder: Path, elsewhere: Path, *, drafts: bool = False) -> dict[str, bytes]:
    """What a build from nothing makes of the same site."""
    site = read_site(folder, drafts=drafts, workers=1)
    build(replace(site, output=elsewhere / "out", state=elsewhere / "state"))
    return tree(elsewhere)
