"""Something that a rule forwards to: it notes all that comes, and answers as it is told."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import json
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True, kw_only=True)
class Received:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def message(self) -> dict[str, Any]:
        """Return what it says."""
        message: dict[str, Any] = json.loads(self.body)
        return message


class Receiver:
    """A server on this machine.

    Its next answers have `statuses`, all after these 200. To a handshake it says `echo`,
    in which `{}` stands for what it was asked. With a `hold` it answers once that is set.
    """

    def __init__(self) -> None:
        """Answer as is right."""
        self.requests: list[Received] = []
        self.statuses: list[int] = []
        self.echo = "{}"
        self.content_type = "text/plain"
        self.hold: asyncio.Event | None = None
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        """Return where it listens."""
        assert self._runner
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    @property
    def address(self) -> str:
        """Return an address of it."""
        return f"{self.origin}/hook"

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Return all messages that came, also those that it did not take."""
        return [item.message for item in self.requests if item.method == "POST"]

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        if self.hold:
            self.hold.set()
        assert self._runner
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        """Note a request, and answer it."""
        received = Received(
            method=request.method,
            path=request.path_qs,
            headers=request.headers.copy(),
            body=await request.text(),
        )
        self.requests.append(received)
        if self.hold:
            await self.hold.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(
            status=status,
            text=self.echo.format(received.headers.get("Echostr", "")),
            content_type=self.content_type,
            headers={"Location": "/elsewhere"} if 300 <= status < 400 else {},
        )
