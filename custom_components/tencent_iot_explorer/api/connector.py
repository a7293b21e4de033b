"""Connections to the cloud, kept from one poll to the next and probed meanwhile."""

import asyncio
from contextlib import suppress
import socket
import ssl
from typing import override

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from aiohttp.tracing import Trace

# Longer than from one poll to the next, which is a minute.
_KEEP_ALIVE = 75
# So that a peer that vanished, or of which a router on the way knows nothing any more, is
# noticed after 25 seconds, and mostly before a request is written. Not each system has all.
_PROBES = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 2}


class KeptConnector(aiohttp.TCPConnector):
    """Connections that are kept, of which those that were opened are counted.

    It has no limit, so that nothing waits for a connection: how many requests are under
    way is limited before.
    """

    def __init__(
        self, ssl_context: ssl.SSLContext, resolver: AbstractResolver | None
    ) -> None:
        """Begin without connections; without a resolver there is one of its own."""
        super().__init__(
            ssl=ssl_context,
            resolver=resolver,
            keepalive_timeout=_KEEP_ALIVE,
            limit=0,
            socket_factory=_open_socket,
        )
        self.opened = 0

    @override
    async def _create_connection(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,
    ) -> ResponseHandler:
        """Return a new connection, and count it.

        What closes a connector cancels the lookups of names, and so the tasks that wait
        for one, although nobody meant to cancel them. For those it is a failed connection.
        """
        try:
            connection = await super()._create_connection(req, traces, timeout)
        except asyncio.CancelledError as err:
            task = asyncio.current_task()
            if not self.closed or task is None or task.cancelling():
                raise
            raise aiohttp.ClientConnectionError("Connector is closed.") from err
        self.opened += 1
        return connection


def _open_socket(address: aiohttp.AddrInfoType) -> socket.socket:
    """Return a socket for an address that sends probes while it is idle."""
    family, kind, protocol, _, _ = address
    opened = socket.socket(family=family, type=kind, proto=protocol)
    with suppress(OSError):
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _PROBES.items():
            if hasattr(socket, name):
                opened.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return opened
