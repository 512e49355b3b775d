"""The pages of the browser app."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from board import converters, views  # noqa: F401 - registers <id:…>

urlpatterns = [
    path("", views.boards, name="boards"),
    path("boards/<id:board_id>/", views.board, name="board"),
    path(
        "sign-in",
        LoginView.as_view(template_name="board/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("health", views.health, name="health"),
]
