"""The pages of the browser app."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from board import converters, views  # noqa: F401 - registers <id:…>
from board.guessing import SignInForm

sign_in = LoginView.as_view(
    template_name="board/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
)

urlpatterns = [
    path("", views.boards, name="boards"),
    path("boards/<id:board_id>/", views.board, name="board"),
    path("sign-in", sign_in, name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("health", views.health, name="health"),
]
