"""Nothing late: the order of actions, and how many are under way at once."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .helpers import FEEDER, LAMP, Cloud, button, product, set_up, with_both_keys
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, JournalEntry


class Gate:
    """Keeps actions waiting in the cloud until they are let through."""

    def __init__(self, cloud: Cloud) -> None:
        """Let nothing through yet."""
        self._open = asyncio.Event()
        self._arrived: asyncio.Queue[str] = asyncio.Queue()
        self._cloud = cloud
        cloud.emulator.gate = self._wait

    async def _wait(self, entry: JournalEntry) -> None:
        """Keep an action of a lamp waiting."""
        if "InputParams" in entry.parameters:
            self._arrived.put_nowait(entry.parameters["DeviceName"])
            if entry.parameters["ProductId"] == "LAMP202611":
                await self._open.wait()

    async def arrival(self, count: int = 1) -> list[str]:
        """Return the next devices whose actions arrive."""
        return [await self._arrived.get() for _ in range(count)]

    def open(self) -> None:
        """Let all through."""
        self._open.set()


@pytest.fixture
async def gate(cloud: Cloud) -> AsyncIterator[Gate]:
    """Keep the actions of lamps waiting."""
    gate = Gate(cloud)
    yield gate
    gate.open()


def call(
    hass: HomeAssistant, action: str, *devices: str, waits: bool = False
) -> asyncio.Task[Any]:
    """Begin to call a service."""
    product_id = "LAMP202611" if action in ("blink", "echo") else "FEEDER2026"
    data = {
        "device_id": [f"{product_id}/{name}" for name in devices],
        "wait_for_reply": waits,
    }
    return hass.async_create_task(
        hass.services.async_call(
            DOMAIN, f"{product_id.lower()}_{action}", data, blocking=True
        )
    )


def add_lamps(cloud: Cloud, count: int) -> list[str]:
    """Add lamps to the emulated cloud and return their names."""
    names = [f"lamp-{index}" for index in range(count)]
    lamps = cloud.emulator.products["LAMP202611"].devices
    lamps |= {name: EmulatedDevice(name=name) for name in names}
    return names


@with_both_keys
async def test_order_of_one_device(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """Actions of one device go in order, one at a time."""
    await set_up(hass, cloud, LAMP)
    calls = [
        call(hass, "blink", "desk-lamp", waits=index % 2 == 1) for index in range(6)
    ]
    assert await gate.arrival() == ["desk-lamp"]
    assert cloud.emulator.at_once == 1
    cloud.emulator.most_at_once = 0
    gate.open()
    await asyncio.gather(*calls)
    assert cloud.emulator.most_at_once == 1
    actions = [entry.call for entry in cloud.emulator.journal if "Call" in entry.call]
    assert (
        actions
        == [
            "CallDeviceActionAsync",
            "CallDeviceActionSync",
        ]
        * 3
    )


@pytest.mark.parametrize("waits", [False, True])
async def test_tap_during_a_large_call(
    hass: HomeAssistant, cloud: Cloud, gate: Gate, waits: bool
) -> None:
    """A tap runs while a call to 400 devices is held up, and nothing fires afterwards."""
    names = add_lamps(cloud, 400)
    await set_up(hass, cloud, product("LAMP202611", names), FEEDER)
    large = call(hass, "blink", *names, waits=waits)
    assert await gate.arrival(8) == names[:8]
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": button(hass, "FEEDER2026/kitchen-feeder/feed")},
        blocking=True,
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]
    assert not large.done()
    gate.open()
    await large
    assert [device for device, _, _ in cloud.executed[1:]] == names
    assert cloud.emulator.most_at_once <= 9


async def test_given_up_while_waiting(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A call that is given up while it waits for a slot keeps no turn of its device."""
    names = add_lamps(cloud, 11)
    await set_up(hass, cloud, product("LAMP202611", names))
    held = [call(hass, "blink", name, waits=True) for name in names[:10]]
    assert await gate.arrival(10) == names[:10]
    late = call(hass, "blink", names[10], waits=True)
    await asyncio.sleep(0)
    late.cancel()
    await asyncio.wait([late])
    assert late.cancelled()
    gate.open()
    await asyncio.gather(*held)
    await call(hass, "blink", names[10], waits=True)
    assert [device for device, _, _ in cloud.executed].count(names[10]) == 1


@with_both_keys
async def test_slots_apart(hass: HomeAssistant, cloud: Cloud, gate: Gate) -> None:
    """Ten that wait for a reply do not hold up those that do not, and an eleventh waits."""
    names = add_lamps(cloud, 12)
    await set_up(hass, cloud, product("LAMP202611", names))
    held = [call(hass, "blink", name, waits=True) for name in names[:11]]
    assert await gate.arrival(10) == names[:10]
    quick = call(hass, "blink", names[11])
    assert await gate.arrival() == [names[11]]
    gate.open()
    await asyncio.gather(quick, *held)
    assert len(cloud.executed) == 12


@with_both_keys
async def test_too_late(
    hass: HomeAssistant,
    cloud: Cloud,
    gate: Gate,
    time_limits: SimpleNamespace,
) -> None:
    """What waited too long is not sent, says so, and never fires afterwards."""
    await set_up(hass, cloud, LAMP)
    first = call(hass, "blink", "desk-lamp")
    await gate.arrival()
    time_limits.turn = 0.05
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "blink", "desk-lamp")
    assert raised.value.translation_key == "too_late"
    gate.open()
    await first
    await hass.async_block_till_done()
    assert len(cloud.emulator.requests("CallDeviceActionAsync")) == 1
    await call(hass, "blink", "desk-lamp")
    assert len(cloud.executed) == 2


async def test_cancelled_while_waiting(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A call that is given up while it waits is not sent, and the next has its turn."""
    await set_up(hass, cloud, LAMP)
    first = call(hass, "blink", "desk-lamp")
    await gate.arrival()
    given_up = call(hass, "blink", "desk-lamp")
    last = call(hass, "blink", "desk-lamp", waits=True)
    given_up.cancel()
    gate.open()
    await asyncio.gather(first, last)
    assert given_up.cancelled()
    actions = [entry.call for entry in cloud.emulator.journal if "Call" in entry.call]
    assert actions == ["CallDeviceActionAsync", "CallDeviceActionSync"]


@with_both_keys
async def test_order_over_a_reload(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """An action that is under way when the application is reloaded keeps its turn."""
    names = ["desk-lamp", *add_lamps(cloud, 1)]
    entry = await set_up(hass, cloud, product("LAMP202611", names))
    first = call(hass, "blink", "desk-lamp")
    assert await gate.arrival() == ["desk-lamp"]
    await hass.config_entries.async_reload(entry.entry_id)
    second = call(hass, "blink", "desk-lamp")
    other = call(hass, "blink", names[1])
    assert await gate.arrival() == [names[1]]
    gate.open()
    await asyncio.gather(first, second, other)
    assert [device for device, _, _ in cloud.executed].count("desk-lamp") == 2
