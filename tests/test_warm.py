"""Connections to the cloud are kept for more than a minute, and never trusted too much."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
import socket
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.abc import ResolveResult
import pytest

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import (
    SERVER_SOFTWARE,
    HomeAssistantTCPConnector,
    async_get_clientsession,
)

from .connections import (
    Age,
    Close,
    Way,
    all_closed,
    close_while_blocked,
    finish,
    kept,
    notify,
    reset,
    vanish,
    way_to,
)
from .entities import press
from .helpers import ASYNC, LAMP, Cloud, poll, product, set_up, with_both_keys
from .test_wrong_clock import trusted_certificate
from custom_components.tencent_iot_explorer.account.session import cloud_session
from custom_components.tencent_iot_explorer.api import CloudApi, ServiceApi, connector
from custom_components.tencent_iot_explorer.api.request_body import RequestBody
from custom_components.tencent_iot_explorer.const import Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator import Emulator, Fault, JournalEntry
from emulator.certificates import server_context

BLINK = "LAMP202611/desk-lamp/blink"
BLINKED = ("desk-lamp", "blink", {})
FEEDER = product("FEEDER2026", ["kitchen-feeder"])
CLEAN = "FEEDER2026/kitchen-feeder/cleanBowl"
CLEANED = ("kitchen-feeder", "cleanBowl", {})
PROBES = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 2}


@pytest.fixture
async def way(cloud: Cloud) -> AsyncIterator[Way]:
    """Count the connections to the cloud, and the exchanges over them."""
    async with way_to(cloud) as way:
        yield way


@pytest.fixture
async def secure_cloud(
    socket_enabled: None, access: Access, tmp_path: Path
) -> AsyncIterator[Cloud]:
    """Run an emulated cloud with TLS, which Home Assistant trusts."""
    day = timedelta(days=1)
    context = server_context(trusted_certificate(tmp_path, -day, day))
    async with Emulator(ssl_context=context) as emulator:
        cloud = Cloud(emulator, access)
        yield cloud
        cloud.assert_flawless()


async def refused(hass: HomeAssistant, unique_id: str = BLINK) -> str | None:
    """Press a button in vain, and return which words say so."""
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, unique_id)
    return raised.value.translation_key


@with_both_keys
@pytest.mark.parametrize("seconds", [20, 40, 58, 60, 74])
async def test_within_a_minute(
    hass: HomeAssistant,
    cloud: Cloud,
    way: Way,
    monkeypatch: pytest.MonkeyPatch,
    seconds: int,
) -> None:
    """A press opens no connection when the last request was within a minute, read or not."""
    age = Age(monkeypatch)
    await set_up(hass, cloud, LAMP, endpoint=way.endpoint)
    way.new()
    for _ in range(2):
        age.seconds += seconds
        await press(hass, BLINK)
        assert way.new() == (0, 1)
    await poll(hass)
    way.new()
    age.seconds += seconds
    await press(hass, BLINK)
    assert way.new() == (0, 1)
    age.seconds += 76
    await press(hass, BLINK)
    assert way.new() == (1, 1)
    assert cloud.executed == [BLINKED] * 4


@with_both_keys
@pytest.mark.parametrize("idle", [5, 15, 60])
async def test_cloud_that_closes_idle_connections(
    hass: HomeAssistant,
    cloud: Cloud,
    way: Way,
    monkeypatch: pytest.MonkeyPatch,
    idle: int,
) -> None:
    """Before that a press opens no connection, after that one, and runs its action once."""
    age = Age(monkeypatch)
    entry = await set_up(hass, cloud, LAMP, endpoint=way.endpoint)
    before = await async_get_config_entry_diagnostics(hass, entry)
    opened, _ = way.new()
    assert before["connections_opened"] == opened
    for _ in range(2):
        age.seconds += idle - 1
        await press(hass, BLINK)
        assert way.new() == (0, 1)
        age.seconds += idle
        for transport in cloud.emulator.transports:
            transport.close()
        await all_closed(hass)
        await press(hass, BLINK)
        assert way.new() == (1, 1)
    after = await async_get_config_entry_diagnostics(hass, entry)
    assert after["connections_opened"] == opened + 2
    assert cloud.executed == [BLINKED] * 4


@with_both_keys
@pytest.mark.parametrize(
    "fault", [Fault(drop=True), Fault(drop=True, execute=True), Fault(raw=b"")]
)
async def test_cloud_that_closes_with_a_request(
    hass: HomeAssistant, cloud: Cloud, fault: Fault
) -> None:
    """Nobody knows what came of a request that met its end, so it is not sent again."""
    await set_up(hass, cloud, LAMP)
    await press(hass, BLINK)
    cloud.emulator.faults.append(fault)
    assert await refused(hass) == "fate_unknown"
    assert len(cloud.emulator.requests(ASYNC)) == 2
    assert len(cloud.executed) == (2 if fault.execute else 1)
    await press(hass, BLINK)
    assert len(cloud.emulator.requests(ASYNC)) == 3


def before_sending(
    hass: HomeAssistant, cloud: Cloud, close: Close, patch: pytest.MonkeyPatch
) -> None:
    """Let the cloud close its connection while an action is signed, which blocks the loop."""

    def block(sign: Any) -> Any:
        """Let that happen once."""
        closed = iter([close])

        def sign_blocked(self: object, call: str, *args: object) -> object:
            """Sign, for longer than the connection is open."""
            if call == ASYNC and (close := next(closed, None)):
                close_while_blocked(hass, cloud, close)
            return sign(self, call, *args)

        return sign_blocked

    for backend in (ServiceApi, CloudApi):
        patch.setattr(backend, "sign", block(backend.sign))


async def press_while_blocked(
    hass: HomeAssistant, cloud: Cloud, close: Close, patch: pytest.MonkeyPatch
) -> None:
    """Press a button as the cloud closes unnoticed, and insist that it is run once."""
    await set_up(hass, cloud, LAMP)
    before_sending(hass, cloud, close, patch)
    await press(hass, BLINK)
    assert cloud.executed == [BLINKED]
    assert len(cloud.emulator.requests(ASYNC)) == 1


@with_both_keys
@pytest.mark.parametrize("close", [finish, reset])
async def test_cloud_that_closes_while_the_loop_is_blocked(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    close: Close,
) -> None:
    """What the loop could not learn it learns before anything is written."""
    await press_while_blocked(hass, cloud, close, monkeypatch)


@with_both_keys
@pytest.mark.parametrize("close", [finish, reset, notify])
async def test_cloud_that_closes_tls_while_the_loop_is_blocked(
    hass: HomeAssistant,
    secure_cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    close: Close,
) -> None:
    """Over TLS it is learnt as soon, in whatever way the cloud closes."""
    await press_while_blocked(hass, secure_cloud, close, monkeypatch)


@with_both_keys
@pytest.mark.parametrize("close", [finish, reset])
async def test_cloud_that_closes_at_the_last_moment(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    close: Close,
) -> None:
    """What is written on a connection that nobody knew to be closed is not sent again."""
    await set_up(hass, cloud, LAMP)
    await press(hass, BLINK)
    (transport,) = cloud.emulator.transports
    write = RequestBody.write_with_length
    closed = iter([close])

    async def close_first(self: RequestBody, *args: Any) -> None:
        """Write when it is too late to notice."""
        if close := next(closed, None):
            close(transport)
        await write(self, *args)

    monkeypatch.setattr(RequestBody, "write_with_length", close_first)
    assert await refused(hass) == "fate_unknown"
    assert cloud.executed == [BLINKED]
    assert len(cloud.emulator.requests(ASYNC)) == 1
    await press(hass, BLINK)
    assert cloud.executed == [BLINKED] * 2


@with_both_keys
async def test_probes(hass: HomeAssistant, cloud: Cloud) -> None:
    """A connection that is idle is probed, so that a peer that vanished is noticed."""
    await set_up(hass, cloud, LAMP)
    (protocol,) = kept(hass)
    assert protocol.transport
    used = protocol.transport.get_extra_info("socket")
    assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
    assert {
        name: used.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
        for name in PROBES
    } == PROBES


@with_both_keys
async def test_cloud_that_vanishes(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection to a peer that is silent is given up, before anybody presses."""
    monkeypatch.setattr(connector, "_PROBES", dict.fromkeys(PROBES, 1))
    await set_up(hass, cloud, LAMP)
    await press(hass, BLINK)
    (protocol,) = kept(hass)
    assert protocol.closed
    (transport,) = cloud.emulator.transports
    vanish(transport)
    async with asyncio.timeout(60):
        with pytest.raises(aiohttp.ClientConnectionError):
            await protocol.closed
    await press(hass, BLINK)
    assert cloud.executed == [BLINKED] * 2
    assert len(cloud.emulator.requests(ASYNC)) == 2


