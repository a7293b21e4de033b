"""Diagnostics: what helps, and no secret or name."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.repairs import DOMAIN as REPAIRS_DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.json import json_dumps
from homeassistant.setup import async_setup_component

from .helpers import FEEDER, LAMP, Cloud, device_id, poll, product, set_up
from .test_gone_devices import device_issue, lamps
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from emulator import Fault
from emulator.service_api import APP_KEY, APP_SECRET


async def of_entry(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the diagnostics of an application as they are downloaded."""
    return dict(
        json.loads(json_dumps(await async_get_config_entry_diagnostics(hass, entry)))
    )


async def test_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """Products, parsed templates and device states are there."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    diagnostics = await of_entry(hass, entry)
    assert diagnostics["settings"] == {
        "access": "application",
        "app_key": "**REDACTED**",
        "app_secret": "**REDACTED**",
        "endpoint": "another endpoint",
    }
    assert diagnostics["clock"]["offset_in_use"] == 0
    assert abs(diagnostics["clock"]["difference"]) <= 1
    feeder, lamp = diagnostics["products"]
    assert feeder["product_id"] == "FEEDER2026"
    assert feeder["title"] == "product 1"
    assert feeder["failure"] is None
    assert feeder["sentences_left_out"] == []
    assert list(feeder["requests"].values()) == [
        {
            "ServiceDescribeModelDefinition": {"template": 1},
            "ServiceGetDeviceList": {"poll": 1},
        }
    ]
    assert [action["id"] for action in feeder["actions"]] == [
        "feed",
        "cleanBowl",
        "setMeal",
    ]
    assert feeder["actions"][0]["inputs"][0]["type"]["maximum"] == 10
    assert lamp["devices"] == {
        "device 1": {"status": 1, "firmware": "1.0.3", "gone": False},
        "device 2": {"status": 0, "firmware": "1.0.3", "gone": False},
    }


async def test_failure(hass: HomeAssistant, cloud: Cloud) -> None:
    """What failed at the last reading is there with its code."""
    cloud.expect("Mystery")
    entry = await set_up(hass, cloud, product("LAMP202611", all_devices=True))
    cloud.emulator.faults.append(Fault(call="GetDeviceList", code="Mystery"))
    await poll(hass)
    (lamp,) = (await of_entry(hass, entry))["products"]
    assert (lamp["failure"], lamp["failure_code"]) == ("unknown_code", "Mystery")


async def test_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device's diagnostics are about that device and its product."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    device = dr.async_get(hass).async_get(device_id(hass, entry, "hall-lamp"))
    assert device
    diagnostics = await async_get_device_diagnostics(hass, entry, device)
    assert diagnostics["product_id"] == "LAMP202611"
    assert list(diagnostics["devices"]) == ["device 2"]
    stranger = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("other", "x")}
    )
    assert await async_get_device_diagnostics(hass, entry, stranger) == {}


async def test_no_secret_and_no_name(hass: HomeAssistant, cloud: Cloud) -> None:
    """Neither the key pair nor secrets nor names that people gave are there."""
    entry = await set_up(
        hass,
        cloud,
        product("LAMP202611", ["desk-lamp"], title="Grandmother's lamps"),
    )
    text = json.dumps(await of_entry(hass, entry))
    for secret in (
        APP_KEY,
        APP_SECRET,
        "desk-lamp",
        "Grandmother",
        "psk-of",
        "cert-of",
        "lora-",
        "127.0.0.1",
    ):
        assert secret not in text


@pytest.mark.parametrize("configured", ["picked", "all"])
@pytest.mark.parametrize("of", ["entry", "device"])
async def test_no_name_in_the_download(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_client: ClientSessionGenerator,
    configured: str,
    of: str,
) -> None:
    """No device is named in what is downloaded, which has the ids of repairs as well."""
    names = ["desk-lamp", "hall-lamp"]
    is_picked = configured == "picked"
    entry = await set_up(
        hass,
        cloud,
        product("LAMP202611", names if is_picked else [], all_devices=not is_picked),
    )
    lamps(cloud).clear()
    for _ in range(2):
        await poll(hass)
    if is_picked:
        # What a person ignores is kept over restarts.
        ir.async_ignore_issue(hass, DOMAIN, device_issue(hass, "desk-lamp"), True)
    assert await async_setup_component(hass, "diagnostics", {})
    client = await hass_client()
    url = f"/api/diagnostics/config_entry/{entry.entry_id}"
    if of == "device":
        url += f"/device/{device_id(hass, entry, 'desk-lamp')}"
    response = await client.get(url)
    assert response.status == 200
    text = await response.text()
    assert len(json.loads(text)["issues"]) == (2 if is_picked else 1)
    assert "LAMP202611" in text
    assert not [name for name in names if name in text]


async def test_ids_of_the_first_version(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """What was ignored in a version whose ids had names is forgotten at the start."""
    old = [f"device_gone_{key}" for key in ("LAMP202611/hall-lamp", "FORMER/lamp")]
    registry = ir.async_get(hass)
    for issue_id in old:
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="device_gone",
        )
        registry.async_ignore(DOMAIN, issue_id, True)
    hass_storage[ir.STORAGE_KEY] = {
        "version": ir.STORAGE_VERSION_MAJOR,
        "minor_version": ir.STORAGE_VERSION_MINOR,
        "key": ir.STORAGE_KEY,
        "data": registry._data_to_save(),
    }
    await ir.async_load(hass)
    assert {key for _, key in registry.issues} == set(old)
    await set_up(hass, cloud, LAMP)
    assert await async_setup_component(hass, REPAIRS_DOMAIN, {})
    assert list(registry.issues) == []
