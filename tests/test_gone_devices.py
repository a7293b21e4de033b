"""Devices that appear in the cloud and go from it."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import flush_store

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .entities import add_product
from .helpers import LAMP, Cloud, button, device_id, poll, product, set_up
from .test_gone_actions import answer, fix
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.stale.devices import _DOUBTFUL as DOUBTFUL
from emulator import EmulatedDevice, Fault
from emulator.products import action

ALL_LAMPS = product("LAMP202611", all_devices=True, title="Lamp")


def lamps(cloud: Cloud) -> dict[str, EmulatedDevice]:
    """Return the devices of the lamp's product, to be changed."""
    return cloud.emulator.products["LAMP202611"].devices


def names(hass: HomeAssistant, entry: Any) -> set[str | None]:
    """Return the names of the devices in the device registry."""
    registry = dr.async_get(hass)
    devices = dr.async_entries_for_config_entry(registry, entry.entry_id)
    return {device.name for device in devices}


def device_issue(hass: HomeAssistant, name: str) -> str:
    """Return the id of the repair issue that asks about a picked device."""
    (found,) = [
        issue.issue_id
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.data and issue.data.get("device") == name
    ]
    return found


def issues(hass: HomeAssistant) -> list[str]:
    """Return the repair issues of this integration."""
    return [key for domain, key in ir.async_get(hass).issues if domain == DOMAIN]


async def test_new_and_gone(hass: HomeAssistant, cloud: Cloud) -> None:
    """With all devices, a new one comes within a poll, a deleted one goes after two."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud)["new-lamp"] = EmulatedDevice(name="new-lamp")
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp", "new-lamp"}
    gone = lamps(cloud).pop("new-lamp")
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp", "new-lamp"}
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}
    assert issues(hass) == []
    lamps(cloud)["new-lamp"] = gone
    await poll(hass)
    state = hass.states.get(button(hass, "LAMP202611/new-lamp/blink"))
    assert state
    assert state.state == "unknown"


async def test_away_for_one_poll(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that is missing now and then never goes."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    device = device_id(hass, entry, "desk-lamp")
    for _ in range(3):
        lamp = lamps(cloud).pop("desk-lamp")
        await poll(hass)
        lamps(cloud)["desk-lamp"] = lamp
        await poll(hass)
    assert device_id(hass, entry, "desk-lamp") == device


@pytest.mark.parametrize(
    "fault",
    [
        Fault(call="GetDeviceList", times=99, drop=True),
        Fault(call="GetDeviceList", times=9, payload={"Devices": [], "Total": 2}),
    ],
    ids=["failed", "partial"],
)
async def test_poll_that_proves_nothing(
    hass: HomeAssistant, cloud: Cloud, fault: Fault
) -> None:
    """A failed or partial poll removes nothing, however often."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    for _ in range(4):
        await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}
    assert issues(hass) == []


@pytest.mark.parametrize(
    ("known", "gone", "asks"),
    [(2, 2, True), (20, 5, False), (20, 6, True), (24, 6, False)],
    ids=["all", "few", "many", "a-quarter"],
)
async def test_gone_in_numbers(
    hass: HomeAssistant, cloud: Cloud, known: int, gone: int, asks: bool
) -> None:
    """All at once, or more than five and a quarter, stay until a person confirms."""
    lamps(cloud).clear()
    for index in range(known):
        lamps(cloud)[f"lamp-{index}"] = EmulatedDevice(name=f"lamp-{index}")
    entry = await set_up(hass, cloud, ALL_LAMPS)
    for index in range(gone):
        del lamps(cloud)[f"lamp-{index}"]
    for _ in range(3):
        await poll(hass)
    assert len(names(hass, entry)) == (known if asks else known - gone)
    assert issues(hass) == (["devices_gone_LAMP202611"] if asks else [])
    if asks:
        flow = await fix(hass, "devices_gone_LAMP202611")
        assert flow["description_placeholders"]["count"] == str(gone)
        await answer(hass, flow, {})
        assert len(names(hass, entry)) == known - gone
        assert issues(hass) == []


@pytest.mark.parametrize("known", [1, 2, 4, 5])
@pytest.mark.parametrize("newcomers_at", [0, 1, 2], ids=["with", "between", "after"])
async def test_newcomers_hide_no_loss(
    hass: HomeAssistant, cloud: Cloud, known: int, newcomers_at: int
) -> None:
    """All that were known are asked about, whenever and however many others come."""
    lamps(cloud).clear()
    olds = {f"old-{index}" for index in range(known)}
    lamps(cloud).update({name: EmulatedDevice(name=name) for name in olds})
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud).clear()
    news: set[str] = set()
    for poll_number in range(5):
        if poll_number >= newcomers_at:
            news.add(f"new-{poll_number}")
        lamps(cloud).update({name: EmulatedDevice(name=name) for name in news})
        await poll(hass)
    assert names(hass, entry) == olds | news
    assert issues(hass) == ["devices_gone_LAMP202611"]
    flow = await fix(hass, "devices_gone_LAMP202611")
    assert flow["description_placeholders"]["count"] == str(known)
    await answer(hass, flow, {})
    assert names(hass, entry) == news
    assert issues(hass) == []