@with_both_keys
async def test_round_trips(hass: HomeAssistant, cloud: Cloud) -> None:
    """Far from the cloud a warm press takes one exchange, a cold one a connection more."""
    async with way_to(cloud, seconds=0.025) as way:
        await set_up(hass, cloud, LAMP, endpoint=way.endpoint)
        way.new()
        await press(hass, BLINK)
        assert way.new() == (0, 1)
        for transport in cloud.emulator.transports:
            transport.close()
        await all_closed(hass)
        await press(hass, BLINK)
        assert way.new() == (1, 1)
        assert cloud.executed == [BLINKED] * 2


@with_both_keys
async def test_round_trips_of_tls(hass: HomeAssistant, secure_cloud: Cloud) -> None:
    """TLS adds nothing to a warm press."""
    async with way_to(secure_cloud, seconds=0.025) as way:
        await set_up(hass, secure_cloud, LAMP, endpoint=way.endpoint)
        connections, exchanges = way.new()
        assert exchanges > connections > 0
        for _ in range(3):
            await press(hass, BLINK)
            assert way.new() == (0, 1)


@with_both_keys
@pytest.mark.parametrize("end", ["async_reload", "async_unload"])
@pytest.mark.parametrize("is_on_its_way", [True, False])
async def test_call_that_outlasts_its_entry(
    hass: HomeAssistant,
    cloud: Cloud,
    end: str,
    is_on_its_way: bool,
) -> None:
    """A reload takes nothing away from a call, however shortly before it began."""
    entry = await set_up(hass, cloud, LAMP)
    arrived, may_go = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Keep the action waiting for its reply."""
        if request.call == ASYNC:
            arrived.set()
            await may_go.wait()

    cloud.emulator.gate = hold
    session = cloud_session(hass)
    pressed = hass.async_create_task(press(hass, BLINK), eager_start=True)
    if is_on_its_way:
        await arrived.wait()
    assert await getattr(hass.config_entries, end)(entry.entry_id)
    await arrived.wait()
    may_go.set()
    await pressed
    assert cloud.executed == [BLINKED]
    assert cloud_session(hass) is session
    assert not session.closed
    await hass.async_block_till_done(wait_background_tasks=True)


@with_both_keys
async def test_home_assistant_closes(
    hass: HomeAssistant, cloud: Cloud, time_limits: SimpleNamespace
) -> None:
    """All connections end with Home Assistant; each press says what came of it."""
    await set_up(hass, cloud, LAMP)
    await press(hass, BLINK)
    arrived, may_go = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Keep the action waiting for its reply."""
        arrived.set()
        await may_go.wait()

    cloud.emulator.gate = hold
    pressed = asyncio.create_task(refused(hass))
    await arrived.wait()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    assert await pressed == "fate_unknown"
    may_go.set()
    time_limits.back_offs = ()
    assert await refused(hass) == "cannot_connect"
    assert cloud_session(hass).closed
    async with asyncio.timeout(60):
        while cloud.emulator.transports:
            await asyncio.sleep(0)
    assert len(cloud.emulator.requests(ASYNC)) == 2


