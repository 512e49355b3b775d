"""Run a command: `python -m sitebuilder build`; `--help` lists them all."""

import sys

from sitebuilder.unchanged import tell_if_unchanged


def main(words: list[str]) -> int:
    if tell_if_unchanged(words):
        return 0
    from sitebuilder.command_line import run  # noqa: PLC0415 - a build that has nothing to do needs none of it

    return run(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
