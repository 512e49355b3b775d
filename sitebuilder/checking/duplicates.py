"""Find files that some servers or disks cannot tell apart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sitebuilder.checking.addresses import address_of
from sitebuilder.checking.facts import Finding


def same_addresses(files: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """Yield each file whose address another has, but for capitals or a `.html` that many hosts drop."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in sorted(files):
        alike[address_of(name).removesuffix(".html").rstrip("/").casefold() or "/"].append(name)
    for first, *others in alike.values():
        for name in others:
            yield (
                name,
                Finding(f"the address {address_of(name)} is that of {first} too", "an address of its own"),
            )
