"""Calls share what may be under way at once, and none keeps another waiting for long."""

import asyncio
from types import SimpleNamespace

import pytest

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event

from .gates import WRITE, Gate, add_lamps, call, tap
from .helpers import ASYNC, FEEDER, SYNC, Cloud, button, product, set_up, with_both_keys
from custom_components.tencent_iot_explorer.api.limiter import ActionLimiter, _Turn
from custom_components.tencent_iot_explorer.const import DOMAIN


async def set_up_lamps(hass: HomeAssistant, cloud: Cloud, *names: str) -> None:
    """Set up lamps and the feeders."""
    await set_up(hass, cloud, product("LAMP202611", names), FEEDER)


def outcome(hass: HomeAssistant, device_name: str) -> asyncio.Future[str]:
    """Return what is done as soon as a lamp shows how an action ended, with how."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "event", DOMAIN, f"LAMP202611/{device_name}"
    )
    assert entity_id
    shown: asyncio.Future[str] = hass.loop.create_future()

    @callback
    def show(event: Event[EventStateChangedData]) -> None:
        """Take what is shown first."""
        state = event.data["new_state"]
        if state and not shown.done():
            shown.set_result(state.attributes["event_type"])

    async_track_state_change_event(hass, entity_id, show)
    return shown


@with_both_keys
@pytest.mark.parametrize("waits", [False, True])
async def test_two_large_calls(
    hass: HomeAssistant, cloud: Cloud, gate: Gate, waits: bool
) -> None:
    """A second large call comes to half of what may be under way, and keeps it."""
    first, second = add_lamps(cloud, 30), add_lamps(cloud, 30, "spot")
    await set_up_lamps(hass, cloud, *first, *second)
    calls = [call(hass, "blink", *first, waits=waits)]
    assert await gate.arrival(10) == first[:10]
    calls.append(call(hass, "blink", *second, waits=waits))
    for index in range(5):
        gate.let(first[index])
        assert await gate.arrival() == [second[index]]
    for index in range(5):
        gate.let(first[5 + index])
        assert await gate.arrival() == [first[10 + index]]
        gate.let(second[index])
        assert await gate.arrival() == [second[5 + index]]
    gate.open()
    await asyncio.gather(*calls)
    assert len(cloud.executed) == 60
    assert cloud.emulator.most_at_once == 10


@with_both_keys
async def test_tap_beside_two_large_calls(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """What becomes free goes to a tap, whichever of the large calls gives it back."""
    first, second = add_lamps(cloud, 100), add_lamps(cloud, 100, "spot")
    await set_up_lamps(hass, cloud, *first, *second)
    calls = [call(hass, "blink", *first)]
    await gate.arrival(10)
    calls.append(call(hass, "blink", *second))
    for index in range(5):
        gate.let(first[index])
        await gate.arrival()
    for given_back in (second[0], first[5]):
        tapped = tap(hass)
        gate.let(given_back)
        assert await gate.arrival() == ["kitchen-feeder"]
        await tapped
        await gate.arrival()
    gate.open()
    await asyncio.gather(*calls)
    assert len(cloud.executed) == 202


@with_both_keys
async def test_eleven_large_calls(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """More calls than may be under way take turns, the one that waits longest first."""
    lamps = [add_lamps(cloud, 12, f"row-{row}") for row in range(11)]
    await set_up_lamps(hass, cloud, *(name for names in lamps for name in names))
    calls = [call(hass, "blink", *lamps[0])]
    await gate.arrival(10)
    calls += [call(hass, "blink", *names) for names in lamps[1:]]
    for row in range(1, 10):
        gate.let(lamps[0][row])
        assert await gate.arrival() == [lamps[row][0]]
    gate.let(lamps[0][0])
    assert await gate.arrival() == [lamps[10][0]]
    gate.let(lamps[1][0])
    assert await gate.arrival() == [lamps[0][10]]
    for row in range(2, 11):
        gate.let(lamps[row][0])
        assert await gate.arrival() == [lamps[row - 1][1]]
    gate.open()
    await asyncio.gather(*calls)
    assert len(cloud.executed) == 132


@with_both_keys
async def test_one_press_of_many_buttons(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """Buttons that one call presses are one call, behind which a tap does not wait."""
    names = add_lamps(cloud, 12)
    await set_up_lamps(hass, cloud, *names)
    buttons = [button(hass, f"LAMP202611/{name}/blink") for name in names]
    presses = hass.async_create_task(
        hass.services.async_call(
            "button", "press", {"entity_id": buttons}, blocking=True
        )
    )
    held = await gate.arrival(10)
    tapped = tap(hass)
    gate.let(held[0])
    assert await gate.arrival() == ["kitchen-feeder"]
    gate.open()
    await asyncio.gather(presses, tapped)
    assert len(cloud.executed) == 13


@with_both_keys
async def test_writes_and_a_tap(hass: HomeAssistant, cloud: Cloud, gate: Gate) -> None:
    """Writes of one call to many devices share with actions alike."""
    names = add_lamps(cloud, 12)
    await set_up_lamps(hass, cloud, *names)
    writes = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "set_properties",
            {
                "device_id": [f"LAMP202611/{name}" for name in names],
                "properties": {"brightness": 50},
            },
            blocking=True,
        )
    )
    assert await gate.arrival(10) == names[:10]
    tapped = tap(hass)
    gate.let(names[9])
    assert await gate.arrival() == ["kitchen-feeder"]
    gate.open()
    await asyncio.gather(writes, tapped)
    assert sorted(device for device, _ in cloud.written) == sorted(names)


@with_both_keys
async def test_device_that_is_busy(
    hass: HomeAssistant, cloud: Cloud, gate: Gate, time_limits: SimpleNamespace
) -> None:
    """A device that another call keeps busy holds up none of the other devices.

    It waits for its seconds, while the others wait for one another as long as it takes.
    """
    time_limits.turn = 1
    names = add_lamps(cloud, 30)
    await set_up_lamps(hass, cloud, *names)
    busy = call(hass, "blink", names[2], waits=True)
    await gate.arrival()
    large = call(hass, "blink", *names)
    free = [*names[:2], *names[3:]]
    assert await gate.arrival(10) == free[:10]
    assert await outcome(hass, names[2]) == "failed"
    gate.open()
    with pytest.raises(HomeAssistantError) as raised:
        await large
    await busy
    assert raised.value.translation_key == "several_failed"
    assert raised.value.translation_placeholders
    assert raised.value.translation_placeholders["failed"] == "1"
    blinked = [device for device, _, _ in cloud.executed]
    assert sorted(blinked) == sorted(names)


@with_both_keys
async def test_device_that_is_busy_for_a_while(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A device that was passed over is the next as soon as it is free."""
    names = add_lamps(cloud, 30)
    await set_up_lamps(hass, cloud, *names)
    busy = call(hass, "blink", names[2], waits=True)
    await gate.arrival()
    large = call(hass, "blink", *names)
    await gate.arrival(10)
    gate.let(names[2])
    await busy
    gate.let(names[0])
    assert await gate.arrival() == [names[2]]
    gate.let(names[1])
    assert await gate.arrival() == [names[11]]
    gate.open()
    await large
    assert len(cloud.executed) == 31


