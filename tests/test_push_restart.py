"""Restarts, reloads and another address amid messages: nothing is lost, nothing comes twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant, State
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component

from .entities import press, record_events, state_of
from .events import OPENED
from .helpers import Cloud, product, with_both_keys
from .plugs import PLUG_PROPERTIES
from .pushes import HOME, console_rule, go_by_routes, move_home
from .rules import address_at, issues, set_up_pushed
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from emulator import EmulatedDevice, EmulatedProduct
from emulator.forwarding import Forwarded
from emulator.products import action, template

DEVICE = "DOOR/device-1"
DOOR = product("DOOR", ["device-1"], use_properties=True)


@pytest.fixture
def door(cloud: Cloud) -> EmulatedDevice:
    """Return a device that reports, raises events and runs an action."""
    device = EmulatedDevice(name="device-1")
    device.report(level=50)
    cloud.emulator.products["DOOR"] = EmulatedProduct(
        product_id="DOOR",
        template=template(
            "DOOR",
            action("reset", "Reset"),
            properties=PLUG_PROPERTIES,
            events=[OPENED],
        ),
        devices={"device-1": device},
    )
    return device


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    door: EmulatedDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> MockConfigEntry:
    """Return an entry with pushes to an address that may lead anywhere later."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    go_by_routes(cloud, monkeypatch)
    await move_home(hass, cloud)
    if cloud.access is Access.APPLICATION:
        console_rule(cloud, address_at(HOME), "DOOR")
    return await set_up_pushed(hass, cloud, DOOR, address=address_at(HOME))


class Tries:
    """The tries of the forwarder, of which the next ones wait for `go_on`."""

    def __init__(self, cloud: Cloud) -> None:
        """Follow all tries."""
        self.go_on = asyncio.Event()
        self._tried: asyncio.Queue[Forwarded] = asyncio.Queue()
        forwarder = cloud.emulator.forwarder
        forwarder.pause = lambda seconds: self.go_on.wait()
        forwarder.on_try = self._tried.put_nowait

    async def wait(self, count: int) -> None:
        """Return when so many messages more were tried."""
        for _ in range(count):
            await self._tried.get()

    def forget(self) -> None:
        """Count only those that are tried from now on."""
        while not self._tried.empty():
            self._tried.get_nowait()


def once(states: list[State]) -> list[State]:
    """Return states without those that a reload has only brought back."""
    return list({(item.entity_id, item.state): item for item in states}.values())


def times(states: list[State]) -> list[int]:
    """Return the numbers of the events that were shown."""
    return [
        item.attributes["times"] for item in once(states) if "times" in item.attributes
    ]


def level(hass: HomeAssistant) -> str:
    """Return the state of the property."""
    return state_of(hass, "number", f"{DEVICE}/property:level").state


async def settled(hass: HomeAssistant, cloud: Cloud) -> None:
    """Wait until all that was sent was taken or dropped, and shown."""
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done(wait_background_tasks=True)


@asynccontextmanager
async def started_again(
    hass: HomeAssistant, cloud: Cloud, client: ClientSessionGenerator
) -> AsyncIterator[HomeAssistant]:
    """Run another Home Assistant that begins with what the first one has stored."""
    async with async_test_home_assistant(config_dir=hass.config.config_dir) as again:
        again.data.pop(DATA_CUSTOM_COMPONENTS)
        await again.config_entries.async_initialize()
        await again.config.async_update(external_url=HOME)
        assert await async_setup_component(again, "webhook", {})
        server = (await client(again.http.app)).server
        cloud.emulator.outbound.routes[HOME] = str(server.make_url("")).rstrip("/")
        yield again
        for entry in again.config_entries.async_entries(DOMAIN):
            await again.config_entries.async_unload(entry.entry_id)
        await again.async_stop(force=True)


@with_both_keys
async def test_restart(
    hass: HomeAssistant,
    cloud: Cloud,
    door: EmulatedDevice,
    entry: MockConfigEntry,
    aiohttp_client: ClientSessionGenerator,
) -> None:
    """What was taken is not shown again, what was not is, and no hand is needed."""
    shown = record_events(hass)
    door.raise_event("opened", "info", {"times": 1})
    await settled(hass, cloud)
    assert times(shown) == [1]
    routes, tries = cloud.emulator.outbound.routes, Tries(cloud)
    here = routes.pop(HOME)
    await hass.async_stop()
    # Given up before the start, which a reading mends.
    tries.go_on.set()
    door.raise_event("opened", "info", {"times": 2})
    await cloud.emulator.forwarder.done()
    tries.go_on.clear()
    tries.forget()
    # On its way until after the start.
    door.raise_event("opened", "info", {"times": 3})
    door.report(level=70)
    await tries.wait(2)
    rules = {name: rule.describe(in_base64=False) for name, rule in all_rules(cloud)}
    async with started_again(hass, cloud, aiohttp_client) as again:
        assert routes[HOME] != here
        shown = record_events(again)
        assert await async_setup_component(again, DOMAIN, {})
        await again.async_block_till_done(wait_background_tasks=True)
        assert times(shown) == [2, 3]
        assert level(again) == "70"
        tries.go_on.set()
        await settled(again, cloud)
        door.report(level=80)
        door.raise_event("opened", "info", {"times": 4})
        await settled(again, cloud)
        assert times(shown) == [2, 3, 4]
        assert level(again) == "80"
        assert issues(again) == {}
    assert rules == {
        name: rule.describe(in_base64=False) for name, rule in all_rules(cloud)
    }


