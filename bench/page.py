"""Another page of Home Assistant, in a process of its own: how long its answers take.

It is open as a page in a browser is: one WebSocket, by which it follows all states and both
registries. From a line of its standard input to the next it asks one question after the
other, the smallest there is, so that nothing is measured but how long Home Assistant keeps
it waiting.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
import json
import sys
import time

import aiohttp

_FOLLOWS = (
    {"type": "supported_features", "features": {"coalesce_messages": 1}},
    {"type": "subscribe_entities"},
    {"type": "subscribe_events", "event_type": "entity_registry_updated"},
    {"type": "subscribe_events", "event_type": "device_registry_updated"},
)
# A page that never rests would take part of the processor from what it waits for.
_REST = 0.002


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """How long the answers took that a page got, in seconds: all, and 99 of 100.

    Home Assistant may have closed its connection, because too much was to be sent at once.
    """

    longest: float
    most: float
    closed: int


class _Connection:
    """The WebSocket of the page, opened anew whenever Home Assistant closes it."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        """Begin without one."""
        self._session, self._url, self._token = session, url, token
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._number = 0
        self.opened = 0

    async def ask(self) -> None:
        """Ask something and wait for the answer, whatever comes before it."""
        while True:
            socket = self._socket or await self._open()
            with suppress(aiohttp.ClientConnectionResetError):
                await self._send(socket, {"type": "ping"})
            async for message in socket:
                if b'"pong"' in message.data:
                    return
            self._socket = None

    async def _open(self) -> aiohttp.ClientWebSocketResponse:
        """Log in, and follow what a page follows."""
        socket = await self._session.ws_connect(
            self._url, max_msg_size=0, decode_text=False
        )
        await socket.receive()
        await socket.send_json({"type": "auth", "access_token": self._token})
        await socket.receive()
        for follows in _FOLLOWS:
            await self._send(socket, follows)
        self._socket = socket
        self.opened += 1
        return socket

    async def _send(
        self, socket: aiohttp.ClientWebSocketResponse, command: Mapping[str, object]
    ) -> None:
        """Send a command with a number of its own."""
        self._number += 1
        await socket.send_json({"id": self._number, **command})


async def main(url: str, token: str) -> None:
    """Open the page, and ask from one line of the standard input to the next."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with aiohttp.ClientSession() as session:
        connection = _Connection(session, url, token)
        await connection.ask()
        print("ready", flush=True)
        await lines.readline()
        end = asyncio.create_task(lines.readline())
        taken: list[float] = []
        while not end.done():
            start = time.perf_counter()
            await connection.ask()
            taken.append(time.perf_counter() - start)
            if len(taken) == 1:
                print("asking", flush=True)
            await asyncio.sleep(_REST)
    taken.sort()
    answers = Answers(
        longest=taken[-1],
        most=taken[len(taken) * 99 // 100],
        closed=connection.opened - 1,
    )
    print(json.dumps(asdict(answers)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
