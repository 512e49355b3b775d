"""Find what differs from the last build: the names that outputs read, and so the outputs to be made again."""

import sys
from collections.abc import Iterable, Iterator, Mapping

from sitebuilder import manifest as remembered
from sitebuilder.manifest import Made, Manifest
from sitebuilder.outputs import Output
from sitebuilder.reads import in_words
from sitebuilder.scanning import Stamp, scan, with_digests
from sitebuilder.settings import Site
from sitebuilder.values import OF_FILES, OF_PROJECTS, Values


def changed_names(before: Manifest, values: Values) -> set[str]:
    """The names that are worth something else now than to the last build; what is unknown always is."""
    names = names_in_question(before, values)
    return {name for name in names if name.startswith("unknown ") or values[name] != before.values[name]}


def names_in_question(before: Manifest, values: Values) -> Iterable[str]:
    """The names that may be worth something else, told without what each is worth: most edits touch few."""
    changed = changed_files(values.files, before.files)
    if "site.toml" in changed:
        return before.values
    kinds = {"unknown", *OF_PROJECTS}
    if values.files.keys() != before.files.keys():
        kinds.add("names")
    are_pages_same = values.library.digests == before.digests
    return (
        name
        for name in before.values
        if (kind := name.partition(" ")[0]) in kinds
        or (kind == "file" and name[5:] in changed)
        or (kind not in OF_FILES and not are_pages_same)
    )


def changed_files(files: Mapping[str, Stamp], before: Mapping[str, Stamp]) -> set[str]:
    """The files that have come or gone, or whose bytes are others."""
    changed = {
        path
        for path, stamp in files.items()
        if (old := before.get(path)) is not stamp and (old is None or old.digest != stamp.digest)
    }
    return changed | (before.keys() - files.keys())


def tell_if_outdated(site: Site) -> None:
    """Say that the sources of a built site have changed since, for commands that look at it as it is."""
    before = remembered.load(site).files
    if before and changed_files(with_digests(site.folder, scan(site.folder), before), before):
        sys.stderr.write("the site has changed since it was built: this is of the old one; run build first\n")


def reasons(
    outputs: Iterable[Output], before: Mapping[str, Made], changed: set[str], as_left: set[str]
) -> Iterator[tuple[str, list[str]]]:
    """The path of each output that has to be made again, and why.

    `changed` are the names that are worth something else now, `as_left` the files of the output that nobody
    has touched since `before`.
    """
    for output in outputs:
        path = output.path
        made = before.get(path)
        if made is None or made.spec != output[1:]:
            yield path, ["it is new"]
        elif not changed.isdisjoint(made.reads):
            yield path, [reason_of(name) for name in made.reads if name in changed]
        elif path not in as_left or not as_left.issuperset(made.extras):
            files = (path, *made.extras)
            yield path, [f"{file} was touched in the output" for file in files if file not in as_left]


def reason_of(name: str) -> str:
    """Why an output is made again that has read this."""
    kind, _, what = name.partition(" ")
    return f"what {what} reads is unknown" if kind == "unknown" else f"{in_words(name)} changed"
