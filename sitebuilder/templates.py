"""Django's templates, strict: what is undefined is an error with its place, and what is read is recorded."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Engine, Origin, Template, TemplateDoesNotExist
from django.template.base import Node, NodeList
from django.utils import timezone, translation
from django.utils.formats import reset_format_cache
from django.utils.translation import trans_real

from sitebuilder.blocks import check_blocks
from sitebuilder.errors import Problem, SiteError, wrong
from sitebuilder.locality import mark_changes
from sitebuilder.reads import read
from sitebuilder.settings import Site
from sitebuilder.undefined import Undefined, forbid_undefined
from sitebuilder.variables import hasten

OWN_TEMPLATES = Path(__file__).parent / "layouts"  # not where a project looks for the templates of an app


class NoTemplate(SiteError):
    """There is no template of a name."""


class StandingNodes(NodeList):
    """The nodes of a template, which stay as they are: each page that extends it asks for its blocks."""

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        found = vars(self).setdefault("found", {})
        if nodetype not in found:
            found[nodetype] = super().get_nodes_by_type(nodetype)
        return list(found[nodetype])


class RecordingEngine(Engine):
    """An engine that notes each template that a rendering finds, also by extending or including it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: dict[tuple[str, ...], tuple[Template, Origin]] = {}

    def find_template(
        self, name: str, dirs: Any = None, skip: list[Origin] | None = None
    ) -> tuple[Template, Origin]:
        read("file", f"templates/{name}")  # also where there is none yet: a new one would be taken
        key = (name, *(origin.name for origin in skip or ()))
        if key not in self._found:
            self._found[key] = self._loaded(name, dirs, skip)
        return self._found[key]

    def _loaded(self, name: str, dirs: Any, skip: list[Origin] | None) -> tuple[Template, Origin]:
        try:
            template, origin = super().find_template(name, dirs, skip)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise wrong("it is not UTF-8 text", f"templates/{name}", line) from None
        return self._prepared(template), origin

    def from_string(self, template_code: str) -> Template:
        return self._prepared(super().from_string(template_code))

    def _prepared(self, template: Template) -> Template:
        hasten(template)
        mark_changes(template)
        forbid_undefined(template)
        check_blocks(template)
        template.nodelist.__class__ = StandingNodes
        return template


def make_engine(site: Site) -> RecordingEngine:
    """The engine of a site; Django's settings are those of a project if there is one, else of ours."""
    configure(site)
    if site.spoken:
        from sitebuilder.catalogues import install_catalogues  # noqa: PLC0415 - other sites need none of it

        install_catalogues(site)
    return RecordingEngine(
        dirs=[str(site.folder / "templates"), str(OWN_TEMPLATES)],
        builtins=[
            "sitebuilder.tags",
            "sitebuilder.asset_tags",
            "sitebuilder.project.tags" if site.in_project else "sitebuilder.plain_tags",
        ],
        libraries={
            "compress": "sitebuilder.asset_tags",  # which are there without {% load %} too
            "static": "sitebuilder.asset_tags",
            "i18n": "django.templatetags.i18n",
            "l10n": "django.templatetags.l10n",
            "tz": "django.templatetags.tz",
        },
        string_if_invalid=Undefined("%s"),
        debug=True,  # which tells the line of an error
    )


def configure(site: Site) -> None:
    """Give Django the settings of a site, again if they are others; a project's own are left alone."""
    wanted = {
        "USE_TZ": True,
        "TIME_ZONE": site.timezone,
        "LANGUAGE_CODE": site.spoken[0] if site.spoken else site.language,
        "USE_I18N": bool(site.spoken),
    }
    if not settings.configured:
        settings.configure(**wanted, OF_A_SITE=True)
    elif getattr(settings, "OF_A_SITE", False) and any(
        getattr(settings, name) != asked for name, asked in wanted.items()
    ):
        for name, asked in wanted.items():
            setattr(settings, name, asked)
        forget_settings()


def forget_settings() -> None:
    """Let Django read anew what it keeps of the settings: `override_settings` forgets the same in tests."""
    vars(translation._trans).clear()  # type: ignore[attr-defined]
    vars(trans_real).update(_default=None, _translations={})
    timezone.get_default_timezone.cache_clear()  # type: ignore[attr-defined]
    reset_format_cache()


def exists(engine: Engine, name: str) -> bool:
    with explained(engine, f"templates/{name}"):
        try:
            engine.find_template(name)
        except TemplateDoesNotExist:
            return False
    return True


@contextmanager
def explained(engine: Engine, source: str, first_line: int = 1) -> Iterator[None]:
    """Raise what a template does wrongly inside as a SiteError, with the file and the line.

    `source` names the file of a template that was made of text; its line 1 is that file's `first_line`.
    """
    try:
        yield
    except SiteError as error:
        raise SiteError(placed(error, source, first_line)) from error
    except Exception as error:
        from sitebuilder.missing_names import told  # noqa: PLC0415 - only for a message

        kind = NoTemplate if isinstance(error, TemplateDoesNotExist) else SiteError
        raise kind([problem_of(error, source, first_line, *told(error, engine))]) from error


def placed(error: SiteError, source: str, first_line: int) -> Iterator[Problem]:
    """The problems of an error; one that names no file is where the template's tag is that met it."""
    for problem in error.problems:
        if problem.file:
            yield problem
        else:
            yield problem_of(error, source, first_line, problem.what, problem.right)


def problem_of(error: Exception, source: str, first_line: int, what: str, right: str = "") -> Problem:
    """Where the error is, as Django's debugging notes it on the exception."""
    debug = getattr(error, "template_debug", None)
    if not debug:
        return Problem(what, source, 0, right)
    name, line = str(debug["name"] or ""), int(debug["line"])
    if name in ("", "<unknown source>"):
        return Problem(what, source, line + first_line - 1, right)
    return Problem(what, re.sub(r"^.*/(?=templates/|sitebuilder/layouts/)", "", name), line, right)
