"""Reading what devices report: which, when, and what it costs."""

import asyncio
from datetime import datetime, timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .entities import press, registered, set_value
from .helpers import LIST, Cloud, make_entry, set_up, with_both_keys
from .plugs import (
    PLUG,
    READ,
    add_plugs,
    pass_time,
    plugs,
    read_devices,
    set_up_plugs,
    shown,
)
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from emulator import Fault, JournalEntry


def reported_at(hass: HomeAssistant, entity_id: str) -> datetime:
    """Return when a state was written last, also one that was there already."""
    state = hass.states.get(entity_id)
    assert state
    return state.last_reported


@with_both_keys
async def test_sweep(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What is online is read once after the start, then each minute, one by one."""
    _, devices = await set_up_plugs(hass, cloud, "a", "b", "c")
    assert sorted(read_devices(cloud)) == ["a", "b", "c"]
    assert shown(hass, "number", "b", "level") == "50"
    assert shown(hass, "switch", "b", "power") == "off"
    assert shown(hass, "select", "b", "mode") == "unknown"
    devices[1].report(level=70)
    await pass_time(hass, freezer, 90)
    assert set(read_devices(cloud)) == {"a", "b", "c"}
    assert shown(hass, "number", "b", "level") == "70"
    minutes = [set[str](), set[str](), set[str]()]
    for read in minutes:
        for _ in range(60):
            await pass_time(hass, freezer, 1)
            now = read_devices(cloud)
            assert len(now) <= 1
            read.update(now)
    assert minutes == [{"a", "b", "c"}] * 3


@with_both_keys
async def test_counted(hass: HomeAssistant, cloud: Cloud) -> None:
    """Reads are counted as such."""
    await set_up_plugs(hass, cloud, "a")
    (counted,) = request_counts(hass).of_product(PLUG).values()
    prefix = "" if cloud.access == "account" else "Service"
    assert counted[f"{prefix}{READ}"] == {"properties": 1}


async def test_nobody_wants(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Without an entity of a property nothing is read, not even after an action."""
    entry, _ = await set_up_plugs(hass, cloud, "a", use_properties=False)
    await press(hass, f"{PLUG}/a/reset")
    await pass_time(hass, freezer, 200, 5)
    assert read_devices(cloud) == []
    assert len(cloud.executed) == 1
    await hass.config_entries.async_unload(entry.entry_id)


async def test_disabled_entities(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device whose entities are all disabled is not read, the others are."""
    entry, _ = await set_up_plugs(hass, cloud, "a", "b")
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.unique_id.startswith(f"{PLUG}/a/property:"):
            registry.async_update_entity(
                entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
            )
    await hass.async_block_till_done(wait_background_tasks=True)
    read_devices(cloud)
    await pass_time(hass, freezer, 180, 5)
    assert set(read_devices(cloud)) == {"b"}


@with_both_keys
async def test_offline(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An offline device is read when it comes online, and when it was in between."""
    (device,) = add_plugs(cloud, "a")
    device.status = 0
    await set_up(hass, cloud, plugs("a"))
    await pass_time(hass, freezer, 150, 5)
    assert read_devices(cloud) == []
    assert shown(hass, "number", "a", "level") == "unknown"
    device.connect()
    device.status = 0
    await pass_time(hass, freezer, 90, 5)
    assert read_devices(cloud) == ["a"]
    await pass_time(hass, freezer, 150, 5)
    assert read_devices(cloud) == []
    device.connect()
    await pass_time(hass, freezer, 70, 5)
    assert shown(hass, "number", "a", "level") == "50"


@pytest.mark.parametrize("sleeps", [True, False])
async def test_sleeping(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, sleeps: bool
) -> None:
    """Devices that sleep are read at the start though they are offline."""
    devices = add_plugs(cloud, "a", "new")
    devices[0].status = 0
    devices[1].status = 3
    await set_up(hass, cloud, plugs("a", "new", sleeps=sleeps))
    await pass_time(hass, freezer, 150, 5)
    assert read_devices(cloud) == ["a"] * sleeps
    assert shown(hass, "number", "a", "level") == ("50" if sleeps else "unknown")


@with_both_keys
async def test_polling_turned_off(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Without polling devices are read at the start, after writes, and when asked for."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    read_devices(cloud)
    device.report(level=60)
    await pass_time(hass, freezer, 300, 10)
    assert read_devices(cloud) == []
    entity_ids = [
        registered(hass, platform, f"{PLUG}/a/property:{key}").entity_id
        for platform, key in (("number", "level"), ("switch", "power"))
    ]
    data = {"entity_id": entity_ids}
    await hass.services.async_call(
        "homeassistant", "update_entity", data, blocking=True
    )
    assert read_devices(cloud) == ["a"]
    assert shown(hass, "number", "a", "level") == "60"
    await set_value(hass, "number", f"{PLUG}/a/property:level", 80)
    await pass_time(hass, freezer, 30)
    assert read_devices(cloud) == ["a"]


async def test_after_an_action(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """After an action the device is read until it has reported something new."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    await pass_time(hass, freezer, 61)
    read_devices(cloud)
    await press(hass, f"{PLUG}/a/reset")
    await pass_time(hass, freezer, 3)
    device.report(level=50)
    await pass_time(hass, freezer, 30)
    assert read_devices(cloud) == ["a", "a"]


async def test_rate_limit(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Reads that come too often for the cloud become fewer, and nobody is told."""
    cloud.expect("RequestLimitExceeded")
    entry, _ = await set_up_plugs(hass, cloud, "a")
    cloud.emulator.faults.append(Fault(call=READ, code="RequestLimitExceeded", times=3))
    await pass_time(hass, freezer, 61)
    read_devices(cloud)
    reader = entry.runtime_data.reader
    (read,) = [reader.state(item) for item in entry.runtime_data.products.values()]
    assert read["interval"] == 120
    await pass_time(hass, freezer, 240)
    assert len(read_devices(cloud)) == 2
    assert shown(hass, "number", "a", "level") == "50"


@pytest.mark.parametrize("access", [Access.ACCOUNT], indirect=True)
async def test_denied(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What no policy allows is asked again once an hour, and goes on when it is allowed."""
    cloud.expect("UnauthorizedOperation.CamNoAuth")
    add_plugs(cloud, "a", "b", "c", "d", "e", "f")
    denied = Fault(call=READ, code="UnauthorizedOperation.CamNoAuth", times=99)
    cloud.emulator.faults.append(denied)
    entry = await set_up(hass, cloud, plugs("a", "b", "c", "d", "e", "f"))
    assert len(read_devices(cloud)) <= 4
    await pass_time(hass, freezer, 3500, 10)
    assert read_devices(cloud) == []
    await pass_time(hass, freezer, 3600, 10)
    assert len(read_devices(cloud)) == 1
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["products"][0]["properties"] == {
        "devices_read": 6,
        "interval": 60,
        "failure": "operation_denied",
        "failure_code": "UnauthorizedOperation.CamNoAuth",
    }
    cloud.emulator.faults.clear()
    await pass_time(hass, freezer, 3720, 10)
    assert set(read_devices(cloud)) == {"a", "b", "c", "d", "e", "f"}
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["products"][0]["properties"]["failure"] is None


@pytest.mark.parametrize("access", [Access.ACCOUNT], indirect=True)
async def test_list_that_is_denied(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where nobody may know which devices are online, all are read."""
    cloud.expect("UnauthorizedOperation.CamNoAuth")
    cloud.emulator.faults.append(
        Fault(call=LIST, code="UnauthorizedOperation.CamNoAuth", times=99)
    )
    await set_up_plugs(hass, cloud, "a")
    assert read_devices(cloud) == ["a"]
    assert shown(hass, "number", "a", "level") == "50"


async def test_failures_are_quiet(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever a read ends in, states stay and nothing is logged."""
    await set_up_plugs(hass, cloud, "a")
    caplog.clear()
    cloud.expect("InternalError", "ResourceNotFound.DeviceNotExist", "Mystery")
    for code in ("InternalError", "ResourceNotFound.DeviceNotExist", "Mystery"):
        cloud.emulator.faults = [Fault(call=READ, code=code, times=9)]
        await pass_time(hass, freezer, 120, 2)
        assert read_devices(cloud)
        assert shown(hass, "number", "a", "level") == "50"
    cloud.emulator.faults = []
    own = [item for item in caplog.records if DOMAIN in item.name]
    assert [item for item in own if item.levelno >= logging.WARNING] == []


@with_both_keys
async def test_unloading(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An entry that is not loaded reads nothing; one that is reloaded sweeps once."""
    entry, _ = await set_up_plugs(hass, cloud, "a", "b")
    await press(hass, f"{PLUG}/a/reset")
    read_devices(cloud)
    await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(hass, freezer, 200, 5)
    assert read_devices(cloud) == []
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sorted(read_devices(cloud)) == ["a", "b"]


async def test_states_that_did_not_change(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A report of the same values writes no state."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    entity_id = registered(hass, "number", f"{PLUG}/a/property:level").entity_id
    before = reported_at(hass, entity_id)
    device.report(level=50, power=0)
    await pass_time(hass, freezer, 120, 5)
    assert reported_at(hass, entity_id) == before


async def test_states_that_stay_unknown(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that comes and goes writes no state of what was unknown all the time."""
    _, (device,) = await set_up_plugs(hass, cloud, "a")
    entity_id = registered(hass, "select", f"{PLUG}/a/property:mode").entity_id
    before = reported_at(hass, entity_id)
    assert shown(hass, "select", "a", "mode") == "unknown"
    device.status = 0
    await pass_time(hass, freezer, 90, 5)
    assert shown(hass, "number", "a", "level") == "unknown"
    device.connect()
    await pass_time(hass, freezer, 90, 5)
    assert shown(hass, "number", "a", "level") == "50"
    assert reported_at(hass, entity_id) == before


@with_both_keys
async def test_many_devices_at_once(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A fleet is read four at a time, and hangs in the way of no action."""
    release, four = asyncio.Event(), asyncio.Event()
    under_way: list[str] = []

    async def hold(entry: JournalEntry) -> None:
        """Let reads wait."""
        if entry.call == READ and not release.is_set():
            under_way.append(entry.parameters["DeviceName"])
            if len(under_way) == 4:
                four.set()
            await release.wait()

    cloud.emulator.gate = hold
    names = [f"device-{number}" for number in range(1, 41)]
    add_plugs(cloud, *names)
    entry = make_entry(cloud, plugs(*names))
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await four.wait()
    for name in names[:6]:
        await press(hass, f"{PLUG}/{name}/reset")
    assert len(cloud.executed) == 6
    assert len(under_way) == 4
    release.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sorted(read_devices(cloud)) == sorted(names)
    cloud.emulator.gate = None
    freezer.tick(timedelta(seconds=180))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sorted(read_devices(cloud)) == sorted(names)


async def test_context(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a person set by the service is that person's doing in the logbook."""
    await set_up_plugs(hass, cloud, "a")
    context = Context()
    await hass.services.async_call(
        DOMAIN,
        "set_properties",
        {"device_id": f"{PLUG}/a", "properties": {"level": 80}},
        blocking=True,
        context=context,
    )
    entity_id = registered(hass, "number", f"{PLUG}/a/property:level").entity_id
    state = hass.states.get(entity_id)
    assert state
    assert (state.state, state.context.id) == ("80", context.id)
