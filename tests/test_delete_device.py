"""Delete on a device's page, as a browser sends it: done, or refused in words."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.components import websocket_api
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from .helpers import LAMP, LOCK, Cloud, button, device_id, poll, product, set_up
from .test_gone_devices import ALL_LAMPS, issues, lamps, names
from .test_translations import LANGUAGES, load
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, Fault

type Delete = Callable[[MockConfigEntry, str], Awaitable[Any]]

REMOVE = "config/device_registry/remove"


@pytest.fixture
async def delete(
    hass: HomeAssistant, cloud: Cloud, hass_ws_client: WebSocketGenerator
) -> Delete:
    """Return what a click on Delete does."""
    # All that the integration needs adds its views before the first request.
    assert await async_setup_component(hass, "webhook", {})
    assert await async_setup_component(hass, "config", {})
    client = await hass_ws_client(hass)

    async def async_delete(entry: MockConfigEntry, name: str) -> Any:
        """Delete a device; return the error that is shown, or nothing."""
        message = {"type": REMOVE, "device_id": device_id(hass, entry, name)}
        if REMOVE not in hass.data[websocket_api.DOMAIN]:
            message["type"] = "config/device_registry/remove_config_entry"
            message["config_entry_id"] = entry.entry_id
        await client.send_json_auto_id(message)
        answer = await client.receive_json()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert answer["success"] is ("error" not in answer)
        return answer.get("error")

    return async_delete


def text(language: str, key: str, **placeholders: str) -> str:
    """Return the words of a refusal."""
    message: str = load(language)["exceptions"][key]["message"]
    return message.format(**placeholders)


@pytest.mark.parametrize("name", ["desk-lamp", "hall-lamp"], ids=["online", "offline"])
async def test_picked(
    hass: HomeAssistant, cloud: Cloud, delete: Delete, name: str
) -> None:
    """A picked device that exists goes, and is not picked any more."""
    entry = await set_up(hass, cloud, LAMP, LOCK)
    assert await delete(entry, name) is None
    remaining = {"desk-lamp", "hall-lamp"} - {name}
    assert names(hass, entry) == remaining | {"front-door"}
    lamp, lock = entry.subentries.values()
    assert lamp.data == {**LAMP["data"], "devices": [*remaining]}
    assert lock.data == LOCK["data"]
    await poll(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert names(hass, entry) == remaining | {"front-door"}
    (other,) = remaining
    assert hass.states.get(button(hass, f"LAMP202611/{other}/blink"))


async def test_picked_and_gone(
    hass: HomeAssistant, cloud: Cloud, delete: Delete
) -> None:
    """With a picked device that is gone, the question about it goes, too."""
    entry = await set_up(hass, cloud, LAMP)
    del lamps(cloud)["hall-lamp"]
    for _ in range(2):
        await poll(hass)
    assert len(issues(hass)) == 1
    assert await delete(entry, "hall-lamp") is None
    assert names(hass, entry) == {"desk-lamp"}
    assert issues(hass) == []


async def test_secrets_of_a_picked_device(
    hass: HomeAssistant, cloud: Cloud, delete: Delete
) -> None:
    """The values that secret inputs have for one device alone go with it."""
    values = {
        name: {"openDoor": {"userid": name}} for name in ("front-door", "back-door")
    }
    data = {**LOCK["data"], "devices": [*values], "device_secret_inputs": values}
    doors = cloud.emulator.products["DOORLOCK01"].devices
    doors["back-door"] = EmulatedDevice(name="back-door")
    entry = await set_up(hass, cloud, ConfigSubentryData(**{**LOCK, "data": data}))
    (subentry,) = entry.subentries.values()
    assert await delete(entry, "front-door") is None
    del values["front-door"]
    assert subentry.data["device_secret_inputs"] == values
    assert await delete(entry, "back-door") is None
    assert "device_secret_inputs" not in subentry.data


async def test_last_picked(hass: HomeAssistant, cloud: Cloud, delete: Delete) -> None:
    """A product stays when its last device goes, with its services."""
    entry = await set_up(hass, cloud, LOCK)
    assert await delete(entry, "front-door") is None
    assert names(hass, entry) == set()
    (subentry,) = entry.subentries.values()
    assert subentry.data["devices"] == []
    await poll(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert names(hass, entry) == set()
    services = hass.services.async_services_for_domain(DOMAIN)
    assert [name for name in services if name.startswith("doorlock01_")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["desk-lamp", "hall-lamp"], ids=["online", "offline"])
async def test_followed(
    hass: HomeAssistant, cloud: Cloud, delete: Delete, language: str, name: str
) -> None:
    """A device that would come back is refused in words that say what to do."""
    hass.config.language = language
    entry = await set_up(hass, cloud, ALL_LAMPS)
    registry = dr.async_get(hass)
    registry.async_update_device(device_id(hass, entry, name), name_by_user="Tall one")
    error = await delete(entry, name)
    assert error["message"] == text(
        language, "delete_followed", device="Tall one", product="Lamp"
    )
    assert error["translation_key"] == "delete_followed"
    assert error["translation_domain"] == DOMAIN
    assert error["translation_placeholders"]["device"] == "Tall one"
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}


async def test_followed_and_gone(
    hass: HomeAssistant, cloud: Cloud, delete: Delete
) -> None:
    """A device that the cloud has no more can be deleted before it goes by itself."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    del lamps(cloud)["hall-lamp"]
    await poll(hass)
    assert await delete(entry, "hall-lamp") is None
    assert names(hass, entry) == {"desk-lamp"}
    await poll(hass)
    assert names(hass, entry) == {"desk-lamp"}


