"""The entities that hold the inputs of device actions."""

from typing import Any

import pytest

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .entities import (
    ECHO,
    INPUTS,
    add_product,
    change_template,
    press,
    registered,
    set_up_input,
    set_value,
    state_of,
)
from .helpers import LAMP, Cloud, product, refresh, set_up
from emulator.products import action, parameter

NO_LIMIT = 2.0**53


@pytest.mark.parametrize(("platform", "key", "name"), INPUTS)
async def test_one_for_each_input(
    hass: HomeAssistant, cloud: Cloud, platform: str, key: str, name: str
) -> None:
    """Each input has an entity of its kind, named by the data template."""
    await set_up(hass, cloud, LAMP)
    entity = registered(hass, platform, f"{ECHO}/{key}")
    assert entity.entity_category is EntityCategory.CONFIG
    assert entity.disabled_by is None
    assert state_of(hass, platform, f"{ECHO}/{key}").name == f"desk-lamp Echo {name}"
    button = registered(hass, "button", ECHO)
    assert entity.device_id == button.device_id
    assert entity.config_subentry_id == button.config_subentry_id


async def test_nothing_else(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each device has the entities of its inputs and no other ones of these kinds."""
    entry = await set_up(hass, cloud, LAMP)
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    platforms = {platform for platform, _, _ in INPUTS}
    found = {
        (entity.domain, entity.unique_id)
        for entity in entities
        if entity.domain in platforms
    }
    assert found == {
        (platform, f"LAMP202611/{device}/echo/{key}")
        for device in ("desk-lamp", "hall-lamp")
        for platform, key, _ in INPUTS
    }


async def test_start(hass: HomeAssistant, cloud: Cloud) -> None:
    """A number begins at its start, anything else is unset."""
    await set_up(hass, cloud, LAMP)
    states = {
        key: state_of(hass, platform, f"{ECHO}/{key}").state
        for platform, key, _ in INPUTS
    }
    assert states == {
        "power": "unknown",
        "brightness": "50",
        "warmth": "0.5",
        "text": "",
        "colour": "unknown",
        "effect": "unknown",
        "moment": "unknown",
    }


@pytest.mark.parametrize(
    ("define", "state"),
    [
        ({"type": "int", "min": "1", "max": "9", "start": "9"}, "9"),
        ({"type": "int", "min": "1", "max": "9", "start": "0"}, "unknown"),
        ({"type": "int", "min": "1", "max": "9", "start": "2.5"}, "unknown"),
        ({"type": "int", "min": "1", "max": "9", "start": ""}, "unknown"),
        ({"type": "int", "start": "0"}, "0"),
        ({"type": "float", "start": "undefined"}, "unknown"),
        ({"type": "float", "start": "-2.5"}, "-2.5"),
    ],
)
async def test_start_must_make_sense(
    hass: HomeAssistant, cloud: Cloud, define: dict[str, Any], state: str
) -> None:
    """A start that the template itself does not allow is none."""
    unique_id = await set_up_input(hass, cloud, **define)
    assert state_of(hass, "number", unique_id).state == state


@pytest.mark.parametrize(
    ("define", "attributes"),
    [
        (
            {"type": "int", "min": "1", "max": "10", "step": "1", "unit": "份"},
            {"min": 1, "max": 10, "step": 1, "unit": "份"},
        ),
        (
            {"type": "int", "min": "0", "max": "200", "step": "1"},
            {"min": 0, "max": 200, "step": 1, "unit": None},
        ),
        (
            {"type": "int", "min": "0", "max": "201", "step": "1"},
            {"min": 0, "max": 201, "step": 1, "unit": None},
        ),
        (
            {
                "type": "int",
                "min": "0",
                "max": "1000",
                "step": "5",
                "unit": "undefined",
            },
            {"min": 0, "max": 1000, "step": 5, "unit": None},
        ),
        (
            {"type": "float", "min": "-1.5", "max": "1.5", "step": "0.5"},
            {"min": -1.5, "max": 1.5, "step": 0.5, "unit": None},
        ),
        (
            {"type": "float", "min": "0", "max": "1", "step": "undefined"},
            {"min": 0, "max": 1, "step": 0.001, "unit": None},
        ),
        (
            {"type": "int"},
            {"min": -NO_LIMIT, "max": NO_LIMIT, "step": 1, "unit": None},
        ),
        (
            {"type": "int", "min": "9", "max": "1"},
            {"min": -NO_LIMIT, "max": NO_LIMIT, "step": 1, "unit": None},
        ),
        (
            {"type": "float", "min": "7", "step": "1"},
            {"min": 7, "max": NO_LIMIT, "step": 1, "unit": None},
        ),
    ],
)
async def test_number(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    attributes: dict[str, Any],
) -> None:
    """A number has the limits, the step and the unit of the template; odd ones are none.

    It is typed, because a slider shows no number while it is set.
    """
    unique_id = await set_up_input(hass, cloud, **define)
    shown = state_of(hass, "number", unique_id).attributes
    assert {key: shown[key] for key in ("min", "max", "step")} | {
        "unit": shown.get("unit_of_measurement")
    } == attributes
    assert shown["mode"] == "box"


@pytest.mark.parametrize(
    ("define", "options"),
    [
        (
            {"type": "enum", "mapping": {"0": "Same", "1": "Same", "2": "Other"}},
            ["Same (0)", "Same (1)", "Other"],
        ),
        (
            {"type": "stringenum", "mapping": {"a": "x", "b": "x", "c": "x (a)"}},
            ["x (a)", "x (b)", "x (a) (c)"],
        ),
        ({"type": "bool"}, ["0", "1"]),
        ({"type": "bool", "mapping": {"0": "关", "1": "开"}}, ["关", "开"]),
    ],
)
async def test_select(
    hass: HomeAssistant, cloud: Cloud, define: dict[str, Any], options: list[str]
) -> None:
    """A select shows labels, equal ones made distinct, and each of them can be chosen."""
    unique_id = await set_up_input(hass, cloud, **define)
    shown = state_of(hass, "select", unique_id).attributes["options"]
    assert shown == options
    sent: list[str] = []
    for option in shown:
        await set_value(hass, "select", unique_id, option)
        assert state_of(hass, "select", unique_id).state == option
        await press(hass, "ODD/device-1/do")
        sent.append(str(cloud.executed[-1][2]["x"]))
    assert sent == list(define.get("mapping", ("0", "1")))


@pytest.mark.parametrize(
    ("define", "attributes"),
    [
        ({}, {"min": 0, "max": 255}),
        ({"min": "0", "max": "64"}, {"min": 0, "max": 64}),
        ({"min": "2", "max": "255"}, {"min": 0, "max": 255}),
        (
            {"min": "0", "max": "2048"},
            {"min": 0, "max": 255, "longest_by_service": 2048},
        ),
        ({"min": "-3", "max": "undefined"}, {"min": 0, "max": 255}),
        ({"min": "9", "max": "1"}, {"min": 0, "max": 255}),
    ],
)
async def test_text(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    attributes: dict[str, int],
) -> None:
    """A text is as long as template and state allow, and empty while it is unset."""
    unique_id = await set_up_input(hass, cloud, type="string", **define)
    shown = state_of(hass, "text", unique_id).attributes
    keys = {"min", "max", "longest_by_service"}
    assert {key: shown[key] for key in keys & shown.keys()} == attributes


async def test_names_follow(hass: HomeAssistant, cloud: Cloud) -> None:
    """Button and input take the names that the data template gives them since."""
    portions = parameter("portions", "Portions", type="int", start="1")
    add_product(cloud, "BIG", action("feed", "Feed", [portions]), devices=1)
    await set_up(hass, cloud, product("BIG", all_devices=True))
    portions = parameter("portions", "Servings", type="int", start="1")
    change_template(cloud, "BIG", action("feed", "Serve", [portions]))
    await refresh(hass)
    assert state_of(hass, "button", "BIG/device-1/feed").name == "device-1 Serve"
    number = state_of(hass, "number", "BIG/device-1/feed/portions")
    assert number.name == "device-1 Serve Servings"
