"""The dialogs that add a product to an application and change its settings."""

from typing import Any

import pytest

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr

from .dialogs import shown, suggested
from .entities import add_product
from .helpers import (
    FEEDER,
    FIXED_SERVICES,
    LAMP,
    Cloud,
    button,
    held_reads,
    make_entry,
    product,
    set_up,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter


async def start(hass: HomeAssistant, entry: Any, subentry_id: str | None = None) -> Any:
    """Open the dialog that adds a product, or the one that changes it."""
    context = {"source": SOURCE_USER}
    if subentry_id:
        context = {"source": SOURCE_RECONFIGURE, "subentry_id": subentry_id}
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "product"), context=context
    )


async def answer(hass: HomeAssistant, flow: Any, data: dict[str, Any]) -> Any:
    """Answer a step."""
    result = await hass.config_entries.subentries.async_configure(flow["flow_id"], data)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


LAMPS = {"product_name": "Lamps", "all_devices": False, "devices": ["desk-lamp"]}


async def test_add_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """A further product works at once, beside the first."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start(hass, entry)
    assert flow["step_id"] == "user"
    result = await answer(hass, flow, {"product_id": " LAMP202611\u200b"})
    assert result["step_id"] == "devices"
    result = await answer(hass, flow, LAMPS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    subentry = next(item for item in entry.subentries.values() if item.title == "Lamps")
    assert subentry.unique_id == "LAMP202611"
    assert subentry.data == {
        "product_id": "LAMP202611",
        "all_devices": False,
        "devices": ["desk-lamp"],
        "timestamp_unit": "seconds",
        "use_properties": True,
        "sleeps": False,
        "secret": [],
        "plain": ["echo/text"],
    }
    assert button(hass, "LAMP202611/desk-lamp/blink")
    assert button(hass, "FEEDER2026/kitchen-feeder/feed")
    assert hass.services.has_service(DOMAIN, "lamp202611_blink")


@pytest.mark.parametrize(
    ("product_id", "code", "error"),
    [
        ("FEEDER2026", "", "product_configured"),
        ("NOBODY", "ResourceNotFound.StudioProductNotExist", "unknown_product"),
    ],
)
async def test_product_refused(
    hass: HomeAssistant, cloud: Cloud, product_id: str, code: str, error: str
) -> None:
    """A product that is in use, or unknown, is refused at its field."""
    cloud.expect(code)
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start(hass, entry)
    result = await answer(hass, flow, {"product_id": product_id})
    assert result["errors"] == {"product_id": error}
    assert suggested(result)["product_id"] == product_id


async def test_devices_refused(hass: HomeAssistant, cloud: Cloud) -> None:
    """No device at all is refused, and what was chosen stays."""
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start(hass, entry)
    await answer(hass, flow, {"product_id": "LAMP202611"})
    result = await answer(hass, flow, LAMPS | {"devices": []})
    assert result["errors"] == {"devices": "no_devices_chosen"}
    assert suggested(result)["product_name"] == "Lamps"


async def test_two_dialogs(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of two dialogs for one product the later ends without harm."""
    entry = await set_up(hass, cloud, FEEDER)
    first, second = await start(hass, entry), await start(hass, entry)
    await answer(hass, first, {"product_id": "LAMP202611"})
    await answer(hass, second, {"product_id": "LAMP202611"})
    assert (await answer(hass, first, LAMPS))["type"] is FlowResultType.CREATE_ENTRY
    assert (await answer(hass, second, LAMPS))["reason"] == "already_configured"
    assert len(entry.subentries) == 2


async def test_reconfigure(hass: HomeAssistant, cloud: Cloud) -> None:
    """Name, devices and unit can be changed; services keep their names."""
    entry = await set_up(hass, cloud, LAMP)
    (subentry_id,) = entry.subentries
    entity_id = button(hass, "LAMP202611/desk-lamp/blink")
    flow = await start(hass, entry, subentry_id)
    assert flow["step_id"] == "reconfigure"
    assert suggested(flow)["product_name"] == "Lamp"
    assert suggested(flow)["devices"] == ["desk-lamp", "hall-lamp"]
    result = await answer(hass, flow, LAMPS | {"devices": []})
    assert result["errors"] == {"devices": "no_devices_chosen"}
    chosen = LAMPS | {"timestamp_unit": "seconds"}
    result = await answer(hass, flow, chosen)
    assert result["reason"] == "reconfigure_successful"
    subentry = entry.subentries[subentry_id]
    assert subentry.title == "Lamps"
    assert subentry.data["timestamp_unit"] == "seconds"
    assert button(hass, "LAMP202611/desk-lamp/blink") == entity_id
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    assert [(device.name, device.model) for device in devices] == [
        ("desk-lamp", "Lamps")
    ]
    assert hass.services.has_service(DOMAIN, "lamp202611_blink")


async def test_product_id_of_blanks(hass: HomeAssistant, cloud: Cloud) -> None:
    """A ProductId of nothing but blanks is refused before anything is sent."""
    entry = await set_up(hass, cloud)
    result = await answer(hass, await start(hass, entry), {"product_id": " \u200b"})
    assert result["errors"] == {"product_id": "empty"}
    assert cloud.emulator.journal == []


