"""How services are made from data templates."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import validate_selector
from homeassistant.helpers.service import async_get_all_descriptions

from .helpers import FEEDER, LAMP, LOCK, Cloud, product, services, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import action, parameter, template


async def describe(hass: HomeAssistant, service: str) -> dict[str, Any]:
    """Return the description of a service as the frontend gets it."""
    descriptions = await async_get_all_descriptions(hass)
    return descriptions[DOMAIN][service]


def add_product(cloud: Cloud, product_id: str, *actions: dict[str, Any]) -> None:
    """Add a product with one device to the emulated cloud."""
    cloud.emulator.products[product_id] = EmulatedProduct(
        product_id=product_id,
        template=template(product_id, *actions),
        devices={"device": EmulatedDevice(name="device")},
    )


async def test_description(hass: HomeAssistant, cloud: Cloud) -> None:
    """The frontend gets names, selectors, limits, units, labels and defaults."""
    await set_up(hass, cloud, LAMP)
    description = await describe(hass, "lamp202611_echo")
    assert description["name"] == "Lamp: Echo"
    assert description["description"] == "Runs the device action Echo of Lamp."
    assert description["target"] == {
        "entity": [{"integration": "tencent_iot_explorer", "domain": ["button"]}]
    }
    assert description["response"] == {"optional": True}
    fields = description["fields"]
    assert list(fields) == [
        "power",
        "brightness",
        "warmth",
        "text",
        "colour",
        "effect",
        "moment",
        "wait_for_reply",
    ]
    assert fields["power"] == {
        "name": "Power",
        "description": "",
        "required": True,
        "selector": {
            "select": {
                "options": [
                    {"value": "0", "label": "Off"},
                    {"value": "1", "label": "On"},
                ],
                "mode": "dropdown",
            }
        },
    }
    assert fields["brightness"] == {
        "name": "Brightness",
        "description": "0 – 100 %",
        "required": False,
        "default": 50,
        "selector": {
            "number": {
                "step": 1,
                "mode": "slider",
                "min": 0,
                "max": 100,
                "unit_of_measurement": "%",
            }
        },
    }
    assert fields["warmth"]["selector"]["number"]["step"] == 0.1
    assert fields["text"]["selector"] == {"text": {}}
    assert fields["effect"]["selector"]["select"]["options"] == [
        {"value": "calm", "label": "Calm sea"},
        {"value": "fire", "label": "Fireplace"},
    ]
    assert fields["moment"]["selector"] == {"datetime": {}}
    assert fields["moment"]["required"] is True
    assert fields["wait_for_reply"]["default"] is False
    for field in fields.values():
        validate_selector(field["selector"])


@pytest.mark.parametrize(
    ("define", "selector"),
    [
        ({"type": "int"}, {"number": {"step": 1, "mode": "box"}}),
        ({"type": "float"}, {"number": {"step": "any", "mode": "box"}}),
        (
            {"type": "float", "min": "0", "max": "0.01", "step": "0.0001"},
            {"number": {"step": "any", "mode": "slider", "min": 0, "max": 0.01}},
        ),
        (
            {"type": "int", "min": 0, "max": 4300000000, "step": "undefined"},
            {"number": {"step": 1, "mode": "box", "min": 0, "max": 4300000000}},
        ),
        (
            {"type": "int", "min": "9", "max": "1", "unit": "undefined"},
            {"number": {"step": 1, "mode": "box"}},
        ),
        (
            {"type": "enum", "mapping": {"0": "Same", "1": "Same", "2": "Other"}},
            {
                "select": {
                    "options": [
                        {"value": "0", "label": "Same (0)"},
                        {"value": "1", "label": "Same (1)"},
                        {"value": "2", "label": "Other"},
                    ],
                    "mode": "dropdown",
                }
            },
        ),
        ({"type": "array"}, {"object": {}}),
    ],
)
async def test_selector(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    selector: dict[str, Any],
) -> None:
    """Odd limits lead to a selector that works all the same."""
    add_product(cloud, "ODD", action("do", "Do", [parameter("x", "X", **define)]))
    await set_up(hass, cloud, product("ODD", ["device"]))
    field = (await describe(hass, "odd_do"))["fields"]["x"]
    assert field["selector"] == selector
    validate_selector(field["selector"])


async def test_description_of_the_template(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that the template describes brings its own words."""
    described = action("do", "Do") | {"desc": "Does it."}
    add_product(cloud, "DESCRIBED", described)
    await set_up(hass, cloud, product("DESCRIBED", ["device"]))
    assert (await describe(hass, "described_do"))["description"] == "Does it."


