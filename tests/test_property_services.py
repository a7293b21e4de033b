"""The services that read and write properties, with or without entities."""

import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.auth.const import GROUP_ID_READ_ONLY
from homeassistant.auth.models import Group
from homeassistant.auth.permissions.models import PermissionLookup
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .entities import registered
from .gates import Gate
from .helpers import Cloud, device_id, set_up, with_both_keys
from .plugs import (
    PLUG,
    READ,
    WRITE,
    add_plugs,
    call_service,
    pass_time,
    plugs,
    read_devices,
    set_up_plugs,
    shown,
    written,
)
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault
from emulator.products import property_

A, B = f"{PLUG}/a", f"{PLUG}/b"
PASSWORD = "secret-31415926"


@with_both_keys
@pytest.mark.parametrize("use_properties", [True, False])
async def test_get(hass: HomeAssistant, cloud: Cloud, use_properties: bool) -> None:
    """What devices reported is returned, read now, without secrets and the undeclared."""
    entry, devices = await set_up_plugs(
        hass, cloud, "a", "b", use_properties=use_properties
    )
    read_devices(cloud)
    at = 1_800_000_000_000
    devices[0].report(at, power="1", level="70", mode=2, password=PASSWORD, other=1)
    ids = [device_id(hass, entry, "a"), B]
    response = await call_service(hass, "get_properties", {"device_id": ids})
    assert sorted(read_devices(cloud)) == ["a", "b"]
    reported_at = "2027-01-15T08:00:00+00:00"
    assert response[ids[0]] == {
        "power": {"value": True, "unit": None, "reported_at": reported_at},
        "level": {"value": 70, "unit": "%", "reported_at": reported_at},
        "used": response[ids[0]]["used"],
        "mode": {"value": 2, "unit": None, "reported_at": reported_at},
        "word": {"value": None, "unit": None, "reported_at": None},
    }
    assert response[ids[0]]["used"]["value"] == 3.5
    assert list(response) == [ids[0], device_id(hass, entry, "b")]
    if use_properties:
        assert shown(hass, "number", "a", "level") == "70"


@with_both_keys
async def test_get_many(hass: HomeAssistant, cloud: Cloud) -> None:
    """Few of many devices are read at once, so that another call is not held up by them."""
    names = [f"plug-{index}" for index in range(20)]
    await set_up_plugs(hass, cloud, *names, "other", use_properties=False)
    gate = Gate(cloud, PLUG, (READ,))
    many = hass.async_create_task(
        call_service(
            hass, "get_properties", {"device_id": [f"{PLUG}/{name}" for name in names]}
        )
    )
    assert await gate.arrival(4) == names[:4]
    one = hass.async_create_task(
        call_service(hass, "get_properties", {"device_id": f"{PLUG}/other"})
    )
    assert await gate.arrival() == ["other"]
    gate.let("other")
    await one
    gate.let(names[2])
    assert await gate.arrival() == [names[4]]
    gate.open()
    assert len(await many) == 20


@with_both_keys
async def test_get_fails(hass: HomeAssistant, cloud: Cloud) -> None:
    """One device that cannot be read is named, and why."""
    cloud.expect("ResourceNotFound.DeviceNotExist")
    await set_up_plugs(hass, cloud, "a", "b")
    cloud.emulator.faults.append(
        Fault(call=READ, code="ResourceNotFound.DeviceNotExist")
    )
    with pytest.raises(HomeAssistantError) as raised:
        await call_service(hass, "get_properties", {"device_id": [A, B]})
    assert raised.value.translation_key == "several_failed"
    text = str(raised.value)
    assert "1 of 2 devices failed" in text
    assert "The properties of a could not be read: Tencent Cloud does not know" in text


@with_both_keys
@pytest.mark.parametrize("use_properties", [True, False])
async def test_set(hass: HomeAssistant, cloud: Cloud, use_properties: bool) -> None:
    """Several properties of several devices are written, by one request for each."""
    entry, _ = await set_up_plugs(hass, cloud, "a", "b", use_properties=use_properties)
    cloud.emulator.journal.clear()
    values = {"power": "On", "level": "81", "mode": "Wild", "password": PASSWORD}
    data = {"device_id": [A, device_id(hass, entry, "b")], "properties": values}
    response = await call_service(hass, "set_properties", data)
    on_the_wire = {"power": 1, "level": 81, "mode": 2, "password": PASSWORD}
    assert sorted(written(cloud), key=str) == [("a", on_the_wire), ("b", on_the_wire)]
    assert [entry.call for entry in cloud.emulator.journal] == [WRITE, WRITE]
    assert response.keys() == {device_id(hass, entry, name) for name in ("a", "b")}
    for item in response.values():
        assert item["sent"] is True
        assert item["request_id"]
    (counted,) = request_counts(hass).of_product(PLUG).values()
    prefix = "" if cloud.access == "account" else "Service"
    assert counted[f"{prefix}{WRITE}"] == {"service": 2}


