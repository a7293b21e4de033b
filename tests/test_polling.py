"""How often the cloud is asked, and for what."""

from collections import Counter
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .entities import add_product, change_template, press, state_of
from .helpers import (
    DETAIL,
    FEEDER,
    LIST,
    TEMPLATE,
    Cloud,
    poll,
    product,
    refresh,
    set_up,
    with_both_keys,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, Fault
from emulator.products import action, parameter

FLEET = "FLEET"


def asked(cloud: Cloud) -> Counter[str]:
    """Return how often each call was made since the last time, and forget it."""
    counted = Counter(entry.call for entry in cloud.emulator.journal)
    cloud.assert_flawless()
    cloud.emulator.journal.clear()
    return counted


async def set_up_fleet(
    hass: HomeAssistant, cloud: Cloud, picked: int, *, devices: int = 130
) -> None:
    """Set up some devices of a product that has many, or with none picked all."""
    names = add_product(cloud, FLEET, action("do", "Do"), devices=devices)
    wanted = names[-picked:] if picked else []
    await set_up(hass, cloud, product(FLEET, wanted, all_devices=not picked))


async def disable_all(hass: HomeAssistant) -> None:
    """Disable each entity, as a person can, and start anew."""
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        registry.async_update_entity(
            entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@with_both_keys
@pytest.mark.parametrize(
    ("devices", "picked", "first", "later"),
    [
        pytest.param(130, 1, {DETAIL: 1}, {DETAIL: 1}, id="one"),
        pytest.param(130, 2, {LIST: 2}, {DETAIL: 2}, id="as-many-as-pages"),
        pytest.param(130, 3, {LIST: 2}, {LIST: 2}, id="more-than-pages"),
        pytest.param(130, 0, {LIST: 2}, {LIST: 2}, id="all-on-two-pages"),
        pytest.param(100, 2, {LIST: 1}, {LIST: 1}, id="one-page"),
        pytest.param(100, 0, {LIST: 1}, {LIST: 1}, id="all-on-one-page"),
        pytest.param(101, 0, {LIST: 2}, {LIST: 2}, id="one-too-many"),
        pytest.param(301, 4, {LIST: 4}, {DETAIL: 4}, id="four-pages"),
        pytest.param(301, 5, {LIST: 4}, {LIST: 4}, id="five-of-four-pages"),
    ],
)
async def test_requests_of_a_poll(
    hass: HomeAssistant,
    cloud: Cloud,
    devices: int,
    picked: int,
    first: dict[str, int],
    later: dict[str, int],
) -> None:
    """The template is read once, and the devices by as few requests as can be."""
    await set_up_fleet(hass, cloud, picked, devices=devices)
    assert asked(cloud) == cloud.requests(**{TEMPLATE: 1} | first)
    for _ in range(2):
        await poll(hass)
        assert asked(cloud) == cloud.requests(**later)
    last = f"{FLEET}/device-{devices}"
    assert state_of(hass, "binary_sensor", last).state == "on"


@with_both_keys
async def test_product_that_grows(hass: HomeAssistant, cloud: Cloud) -> None:
    """How many devices there are is noted whenever they are listed."""
    await set_up_fleet(hass, cloud, 2, devices=100)
    asked(cloud)
    devices = cloud.emulator.products[FLEET].devices
    devices["late"] = EmulatedDevice(name="late")
    await poll(hass)
    assert asked(cloud) == {LIST: 2}
    await poll(hass)
    assert asked(cloud) == cloud.requests(DescribeDevice=2)


@with_both_keys
@pytest.mark.parametrize(
    ("picked", "of_refresh"),
    [(1, {TEMPLATE: 1}), (3, {TEMPLATE: 1}), (0, {TEMPLATE: 1, LIST: 2})],
)
async def test_nobody_watches(
    hass: HomeAssistant, cloud: Cloud, picked: int, of_refresh: dict[str, int]
) -> None:
    """Without an entity that is enabled nothing is asked but once an hour.

    The service works all the same.
    """
    await set_up_fleet(hass, cloud, picked)
    await disable_all(hass)
    asked(cloud)
    for _ in range(3):
        await poll(hass)
    assert asked(cloud) == {}
    for _ in range(2):
        await refresh(hass)
        assert asked(cloud) == cloud.requests(**of_refresh)
        await poll(hass)
        assert asked(cloud) == {}
    data = {"device_id": f"{FLEET}/device-130"}
    await hass.services.async_call(DOMAIN, "fleet_do", data, blocking=True)
    assert cloud.executed == [("device-130", "do", {})]


@with_both_keys
@pytest.mark.parametrize(
    ("picked", "of_refresh"),
    [(1, {TEMPLATE: 1, DETAIL: 1}), (0, {TEMPLATE: 1, LIST: 2})],
)
async def test_polling_turned_off(
    hass: HomeAssistant, cloud: Cloud, picked: int, of_refresh: dict[str, int]
) -> None:
    """Without polling all is asked once an hour, and buttons work as before."""
    await set_up_fleet(hass, cloud, picked)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    # Home Assistant does so itself when a person switches it.
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    asked(cloud)
    last = f"{FLEET}/device-130"
    cloud.emulator.products[FLEET].devices["device-130"].status = 0
    for _ in range(3):
        await poll(hass)
    assert asked(cloud) == {}
    assert state_of(hass, "binary_sensor", last).state == "on"
    for _ in range(2):
        await refresh(hass)
        assert asked(cloud) == cloud.requests(**of_refresh)
    assert state_of(hass, "binary_sensor", last).state == "off"
    cloud.emulator.products[FLEET].devices["device-130"].status = 1
    await press(hass, f"{last}/do")
    assert cloud.executed == [("device-130", "do", {})]


@with_both_keys
async def test_after_unloading(hass: HomeAssistant, cloud: Cloud) -> None:
    """An application that is not loaded asks nothing."""
    entry = await set_up(hass, cloud, FEEDER)
    await hass.config_entries.async_unload(entry.entry_id)
    asked(cloud)
    await poll(hass)
    await refresh(hass)
    assert asked(cloud) == {}


@with_both_keys
async def test_refresh_brings_what_is_new(hass: HomeAssistant, cloud: Cloud) -> None:
    """The hourly refresh brings services, buttons and inputs without a reload."""
    names = add_product(cloud, FLEET, action("do", "Do"))
    entry = await set_up(hass, cloud, product(FLEET, names))
    coordinators = entry.runtime_data.products
    inputs = [
        parameter("level", "Level", type="int", start="4"),
        parameter("text", "Text", type="string"),
        parameter("kind", "Kind", type="bool"),
        parameter("time", "Time", type="timestamp"),
    ]
    asked(cloud)
    change_template(cloud, FLEET, action("do", "Do"), action("play", "Play", inputs))
    await poll(hass)
    assert not hass.services.has_service(DOMAIN, "fleet_play")
    await refresh(hass)
    assert asked(cloud)[TEMPLATE] == 1
    assert entry.runtime_data.products is coordinators
    assert hass.services.has_service(DOMAIN, "fleet_play")
    play = f"{FLEET}/device-1/play"
    assert state_of(hass, "button", play).name == "device-1 Play"
    shown = {
        key: state_of(hass, platform, f"{play}/{key}").state
        for platform, key in (
            ("number", "level"),
            ("text", "text"),
            ("select", "kind"),
            ("datetime", "time"),
        )
    }
    assert shown == {
        "level": "4",
        "text": "",
        "kind": "unknown",
        "time": "unknown",
    }
    change_template(cloud, FLEET, action("do", "Do"), action("play", "Play"))
    await refresh(hass)
    await press(hass, play)
    assert cloud.executed == [("device-1", "play", {})]


@with_both_keys
async def test_template_that_cannot_be_read(hass: HomeAssistant, cloud: Cloud) -> None:
    """Devices are read as often as before while the data template cannot be."""
    cloud.expect("InternalError")
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(call=TEMPLATE, code="InternalError", times=99))
    await refresh(hass)
    asked(cloud)
    device = "FEEDER2026/kitchen-feeder"
    for status, state in ((0, "off"), (1, "on")):
        feeder = cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"]
        feeder.status = status
        await poll(hass)
        assert asked(cloud)[LIST] == 1
        assert state_of(hass, "binary_sensor", device).state == state


@with_both_keys
async def test_refresh_that_fails(hass: HomeAssistant, cloud: Cloud) -> None:
    """A refresh that fails takes nothing away, and is made up for by the next poll."""
    cloud.expect("InternalError")
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(call=TEMPLATE, code="InternalError", times=3))
    await refresh(hass)
    assert hass.services.has_service(DOMAIN, "feeder2026_feed")
    device = "FEEDER2026/kitchen-feeder"
    assert state_of(hass, "binary_sensor", device).state == "on"
    asked(cloud)
    await poll(hass)
    assert asked(cloud)[TEMPLATE] == 1
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    assert len(cloud.executed) == 1


