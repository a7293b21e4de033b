"""Failures of the network: whether a request was surely not sent, or maybe was."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import json
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from custom_components.tencent_iot_explorer.api.backend import Backend
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    CannotConnectError,
    FateUnknownError,
)
from custom_components.tencent_iot_explorer.api.service_api import ServiceApi
from emulator import Fault
from tests.api.interfaces import by_both
from tests.helpers import Cloud

type Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

CALLS = ["async", "sync"]


async def blink(client: TencentIotClient, call: str) -> None:
    """Let the lamp blink."""
    method = getattr(client, f"call_device_action_{call}")
    await method("LAMP202611", "desk-lamp", "blink", {}, origin="service")


@asynccontextmanager
async def serve(handler: Handler) -> AsyncIterator[str]:
    """Run a server that does not keep to anything, and yield its address."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/api"


@by_both
async def test_nobody_listens(cloud: Cloud, client: TencentIotClient) -> None:
    """Without a connection nothing was sent; with one again, all is well."""
    await cloud.emulator.stop()
    for call in CALLS:
        with pytest.raises(CannotConnectError) as raised:
            await blink(client, call)
        assert type(raised.value) is CannotConnectError
        assert raised.value.request_id
    assert cloud.emulator.journal == []
    await cloud.emulator.start()
    await blink(client, "sync")
    assert cloud.executed == [("desk-lamp", "blink", {})]


@by_both
@pytest.mark.parametrize("call", CALLS)
async def test_too_slow(
    cloud: Cloud,
    client: TencentIotClient,
    time_limits: SimpleNamespace,
    call: str,
) -> None:
    """A cloud that takes too long may still do its work, once."""
    # So that the time that a connection takes is not part of what is measured.
    await client.describe_device("LAMP202611", "desk-lamp", origin="poll")
    time_limits.hand_over = time_limits.reply = 0.2
    cloud.emulator.faults.append(Fault(delay=0.5))
    with pytest.raises(FateUnknownError) as raised:
        await blink(client, call)
    assert type(raised.value) is FateUnknownError
    await cloud.emulator.stop()
    assert len(cloud.emulator.journal) == 2
    assert cloud.executed == [("desk-lamp", "blink", {})]


@by_both
async def test_waiting_for_a_connection(
    cloud: Cloud, backend: Backend, time_limits: SimpleNamespace
) -> None:
    """A request that never got a connection was surely not sent."""
    time_limits.connect = 0.05
    asked, may_go = asyncio.Event(), asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Keep a connection busy."""
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await may_go.wait()
        writer.close()

    connector = aiohttp.TCPConnector(limit=1)
    async with (
        serve(hold) as address,
        aiohttp.ClientSession(connector=connector) as session,
        asyncio.TaskGroup() as tasks,
    ):

        async def occupy() -> None:
            """Take the only connection that the session may have."""
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await session.get(address)

        tasks.create_task(occupy())
        await asked.wait()
        client = TencentIotClient(session, backend, limits=time_limits)
        with pytest.raises(CannotConnectError):
            await blink(client, "async")
        may_go.set()
    assert cloud.emulator.journal == []


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-server\r\n", id="other-protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="half-a-head"),
        pytest.param(
            b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"Response":', id="half"
        ),
        pytest.param(
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n',
            id="missing-chunks",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmuch\r\n",
            id="no-chunk",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", id="endless-head"
        ),
    ],
)
async def test_broken_transfer(session: aiohttp.ClientSession, reply: bytes) -> None:
    """A reply that ends too early, or is none, says nothing of the action."""
    requests: list[dict[str, Any]] = []

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Read a request, send the reply and hang up."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length:")[1].split(b"\r\n")[0]
        requests.append(json.loads(await reader.readexactly(int(length))))
        writer.write(reply)
        writer.close()

    async with serve(answer) as address:
        client = TencentIotClient(session, ServiceApi("key", "secret", address))
        with pytest.raises(FateUnknownError) as raised:
            await blink(client, "sync")
    (sent,) = requests
    assert type(raised.value) is FateUnknownError
    assert raised.value.request_id == sent["RequestId"]
    assert raised.value.message


async def test_endless_reply(session: aiohttp.ClientSession) -> None:
    """A reply without end is cut off, and the connection with it."""
    hung_up = asyncio.Event()

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send until nobody listens any more."""
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        try:
            while True:
                writer.write(b" " * 65536)
                await writer.drain()
        except ConnectionError:
            hung_up.set()
        finally:
            writer.close()

    async with serve(flood) as address:
        client = TencentIotClient(session, ServiceApi("key", "secret", address))
        with pytest.raises(BrokenReplyError):
            await blink(client, "sync")
        await hung_up.wait()
