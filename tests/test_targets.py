"""What a target of a service means: devices, their entities, and where they are."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import yaml

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.setup import async_setup_component

from .entities import add_product, registered
from .helpers import (
    FEEDER,
    LAMP,
    LOCK,
    Access,
    Cloud,
    button,
    device_id,
    product,
    set_up,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.errors import async_error_text
from emulator.products import action, parameter

KITCHEN = "FEEDER2026/kitchen-feeder"
BALCONY = "FEEDER2026/balcony-feeder"
DESK = "LAMP202611/desk-lamp"
CLEAN = "feeder2026_clean_bowl"
STRUCT = parameter("data", "Data", type="struct", specs=[])

type Target = dict[str, Any]


async def run(
    hass: HomeAssistant,
    target: Target,
    service: str = CLEAN,
    data: dict[str, Any] | None = None,
    user_id: str | None = None,
) -> None:
    """Call a service with a target, as automations, cards and the editor do."""
    await hass.services.async_call(
        DOMAIN,
        service,
        dict(data or {}),
        blocking=True,
        target=target,
        context=Context(user_id=user_id),
    )


def executed(cloud: Cloud) -> list[str]:
    """Return on which devices actions were run, and forget them."""
    devices = [device for device, _, _ in cloud.executed]
    cloud.emulator.reached.clear()
    return devices


async def refused(
    hass: HomeAssistant, target: Target, service: str = CLEAN
) -> tuple[str, str]:
    """Return the key and the English words that a target is refused with."""
    with pytest.raises(ServiceValidationError) as raised:
        await run(hass, target, service)
    assert raised.value.translation_key
    return raised.value.translation_key, await async_error_text(hass, raised.value)


@pytest.fixture
async def entry(hass: HomeAssistant, cloud: Cloud) -> MockConfigEntry:
    """Return an application with feeders, lamps and a lock."""
    return await set_up(hass, cloud, FEEDER, LAMP, LOCK)


async def services_for(
    hass_ws_client: WebSocketGenerator, hass: HomeAssistant, target: Target
) -> set[str]:
    """Return which services of ours Home Assistant's pages offer for a target."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "get_services_for_target", "target": target}
    )
    message = await client.receive_json()
    assert message["success"], message
    return {
        name.removeprefix(f"{DOMAIN}.")
        for name in message["result"]
        if name.startswith(f"{DOMAIN}.")
    }


async def test_offered_on_the_page_of_a_device(
    hass: HomeAssistant, cloud: Cloud, hass_ws_client: WebSocketGenerator
) -> None:
    """The page of a device offers each action of its product, also one without a button.

    That is all the services of buttons: Home Assistant's filter knows no product. A device
    without any action is offered none.
    """
    entry = await set_up(
        hass, cloud, FEEDER, LOCK, product("SENSOR2026", ["bedroom-sensor"])
    )
    offered = await services_for(
        hass_ws_client, hass, {"device_id": [device_id(hass, entry, "front-door")]}
    )
    assert {"doorlock01_open_door", "doorlock01_set_schedule"} <= offered
    assert {CLEAN, "feeder2026_feed", "feeder2026_set_meal"} <= offered
    assert offered.isdisjoint({"call_action", "set_properties", "get_properties"})
    names = await async_get_all_descriptions(hass)
    for name in offered:
        title = "宠物喂食器" if name.startswith("feeder2026") else "门锁"
        assert names[DOMAIN][name]["name"].startswith(f"{title}: ")
    thermo = {"device_id": [device_id(hass, entry, "bedroom-sensor")]}
    assert await services_for(hass_ws_client, hass, thermo) == set()


@pytest.mark.parametrize(
    ("action_id", "inputs"),
    [("do", [STRUCT]), ("_sys_do", [])],
    ids=["object", "system"],
)
async def test_offered_without_buttons(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_ws_client: WebSocketGenerator,
    action_id: str,
    inputs: list[Any],
) -> None:
    """So does that of a device none of whose actions has a button that is enabled."""
    add_product(cloud, "ODD", action(action_id, "Do", inputs))
    entry = await set_up(hass, cloud, product("ODD", ["device-1"]))
    target = {"device_id": [device_id(hass, entry, "device-1")]}
    (offered,) = await services_for(hass_ws_client, hass, target)
    await run(hass, target, offered, {item["id"]: {} for item in inputs})
    assert executed(cloud) == ["device-1"]


