"""Find the servers, the browser and the fonts that the tests use; as a command, install what is missing.

A missing tool is never a skipped test: it is an error that names the command which installs it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
)
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


class MissingTool(RuntimeError):
    """A program or a font that the tests need is not on this machine."""


@dataclass(frozen=True)
class Tool:
    name: str
    find: Callable[[], str | None]
    debian: str
    mac: str

    def path(self) -> str:
        found = self.find()
        if found is None:
            raise MissingTool(f"{self.name} is not installed; run: {self.remedy()}")
        return found

    def remedy(self) -> str:
        mac = sys.platform == "darwin"
        return f"brew install {self.mac}" if mac else f"sudo apt-get install {self.debian}"


def on_path(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def postgres_program(name: str) -> str | None:
    """Find a program of the PostgreSQL server, which Debian and Homebrew keep off the path."""
    folders = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt")]
    kept = [path for folder in folders for path in folder.glob(f"*/bin/{name}")]
    newest = sorted(kept, key=lambda path: path.parts[-3].rpartition("@")[2].zfill(4))
    return on_path(name) or next((str(path) for path in reversed(newest)), None)


def browser() -> str | None:
    mac = MAC_CHROME if Path(MAC_CHROME).exists() else None
    return on_path("chromium", "chromium-browser", "google-chrome", "google-chrome-stable") or mac


def font(stem: str) -> str | None:
    """Find a font's file as the placeholder service does: by its name, wherever fonts are kept."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return next((str(path) for folder in folders for path in folder.rglob(f"{stem}.*")), None)


REDIS = Tool("redis-server", lambda: on_path("redis-server"), "redis-server", "redis")
INITDB = Tool("initdb", lambda: postgres_program("initdb"), "postgresql", "postgresql@17")
POSTGRES = Tool("postgres", lambda: postgres_program("postgres"), "postgresql", "postgresql@17")
NGINX = Tool("nginx", lambda: on_path("nginx", "/usr/sbin/nginx"), "nginx", "nginx")
OPENSSL = Tool("openssl", lambda: on_path("openssl"), "openssl", "openssl")
RSYNC = Tool("rsync", lambda: on_path("rsync"), "rsync", "rsync")
SSHD = Tool("sshd", lambda: on_path("sshd", "/usr/sbin/sshd"), "openssh-server", "openssh")
GIT = Tool("git", lambda: on_path("git"), "git", "git")
CHROMIUM = Tool("chromium", browser, "chromium", "--cask google-chrome")
NOTO = Tool(
    "Noto Sans",
    lambda: font("NotoSansDevanagari-Regular"),
    "fonts-noto-core",
    "--cask " + " ".join(f"font-noto-sans-{script}" for script in ("arabic", "devanagari", "hebrew", "thai")),
)
NOTO_CJK = Tool(
    "Noto Sans CJK", lambda: font("NotoSansCJK-Regular"), "fonts-noto-cjk", "--cask font-noto-sans-cjk"
)
NOTO_EMOJI = Tool(
    "Noto Color Emoji",
    lambda: font("NotoColorEmoji"),
    "fonts-noto-color-emoji",
    "--cask font-noto-color-emoji",
)
FONTS = (NOTO, NOTO_CJK, NOTO_EMOJI)
TOOLS = (REDIS, POSTGRES, NGINX, OPENSSL, RSYNC, SSHD, GIT, CHROMIUM, *FONTS)


def install_missing() -> None:
    """Install by apt what is missing, where we may; else leave with the command that does."""
    missing = [tool for tool in TOOLS if tool.find() is None]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("\n".join(f"{tool.name} is not installed; run: {tool.remedy()}" for tool in missing))
    packages = [tool.debian for tool in missing]
    sys.stderr.write(f"Installing {', '.join(packages)} ...\n")
    apt_get("update")
    apt_get("install", "--yes", *packages)


def apt_get(*words: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *words], check=True, env=quiet, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    install_missing()
