"""A browser's side of a live socket, for tests."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

import msgspec
from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.urls import path

from accounts.choices import Capability, Role
from accounts.models import Organisation, User
from dialer.asgi import application as paceline
from dialer.bus.schemas import Done, Failed
from dialer.live import topics
from dialer.live.commands import Arguments, CommandSpec, NoArguments
from dialer.live.consumer import LiveConsumer

ORIGIN = b"http://localhost"
ANSWER_S = 5.0


class Say(Arguments, frozen=True, kw_only=True):
    """Arguments with a limit."""

    text: Annotated[str, msgspec.Meta(max_length=20)]


class BoardConsumer(LiveConsumer):
    """The smallest socket on the base: a topic that every agent follows."""

    capability = Capability.TAKE_CALLS
    commands = {
        "say": CommandSpec(Say),
        "wait": CommandSpec(NoArguments),
        "break": CommandSpec(NoArguments),
        "stop": CommandSpec(NoArguments, Capability.RUN_FLOOR),
    }

    def topic_of(self, person: User) -> str:
        return "board"

    async def run_command(self, name: str, args: Any) -> Done | Failed:
        if name == "wait":
            await asyncio.Event().wait()
        if name == "break":
            raise ZeroDivisionError
        return Done(data={"said": args.text})


BOARD = "board"
board = AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([path("board", BoardConsumer.as_asgi())])))


@sync_to_async
def make_person(username: str = "ann", role: Role = Role.AGENT, organisation: str = "Acme") -> User:
    """A person who can sign in."""
    home, _ = Organisation.objects.get_or_create(name=organisation)
    return User.objects.create_user(
        username, f"{username}@example.com", first_name="Ann", organisation=home, role=role
    )


@sync_to_async
def sign_in(person: User) -> bytes:
    """The session cookie of a signed-in browser."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return f"sessionid={client.cookies['sessionid'].value}".encode()


class Browser(WebsocketCommunicator):
    """One socket, with origin, cookies and sign-in as a browser has them."""

    greeted = False

    def __init__(self, path: str = "/board", cookie: bytes = b"", origin: bytes | None = ORIGIN) -> None:
        headers = [(b"host", b"localhost"), (b"cookie", cookie)]
        headers += [] if origin is None else [(b"origin", origin)]
        super().__init__(board if path == "/board" else paceline, path, headers)

    async def ask(self, **frame: Any) -> None:
        """Send one frame."""
        await self.send_to(text_data=json.dumps(frame))

    async def next(self, op: str | None = None, timeout: float = ANSWER_S) -> dict[str, Any]:
        """The next frame, or the next of one kind."""
        while True:
            frame = json.loads(await self.receive_from(timeout))
            if op is None or frame["op"] == op:
                return frame

    async def hello(self) -> dict[str, Any]:
        """Connect and read hello."""
        connected, _ = await self.connect(timeout=ANSWER_S)
        assert connected
        self.greeted = True
        return await self.next()

    async def subscribed(self) -> dict[str, Any]:
        """Connect, subscribe, and return the snapshot."""
        await self.hello()
        await self.ask(op="subscribe")
        return await self.next("snapshot")

    async def command(self, name: str, timeout: float = ANSWER_S, **args: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        await self.ask(op="command", id=name, name=name, args=args)
        while True:
            frame = await self.next("result", timeout)
            if frame["id"] == name:
                return frame

    async def close_code(self, timeout: float = ANSWER_S) -> int:
        """Read until the server closes, and return the code."""
        while True:
            message = await self.receive_output(timeout)
            if message["type"] == "websocket.close":
                return int(message["code"])


def change_of(frame: dict[str, Any]) -> topics.Change:
    """A pushed frame as the change it carries."""
    optional = {key: frame[key] for key in ("id", "data") if key in frame}
    return topics.Change(seq=frame["seq"], type=frame["type"], op=frame["change"], **optional)