def all_rules(cloud: Cloud) -> list[tuple[str, object]]:
    """Return the rules of the cloud by their names."""
    return list(cloud.emulator.rules.by_name.items())


@with_both_keys
async def test_reload(
    hass: HomeAssistant,
    cloud: Cloud,
    door: EmulatedDevice,
    entry: MockConfigEntry,
) -> None:
    """What comes during a reload is sent again and taken then, once."""
    shown = record_events(hass)
    tries = Tries(cloud)
    door.holds_replies = True
    await press(hass, f"{DEVICE}/reset")
    assert await hass.config_entries.async_unload(entry.entry_id)
    door.send_replies()
    door.report(level=70)
    door.raise_event("opened", "info", {"times": 1})
    await tries.wait(3)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    tries.go_on.set()
    await settled(hass, cloud)
    reply, report, event = cloud.emulator.forwarder.sent
    for sent in (reply, report, event):
        assert sent.statuses == [503, 200]
    assert level(hass) == "70"
    assert times(shown) == [1]
    ends = [
        state.attributes["event_type"]
        for state in once(shown)
        if "client_token" in state.attributes
    ]
    assert ends == ["accepted", "replied"]


@with_both_keys
@pytest.mark.parametrize("seed", range(3))
async def test_reloads_amid_messages(
    hass: HomeAssistant,
    cloud: Cloud,
    door: EmulatedDevice,
    entry: MockConfigEntry,
    seed: int,
) -> None:
    """However messages and reloads meet, each event shows once, the last value stays."""
    shown = record_events(hass)
    forwarder = cloud.emulator.forwarder
    forwarder.twice = seed > 0
    # No try is the last one, because time stands still.
    forwarder.retry_after = (0,) * 1000

    async def pause(seconds: float) -> None:
        """Let others come first."""
        for _ in range(20):
            await asyncio.sleep(0)

    forwarder.pause = pause
    reloads = asyncio.Event()
    is_over = False
    tried = 0

    def note_try(forwarded: Forwarded) -> None:
        """Let it be reloaded now and then."""
        nonlocal tried
        tried += 1
        if tried % (7 + seed) == 0:
            reloads.set()

    async def reload_often() -> None:
        """Reload some times, each amid messages."""
        for _ in range(5):
            await reloads.wait()
            reloads.clear()
            if is_over:
                return
            assert await hass.config_entries.async_reload(entry.entry_id)

    forwarder.on_try = note_try
    for number in range(1, 61):
        door.raise_event("opened", "info", {"times": number})
        door.report(level=number)
    reloading = hass.async_create_task(reload_often())
    await forwarder.done()
    is_over = True
    reloads.set()
    await reloading
    await settled(hass, cloud)
    assert sorted(times(shown)) == list(range(1, 61))
    assert level(hass) == "60"
    statuses = [status for item in forwarder.sent for status in item.statuses]
    assert statuses.count(503) > 0
    assert statuses.count(200) == 120 * (2 if seed else 1)


@pytest.mark.parametrize("access", [Access.ACCOUNT], indirect=True)
async def test_changed_address(
    hass: HomeAssistant,
    cloud: Cloud,
    door: EmulatedDevice,
    entry: MockConfigEntry,
) -> None:
    """Messages go on by another address, also those that were on their way to the old."""
    shown = record_events(hass)
    tries = Tries(cloud)
    routes = cloud.emulator.outbound.routes
    here = routes.pop(HOME)
    door.raise_event("opened", "info", {"times": 1})
    await tries.wait(1)
    other = "https://moved.example.org"
    routes[other] = here
    await hass.config.async_update(external_url=other)
    await hass.async_block_till_done(wait_background_tasks=True)
    door.raise_event("opened", "info", {"times": 2})
    door.report(level=70)
    tries.go_on.set()
    await settled(hass, cloud)
    assert sorted(times(shown)) == [1, 2]
    assert level(hass) == "70"
    (rule,) = cloud.emulator.rules.by_name.values()
    assert rule.addresses == [entry.options["rules"]["DOOR"]]
    assert rule.addresses[0].startswith(other)
    assert issues(hass) == {}
