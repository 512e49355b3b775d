"""Measure without a server: what a picture costs beside sharp, and where the time of one request goes."""

import io
import itertools
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import placeholder
from bench.placeholder.preparing import HERE, Programs
from bench.report import Target, print_table
from placeholder import STYLE_OF_ALL, Colour, Picture

BATCHES = 5
BATCH_SECONDS = 0.06  # at least; of processor time
SIZES = {(300, 200): (400, 30, 5), (2000, 2000): (15, 20, 10)}  # sharp's pictures; least times: CPU, bytes


@dataclass(frozen=True)
class Drawn:
    """What a picture costs, on average."""

    us: float  # of processor time, of all threads
    bytes: float


def draw(programs: Programs) -> list[Target]:
    """Draw pictures that differ in colours, then in texts, and print what one costs here and by sharp."""
    rows, targets = [], []
    for (width, height), (count, *least) in SIZES.items():
        for what in ("colours", "texts"):
            ours, sharp = _ours(width, height, what), _sharp(programs, width, height, count, what)
            times = sharp.us / ours.us, sharp.bytes / ours.bytes
            title = f"{width}x{height}, other {what}"
            rows.append([title, ours.us, sharp.us, times[0], ours.bytes, sharp.bytes, times[1]])
            names = ("less CPU than sharp", "fewer bytes")
            targets += [
                Target(f"a picture of {title}: {name}", measured, limit, "times", at_least=True)
                for name, measured, limit in zip(names, times, least, strict=True)
            ]
    heads = [
        "drawn in process",
        "ours, CPU us",
        "sharp, CPU us",
        "times",
        "ours, bytes",
        "sharp, bytes",
        "times",
    ]
    print_table(heads, rows)
    return targets


def explain() -> None:
    """Print where the time of one request goes; every address is new but that of the first two rows."""
    hot = {**_environ("/300x200"), "HTTP_IF_NONE_MATCH": _answer(_environ("/300x200"))}
    news = (f"/300x200/{0x264653 + number:06x}/ffffff" for number in itertools.count())
    found = {"size": "300x200", "background": "264653", "ink": "ffffff"}
    colours, texts = _pictures(300, 200, "colours"), _pictures(300, 200, "texts")
    body = placeholder.drawn(next(colours))[0]
    costs = {
        "a hot answer, from the WSGI call on": _us(lambda: _answer(_environ("/300x200"))),
        "the same as 304": _us(lambda: _answer(dict(hot))),
        "a new address, colours differ": _us(lambda: _answer(_environ(next(news)))),
        "- decide(): grammar, form, verdict": _us(lambda: placeholder.decide(next(news), "", STYLE_OF_ALL)),
        "- - the form of it": _us(lambda: placeholder.validated(found)),
        "- - the digest, an ETag": _us(next(colours).digest),
        "- the drawing, colours differ": _us(lambda: placeholder.drawn(next(colours))),
        "- the headers": _us(lambda: placeholder.answer_of(body, "image/png", '"etag"', [])),
        "the drawing, texts differ": _us(lambda: placeholder.drawn(next(texts))),
    }
    parts = ("- decide(): grammar, form, verdict", "- the drawing, colours differ", "- the headers")
    rest = costs["a new address, colours differ"] - sum(costs[part] for part in parts)
    costs["- Django and what is left"] = rest
    print_table(["one request in process, 300x200", "CPU us"], costs.items())


def _pictures(width: int, height: int, what: str) -> Iterator[Picture]:
    """Pictures of one size that differ in their colours, or in their texts."""
    first, _ = placeholder.decide(f"/{width}x{height}/264653/ffffff", "", STYLE_OF_ALL)
    assert isinstance(first, Picture), f"the address was refused: {first}"
    for number in itertools.count():
        if what == "colours":
            yield replace(first, background=Colour(*(0x264653 + number).to_bytes(3, "big")))
        else:
            yield replace(first, text=f"Label number {1000 + number}")


def _ours(width: int, height: int, what: str) -> Drawn:
    pictures, sizes = _pictures(width, height, what), list[int]()
    cost = _us(lambda: sizes.append(len(placeholder.drawn(next(pictures))[0])))
    return Drawn(cost, statistics.mean(sizes))


def _sharp(programs: Programs, width: int, height: int, count: int, what: str) -> Drawn:
    command = [
        str(programs.node),
        str(HERE / "peers" / "sharp_alone.cjs"),
        str(width),
        str(height),
        str(count),
        what,
    ]
    environment = {**os.environ, "NODE_PATH": str(programs.node_modules)}
    done = subprocess.run(command, check=True, capture_output=True, env=environment)
    return Drawn(**json.loads(done.stdout))


def _us(work: Callable[[], object]) -> float:
    """Return the processor time that `work` takes: the median of some batches, after one that warms up."""
    return statistics.median([_batch(work) for _ in range(BATCHES + 1)][1:])


def _batch(work: Callable[[], object]) -> float:
    began, count = time.process_time(), 0
    while (spent := time.process_time() - began) < BATCH_SECONDS:
        for _ in range(10):
            work()
        count += 10
    return 1e6 * spent / count


def _environ(path: str) -> dict[str, Any]:
    return {**ENVIRON, "PATH_INFO": path}


def _answer(environ: dict[str, Any]) -> str:
    """Have the request answered to its last byte; return the ETag."""
    etag = ""

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        nonlocal etag
        etag = next((value for name, value in headers if name == "ETag"), "")

    answer = placeholder.application(environ, start)
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return etag


ENVIRON = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "QUERY_STRING": "",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8002",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "127.0.0.1:8002",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.input": io.BytesIO(),
    "wsgi.errors": io.StringIO(),
    "wsgi.multithread": False,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}
