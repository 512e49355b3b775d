"""Speak to an S3-compatible store: objects by key, and the headers that visitors get with them."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import IO, Any

from sitebuilder.errors import Problem, SiteError
from sitebuilder.media_types import content_type
from sitebuilder.publishing.stages import Stage

A_YEAR = 365 * 24 * 3600  # seconds
HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.\w+$")  # app.3f2a9c41d0b7.css: other content, other name
MOST_DELETED_AT_ONCE = 1000  # objects, by the protocol of DeleteObjects


class Missing(SiteError):
    """There is no such object."""


class Changed(SiteError):
    """The object is not what it was when it was read."""


REFUSALS = {"NoSuchKey": Missing, "PreconditionFailed": Changed, "ConditionalRequestConflict": Changed}


class Objects:
    def __init__(self, stage: Stage) -> None:
        try:
            boto3, self.errors = import_module("boto3"), import_module("botocore.exceptions")
        except ModuleNotFoundError:
            right = "it beside this program: run `pip install boto3`"
            raise SiteError([Problem("publishing to S3 needs boto3", right=right)]) from None
        self.bucket = stage.text("bucket", right="the name of a bucket")
        self.endpoint = stage.text("endpoint", default="")
        region = stage.text("region", default="") or None
        self.client: Any = boto3.client("s3", endpoint_url=self.endpoint or None, region_name=region)

    def read(self, key: str) -> tuple[bytes, str]:
        """Return an object's content and its ETag; raise Missing."""
        found = self._ask("get_object", Key=key)
        return found["Body"].read(), found["ETag"]

    def write(self, key: str, body: bytes | IO[bytes], **headers: str) -> str:
        """Write an object whole; return its ETag. IfMatch and IfNoneMatch may raise Changed."""
        return str(self._ask("put_object", Key=key, Body=body, **headers)["ETag"])

    def copy(self, key: str, to: str) -> None:
        """Copy within the store, without a transfer, and give the copy the headers of its new name."""
        source = {"Bucket": self.bucket, "Key": key}
        self._ask("copy_object", Key=to, CopySource=source, MetadataDirective="REPLACE", **headers_for(to))

    def keys(self, prefix: str) -> Iterator[str]:
        more: dict[str, str] = {}
        while True:
            found = self._ask("list_objects_v2", Prefix=prefix, **more)
            yield from (item["Key"] for item in found.get("Contents", []))
            if not found["IsTruncated"]:
                return
            more = {"ContinuationToken": found["NextContinuationToken"]}

    def delete(self, keys: Iterable[str]) -> None:
        listed = [{"Key": key} for key in keys]
        for at in range(0, len(listed), MOST_DELETED_AT_ONCE):
            some = listed[at : at + MOST_DELETED_AT_ONCE]
            left = self._ask("delete_objects", Delete={"Objects": some, "Quiet": True}).get("Errors", [])
            if left:
                raise SiteError([Problem(f"{left[0]['Key']} cannot be removed: {left[0].get('Message')}")])

    def _ask(self, verb: str, **words: Any) -> Any:
        try:
            return getattr(self.client, verb)(Bucket=self.bucket, **words)
        except self.errors.ClientError as error:
            refusal = REFUSALS.get(error.response["Error"]["Code"], SiteError)
            raise refusal([Problem(f"bucket {self.bucket}: {error}")]) from error
        except self.errors.BotoCoreError as error:
            raise SiteError([Problem(f"bucket {self.bucket} cannot be reached: {error}")]) from error


def headers_for(path: str) -> dict[str, str]:
    """Return the headers of a file: kept for a year where its name has a hash, else asked for each time."""
    cache = f"public, max-age={A_YEAR}, immutable" if HASHED.search(path) else "no-cache"
    return {"ContentType": content_type(path), "CacheControl": cache}
