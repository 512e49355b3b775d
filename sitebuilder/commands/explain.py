"""`explain`: tell what a page is made of, and why it would be built again."""

import argparse
import sys
from difflib import get_close_matches

from sitebuilder import manifest as remembered
from sitebuilder.building import build
from sitebuilder.errors import wrong
from sitebuilder.settings import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "page", help="an address such as /posts/first/, or a file such as pages/posts/first.md"
    )


def run(site: Site, options: argparse.Namespace) -> int:
    manifest = remembered.load(site)
    path = next(
        (path for path, made in manifest.outputs.items() if matches(options.page, path, made.spec[1])), None
    )
    if path is None:
        raise wrong(f"no page {options.page} was built", right=nearest(options.page, manifest))
    report = build(site, dry_run=True)
    made = manifest.outputs[path]
    lines = [f"/{path} is made of {made.spec[1] or made.spec[0]}. It read:"]
    lines += [f"  {name}".rstrip() for name in made.reads]
    lines += [f"It asked for {extra}." for extra in made.extras]
    reasons = report.reasons.get(path)
    lines.append(f"It would be built again: {'; '.join(reasons)}." if reasons else "It is up to date.")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def nearest(asked: str, manifest: remembered.Manifest) -> str:
    """What was meant, as far as one can tell."""
    if not manifest.outputs:
        return "a built site: run `python -m sitebuilder build` first"
    names = [f"/{path.removesuffix('index.html')}" for path in manifest.outputs]
    names += [made.spec[1] for made in manifest.outputs.values()]
    alike = get_close_matches(asked, names, n=1) or ["/"]
    return f"an address of the built site, such as {alike[0]}"


def matches(asked: str, path: str, source: str) -> bool:
    return asked in (source, path, f"/{path}", f"/{path.removesuffix('index.html')}")
