"""Cards for a dashboard, which the reference of actions has beside its YAML."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .entities import add_product, find, press, registered, set_value
from .helpers import FEEDER, LAMP, LOCK, Cloud, device_id, product, set_up
from .test_rights import KITCHEN, call, guest, one_device, set_up_home
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter

SET_MEAL = f"{KITCHEN}/setMeal"
TIMES = parameter("times", "Times", type="int", min="1", max="9", start="3")
NOTE = parameter("note", "Note", type="string")


async def actions(
    hass: HomeAssistant, product_id: str, user_id: str | None = None
) -> dict[str, Any]:
    """Return what the reference has of the actions of a product."""
    data = {"product_id": product_id}
    reference = await call(hass, "get_action_reference", data, user_id)
    assert json.loads(json.dumps(reference)) == reference
    return dict(reference[product_id]["actions"])


def rename(hass: HomeAssistant, platform: str, unique_id: str, **changes: Any) -> None:
    """Let a person change an entity."""
    entity_id = registered(hass, platform, unique_id).entity_id
    er.async_get(hass).async_update_entity(entity_id, **changes)


async def test_inputs_above_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """A card has the inputs of an action by their own names, and its button last.

    A date and time, whose fields stick out on a phone, is a line to touch.
    """
    await set_up(hass, cloud, FEEDER)
    found = await actions(hass, "FEEDER2026")
    assert found["setMeal"]["cards"]["kitchen-feeder"] == {
        "type": "entities",
        "title": "kitchen-feeder: 设定餐食",
        "entities": [
            {"entity": find(hass, "select", f"{SET_MEAL}/food"), "name": "口味"},
            {
                "entity": find(hass, "datetime", f"{SET_MEAL}/time"),
                "name": "时间",
                "type": "sensor-entity",
            },
            {"entity": find(hass, "text", f"{SET_MEAL}/note"), "name": "备注"},
            {"entity": find(hass, "button", SET_MEAL), "name": "设定餐食"},
        ],
    }
    assert found["cleanBowl"]["cards"]["balcony-feeder"]["entities"] == [
        {
            "entity": find(hass, "button", "FEEDER2026/balcony-feeder/cleanBowl"),
            "name": "清洗食盆",
        }
    ]
    for described in found.values():
        assert described["cards"].keys() == {"kitchen-feeder", "balcony-feeder"}
        assert "disabled_inputs" not in described


async def test_every_entity_is_there(hass: HomeAssistant, cloud: Cloud) -> None:
    """The cards of all products show entities that have a state, each once."""
    await set_up(hass, cloud, FEEDER, LAMP, LOCK)
    shown = [
        row["entity"]
        for product_id in ("FEEDER2026", "LAMP202611", "DOORLOCK01")
        for described in (await actions(hass, product_id)).values()
        for card in described.get("cards", {}).values()
        for row in card["entities"]
    ]
    assert all(hass.states.get(entity_id) for entity_id in shown)
    # Two feeders with 7, two lamps with 9, and a lock with 4.
    assert len(shown) == len(set(shown)) == 2 * 7 + 2 * 9 + 4


async def test_without_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action with an input that no entity can hold has no card, nor has a system one."""
    add_product(cloud, "SYS", action("_sys_on", "On", [TIMES]), action("on", "On"))
    await set_up(hass, cloud, LOCK, product("SYS", ["device-1"]))
    assert "cards" not in (await actions(hass, "DOORLOCK01"))["setSchedule"]
    found = await actions(hass, "SYS")
    assert found["on"].keys() - found["_sys_on"].keys() == {"cards"}


async def test_button_that_is_left_over(hass: HomeAssistant, cloud: Cloud) -> None:
    """A button that is stored still, but that the action has no more, has no card."""
    schedule = "DOORLOCK01/front-door/setSchedule"
    er.async_get(hass).async_get_or_create("button", DOMAIN, schedule)
    await set_up(hass, cloud, LOCK)
    assert "cards" not in (await actions(hass, "DOORLOCK01"))["setSchedule"]


async def test_secret_input(hass: HomeAssistant, cloud: Cloud) -> None:
    """A secret input is in no card, also one that is too long for an entity."""
    secret = parameter("pin", "PIN", type="string", min="300", max="400")
    add_product(cloud, "SAFE", action("open", "Open", [secret, NOTE]))
    await set_up(hass, cloud, product("SAFE", ["device-1"]))
    card = (await actions(hass, "SAFE"))["open"]["cards"]["device-1"]
    assert [row["name"] for row in card["entities"]] == ["Note", "Open"]


