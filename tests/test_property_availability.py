"""When the entities of properties are available, and when their states are known."""

import pytest

from homeassistant.core import HomeAssistant

from .entities import state_of
from .helpers import LIST, Cloud, poll, with_both_keys
from .property_entities import (
    DEVICE,
    ON_OFF,
    call,
    device,
    record_states,
    set_up_with,
    shown,
    written,
)
from .test_property_lights import BRIGHTNESS, CONTROL, POSITION, POWER
from custom_components.tencent_iot_explorer.const import Access
from emulator.accounts import Denial
from emulator.products import property_

LEVEL = property_(
    "level", "余粮", "r", type="int", min="0", max="100", step="1", unit="%"
)
DOOR = property_("door", "门磁状态", "r", **ON_OFF)
ONE = {"type": "stringenum", "mapping": {"a": "布防"}}
PARTS = (
    LEVEL,
    DOOR,
    property_("lock", "童锁", **ON_OFF),
    property_("speed", "速度", type="int", min="0", max="9"),
    property_("mode", "模式", type="enum", mapping={"0": "一", "1": "二", "2": "三"}),
    property_("note", "别名", type="string", max="20"),
    property_("moment", "预约", type="timestamp"),
    property_("arm", "外出布防", **ONE),
    POWER,
    BRIGHTNESS,
    CONTROL,
    POSITION,
)
VALUES = {
    "level": 40,
    "door": 1,
    "lock": 1,
    "speed": 3,
    "mode": 1,
    "note": "a",
    "moment": 1552904784,
    "arm": "a",
    "power_switch": 1,
    "brightness": 100,
    "control": 0,
    "position": 30,
}
READ_ONLY = {
    ("sensor", "property:level"): "40",
    ("binary_sensor", "property:door"): "on",
}
WRITABLE = {
    ("switch", "property:lock"): "on",
    ("number", "property:speed"): "3",
    ("select", "property:mode"): "二",
    ("text", "property:note"): "a",
    ("datetime", "property:moment"): "2019-03-18T10:26:24+00:00",
    ("light", "light"): "on",
    ("cover", "cover"): "open",
}
BUTTON = ("button", "property:arm")
KNOWN = READ_ONLY | WRITABLE


def states(hass: HomeAssistant) -> dict[tuple[str, str], str]:
    """Return the states of all entities of properties but the button."""
    return {key: shown(hass, *key).state for key in KNOWN}


@with_both_keys
async def test_never_reported(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None
) -> None:
    """What was never reported is unknown, whatever a template calls its start."""
    await set_up_with(hass, cloud, *PARTS)
    assert set(states(hass).values()) == {"unknown"}
    assert shown(hass, *BUTTON).state == "unknown"


@with_both_keys
@pytest.mark.parametrize("status", [0, 3])
@pytest.mark.parametrize("sleeps", [True, False])
async def test_offline(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None, status: int, sleeps: bool
) -> None:
    """Offline, facts are unavailable and what can be written is unknown, until it is back.

    A device that sleeps keeps what it reported.
    """
    await set_up_with(hass, cloud, *PARTS, settings={"sleeps": sleeps}, reported=VALUES)
    assert states(hass) == KNOWN
    device(cloud).status = status
    await poll(hass)
    if sleeps:
        assert states(hass) == KNOWN
    else:
        assert states(hass) == {
            **dict.fromkeys(READ_ONLY, "unavailable"),
            **dict.fromkeys(WRITABLE, "unknown"),
        }
    assert shown(hass, *BUTTON).state == "unknown"
    device(cloud).status = 1
    await poll(hass)
    assert states(hass) == KNOWN


async def test_status_that_nobody_knows(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None
) -> None:
    """A device of which the cloud could not find out the status shows what it reported."""
    await set_up_with(hass, cloud, *PARTS, reported=VALUES)
    device(cloud).status = 2
    await poll(hass)
    assert states(hass) == KNOWN


async def test_cloud_that_is_away(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None
) -> None:
    """While the cloud cannot be reached nobody knows anything."""
    await set_up_with(hass, cloud, *PARTS, reported=VALUES)
    await cloud.emulator.stop()
    await poll(hass)
    assert states(hass) == {
        **dict.fromkeys(READ_ONLY, "unavailable"),
        **dict.fromkeys(WRITABLE, "unknown"),
    }


@pytest.mark.parametrize("access", [Access.ACCOUNT], indirect=True)
async def test_list_that_is_denied(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None
) -> None:
    """Who may not list devices may still see what they report."""
    (account,) = cloud.emulator.cloud_api.accounts.values()
    account.denied = {LIST}
    cloud.expect(*Denial)
    await set_up_with(hass, cloud, *PARTS, reported=VALUES)
    assert states(hass) == KNOWN


async def test_no_state_is_written_for_nothing(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None
) -> None:
    """Only the entity of what changed has another state, and nothing is written twice."""
    await set_up_with(hass, cloud, *PARTS, reported=VALUES)
    written_states = record_states(hass)
    for values in ({}, VALUES):
        device(cloud).report(**values)
        requests = len(cloud.emulator.journal)
        await poll(hass)
        calls = [item.call for item in cloud.emulator.journal[requests:]]
        assert "DescribeDeviceData" in calls
        assert written_states == []
    device(cloud).report(level=41, speed="3", power_switch=True)
    await poll(hass)
    assert written_states == [shown(hass, "sensor", "property:level").entity_id]
    device(cloud).version = "2.0.0"
    await poll(hass)
    assert written_states[1:] == [state_of(hass, "binary_sensor", DEVICE).entity_id]


async def test_report_that_makes_no_sense(hass: HomeAssistant, cloud: Cloud) -> None:
    """What was reported is not assumed any more, also if nobody can read it."""
    lock = property_("lock", "童锁", **ON_OFF)
    await set_up_with(hass, cloud, lock, CONTROL, POSITION)
    entities = (("switch", "property:lock"), ("cover", "cover"))
    for entity in entities:
        assert shown(hass, *entity).attributes["assumed_state"]
    device(cloud).report(lock=7, position="x")
    await poll(hass)
    for entity in entities:
        assert shown(hass, *entity).state == "unknown"
        assert "assumed_state" not in shown(hass, *entity).attributes


async def test_member_that_did_not_change(
    hass: HomeAssistant, cloud: Cloud, all_enabled: None
) -> None:
    """Of a structure only that member is written that changed."""
    specs = [
        {"id": key, "name": key, "dataType": {"type": "int"}} for key in ("a", "b")
    ]
    struct = property_("x", "X", "r", type="struct", specs=specs)
    await set_up_with(hass, cloud, struct, reported={"x": {"a": 1, "b": 1}})
    written_states = record_states(hass)
    device(cloud).report(x={"a": 1, "b": 2})
    await poll(hass)
    assert written_states == [shown(hass, "sensor", "property:x/b").entity_id]


async def test_write_to_what_was_never_reported(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """An entity whose state is unknown takes what is written."""
    await set_up_with(hass, cloud, property_("x", "童锁", **ON_OFF))
    await call(hass, "switch.turn_on")
    assert written(cloud) == [{"x": 1}]
