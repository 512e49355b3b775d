"""The urls and views of a project, some of which no site can have."""

from collections.abc import Callable

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.models import Group
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.urls import include, path
from django.utils.translation import gettext

asked: list[str] = []  # the groups whose page was rendered
ODD: dict[str, Callable[[], object]] = {
    "page": lambda: HttpResponse("<p>page"),
    "missing": lambda: HttpResponse(status=404),
    "moving": lambda: HttpResponseRedirect("/elsewhere/"),
    "streaming": lambda: StreamingHttpResponse(iter([b"x"])),
    "text": lambda: HttpResponse("x", content_type="text/plain"),
    "nothing": lambda: None,
    "template": lambda: SimpleTemplateResponse(engines["django"].from_string("made late")),
}


def group(request: HttpRequest, name: str) -> HttpResponse:
    found = get_object_or_404(Group, name=name)
    asked.append(name)
    return HttpResponse(f"<title>{found.name} {found.pk}</title>{request.build_absolute_uri()}")


def names(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(Group.objects.values_list("name", flat=True)), content_type="text/plain")


async def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(gettext("Monday"))


def odd(request: HttpRequest, kind: str = "page") -> HttpResponseBase:
    if kind == "raising":
        raise KeyError("lost")
    if kind == "token":
        return HttpResponse(get_token(request))
    return ODD[kind]()  # type: ignore[return-value]


shop = (
    [
        path("groups/<str:name>/", group, name="group"),
        path("names.txt", names, name="names"),
        path("odd/<str:kind>/", odd, name="odd"),
        path("odd/<str:kind>.txt", odd, name="odd-text"),
        path("plain/<str:kind>", odd, name="plain"),
        path("hidden/<str:name>/", group, name="hiding"),
        path("hidden/seen/", odd, name="hidden"),
    ],
    "shop",
)
urlpatterns = [
    path("", include(shop)),
    *i18n_patterns(path("hello/", hello, name="hello"), prefix_default_language=False),
]
