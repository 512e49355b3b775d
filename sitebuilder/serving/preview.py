"""A site as it is at this moment, for browsers: its pages, what is wrong with it, and who looks at it."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from sitebuilder.media_types import content_type
from sitebuilder.scanning import digest
from sitebuilder.serving.addresses import folder_at, output_at
from sitebuilder.serving.browsers import Browsers, Shown
from sitebuilder.serving.resident import Resident
from sitebuilder.serving.showing import problems_html, whole_page
from sitebuilder.serving.telling import Teller
from sitebuilder.serving.workshop import Update, Workshop
from sitebuilder.settings import Site

MISSING = "404.html"


@dataclass(frozen=True)
class Known:
    """The paths that can be had: the outputs of the site, and the files that they asked for."""

    resident: Resident

    def __contains__(self, path: object) -> bool:
        return path in self.resident.outputs or path in self.resident.made.written


class Preview:
    """What the server answers with."""

    def __init__(self, site: Site, teller: Teller, *, is_live: bool) -> None:
        self.site, self.is_live, self.teller = site, is_live, teller
        self.run = secrets.token_hex(4)  # tells browsers of another start
        self.resident = Resident(site)
        self.known = Known(self.resident)
        self.browsers = Browsers(self.look)
        self.workshop = Workshop(self.resident, looked_at=self.browsers.paths, tell=self.tell)

    def tell(self, update: Update) -> None:
        problems = self.resident.problems
        files = [f"/{path}" for path in update.news if not content_type(path).startswith("text/html")]
        self.browsers.tell(files, problems_html(self.site.folder, problems))
        self.teller.tell(update, problems, left=len(self.resident.pending), total=len(self.resident.outputs))

    async def path_at(self, address: str) -> str | None:
        """The output at an address, as the latest changes make it."""
        return await self.workshop.there(lambda: output_at(address, self.known))

    def redirect(self, address: str) -> str | None:
        """Where a folder's address without its slash leads."""
        return folder_at(address, self.known)

    async def page(self, address: str) -> Shown:
        """The page at an address, or the one that says that there is none."""
        await self.workshop.there(lambda: output_at(address, self.known) or MISSING)
        return self.look(address)

    def look(self, address: str) -> Shown:
        """What an address shows without waiting for anything."""
        path = output_at(address, self.known)
        if path and (content := self.content(path)) is not None:
            return Shown(path, digest(content), content)
        problems = self.resident.problems
        if problems and (path or self.may_be_broken()):
            content = whole_page(
                "This page cannot be built as it is", problems_html(self.site.folder, problems)
            )
            return Shown(path or "", f"500-{digest(content)}", content, status=500)
        content = self.content(MISSING) if MISSING in self.known else None
        if content is None:
            content = whole_page("There is no such page", "<p>No page of this site has this address.</p>")
        return Shown(MISSING, f"404-{digest(content)}", content, status=404)

    def may_be_broken(self) -> bool:
        """Whether there are pages whose address is not known, because they cannot be read."""
        state = self.resident.state
        return state is None or any(source not in state.pages for source in state.broken)

    def content(self, path: str) -> bytes | None:
        try:
            return self.file(path).read_bytes()
        except OSError:
            return None

    def file(self, path: str) -> Path:
        return self.site.output / path
