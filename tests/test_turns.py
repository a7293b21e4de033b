"""Nothing late: the order of actions, and how many are under way at once."""

import asyncio
from types import SimpleNamespace

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .gates import Gate, add_lamps, call, tap
from .helpers import FEEDER, LAMP, Cloud, product, set_up, with_both_keys


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


@with_both_keys
async def test_tap_during_a_large_call(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A tap runs as soon as one of the many devices of a call has ended."""
    names = add_lamps(cloud, 400)
    await set_up(hass, cloud, product("LAMP202611", names), FEEDER)
    large = call(hass, "blink", *names)
    assert await gate.arrival(10) == names[:10]
    tapped = tap(hass)
    gate.let(names[3])
    assert await gate.arrival() == ["kitchen-feeder"]
    await tapped
    # That of the tap goes back to the only one that waits.
    assert await gate.arrival() == [names[10]]
    assert not large.done()
    gate.open()
    await large
    lamps = [device for device, _, _ in cloud.executed if device in names]
    assert sorted(lamps) == sorted(names)
    assert cloud.emulator.most_at_once == 10


@with_both_keys
async def test_tap_during_a_large_call_that_waits(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A tap is not kept waiting by devices that others wait for."""
    names = add_lamps(cloud, 20)
    await set_up(hass, cloud, product("LAMP202611", names), FEEDER)
    large = call(hass, "blink", *names, waits=True)
    assert await gate.arrival(10) == names[:10]
    await tap(hass)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]
    gate.open()
    await large
    assert len(cloud.executed) == 21
    assert cloud.emulator.most_at_once == 11


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