async def test_names_of_equal_products(
    hass: HomeAssistant, cloud: Cloud, hass_ws_client: WebSocketGenerator
) -> None:
    """Names begin with the product's, and equal ones say which product is meant."""
    ids = ("ONE", "TWO", "THREE")
    for product_id in ids:
        add_product(cloud, product_id, action("do", "Do"))
    one, two, three = (product(item, ["device-1"], title="Same") for item in ids)
    await set_up(hass, cloud, one, two)
    cloud.access = Access.ACCOUNT
    await set_up(hass, cloud, three)
    target = {"entity_id": button(hass, "ONE/device-1/do")}
    offered = await services_for(hass_ws_client, hass, target)
    names = (await async_get_all_descriptions(hass))[DOMAIN]
    assert {names[name]["name"] for name in offered} == {
        f"Same: Do ({item})" for item in ids
    }


async def test_named(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """A device is named by its id, by its names in the cloud, or by any entity of it."""
    for target in (
        {"device_id": device_id(hass, entry, "kitchen-feeder")},
        {"device_id": [KITCHEN]},
        {"entity_id": button(hass, f"{KITCHEN}/cleanBowl")},
        {"entity_id": [button(hass, f"{KITCHEN}/feed").upper()]},
        {"entity_id": registered(hass, "number", f"{KITCHEN}/feed/portions").entity_id},
        {"entity_id": registered(hass, "binary_sensor", KITCHEN).entity_id},
        {"entity_id": ", ".join([button(hass, f"{KITCHEN}/feed")] * 2)},
        {
            "device_id": [KITCHEN, device_id(hass, entry, "kitchen-feeder")],
            "entity_id": [
                button(hass, f"{KITCHEN}/{item}") for item in ("feed", "cleanBowl")
            ],
        },
    ):
        await run(hass, target)
        assert executed(cloud) == ["kitchen-feeder"], target
    twice = {"device_id": [KITCHEN, device_id(hass, entry, "kitchen-feeder")]}
    await run(hass, twice, "call_action", {"action_id": "cleanBowl"})
    assert executed(cloud) == ["kitchen-feeder"]


@pytest.mark.usefixtures("entry")
async def test_groups(hass: HomeAssistant, cloud: Cloud) -> None:
    """A group names its members."""
    feeders = [button(hass, f"{item}/feed") for item in (KITCHEN, BALCONY)]
    lamp = button(hass, f"{DESK}/blink")
    groups = {
        "feeders": {"entities": feeders},
        "mixed": {"entities": [feeders[0], lamp]},
        "empty": {"entities": []},
        "broken": {"entities": [feeders[0], "button.gone"]},
    }
    assert await async_setup_component(hass, "group", {"group": groups})
    await hass.async_block_till_done()
    await run(hass, {"entity_id": "group.feeders"})
    assert sorted(executed(cloud)) == ["balcony-feeder", "kitchen-feeder"]
    for group, key, named in (
        ("group.mixed", "wrong_product", "desk-lamp"),
        ("group.empty", "no_device_there", "group.empty"),
        ("group.broken", "entity_not_found", "button.gone"),
    ):
        found, words = await refused(hass, {"entity_id": group})
        assert found == key
        assert named in words
    assert executed(cloud) == []


async def test_refused_by_name(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """What is named itself and is no device of the product is refused, and says which."""
    hass.states.async_set("sun.here", "up")
    helper = er.async_get(hass).async_get_or_create(
        "button", "template", "x", device_id=device_id(hass, entry, "kitchen-feeder")
    )
    lamp = device_id(hass, entry, "desk-lamp")
    for wrong, key, named in (
        ({"device_id": [lamp]}, "wrong_product", "desk-lamp"),
        ({"device_id": [DESK]}, "wrong_product", "desk-lamp"),
        ({"entity_id": button(hass, f"{DESK}/blink")}, "wrong_product", "desk-lamp"),
        ({"entity_id": "button.nothing"}, "entity_not_found", "button.nothing"),
        ({"entity_id": "all"}, "entity_not_found", "all"),
        ({"entity_id": "group.none"}, "entity_not_found", "group.none"),
        ({"entity_id": "sun.here"}, "foreign_entity", "sun.here"),
        ({"entity_id": helper.entity_id}, "foreign_entity", helper.entity_id),
        ({"device_id": "nobody"}, "device_not_found", "nobody"),
    ):
        found, words = await refused(hass, wrong)
        assert found == key, wrong
        assert named in words
        # A right one beside it does not help.
        name, value = next(iter(wrong.items()))
        values = [value] if isinstance(value, str) else value
        right = KITCHEN if name == "device_id" else button(hass, f"{KITCHEN}/feed")
        assert (await refused(hass, {name: [right, *values]}))[0] == key
    assert (await refused(hass, {"device_id": [DESK]}))[1].count("宠物喂食器") == 1
    assert executed(cloud) == []


@pytest.fixture
def places(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Target]:
    """Put a feeder and a lamp into a kitchen; return targets that mean a place each."""
    floor = fr.async_get(hass).async_create("Ground")
    label = lr.async_get(hass).async_create("Cats")
    areas = ar.async_get(hass)
    kitchen = areas.async_create("Kitchen", floor_id=floor.floor_id)
    hall = areas.async_create("Hall")
    of_area = lr.async_get(hass).async_create("Wet")
    areas.async_update(kitchen.id, labels={of_area.label_id})
    for name in ("kitchen-feeder", "desk-lamp"):
        dr.async_get(hass).async_update_device(
            device_id(hass, entry, name), area_id=kitchen.id
        )
    return {
        "floor": {"floor_id": [floor.floor_id]},
        "kitchen": {"area_id": kitchen.id},
        "hall": {"area_id": hall.id},
        "label": {"label_id": label.label_id},
        "label of the kitchen": {"label_id": of_area.label_id},
    }


IN_KITCHEN = ("floor", "kitchen", "label of the kitchen")


async def test_places(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target]
) -> None:
    """A place means those of its devices that are of the product; others are left out."""
    for place in IN_KITCHEN:
        await run(hass, places[place])
        assert executed(cloud) == ["kitchen-feeder"]
    both = {**places["floor"], **places["kitchen"], "device_id": [KITCHEN, BALCONY]}
    await run(hass, both)
    assert sorted(executed(cloud)) == ["balcony-feeder", "kitchen-feeder"]
    for place, name in (("hall", "Hall"), ("label", "Cats")):
        key, words = await refused(hass, places[place])
        assert key == "no_device_there"
        assert words == (
            f"There is no device of the product 宠物喂食器 in what was selected: {name}. "
            "Disabled devices do not count."
        )
    key, words = await refused(hass, {"area_id": ["nowhere"], **places["label"]})
    assert key == "no_device_there"
    assert "nowhere, Cats" in words
    assert (await refused(hass, {"area_id": "none"}))[0] == "no_device"
    assert executed(cloud) == []


async def test_place_of_a_button(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target]
) -> None:
    """Where the button of the action has an area or a label of its own, that counts."""
    registry = er.async_get(hass)
    clean, feed = (button(hass, f"{KITCHEN}/{item}") for item in ("cleanBowl", "feed"))
    # What another entity of the device has does not.
    registry.async_update_entity(feed, area_id=places["hall"]["area_id"])
    await run(hass, places["kitchen"])
    assert executed(cloud) == ["kitchen-feeder"]
    assert (await refused(hass, places["hall"]))[0] == "no_device_there"
    await run(hass, places["hall"], "feeder2026_feed")
    assert executed(cloud) == ["kitchen-feeder"]
    for place in IN_KITCHEN:
        assert (await refused(hass, places[place], "feeder2026_feed"))[0] == (
            "no_device_there"
        )
    registry.async_update_entity(clean, labels={places["label"]["label_id"]})
    await run(hass, places["label"])
    assert executed(cloud) == ["kitchen-feeder"]
    assert (await refused(hass, places["label"], "feeder2026_feed"))[0] == (
        "no_device_there"
    )