async def test_gone_one_after_the_other(hass: HomeAssistant, cloud: Cloud) -> None:
    """A loss that goes on from reading to reading is one loss."""
    lamps(cloud).clear()
    for index in range(4):
        lamps(cloud)[f"lamp-{index}"] = EmulatedDevice(name=f"lamp-{index}")
    entry = await set_up(hass, cloud, ALL_LAMPS)
    for index in range(4):
        del lamps(cloud)[f"lamp-{index}"]
        await poll(hass)
    await poll(hass)
    assert len(names(hass, entry)) == 4
    assert issues(hass) == ["devices_gone_LAMP202611"]


async def test_some_come_back(hass: HomeAssistant, cloud: Cloud) -> None:
    """While some of those that are asked about come back, the others stay."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    before = dict(lamps(cloud))
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    lamps(cloud)["desk-lamp"] = before["desk-lamp"]
    for _ in range(3):
        await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}
    assert issues(hass) == ["devices_gone_LAMP202611"]
    lamps(cloud)["hall-lamp"] = before["hall-lamp"]
    await poll(hass)
    assert issues(hass) == []
    # From then on all is as before: a single one goes by itself.
    del lamps(cloud)["hall-lamp"]
    for _ in range(2):
        await poll(hass)
    assert names(hass, entry) == {"desk-lamp"}


async def test_gone_while_others_waver(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device goes when a reading shows that no other follows it."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud)["new-lamp"] = EmulatedDevice(name="new-lamp")
    await poll(hass)
    del lamps(cloud)["hall-lamp"]
    await poll(hass)
    desk = lamps(cloud).pop("desk-lamp")
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp", "new-lamp"}
    lamps(cloud)["desk-lamp"] = desk
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "new-lamp"}


@pytest.mark.parametrize("restart", ["reload", "restart"])
async def test_open_question_survives(
    hass: HomeAssistant, cloud: Cloud, restart: str
) -> None:
    """A reload or a restart does not answer the question, whatever came meanwhile."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    olds = dict(lamps(cloud))
    lamps(cloud).clear()
    for index in range(9):
        lamps(cloud)[f"new-{index}"] = EmulatedDevice(name=f"new-{index}")
    for _ in range(2):
        await poll(hass)
    assert issues(hass) == ["devices_gone_LAMP202611"]
    await hass.config_entries.async_unload(entry.entry_id)
    if restart == "restart":
        # What Home Assistant reads of issues at a start; nothing else is kept.
        hass.data.pop(DOUBTFUL)
        registry = ir.async_get(hass)
        ir.async_create_issue(
            hass,
            DOMAIN,
            "devices_gone_LAMP202611",
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="devices_gone",
        )
        await flush_store(registry._store)
        await registry.async_load()
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(3):
        await poll(hass)
    assert len(names(hass, entry)) == 11
    assert issues(hass) == ["devices_gone_LAMP202611"]
    lamps(cloud).update(olds)
    await poll(hass)
    assert issues(hass) == []
    await hass.config_entries.async_reload(entry.entry_id)
    del lamps(cloud)["desk-lamp"]
    for _ in range(3):
        await poll(hass)
    assert len(names(hass, entry)) == 10


async def test_gone_before_the_first_reading(hass: HomeAssistant, cloud: Cloud) -> None:
    """At a start those of earlier starts are known, and newcomers are not."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    await hass.config_entries.async_unload(entry.entry_id)
    lamps(cloud).clear()
    lamps(cloud)["new-lamp"] = EmulatedDevice(name="new-lamp")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(3):
        await poll(hass)
    assert names(hass, entry) == {"desk-lamp", "hall-lamp", "new-lamp"}
    assert issues(hass) == ["devices_gone_LAMP202611"]


async def test_many_come_back(hass: HomeAssistant, cloud: Cloud) -> None:
    """If they come back, the question goes."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    before = dict(lamps(cloud))
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    assert issues(hass) == ["devices_gone_LAMP202611"]
    lamps(cloud).update(before)
    await poll(hass)
    assert issues(hass) == []
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}


async def test_picked_device_removed(hass: HomeAssistant, cloud: Cloud) -> None:
    """A picked device that is gone is asked about, and removed when confirmed."""
    entry = await set_up(hass, cloud, LAMP)
    lamp = lamps(cloud).pop("hall-lamp")
    for _ in range(2):
        await poll(hass)
    issue_id = device_issue(hass, "hall-lamp")
    assert issues(hass) == [issue_id]
    lamps(cloud)["hall-lamp"] = lamp
    await poll(hass)
    assert issues(hass) == []
    del lamps(cloud)["hall-lamp"]
    for _ in range(2):
        await poll(hass)
    flow = await fix(hass, issue_id)
    assert flow["menu_options"] == ["confirm", "replace"]
    flow = await answer(hass, flow, {"next_step_id": "confirm"})
    assert flow["description_placeholders"]["device"] == "hall\\-lamp"
    await answer(hass, flow, {})
    assert names(hass, entry) == {"desk-lamp"}
    (subentry,) = entry.subentries.values()
    assert subentry.data["devices"] == ["desk-lamp"]
    assert issues(hass) == []


