"""Build a site from inside its Django project, whose settings say where the site is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import autodiscover_modules

from sitebuilder.errors import wrong
from sitebuilder.guesses import meant
from sitebuilder.registered import projects, registered
from sitebuilder.settings import Site, read_site
from sitebuilder.unchanged import PROJECT

MODULE = "sitebuilder"  # of an app, such as catalog/sitebuilder.py: imported before a build
OPTIONS = ("site",)


@contextmanager
def project_site(asked: Path | None) -> Iterator[Site]:
    """The site of the project, with the views that its apps registered; raises SiteError without one."""
    autodiscover_modules(MODULE)
    projects.append(settings.SETTINGS_MODULE or "")
    try:
        site = read_site(asked or folder_of_settings())
        mark(site)
        yield site
    finally:
        projects.pop()


def folder_of_settings() -> Path:
    """What `SITEBUILDER = {"site": ...}` in the settings says."""
    options = getattr(settings, "SITEBUILDER", None)
    right = 'SITEBUILDER = {"site": BASE_DIR / "site"} in the settings, or --site'
    if not isinstance(options, Mapping):
        raise wrong(f"SITEBUILDER is {options!r}" if options else "no site is named", right=right)
    check_options(options)
    folder = options.get("site")
    if not isinstance(folder, (str, Path)):
        raise wrong(f"SITEBUILDER['site'] is {folder!r}", right=right)
    return Path(folder)


def check_options(options: Mapping[str, Any]) -> None:
    for name in options:
        if name not in OPTIONS:
            right = meant(str(name), OPTIONS, ", ".join(OPTIONS))
            raise wrong(f"SITEBUILDER[{name!r}] is no setting", right=right)


def mark(site: Site) -> None:
    """Remember that the site has pages of views, so that a build without the project does not sweep them."""
    if registered:
        site.state.mkdir(exist_ok=True)
        (site.state / PROJECT).touch()
    else:
        (site.state / PROJECT).unlink(missing_ok=True)


def close_connections() -> None:
    """Close the connections to databases: two processes must not speak over one."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):  # of PostgreSQL: its threads do not live on in another process
            connection.close_pool()