@pytest.mark.parametrize("properties", ['{"level": 8}', {"level": 8.0}])
async def test_set_from_a_template(
    hass: HomeAssistant, cloud: Cloud, properties: object
) -> None:
    """Properties may come as the text that a template makes of them."""
    await set_up_plugs(hass, cloud, "a")
    data = {"device_id": A, "properties": properties}
    await hass.services.async_call(DOMAIN, "set_properties", data, blocking=True)
    assert written(cloud) == [("a", {"level": 8})]


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"level": 101}, "Level (level) of a is out of range. Allowed: 0 – 100 %"),
        ({"level": "x"}, "Level (level) of a must be a number. Allowed: 0 – 100 %"),
        ({"level": None}, "Level (level) of a needs a value. Allowed: 0 – 100 %"),
        ({"mode": "Loud"}, "Mode (mode) of a must be one of: 1 (Calm), 2 (Wild)"),
        ({"word": "x" * 9}, "is too long (maximum length 8)"),
        (
            {"used": 3},
            "Used (used) of a can only be read. These can be written: power,",
        ),
        ({"Level": 3}, "a has no property Level. These can be written: power, level,"),
        ({"level": 3, "used": 3}, "Used (used) of a can only be read."),
        ({}, "Name at least one property that is to be written"),
        (None, "Name at least one property that is to be written"),
        ("level", "The properties to be written must be an object"),
        ([1], "The properties to be written must be an object"),
        ({"password": [PASSWORD]}, "Password (password) of a must be a text"),
        ({"password": PASSWORD * 9}, "Password (password) of a is too long"),
    ],
)
async def test_refused(
    hass: HomeAssistant, cloud: Cloud, properties: object, text: str
) -> None:
    """What is not allowed is refused before anything is sent to any device."""
    await set_up_plugs(hass, cloud, "a", "b")
    data = {"device_id": [A, B], "properties": properties}
    with pytest.raises(ServiceValidationError) as raised:
        await call_service(hass, "set_properties", data)
    assert text in str(raised.value)
    assert PASSWORD not in repr(raised.value.translation_placeholders)
    assert written(cloud) == []