@with_both_keys
async def test_tap_of_a_device_that_waits(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A device of a large call goes first when somebody waits for it, and stays in order."""
    names = add_lamps(cloud, 100)
    await set_up_lamps(hass, cloud, *names)
    large = call(hass, "blink", *names)
    await gate.arrival(10)
    tapped = call(hass, "blink", names[90], waits=True)
    gate.let(names[4])
    assert await gate.arrival() == [names[90]]
    gate.let(names[90])
    assert sorted(await gate.arrival(2)) == sorted([names[90], names[10]])
    assert not tapped.done()
    gate.let(names[90])
    await tapped
    gate.open()
    await large
    order = [
        entry.call
        for entry in cloud.emulator.journal
        if entry.parameters.get("DeviceName") == names[90]
        and entry.call in (ASYNC, SYNC)
    ]
    assert order == [ASYNC, SYNC]


@with_both_keys
async def test_two_large_calls_to_the_same_devices(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Each device gets in order what two calls want of it."""
    names = add_lamps(cloud, 40)
    await set_up_lamps(hass, cloud, *names)
    gate = Gate(cloud)
    first = call(hass, "blink", *names)
    assert await gate.arrival(10) == names[:10]
    second = hass.async_create_task(
        hass.services.async_call(
            DOMAIN,
            "set_properties",
            {
                "device_id": [f"LAMP202611/{name}" for name in names],
                "properties": {"brightness": 50},
            },
            blocking=True,
        )
    )
    gate.open()
    await asyncio.gather(first, second)
    for name in names:
        done = [
            entry.call
            for entry in cloud.emulator.journal
            if entry.parameters.get("DeviceName") == name
            and entry.call in (ASYNC, WRITE)
        ]
        assert done == [ASYNC, WRITE]


@with_both_keys
async def test_others_for_too_long(
    hass: HomeAssistant, cloud: Cloud, gate: Gate, time_limits: SimpleNamespace
) -> None:
    """A call that gets nothing for too long, because of others, is not sent."""
    names = add_lamps(cloud, 40)
    await set_up_lamps(hass, cloud, *names)
    first = call(hass, "blink", *names[:20])
    await gate.arrival(10)
    time_limits.turn = 0.05
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "blink", *names[20:])
    assert raised.value.translation_key == "several_failed"
    assert raised.value.translation_placeholders
    assert raised.value.translation_placeholders["failed"] == "20"
    gate.open()
    await first
    assert sorted(device for device, _, _ in cloud.executed) == sorted(names[:20])


