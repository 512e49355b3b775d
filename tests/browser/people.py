"""People with accounts on a running product, and boards of theirs, spoken to as programs speak to the API."""

from functools import cached_property
from typing import Any

import httpx

from tests.stack import Stack

PATIENCE_SECONDS = 30
ADD_PEOPLE = """
from board.models import User
for username, first, last in {people!r}:
    User.objects.create_user(username, first_name=first, last_name=last, password={password!r})
"""


class Person:
    """Somebody with an account: a token for what a program asks, a session for what a browser shows."""

    def __init__(self, stack: Stack, username: str) -> None:
        self.username, self.password, self.origin = username, stack.password, stack.board_url

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Ask the API; the answer may be a refusal."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.request(method, f"/api/{path}", json=body, headers=named)

    def get(self, path: str) -> Any:
        return self.ask("GET", path).raise_for_status().json()

    def send(self, method: str, path: str, body: object = None) -> Any:
        """Ask for a change, which has to be made."""
        answer = self.ask(method, path, body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    @cached_property
    def session(self) -> dict[str, Any]:
        """Sign in as a browser does; return what a browser context keeps of it."""
        with self._new_client() as client:
            client.get("/sign-in").raise_for_status()
            form = {"username": self.username, "password": self.password}
            csrf = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
            answer = client.post("/sign-in", data={**form, **csrf})
            assert answer.status_code == 302, answer.text
            kept = [(cookie.name, cookie.value) for cookie in client.cookies.jar]
        cookies = [{"name": n, "value": v, "domain": "127.0.0.1", "path": "/"} for n, v in kept]
        return {"cookies": cookies, "origins": []}

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> httpx.Client:
        client = self._new_client()
        form = {"username": self.username, "password": self.password}
        token = client.post("/api/token", json=form).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Token {token}"
        return client

    def _new_client(self) -> httpx.Client:
        return httpx.Client(base_url=self.origin, timeout=PATIENCE_SECONDS, trust_env=False)


def add_people(stack: Stack, *people: tuple[str, str, str]) -> list[Person]:
    """Give accounts to (username, first name, last name) and return them."""
    stack.manage("shell", "-v0", "-c", ADD_PEOPLE.format(people=people, password=stack.password))
    return [Person(stack, username) for username, *_ in people]


class TeamBoard:
    """A board as the database has it; its maker changes it over the API unless another is named."""

    def __init__(self, maker: Person, name: str = "Release") -> None:
        self.maker, self.name = maker, name
        self.id: int = maker.send("POST", "boards", {"name": name})["id"]
        held = self.snapshot()
        self.todo, self.doing, self.done = (column["id"] for column in held["columns"])
        self.sprint: int = held["sprints"][0]["id"]

    def snapshot(self) -> dict[str, Any]:
        held: dict[str, Any] = self.maker.get(f"boards/{self.id}/snapshot")
        return held

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the log, however many pages it has."""
        events: list[dict[str, Any]] = []
        while page := self.maker.get(f"boards/{self.id}/events?after={after}&limit=500")["events"]:
            events, after = events + page, page[-1]["seq"]
        return events

    def admit(self, person: Person, role: str) -> None:
        self.maker.send("POST", "members", {"board": self.id, "username": person.username, "role": role})

    def add(self, name: str, column: int | None = None, **fields: Any) -> int:
        """Add a task to the running sprint, in the first column unless told otherwise; return its id."""
        where = {"column": column or self.todo, "sprint": self.sprint}
        made = self.maker.send("POST", "tasks", {"board": self.id, "name": name, **where, **fields})
        return int(made["id"])

    def change(self, path: str, *, by: Person | None = None, **fields: Any) -> None:
        (by or self.maker).send("PATCH", path, fields)

    def remove(self, path: str, *, by: Person | None = None) -> None:
        (by or self.maker).send("DELETE", path)

    def task(self, task: int) -> dict[str, Any]:
        held: dict[str, Any] = self.maker.get(f"tasks/{task}")
        return held