async def test_last_followed(hass: HomeAssistant, cloud: Cloud, delete: Delete) -> None:
    """After the last device is deleted, a new one comes within a poll."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    lamps(cloud).clear()
    await poll(hass)
    for name in ("desk-lamp", "hall-lamp"):
        assert await delete(entry, name) is None
    lamps(cloud)["new-lamp"] = EmulatedDevice(name="new-lamp")
    await poll(hass)
    assert names(hass, entry) == {"new-lamp"}


async def test_followed_and_unread(
    hass: HomeAssistant, cloud: Cloud, delete: Delete
) -> None:
    """While nobody knows what the cloud has, a followed device stays."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    cloud.emulator.faults.append(Fault(drop=True, times=999))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    error = await delete(entry, "desk-lamp")
    assert error["message"] == text(
        "en", "delete_not_read", device="desk-lamp", product="Lamp"
    )
    await hass.config_entries.async_unload(entry.entry_id)
    error = await delete(entry, "desk-lamp")
    assert error["message"] == text(
        "en", "delete_not_loaded", device="desk-lamp", entry="Home"
    )
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}


async def test_followed_and_not_in_a_part(
    hass: HomeAssistant, cloud: Cloud, delete: Delete
) -> None:
    """A list that is not complete does not show that a followed device is gone."""
    entry = await set_up(hass, cloud, ALL_LAMPS)
    cloud.emulator.faults.append(
        Fault(call="GetDeviceList", times=99, payload={"Devices": [], "Total": 2})
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    error = await delete(entry, "desk-lamp")
    assert error["translation_key"] == "delete_not_read"
    assert names(hass, entry) == {"desk-lamp", "hall-lamp"}


@pytest.mark.parametrize("is_loaded", [True, False])
async def test_picked_without_the_cloud(
    hass: HomeAssistant, cloud: Cloud, delete: Delete, is_loaded: bool
) -> None:
    """A picked device can be deleted without knowing whether the cloud has it."""
    entry = await set_up(hass, cloud, LAMP)
    cloud.emulator.faults.append(Fault(drop=True, times=999))
    await hass.config_entries.async_reload(entry.entry_id)
    if not is_loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    assert await delete(entry, "desk-lamp") is None
    assert names(hass, entry) == {"hall-lamp"}
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert names(hass, entry) == {"hall-lamp"}


@pytest.mark.parametrize(
    "identifier",
    [(DOMAIN, "FORMER/old-lamp"), (DOMAIN, "LAMP202611/old-lamp"), ("other", "x")],
    ids=["product", "device", "integration"],
)
async def test_left_over(
    hass: HomeAssistant, cloud: Cloud, delete: Delete, identifier: tuple[str, str]
) -> None:
    """A device that nothing here stands for can be deleted."""
    entry = await set_up(hass, cloud, product("LAMP202611", ["desk-lamp"]))
    dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={identifier}, name="Left over"
    )
    assert await delete(entry, "Left over") is None
    assert names(hass, entry) == {"desk-lamp"}
