"""The addresses of the API."""

from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from board import converters  # noqa: F401 - registers <id:…>
from board.api.boards import BoardViews
from board.api.columns import ColumnViews
from board.api.members import MemberViews
from board.api.people import PeopleView
from board.api.sprints import SprintViews
from board.api.tasks import TaskViews
from board.api.tokens import TokenView

RESOURCES = {
    "boards": BoardViews,
    "columns": ColumnViews,
    "sprints": SprintViews,
    "tasks": TaskViews,
    "members": MemberViews,
}


@extend_schema(exclude=True)
class StartView(APIView):
    def get(self, request: Request) -> Response:
        """List where everything is."""
        names = [*RESOURCES, "users", "token", "schema", "docs"]
        return Response({name: f"/api/{name}" for name in names})


router = SimpleRouter(trailing_slash=False, use_regex_path=False)
for name, views in RESOURCES.items():
    router.register(name, views, basename=name)

# Swagger's page draws with style attributes; its scripts stay ours alone.
docs = csp_update({"style-src": ["'unsafe-inline'"]})(SpectacularSwaggerSplitView.as_view(url_name="schema"))

urlpatterns = [
    path("", StartView.as_view()),
    path("", include(router.urls)),
    path("users", PeopleView.as_view(), name="users"),
    path("token", TokenView.as_view(), name="token"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", docs, name="docs"),
]
