"""Entity ids: made of the cloud's ids, the same in every language, and kept."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant, valid_entity_id
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .entities import add_product, change_template, registered, set_up_input
from .helpers import Cloud, device_id, product, refresh, set_up
from .property_entities import set_up_with
from .test_property_availability import PARTS
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, event, parameter, property_

SET_MEAL = action(
    "setMeal",
    "设定餐食",
    [
        parameter("mealRemark", "备注", type="string"),
        parameter("portions", "份数", type="int"),
        parameter("food_kind", "种类", type="stringenum", mapping={"a": "鱼"}),
        parameter("at", "时间", type="timestamp"),
    ],
)
PAIR = property_(
    "batteryPair",
    "电池",
    "r",
    type="struct",
    specs=[{"id": "leftCell", "name": "左", "dataType": {"type": "int"}}],
)
# By what the unique id ends in.
ENTITY_IDS = {
    "": {"binary_sensor.device_1_connectivity", "event.device_1_device_action"},
    "last_action": {"sensor.device_1_last_action"},
    "setMeal": {"button.device_1_set_meal"},
    "setMeal/mealRemark": {"text.device_1_set_meal_meal_remark"},
    "setMeal/portions": {"number.device_1_set_meal_portions"},
    "setMeal/food_kind": {"select.device_1_set_meal_food_kind"},
    "setMeal/at": {"datetime.device_1_set_meal_at"},
    "property:level": {"sensor.device_1_level"},
    "property:door": {"binary_sensor.device_1_door"},
    "property:lock": {"switch.device_1_lock"},
    "property:speed": {"number.device_1_speed"},
    "property:mode": {"select.device_1_mode"},
    "property:note": {"text.device_1_note"},
    "property:moment": {"datetime.device_1_moment"},
    "property:arm": {"button.device_1_arm"},
    "property:batteryPair/leftCell": {"sensor.device_1_battery_pair_left_cell"},
    "light": {"light.device_1_light"},
    "cover": {"cover.device_1_cover"},
    "event:foodLow": {"event.device_1_food_low"},
}


def entity_ids(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, set[str]]:
    """Return the ids of all entities by the end of their unique ids."""
    found: dict[str, set[str]] = {}
    entities = er.async_get(hass).entities.get_entries_for_config_entry_id(
        entry.entry_id
    )
    for entity in entities:
        path = entity.unique_id.removeprefix("ODD/device-1").removeprefix("/")
        found.setdefault(path, set()).add(entity.entity_id)
    return found


@pytest.mark.parametrize("language", ["en", "de", "zh-Hans", "zh-Hant"])
async def test_each_kind(hass: HomeAssistant, cloud: Cloud, language: str) -> None:
    """The device's name is followed by the template's ids, whatever is spoken here."""
    await hass.config.async_update(language=language)
    entry = await set_up_with(
        hass,
        cloud,
        *PARTS,
        PAIR,
        actions=[SET_MEAL],
        events=[event("foodLow", "余粮不足", "alert")],
    )
    assert entity_ids(hass, entry) == ENTITY_IDS


async def test_name_of_the_owner(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new entity has the name that the owner has given the device since."""
    add_product(cloud, "ODD", action("feed", "喂食"))
    entry = await set_up(hass, cloud, product("ODD", ["device-1"]))
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "device-1"), name_by_user="Kitchen feeder"
    )
    change_template(
        cloud, "ODD", action("feed", "喂食"), action("cleanBowl", "清洗食盆")
    )
    await refresh(hass)
    assert entity_ids(hass, entry) == {
        "": {"binary_sensor.device_1_connectivity", "event.device_1_device_action"},
        "last_action": {"sensor.device_1_last_action"},
        "feed": {"button.device_1_feed"},
        "cleanBowl": {"button.kitchen_feeder_clean_bowl"},
    }


async def test_registered_before(hass: HomeAssistant, cloud: Cloud) -> None:
    """What an earlier release has registered keeps the id that rules know, also later."""
    old = {
        path: er.async_get(hass).async_get_or_create(
            platform,
            DOMAIN,
            f"ODD/device-1/{path}",
            suggested_object_id=f"device_1_{name}",
        )
        for platform, path, name in (
            ("button", "setMeal", "she_ding_can_shi"),
            ("text", "setMeal/mealRemark", "she_ding_can_shi_bei_zhu"),
            ("switch", "property:lock", "tong_suo"),
        )
    }
    entry = await set_up_with(hass, cloud, *PARTS, PAIR, actions=[SET_MEAL])
    for _ in range(2):
        found = entity_ids(hass, entry)
        for path, entity in old.items():
            assert found[path] == {entity.entity_id}
        assert found["setMeal/at"] == {"datetime.device_1_set_meal_at"}
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)


