"""Say which version of the site builder this is, and what it runs on."""

import platform
import re
from pathlib import Path

from django import get_version

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"  # whose headings are the project's versions
HEADING = re.compile(r"^## \[?([^\]\s]+)", re.MULTILINE)  # ## Unreleased, ## [1.2.0] - 2026-01-31


def in_words() -> str:
    return f"sitebuilder {version()}, on Python {platform.python_version()} and Django {get_version()}"


def version(changelog: Path = CHANGELOG) -> str:
    """The newest version that the changelog tells of; of what is not released yet, that which it follows."""
    text = changelog.read_text(encoding="utf-8") if changelog.exists() else ""
    newest, before, *_ = [*HEADING.findall(text), "", ""]
    if newest.lower() == "unreleased":
        return f"unreleased, after {before}" if before else "unreleased"
    return str(newest) or "unknown"
