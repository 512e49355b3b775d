"""Django Channels as its documentation teaches it: a group a room, over channels_redis.

Any ASGI server runs `application`; REDIS_URL says where the groups live.
"""

import os
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings

settings.configure(
    SECRET_KEY="for the bench alone",  # nothing here is signed
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
        }
    },
)

# What follows reads the settings; it has no types, and is installed for the bench alone.
from channels.generic.http import AsyncHttpConsumer  # type: ignore[import-untyped]  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # type: ignore[import-untyped]  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # type: ignore[import-untyped]  # noqa: E402
from django.urls import path  # noqa: E402


def group_of(scope: dict[str, Any]) -> str:
    """Read the room from the query."""
    return f"room{parse_qs(scope['query_string'].decode())['id'][0]}"


class Subscriber(AsyncWebsocketConsumer):  # type: ignore[misc]
    """GET /sub?id=ROOM."""

    async def connect(self) -> None:
        """Enter the room."""
        self.group = group_of(self.scope)
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the room."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def happened(self, message: dict[str, str]) -> None:
        """Send what the group is told."""
        await self.send(text_data=message["text"])


class Publish(AsyncHttpConsumer):  # type: ignore[misc]
    """POST /pub?id=ROOM."""

    async def handle(self, body: bytes) -> None:
        """Tell the group."""
        message = {"type": "happened", "text": body.decode()}
        await self.channel_layer.group_send(group_of(self.scope), message)
        await self.send_response(200, b"", headers=[(b"Content-Length", b"0")])


application = ProtocolTypeRouter(
    {
        "http": URLRouter([path("pub", Publish.as_asgi())]),
        "websocket": URLRouter([path("sub", Subscriber.as_asgi())]),
    }
)
