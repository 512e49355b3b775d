"""Hold every address that a site names against what it has."""

from collections.abc import Iterator, Mapping

from sitebuilder.checking.addresses import Addresses, Place, address_of, is_absolute
from sitebuilder.checking.facts import Facts, Finding, Reference
from sitebuilder.checking.limits import Limits
from sitebuilder.errors import PERHAPS
from sitebuilder.guesses import meant

TOP = frozenset({"", "top"})  # always there: https://html.spec.whatwg.org/#scroll-to-the-fragment-identifier
WHOLE = frozenset({"canonical", "preview"})  # read by machines that do not know the page they stand on


class Linking:
    """The links of a site: those that lead nowhere, and those that lead outside."""

    def __init__(
        self,
        addresses: Addresses,
        facts: Mapping[str, Facts],
        limits: Limits,
        front_pages: Mapping[str, str],  # an address that every language has: the file that makes it
    ) -> None:
        self._addresses = addresses
        self._facts = facts
        self._limits = limits
        self._front_pages = front_pages
        self._ids = {name: frozenset(each.ids) for name, each in facts.items() if each.is_page}
        self._judged: dict[tuple[str, str], tuple[str, str] | None] = {}
        self.outside: dict[str, list[tuple[str, Reference]]] = {}  # an address: who names it

    def broken(self) -> Iterator[tuple[str, Finding]]:
        """Yield each file with what is wrong with an address that it names, and gather `outside`."""
        for page, facts in self._facts.items():
            for reference in facts.references:
                if not self._limits.ignores(reference.target):
                    yield from self._judge(page, reference)

    def _judge(self, page: str, reference: Reference) -> Iterator[tuple[str, Finding]]:
        target = reference.target
        if reference.what in WHOLE and not is_absolute(target):
            what = f"the {reference.what} address {target!r} is not absolute"
            yield page, Finding(what, "https://…", target, reference.line)
        verdict = self._verdict(page, reference)
        if verdict:
            what, right = verdict
            yield page, Finding(f"the {reference.what} {target} {what}", right, target, reference.line)

    def _verdict(self, page: str, reference: Reference) -> tuple[str, str] | None:
        """Return what is wrong and what would be right; a root-relative address is judged once a site."""
        target = reference.target
        if reference.what == "base":
            return ("moves every other address", "no <base>") if target else None
        try:
            place = self._addresses.place(target, page)
        except ValueError:
            return "cannot be read", "an address"
        if place is None:
            return None
        if missed := place.outside and self._addresses.missed(place.outside):
            return f"leads out of the site, which lies below {self._addresses.below}/", self._shown(missed)
        if place.outside:
            self.outside.setdefault(place.outside, []).append((page, reference))
            return None
        key = (place.path, place.fragment)
        if key not in self._judged:
            self._judged[key] = self._fault(place)
        return self._judged[key]

    def _fault(self, place: Place) -> tuple[str, str] | None:
        name = self._addresses.file(place.path)
        if name is None and place.path in self._front_pages:
            return "leads nowhere", f"the front page of its language, {self._front_pages[place.path]}"
        if name is None:
            nearest = self._addresses.nearest(place.path)
            if nearest == f"{place.path}/":
                return "is only a redirect", self._shown(nearest)
            return "leads nowhere", f"{PERHAPS}{self._shown(nearest)}" if nearest else "a file of this site"
        ids = self._ids.get(name)
        if ids is None or place.fragment in ids or place.fragment.lower() in TOP:
            return None
        if place.fragment.startswith(":~:"):  # a text fragment names words, not an id
            return None
        known, otherwise = (f"#{each}" for each in ids), f"an id of {self._shown(address_of(name))}"
        return "names an id that is not there", meant(f"#{place.fragment}", known, otherwise, alike=0.4)

    def _shown(self, path: str) -> str:
        return self._addresses.below + path