async def test_what_people_call_it(hass: HomeAssistant, cloud: Cloud) -> None:
    """Names and entity ids are those that a person gave."""
    entry = await set_up(hass, cloud, FEEDER)
    devices = dr.async_get(hass)
    for name in ("kitchen-feeder", "balcony-feeder"):
        devices.async_update_device(device_id(hass, entry, name), name_by_user="喂食器")
    feed = f"{KITCHEN}/feed"
    rename(
        hass, "number", f"{feed}/portions", new_entity_id="number.much", name="How much"
    )
    rename(hass, "button", feed, new_entity_id="button.dinner", name="Dinner")
    found = await actions(hass, "FEEDER2026")
    cards = found["feed"]["cards"]
    assert cards.keys() == {"喂食器 (kitchen-feeder)", "喂食器 (balcony-feeder)"}
    assert cards["喂食器 (kitchen-feeder)"] == {
        "type": "entities",
        "title": "喂食器 (kitchen-feeder): Dinner",
        "entities": [
            {"entity": "number.much", "name": "How much"},
            {"entity": "button.dinner", "name": "Dinner"},
        ],
    }


async def test_disabled(hass: HomeAssistant, cloud: Cloud) -> None:
    """A disabled input is named beside the cards; a disabled button or device has none."""
    entry = await set_up(hass, cloud, FEEDER)
    by_user = er.RegistryEntryDisabler.USER
    rename(hass, "select", f"{SET_MEAL}/food", disabled_by=by_user)
    rename(hass, "button", f"{KITCHEN}/feed", disabled_by=by_user)
    found = await actions(hass, "FEEDER2026")
    assert found["feed"]["cards"].keys() == {"balcony-feeder"}
    card = found["setMeal"]["cards"]["kitchen-feeder"]
    assert [row["name"] for row in card["entities"]] == ["时间", "备注", "设定餐食"]
    assert found["setMeal"]["disabled_inputs"] == {
        "kitchen-feeder": [find(hass, "select", f"{SET_MEAL}/food")]
    }
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "kitchen-feeder"),
        disabled_by=dr.DeviceEntryDisabler.USER,
    )
    found = await actions(hass, "FEEDER2026")
    for described in found.values():
        assert described["cards"].keys() == {"balcony-feeder"}
        assert "disabled_inputs" not in described


async def test_many_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where numbers with a start are disabled, the button alone sends the start."""
    names = add_product(cloud, "BIG", action("do", "Do", [TIMES, NOTE]), devices=51)
    await set_up(hass, cloud, product("BIG", names))
    described = (await actions(hass, "BIG"))["do"]
    assert list(described["cards"]) == list(described["disabled_inputs"]) == names
    card = described["cards"]["device-51"]
    assert [row["name"] for row in card["entities"]] == ["Note", "Do"]
    assert described["disabled_inputs"]["device-51"] == [
        find(hass, "number", "BIG/device-51/do/times")
    ]
    await set_value(hass, "text", "BIG/device-51/do/note", "Hi")
    await press(hass, "BIG/device-51/do")
    assert cloud.executed == [("device-51", "do", {"times": 3, "note": "Hi"})]


async def test_without_application(hass: HomeAssistant, cloud: Cloud) -> None:
    """While the application is not loaded, the cards are the same."""
    entry = await set_up(hass, cloud, FEEDER)
    before = await actions(hass, "FEEDER2026")
    await hass.config_entries.async_unload(entry.entry_id)
    assert await actions(hass, "FEEDER2026") == before


async def test_rights(hass: HomeAssistant, cloud: Cloud) -> None:
    """A person finds those devices and inputs that this person may see."""
    entry = await set_up_home(hass, cloud)
    one = await guest(one_device)(hass, entry)
    everything = await actions(hass, "FEEDER2026")
    (label, _) = everything["setMeal"]["cards"]
    found = await actions(hass, "FEEDER2026", one)
    for action_id, described in found.items():
        assert described["cards"] == {label: everything[action_id]["cards"][label]}

    def button_and_text(*_: object) -> dict[str, Any]:
        """Return the right to press a button and to read one of its inputs."""
        note, food = (
            registered(hass, platform, f"{SET_MEAL}/{key}").entity_id
            for platform, key in (("text", "note"), ("select", "food"))
        )
        by_user = er.RegistryEntryDisabler.USER
        er.async_get(hass).async_update_entity(food, disabled_by=by_user)
        pressed = registered(hass, "button", SET_MEAL).entity_id
        return {"entity_ids": {pressed: {"control": True}, note: {"read": True}}}

    two = await guest(button_and_text)(hass, entry)
    found = await actions(hass, "FEEDER2026", two)
    assert found.keys() == {"setMeal"}
    (card,) = found["setMeal"]["cards"].values()
    assert [row["name"] for row in card["entities"]] == ["备注", "设定餐食"]
    assert "disabled_inputs" not in found["setMeal"]