async def test_language(hass: HomeAssistant, cloud: Cloud) -> None:
    """Our own words are in Home Assistant's language and follow it."""
    await set_up(hass, cloud, FEEDER)
    described = await describe(hass, "feeder2026_feed")
    assert described["name"] == "宠物喂食器: 喂食"
    assert described["fields"]["wait_for_reply"]["name"] == "Wait for the reply"
    assert described["description"] == "Runs the device action 喂食 of 宠物喂食器."
    await hass.config.async_update(language="zh-Hans")
    await hass.async_block_till_done(wait_background_tasks=True)
    described = await describe(hass, "feeder2026_feed")
    assert described["name"] == "宠物喂食器：喂食"
    assert described["fields"]["wait_for_reply"]["name"] == "等待应答"
    assert described["description"] == "执行 宠物喂食器 的设备行为 喂食。"


async def test_reserved_fields(hass: HomeAssistant, cloud: Cloud) -> None:
    """Inputs whose id has another meaning get a field of another name, and still arrive."""
    ids = ["device_id", "area_id", "wait_for_reply", "input_device_id", "exclude"]
    inputs = [parameter(item, item, type="int") for item in ids]
    add_product(cloud, "RESERVED", action("do", "Do", inputs))
    await set_up(hass, cloud, product("RESERVED", ["device"]))
    fields = (await describe(hass, "reserved_do"))["fields"]
    assert list(fields)[:-1] == [
        "input_input_device_id",
        "input_area_id",
        "input_wait_for_reply",
        "input_device_id",
        "input_exclude",
    ]
    values = {name: index for index, name in enumerate(list(fields)[:-1])}
    await hass.services.async_call(
        DOMAIN, "reserved_do", {"device_id": "RESERVED/device", **values}, blocking=True
    )
    assert cloud.executed == [
        ("device", "do", {item: index for index, item in enumerate(ids)})
    ]


async def test_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """Names are slugs of the ids; where one is taken, a stable suffix follows."""
    ids = [
        "openDoor",
        "opendoor",
        "open_door",
        "-",
        "_sys_pre_next",
        "A" * 60,
    ]
    add_product(cloud, "P", *(action(item, "Any") for item in ids))
    await set_up(hass, cloud, product("P", ["device"]))
    assert services(hass) == {
        "p_open_door",
        "p_open_door_3d2422",
        "p_opendoor",
        "p_action",
        "p_sys_pre_next",
        "p_" + "a" * 40,
    }


async def test_names_stay(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """A name once given stays with its exact id, whoever comes and goes."""
    add_product(cloud, "P", action("open_door", "Any"))
    entry = await set_up(hass, cloud, product("P", ["device"]))
    add_product(cloud, "P", action("openDoor", "Any"))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    first = services(hass)
    assert first != {"p_open_door"}
    add_product(cloud, "P", action("openDoor", "Any"), action("open_door", "Any"))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert services(hass) == first | {"p_open_door"}
    names = hass_storage[DOMAIN]["data"]["service_names"]
    assert names["P/open_door"] == "p_open_door"


async def test_rename_does_not_rename(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product's name is shown, but never part of the name that automations use."""
    entry = await set_up(hass, cloud, LOCK)
    before = services(hass)
    (lock,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, lock, title="大门")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert services(hass) == before
    assert (await describe(hass, "doorlock01_ring"))["name"] == "大门: 响铃"


async def test_only_changes_are_registered(hass: HomeAssistant, cloud: Cloud) -> None:
    """A reload without a change registers nothing anew; a change registers that alone."""
    entry = await set_up(hass, cloud, LAMP, LOCK)
    registered: list[str] = []
    hass.bus.async_listen(
        "service_registered", lambda event: registered.append(event.data["service"])
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert registered == []
    lamp = cloud.emulator.products["LAMP202611"].template
    assert isinstance(lamp, dict)
    lamp["actions"][1]["name"] = "Flash"
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert registered == ["lamp202611_blink"]
