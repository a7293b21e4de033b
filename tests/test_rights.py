"""What a person learns of products: only of those on which that person has a right."""

from collections.abc import Awaitable, Callable
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from homeassistant.auth.models import Group
from homeassistant.auth.permissions.models import PermissionLookup
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)

from .entities import add_product
from .helpers import FEEDER, LOCK, Cloud, button, device_id, product, set_up
from .voice import add_aliases, expose, name_device, say, set_up_assist
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter

KITCHEN = "FEEDER2026/kitchen-feeder"
BALCONY = "FEEDER2026/balcony-feeder"
FRONT_DOOR = "DOORLOCK01/front-door"
FEEDER_ACTIONS = {"feed", "cleanBowl", "setMeal"}
LOCK_ACTIONS = {"openDoor", "ring", "setSchedule"}
# What nobody may read who has no right on anything.
REVEALING = re.compile(
    "feeder|feed|bowl|meal|lock|portion|front|Home|Kettle|宠物|门锁|喂食|开门",
    re.IGNORECASE,
)

type Data = dict[str, Any]
type Person = Callable[[HomeAssistant, MockConfigEntry], Awaitable[str | None]]


def member(group: str) -> Person:
    """Return how a person of one of Home Assistant's own groups is made."""

    async def make(hass: HomeAssistant, entry: MockConfigEntry) -> str:
        """Return the id of the person."""
        return (await hass.auth.async_create_user("Member", group_ids=[group])).id

    return make


def guest(policy: Callable[[HomeAssistant, MockConfigEntry], Data]) -> Person:
    """Return how a person with few rights is made."""

    async def make(hass: HomeAssistant, entry: MockConfigEntry) -> str:
        """Return the id of the person."""
        user = await hass.auth.async_create_user("Guest")
        entities = policy(hass, entry)
        # As Home Assistant gives it to each person, but not in tests.
        user.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
        user.groups.append(Group(name="guests", policy={"entities": entities}))
        return user.id

    return make


