"""The browser's modules and libraries: where they lie, and the import map that names them.

The modules are served as they are; an import map leads each plain name and each own module to its hashed
address, with its integrity, so that a page never mixes two versions.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

MODULES = Path(__file__).resolve().parent / "static" / "board"
PREFIX = "libraries/"
LIBRARIES = {
    "preact": "preact/dist/preact.mjs",
    "preact/hooks": "preact/hooks/dist/hooks.mjs",
    "htm": "htm/dist/htm.mjs",
    "htm/preact": "htm/preact/index.mjs",
    "@preact/signals-core": "@preact/signals-core/dist/signals-core.mjs",
    "@preact/signals": "@preact/signals/dist/signals.mjs",
    "sortablejs": "sortablejs/modular/sortable.esm.js",
    "marked": "marked/lib/marked.esm.js",
    "dompurify": "dompurify/dist/purify.es.mjs",
}
STATIC_IMPORT = re.compile(r'^(?:import|export) .*from "([^"]+)";$', re.MULTILINE)
MINIFIED_IMPORT = re.compile(r'\bfrom ?"([^"]+)"')
FILES = (*LIBRARIES.values(), "marked/lib/marked.esm.js.map")  # the map because the module names it


class BrowserLibraries(BaseFinder):
    """Find just the files of the npm packages that the import map names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.BROWSER_LIBRARIES_ROOT)
        self.storage.prefix = PREFIX.rstrip("/")  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [path for path in FILES if not self.storage.exists(path)]
        hint = "Run script/setup, which installs them by `npm ci`."
        return [
            Error(f"Browser library {path} is not installed.", hint=hint, id="board.E001") for path in missing
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = path.removeprefix(PREFIX)
        if not path.startswith(PREFIX) or name not in FILES or not self.storage.exists(name):
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return [(path, self.storage) for path in FILES]


@cache
def import_map() -> dict[str, dict[str, str]]:
    """Return the page's import map: libraries by name, own modules by their plain address."""
    sources = {name: PREFIX + path for name, path in LIBRARIES.items()}
    sources |= {settings.STATIC_URL + name: name for name in _modules()}
    imports = {name: staticfiles_storage.url(path) for name, path in sources.items()}
    if settings.DEBUG:
        return {"imports": imports}
    return {
        "imports": imports,
        "integrity": {imports[name]: _integrity(path) for name, path in sources.items()},
    }


@cache
def first_modules(*entries: str) -> list[str]:
    """Return the addresses of all that a page needs to draw itself, from `./app.js` or other entries on."""
    imports, found, waiting = import_map()["imports"], [], list(entries)
    while waiting:
        name = waiting.pop()
        key = f"{settings.STATIC_URL}board/{name[2:]}" if name.startswith("./") else name
        if imports[key] not in found:
            found.append(imports[key])
            waiting += _imports_of(name)
    return sorted(found)


def _imports_of(name: str) -> list[str]:
    """Return what a module, ours or a library's, imports at once."""
    if name.startswith("./"):
        return STATIC_IMPORT.findall((MODULES / name[2:]).read_text())
    source = (settings.BROWSER_LIBRARIES_ROOT / LIBRARIES[name]).read_text()
    return [found for found in MINIFIED_IMPORT.findall(source) if found in LIBRARIES]


def _modules() -> list[str]:
    return sorted(f"board/{path.relative_to(MODULES).as_posix()}" for path in MODULES.rglob("*.js"))


def _integrity(name: str) -> str:
    with staticfiles_storage.open(staticfiles_storage.stored_name(name)) as file:  # type: ignore[attr-defined]
        return "sha384-" + base64.b64encode(hashlib.sha384(file.read()).digest()).decode()
