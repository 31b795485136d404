"""The server's side of the agent socket in memory: one agent, one campaign, calls as the test says."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve

from .uac import eventually

CALL_ID = "c" * 32
DISPOSITIONS = [
    {"id": 1, "code": "sale", "name": "Sale", "key": "1", "meaning": "success"},
    {"id": 2, "code": "machine", "name": "Answering machine", "key": "5", "meaning": "retry"},
    {"id": 3, "code": "callback", "name": "Call back", "key": "3", "meaning": "callback"},
]


class FakeConsole:
    """Keeps the topic, numbers its changes, and does what the room would do with each command."""

    def __init__(self, method: str = "predictive", number: str = "+12125550103") -> None:
        self.method, self.number = method, number
        self.state: dict[str, Any] = {"agent": self._agent(None), "dispositions": DISPOSITIONS}
        self.seq = 0
        self.changes: list[dict[str, Any]] = []
        self.commands: list[tuple[str, dict[str, Any]]] = []
        self.frames: list[dict[str, Any]] = []
        self.refuse: dict[str, str] = {}
        self.close_with: int | None = None
        self.connections = 0
        self.cookies: list[str] = []
        self.other_tab = False
        self.known_from = 0
        self._sockets: set[ServerConnection] = set()
        self._server: Server | None = None

    async def __aenter__(self) -> FakeConsole:
        self._server = await serve(self._talk, "127.0.0.1", 0)
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    def _agent(self, campaign: dict[str, Any] | None, state: str = "paused", **more: Any) -> dict[str, Any]:
        base = {"id": 7, "state": state, "campaign": campaign, "media": "down", "audio_checked": False}
        return base | more

    async def _talk(self, socket: ServerConnection) -> None:
        assert socket.request
        self.connections += 1
        self.cookies.append(socket.request.headers["Cookie"])
        if self.close_with:
            await socket.close(self.close_with)
            return
        self._sockets.add(socket)
        hello = {"op": "hello", "topic": "agent.7", "server_time": time.time(), "other_tab": self.other_tab}
        await socket.send(json.dumps(hello))
        async for text in socket:
            await self._frame(socket, json.loads(text))
        self._sockets.discard(socket)

    async def _frame(self, socket: ServerConnection, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        match frame["op"]:
            case "resume" if frame["seq"] >= self.known_from:
                for change in self.changes[frame["seq"] :]:
                    await socket.send(json.dumps(change))
                await socket.send(json.dumps({"op": "resumed", "seq": self.seq, "server_time": time.time()}))
            case "subscribe" | "resume":
                snapshot = {"op": "snapshot", "seq": self.seq, "epoch": "e", "state": self.state}
                await socket.send(json.dumps(snapshot))
            case "command":
                await self._command(socket, frame)

    async def _command(self, socket: ServerConnection, frame: dict[str, Any]) -> None:
        name, args = frame["name"], frame["args"]
        self.commands.append((name, args))
        answer: dict[str, Any] = {"op": "result", "id": frame["id"], "ok": True, "data": {}}
        if name in self.refuse:
            answer |= {"ok": False, "error": {"code": self.refuse[name], "message": "no"}}
        elif name == "campaigns":
            answer["data"] = {"campaigns": [{"id": 3, "name": "Other"}, {"id": 5, "name": "Demo"}]}
        elif name == "media_offer":
            answer["data"] = {"sdp": "answer"}
        await socket.send(json.dumps(answer))
        if answer["ok"]:
            await self._do(name)

    async def _do(self, name: str) -> None:
        me = self.state["agent"]
        match name:
            case "join":
                await self.put("agent", me | {"campaign": {"id": 5, "name": "Demo", "method": self.method}})
            case "media_offer":
                await self.put("agent", me | {"media": "up", "audio_checked": True})
            case "ready":
                await self.put("agent", me | {"state": "ready"})
            case "hangup":
                await self.end_call()
            case "dispose":
                await self.put("agent", me | {"state": "ready"})
                await self.put("call", None)
            case "preview_dial":
                await self.connect_call()

    async def put(self, type_: str, data: Any, *, lose: bool = False) -> None:
        """Change one type of the topic; ``lose``: nobody is told."""
        self.seq += 1
        self.state[type_] = data
        change = {"op": "change", "seq": self.seq, "type": type_, "change": "put", "data": data}
        self.changes.append(change)
        for socket in () if lose else tuple(self._sockets):
            await socket.send(json.dumps(change))

    def call(self, stage: str) -> dict[str, Any]:
        """A call of the agent."""
        now = time.time()
        return {
            "id": CALL_ID, "kind": "predictive", "stage": stage, "number": self.number, "placed_at": now - 3,
            "answered_at": now - 0.1, "connected_at": now, "ended_at": None,
        }  # fmt: skip

    async def connect_call(self) -> None:
        """A person has answered."""
        await self.put("agent", self.state["agent"] | {"state": "talking"})
        await self.put("call", self.call("connected"))
        await self.put("lead", {"id": 11, "name": "A lead"})

    async def end_call(self) -> None:
        """Over, by whomever."""
        await self.put("call", self.state["call"] | {"stage": "ended"})
        await self.put("agent", self.state["agent"] | {"state": "wrapup"})

    async def drop(self) -> None:
        """The network dies."""
        for socket in tuple(self._sockets):
            socket.transport.abort()
        self._sockets.clear()
        await asyncio.sleep(0)

    def names(self) -> list[str]:
        """The commands that came."""
        return [name for name, _ in self.commands]

    async def until(self, name: str, times: int = 1) -> dict[str, Any]:
        """The arguments of a command once it has come so many times."""
        await eventually(lambda: self.names().count(name) >= times)
        return [args for given, args in self.commands if given == name][times - 1]
