"""Give the preview of a site its place, apart from the built site: drafts must not get in there."""

from dataclasses import replace

from sitebuilder.settings import Site, read_site


def preview_of(site: Site) -> Site:
    """The site, built into its state's folder instead."""
    place = site.folder / ".sitebuilder" / "preview"
    return replace(site, output=place / "out", state=place)


def read_again(site: Site) -> Site:
    """The preview of what site.toml says now; raises SiteError where it says it wrongly."""
    return preview_of(read_site(site.folder, drafts=site.drafts, workers=site.workers))
