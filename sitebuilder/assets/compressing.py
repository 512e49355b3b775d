"""Bundle the block of a `{% compress %}` tag by django-compressor, which expects a project around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings

if TYPE_CHECKING:
    from sitebuilder.assets.pieces import Pieces

FINDER = "compressor.finders.CompressorFinder"
UNSET = object()


def bundled(pieces: "Pieces", block: str, kind: str, mode: str, name: str) -> str:
    """The tags that stand for a block of style sheets (`css`) or scripts (`js`).

    `mode` is `file`, `inline` or `preload`; `name` begins the names of the bundles.
    """
    with as_compressor_expects():
        from sitebuilder.assets.bundles import BUNDLES  # noqa: PLC0415 - it loads django-compressor

        bundle = BUNDLES[kind](kind, content=block, context={"pieces": pieces})
        return str(bundle.output(mode, forced=True, basename=name))


@contextmanager
def as_compressor_expects() -> Iterator[None]:
    """Put aside what a project around the site has set: the same site gives the same bundles everywhere."""
    if not apps.ready:
        apps.populate(settings.INSTALLED_APPS)
    wanted: dict[str, Any] = {
        "COMPRESS_ENABLED": True,
        "COMPRESS_PRECOMPILERS": (),
        "COMPRESS_ROOT": "/",
        "COMPRESS_URL": "/static/",
        "STATICFILES_FINDERS": [*settings.STATICFILES_FINDERS, FINDER],
    }
    before = {name: getattr(settings, name, UNSET) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            if value is UNSET:
                delattr(settings, name)
            else:
                setattr(settings, name, value)
