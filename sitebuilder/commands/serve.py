"""`serve`: show the site in a browser while it is written."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import replace

from sitebuilder.errors import wrong
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on (default: 127.0.0.1, for this computer only)",
    )
    parser.add_argument(
        "--port",
        type=int,
        metavar="N",
        help="the port to listen on; 0: one that is free (default: $SITEBUILDER_PORT, or 8003)",
    )
    parser.add_argument("--open", action="store_true", help="open it in the browser")
    parser.add_argument(
        "--drafts", action="store_true", help="also show drafts, and pages dated in the future"
    )
    parser.add_argument(
        "--no-reload", action="store_true", help="let the pages in the browser stay as they are after an edit"
    )
    parser.add_argument("--json", action="store_true", help="tell what happens as JSON, an object a line")


def run(site: Site, options: argparse.Namespace) -> int:
    from sitebuilder.serving.server import serve  # noqa: PLC0415 - wrong words are refused before Tornado is loaded
    from sitebuilder.serving.telling import AsJson, InWords  # noqa: PLC0415

    port = port_of(os.environ) if options.port is None else options.port
    serve(
        replace(site, drafts=options.drafts),
        AsJson() if options.json else InWords(site.name),
        host=options.host,
        port=checked(port, "--port"),
        is_live=not options.no_reload,
        is_opened=options.open,
    )
    return 0


def port_of(environment: Mapping[str, str]) -> int:
    """The usual port of this machine."""
    text = environment.get("SITEBUILDER_PORT", "8003")
    if not text.isdecimal():
        raise wrong(f"SITEBUILDER_PORT is {text!r}", right="a port from 0 to 65535")
    return checked(int(text), "SITEBUILDER_PORT")


def checked(port: int, name: str) -> int:
    if not 0 <= port <= 65535:
        raise wrong(f"{name} is {port}", right="a port from 0 to 65535")
    return port