@with_both_keys
@pytest.mark.parametrize(
    "payload",
    [
        {"Devices": [{"DeviceName": "device-1", "Status": 0}], "Total": 3},
        {"Devices": [], "Total": 3},
        {"Devices": [{"DeviceName": "device-1", "Status": 0}] * 3, "Total": 3},
    ],
)
@pytest.mark.parametrize("picked", [0, 2])
async def test_incomplete_list(
    hass: HomeAssistant, cloud: Cloud, picked: int, payload: dict[str, Any]
) -> None:
    """A list that is shorter than it says takes nothing away of what was known."""
    await set_up_fleet(hass, cloud, picked, devices=3)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    registry = dr.async_get(hass)
    before = dr.async_entries_for_config_entry(registry, entry.entry_id)
    assert len(before) == (picked or 3)
    cloud.emulator.faults.append(Fault(call=LIST, payload=payload))
    await poll(hass)
    assert dr.async_entries_for_config_entry(registry, entry.entry_id) == before
    last = f"{FLEET}/device-3"
    assert state_of(hass, "binary_sensor", last).state == "on"
    assert state_of(hass, "button", f"{last}/do").state == "unknown"
    cloud.emulator.products[FLEET].devices["device-3"].status = 0
    await poll(hass)
    assert state_of(hass, "binary_sensor", last).state == "off"


@with_both_keys
async def test_few_of_a_large_fleet(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """Two of a thousand cost one page, once for good, to learn that details are cheaper."""
    await set_up_fleet(hass, cloud, 2, devices=1000)
    assert asked(cloud) == cloud.requests(**{TEMPLATE: 1, LIST: 1, DETAIL: 2})
    await poll(hass)
    assert asked(cloud) == cloud.requests(DescribeDevice=2)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert asked(cloud) == cloud.requests(**{TEMPLATE: 1, DETAIL: 2})
    assert hass_storage[DOMAIN]["data"]["templates"][FLEET]["total"] == 1000
