"""Tornado as its documentation teaches it: `write_message` to each WebSocket of a room.

Run it with the port to listen on.
"""

import asyncio
import sys
from collections import defaultdict

from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

rooms: defaultdict[str, set["Subscriber"]] = defaultdict(set)


class Subscriber(WebSocketHandler):
    """GET /sub?id=ROOM."""

    def open(self, *_: str, **__: str) -> None:
        """Enter the room."""
        self.set_nodelay(True)
        rooms[self.get_query_argument("id")].add(self)

    def on_message(self, message: str | bytes) -> None:
        """Listen to nothing: this room only hears."""

    def on_close(self) -> None:
        """Leave the room."""
        rooms[self.get_query_argument("id")].discard(self)


class Publish(RequestHandler):
    """POST /pub?id=ROOM."""

    def post(self) -> None:
        """Send the body to everyone in the room."""
        text = self.request.body.decode()
        for subscriber in rooms[self.get_query_argument("id")]:
            subscriber.write_message(text)


async def main() -> None:
    """Listen until killed."""
    application = Application([("/sub", Subscriber), ("/pub", Publish)], log_function=lambda handler: None)
    application.listen(int(sys.argv[1]), "127.0.0.1")
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
