"""Whether a device is online, and what its other entities make of it."""

from typing import Any

import pytest

from homeassistant.const import (
    EVENT_STATE_CHANGED,
    EVENT_STATE_REPORTED,
    EntityCategory,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .entities import INPUTS, registered, state_of
from .helpers import (
    FEEDER,
    LAMP,
    Cloud,
    device_id,
    poll,
    product,
    set_up,
    with_both_keys,
)
from emulator import Fault

DESK = "LAMP202611/desk-lamp"
HALL = "LAMP202611/hall-lamp"
DETAILS = product("LAMP202611", ["desk-lamp"])
EVERYTHING = product("LAMP202611", all_devices=True)


def connectivity(hass: HomeAssistant, device: str) -> str:
    """Return the state of a device's connectivity."""
    return state_of(hass, "binary_sensor", device).state


@callback
def record_writes(hass: HomeAssistant) -> list[str]:
    """Return a list that the entity of each state is added to, changed or the same."""
    written: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        """Note a state that is written."""
        written.append(event.data["entity_id"])

    @callback
    def is_any(data: Any) -> bool:
        """Return that all entities matter."""
        return True

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=is_any)
    return written


@with_both_keys
async def test_entity(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each device has one, which helps to find faults."""
    await set_up(hass, cloud, LAMP)
    entity = registered(hass, "binary_sensor", DESK)
    assert entity.entity_category is EntityCategory.DIAGNOSTIC
    assert entity.disabled_by is None
    state = state_of(hass, "binary_sensor", DESK)
    assert state.attributes["device_class"] == "connectivity"
    assert state.name == "desk-lamp Connectivity"
    button = registered(hass, "button", f"{DESK}/blink")
    assert entity.device_id == button.device_id


@with_both_keys
async def test_firmware(hass: HomeAssistant, cloud: Cloud) -> None:
    """The device shows its firmware, also while the cloud is away after a restart."""
    entry = await set_up(hass, cloud, LAMP)
    registry = dr.async_get(hass)
    device = registry.async_get(device_id(hass, entry, "desk-lamp"))
    assert device
    assert device.sw_version == "1.0.3"
    cloud.emulator.faults.append(Fault(drop=True, times=99))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    device = registry.async_get(device.id)
    assert device
    assert device.sw_version == "1.0.3"
    cloud.emulator.faults.clear()
    await poll(hass)
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].version = "1.1.0"
    await poll(hass)
    device = registry.async_get(device.id)
    assert device
    assert device.sw_version == "1.1.0"


@with_both_keys
@pytest.mark.parametrize("configured", [DETAILS, LAMP, EVERYTHING])
@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, "off"),
        (1, "on"),
        (2, "unknown"),
        (3, "off"),
        (99, "unknown"),
        (-1, "unknown"),
        ("online", "unknown"),
        (None, "unknown"),
    ],
)
async def test_status(
    hass: HomeAssistant, cloud: Cloud, configured: Any, status: Any, state: str
) -> None:
    """On and off are what the cloud says, anything that it does not know is unknown."""
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].status = status
    await set_up(hass, cloud, configured)
    assert connectivity(hass, DESK) == state


@with_both_keys
@pytest.mark.parametrize("configured", [DETAILS, LAMP, EVERYTHING])
async def test_poll(hass: HomeAssistant, cloud: Cloud, configured: Any) -> None:
    """Each poll brings what the cloud says by then."""
    lamp = cloud.emulator.products["LAMP202611"].devices["desk-lamp"]
    await set_up(hass, cloud, configured)
    seen = [connectivity(hass, DESK)]
    for status in (0, 2, 1, 3, 1):
        lamp.status = status
        await poll(hass)
        seen.append(connectivity(hass, DESK))
    assert seen == ["on", "off", "unknown", "on", "off", "on"]


@with_both_keys
async def test_only_what_changed_is_written(hass: HomeAssistant, cloud: Cloud) -> None:
    """A poll writes the connectivity of those devices alone that changed."""
    await set_up(hass, cloud, LAMP, FEEDER)
    written = record_writes(hass)
    await poll(hass)
    assert written == []
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].status = 0
    await poll(hass)
    assert written == [registered(hass, "binary_sensor", DESK).entity_id]
    written.clear()
    await poll(hass)
    assert written == []


@with_both_keys
async def test_cloud_away(hass: HomeAssistant, cloud: Cloud) -> None:
    """While the cloud is away nobody knows, which is written once; then it is as before."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, LAMP)
    await cloud.emulator.stop()
    await poll(hass)
    assert [connectivity(hass, name) for name in (DESK, HALL)] == ["unavailable"] * 2
    written = record_writes(hass)
    await poll(hass)
    assert written == []
    await cloud.emulator.start()
    await poll(hass)
    assert [connectivity(hass, name) for name in (DESK, HALL)] == ["on", "off"]


@with_both_keys
@pytest.mark.parametrize(
    "fault",
    [
        Fault(call="GetDeviceList", code="RequestLimitExceeded", times=3),
        Fault(call="GetDeviceList", code="InternalError", times=3),
        Fault(call="GetDeviceList", body="<html>"),
    ],
)
async def test_poll_that_fails(hass: HomeAssistant, cloud: Cloud, fault: Fault) -> None:
    """A failed poll says nothing of a device; the next one does."""
    cloud.expect(fault.code)
    await set_up(hass, cloud, LAMP)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    await poll(hass)
    assert connectivity(hass, DESK) == "unavailable"
    await poll(hass)
    assert connectivity(hass, DESK) == "on"


@with_both_keys
async def test_one_product_in_trouble(hass: HomeAssistant, cloud: Cloud) -> None:
    """The trouble of one product is none of another's."""
    await set_up(hass, cloud, LAMP, FEEDER)
    cloud.withdraw("LAMP202611")
    await poll(hass)
    assert connectivity(hass, DESK) == "unavailable"
    assert connectivity(hass, "FEEDER2026/kitchen-feeder") == "on"


@with_both_keys
@pytest.mark.parametrize("configured", [DETAILS, LAMP])
async def test_deleted_device(
    hass: HomeAssistant, cloud: Cloud, configured: Any
) -> None:
    """A picked device that the cloud does not know any more is unavailable."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    await set_up(hass, cloud, configured)
    lamps = cloud.emulator.products["LAMP202611"].devices
    lamp = lamps.pop("desk-lamp")
    await poll(hass)
    assert connectivity(hass, DESK) == "unavailable"
    lamps["desk-lamp"] = lamp
    await poll(hass)
    assert connectivity(hass, DESK) == "on"


@with_both_keys
async def test_the_others_stay_available(hass: HomeAssistant, cloud: Cloud) -> None:
    """Buttons and inputs never mind whether device or cloud can be reached."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, LAMP)
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].status = 0
    entities = [
        (DESK, "off", [("button", f"{DESK}/echo"), ("button", f"{DESK}/blink")]),
        (DESK, "off", [("event", DESK)]),
        (DESK, "off", [(kind, f"{DESK}/echo/{key}") for kind, key, _ in INPUTS]),
        (HALL, "off", [("button", f"{HALL}/blink"), ("event", HALL)]),
    ]
    for away in (False, True):
        if away:
            await cloud.emulator.stop()
        await poll(hass)
        for device, state, others in entities:
            assert connectivity(hass, device) == ("unavailable" if away else state)
            for platform, unique_id in others:
                assert state_of(hass, platform, unique_id).state != "unavailable"
