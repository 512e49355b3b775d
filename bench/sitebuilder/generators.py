"""The generators that are compared: how each wants its posts written, and the command that builds them."""

import os
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from bench.sitebuilder.corpus import Post
from bench.sitebuilder.preparing import HERE, Programs
from tests.stack import ROOT

MARK = "An edited word."  # stands in the post that was edited, and afterwards in its page


class Generator(ABC):
    """A program that builds the corpus in a folder of its own."""

    name: ClassVar[str]
    templates: ClassVar[str]  # its folder below peers/
    layout: ClassVar[str]  # the file of its base layout
    output: ClassVar[str]
    makes_lists: ClassVar[bool] = True

    def __init__(self, folder: Path, programs: Programs) -> None:
        self.folder, self.programs = folder, programs

    def write(self, posts: Iterable[Post]) -> None:
        """Write the site's templates and posts as this generator wants them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(HERE / "peers" / self.templates, self.folder)
        for post in posts:
            file = self.folder / self.source(post)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.written(post))

    def written(self, post: Post) -> str:
        return (
            f'---\ntitle: "{post.title}"\ndescription: "{post.description}"\ndate: {post.date}\n'
            f"tags: [{', '.join(post.tags)}]\n---\n\n{post.body}"
        )

    def clear(self) -> None:
        """Take away all that a build left."""
        shutil.rmtree(self.folder / self.output, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """Ours, in which Python may keep what it has compiled, as it does where nobody forbids it."""
        return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def edit_layout(self, number: int) -> None:
        file = self.folder / self.layout
        file.write_text(file.read_text().replace("</footer>", f"<!-- {number} --></footer>"))

    def page(self, post: Post) -> Path:
        return self.folder / self.output / post.url.strip("/") / "index.html"

    def lists(self) -> int:
        """How many pages it made that are not posts."""
        pages = (self.folder / self.output).rglob("index.html")
        return sum(not page.parent.name.startswith("post-") for page in pages)

    @abstractmethod
    def source(self, post: Post) -> str:
        """The file of a post, from the site's folder."""

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """What builds the site, in its folder."""


class Ours(Generator):
    """This project's own, one-shot."""

    name, templates, output = "sitebuilder", "ours", "out"
    layout = "templates/base.html"

    def source(self, post: Post) -> str:
        return f"pages/{post.section}/{post.slug}.md"

    def clear(self) -> None:
        super().clear()
        shutil.rmtree(self.folder / ".sitebuilder", ignore_errors=True)

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "PYTHONPATH": str(ROOT)}

    def command(self) -> Sequence[str | Path]:
        return [sys.executable, "-m", "sitebuilder", "build"]


class Hugo(Generator):
    name, templates, output = "Hugo", "hugo", "public"
    layout = "layouts/baseof.html"

    def source(self, post: Post) -> str:
        return f"content/{post.section}/{post.slug}.md"

    def command(self) -> Sequence[str | Path]:
        return [self.programs.hugo, "--quiet", "--cleanDestinationDir"]


class Eleventy(Generator):
    name, templates, output = "Eleventy", "eleventy", "_site"
    layout = "_includes/base.njk"

    def write(self, posts: Iterable[Post]) -> None:
        super().write(posts)
        (self.folder / "node_modules").symlink_to(self.programs.node_modules)

    def source(self, post: Post) -> str:
        return f"{post.section}/{post.slug}.md"

    def command(self) -> Sequence[str | Path]:
        return [self.programs.node, "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"]


class Pelican(Generator):
    name, templates, output = "Pelican", "pelican", "output"
    layout = "theme/templates/base.html"

    def written(self, post: Post) -> str:
        return (
            f"Title: {post.title}\nSummary: {post.description}\nDate: {post.date}\n"
            f"Tags: {', '.join(post.tags)}\nSlug: {post.slug}\n\n{post.body}"
        )

    def source(self, post: Post) -> str:
        return f"content/{post.section}/{post.slug}.md"

    def clear(self) -> None:
        super().clear()
        shutil.rmtree(self.folder / "cache", ignore_errors=True)

    def command(self) -> Sequence[str | Path]:
        return [self.programs.peers_python.with_name("pelican"), "--quiet"]


class MkDocs(Generator):
    """Makes no tags, no pages of a long list and no feed, so it has less to do."""

    name, templates, output = "MkDocs", "mkdocs", "site"
    layout = "theme/main.html"
    makes_lists = False

    def source(self, post: Post) -> str:
        return f"docs/{post.section}/{post.slug}.md"

    def command(self) -> Sequence[str | Path]:
        return [self.programs.peers_python.with_name("mkdocs"), "build", "--quiet"]


class Distill(Generator):
    """Django views behind the test client, as django-distill calls them; Markdown by what ours uses."""

    name, templates, output = "django-distill", "distill", "built"
    layout = "templates/base.html"

    def source(self, post: Post) -> str:
        return f"content/{post.section}/{post.slug}.md"

    def command(self) -> Sequence[str | Path]:
        words = "distill generate --output-directory built --force --quiet --parallel-render 2"
        return [self.programs.peers_python, "corpus_site.py", *words.split()]


PEERS = (Hugo, Eleventy, Pelican, MkDocs, Distill)
