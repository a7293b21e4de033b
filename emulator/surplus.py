"""Second replies to one request, which come when nobody has asked."""

import asyncio

from aiohttp import web

from .faults import When


class SurplusReplies:
    """What is still to be sent over connections that have had their reply."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._idle: list[tuple[asyncio.Transport, bytes]] = []
        self._next: dict[asyncio.Transport, bytes] = {}

    async def add(
        self,
        request: web.Request,
        first: web.StreamResponse,
        second: web.Response,
        when: When,
    ) -> None:
        """Send the first reply now, and the second one when its time has come."""
        transport = request.transport
        assert transport
        raw = _raw(second)
        if when is When.AT_ONCE:
            await first.prepare(request)
            await first.write_eof()
            transport.write(raw)
        elif when is When.IDLE:
            self._idle.append((transport, raw))
        else:
            self._next[transport] = raw

    def send_idle(self) -> None:
        """Send what waits for nothing but this."""
        for transport, raw in self._idle:
            if not transport.is_closing():
                transport.write(raw)
        self._idle.clear()

    def send_next(self, request: web.Request) -> None:
        """Send what has waited for the next request on its connection."""
        transport = request.transport
        if transport and (raw := self._next.pop(transport, b"")):
            transport.write(raw)


def _raw(response: web.Response) -> bytes:
    """Return a reply as it goes over the wire."""
    assert isinstance(response.body, bytes | None)
    body = response.body or b""
    head = (
        f"HTTP/1.1 {response.status} {response.reason}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
