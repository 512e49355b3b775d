"""Publishing to S3: what is transferred, in which order, with which headers, and who may be in the way."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sitebuilder.errors import SiteError
from sitebuilder.publishing.publishing import publish
from sitebuilder.publishing.s3_objects import headers_for
from tests.sitebuilder import places
from tests.sitebuilder.places import Place
from tests.sitebuilder.publishing import FIRST, SECOND, Publisher

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Store(Place):
    client: Any = None

    @property
    def bucket(self) -> str:
        return str(self.publisher.site.raw["stage"]["production"]["bucket"])

    def keys(self, prefix: str = "") -> set[str]:
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return {item["Key"].removeprefix(prefix) for item in listed}

    def state(self) -> dict[str, Any]:
        found = self.client.get_object(Bucket=self.bucket, Key="site/.releases/state.json")
        state: dict[str, Any] = json.loads(found["Body"].read())
        return state

    def change_state(self, **values: object) -> None:
        text = json.dumps({**self.state(), **values})
        self.client.put_object(Bucket=self.bucket, Key="site/.releases/state.json", Body=text.encode())


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with places.s3_server() as endpoint:
        yield endpoint


@pytest.fixture
def store(endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, value in places.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    place = places.s3(tmp_path, endpoint)
    return Store(place.publisher, place.visited, place.switches_at_once, places.s3_client(endpoint))


def steps_of(publisher: Publisher) -> list[str]:
    steps: list[str] = []
    publish(publisher.site, publisher.target, step=steps.append)
    return steps


def test_only_what_is_new_is_transferred_and_pages_are_shown_last(store: Store) -> None:
    store.publisher.publish(FIRST)
    store.publisher.build({**SECOND, "static/app.css": "blue", "aaa.html": "two"})

    steps = steps_of(store.publisher)

    uploaded = [step for step in steps if step.startswith("uploaded")]
    assert len(uploaded) == 3, "two, news and blue: equal contents once"
    assert [step.removeprefix("shown ") for step in steps if step.startswith("shown")] == [
        "static/app.css", "aaa.html", "news/index.html", "index.html",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("static/app.3f2a9c41d0b7.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("static/app.css", "text/css; charset=utf-8", "no-cache"),
        ("feed.xml", "text/xml; charset=utf-8", "no-cache"),
        ("logo.svg", "image/svg+xml; charset=utf-8", "no-cache"),
        ("photo.webp", "image/webp", "no-cache"),
        ("CNAME", "application/octet-stream", "no-cache"),
    ],
)
def test_a_file_has_the_headers_of_its_name(path: str, kind: str, cache: str) -> None:
    assert headers_for(path) == {"ContentType": kind, "CacheControl": cache}


def test_visitors_get_these_headers(store: Store) -> None:
    store.publisher.publish(FIRST)

    page = store.client.head_object(Bucket=store.bucket, Key="site/index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")


def test_what_else_the_bucket_holds_is_left_alone(store: Store) -> None:
    for key in ("other/photo.jpg", "site/uploads/mine.pdf"):
        store.client.put_object(Bucket=store.bucket, Key=key, Body=b"x")
    store.publisher.publish(FIRST)
    store.publisher.build(SECOND)
    assert store.publisher.killed_at(6)
    store.publisher.publish()

    assert {"other/photo.jpg", "site/uploads/mine.pdf"} <= store.keys()
    assert store.keys().isdisjoint({"site/about/index.html"})


def test_the_contents_of_forgotten_releases_are_removed(store: Store) -> None:
    store.publisher.site.raw["stage"]["production"]["keep"] = 2
    for number in range(4):
        store.publisher.publish({"index.html": str(number), "same.css": "same"})

    assert len(store.publisher.target.releases()) == 2
    assert len(store.keys("site/.releases/content/")) == 3
    assert len(store.keys("site/.releases/20")) == 2


def test_a_rollback_transfers_nothing_and_makes_a_mixture_whole(store: Store) -> None:
    """The publisher died when some objects were new and others old."""
    first = store.publisher.publish(FIRST).release.id
    store.publisher.build(SECOND)
    steps = iter(range(100))
    while store.visited() in (FIRST, SECOND):
        assert store.publisher.killed_at(next(steps))
    assert store.publisher.target.live() == ""

    store.publisher.roll_back(first)

    assert store.visited() == FIRST
    assert store.publisher.target.live() == first
    assert store.state()["torn"] is False


def test_a_publisher_on_another_machine_is_waited_for(store: Store) -> None:
    store.publisher.publish(FIRST)
    held = {"by": "ann@elsewhere", "process": 7, "since": "2999-01-01T00:00:00Z"}
    store.change_state(held=json.dumps(held))

    with pytest.raises(SiteError, match=r"ann@elsewhere \(process 7, since 2999-01-01T00:00:00Z\)"):
        store.publisher.publish(SECOND)
    assert store.visited() == FIRST


def test_a_claim_that_is_long_past_is_taken_over(store: Store) -> None:
    store.publisher.publish(FIRST)
    held = {"by": "ann@elsewhere", "process": 7, "since": "2020-01-01T00:00:00Z"}
    store.change_state(held=json.dumps(held))

    store.publisher.publish(SECOND)

    assert store.visited() == SECOND
    assert store.state()["held"] == ""


def test_whoever_wrote_the_state_meanwhile_is_not_overwritten(store: Store) -> None:
    store.publisher.publish(FIRST)
    store.publisher.build(SECOND)

    def meddle(step: str) -> None:
        if step == "torn":
            store.change_state(live="another's")

    with pytest.raises(SiteError, match="somebody is publishing"):
        publish(store.publisher.site, store.publisher.target, step=meddle)

    assert store.state()["live"] == "another's"


def test_a_site_cannot_write_among_the_releases(store: Store) -> None:
    with pytest.raises(SiteError, match=r"\.releases/state\.json stands where the releases are kept"):
        store.publisher.publish({".releases/state.json": "{}"})


def test_a_bucket_that_is_not_there_is_said(store: Store) -> None:
    store.publisher.site.raw["stage"]["production"]["bucket"] = "no-such-bucket"

    with pytest.raises(SiteError, match=r"bucket no-such-bucket: .*NoSuchBucket"):
        store.publisher.publish(FIRST)


def test_without_boto3_the_command_to_install_it_is_named(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['boto3'] = None\n"
        "from sitebuilder.publishing.stages import Stage\n"
        "from sitebuilder.publishing.s3_objects import Objects\n"
        "Objects(Stage('production', 's3', 1, {}))"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)

    assert (
        "publishing to S3 needs boto3; expected it beside this program: run `pip install boto3`" in ran.stderr
    )
