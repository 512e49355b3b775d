"""Measure the costliest pictures that the placeholder service still draws: nobody may ask for more."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.report import Target, print_heading, print_table, print_targets

ROOT = Path(__file__).resolve().parent.parent
CPU_SECONDS, MEMORY_MB = 0.5, 100.0  # what a request may cost, beyond the program that waits for it
EMOJI, CJK, ARABIC = "😀🚀", "你好世界", "مرحبا"
PAINTED = ("gradient=f00,33", "stripes=0009,3", "border=9,f00", "radius=round")
ALL_PAINTED = "&".join((*PAINTED[:3], "radius=400"))
MEASURE = """
import io, json, resource, sys
import placeholder
from tests.placeholder.service import Service
address = json.load(sys.stdin)
def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss
before = used()
reply = Service(placeholder.application).ask(address)
after = used()
print(json.dumps([reply.status, after[0] - before[0], (after[1] - before[1]) / 1024, len(reply.body)]))
"""


def text(letters: str, lines: int = 1, *, most: int = 200) -> str:
    """As long a label as is drawn, in this many lines; with emoji, `most` is less."""
    line = (letters * most)[: most // lines - 1]
    return "text=" + quote("|".join([line] * lines), safe="|")


MIXED = text("a😀", most=100)  # each letter a run of its own
LABELS = {
    "emoji": text(EMOJI, most=50), "emoji and letters": MIXED, "emoji in 10 lines": text("a😀", 10, most=100),
    "CJK": text(CJK), "CJK in 10 lines": text(CJK, 10), "Arabic": text(ARABIC),
    "Arabic in 10 lines": text(ARABIC, 10), "Latin in 10 lines": text("Wg", 10),
    "Arabic and Latin": text("aم"), "Hebrew, CJK and Thai": text("ש你ส"),
}  # fmt: skip
FLAT = {
    "png": "4000x4000", "jpg": "4000x4000", "gif": "4000x4000", "svg": "4000x4000", "webp": "2000x2000",
    "avif": "1732x1732",
}  # fmt: skip
PAINTED_SIZES = {
    "png": "2000x2000", "jpg": "2000x2000", "gif": "2000x2000", "svg": "2000x2000", "webp": "1414x1414",
    "avif": "1414x1414",
}  # fmt: skip


def addresses() -> dict[str, str]:
    """Every kind of request at its limits, by what makes it costly."""
    found = {f"{size} {form}": f"/{size}.{form}" for form, size in FLAT.items()}
    found |= {f"{size} {form}, half transparent": f"/{size}.{form}/f008/00f8" for form, size in FLAT.items()}
    found |= {
        f"{size} {form}, one letter as large as it goes": f"/{size}.{form}?text=W&size=1000"
        for form, size in FLAT.items()
    }
    found |= {
        f"{size} {form}, all painted": f"/{size}.{form}?{ALL_PAINTED}" for form, size in PAINTED_SIZES.items()
    }
    for name, label in LABELS.items():
        size = PAINTED_SIZES["png"] if "emoji" in name else FLAT["png"]
        found[f"{size} png, {name}"] = f"/{size}.png?{label}"
        found[f"1414x1414 webp, {name}, painted"] = f"/1414x1414.webp?{label}&{ALL_PAINTED}"
    found |= {
        f"{name}, described": f"{address}{'&' if '?' in address else '?'}json"
        for name, address in found.items()
    }
    for option in PAINTED:
        found |= {
            f"{size} {form}, {option}": f"/{size}.{form}?{option}" for form, size in PAINTED_SIZES.items()
        }
    for size in ("1x4000", "4000x1"):
        found |= {f"{size}, described": f"/{size}?json", f"{size} gif": f"/{size}.gif"}
    found["an error in a drawing of avif"] = f"/nothing.avif?{text(CJK)}"
    return found


@dataclass(frozen=True)
class Cost:
    """What one request took in a program of its own, beyond what the program had when it waited."""

    name: str
    status: int
    cpu_seconds: float
    memory_mb: float
    length: int

    def share(self) -> float:
        """How much of what is allowed it takes, by whichever is worse."""
        return max(self.cpu_seconds / CPU_SECONDS, self.memory_mb / MEMORY_MB)


def measured(name: str, address: str) -> Cost:
    """Ask in a new program: the peak of a process never falls."""
    asked = json.dumps(address).encode()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=asked, capture_output=True, check=True, cwd=ROOT
    )
    return Cost(name, *json.loads(done.stdout))


def main() -> None:
    """Print every request, the costliest first; words choose those whose names have them."""
    chosen = {
        name: address for name, address in addresses().items() if all(word in name for word in sys.argv[1:])
    }
    print_heading("The costliest pictures", f"{len(chosen)} requests at their limits, each by a new process")
    costs = sorted((measured(*item) for item in chosen.items()), key=Cost.share, reverse=True)
    rows = [[cost.name, cost.status, cost.cpu_seconds, cost.memory_mb, cost.length // 1024] for cost in costs]
    print_table(["request", "status", "CPU s", "MB more", "KiB"], rows)
    print_targets(
        [
            Target("the most CPU", max(cost.cpu_seconds for cost in costs), CPU_SECONDS, "s"),
            Target("the most memory", max(cost.memory_mb for cost in costs), MEMORY_MB, "MB"),
        ]
    )


if __name__ == "__main__":
    main()
