"""Tell people, or a program with `--json`, what was published."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from sitebuilder.errors import SiteError
from sitebuilder.failing import tell_problems
from sitebuilder.publishing.files import Changes, is_page
from sitebuilder.publishing.publishing import Outcome
from sitebuilder.publishing.releases import Release, Switch, stamp
from sitebuilder.publishing.stages import UnknownStage

OK, REFUSED, USAGE = 0, 1, 2
WHERE = "where: the NAME of a [stage.NAME] in site.toml (default: the only one that there is)"
LISTED = 20  # paths of a kind; the rest is counted


def add_stage(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "stage",
        nargs="?",
        metavar="STAGE",
        help=WHERE,
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document, for programs")


def exit_code(run: Callable[[], None], *, as_json: bool) -> int:
    """Run a command's work; print the problems it meets, and return the code to exit with."""
    try:
        run()
    except SiteError as error:
        tell_problems(error.problems, as_json=as_json)
        return USAGE if isinstance(error, UnknownStage) else REFUSED
    return OK


def print_json(document: object) -> None:
    print_line(json.dumps(document, indent=2, ensure_ascii=False))


def print_line(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "live": outcome.release.id,
        "was": outcome.was,
        "switched": outcome.switched,
        "changes": outcome.changes.to_json(),
        "left": outcome.left,
    }


def release_json(release: Release, live: str) -> dict[str, Any]:
    facts = release.to_json()
    del facts["files"]
    return {**facts, "live": release.id == live}


def change_lines(changes: Changes) -> Iterator[str]:
    """Yield a line for each file, pages first, and no more than LISTED of a kind."""
    for sign, paths in (("+", changes.added), ("~", changes.changed), ("-", changes.removed)):
        ordered = sorted(paths, key=lambda path: (not is_page(path), path))
        yield from (f"  {sign} {path}" for path in ordered[:LISTED])
        if len(ordered) > LISTED:
            yield f"  {sign} and {len(ordered) - LISTED} more"


def summary(changes: Changes) -> str:
    """Return such as `1 page added, 2 pages changed, 3 other files`."""
    return summary_of(changes.of_pages(), changes.others())


def summary_of(pages: Changes, others: int | None) -> str:
    """The same of a release, of which nothing but its pages may be known."""
    kinds = (("added", pages.added), ("changed", pages.changed), ("removed", pages.removed))
    said = [f"{count(len(paths), 'page')} {verb}" for verb, paths in kinds if paths]
    said += [count(others, "other file")] if others else []
    return ", ".join(said) or ("no page changed" if others is None else "nothing changed")


def count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def release_line(release: Release, live: str) -> str:
    mark = "live" if release.id == live else ""
    commit = release.commit[:10] + (" + edits" if release.dirty else "") if release.commit else "no commit"
    when = f"{release.at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{mark:4}  {release.id}  {when}  {release.by}  {commit}  {summary_of(release.pages, release.others)}"
    )


def switch_line(switch: Switch) -> str:
    return f"{stamp(switch.at)}  {switch.how:8}  {switch.was or 'nothing'} -> {switch.now}  {switch.by}"
