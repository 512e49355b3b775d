"""Serve pictures as the book Lightweight Django does: a form of two numbers, `@etag`, a cache in memory."""

import hashlib
import io

from django import forms
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=[
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for the bench alone",  # nothing here is signed
)

# What follows reads the settings.
from django.core.cache import cache  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.http import etag  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402


class ImageForm(forms.Form):
    width = forms.IntegerField(min_value=1, max_value=2000)
    height = forms.IntegerField(min_value=1, max_value=2000)

    def drawn(self) -> bytes:
        width, height = self.cleaned_data["width"], self.cleaned_data["height"]
        key = f"{width}.{height}.png"
        found: bytes | None = cache.get(key)
        if found is None:
            image, file = Image.new("RGB", (width, height)), io.BytesIO()
            ImageDraw.Draw(image).text((width / 2, height / 2), f"{width} X {height}", "white", anchor="mm")
            image.save(file, "PNG")
            found = file.getvalue()
            cache.set(key, found, 60 * 60)  # seconds
        return found


def name(request: HttpRequest, width: int, height: int) -> str:
    return hashlib.sha1(f"{width} x {height}".encode()).hexdigest()


@etag(name)
def placeholder(request: HttpRequest, width: int, height: int) -> HttpResponse:
    form = ImageForm({"width": width, "height": height})
    if not form.is_valid():
        return HttpResponseBadRequest("Invalid Image Request")
    return HttpResponse(form.drawn(), content_type="image/png")


urlpatterns = [path("image/<int:width>x<int:height>/", placeholder)]
application = get_wsgi_application()
