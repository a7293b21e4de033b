"""What a press sends: the values that the inputs of its action show at that moment."""

import asyncio

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .entities import (
    ECHO,
    ECHO_ON_THE_WIRE,
    add_product,
    press,
    registered,
    set_up_input,
    set_value,
    state_of,
)
from .helpers import FEEDER, LAMP, LOCK, Cloud, product, set_up
from emulator import Fault
from emulator.products import action, parameter

FEED = "FEEDER2026/kitchen-feeder/feed"
PORTIONS = f"{FEED}/portions"
DELAY = 0.1
VALUES = {
    "power": ("select", "On"),
    "brightness": ("number", 80),
    "warmth": ("number", 0.7),
    "text": ("text", "晚上好"),
    "colour": ("select", "Blue"),
    "effect": ("select", "Calm sea"),
    "moment": ("datetime", "2026-11-23T20:00:00+08:00"),
}


def start_press(hass: HomeAssistant, unique_id: str) -> asyncio.Task[None]:
    """Press a button and do not wait for the end."""
    task = hass.async_create_task(press(hass, unique_id))
    assert not task.done()
    return task


async def test_number(hass: HomeAssistant, cloud: Cloud) -> None:
    """The button sends the number that its own device shows."""
    await set_up(hass, cloud, FEEDER)
    await set_value(hass, "number", PORTIONS, 3)
    await press(hass, FEED)
    await press(hass, "FEEDER2026/balcony-feeder/feed")
    assert cloud.executed == [
        ("kitchen-feeder", "feed", {"portions": 3}),
        ("balcony-feeder", "feed", {"portions": 1}),
    ]
    (first, _) = cloud.emulator.requests("CallDeviceActionAsync")
    assert first.parameters["InputParams"] == '{"portions":3}'


@pytest.mark.parametrize(
    ("unit", "moment"), [("milliseconds", 1795435200000), ("seconds", 1795435200)]
)
async def test_every_type(
    hass: HomeAssistant, cloud: Cloud, unit: str, moment: int
) -> None:
    """Each type arrives as a device expects it."""
    await set_up(hass, cloud, product("LAMP202611", ["desk-lamp"], timestamp_unit=unit))
    for key, (platform, value) in VALUES.items():
        await set_value(hass, platform, f"{ECHO}/{key}", value)
    await press(hass, ECHO)
    assert cloud.executed == [
        ("desk-lamp", "echo", ECHO_ON_THE_WIRE | {"moment": moment})
    ]


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (0.7999999999999999, "0.8"),
        (0.1 * 3, "0.3"),
        (0.00005, "0.00005"),
        (1e-7, "0.0000001"),
        (1.0, "1"),
    ],
)
async def test_fraction(
    hass: HomeAssistant, cloud: Cloud, value: float, sent: str
) -> None:
    """What is sent is the very number that is shown, without an exponent."""
    unique_id = await set_up_input(hass, cloud, type="float", min="0", step="0.1")
    await set_value(hass, "number", unique_id, value)
    assert float(state_of(hass, "number", unique_id).state) == float(sent)
    await press(hass, "ODD/device-1/do")
    (request,) = cloud.emulator.requests("CallDeviceActionAsync")
    assert request.parameters["InputParams"] == f'{{"x":{sent}}}'


async def test_equal_ids(hass: HomeAssistant, cloud: Cloud) -> None:
    """Inputs of one id belong to their own action each."""
    inputs = [parameter("x", "X", type="int")]
    add_product(cloud, "TWIN", action("do", "Do", inputs), action("be", "Be", inputs))
    await set_up(hass, cloud, product("TWIN", ["device-1"]))
    await set_value(hass, "number", "TWIN/device-1/do/x", 1)
    await set_value(hass, "number", "TWIN/device-1/be/x", 2)
    await press(hass, "TWIN/device-1/do")
    await press(hass, "TWIN/device-1/be")
    assert cloud.executed == [
        ("device-1", "do", {"x": 1}),
        ("device-1", "be", {"x": 2}),
    ]