@pytest.mark.parametrize("is_removed", [True, False], ids=["removed", "settled"])
async def test_product_whose_id_begins_another(
    hass: HomeAssistant, cloud: Cloud, is_removed: bool
) -> None:
    """What becomes of a product settles no question about another one."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    for product_id in ("SHORT", "SHORT_ER"):
        add_product(cloud, product_id, action("go", "Go"), devices=2)
    both = ["device-1", "device-2"]
    entry = await set_up(hass, cloud, product("SHORT", both), product("SHORT_ER", both))
    del cloud.emulator.products["SHORT_ER"].devices["device-2"]
    for _ in range(2):
        await poll(hass)
    before = issues(hass)
    assert len(before) == 1
    short = next(iter(entry.subentries.values()))
    if is_removed:
        hass.config_entries.async_remove_subentry(entry, short.subentry_id)
    else:
        hass.config_entries.async_update_subentry(
            entry, short, data={**short.data, "devices": ["device-1"]}
        )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == before


async def test_picked_device_replaced(hass: HomeAssistant, cloud: Cloud) -> None:
    """Another device takes the place of one that is gone; all that was set up stays."""
    entry = await set_up(hass, cloud, LAMP)
    device = device_id(hass, entry, "hall-lamp")
    area = ar.async_get(hass).async_create("Hall")
    dr.async_get(hass).async_update_device(device, area_id=area.id)
    registry = er.async_get(hass)
    before = {
        entity.entity_id: entity.unique_id
        for entity in er.async_entries_for_device(registry, device)
    }
    assert len(before) == 12
    brightness = registry.async_get_entity_id(
        "number", DOMAIN, "LAMP202611/hall-lamp/echo/brightness"
    )
    await hass.services.async_call(
        "number", "set_value", {"entity_id": brightness, "value": 7}, blocking=True
    )
    del lamps(cloud)["hall-lamp"]
    lamps(cloud)["spare-lamp"] = EmulatedDevice(name="spare-lamp")
    for _ in range(2):
        await poll(hass)
    flow = await fix(hass, device_issue(hass, "hall-lamp"))
    flow = await answer(hass, flow, {"next_step_id": "replace"})
    options = flow["data_schema"].schema["new_device"].config["options"]
    assert options == ["spare-lamp"]
    await answer(hass, flow, {"new_device": "spare-lamp"})
    after = {
        entity.entity_id: entity.unique_id
        for entity in er.async_entries_for_device(registry, device)
    }
    assert after == {
        entity_id: unique_id.replace("hall-lamp", "spare-lamp")
        for entity_id, unique_id in before.items()
    }
    moved = dr.async_get(hass).async_get(device)
    assert moved
    assert moved.area_id == area.id
    assert moved.name_by_user == "hall-lamp"
    assert moved.serial_number == "spare-lamp"
    assert issues(hass) == []
    state = hass.states.get(str(brightness))
    assert state
    assert state.state == "7"
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": button(hass, "LAMP202611/spare-lamp/blink")},
        blocking=True,
    )
    assert cloud.executed == [("spare-lamp", "blink", {})]


async def test_nothing_to_replace_with(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without another device, or without the cloud, the question says so."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, LAMP)
    del lamps(cloud)["hall-lamp"]
    for _ in range(2):
        await poll(hass)
    flow = await fix(hass, device_issue(hass, "hall-lamp"))
    flow = await answer(hass, flow, {"next_step_id": "replace"})
    assert flow["reason"] == "no_other_device"
    flow = await fix(hass, device_issue(hass, "hall-lamp"))
    await cloud.emulator.stop()
    flow = await answer(hass, flow, {"next_step_id": "replace"})
    assert flow["reason"] == "not_readable"


async def test_many_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """130 devices over two pages are all there."""
    lamps(cloud).clear()
    for index in range(130):
        lamps(cloud)[f"lamp-{index}"] = EmulatedDevice(name=f"lamp-{index}")
    entry = await set_up(hass, cloud, ALL_LAMPS)
    assert len(names(hass, entry)) == 130
    pages = cloud.emulator.requests("GetDeviceList")
    assert [page.parameters["Offset"] for page in pages] == [0, 100]


@pytest.mark.parametrize(
    "answer_with", [{"next_step_id": "confirm"}, {"next_step_id": "replace"}]
)
async def test_question_outlives_the_application(
    hass: HomeAssistant, cloud: Cloud, answer_with: dict[str, str]
) -> None:
    """A question that is answered after the application was unloaded does nothing."""
    entry = await set_up(hass, cloud, LAMP)
    del lamps(cloud)["hall-lamp"]
    for _ in range(2):
        await poll(hass)
    flow = await fix(hass, device_issue(hass, "hall-lamp"))
    await hass.config_entries.async_unload(entry.entry_id)
    flow = await answer(hass, flow, answer_with)
    if flow["type"] is FlowResultType.FORM:
        flow = await answer(hass, flow, {})
    assert flow["reason"] == "not_loaded"
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}
