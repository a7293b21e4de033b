"""Buttons."""

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .helpers import (
    FEEDER,
    LAMP,
    LOCK,
    Cloud,
    button,
    device_id,
    poll,
    product,
    set_up,
    with_both_keys,
)
from emulator import EmulatedDevice, Fault


async def press(hass: HomeAssistant, unique_id: str) -> None:
    """Press a button."""
    await hass.services.async_call(
        "button", "press", {"entity_id": button(hass, unique_id)}, blocking=True
    )


@with_both_keys
async def test_press(hass: HomeAssistant, cloud: Cloud) -> None:
    """A press runs the action once, with start values."""
    await set_up(hass, cloud, FEEDER)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    await press(hass, "FEEDER2026/balcony-feeder/cleanBowl")
    assert cloud.executed == [
        ("kitchen-feeder", "feed", {"portions": 1}),
        ("balcony-feeder", "cleanBowl", {}),
    ]
    calls = cloud.emulator.requests("CallDeviceActionAsync")
    assert [call.parameters["InputParams"] for call in calls] == [
        '{"portions":1}',
        "{}",
    ]


async def test_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """Device and button say what they are, in the words of the data template."""
    entry = await set_up(hass, cloud, FEEDER)
    device = dr.async_get(hass).async_get(device_id(hass, entry, "kitchen-feeder"))
    assert device
    assert device.identifiers == {("tencent_iot_explorer", "FEEDER2026/kitchen-feeder")}
    assert device.manufacturer == "Tencent Cloud IoT Explorer"
    assert device.model == "宠物喂食器"
    assert device.model_id == "FEEDER2026"
    assert device.serial_number == "kitchen-feeder"
    state = hass.states.get(button(hass, "FEEDER2026/kitchen-feeder/feed"))
    assert state
    assert state.name == "kitchen-feeder 喂食"
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {entity.config_subentry_id for entity in entities} == set(entry.subentries)


async def test_inputs_needed(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that needs values is refused, naming its inputs, and nothing is sent."""
    await set_up(hass, cloud, LOCK, FEEDER)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, "DOORLOCK01/front-door/openDoor")
    assert raised.value.translation_key == "inputs_needed"
    assert raised.value.translation_placeholders == {
        "device": "front-door",
        "action": "开门 (openDoor)",
        "inputs": "方式 (mode), 用户 (userid)",
    }
    assert cloud.emulator.requests("CallDeviceActionAsync") == []


@with_both_keys
async def test_offline(hass: HomeAssistant, cloud: Cloud) -> None:
    """The button of an offline device can be pressed, and the press raises."""
    await set_up(hass, cloud, LAMP)
    state = hass.states.get(button(hass, "LAMP202611/hall-lamp/blink"))
    assert state
    assert state.state == "unknown"
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "LAMP202611/hall-lamp/blink")
    assert raised.value.translation_key == "device_unreachable"
    placeholders = raised.value.translation_placeholders
    assert placeholders
    assert placeholders["device"] == "hall-lamp"
    assert placeholders["action"] == "Blink (blink)"
    assert placeholders["code"] == "FailedOperation.ActionUnreachable"
    assert placeholders["message"] == "动作消息不可达"
    request = cloud.emulator.journal[-1].request_id
    assert placeholders["request_id"] == request
    assert cloud.executed == []


@with_both_keys
@pytest.mark.parametrize(
    ("fault", "key", "times"),
    [
        (Fault(drop=True, execute=True), "fate_unknown", 1),
        (Fault(drop=True), "fate_unknown", 0),
        (Fault(status=502, body="<html>", execute=True), "server_fault", 1),
        (Fault(status=307, headers={"Location": "/"}), "broken_reply", 0),
        (Fault(code="InternalError.Timeout", execute=True), "server_fault", 1),
        (Fault(code="Mystery"), "unknown_code", 0),
        (Fault(code="Mystery", execute=True), "unknown_code", 1),
        (Fault(code="UnauthorizedOperation.DeviceIsNotEnabled"), "refused", 0),
    ],
)
async def test_failure(
    hass: HomeAssistant, cloud: Cloud, fault: Fault, key: str, times: int
) -> None:
    """A press that fails raises in words and is never repeated."""
    cloud.expect(fault.code)
    await set_up(hass, cloud, FEEDER)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "FEEDER2026/kitchen-feeder/feed")
    assert raised.value.translation_key == key
    assert len(cloud.emulator.requests("CallDeviceActionAsync")) == 1
    assert len(cloud.executed) == times


@with_both_keys
async def test_cloud_away(hass: HomeAssistant, cloud: Cloud) -> None:
    """A press without the cloud says that nothing was sent."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, FEEDER)
    await cloud.emulator.stop()
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "FEEDER2026/kitchen-feeder/feed")
    assert raised.value.translation_key == "cannot_connect"


@with_both_keys
async def test_new_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """With all devices, one that appears in the cloud gets its buttons within a poll."""
    await set_up(hass, cloud, product("LAMP202611", all_devices=True))
    lamps = cloud.emulator.products["LAMP202611"].devices
    lamps["new-lamp"] = EmulatedDevice(name="new-lamp")
    await poll(hass)
    await press(hass, "LAMP202611/new-lamp/blink")
    assert cloud.executed == [("new-lamp", "blink", {})]


@with_both_keys
async def test_secrets_in_an_answer(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """What the cloud says of the key pair is shown without the key pair."""
    key, secret = list(cloud.entry_data().values())[1:3]
    cloud.expect(f"Mystery.{key}")
    await set_up(hass, cloud, FEEDER)
    echo = f"your {key} and {secret} are odd"
    cloud.emulator.faults.append(Fault(code=f"Mystery.{key}", message=echo))
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "FEEDER2026/kitchen-feeder/feed")
    placeholders = raised.value.translation_placeholders
    assert placeholders
    assert placeholders["message"] == "your … and … are odd"
    assert placeholders["code"] == "Mystery.…"
    assert key not in caplog.text
    assert secret not in caplog.text
    event = er.async_get(hass).async_get_entity_id(
        "event", "tencent_iot_explorer", "FEEDER2026/kitchen-feeder"
    )
    assert key not in str(hass.states.get(str(event)))
