"""Connections to the emulated cloud, as tests count them, let them age and close them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import ctypes
import select
import socket
import struct
import time

from aiohttp import connector
from aiohttp.client_proto import ResponseHandler
import pytest
from yarl import URL

from homeassistant.core import HomeAssistant

from .helpers import Cloud
from custom_components.tencent_iot_explorer.account.session import cloud_session
from emulator.proxy import DelayingProxy

_SO_ATTACH_FILTER = 26
_DROP_ALL = struct.pack("HBBI", 6, 0, 0, 0)
_ANY_FAMILY = struct.pack("H14x", socket.AF_UNSPEC)

type Close = Callable[[asyncio.Transport], None]


class Way:
    """The way to the emulated cloud, with a proxy that counts what goes over it."""

    def __init__(self, cloud: Cloud, proxy: DelayingProxy, port: int) -> None:
        """Lead to the cloud by a port."""
        url = URL(cloud.entry_data()["endpoint"])
        self.endpoint = str(url.with_port(port))
        self._proxy = proxy
        self._seen = (0, 0)

    def new(self) -> tuple[int, int]:
        """Return how many connections and exchanges there were since this was asked."""
        seen = (self._proxy.connections, self._proxy.exchanges)
        new = (seen[0] - self._seen[0], seen[1] - self._seen[1])
        self._seen = seen
        return new


@asynccontextmanager
async def way_to(cloud: Cloud, seconds: float = 0) -> AsyncIterator[Way]:
    """Let the cloud be so far away."""
    port = URL(cloud.emulator.cloud_endpoint).port
    assert port
    proxy = DelayingProxy(port, seconds)
    async with proxy as own_port:
        yield Way(cloud, proxy, own_port)


class Age:
    """Lets connections that are kept become older than they are."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin with the true time."""
        self.seconds = 0.0
        monkeypatch.setattr(connector, "monotonic", self._now)

    def _now(self) -> float:
        """Return the time of connections."""
        return time.monotonic() + self.seconds


def kept(hass: HomeAssistant) -> list[ResponseHandler]:
    """Return the connections to the cloud that are open and not in use."""
    used = cloud_session(hass).connector
    assert used
    return [
        protocol
        for connections in used._conns.values()
        for protocol, _ in connections
        if protocol.is_connected()
    ]


async def all_closed(hass: HomeAssistant) -> None:
    """Return when no connection is kept any more."""
    async with asyncio.timeout(60):
        while kept(hass):
            await asyncio.sleep(0)


def finish(transport: asyncio.Transport) -> None:
    """Close a connection at once, without a word of TLS."""
    transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def reset(transport: asyncio.Transport) -> None:
    """Reset a connection at once."""
    number = transport.get_extra_info("socket").fileno()
    libc = ctypes.CDLL(None)
    assert libc.connect(number, _ANY_FAMILY, len(_ANY_FAMILY)) == 0


def notify(transport: asyncio.Transport) -> None:
    """Say over TLS that a connection is about to be closed."""
    transport.close()


def vanish(transport: asyncio.Transport) -> None:
    """Let all that comes over a connection be lost, so that nothing is acknowledged."""
    code = ctypes.create_string_buffer(_DROP_ALL)
    program = struct.pack("HL", 1, ctypes.addressof(code))
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, program
    )


def close_while_blocked(hass: HomeAssistant, cloud: Cloud, close: Close) -> None:
    """Let the cloud close the one connection that is kept while the loop learns nothing.

    Returns when the system knows that it is closed, without a turn of the loop.
    """
    (protocol,) = kept(hass)
    (transport,) = cloud.emulator.transports
    assert protocol.transport
    close(transport)
    arrived = protocol.transport.get_extra_info("socket")
    assert select.select([arrived.fileno()], [], [], 60)[0]
    assert protocol.is_connected()