@with_both_keys
async def test_set_offline(
    hass: HomeAssistant, cloud: Cloud, freezer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What a device did not take is a failure that says it may come yet."""
    _, devices = await set_up_plugs(hass, cloud, "a", "b")
    devices[0].status = 0
    data = {"device_id": [A, B], "properties": {"level": 80}}
    with pytest.raises(HomeAssistantError) as raised:
        await call_service(hass, "set_properties", data)
    assert "1 of 2 devices failed" in str(raised.value)
    assert (
        "a is offline, or does not listen, and did not take what was written to Level "
        "(level). Tencent Cloud may still hand it over"
    ) in str(raised.value)
    assert shown(hass, "number", "a", "level") == "50"
    assert shown(hass, "number", "b", "level") == "80"


@with_both_keys
@pytest.mark.parametrize(
    ("fault", "key", "text"),
    [
        (
            Fault(code="RequestLimitExceeded", times=9),
            "write_rate_limited",
            "Nothing was written to Level (level), Password (password) of a: too many",
        ),
        (
            Fault(drop=True),
            "write_fate_unknown",
            "Level (level), Password (password) of a may have been written: no answer",
        ),
        (
            Fault(payload={"Result": "{}"}),
            "write_broken_reply",
            "may have been written",
        ),
        (Fault(code="InternalError"), "write_server_fault", "may have been written"),
        (Fault(code="Mystery"), "write_unknown_code", "may have been written"),
        (
            Fault(code="InvalidParameterValue.ModelDefinePropRangeError"),
            "write_invalid_input",
            "Tencent Cloud does not accept the values",
        ),
    ],
)
async def test_set_fails(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: Any,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    key: str,
    text: str,
) -> None:
    """What may have been written is not written again, and no secret is in any error."""
    caplog.set_level(logging.DEBUG, f"custom_components.{DOMAIN}")
    cloud.expect(fault.code)
    fault = Fault(**vars(fault) | {"call": WRITE, "message": f"not {PASSWORD}"})
    await set_up_plugs(hass, cloud, "a")
    cloud.emulator.journal.clear()
    cloud.emulator.faults.append(fault)
    data = {"device_id": A, "properties": {"level": 80, "password": PASSWORD}}
    with pytest.raises(HomeAssistantError) as raised:
        await call_service(hass, "set_properties", data)
    assert raised.value.translation_key == key
    assert text in str(raised.value)
    assert PASSWORD not in f"{raised.value} {raised.value.translation_placeholders}"
    assert PASSWORD not in caplog.text
    tries = [entry.call for entry in cloud.emulator.journal].count(WRITE)
    assert tries == (3 if fault.times > 1 else 1)
    assert shown(hass, "number", "a", "level") == "50"
    cloud.emulator.faults.clear()
    await pass_time(hass, freezer, 25)
    # Reads show what came of it, where that is unknown.
    reads = [entry.call for entry in cloud.emulator.journal].count(READ)
    assert (reads >= 4) is ("may have" in text)


async def test_reauth(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key that is not accepted must be replaced."""
    cloud.expect("AuthFailure.SignatureFailure")
    entry, _ = await set_up_plugs(hass, cloud, "a")
    cloud.emulator.faults.append(
        Fault(call=WRITE, code="AuthFailure.SignatureFailure", times=9)
    )
    data = {"device_id": A, "properties": {"level": 80}}
    with pytest.raises(HomeAssistantError, match="Nothing was written to Level"):
        await call_service(hass, "set_properties", data)
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["entry_id"] == entry.entry_id


COLOUR = property_(
    "colour",
    "Colour",
    type="struct",
    specs=[
        {
            "id": key,
            "name": key.title(),
            "dataType": {"type": "int", "min": "0", "max": "255", "step": "1"},
        }
        for key in ("red", "green", "blue")
    ],
)


@with_both_keys
async def test_structures(hass: HomeAssistant, cloud: Cloud) -> None:
    """A structure is written as a whole, with what was reported of what is not given."""
    (device,) = add_plugs(cloud, "a", properties=(COLOUR,))
    await set_up(hass, cloud, plugs("a"))
    data: dict[str, Any] = {"device_id": A, "properties": {"colour": {"red": 1}}}
    with pytest.raises(ServiceValidationError, match="ever reported") as raised:
        await call_service(hass, "set_properties", data)
    assert "green, blue" in str(raised.value)
    assert written(cloud) == []
    device.report(colour={"red": 9, "green": 8, "blue": 7, "other": 6})
    await call_service(hass, "set_properties", data)
    assert written(cloud) == [("a", {"colour": {"red": 1, "green": 8, "blue": 7}})]
    cloud.emulator.journal.clear()
    whole = {"red": 1, "green": 2, "blue": 3}
    data["properties"] = {"colour": whole}
    await call_service(hass, "set_properties", data)
    assert read_devices(cloud) == []
    assert written(cloud)[-1] == ("a", {"colour": whole})


async def a_guest(
    hass: HomeAssistant, entry: MockConfigEntry, entities: dict[str, Any]
) -> Context:
    """Return the context of a person who has rights on some entities alone."""
    await hass.auth.async_create_user("Owner")
    user = await hass.auth.async_create_user("Guest")
    user.perm_lookup = PermissionLookup(er.async_get(hass), dr.async_get(hass))
    user.groups.append(Group(name="guests", policy={"entities": entities}))
    return Context(user_id=user.id)


def on(hass: HomeAssistant, path: str, platform: str = "number") -> str:
    """Return the entity id of something of the first plug."""
    return registered(hass, platform, f"{A}{path}").entity_id


async def test_rights_of_a_guest(hass: HomeAssistant, cloud: Cloud) -> None:
    """A person may read and write what that person may read and control as entities."""
    entry, _ = await set_up_plugs(hass, cloud, "a", "b")
    rights = {
        on(hass, "/property:level"): {"read": True, "control": True},
        on(hass, "/property:used", "sensor"): {"read": True},
        on(hass, "/property:power", "switch"): {"read": True},
    }
    context = await a_guest(hass, entry, {"entity_ids": rights})
    response = await call_service(
        hass, "get_properties", {"device_id": A}, context=context
    )
    (found,) = response.values()
    assert list(found) == ["power", "level", "used"]
    data = {"device_id": A, "properties": {"level": 80}}
    await call_service(hass, "set_properties", data, context=context)
    assert len(written(cloud)) == 1
    for device, properties in (
        (A, {"power": 1}),
        (A, {"level": 80, "power": 1}),
        (A, {"password": PASSWORD}),
        (A, {"nothing": 1}),
        (A, {"used": 1}),
        (A, {}),
        (B, {"level": 80}),
        (f"{PLUG}/none", {"level": 80}),
    ):
        data = {"device_id": [device], "properties": properties}
        with pytest.raises(Unauthorized):
            await call_service(hass, "set_properties", data, context=context)
    for device in (B, f"{PLUG}/none", "0123"):
        with pytest.raises(Unauthorized):
            await call_service(
                hass, "get_properties", {"device_id": device}, context=context
            )
    assert len(written(cloud)) == 1


async def test_what_a_guest_learns(hass: HomeAssistant, cloud: Cloud) -> None:
    """A refusal names no properties that a person may not see."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    rights = {
        on(hass, "/property:used", "sensor"): True,
        on(hass, "/property:level"): {"read": True},
    }
    context = await a_guest(hass, entry, {"entity_ids": rights})
    data = {"device_id": A, "properties": {"used": 1}}
    with pytest.raises(ServiceValidationError) as raised:
        await call_service(hass, "set_properties", data, context=context)
    assert str(raised.value).endswith("can only be read. These can be written: level")


async def test_rights_without_an_entity(hass: HomeAssistant, cloud: Cloud) -> None:
    """What has no entity is for those who may control the whole device."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    rights = {"device_ids": {device_id(hass, entry, "a"): True}}
    context = await a_guest(hass, entry, rights)
    data = {"device_id": A, "properties": {"password": PASSWORD}}
    await call_service(hass, "set_properties", data, context=context)
    assert written(cloud) == [("a", {"password": PASSWORD})]


async def test_rights_on_a_light(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a light is made of is for those who may control the light."""
    properties = (
        property_(
            "light_switch", "灯开关", type="bool", mapping={"0": "关", "1": "开"}
        ),
        property_("brightness", "亮度", type="int", min="1", max="100", unit="%"),
    )
    add_plugs(cloud, "a", properties=properties)
    entry = await set_up(hass, cloud, plugs("a"))
    rights = {"entity_ids": {on(hass, "/light", "light"): True}}
    context = await a_guest(hass, entry, rights)
    data = {"device_id": A, "properties": {"brightness": 30, "light_switch": "开"}}
    await call_service(hass, "set_properties", data, context=context)
    assert written(cloud) == [("a", {"brightness": 30, "light_switch": 1})]


async def test_read_only_person(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who may only read reads all, and writes nothing."""
    await set_up_plugs(hass, cloud, "a")
    await hass.auth.async_create_user("Owner")
    user = await hass.auth.async_create_user("Guest", group_ids=[GROUP_ID_READ_ONLY])
    context = Context(user_id=user.id)
    response = await call_service(
        hass, "get_properties", {"device_id": A}, context=context
    )
    assert [len(found) for found in response.values()] == [5]
    data = {"device_id": A, "properties": {"level": 80}}
    with pytest.raises(Unauthorized):
        await call_service(hass, "set_properties", data, context=context)


async def test_not_loaded(hass: HomeAssistant, cloud: Cloud) -> None:
    """Both services say of an entry that is not loaded that it is not."""
    entry, _ = await set_up_plugs(hass, cloud, "a")
    await hass.config_entries.async_unload(entry.entry_id)
    data = {"device_id": A}
    for service, more in (
        ("get_properties", {}),
        ("set_properties", {"properties": {"level": 1}}),
    ):
        with pytest.raises(ServiceValidationError, match="cannot be used"):
            await call_service(hass, service, {**data, **more})
    with pytest.raises(ServiceValidationError, match="No device"):
        await call_service(hass, "get_properties", {})


async def test_order_with_actions(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is written and what is run on one device keeps its order."""
    await set_up_plugs(hass, cloud, "a")
    calls = [
        hass.services.async_call(
            DOMAIN, service, {"device_id": A, **data}, blocking=True
        )
        for service, data in (
            ("set_properties", {"properties": {"level": 10}}),
            ("call_action", {"action_id": "reset"}),
            ("set_properties", {"properties": {"level": 20}}),
        )
    ]
    tasks = [hass.async_create_task(item) for item in calls]
    for task in tasks:
        await task
    reached = [
        getattr(item, "values", None) or getattr(item, "action_id", None)
        for item in cloud.emulator.reached
    ]
    assert reached == [{"level": 10}, "reset", {"level": 20}]