async def nobody(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Return the id that an automation calls with."""


async def machine(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return the id of a user of the system."""
    groups = ["system-admin"]
    return (await hass.auth.async_create_system_user("System", group_ids=groups)).id


def one_button(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
    """Return the right to control one button."""
    return {"entity_ids": {button(hass, f"{KITCHEN}/feed"): {"control": True}}}


def one_button_to_read(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
    """Return the right to read one button."""
    return {"entity_ids": {button(hass, f"{KITCHEN}/feed"): {"read": True}}}


def one_device(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
    """Return all rights on one device."""
    return {"device_ids": {device_id(hass, entry, "kitchen-feeder"): True}}


def one_area(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
    """Return all rights in one area."""
    area = ar.async_get(hass).async_get_area_by_name("Balcony")
    assert area
    return {"area_ids": {area.id: True}}


def nothing(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
    """Return no right."""
    return {}


EVERYTHING = {"FEEDER2026": FEEDER_ACTIONS, "DOORLOCK01": LOCK_ACTIONS}
# Each person with what that person is shown, and on which feeder.
PEOPLE: dict[str, tuple[Person, dict[str, set[str]], str]] = {
    "automation": (nobody, EVERYTHING, "kitchen-feeder"),
    "system": (machine, EVERYTHING, "kitchen-feeder"),
    "administrator": (member("system-admin"), EVERYTHING, "kitchen-feeder"),
    "user": (member("system-users"), EVERYTHING, "kitchen-feeder"),
    "reader": (member("system-read-only"), EVERYTHING, "kitchen-feeder"),
    "one-button": (guest(one_button), {"FEEDER2026": {"feed"}}, "kitchen-feeder"),
    "one-button-to-read": (
        guest(one_button_to_read),
        {"FEEDER2026": {"feed"}},
        "kitchen-feeder",
    ),
    "one-device": (guest(one_device), {"FEEDER2026": FEEDER_ACTIONS}, "kitchen-feeder"),
    "one-area": (guest(one_area), {"FEEDER2026": FEEDER_ACTIONS}, "balcony-feeder"),
    "nothing": (guest(nothing), {}, ""),
}


async def set_up_home(hass: HomeAssistant, cloud: Cloud) -> MockConfigEntry:
    """Return an application with feeders and a lock, beside another integration."""
    entry = await set_up(hass, cloud, FEEDER, LOCK)
    # The first person of a Home Assistant owns it and may do everything.
    await hass.auth.async_create_user("Owner")
    balcony = ar.async_get(hass).async_create("Balcony")
    ar.async_get(hass).async_create("Attic")
    devices = dr.async_get(hass)
    devices.async_update_device(
        device_id(hass, entry, "balcony-feeder"), area_id=balcony.id
    )
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    devices.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}, name="Kettle"
    )
    return entry


async def call(
    hass: HomeAssistant, service: str, data: Data, user_id: str | None
) -> Data:
    """Call a service as a person, and return its response."""
    response = await hass.services.async_call(
        DOMAIN,
        service,
        data,
        blocking=True,
        return_response=True,
        context=Context(user_id=user_id),
    )
    assert response is not None
    return dict(response)


@pytest.mark.parametrize(("person", "shown", "device"), PEOPLE.values(), ids=PEOPLE)
async def test_reference(
    hass: HomeAssistant,
    cloud: Cloud,
    person: Person,
    shown: dict[str, set[str]],
    device: str,
) -> None:
    """The reference shows what a person may see; all else is as if it did not exist."""
    entry = await set_up_home(hass, cloud)
    user_id = await person(hass, entry)
    found = await call(hass, "get_action_reference", {}, user_id)
    assert {key: set(value["actions"]) for key, value in found.items()} == shown
    for described in found.get("FEEDER2026", {"actions": {}})["actions"].values():
        example = yaml.safe_load(described["yaml"])
        assert example["target"] == {"device_id": [device_id(hass, entry, device)]}
    texts = set()
    for product_id in ("FEEDER2026", "DOORLOCK01", "NOT_THERE"):
        data = {"product_id": product_id}
        if product_id in shown:
            one = await call(hass, "get_action_reference", data, user_id)
            assert one == {product_id: found[product_id]}
            continue
        with pytest.raises(ServiceValidationError) as raised:
            await call(hass, "get_action_reference", data, user_id)
        texts.add(str(raised.value).replace(product_id, "…"))
    assert len(texts) == 1


async def test_reference_for_a_stranger(hass: HomeAssistant, cloud: Cloud) -> None:
    """A person whom Home Assistant does not know is refused."""
    await set_up_home(hass, cloud)
    with pytest.raises(UnknownUser):
        await call(hass, "get_action_reference", {}, "somebody")


async def test_reference_without_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product without a device is shown to those alone who may see everything."""
    add_product(cloud, "EMPTY", action("on", "On"), devices=0)
    entry = await set_up(hass, cloud, product("EMPTY", all_devices=True))
    await hass.auth.async_create_user("Owner")
    found = await call(hass, "get_action_reference", {}, None)
    assert "<device id>" in found["EMPTY"]["actions"]["on"]["yaml"]
    user_id = await guest(nothing)(hass, entry)
    assert await call(hass, "get_action_reference", {}, user_id) == {}


def attempts(hass: HomeAssistant, entry: MockConfigEntry) -> list[tuple[str, Data]]:
    """Return calls that cannot be carried out, of each kind that there is."""
    kitchen = device_id(hass, entry, "kitchen-feeder")
    (other,) = hass.config_entries.async_entries("other")
    (foreign,) = dr.async_entries_for_config_entry(dr.async_get(hass), other.entry_id)
    areas = {area.name: area.id for area in ar.async_get(hass).async_list_areas()}
    return [
        ("call_action", {"device_id": device, "action_id": action_id, "inputs": inputs})
        for device in (kitchen, KITCHEN, FRONT_DOOR, "FEEDER2026/attic", "NONE/none")
        for action_id in ("feed", "nothing", "", "openDoor")
        for inputs in ({"portions": 99}, {"other": 1}, {"portions": "x"})
    ] + [
        ("call_action", {"device_id": "0123456789", "action_id": "feed"}),
        ("call_action", {"device_id": foreign.id, "action_id": "feed"}),
        ("call_action", {"device_id": [KITCHEN, "0123"], "action_id": "feed"}),
        ("feeder2026_feed", {"device_id": kitchen, "portions": 99}),
        ("feeder2026_feed", {"device_id": KITCHEN, "other": 99}),
        ("feeder2026_feed", {"device_id": FRONT_DOOR}),
        ("feeder2026_feed", {"device_id": foreign.id}),
        ("feeder2026_feed", {"device_id": "0123456789"}),
        *(
            ("feeder2026_feed", {"entity_id": entity_id, "portions": 99})
            for entity_id in (
                button(hass, f"{KITCHEN}/feed"),
                [button(hass, f"{KITCHEN}/feed"), "button.unknown"],
                button(hass, f"{KITCHEN}/cleanBowl"),
                button(hass, f"{FRONT_DOOR}/openDoor"),
                "button.unknown",
                "group.unknown",
                "sun.sun",
                "all",
            )
        ),
        ("feeder2026_feed", {"device_id": KITCHEN, "exclude": {"device_id": KITCHEN}}),
        *(
            (
                "feeder2026_feed",
                {"area_id": areas["Balcony"], "exclude": exclude, "portions": 99},
            )
            for exclude in ({"area_id": areas["Balcony"]}, {"device_id": KITCHEN})
        ),
        ("feeder2026_feed", {"area_id": areas["Balcony"], "portions": 99}),
        ("feeder2026_feed", {"area_id": areas["Attic"]}),
        ("feeder2026_feed", {"area_id": "unknown"}),
        ("feeder2026_feed", {"label_id": "unknown"}),
        ("feeder2026_feed", {"floor_id": "unknown"}),
        ("doorlock01_open_door", {"device_id": KITCHEN}),
        ("doorlock01_set_schedule", {"device_id": FRONT_DOOR, "schedule": "x"}),
    ]


@pytest.mark.parametrize("loaded", [True, False])
@pytest.mark.parametrize("person", ["reader", "one-button-to-read", "nothing"])
async def test_refusals_reveal_nothing(
    hass: HomeAssistant, cloud: Cloud, person: str, loaded: bool
) -> None:
    """Whatever is wrong with a call, who may control nothing hears of no right alone."""
    entry = await set_up_home(hass, cloud)
    user_id = await PEOPLE[person][0](hass, entry)
    if not loaded:
        assert await hass.config_entries.async_unload(entry.entry_id)
    cloud.emulator.journal.clear()
    for service, data in attempts(hass, entry):
        with pytest.raises(Unauthorized) as raised:
            await call(hass, service, data, user_id)
        assert not REVEALING.search(str(raised.value))
        with pytest.raises(HomeAssistantError) as raised_for_all:
            await call(hass, service, data, None)
        assert not isinstance(raised_for_all.value, Unauthorized)
    assert cloud.emulator.journal == []


async def test_nothing_selected(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who names no device at all reads so, whoever that is."""
    entry = await set_up_home(hass, cloud)
    user_id = await guest(nothing)(hass, entry)
    for service in ("call_action", "feeder2026_feed"):
        with pytest.raises(ServiceValidationError, match="No device"):
            await call(hass, service, {}, user_id)


@pytest.mark.parametrize(
    ("person", "allowed", "listed"),
    [
        ("user", [KITCHEN, BALCONY, FRONT_DOOR], FEEDER_ACTIONS),
        ("one-button", [], None),
        ("one-device", [KITCHEN], FEEDER_ACTIONS),
        ("one-area", [BALCONY], FEEDER_ACTIONS),
    ],
)
async def test_unknown_action(
    hass: HomeAssistant,
    cloud: Cloud,
    person: str,
    allowed: list[str],
    listed: set[str] | None,
) -> None:
    """What a device has instead is shown to who may control the device."""
    entry = await set_up_home(hass, cloud)
    user_id = await PEOPLE[person][0](hass, entry)
    for device in (KITCHEN, BALCONY, FRONT_DOOR, "FEEDER2026/none"):
        data = {"device_id": device, "action_id": "nothing"}
        expected = ServiceValidationError if device in allowed else Unauthorized
        if person == "user":
            expected = ServiceValidationError
        with pytest.raises(expected) as raised:
            await call(hass, "call_action", data, user_id)
        if device in allowed and device != FRONT_DOOR:
            placeholders = raised.value.translation_placeholders
            assert placeholders
            assert set(placeholders["actions"].split(", ")) == listed


async def test_only_seen_actions_are_listed(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who may control the outcomes of a device reads of those actions that are seen."""
    entry = await set_up_home(hass, cloud)

    def policy(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
        """Return rights on the outcomes of a device and on one button."""
        buttons = one_button_to_read(hass, entry)["entity_ids"]
        outcomes = next(
            state.entity_id
            for state in hass.states.async_all("event")
            if "kitchen" in state.entity_id
        )
        return {"entity_ids": {**buttons, outcomes: True}}

    user_id = await guest(policy)(hass, entry)
    data = {"device_id": KITCHEN, "action_id": "nothing"}
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "call_action", data, user_id)
    assert (raised.value.translation_placeholders or {})["actions"] == "feed"


async def test_one_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who may press one button reads what is wrong with that call, and of no other."""
    entry = await set_up_home(hass, cloud)
    user_id = await guest(one_button)(hass, entry)
    wrong = {"device_id": KITCHEN, "portions": 99}
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "feeder2026_feed", wrong, user_id)
    assert raised.value.translation_key == "value_out_of_range"
    feed, clean = (button(hass, f"{KITCHEN}/{item}") for item in ("feed", "cleanBowl"))
    for service, data in (
        ("feeder2026_feed", {"entity_id": clean}),
        ("feeder2026_feed", {"entity_id": [feed, clean]}),
        ("feeder2026_feed", {"entity_id": [feed, "button.unknown"]}),
        ("feeder2026_feed", {"entity_id": button(hass, f"{BALCONY}/feed")}),
        ("feeder2026_feed", {"device_id": BALCONY}),
        ("feeder2026_feed", {"device_id": [KITCHEN, BALCONY]}),
        ("feeder2026_clean_bowl", {"device_id": KITCHEN}),
        ("call_action", {"device_id": KITCHEN, "action_id": "cleanBowl"}),
        ("doorlock01_open_door", {"device_id": KITCHEN}),
    ):
        with pytest.raises(Unauthorized):
            await call(hass, service, data, user_id)
    assert cloud.executed == []
    for data in ({"device_id": KITCHEN}, {"entity_id": feed}):
        await call(hass, "feeder2026_feed", data, user_id)
    assert [item[:2] for item in cloud.executed] == [("kitchen-feeder", "feed")] * 2


async def test_place_without_what_must_not_be_used(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Who may not use all devices of a place has to leave the others out."""
    entry = await set_up_home(hass, cloud)
    user_id = await guest(one_device)(hass, entry)
    (area,) = (
        item for item in ar.async_get(hass).async_list_areas() if item.name == "Attic"
    )
    for name in ("kitchen-feeder", "balcony-feeder"):
        dr.async_get(hass).async_update_device(
            device_id(hass, entry, name), area_id=area.id
        )
    data: Data = {"area_id": area.id}
    with pytest.raises(Unauthorized):
        await call(hass, "feeder2026_clean_bowl", data, user_id)
    data["exclude"] = {"device_id": [BALCONY]}
    await call(hass, "feeder2026_clean_bowl", data, user_id)
    assert [item[:2] for item in cloud.executed] == [("kitchen-feeder", "cleanBowl")]


async def test_voice(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a person may not control is neither listed nor asked about by voice."""
    await set_up_assist(hass)
    kind = parameter("kind", "Secret kind", type="string", min="1", max="9")
    names = add_product(cloud, "TOY", action("jump", "Jump", [kind]), devices=2)
    entry = await set_up(hass, cloud, product("TOY", names))
    await hass.auth.async_create_user("Owner")
    for name in names:
        expose(hass, f"TOY/{name}/jump")
        await add_aliases(hass, f"TOY/{name}/jump", "Hop")
        await name_device(hass, f"TOY/{name}/jump", name_by_user="Frog")
    await hass.async_block_till_done()
    assert "device-2" in await say(hass, "frog hop")

    def policy(hass: HomeAssistant, entry: MockConfigEntry) -> Data:
        """Return the right to control one of the two buttons."""
        return {"entity_ids": {button(hass, "TOY/device-1/jump"): True}}

    user_id = await guest(policy)(hass, entry)
    answer = await say(hass, "frog hop", context=Context(user_id=user_id))
    assert "device-2" not in answer
    assert "Secret kind" in answer
    for stranger in (await guest(nothing)(hass, entry), "nobody"):
        answer = await say(hass, "frog hop", context=Context(user_id=stranger))
        assert "no device action fits" in answer
    await name_device(hass, "TOY/device-2/jump", name_by_user="Toad")
    answer = await say(hass, "toad hop", context=Context(user_id=user_id))
    assert "you may not control it" in answer
    assert cloud.executed == []