@with_both_keys
async def test_home_assistant_closes_while_a_connection_is_made(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was about to connect has sent nothing, and says so."""
    await set_up(hass, cloud, LAMP)
    for transport in cloud.emulator.transports:
        transport.close()
    await all_closed(hass)
    connect = aiohttp.TCPConnector._create_connection

    async def connect_late(self: aiohttp.TCPConnector, *args: Any) -> Any:
        """Let Home Assistant close in between."""
        protocol = await connect(self, *args)
        hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
        return protocol

    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", connect_late)
    assert await refused(hass) == "cannot_connect"
    assert cloud.emulator.requests(ASYNC) == []


class Names:
    """Home Assistant's own resolver, which knows one name of the local network."""

    def __init__(self, hass: HomeAssistant, patch: pytest.MonkeyPatch) -> None:
        """Answer at once."""
        shared = async_get_clientsession(hass).connector
        assert isinstance(shared, HomeAssistantTCPConnector)
        self.shared = shared
        self.sought: list[str] = []
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        patch.setattr(shared._resolver, "resolve", self.resolve)

    async def resolve(self, host: str, *_: object, **__: object) -> list[ResolveResult]:
        """Return where it is."""
        self.sought.append(host)
        self.asked.set()
        await self.may_answer.wait()
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=0,
                family=socket.AF_INET,
                proto=0,
                flags=0,
            )
        ]