async def test_label_of_a_device(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target], entry: MockConfigEntry
) -> None:
    """A device with a label is meant wherever its button is."""
    registry = er.async_get(hass)
    clean = button(hass, f"{KITCHEN}/cleanBowl")
    registry.async_update_entity(clean, area_id=places["hall"]["area_id"])
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "kitchen-feeder"), labels={places["label"]["label_id"]}
    )
    await run(hass, places["label"] | places["hall"])
    assert executed(cloud) == ["kitchen-feeder"]


@pytest.mark.parametrize(
    "change",
    [
        {"disabled_by": er.RegistryEntryDisabler.USER},
        {"hidden_by": er.RegistryEntryHider.USER},
    ],
    ids=["disabled", "hidden"],
)
async def test_button_that_is_not_seen(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target], change: dict[str, Any]
) -> None:
    """A device whose button is disabled or hidden is itself where it is."""
    clean = button(hass, f"{KITCHEN}/cleanBowl")
    er.async_get(hass).async_update_entity(clean, **change)
    await hass.async_block_till_done()
    for place in IN_KITCHEN:
        await run(hass, places[place])
        assert executed(cloud) == ["kitchen-feeder"]
    for written in (clean, clean.upper()):
        await run(hass, {"entity_id": written})
        assert executed(cloud) == ["kitchen-feeder"]
    # Where another entity of the device is does not matter.
    er.async_get(hass).async_update_entity(
        button(hass, f"{KITCHEN}/feed"), area_id=places["hall"]["area_id"]
    )
    assert (await refused(hass, places["hall"]))[0] == "no_device_there"


