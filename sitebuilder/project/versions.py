"""Name the state of a project's code and settings: a page with a key is made again when either changes."""

import os
import sysconfig
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.views.debug import SafeExceptionReporterFilter

from sitebuilder.scanning import digest

ENDINGS = (".py", ".html", ".txt", ".xml", ".json", ".mo")
LEFT_OUT = frozenset({"__pycache__", "node_modules", "static", "media", "tests"})


def project_digest() -> str:
    """A name for the code, the templates, the settings and the installed packages of the project.

    Files are told by their time and size. What the code reads besides (rows, files, the clock) is not in it.
    """
    installed = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    stamps = [(path, *stamp(path)) for path in sorted({*files(installed)})]
    packages = [stamp(path)[0] for path in sorted(installed) if os.path.isdir(path)]
    return digest(repr((stamps, packages, settings_digest())).encode())


@cache
def settings_digest() -> str:
    """A name for the settings, but for what is secret in them."""
    known = SafeExceptionReporterFilter().get_safe_settings()
    return digest(
        orjson.dumps(known, default=lambda value: type(value).__name__, option=orjson.OPT_NON_STR_KEYS)
    )


def files(installed: set[str]) -> Iterator[str]:
    """The project's own files: of its apps, of the packages of its settings and urls, and its templates."""
    modules = [name for name in (settings.SETTINGS_MODULE, settings.ROOT_URLCONF) if name]
    files_of = [getattr(import_module(name), "__file__", None) for name in modules]
    folders = {config.path for config in apps.get_app_configs() if config.name != "sitebuilder"}
    folders |= {os.path.dirname(file) for file in files_of if file}
    for folder in folders:
        if not any(folder.startswith(place + os.sep) for place in installed):
            yield from below(folder, ENDINGS)
    templates: list[dict[str, Any]] = settings.TEMPLATES
    for folder in (folder for engine in templates for folder in engine.get("DIRS", ())):
        yield from below(str(folder), ("",))


def below(root: str, endings: tuple[str, ...]) -> Iterator[str]:
    for folder, names, found in os.walk(root):
        names[:] = [name for name in names if name not in LEFT_OUT and not name.startswith(".")]
        yield from (os.path.join(folder, name) for name in found if name.endswith(endings))


def stamp(path: str) -> tuple[int, int]:
    try:
        about = Path(path).stat()
    except OSError:  # it went away meanwhile
        return 0, 0
    return about.st_mtime_ns, about.st_size
