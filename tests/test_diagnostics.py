"""Diagnostics: what helps, and no secret or name."""

import json
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.json import json_dumps

from .emulator import Fault
from .emulator.server import APP_KEY, APP_SECRET
from .helpers import FEEDER, LAMP, Cloud, device_id, poll, product, set_up
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)


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
    assert feeder["actions"][0]["inputs"][0]["maximum"] == 10
    assert lamp["devices"] == {
        "device 1": {"status": 1, "firmware": "1.0.3", "gone": False},
        "device 2": {"status": 0, "firmware": "1.0.3", "gone": False},
    }


async def test_failure(hass: HomeAssistant, cloud: Cloud) -> None:
    """What failed at the last reading is there with its code."""
    cloud.expect("Mystery")
    entry = await set_up(hass, cloud, product("LAMP202611", all_devices=True))
    cloud.emulator.faults.append(Fault(action="ServiceGetDeviceList", code="Mystery"))
    await poll(hass)
    (lamp,) = (await of_entry(hass, entry))["products"]
    assert (lamp["failure"], lamp["failure_code"]) == ("refused", "Mystery")


async def test_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device's diagnostics tell of that device and its product."""
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
