"""The schema tells the truth: what it promises is answered, and nothing it allows breaks the board."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.stack import Stack

PUBLISHED = Path(__file__).parents[2] / "docs" / "pages" / "reference" / "openapi.yaml"


@pytest.fixture
def api_schema(stack: Stack) -> Any:
    """The schema as a running product serves it, asked with a token of the demo's admin."""
    stack.manage("demo")
    said = {"username": "ana", "password": stack.password}
    token = httpx.post(f"{stack.board_url}/api/token", json=said).json()["token"]
    headers = {"Authorization": f"Token {token}"}
    schema = schemathesis.openapi.from_url(f"{stack.board_url}/api/schema", headers=headers)
    schema.config.update(headers=headers)
    return schema.exclude(path="/api/token")  # guessing passwords is slowed down on purpose


lazy_schema = schemathesis.pytest.from_fixture("api_schema")


@lazy_schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_schema_allows_is_answered_as_it_promises(case: Any) -> None:
    case.call_and_validate(
        checks=[not_a_server_error, content_type_conformance, response_schema_conformance],
    )


def test_the_published_schema_is_the_one_that_is_served(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))

    now = (tmp_path / "openapi.yaml").read_text()
    assert now == PUBLISHED.read_text(), "run: manage.py spectacular --file docs/pages/reference/openapi.yaml"