@with_both_keys
async def test_addresses(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant's own resolver finds them; closing it while it seeks sends nothing."""
    names = Names(hass, monkeypatch)
    endpoint = cloud.entry_data()["endpoint"].replace("127.0.0.1", "localhost")
    await set_up(hass, cloud, LAMP, endpoint=endpoint)
    await press(hass, BLINK)
    assert names.sought == ["localhost"]
    for transport in cloud.emulator.transports:
        transport.close()
    await all_closed(hass)
    used = cloud_session(hass).connector
    assert isinstance(used, aiohttp.TCPConnector)
    for each in (used, names.shared):
        each.clear_dns_cache()
    names.asked.clear()
    names.may_answer.clear()
    pressed = asyncio.create_task(refused(hass))
    await names.asked.wait()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    assert await pressed == "cannot_connect"
    assert cloud.executed == [BLINKED]


@with_both_keys
async def test_entries_share_connections(
    hass: HomeAssistant, cloud: Cloud, way: Way
) -> None:
    """Another entry opens no connection, nor does one that comes when the first has gone."""
    first = await set_up(hass, cloud, LAMP, endpoint=way.endpoint)
    session = cloud_session(hass)
    way.new()
    second = await set_up(hass, cloud, FEEDER, endpoint=way.endpoint, **cloud.add_key())
    await press(hass, BLINK)
    await press(hass, CLEAN)
    assert way.new()[0] == 0
    for entry in (first, second):
        await hass.config_entries.async_remove(entry.entry_id)
    await set_up(hass, cloud, LAMP, endpoint=way.endpoint)
    await press(hass, BLINK)
    assert way.new()[0] == 0
    assert cloud_session(hass) is session
    assert cloud.executed == [BLINKED, CLEANED, BLINKED]


@with_both_keys
async def test_like_home_assistant(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests name Home Assistant, trust what it trusts, and keep no cookie."""
    # Cookies belong to names, not to addresses.
    Names(hass, monkeypatch)
    endpoint = cloud.entry_data()["endpoint"].replace("127.0.0.1", "localhost")
    await set_up(hass, cloud, LAMP, endpoint=endpoint)
    cloud.emulator.faults.append(
        Fault(execute=True, headers={"Set-Cookie": "a=b; Path=/"})
    )
    for _ in range(2):
        await press(hass, BLINK)
    for entry in cloud.emulator.journal:
        assert entry.headers["User-Agent"] == SERVER_SOFTWARE
        assert "Cookie" not in entry.headers
    own, shared = cloud_session(hass).connector, async_get_clientsession(hass).connector
    assert isinstance(own, aiohttp.TCPConnector)
    assert isinstance(shared, aiohttp.TCPConnector)
    assert own._ssl is shared._ssl
    assert len(cloud.executed) == 2
