"""`build`: bring the built site up to date."""

import argparse
import json
import shutil
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from sitebuilder.building import Report, build
from sitebuilder.errors import Problem, SiteError
from sitebuilder.settings import Site
from sitebuilder.unchanged import summary


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--drafts", action="store_true", help="also build drafts, and pages dated in the future"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="write nothing; tell what would be written and removed, and why",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="then build again from nothing, beside it, and tell of every file that differs",
    )
    parser.add_argument(
        "--workers",
        type=processes,
        default=0,
        metavar="N",
        help="how many processes share the work (default: as many as there are processors)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for programs")


def processes(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"it is {text!r}; expected a whole number from 0")
    return int(text)


def run(site: Site, options: argparse.Namespace) -> int:
    site = replace(site, drafts=options.drafts, workers=options.workers or site.workers)
    start = time.perf_counter()
    report = build(site, dry_run=options.dry_run, look=options.look)
    if options.verify:
        verify(site)
    seconds = time.perf_counter() - start
    sys.stdout.write(as_json(report, seconds) if options.json else in_words(report, seconds, options))
    return 0


def in_words(report: Report, seconds: float, options: argparse.Namespace) -> str:
    would = "would be " if options.dry_run else ""
    lines = [
        f"  {path}: {', '.join(report.reasons.get(path, ()))}" for path in report.written if options.dry_run
    ]
    lines += [f"  {path}: no longer part of the site" for path in report.removed if options.dry_run]
    proven = ", and a build from nothing gives the same" if options.verify else ""
    counts = report.total, len(report.written), len(report.removed)
    return "".join(f"{line}\n" for line in lines) + summary(*counts, seconds, would, proven)


def as_json(report: Report, seconds: float) -> str:
    return json.dumps({**asdict(report), "seconds": round(seconds, 3)}) + "\n"


def verify(site: Site) -> None:
    """Build the site from nothing beside it, and raise SiteError for every file that is not the same."""
    import tempfile  # noqa: PLC0415 - few builds are proven

    folder = Path(tempfile.mkdtemp(prefix=".verify-", dir=site.output.parent))
    try:
        twin = replace(site, output=folder / "out", state=folder / "state")
        build(twin)
        problems = list(differences(site.output, twin.output))
    finally:
        shutil.rmtree(folder)
    if problems:
        raise SiteError(problems)


def differences(built: Path, clean: Path) -> list[Problem]:
    ours, theirs = (
        {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
        for root in (built, clean)
    )
    problems = [
        Problem("it is left over; a build from nothing has no such file", name)
        for name in ours.keys() - theirs
    ]
    problems += [
        Problem("it is missing; a build from nothing makes it", name) for name in theirs.keys() - ours
    ]
    for name in ours.keys() & theirs.keys():
        if ours[name].read_bytes() != theirs[name].read_bytes():
            problems.append(Problem("it differs from what a build from nothing makes", name))
    return sorted(problems, key=lambda problem: problem.file)
