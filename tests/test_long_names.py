"""Names and choices beyond what Home Assistant can hold: cut, different, and usable."""

from typing import Any

from hypothesis import example, given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import (
    async_mock_restore_state_shutdown_restart,
)

from homeassistant.core import HomeAssistant, valid_entity_id
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.helpers.service import async_get_all_descriptions

from .entities import (
    add_product,
    change_template,
    press,
    registered,
    set_up_input,
    set_value,
    state_of,
)
from .helpers import Cloud, product, refresh, set_up
from custom_components.tencent_iot_explorer.api.data_template import Choice
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.presentation.labels import choice_labels
from emulator.products import action, parameter

UNIQUE_ID = "ODD/device-1/do/x"
LABEL = "窗" * 258
CHOICES = {"a": f"{LABEL}一", "b": f"{LABEL}二", "c": "三"}
SHOWN = ["窗" * 250 + "… (a)", "窗" * 250 + "… (b)", "三"]


def name_of(hass: HomeAssistant, platform: str, unique_id: str) -> str:
    """Return the name that an entity is shown with."""
    name = state_of(hass, platform, unique_id).attributes["friendly_name"]
    assert isinstance(name, str)
    return name


@pytest.mark.parametrize("length", [20, 30, 36, 37, 38, 39, 40, 100, 128, 300])
@pytest.mark.parametrize("device", ["d", "x" * 48])
async def test_long_names(
    hass: HomeAssistant, cloud: Cloud, length: int, device: str
) -> None:
    """Inputs and buttons whose names differ at their end alone are there, and differ."""
    inputs = [
        parameter(key, f"{'装' * length}{end}", type="int")
        for key, end in (("a", "一"), ("b", "二"))
    ]
    add_product(
        cloud,
        "ODD",
        action("do", f"{'床' * length}甲", inputs),
        action("go", f"{'床' * length}乙"),
    )
    devices = cloud.emulator.products["ODD"].devices
    devices[device] = devices.pop("device-1")
    devices[device].name = device
    await set_up(hass, cloud, product("ODD", [device]))
    unique_ids = [
        *(("number", f"ODD/{device}/do/{key}") for key in "ab"),
        *(("button", f"ODD/{device}/{key}") for key in ("do", "go")),
    ]
    names = [name_of(hass, *item) for item in unique_ids]
    assert len(set(names)) == len(names)
    entity_ids = [registered(hass, *item).entity_id for item in unique_ids]
    assert len(set(entity_ids)) == len(entity_ids)
    assert all(valid_entity_id(item) and len(item) <= 255 for item in entity_ids)
    for key, value in (("a", 1), ("b", 2)):
        await set_value(hass, "number", f"ODD/{device}/do/{key}", value)
    await press(hass, f"ODD/{device}/do")
    assert cloud.executed == [(device, "do", {"a": 1, "b": 2})]


async def test_names_of_people(hass: HomeAssistant, cloud: Cloud) -> None:
    """Long names that people give an area and a device leave room for the rest."""
    add_product(cloud, "ODD", action("do", "Do"))
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    device = registered(hass, "button", "ODD/device-1/do").device_id
    assert device
    area = ar.async_get(hass).async_create("双" * 6)
    dr.async_get(hass).async_update_device(
        device, name_by_user="床" * 14, area_id=area.id
    )
    new = [f"{'x-' * length}y" for length in (1, 20, 38, 39, 40, 41, 63)]
    change_template(cloud, "ODD", *(action(key, "装") for key in new))
    await refresh(hass)
    for key in new:
        entity_id = registered(hass, "button", f"ODD/device-1/{key}").entity_id
        assert valid_entity_id(entity_id)
        assert hass.states.get(entity_id)


@pytest.mark.parametrize("key", ["a", "b"])
async def test_choice(hass: HomeAssistant, cloud: Cloud, key: str) -> None:
    """A choice of 259 characters is shown, chosen, sent, and lives through a restart."""
    await set_up_input(hass, cloud, type="stringenum", mapping=CHOICES)
    state = state_of(hass, "select", UNIQUE_ID)
    assert state.attributes["options"] == SHOWN
    shown = SHOWN[list(CHOICES).index(key)]
    await set_value(hass, "select", UNIQUE_ID, shown)
    assert state_of(hass, "select", UNIQUE_ID).state == shown
    await press(hass, "ODD/device-1/do")
    await async_mock_restore_state_shutdown_restart(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "select", UNIQUE_ID).state == shown
    fields = (await async_get_all_descriptions(hass))[DOMAIN]["odd_do"]["fields"]
    options = fields["x"]["selector"]["select"]["options"]
    assert [option["label"] for option in options] == SHOWN
    assert [option["value"] for option in options] == list(CHOICES)
    for value in (key, CHOICES[key], shown):
        await hass.services.async_call(
            DOMAIN, "odd_do", {"device_id": "ODD/device-1", "x": value}, blocking=True
        )
    assert cloud.executed == [("device-1", "do", {"x": key})] * 4


async def test_long_key(hass: HomeAssistant, cloud: Cloud) -> None:
    """A choice is sent by its whole key, however long that is."""
    keys = [f"{'k' * 300}{end}" for end in "ab"]
    mapping = dict.fromkeys(keys, "")
    await set_up_input(hass, cloud, type="stringenum", mapping=mapping)
    options: list[str] = state_of(hass, "select", UNIQUE_ID).attributes["options"]
    assert len(set(options)) == 2
    for option in options:
        await set_value(hass, "select", UNIQUE_ID, option)
        assert state_of(hass, "select", UNIQUE_ID).state == option
        await press(hass, "ODD/device-1/do")
    assert [inputs["x"] for _, _, inputs in cloud.executed] == keys


_TEXTS = st.sampled_from(["a", "a (b)", "b", "1. a", "x" * 254, "x" * 255, "y" * 600])
_KEYS = st.sampled_from(["a", "b", "b) (c", "c", "y" * 300, "y" * 301, "1"])


@given(st.dictionaries(_KEYS, _TEXTS, min_size=1))
@example({"b) (c": "a", "c": "a (b)", "d": "a"})
def test_any_labels(choices: dict[str, Any]) -> None:
    """Whatever they are called, choices are shown differently and fit into a state."""
    labels = choice_labels(Choice(choices=choices))
    assert list(labels) == list(choices)
    assert len(set(labels.values())) == len(choices)
    assert all(0 < len(label) <= 255 for label in labels.values())
