"""Whether a device is online by what was pushed, until the next list says it."""

import asyncio
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .entities import set_value, state_of
from .helpers import LIST, Cloud, poll, set_up, with_both_keys
from .plugs import PLUG, add_plugs, pass_time, plugs, read_devices, set_up_plugs, shown
from .property_entities import record_states
from .test_pushed_values import product_of
from emulator import JournalEntry


def push(
    entry: MockConfigEntry, name: str, *, is_online: bool, later: float = 0
) -> None:
    """Push that a device came online or went offline, some seconds from now."""
    at = int((time.time() + later) * 1000)
    product_of(entry).devices.async_note_status(name, is_online=is_online, at=at)


def connectivity(hass: HomeAssistant, name: str) -> str:
    """Return whether a plug is shown to be online."""
    return state_of(hass, "binary_sensor", f"{PLUG}/{name}").state


@with_both_keys
async def test_status(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that is pushed to be offline is shown so at once, and no other moves."""
    entry, (device, _) = await set_up_plugs(hass, cloud, "a", "b")
    # So that nothing is read in turn meanwhile.
    product_of(entry).push.async_note_message()
    await hass.async_block_till_done(wait_background_tasks=True)
    read_devices(cloud)
    states = record_states(hass)
    device.status = 0
    push(entry, "a", is_online=False)
    await hass.async_block_till_done()
    assert connectivity(hass, "a") == "off"
    # What can be written stays there, what can only be read does not.
    assert shown(hass, "number", "a", "level") == "unknown"
    assert shown(hass, "sensor", "a", "used") == "unavailable"
    assert all("_a_" in entity_id or ".a_" in entity_id for entity_id in states)
    cloud.expect("FailedOperation.DeviceOffline")
    with pytest.raises(HomeAssistantError):
        await set_value(hass, "number", f"{PLUG}/a/property:level", 80)
    freezer.tick(5)
    device.connect()
    push(entry, "a", is_online=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == "on"
    assert shown(hass, "number", "a", "level") == "50"
    # It is read once, also if the next list shows the login.
    assert read_devices(cloud) == ["a"]
    await poll(hass)
    assert connectivity(hass, "a") == "on"
    assert read_devices(cloud) == []
    device.connect()
    device.login_time += 1
    await poll(hass)
    assert read_devices(cloud) == ["a"]


async def test_until_the_next_list(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A list counts that was read after the push."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    push(entry, "a", is_online=False)
    await hass.async_block_till_done()
    assert connectivity(hass, "a") == "off"
    await pass_time(hass, freezer, 70, 10)
    assert connectivity(hass, "a") == "on"


@pytest.mark.parametrize("is_online", [True, False])
async def test_list_under_way(
    hass: HomeAssistant, cloud: Cloud, is_online: bool
) -> None:
    """A list that was asked for before the push does not undo it, the next one does."""
    (device,) = add_plugs(cloud, "a")
    device.status = int(not is_online)
    entry = await set_up(hass, cloud, plugs("a"))
    devices = product_of(entry).devices
    arrived, release = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Let the list wait."""
        if request.call == LIST or request.call.startswith("DescribeDevice"):
            arrived.set()
            await release.wait()

    cloud.emulator.gate = hold
    listing = hass.async_create_task(devices.async_refresh())
    await arrived.wait()
    push(entry, "a", is_online=is_online)
    release.set()
    await listing
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == ("on" if is_online else "off")
    await devices.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == ("off" if is_online else "on")


async def test_unknown_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """What the list does not know is not made up."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    states = record_states(hass)
    push(entry, "b", is_online=False)
    product_of(entry).devices.async_note_report("b", 0)
    await hass.async_block_till_done()
    assert states == []
    assert set(product_of(entry).devices.data) == {"a"}


async def test_order(hass: HomeAssistant, cloud: Cloud) -> None:
    """A push that was sent before the last one changes nothing."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    states: list[Any] = []
    for is_online, later in (
        (False, 10),
        (True, 5),
        (True, 20),
        (False, 15),
        (True, 20),
        (False, 30),
    ):
        push(entry, "a", is_online=is_online, later=later)
        await hass.async_block_till_done(wait_background_tasks=True)
        states.append(connectivity(hass, "a"))
    assert states == ["off", "off", "on", "on", "on", "off"]


async def test_report(hass: HomeAssistant, cloud: Cloud) -> None:
    """What reports is online, unless it was pushed to have gone offline since."""
    (device,) = add_plugs(cloud, "a")
    device.status = 0
    entry = await set_up(hass, cloud, plugs("a"))
    devices, now = product_of(entry).devices, int(time.time()) * 1000
    read_devices(cloud)
    devices.async_note_report("a", now)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == "on"
    assert read_devices(cloud) == ["a"]
    assert shown(hass, "number", "a", "level") == "50"
    # It went offline in the same second as it reported last.
    devices.async_note_status("a", is_online=False, at=now + 5000)
    for at in (now + 4000, now + 5900):
        devices.async_note_report("a", at)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert connectivity(hass, "a") == "off"
    devices.async_note_report("a", now + 6000)
    # One that comes late.
    devices.async_note_status("a", is_online=False, at=now + 3000)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == "on"
    await poll(hass)
    assert connectivity(hass, "a") == "off"


async def test_report_of_a_device_that_sleeps(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Devices that sleep report while they are offline; that is a setting at any time."""
    (device,) = add_plugs(cloud, "a")
    device.status = 0
    entry = await set_up(hass, cloud, plugs("a", sleeps=True))
    devices, now = product_of(entry).devices, int(time.time()) * 1000
    devices.async_note_report("a", now)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == "off"
    # That one is online for a moment may be pushed all the same.
    devices.async_note_status("a", is_online=True, at=now)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == "on"
    await poll(hass)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "sleeps": False}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    devices.async_note_report("a", now + 60_000)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert connectivity(hass, "a") == "on"


async def test_after_the_end(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is pushed of a product that has ended does no harm."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    product = product_of(entry)
    await hass.config_entries.async_unload(entry.entry_id)
    push_at = int(time.time() * 1000)
    product.devices.async_note_status("a", is_online=False, at=push_at)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state.value == "not_loaded"
