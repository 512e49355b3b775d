"""Ask a view of the project for a page, as a visitor would who is nobody yet.

No middleware runs: sessions, sign-in and cookies tell visitors apart, and a page of a site is the same for
all. The view gets a request that its context processors can read.
"""

import inspect
import mimetypes
from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.apps import apps
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from sitebuilder.errors import SiteError, wrong
from sitebuilder.project.addresses import Address
from sitebuilder.reads import read
from sitebuilder.registered import shown
from sitebuilder.settings import Site

HTML = "text/html"


class PageRequest(WSGIRequest):
    """A request to the site's own address, whatever ALLOWED_HOSTS says of the machine that builds."""

    def get_host(self) -> str:
        return str(self.META["HTTP_HOST"])


def answer(site: Site, address: Address) -> bytes:
    """The bytes of a page; raises SiteError for an answer that no file can be."""
    read("project")
    if address.key:
        read("view", address.path)
    else:
        read("unknown", address.name)
    request = request_for(site, address.url)
    with translation.override(address.language):
        match = request.resolver_match = match_of(address, request.path_info)
        response = responded(address, match, request)
    check(address, match, request, response)
    return response.content if isinstance(response, HttpResponse) else b""


def match_of(address: Address, path: str) -> ResolverMatch:
    """The view that a server would ask for the address, which has to be the registered one."""
    try:
        match = resolve(path)
    except Resolver404:
        raise wrong(f"no view answers {address.url}, the address of {address.shown}") from None
    if match.url_name != address.name.rpartition(":")[2]:
        what = f"{address.url}, the address of {address.shown}, is answered by {match.view_name}"
        raise wrong(what, right="urls that do not stand in each other's way")
    return match


def request_for(site: Site, url: str) -> PageRequest:
    """The request of a visitor who signs in nowhere and accepts everything."""
    parts = urlsplit(site.url)
    request = PageRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote_to_bytes(url).decode("latin-1"),  # as PEP 3333 says
            "QUERY_STRING": "",
            "SERVER_NAME": parts.hostname or "localhost",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": parts.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
        }
    )
    if apps.is_installed("django.contrib.auth"):
        from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415 - only where the app is

        request.user = AnonymousUser()
    return request


def responded(address: Address, match: ResolverMatch, request: PageRequest) -> HttpResponseBase:
    view: Callable[..., Any] = match.func
    if iscoroutinefunction(view):
        view = async_to_sync(view)
    try:
        response = view(request, *match.args, **match.kwargs)
        if callable(getattr(response, "render", None)):
            response = response.render()
    except Exception as error:  # whatever the project's code raises
        file, line = place_of(match, error)
        what = f"the view {address.shown} raised {type(error).__name__}: {error}"
        raise wrong(what, file, line, f"a page at {address.url} for whoever asks") from error
    if not isinstance(response, HttpResponseBase):
        raise refusal(address, match, f"gave a {type(response).__name__}", "a response")
    return response


def check(address: Address, match: ResolverMatch, request: PageRequest, response: HttpResponseBase) -> None:
    """Refuse what a file cannot be."""
    status, location = response.status_code, response.headers.get("Location", "")
    if location:
        raise refusal(
            address, match, f"redirects to {location}", "a page; pages have `aliases` for old addresses"
        )
    if status != HTTPStatus.OK:
        raise refusal(address, match, f"answered {status}", "200")
    if response.streaming:
        raise refusal(address, match, "streams its answer", "a response that is whole, such as HttpResponse")
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        right = "a page without {% csrf_token %}"
        raise refusal(address, match, "has a CSRF token, which is another for every visitor", right)
    check_type(address, match, response.headers.get("Content-Type", "").partition(";")[0].strip())


def check_type(address: Address, match: ResolverMatch, given: str) -> None:
    """Refuse a type of content that a web server will not give the file."""
    served = mimetypes.guess_type(address.path)[0] or ""
    if (given == HTML) == (served == HTML):
        return
    if address.url.endswith("/"):
        right = f"an address with an extension, such as {address.url.rstrip('/')}.{extension_of(given)}"
    else:
        right = f"{served or 'an extension that says so'}, or another extension in its address {address.url}"
    raise refusal(address, match, f"answered with {given or 'no type of content'}", right)


def extension_of(content_type: str) -> str:
    return (mimetypes.guess_extension(content_type) or ".txt").lstrip(".")


def refusal(address: Address, match: ResolverMatch, what: str, right: str) -> SiteError:
    file, line = place_of(match)
    return wrong(f"the view {address.shown} {what}", file, line, right)


def place_of(match: ResolverMatch, error: BaseException | None = None) -> tuple[str, int]:
    """Where a view is written, or the line of it that an error came from."""
    view = inspect.unwrap(getattr(match.func, "view_class", match.func))
    try:
        file, line = inspect.getsourcefile(view) or "", inspect.getsourcelines(view)[1]
    except (OSError, TypeError):  # such as a partial, or a view that was made while running
        return "", 0
    trace = error.__traceback__ if error else None
    while trace:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return shown(file), line
