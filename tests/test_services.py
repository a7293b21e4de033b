"""The services: `call_action` and those made from data templates."""

import asyncio
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.auth.models import Group, User
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
    floor_registry as fr,
    label_registry as lr,
)

from .entities import ECHO_ON_THE_WIRE
from .helpers import (
    FEEDER,
    LAMP,
    LOCK,
    Cloud,
    button,
    device_id,
    product,
    set_up,
    with_both_keys,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import JournalEntry

ECHO = {
    "power": "1",
    "brightness": 80,
    "warmth": 0.7,
    "text": "晚上好",
    "colour": "Blue",
    "effect": "calm",
    "moment": "2026-11-23 20:00:00+08:00",
}


async def call(
    hass: HomeAssistant,
    service: str,
    data: dict[str, Any],
    *,
    response: bool = False,
    context: Context | None = None,
) -> Any:
    """Call a service of this integration."""
    return await hass.services.async_call(
        DOMAIN, service, data, blocking=True, return_response=response, context=context
    )


async def refused(
    hass: HomeAssistant, service: str, data: dict[str, Any]
) -> tuple[str | None, dict[str, str]]:
    """Call a service that must refuse, and return key and placeholders of the error."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, service, data)
    assert raised.value.translation_domain == DOMAIN
    return raised.value.translation_key, dict(
        raised.value.translation_placeholders or {}
    )


@with_both_keys
async def test_every_type(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each type of input reaches the device as it expects it; outputs come back typed."""
    entry = await set_up(hass, cloud, LAMP)
    device = device_id(hass, entry, "desk-lamp")
    response = await call(
        hass,
        "lamp202611_echo",
        {"device_id": device, "wait_for_reply": True, **ECHO},
        response=True,
    )
    assert cloud.executed == [("desk-lamp", "echo", ECHO_ON_THE_WIRE)]
    request = cloud.emulator.journal[-1]
    assert request.call == "CallDeviceActionSync"
    token = response[device].pop("client_token")
    assert token.startswith("LAMP202611::")
    assert response == {
        device: {
            "status": "action execute success!",
            "request_id": request.request_id,
            "outputs": ECHO_ON_THE_WIRE | {"power": True},
        }
    }


@with_both_keys
async def test_without_reply(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without waiting there are no outputs, and without asking no response."""
    entry = await set_up(hass, cloud, FEEDER)
    device = device_id(hass, entry, "kitchen-feeder")
    data = {"device_id": [device], "portions": 3}
    response = await call(hass, "feeder2026_feed", data, response=True)
    assert set(response[device]) == {"status", "client_token", "request_id"}
    assert response[device]["status"] == "succ"
    assert await call(hass, "feeder2026_feed", data) is None
    assert cloud.emulator.journal[-1].call == "CallDeviceActionAsync"
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 3})] * 2


async def test_device_that_is_in_no_registry(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device whose entities were removed by hand is still called, by its own name."""
    await set_up(hass, cloud, FEEDER)
    registry = er.async_get(hass)
    for entity_id in list(registry.entities):
        registry.async_remove(entity_id)
    data = {"device_id": "FEEDER2026/kitchen-feeder"}
    response = await call(hass, "feeder2026_feed", data, response=True)
    assert list(response) == ["FEEDER2026/kitchen-feeder"]


@with_both_keys
async def test_call_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """The fixed service runs any action of any product, by the exact ids."""
    entry = await set_up(hass, cloud, LOCK, FEEDER)
    data: dict[str, Any] = {
        "device_id": device_id(hass, entry, "front-door"),
        "action_id": "openDoor",
        "inputs": {"mode": "静音", "userid": "323343"},
        "wait_for_reply": True,
    }
    response = await call(hass, "call_action", data, response=True)
    assert response[data["device_id"]]["outputs"] == {"code": False}
    data = {"device_id": "FEEDER2026/kitchen-feeder", "action_id": "cleanBowl"}
    await call(hass, "call_action", data | {"inputs": None})
    assert cloud.executed == [
        ("front-door", "openDoor", {"mode": 1, "userid": "323343"}),
        ("kitchen-feeder", "cleanBowl", {}),
    ]


async def test_raw_input(hass: HomeAssistant, cloud: Cloud) -> None:
    """An input of a type that nobody knows is passed on as it is."""
    await set_up(hass, cloud, LOCK)
    await call(
        hass,
        "doorlock01_set_schedule",
        {"device_id": "DOORLOCK01/front-door", "schedule": {"day": 3}},
    )
    assert cloud.executed == [("front-door", "setSchedule", {"schedule": {"day": 3}})]


@pytest.mark.parametrize(
    ("changes", "key", "name", "allowed"),
    [
        ({"brightness": 101}, "out_of_range", "Brightness (brightness)", "0 – 100 %"),
        ({"brightness": 3.5}, "not_an_integer", "Brightness (brightness)", "0 – 100 %"),
        (
            {"brightness": "much"},
            "not_a_number",
            "Brightness (brightness)",
            "0 – 100 %",
        ),
        ({"brightness": True}, "not_a_number", "Brightness (brightness)", "0 – 100 %"),
        ({"warmth": "nan"}, "not_a_number", "Warmth (warmth)", "0 – 1.5"),
        ({"warmth": "unknown"}, "not_a_number", "Warmth (warmth)", "0 – 1.5"),
        (
            {"colour": "Pink"},
            "not_a_choice",
            "Colour (colour)",
            "0 (Red), 1 (Green), 2 (Blue)",
        ),
        ({"power": "maybe"}, "not_a_choice", "Power (power)", "0 (Off), 1 (On)"),
        (
            {"text": "x" * 65},
            "wrong_length_at_most",
            "Text (text)",
            "maximum length 64",
        ),
        ({"text": True}, "not_a_text", "Text (text)", "maximum length 64"),
        ({"text": {"a": 1}}, "not_a_text", "Text (text)", "maximum length 64"),
        ({"text": None}, "missing_text_at_most", "Text (text)", "maximum length 64"),
        ({"moment": None}, "missing_any", "Moment (moment)", "–"),
        ({"moment": "tomorrow"}, "not_a_time", "Moment (moment)", "–"),
        (
            {"effect": None},
            "missing",
            "Effect (effect)",
            "calm (Calm sea), fire (Fireplace)",
        ),
        (
            {"speed": 1},
            "undeclared",
            "speed",
            "power, brightness, warmth, text, colour, effect, moment",
        ),
    ],
)
@pytest.mark.parametrize("service", ["lamp202611_echo", "call_action"])
async def test_wrong_value(
    hass: HomeAssistant,
    cloud: Cloud,
    service: str,
    changes: dict[str, Any],
    key: str,
    name: str,
    allowed: str,
) -> None:
    """A wrong value is refused before anything is sent, in words that help."""
    await set_up(hass, cloud, LAMP)
    data: dict[str, Any] = {"device_id": "LAMP202611/desk-lamp"}
    if service == "call_action":
        data |= {"action_id": "echo", "inputs": ECHO | changes}
    else:
        data |= ECHO | changes
    found, placeholders = await refused(hass, service, data)
    assert found == f"value_{key}"
    lengths = {"minimum": "0", "maximum": "64"} if "text" in changes else {}
    assert placeholders == lengths | {
        "device": "desk-lamp",
        "action": "Echo (echo)",
        "input": name,
        "allowed": allowed,
    }
    assert cloud.executed == []


async def test_missing_input(hass: HomeAssistant, cloud: Cloud) -> None:
    """A number with a start may be left out, nothing else."""
    await set_up(hass, cloud, LAMP)
    data = {"device_id": "LAMP202611/desk-lamp", **ECHO}
    del data["brightness"], data["warmth"]
    await call(hass, "lamp202611_echo", data)
    assert cloud.executed[0][2]["brightness"] == 50
    assert cloud.executed[0][2]["warmth"] == 0.5
    del data["colour"]
    key, placeholders = await refused(hass, "lamp202611_echo", data)
    assert key == "value_missing"
    assert placeholders["input"] == "Colour (colour)"


async def test_times(hass: HomeAssistant, cloud: Cloud) -> None:
    """A time without a zone is Home Assistant's; the product says its unit."""
    await hass.config.async_set_time_zone("Asia/Shanghai")
    seconds = product("LAMP202611", ["desk-lamp"], timestamp_unit="seconds")
    await set_up(hass, cloud, seconds)
    for moment in ("2026-11-23 20:00:00", "2026-11-23T12:00:00Z", 1795435200):
        data = {"device_id": "LAMP202611/desk-lamp", **ECHO, "moment": moment}
        await call(hass, "lamp202611_echo", data)
    assert [inputs["moment"] for _, _, inputs in cloud.executed] == [1795435200] * 3


async def test_wrong_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that is unknown, foreign or of another product is refused by name."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    foreign = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("other", "x")}, name="Other"
    )
    feed = "feeder2026_feed"
    assert await refused(hass, feed, {"device_id": "nobody"}) == (
        "device_not_found",
        {"device": "nobody"},
    )
    assert await refused(hass, feed, {"device_id": foreign.id}) == (
        "foreign_device",
        {"device": "Other"},
    )
    lamp = {"device_id": device_id(hass, entry, "desk-lamp")}
    assert await refused(hass, feed, lamp) == (
        "wrong_product",
        {"device": "desk-lamp", "product": "宠物喂食器"},
    )
    assert await refused(hass, feed, {"device_id": "FEEDER2026/nobody"}) == (
        "device_not_found",
        {"device": "FEEDER2026/nobody"},
    )
    for data in ({}, {"device_id": []}, {"device_id": ""}, {"device_id": "none"}):
        assert await refused(hass, feed, data) == ("no_device", {})
    assert cloud.emulator.requests("CallDeviceActionAsync") == []


async def test_unknown_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that the product does not have is refused, naming those it has."""
    await set_up(hass, cloud, FEEDER)
    data = {"device_id": "FEEDER2026/kitchen-feeder", "action_id": "Feed"}
    assert await refused(hass, "call_action", data) == (
        "action_not_found",
        {
            "device": "kitchen-feeder",
            "action": "Feed",
            "actions": "feed, cleanBowl, setMeal",
        },
    )


async def test_areas(hass: HomeAssistant, cloud: Cloud) -> None:
    """Areas, floors and labels mean the configured devices of the product, each once."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    registry = dr.async_get(hass)
    floor = fr.async_get(hass).async_create("Ground")
    area = ar.async_get(hass).async_create("Kitchen", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Cats")
    kitchen = device_id(hass, entry, "kitchen-feeder")
    balcony = device_id(hass, entry, "balcony-feeder")
    registry.async_update_device(kitchen, area_id=area.id)
    registry.async_update_device(
        device_id(hass, entry, "desk-lamp"), area_id=area.id, labels={label.label_id}
    )
    registry.async_update_device(balcony, labels={label.label_id})
    service = "feeder2026_clean_bowl"
    await call(hass, service, {"area_id": area.id})
    await call(hass, service, {"floor_id": [floor.floor_id]})
    await call(hass, service, {"label_id": label.label_id})
    await call(
        hass, service, {"area_id": area.id, "device_id": [kitchen, kitchen, balcony]}
    )
    assert [device for device, _, _ in cloud.executed] == [
        "kitchen-feeder",
        "kitchen-feeder",
        "balcony-feeder",
        "kitchen-feeder",
        "balcony-feeder",
    ]
    registry.async_update_device(kitchen, disabled_by=dr.DeviceEntryDisabler.USER)
    assert await refused(hass, service, {"area_id": area.id}) == (
        "no_device_there",
        {"product": "宠物喂食器", "places": "Kitchen"},
    )


async def test_devices_with_other_identifiers(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Devices of others in an area may have identifiers of any length, as RFXtrx has."""
    entry = await set_up(hass, cloud, FEEDER)
    registry = dr.async_get(hass)
    area = ar.async_get(hass).async_create("Kitchen")
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    remote = registry.async_get_or_create(
        config_entry_id=other.entry_id,
        identifiers={("other", "11", "0", "118cdea")},
    )
    for device in remote.id, device_id(hass, entry, "kitchen-feeder"):
        registry.async_update_device(device, area_id=area.id)
    await call(hass, "feeder2026_clean_bowl", {"area_id": area.id})
    assert [device for device, _, _ in cloud.executed] == ["kitchen-feeder"]
    data = {"device_id": remote.id}
    key, _ = await refused(hass, "feeder2026_clean_bowl", data)
    assert key == "foreign_device"


async def test_one_value_wrong_for_one_of_two(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """All devices are checked before anything is sent to any."""
    await set_up(hass, cloud, FEEDER, LAMP)
    data = {
        "device_id": ["FEEDER2026/kitchen-feeder", "LAMP202611/desk-lamp"],
        "action_id": "feed",
    }
    assert (await refused(hass, "call_action", data))[0] == "action_not_found"
    assert cloud.executed == []


@with_both_keys
async def test_several_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Several devices are called by one service call, and each answers for itself."""
    entry = await set_up(hass, cloud, FEEDER)
    devices = [
        device_id(hass, entry, name) for name in ("kitchen-feeder", "balcony-feeder")
    ]
    response = await call(
        hass,
        "feeder2026_feed",
        {"device_id": devices, "portions": 2, "wait_for_reply": True},
        response=True,
    )
    outputs = {key: value["outputs"] for key, value in response.items()}
    assert outputs == {device: {"remaining": 90} for device in devices}


@with_both_keys
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_some_fail(hass: HomeAssistant, cloud: Cloud, language: str) -> None:
    """All are tried; then the failures are raised together in the person's language."""
    hass.config.language = language
    lamps = cloud.emulator.products["LAMP202611"].devices
    for index in range(7):
        lamps[f"lamp-{index}"] = type(lamps["hall-lamp"])(
            name=f"lamp-{index}", status=index % 7 and 0
        )
    names = ["desk-lamp", *(f"lamp-{index}" for index in range(7))]
    await set_up(hass, cloud, product("LAMP202611", names))
    data = {"device_id": [f"LAMP202611/{name}" for name in names]}
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "lamp202611_blink", data, response=True)
    assert raised.value.translation_key == "several_failed"
    placeholders = raised.value.translation_placeholders
    assert placeholders
    assert placeholders["failed"] == "7"
    assert placeholders["total"] == "8"
    reasons = placeholders["reasons"].splitlines()
    assert len(reasons) == 5
    assert [f"lamp-{index}" in reason for index, reason in enumerate(reasons)] == [
        True
    ] * 5
    word = {"en": "cannot be reached", "zh-Hans": "无法连接设备"}[language]
    assert all(word in reason for reason in reasons)
    assert cloud.executed == [("desk-lamp", "blink", {})]


async def test_one_of_one_fails(hass: HomeAssistant, cloud: Cloud) -> None:
    """A single failure is raised as itself."""
    cloud.expect("FailedOperation.Timeout")
    cloud.emulator.products["LAMP202611"].devices["desk-lamp"].silent = True
    await set_up(hass, cloud, LAMP)
    data = {"device_id": "LAMP202611/desk-lamp", "wait_for_reply": True}
    with pytest.raises(HomeAssistantError) as raised:
        await call(hass, "lamp202611_blink", data)
    assert raised.value.translation_key == "device_silent"
    assert len(cloud.executed) == 1


@with_both_keys
async def test_many_devices_share_slots(hass: HomeAssistant, cloud: Cloud) -> None:
    """One call may have ten requests under way, as many as there may be at all."""
    lamps = cloud.emulator.products["LAMP202611"].devices
    names = [f"lamp-{index}" for index in range(20)]
    lamps |= {name: type(lamps["hall-lamp"])(name=name) for name in names}
    await set_up(hass, cloud, product("LAMP202611", names))
    arrived: list[JournalEntry] = []
    all_are_there = asyncio.Event()

    async def wait_for_ten(entry: JournalEntry) -> None:
        """Hold actions until as many are under way as may be."""
        arrived.append(entry)
        if len(arrived) == 10:
            all_are_there.set()
        await all_are_there.wait()

    cloud.emulator.gate = wait_for_ten
    data = {"device_id": [f"LAMP202611/{name}" for name in names]}
    await call(hass, "lamp202611_blink", data)
    assert sorted(device for device, _, _ in cloud.executed) == sorted(names)
    assert cloud.emulator.most_at_once == 10


async def make_user(hass: HomeAssistant, entities: dict[str, Any]) -> User:
    """Return a person who may control some entities only."""
    # The first person of a Home Assistant owns it and may do everything.
    await hass.auth.async_create_user("Owner")
    user = await hass.auth.async_create_user("Guest")
    group = Group(name="guests", policy={"entities": {"entity_ids": entities}})
    user.groups.append(group)
    return user


@pytest.mark.parametrize("service", ["feeder2026_feed", "call_action"])
async def test_permission(hass: HomeAssistant, cloud: Cloud, service: str) -> None:
    """A person may call what that person may press; automations may call all."""
    await set_up(hass, cloud, FEEDER)
    feed = button(hass, "FEEDER2026/kitchen-feeder/feed")
    user = await make_user(hass, {feed: {"control": True}})
    context = Context(user_id=user.id)
    action = {"action_id": "feed"} if service == "call_action" else {}
    allowed = {"device_id": "FEEDER2026/kitchen-feeder", **action}
    both = {"device_id": [allowed["device_id"], "FEEDER2026/balcony-feeder"], **action}
    await call(hass, service, allowed, context=context)
    with pytest.raises(Unauthorized):
        await call(hass, service, both, context=context)
    assert len(cloud.executed) == 1
    await call(hass, service, both)
    assert len(cloud.executed) == 3


async def test_permission_without_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that has no button is allowed with the outcomes of its device."""
    await set_up(hass, cloud, LOCK)
    data = {"device_id": "DOORLOCK01/front-door", "schedule": {"day": 1}}
    outcomes = er.async_get(hass).async_get_entity_id(
        "event", DOMAIN, "DOORLOCK01/front-door"
    )
    assert outcomes
    stranger = await make_user(hass, {})
    with pytest.raises(Unauthorized):
        await call(
            hass, "doorlock01_set_schedule", data, context=Context(user_id=stranger.id)
        )
    guest = await make_user(hass, {outcomes: {"control": True}})
    await call(hass, "doorlock01_set_schedule", data, context=Context(user_id=guest.id))
    assert len(cloud.executed) == 1


async def test_administrator_and_stranger(hass: HomeAssistant, cloud: Cloud) -> None:
    """An administrator may call all, an unknown person nothing."""
    await set_up(hass, cloud, FEEDER)
    administrator = await hass.auth.async_create_user(
        "Owner", group_ids=["system-admin"]
    )
    data = {"device_id": "FEEDER2026/kitchen-feeder"}
    context = Context(user_id=administrator.id)
    await call(hass, "feeder2026_clean_bowl", data, context=context)
    with pytest.raises(UnknownUser):
        await call(
            hass, "feeder2026_clean_bowl", data, context=Context(user_id="nobody")
        )
    assert len(cloud.executed) == 1
