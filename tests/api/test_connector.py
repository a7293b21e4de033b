"""The connector: sockets that may lack options, requests without limit, and its end."""

import asyncio
from collections.abc import AsyncIterator
import socket
import ssl
import time
from types import SimpleNamespace
from typing import Any, override

import aiohttp
from aiohttp import web
import pytest

from custom_components.tencent_iot_explorer.api import connector, span
from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.connector import KeptConnector
from custom_components.tencent_iot_explorer.api.errors import (
    CannotConnectError,
    TooLateError,
)
from tests.api.interfaces import by_both
from tests.helpers import Cloud


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session whose connections are kept."""
    kept = KeptConnector(ssl.create_default_context(), None)
    async with aiohttp.ClientSession(connector=kept) as session:
        yield session


async def blink(client: TencentIotClient) -> None:
    """Let the lamp blink."""
    await client.call_device_action_async(
        "LAMP202611", "desk-lamp", "blink", {}, origin="service"
    )


@by_both
@pytest.mark.parametrize("lacking", ["TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT"])
async def test_system_without_an_option(
    cloud: Cloud,
    client: TencentIotClient,
    monkeypatch: pytest.MonkeyPatch,
    lacking: str,
) -> None:
    """What a system does not know is left out."""
    monkeypatch.delattr(socket, lacking)
    await blink(client)
    assert len(cloud.executed) == 1


@by_both
async def test_system_that_refuses_probes(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection without probes is better than none."""

    class Restricted(socket.socket):
        """A socket that knows no options of probes."""

        @override
        def setsockopt(self, *option: Any) -> None:
            """Refuse."""
            if option[:2] == (socket.SOL_SOCKET, socket.SO_KEEPALIVE):
                raise OSError(92, "Protocol not available")
            super().setsockopt(*option)

    monkeypatch.setattr(
        connector, "socket", SimpleNamespace(**{**vars(socket), "socket": Restricted})
    )
    await blink(client)
    assert len(cloud.executed) == 1


async def test_no_limit(session: aiohttp.ClientSession) -> None:
    """However many requests the cloud holds up, the next one waits for no connection."""
    may_go = asyncio.Event()
    held = asyncio.Semaphore(0)

    async def answer(request: web.Request) -> web.Response:
        """Hold all requests but those that are urgent."""
        if request.path != "/urgent":
            held.release()
            await may_go.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def send(path: str) -> None:
        """Send a request."""
        async with session.post(f"{address}/{path}", data=b"x") as response:
            assert response.status == 200

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        for _ in range(120):
            tasks.create_task(send("slow"))
        for _ in range(120):
            await held.acquire()
        await send("urgent")
        may_go.set()
    assert isinstance(session.connector, KeptConnector)
    assert session.connector.opened == 121
    await runner.cleanup()


async def test_only_what_is_open_is_counted(
    cloud: Cloud, client: TencentIotClient, session: aiohttp.ClientSession
) -> None:
    """A connection that could not be made was not opened, and one that is kept only once."""
    assert isinstance(session.connector, KeptConnector)
    await cloud.emulator.stop()
    with pytest.raises(CannotConnectError):
        await blink(client)
    assert session.connector.opened == 0
    await cloud.emulator.start()
    for _ in range(3):
        await blink(client)
    assert session.connector.opened == 1


@by_both
async def test_session_that_is_closed(
    cloud: Cloud, client: TencentIotClient, session: aiohttp.ClientSession
) -> None:
    """Nothing is sent by a session that is closed, and that is said."""
    await blink(client)
    await session.close()
    with pytest.raises(CannotConnectError):
        await blink(client)
    assert len(cloud.emulator.journal) == 1


async def test_cancelled_while_an_address_is_sought(
    cloud: Cloud,
    client: TencentIotClient,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who is cancelled himself stays so, also when the connector is closed at that time."""
    asked = asyncio.Event()

    async def seek(*_: object, **__: object) -> list[object]:
        """Find nothing."""
        asked.set()
        await asyncio.Event().wait()
        return []

    assert session.connector
    monkeypatch.setattr(session.connector, "_resolve_host", seek)
    task = asyncio.create_task(blink(client))
    await asked.wait()
    task.cancel()
    await session.close()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cloud.emulator.journal == []


@by_both
async def test_no_time_to_connect(
    cloud: Cloud,
    client: TencentIotClient,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    time_limits: SimpleNamespace,
) -> None:
    """When all its time is over before there is a connection, nothing was sent."""
    time_limits.hand_over = 0.05

    async def seek(*_: object, **__: object) -> list[object]:
        """Find nothing."""
        await asyncio.Event().wait()
        return []

    assert session.connector
    monkeypatch.setattr(session.connector, "_resolve_host", seek)
    with pytest.raises(CannotConnectError):
        await blink(client)
    assert cloud.emulator.journal == []


@by_both
async def test_new_connection_that_is_closed_at_once(
    cloud: Cloud,
    client: TencentIotClient,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What could not begin to be written goes over another connection."""
    assert session.connector
    connect = session.connector.connect
    close = iter([True])

    async def connect_in_vain(
        *args: Any, **options: Any
    ) -> aiohttp.connector.Connection:
        """Lose the first connection before anything is written."""
        connection = await connect(*args, **options)
        if next(close, False):
            assert connection.transport
            connection.transport.abort()
        return connection

    monkeypatch.setattr(session.connector, "connect", connect_in_vain)
    await blink(client)
    assert len(cloud.executed) == len(cloud.emulator.journal) == 1


@by_both
@pytest.mark.parametrize(
    ("seconds", "unasked"), [(3, b"HTTP/1.1 408 Request Timeout\r\n\r\n"), (6, b"")]
)
async def test_connection_that_comes_late(
    cloud: Cloud,
    client: TencentIotClient,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
    unasked: bytes,
) -> None:
    """Nothing is sent late, be it a second connection or one that the loop had no time for."""
    assert session.connector
    connect = session.connector.connect
    waited = 0
    greetings = iter([unasked])

    async def connect_slowly(
        *args: Any, **options: Any
    ) -> aiohttp.connector.Connection:
        """Take some seconds; over the first connection something comes at once."""
        nonlocal waited
        connection = await connect(*args, **options)
        waited += seconds
        assert connection.protocol is not None
        connection.protocol.data_received(next(greetings, b""))
        return connection

    monkeypatch.setattr(session.connector, "connect", connect_slowly)
    monkeypatch.setattr(
        span, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + waited)
    )
    with pytest.raises(TooLateError):
        await blink(client)
    assert (waited, len(cloud.emulator.journal)) == (6, 0)
    assert cloud.emulator.journal == []
