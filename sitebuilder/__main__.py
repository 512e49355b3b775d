"""Run a command: `python -m sitebuilder build`; `--help` lists them all."""

import gc
import sys
from time import perf_counter

from sitebuilder.readers import outlasting_readers
from sitebuilder.unchanged import first_look, summary


def main(words: list[str]) -> int:
    start = perf_counter()
    look = first_look(words)
    if look and look.is_done():
        sys.stdout.write(summary(look.seen.total, 0, 0, perf_counter() - start))
        return 0
    from sitebuilder.command_line import run  # noqa: PLC0415 - a build that has nothing to do needs none of it

    return run(words, look)


if __name__ == "__main__":
    with outlasting_readers():
        code = main(sys.argv[1:])
    gc.disable()
    gc.freeze()  # all is let go of now: to look for garbage in it first takes 60 ms
    sys.exit(code)