async def test_action_without_a_button(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target], entry: MockConfigEntry
) -> None:
    """So is one whose action has no button."""
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "front-door"), area_id=places["hall"]["area_id"]
    )
    data = {"schedule": {"day": 1}}
    await run(hass, places["hall"], "doorlock01_set_schedule", data)
    assert cloud.executed == [("front-door", "setSchedule", data)]


async def test_disabled_device(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target], entry: MockConfigEntry
) -> None:
    """A disabled device is in no place, and the refusal says so."""
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "kitchen-feeder"),
        disabled_by=dr.DeviceEntryDisabler.USER,
    )
    await hass.async_block_till_done()
    key, words = await refused(hass, places["kitchen"])
    assert key == "no_device_there"
    assert "Disabled devices" in words


async def test_exclude(
    hass: HomeAssistant, cloud: Cloud, places: dict[str, Target], entry: MockConfigEntry
) -> None:
    """What is excluded is left out, in whatever way it is named, in each release."""
    both = {"device_id": [KITCHEN, BALCONY]}
    for exclude in (
        {"device_id": device_id(hass, entry, "kitchen-feeder")},
        {"device_id": [KITCHEN]},
        {"entity_id": [button(hass, f"{KITCHEN}/cleanBowl")]},
        *(places[place] for place in IN_KITCHEN),
        # What does not exist, or is none of ours, is left out anyway.
        {"device_id": [KITCHEN, "gone"], "entity_id": ["button.gone", "sun.sun"]},
        {"area_id": ["gone", places["kitchen"]["area_id"]]},
    ):
        await run(hass, both | {"exclude": exclude})
        assert executed(cloud) == ["balcony-feeder"], exclude
    for exclude in ({}, None, places["hall"], {"device_id": [DESK]}):
        await run(hass, both | {"exclude": exclude})
        assert sorted(executed(cloud)) == ["balcony-feeder", "kitchen-feeder"]
    key, words = await refused(hass, places["kitchen"] | {"exclude": places["floor"]})
    assert key == "all_excluded"
    assert "exclude leaves out every device of the product 宠物喂食器" in words
    for odd in ("kitchen", ["kitchen"], {"area": "kitchen"}):
        assert (await refused(hass, both | {"exclude": odd}))[0] == (
            "exclude_not_understood"
        )
    assert (await refused(hass, {"exclude": places["kitchen"]}))[0] == "no_device"
    assert executed(cloud) == []


SCRIPTS = {
    "device": "data: {device_id: [ID]}",
    "device alone": "data: {device_id: ID}",
    "names in the cloud": f"data: {{device_id: {KITCHEN}}}",
    "template": "data: {device_id: \"{{ ['ID'] }}\"}",
    "template of one": "data: {device_id: \"{{ 'ID' }}\"}",
    "field": 'data: {device_id: "{{ device }}"}',
    "list in a field": 'data: {device_id: "{{ devices }}"}',
    "target": "target: {device_id: [ID]}",
    "target by names": f"target: {{device_id: {KITCHEN}}}",
    "target with a template": 'target: {device_id: "{{ device }}"}',
    "target in a field": 'target: "{{ target }}"',
    "entity": "target: {entity_id: BUTTON}",
    "entity by registry id": "target: {entity_id: REGISTERED}",
}


@pytest.mark.parametrize("written", SCRIPTS.values(), ids=SCRIPTS)
async def test_in_scripts(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry, written: str
) -> None:
    """Scripts of before go on working, as do all ways to write a target."""
    kitchen = device_id(hass, entry, "kitchen-feeder")
    entity = er.async_get(hass).async_get(button(hass, f"{KITCHEN}/feed"))
    assert entity
    for short, long in (
        ("ID", kitchen),
        ("BUTTON", entity.entity_id),
        ("REGISTERED", entity.id),
    ):
        written = written.replace(short, long)
    step = {"action": f"{DOMAIN}.{CLEAN}", **yaml.safe_load(written)}
    config = {"script": {"test": {"sequence": [step]}}}
    assert await async_setup_component(hass, "script", config)
    fields = {
        "device": kitchen,
        "devices": [kitchen],
        "target": {"device_id": [kitchen]},
    }
    await hass.services.async_call("script", "test", fields, blocking=True)
    assert executed(cloud) == ["kitchen-feeder"]
