"""Ask other sites whether the pages that we link to are still there.

A few hosts at a time, and one request at a time to each; what was there within a day is not asked for again.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Retry, Timeout

HOSTS_AT_ONCE = 8
CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
REDIRECTS = 5
REMEMBERED_SECONDS = 24 * 60 * 60
ASK_AGAIN_BY_GET = 400  # and above: some servers do not know HEAD
ONLY_FOR_PEOPLE = frozenset({401, 403, 429, 999})  # the page is there, but not for a program
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; sitebuilder check)", "Accept": "*/*"}


def unreachable(
    addresses: Iterable[str], memory: Path, *, clock: Callable[[], float] = time.time
) -> dict[str, str]:
    """Return the addresses that lead nowhere, each with why; the file `memory` remembers the others."""
    now = clock()
    remembered = _read(memory)
    good = {each: seen for each, seen in remembered.items() if now - seen < REMEMBERED_SECONDS}
    asked = {address: urldefrag(address).url for address in addresses}
    answers = _ask_hosts(sorted(set(asked.values()) - good.keys()))
    _write(memory, good | {address: now for address, why in answers.items() if not why})
    return {address: why for address, bare in asked.items() if (why := answers.get(bare, ""))}


def _ask_hosts(addresses: list[str]) -> dict[str, str]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[urlsplit(address).netloc.lower()].append(address)
    pool = urllib3.PoolManager(
        num_pools=HOSTS_AT_ONCE,
        headers=HEADERS,
        timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=Retry(
            total=REDIRECTS, connect=1, read=0, redirect=REDIRECTS, status=0, respect_retry_after_header=False
        ),
    )
    answers: dict[str, str] = {}
    with pool, ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE) as threads:
        for told in threads.map(lambda host: [(each, _ask(pool, each)) for each in by_host[host]], by_host):
            answers.update(told)
    return answers


def _ask(pool: urllib3.PoolManager, address: str) -> str:
    """Return why `address` leads nowhere, or nothing."""
    try:
        status = _status(pool, "HEAD", address)
        if status >= ASK_AGAIN_BY_GET:
            status = _status(pool, "GET", address)
    except (HTTPError, LocationParseError) as error:
        return _reason(error)
    return f"answers {status}" if status >= ASK_AGAIN_BY_GET and status not in ONLY_FOR_PEOPLE else ""


def _status(pool: urllib3.PoolManager, method: str, address: str) -> int:
    """Return the status of an answer whose body nobody reads."""
    answer = pool.request(method, address, preload_content=False)
    answer.close()
    return answer.status


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", None) or error
    return f"does not answer: {str(inner).rpartition(': ')[2] or type(inner).__name__}"


def _read(memory: Path) -> dict[str, float]:
    try:
        kept = json.loads(memory.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(address): float(seen) for address, seen in kept.items()} if isinstance(kept, dict) else {}


def _write(memory: Path, good: Mapping[str, float]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    beside = memory.with_suffix(".new")
    beside.write_text(json.dumps(good, indent=0, sort_keys=True))
    beside.replace(memory)
