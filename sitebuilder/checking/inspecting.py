"""Check a built site: read every file once, then hold what they say against each other."""

import os
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from sitebuilder.checking.addresses import Addresses, is_absolute
from sitebuilder.checking.duplicates import same_addresses
from sitebuilder.checking.external import unreachable
from sitebuilder.checking.facts import Facts, Finding
from sitebuilder.checking.limits import read_limits
from sitebuilder.checking.linking import Linking
from sitebuilder.checking.remembering import Memory, is_readable
from sitebuilder.checking.sizes import oversized, unsized
from sitebuilder.checking.sources import Sources
from sitebuilder.errors import Problem, SiteError
from sitebuilder.settings import Site

FACTS, ANSWERS = "check.json", "links.json"  # what the check remembers, in the site's state


def check(site: Site, *, sources: Mapping[str, str] | None = None, external: bool = False) -> list[Problem]:
    """Return what is wrong with the built site, sorted by file and line.

    `sources` tells which source each built file comes from: `{"a/index.html": "pages/a.md"}`, the one below
    `site.output`, the other below `site.folder`. `external` also asks other sites for what is linked there.
    Raises SiteError if nothing was built, or if the table [check] of site.toml is wrong.
    """
    limits = read_limits(site)
    files = _files(site)
    checked = {name: size for name, size in files.items() if not limits.ignores(name)}
    facts = _facts(site, checked)
    addresses = Addresses(site.url, list(files))
    linking = Linking(addresses, facts, limits, _front_pages(site))
    found = chain(
        ((name, finding) for name, each in facts.items() for finding in each.findings),
        linking.broken(),
        unsized(facts, addresses, site.output),
        oversized(checked, limits),
        same_addresses(checked),
        _dead(site, linking) if external else (),
    )
    written = Sources(site.folder, site.output, sources or {})
    problems = {written.problem(name, finding, _post_of(finding, addresses)) for name, finding in found}
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.what))


def _front_pages(site: Site) -> dict[str, str]:
    """The file that would be the front page of each language, by its address."""
    names = {code: "index.md" if code == site.language else f"index.{code}.md" for code in site.languages}
    return {site.languages[code].home: f"pages/{name}" for code, name in names.items()}


def _post_of(finding: Finding, addresses: Addresses) -> str:
    """The built file of the post that a finding of a feed tells of; empty if there is none."""
    try:
        place = addresses.place(finding.about, "") if is_absolute(finding.about) else None
    except ValueError:
        return ""
    return (addresses.file(place.path) or "") if place and not place.outside else ""


def _files(site: Site) -> dict[str, int]:
    """Return the size in bytes of each built file, by its path with slashes."""
    if not site.output.is_dir():
        right = "a site that was built: run `python -m sitebuilder build` first"
        raise SiteError([Problem(f"{site.output} is no folder", right=right)])
    return dict(sorted(_walk(site.output, "")))


def _walk(folder: Path | str, below: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _walk(entry.path, f"{below}{entry.name}/")
            else:
                yield below + entry.name, entry.stat().st_size


def _facts(site: Site, files: Mapping[str, int]) -> dict[str, Facts]:
    memory = Memory(site.state / FACTS)
    facts = {
        name: memory.facts(name, (site.output / name).read_bytes()) for name in files if is_readable(name)
    }
    memory.save()
    return facts


def _dead(site: Site, linking: Linking) -> Iterator[tuple[str, Finding]]:
    """Yield the links to other sites that do not answer; the links inside must have been judged before."""
    for address, why in unreachable(list(linking.outside), site.state / ANSWERS).items():
        for page, reference in linking.outside[address]:
            what = f"the {reference.what} {reference.target} {why}"
            yield page, Finding(what, "an address that answers", reference.target, reference.line)
