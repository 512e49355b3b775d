"""The pages that carry the browser app, and what the board says when there is none."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from board.api.failures import shape
from board.models import Membership


@require_safe
@login_required
def boards(request: HttpRequest) -> HttpResponse:
    """Show the list of one's boards."""
    return _page(request, page="boards")


@require_safe
@login_required
def board(request: HttpRequest, board_id: int) -> HttpResponse:
    """Show one board; a stranger to it gets the same 404 as for one that is not."""
    membership = get_object_or_404(
        Membership.objects.select_related("board"), board=board_id, user=request.user.pk
    )
    return _page(request, page="board", board=board_id, title=membership.board.name)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that this process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return HttpResponse(f"the database does not answer: {error}\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = _("There is nothing here that you may see.")
    if request.path.startswith("/api/"):
        return JsonResponse(shape("not_found", message), status=404)
    return render(request, "board/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    message = _("Something is broken on our side; nothing was changed. Try again.")
    if request.path.startswith("/api/"):
        return JsonResponse(shape("broken", message), status=500)
    return HttpResponse(message, content_type="text/plain", status=500)


def _page(request: HttpRequest, *, page: str, board: int | None = None, title: str = "") -> HttpResponse:
    user: Any = request.user
    config = {
        "page": page,
        "board": board,
        "csrf": get_token(request),
        "me": {"id": user.pk, "username": user.username, "name": user.name},
        "language": get_language() or "en",
        "urls": {"signOut": reverse("sign-out"), "docs": reverse("docs")},
    }
    answer = render(request, "board/page.html", {"config": config, "title": title})
    answer["Cache-Control"] = "private, no-store"
    return answer