async def test_service_leaves_the_inputs_alone(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A service neither sends what the inputs show nor changes it."""
    await set_up(hass, cloud, FEEDER)
    await set_value(hass, "number", PORTIONS, 3)
    for data in ({}, {"portions": 5}):
        await hass.services.async_call(
            "tencent_iot_explorer",
            "feeder2026_feed",
            {"device_id": "FEEDER2026/kitchen-feeder", **data},
            blocking=True,
        )
    assert [inputs for _, _, inputs in cloud.executed] == [
        {"portions": 1},
        {"portions": 5},
    ]
    assert state_of(hass, "number", PORTIONS).state == "3"


async def test_unset(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is unset is named, and nothing is sent before all is set."""
    await set_up(hass, cloud, LOCK)
    open_door = "DOORLOCK01/front-door/openDoor"
    for platform, key, value, needed in (
        ("text", "userid", "anna", "方式 (mode), 用户 (userid)"),
        ("select", "mode", "静音", "方式 (mode)"),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await press(hass, open_door)
        assert raised.value.translation_key == "inputs_needed"
        assert raised.value.translation_placeholders == {
            "device": "front-door",
            "action": "开门 (openDoor)",
            "inputs": needed,
        }
        await set_value(hass, platform, f"{open_door}/{key}", value)
    assert cloud.emulator.requests("CallDeviceActionAsync") == []
    await press(hass, open_door)
    assert cloud.executed == [("front-door", "openDoor", {"mode": 1, "userid": "anna"})]


async def test_disabled_input(hass: HomeAssistant, cloud: Cloud) -> None:
    """A value that nobody can see is not sent; a number takes its start."""
    await set_up(hass, cloud, FEEDER)
    await set_value(hass, "number", PORTIONS, 3)
    er.async_get(hass).async_update_entity(
        registered(hass, "number", PORTIONS).entity_id,
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    await hass.async_block_till_done()
    await press(hass, FEED)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


async def test_still_running(hass: HomeAssistant, cloud: Cloud) -> None:
    """A press while the one before has not ended is refused and not made up for."""
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(delay=DELAY))
    first = start_press(hass, FEED)
    for _ in range(2):
        with pytest.raises(ServiceValidationError) as raised:
            await press(hass, FEED)
        assert raised.value.translation_key == "still_running"
        assert raised.value.translation_placeholders == {
            "device": "kitchen-feeder",
            "action": "喂食 (feed)",
        }
    assert not first.done()
    await first
    await hass.async_block_till_done()
    assert len(cloud.emulator.requests("CallDeviceActionAsync")) == 1
    await press(hass, FEED)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})] * 2


async def test_others_run_meanwhile(hass: HomeAssistant, cloud: Cloud) -> None:
    """Only this action of this device waits: other ones, and services, are not refused."""
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(delay=DELAY))
    first = start_press(hass, FEED)
    await press(hass, "FEEDER2026/balcony-feeder/feed")
    await press(hass, "FEEDER2026/kitchen-feeder/cleanBowl")
    await hass.services.async_call(
        "tencent_iot_explorer",
        "feeder2026_feed",
        {"device_id": "FEEDER2026/kitchen-feeder", "portions": 2},
        blocking=True,
    )
    await first
    assert len(cloud.executed) == 4


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(delay=DELAY, drop=True), "fate_unknown"),
        (Fault(delay=DELAY, code="Mystery"), "unknown_code"),
        (Fault(delay=DELAY, status=502, body="<html>"), "server_fault"),
    ],
)
async def test_after_a_failure(
    hass: HomeAssistant, cloud: Cloud, fault: Fault, key: str
) -> None:
    """A press that failed has ended, too."""
    cloud.expect(fault.code)
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(fault)
    first = start_press(hass, FEED)
    with pytest.raises(ServiceValidationError):
        await press(hass, FEED)
    with pytest.raises(HomeAssistantError) as raised:
        await first
    assert raised.value.translation_key == key
    await press(hass, FEED)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


async def test_after_a_cancelled_press(hass: HomeAssistant, cloud: Cloud) -> None:
    """A press that was given up has ended, too."""
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(delay=DELAY, drop=True))
    first = start_press(hass, FEED)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    cloud.emulator.faults.clear()
    await press(hass, FEED)
    assert cloud.executed[-1] == ("kitchen-feeder", "feed", {"portions": 1})


async def test_values_of_the_moment(hass: HomeAssistant, cloud: Cloud) -> None:
    """A value that changes while the press runs is for the next one."""
    await set_up(hass, cloud, FEEDER)
    await set_value(hass, "number", PORTIONS, 3)
    cloud.emulator.faults.append(Fault(delay=DELAY))
    first = start_press(hass, FEED)
    await set_value(hass, "number", PORTIONS, 9)
    assert not first.done()
    await first
    await press(hass, FEED)
    assert [inputs for _, _, inputs in cloud.executed] == [
        {"portions": 3},
        {"portions": 9},
    ]


async def test_offline_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """The inputs of a device that is offline can be set, and its press is tried."""
    await set_up(hass, cloud, LAMP)
    for key, (platform, value) in VALUES.items():
        await set_value(hass, platform, f"LAMP202611/hall-lamp/echo/{key}", value)
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "LAMP202611/hall-lamp/echo")
    assert raised.value.translation_key == "device_unreachable"
    assert len(cloud.emulator.requests("CallDeviceActionAsync")) == 1
