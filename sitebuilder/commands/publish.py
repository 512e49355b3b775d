"""`publish`: build and check the site, and make it live at a stage."""

import argparse

from sitebuilder.building import build
from sitebuilder.checking import check_built
from sitebuilder.errors import wrong
from sitebuilder.publishing import publish
from sitebuilder.settings import Site

add_arguments = publish.add_arguments


def run(site: Site, options: argparse.Namespace) -> int:
    if "url" not in site.table("site"):
        right = "the address that it will have: feeds, the sitemap and previews of links name it"
        raise wrong("site.url is not given", "site.toml", right=right)
    build(site)
    return publish.run(site, options, checks=check_built)
