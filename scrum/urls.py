"""Where each address of the board leads."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("board.api.urls")),
    path("", include("board.urls")),
]
handler404 = "board.views.not_found"
handler500 = "board.views.broken"
