"""Devices that the dialog of a product finds replaced, gone or not picked any more."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from .entities import add_product
from .helpers import LAMP, Cloud, button, device_id, poll, product, set_up
from .test_product_flow import answer, start
from emulator import EmulatedDevice
from emulator.products import action, parameter

WITH_SPARE = {
    "product_name": "Lamp",
    "all_devices": False,
    "devices": ["desk-lamp", "spare-lamp"],
}


def replace_lamp(cloud: Cloud) -> None:
    """Take a picked lamp out of the emulated cloud, and put another one into it."""
    lamps = cloud.emulator.products["LAMP202611"].devices
    del lamps["hall-lamp"]
    lamps["spare-lamp"] = EmulatedDevice(name="spare-lamp")


@pytest.mark.parametrize("replaces", [True, False])
async def test_replaced_by_a_newcomer(
    hass: HomeAssistant, cloud: Cloud, replaces: bool
) -> None:
    """A new device can take the place of one that the cloud has no more."""
    entry = await set_up(hass, cloud, LAMP)
    device = device_id(hass, entry, "hall-lamp")
    entity_id = button(hass, "LAMP202611/hall-lamp/blink")
    replace_lamp(cloud)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    flow = await answer(hass, flow, WITH_SPARE)
    assert flow["step_id"] == "replace"
    assert flow["description_placeholders"]["device"] == "hall\\-lamp"
    options = flow["data_schema"].schema["new_device"].config["options"]
    assert options == ["spare-lamp"]
    result = await answer(hass, flow, {"new_device": "spare-lamp"} if replaces else {})
    assert result["reason"] == "reconfigure_successful"
    moved = dr.async_get(hass).async_get(device)
    assert (moved is not None) is replaces
    new_button = button(hass, "LAMP202611/spare-lamp/blink")
    assert (new_button == entity_id) is replaces
    assert entry.subentries[subentry_id].data["devices"] == WITH_SPARE["devices"]


async def test_replacement_that_was_picked_meanwhile(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A device that came into use in another window takes the place of no other."""
    entry = await set_up(hass, cloud, LAMP)
    replace_lamp(cloud)
    subentry_id, subentry = next(iter(entry.subentries.items()))
    flow = await start(hass, entry, subentry_id)
    flow = await answer(hass, flow, WITH_SPARE)
    assert flow["step_id"] == "replace"
    picked = ["desk-lamp", "hall-lamp", "spare-lamp"]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "devices": picked}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    before = device_id(hass, entry, "hall-lamp"), device_id(hass, entry, "spare-lamp")
    result = await answer(hass, flow, {"new_device": "spare-lamp"})
    assert (result["type"], result["reason"]) == ("abort", "new_device_used")
    assert result["description_placeholders"] == {"new_device": "spare\\-lamp"}
    after = device_id(hass, entry, "hall-lamp"), device_id(hass, entry, "spare-lamp")
    assert after == before
    assert entry.subentries[subentry_id].data["devices"] == picked


async def test_replaced_device_that_was_unpicked_meanwhile(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Where nothing is left to be replaced, the dialog ends with what was chosen."""
    entry = await set_up(hass, cloud, LAMP)
    replace_lamp(cloud)
    subentry_id, subentry = next(iter(entry.subentries.items()))
    flow = await start(hass, entry, subentry_id)
    flow = await answer(hass, flow, WITH_SPARE)
    assert flow["step_id"] == "replace"
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "devices": ["desk-lamp"]}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await answer(hass, flow, {"new_device": "spare-lamp"})
    assert (result["type"], result["reason"]) == ("abort", "reconfigure_successful")
    assert entry.subentries[subentry_id].data["devices"] == WITH_SPARE["devices"]
    assert button(hass, "LAMP202611/spare-lamp/blink")


async def test_device_beyond_the_list_is_not_asked_about(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Of a product that is too large to list, no device is said to be gone."""
    add_product(cloud, "BIG", action("clean", "Clean"), devices=700)
    entry = await set_up(hass, cloud, product("BIG", ["device-699"]))
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen = {
        "product_name": "Big",
        "all_devices": False,
        "devices": ["device-1"],
    }
    result = await answer(hass, flow, chosen)
    assert result["reason"] == "reconfigure_successful"


async def test_unpicked_device_is_not_asked_about(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A device that still exists is simply not used any more."""
    entry = await set_up(hass, cloud, product("LAMP202611", ["hall-lamp"]))
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen = {"product_name": "Lamp", "all_devices": False, "devices": ["desk-lamp"]}
    result = await answer(hass, flow, chosen)
    assert result["reason"] == "reconfigure_successful"
    await poll(hass)
    assert button(hass, "LAMP202611/desk-lamp/blink")


@pytest.mark.parametrize("step", ["reconfigure", "replace"])
async def test_product_that_was_removed_meanwhile(
    hass: HomeAssistant, cloud: Cloud, step: str
) -> None:
    """A dialog whose product was removed in another window ends in words."""
    entry = await set_up(hass, cloud, LAMP)
    replace_lamp(cloud)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen: dict[str, object] = WITH_SPARE
    if step == "replace":
        flow = await answer(hass, flow, chosen)
        chosen = {"new_device": "spare-lamp"}
    assert flow["step_id"] == step
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await answer(hass, flow, chosen)
    assert (result["type"], result["reason"]) == ("abort", "product_removed")


@pytest.mark.parametrize("is_typed", [False, True], ids=["user", "devices"])
async def test_application_that_was_removed_meanwhile(
    hass: HomeAssistant, cloud: Cloud, is_typed: bool
) -> None:
    """A dialog whose application was removed in another window ends in words."""
    entry = await set_up(hass, cloud, product("FEEDER2026", ["kitchen-feeder"]))
    flow = await start(hass, entry)
    chosen: dict[str, object] = {"product_id": "LAMP202611"}
    if is_typed:
        flow = await answer(hass, flow, chosen)
        chosen = {"product_name": "Lamp", "all_devices": True}
    await hass.config_entries.async_remove(entry.entry_id)
    result = await answer(hass, flow, chosen)
    assert (result["type"], result["reason"]) == ("abort", "product_removed")


async def test_product_removed_before_its_secrets(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """What is typed into the last step of a dialog goes nowhere if its product went."""
    pin = parameter("pinCode", "PIN", type="string", min="4", max="8")
    add_product(cloud, "SAFE", action("open", "Open", [pin]))
    entry = await set_up(hass, cloud, product("SAFE", ["device-1"]))
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    chosen = {
        "product_name": "Safe",
        "all_devices": False,
        "devices": ["device-1"],
        "secret_inputs": ["open/pinCode"],
    }
    flow = await answer(hass, flow, chosen)
    assert flow["step_id"] == "secrets"
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await answer(hass, flow, {"Open (open): PIN (pinCode)": "2718"})
    assert (result["type"], result["reason"]) == ("abort", "product_removed")
