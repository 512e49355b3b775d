"""Make an output of what the site says: the body of a page, its layout, and what it asks for beside."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from django.template import Context, Engine, Template
from django.template.loader_tags import ExtendsNode
from django.utils import translation
from django.utils.timezone import get_default_timezone

from sitebuilder.assets.files import static_file
from sitebuilder.assets.markdown_pictures import measured
from sitebuilder.assets.pieces import Pieces, Recent
from sitebuilder.bodies import Blocks, Bodies
from sitebuilder.dates import Dates
from sitebuilder.errors import Problem, SiteError
from sitebuilder.highlighting import Highlighter
from sitebuilder.known_settings import line_in, line_of
from sitebuilder.library import Library
from sitebuilder.locality import Locality, settled
from sitebuilder.manifest import code_version
from sitebuilder.markdown import Body, put_back, set_aside, toc
from sitebuilder.markdown import render as render_markdown
from sitebuilder.metadata import Source, has_tags
from sitebuilder.minifying import is_asked_for, minified
from sitebuilder.outputs import Output
from sitebuilder.page_lists import Pages, Paginator
from sitebuilder.page_reading import known_source
from sitebuilder.pages import Page
from sitebuilder.reads import read
from sitebuilder.relative_links import with_addresses
from sitebuilder.scanning import Stamp, content_of
from sitebuilder.settings import Site
from sitebuilder.templates import NoTemplate, exists, explained, make_engine
from sitebuilder.views import PageView, SiteView, safe

_current: list["Renderer"] = []


def current() -> "Renderer":
    """The renderer whose template is running, for tags."""
    return _current[-1]


@dataclass
class Renderer:
    """What all outputs of a build are rendered with."""

    site: Site
    library: Library
    files: Mapping[str, Stamp]  # of the site, as they were found
    engine: Engine = field(init=False)
    bodies: Bodies = field(init=False)
    is_minified: bool = field(init=False)
    highlight: Highlighter = field(init=False)
    dates: Dates = field(default_factory=Dates)
    compiled: dict[str, Template] = field(default_factory=dict)
    language: str = ""  # of the output that is rendered
    pieces: Pieces = field(init=False)
    with_tags: Recent[Body] = field(init=False)  # bodies of pages whose tags have run
    waiting: set[str] = field(default_factory=set)  # extras that this process has put aside

    def __post_init__(self) -> None:
        self.engine = make_engine(self.site)
        self.bodies = Bodies(self.site.state, code_version())
        self.is_minified = is_asked_for(self.site)
        self.highlight = Highlighter(Blocks(self.bodies))
        self.pieces = Pieces(self.site)
        self.with_tags = Recent(self.pieces)

    def begin(self) -> None:
        """Be the one that tags ask, for an output that has asked for no further files yet."""
        _current[:] = [self]
        self.pieces.extras = {}

    def expect(self, outputs: Iterable[Output]) -> None:
        """Read ahead what is kept of pages that are about to be rendered."""
        pages = (output.what for output in outputs if output.kind == "page")
        self.bodies.fetch([self.files[page].digest for page in pages])

    def html(self, output: Output) -> str:
        """Render a page, or a list of a tag."""
        with self.speaking(self.language_of(output)):
            html = self.made(output)
        read("settings")
        return minified(html) if self.is_minified else html

    @contextmanager
    def speaking(self, language: str) -> Iterator[None]:
        """Let templates run in a language."""
        self.language = language
        if self.site.in_project:
            read("project-settings")
        with (
            translation.override(self.spoken()) if self.site.spoken else nullcontext(),
            settled(self.locality()),
        ):
            yield

    def locality(self) -> Locality | None:
        """What dates are told in; a project may change that anywhere."""
        if self.site.in_project:
            return None
        return Locality(self.spoken(), get_default_timezone())

    def spoken(self) -> str:
        """The language of words and dates: where a site has but one, also on pages that are in another."""
        if self.site.languages:
            return self.language
        return self.site.spoken[0] if self.site.spoken else self.site.language

    def made(self, output: Output) -> str:
        return self.page(output) if output.kind == "page" else self.tag(output)

    def language_of(self, output: Output) -> str:
        if output.kind == "page":
            return self.library.by_source[output.what].language
        return self.library.unmarked(output.what)[1]

    def page(self, output: Output) -> str:
        page = self.library.by_source[output.what]
        context = self.context(page, output.number)
        read("file", page.source)
        if not page.source.endswith(".md"):
            return self.own_template(page, context)
        return self.laid_out(page, context, self.body(page, context))

    def context(self, page: Page, number: int) -> dict[str, Any]:
        """What the templates of a page are given; `number` is that of the page of its list."""
        view = PageView(self.library, page, number)
        return {"page": view, "site": SiteView(self.library, page.language), "paginator": view.paginator}

    def said(self, page: Page) -> Body:
        """What a page of Markdown says, for what no template makes: its pictures are as they are written."""
        read("file", page.source)
        read("settings")
        with self.speaking(page.language):
            return self.body(page, self.context(page, 1), is_measured=False)

    def as_marked_down(self, page: Page) -> Body:
        """The body of a page of Markdown, before links to files are resolved; what is kept is not opened."""
        read("file", page.source)
        if kept := self.bodies.kept(self.files[page.source].digest):
            return kept.body
        with self.speaking(page.language):
            return self.markdown(*known_source(self.site, page.source), self.context(page, 1))

    def own_template(self, page: Page, context: dict[str, Any]) -> str:
        """Render a page that is a template: a whole page, or what a layout shows as its content."""
        source, _ = known_source(self.site, page.source)
        html = self.run(self.template(source), context, source.path, source.first_line)
        return html if is_whole(self.template(source)) else self.laid_out(page, context, Body(html, ()))

    def laid_out(self, page: Page, context: dict[str, Any], body: Body) -> str:
        of_body = {"content": safe(body.html), "toc": toc(body.headings), "headings": body.headings}
        layout = page.layout or self.default_layout(page.section, is_index=page.is_index)
        try:
            return self.run(layout, context | of_body, page.source)
        except NoTemplate as error:
            raise SiteError(self.where_named(page, layout, problem) for problem in error.problems) from error

    def where_named(self, page: Page, layout: str, problem: Problem) -> Problem:
        """A problem with the name of a page's layout, where the page or its section in site.toml says it."""
        if problem.line or not problem.what.endswith(f" {layout}"):
            return problem
        file = page.source if page.layout else "site.toml"
        text = content_of(self.site.folder, file).decode(errors="replace")
        if page.layout:
            return replace(problem, file=file, line=line_of(text, "layout"))
        name = f"{'list' if page.is_index else 'page'}_layout"
        return replace(problem, file=file, line=line_in(text, f"section.{page.section}", name))

    def default_layout(self, section: str, *, is_index: bool) -> str:
        """The layout of a page that names none: its section's, else `page.html`, for an index `list.html`."""
        read("settings")
        kind = "list" if is_index else "page"
        asked = self.site.table("section", section).get(f"{kind}_layout") if section else None
        if not section and is_index and exists(self.engine, "home.html"):
            return "home.html"
        return str(asked or f"{kind}.html")

    def body(self, page: Page, context: dict[str, Any], *, is_measured: bool = True) -> Body:
        """What a page of Markdown says; where it is kept and names no file, its own is not opened."""
        kept = self.bodies.kept(self.files[page.source].digest)
        if kept and not kept.may_name_files:
            return kept.body
        source, key = known_source(self.site, page.source)
        body = kept.body if kept else self.markdown(source, key, context)
        html = with_addresses(body.html, source, self.library)
        if is_measured and "<img" in html:
            html = measured(self.pieces, html, source, page.url)
        return Body(html, body.headings)

    def markdown(self, source: Source, key: str, context: dict[str, Any]) -> Body:
        """Render Markdown; what no tag has a part in, though code may look like one, is kept."""
        if has_tags(source.body):
            text, codes = set_aside(source.body)
            if has_tags(text):
                return self.with_tags.piece(
                    self.library,
                    (source.path, key, context["paginator"].number),
                    lambda: render_markdown(
                        put_back(self.with_tags_run(source, text, context), codes), highlight=self.highlight
                    ),
                )
        return self.bodies.made(key, render_markdown(source.body, highlight=self.highlight))

    def with_tags_run(self, source: Source, text: str, context: dict[str, Any]) -> str:
        """Run the template tags of a Markdown page whose code is set aside."""
        with explained(self.engine, source.path, source.first_line):
            return str(self.engine.from_string(text).render(Context(context)))

    def template(self, source: Source) -> Template:
        if source.path not in self.compiled:
            with explained(self.engine, source.path, source.first_line):
                self.compiled[source.path] = self.engine.from_string(source.body)
        return self.compiled[source.path]

    def run(self, template: Template | str, context: dict[str, Any], file: str = "", line: int = 1) -> str:
        """Render a template, or the layout of a name."""
        with explained(self.engine, file, line):
            made = self.engine.get_template(template) if isinstance(template, str) else template
            return str(made.render(Context(context)))

    def tag(self, output: Output) -> str:
        """Render `tags.html`, the list of all tags, or `tag.html`, the pages of one."""
        site = SiteView(self.library, self.language)
        context: dict[str, Any] = {"site": site, "tags": site.tags}
        if output.kind == "tag":
            name = f"tag {output.what}"
            slug, language = self.library.unmarked(output.what)
            tag = next(tag for tag in self.library.tags[language] if tag.slug == slug)
            size = int(self.site.table("tags").get("paginate", 0))
            pages = Pages(self.library, name)
            context |= {
                "tag": tag,
                "pages": pages,
                "paginator": Paginator(self.library, name, tag.url, output.number, size),
            }
        return self.run(f"{output.kind}.html", context)

    def asset(self, name: str) -> str:
        """Ask for a file of static/ under a name that holds its hash; return its address."""
        return self.pieces.piece(
            ("asset", name), lambda: self.pieces.copy(f"static/{name}", static_file(self.site, name))
        )


def is_whole(template: Template) -> bool:
    """Whether a page is a page by itself: it extends a template, or begins as a document does."""
    if any(isinstance(node, ExtendsNode) for node in template.nodelist):
        return True
    return template.source.lstrip()[:9].lower() == "<!doctype"