async def test_renamed_in_the_template(hass: HomeAssistant, cloud: Cloud) -> None:
    """A name that changes in the cloud changes no entity id."""
    unique_id = await set_up_input(hass, cloud, type="string")
    for name in ("做", "Make"):
        change_template(
            cloud, "ODD", action("do", name, [parameter("x", name, type="string")])
        )
        await refresh(hass)
        assert registered(hass, "text", unique_id).entity_id == "text.device_1_do_x"


async def test_equal_ids(hass: HomeAssistant, cloud: Cloud) -> None:
    """What has equal ids is told apart by a number: actions, then properties."""
    one = {"type": "stringenum", "mapping": {"a": "一"}}
    entry = await set_up_with(
        hass,
        cloud,
        property_("reboot", "重启", **one),
        property_("a_b", "一", type="int", min="0", max="9"),
        property_("aB", "二", type="int", min="0", max="9"),
        actions=[
            action("reboot", "重启"),
            action("set", "设", [parameter("meal_at", "时", type="int")]),
            action("setMeal", "餐", [parameter("at", "时", type="int")]),
        ],
        events=[event("device_action", "动作")],
    )
    found = entity_ids(hass, entry)
    assert [found[path] for path in ("reboot", "property:reboot")] == [
        {"button.device_1_reboot"},
        {"button.device_1_reboot_2"},
    ]
    assert [found[f"property:{path}"] for path in ("a_b", "aB")] == [
        {"number.device_1_a_b"},
        {"number.device_1_a_b_2"},
    ]
    assert [found[path] for path in ("set/meal_at", "setMeal/at")] == [
        {"number.device_1_set_meal_at"},
        {"number.device_1_set_meal_at_2"},
    ]
    assert "event.device_1_device_action" in found[""]
    assert found["event:device_action"] == {"event.device_1_device_action_2"}


async def test_ids_of_symbols(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where no letter and no digit is in an id, the name stands for it."""
    entry = await set_up_with(
        hass,
        cloud,
        property_("_", "Warmth", type="int", min="0", max="9"),
        actions=[
            action("-", "Feed", [parameter("_", "Amount", type="int")]),
            action("do-", "Do", [parameter("_", "Amount", type="int")]),
            action("unknown", "Odd"),
        ],
    )
    assert entity_ids(hass, entry) == {
        "": {"binary_sensor.device_1_connectivity", "event.device_1_device_action"},
        "last_action": {"sensor.device_1_last_action"},
        "-": {"button.device_1_feed"},
        "-/_": {"number.device_1_feed_amount"},
        "do-": {"button.device_1_do"},
        "do-/_": {"number.device_1_do"},
        "unknown": {"button.device_1_unknown"},
        "property:_": {"number.device_1_warmth"},
    }


@pytest.mark.parametrize("letters", ["y", "y_"])
@pytest.mark.parametrize("length", [48, 79, 80, 128])
async def test_long_ids(
    hass: HomeAssistant, cloud: Cloud, length: int, letters: str
) -> None:
    """The longest ids that the cloud gives make valid entity ids, each another one.

    Where Home Assistant itself would cut them, some would end with an underscore.
    """
    start = (letters * length)[: length - 2]
    inputs = [parameter(f"{start}-{end}", end, type="int") for end in "ab"]
    actions = [action(f"{'x' * (length - 2)}-{end}", end, inputs) for end in "ab"]
    add_product(cloud, "ODD", *actions)
    devices = cloud.emulator.products["ODD"].devices
    name = "d" * 48
    devices[name] = devices.pop("device-1")
    devices[name].name = name
    entry = await set_up(hass, cloud, product("ODD", [name]))
    found = [item for ids in entity_ids(hass, entry).values() for item in ids]
    assert len(found) == 9
    assert all(valid_entity_id(item) and len(item) <= 255 for item in found)
    assert all(hass.states.get(item) for item in found)