@with_both_keys
async def test_given_up(hass: HomeAssistant, cloud: Cloud, gate: Gate) -> None:
    """A large call that is given up leaves everything to others, whatever it waited for."""
    names = add_lamps(cloud, 60)
    await set_up_lamps(hass, cloud, *names)
    first = call(hass, "blink", *names[:30])
    await gate.arrival(10)
    second = call(hass, "blink", *names[30:40], *names[:5])
    third = call(hass, "blink", *names[40:])
    second.cancel()
    gate.let(names[0])
    assert await gate.arrival() == [names[40]]
    first.cancel()
    assert await gate.arrival(9) == names[41:50]
    gate.open()
    await third
    await asyncio.wait([first, second])
    assert first.cancelled()
    assert second.cancelled()
    await call(hass, "blink", *names)
    assert [device for device, _, _ in cloud.executed[-60:]] == names


async def test_a_thousand_devices(
    hass: HomeAssistant, cloud: Cloud, gate: Gate
) -> None:
    """A call to a thousand devices reaches each of them once."""
    names = add_lamps(cloud, 1000)
    await set_up_lamps(hass, cloud, *names)
    large = call(hass, "blink", *names)
    assert await gate.arrival(10) == names[:10]
    gate.open()
    await large
    assert sorted(device for device, _, _ in cloud.executed) == sorted(names)
    assert cloud.emulator.most_at_once == 10


async def test_others_while_a_large_call_begins(
    hass: HomeAssistant, cloud: Cloud, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large call begins in slices of time, and can be given up between them."""
    names = add_lamps(cloud, 200)
    await set_up_lamps(hass, cloud, *names)
    enter = ActionLimiter.enter
    begun = [0]

    def count(self: ActionLimiter, turn: _Turn) -> None:
        """Count what begins in each turn of the loop."""
        if not begun[-1]:
            hass.loop.call_soon(begun.append, 0)
        begun[-1] += 1
        enter(self, turn)

    monkeypatch.setattr(ActionLimiter, "enter", count)
    large = call(hass, "blink", *names)
    async with asyncio.timeout(60):
        while begun == [0]:
            await asyncio.sleep(0)
    large.cancel()
    await asyncio.wait([large])
    assert large.cancelled()
    assert 0 < sum(begun) < 200
    begun[:] = [0]
    large = call(hass, "blink", *names)
    gate.open()
    await large
    assert sum(begun) == 200
    assert max(begun) < 100