@pytest.mark.parametrize("is_left_out", [False, True])
async def test_unit_stays_stored(
    hass: HomeAssistant, cloud: Cloud, is_left_out: bool
) -> None:
    """What the form shows can be submitted as it is; a unit that is left out stays."""
    entry = await set_up(
        hass, cloud, product("LAMP202611", ["desk-lamp"], timestamp_unit="milliseconds")
    )
    (subentry_id,) = entry.subentries
    data = dict(entry.subentries[subentry_id].data)
    flow = await start(hass, entry, subentry_id)
    typed = shown(flow)
    assert typed["timestamp_unit"] == "milliseconds"
    if is_left_out:
        del typed["timestamp_unit"]
    result = await answer(hass, flow, typed | {"devices": []})
    assert result["errors"] == {"devices": "no_devices_chosen"}
    result = await answer(hass, flow, shown(result) | {"devices": ["desk-lamp"]})
    assert result["reason"] == "reconfigure_successful"
    chosen = {"sleeps": False, "secret": [], "plain": ["echo/text"]}
    assert entry.subentries[subentry_id].data == data | chosen


async def test_no_time_stamps(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product that is sent no time stamp has no unit to choose; what is stored stays."""
    tone = parameter("tone", "Tone", type="int")
    moment = parameter("moment", "Moment", type="timestamp")
    add_product(cloud, "BELL", action("ring", "Ring", [tone], [moment]))
    old = product("OLD", ["device-1"], timestamp_unit="milliseconds")
    add_product(cloud, "OLD", action("ring", "Ring"))
    entry = await set_up(hass, cloud, old)
    (old_id,) = entry.subentries
    flow = await start(hass, entry)
    flow = await answer(hass, flow, {"product_id": "BELL"})
    fields = {"product_name", "all_devices", "devices"}
    assert flow["data_schema"].schema.keys() == fields
    chosen = {"product_name": "Bell", "all_devices": True}
    await answer(hass, flow, chosen)
    (bell,) = (item for item in entry.subentries.values() if item.title == "Bell")
    assert bell.data["timestamp_unit"] == "seconds"
    flow = await start(hass, entry, old_id)
    assert flow["data_schema"].schema.keys() == fields
    result = await answer(hass, flow, shown(flow))
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[old_id].data["timestamp_unit"] == "milliseconds"


async def test_reconfigure_while_cloud_is_away(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """The dialog says why it cannot go on, and goes on when it can."""
    cloud.emulator.keep_alive = False
    entry = await set_up(hass, cloud, LAMP)
    (subentry_id,) = entry.subentries
    await cloud.emulator.stop()
    flow = await start(hass, entry, subentry_id)
    assert flow["errors"] == {"base": "cannot_connect"}
    assert (await answer(hass, flow, {}))["errors"] == {"base": "cannot_connect"}
    await cloud.emulator.start()
    result = await answer(hass, flow, {})
    assert not result["errors"]
    result = await answer(hass, flow, LAMPS)
    assert result["reason"] == "reconfigure_successful"


async def test_entry_that_is_not_loaded(hass: HomeAssistant, cloud: Cloud) -> None:
    """Products can be added and changed while the application is not loaded."""
    entry = make_entry(cloud, LAMP)
    entry.add_to_hass(hass)
    (subentry_id,) = entry.subentries
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    flow = await start(hass, entry, subentry_id)
    result = await answer(hass, flow, LAMPS)
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[subentry_id].title == "Lamps"
    flow = await start(hass, entry)
    await answer(hass, flow, {"product_id": "FEEDER2026"})
    await answer(hass, flow, {"product_name": "Feeder", "all_devices": True})
    assert len(entry.subentries) == 2
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED


async def test_remove_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """A removed product takes its devices and services along, and nothing else."""
    entry = await set_up(hass, cloud, FEEDER, product("LAMP202611", ["desk-lamp"]))
    lamp = next(
        item for item in entry.subentries.values() if item.title != "宠物喂食器"
    )
    hass.config_entries.async_remove_subentry(entry, lamp.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    assert {device.model_id for device in devices} == {"FEEDER2026"}
    services = hass.services.async_services_for_domain(DOMAIN)
    assert set(services) == {
        *FIXED_SERVICES,
        "feeder2026_feed",
        "feeder2026_clean_bowl",
        "feeder2026_set_meal",
    }


async def test_product_added_while_another_is_read(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Two products that are added at a time both are there in the end."""
    entry = await set_up(hass, cloud, FEEDER)
    first, second = await start(hass, entry), await start(hass, entry)
    await answer(hass, first, {"product_id": "LAMP202611"})
    await answer(hass, second, {"product_id": "DOORLOCK01"})
    with held_reads(cloud) as release:
        await hass.config_entries.subentries.async_configure(first["flow_id"], LAMPS)
        lock = {"product_name": "Lock", "all_devices": True}
        await hass.config_entries.subentries.async_configure(second["flow_id"], lock)
        assert not hass.services.has_service(DOMAIN, "doorlock01_ring")
        release.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.services.has_service(DOMAIN, "doorlock01_ring")
    assert button(hass, "DOORLOCK01/front-door/ring")
    assert button(hass, "LAMP202611/desk-lamp/blink")
