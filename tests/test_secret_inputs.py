"""Secret inputs: a person chooses them, and their values are kept with the product."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import restore_state

from .dialogs import (
    answer as answer_application,
    key_pair,
    shown,
    start as start_application,
)
from .entities import add_product, change_template, find, press, set_value, state_of
from .helpers import FEEDER, Cloud, product, refresh, set_up
from .test_product_flow import answer, start
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault
from emulator.products import action, parameter

OPEN = "SAFE/device-1/open"
PIN = "Open (open): PIN (pinCode)"
NOTE = "Open (open): Note (note)"


def text(key: str, name: str, **limits: str) -> dict[str, Any]:
    """Return the declaration of a text input."""
    return parameter(key, name, type="string", **limits)


def open_safe(*more: dict[str, Any]) -> dict[str, Any]:
    """Return an action with a text that reads like a secret and one that does not."""
    return action(
        "open",
        "Open",
        [
            text("pinCode", "PIN", min="4", max="8"),
            text("note", "Note"),
            parameter("times", "Times", type="int", min="1", max="9", start="3"),
            *more,
        ],
    )


@pytest.fixture(autouse=True)
def _safe(cloud: Cloud) -> None:
    """Put the safe into the emulated cloud."""
    add_product(cloud, "SAFE", open_safe(), action("close", "Close"))


async def set_up_safe(hass: HomeAssistant, cloud: Cloud, **more: Any) -> Any:
    """Set the safe up, with more of what is stored, and return the entry."""
    settings = product("SAFE", ["device-1"])
    settings["data"] = {**settings["data"], **more}
    return await set_up(hass, cloud, settings)


async def change(hass: HomeAssistant, entry: Any, **chosen: Any) -> Any:
    """Change what the first form of the dialog shows, and return what follows."""
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    return await answer(hass, flow, shown(flow) | chosen)


def stored(entry: Any) -> dict[str, Any]:
    """Return what is stored of the product's secret inputs."""
    (subentry,) = entry.subentries.values()
    keys = ("secret", "plain", "secret_inputs")
    return {key: subentry.data[key] for key in keys if key in subentry.data}


def text_entity(hass: HomeAssistant, key: str) -> str | None:
    """Return the entity of a text input, if there is one."""
    return find(hass, "text", f"{OPEN}/{key}")


@pytest.mark.parametrize(("language", "colon"), [("en", ": "), ("zh-Hans", "：")])
async def test_words_choose_first(
    hass: HomeAssistant, cloud: Cloud, language: str, colon: str
) -> None:
    """A new product's form offers all texts and has chosen those that read like secrets."""
    await hass.config.async_update(language=language)
    pin, note = (name.replace(": ", colon) for name in (PIN, NOTE))
    entry = await set_up(hass, cloud, FEEDER)
    flow = await start(hass, entry)
    flow = await answer(hass, flow, {"product_id": "SAFE"})
    field = flow["data_schema"].schema["secret_inputs"]
    assert field.config["multiple"]
    assert not field.config["custom_value"]
    assert field.config["options"] == [
        {"value": "open/pinCode", "label": pin},
        {"value": "open/note", "label": note},
    ]
    assert shown(flow)["secret_inputs"] == ["open/pinCode"]
    chosen = {"product_name": "Safe", "all_devices": True}
    flow = await answer(hass, flow, chosen)
    assert flow["step_id"] == "secrets"
    assert flow["description_placeholders"]["product"] == "Safe"
    assert flow["data_schema"].schema.keys() == {pin}
    result = await answer(hass, flow, {pin: "271828"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (safe,) = (item for item in entry.subentries.values() if item.title == "Safe")
    assert safe.data == {
        "product_id": "SAFE",
        "all_devices": True,
        "devices": [],
        "timestamp_unit": "seconds",
        "use_properties": True,
        "secret": ["open/pinCode"],
        "plain": ["open/note"],
        "secret_inputs": {"open": {"pinCode": "271828"}},
    }
    assert text_entity(hass, "pinCode") is None
    await set_value(hass, "text", f"{OPEN}/note", "x")
    await press(hass, OPEN)
    assert cloud.executed == [
        ("device-1", "open", {"pinCode": "271828", "note": "x", "times": 3})
    ]


async def test_first_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """The dialog that adds an application asks the same of its first product."""
    flow_id = await start_application(hass)
    result = await answer_application(hass, flow_id, key_pair(cloud, product_id="SAFE"))
    assert shown(result)["secret_inputs"] == ["open/pinCode"]
    chosen = {
        "product_name": "Safe",
        "all_devices": False,
        "devices": ["device-1"],
        "secret_inputs": ["open/pinCode", "open/note"],
    }
    result = await answer_application(hass, flow_id, chosen)
    assert result["step_id"] == "secrets"
    result = await answer_application(hass, flow_id, {PIN: "123", NOTE: "x"})
    assert result["errors"] == {PIN: "secret_not_allowed"}
    assert result["description_placeholders"]["input"] == PIN
    assert result["description_placeholders"]["minimum"] == "4"
    assert result["description_placeholders"]["maximum"] == "8"
    assert shown(result) == {}
    result = await answer_application(hass, flow_id, {})
    entry = result["result"]
    assert stored(entry) == {
        "secret": ["open/note", "open/pinCode"],
        "plain": [],
        "secret_inputs": {"open": {"note": "x"}},
    }


async def test_values(hass: HomeAssistant, cloud: Cloud) -> None:
    """A value is typed in the product's dialog, sent by the button, and shown nowhere."""
    entry = await set_up_safe(hass, cloud)
    await set_value(hass, "text", f"{OPEN}/note", "x")
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, OPEN)
    assert raised.value.translation_key == "inputs_needed_secret"
    flow = await change(hass, entry)
    assert flow["step_id"] == "secrets"
    await answer(hass, flow, {})
    assert "secret_inputs" not in stored(entry)
    flow = await change(hass, entry)
    result = await answer(hass, flow, {PIN: "123"})
    assert result["errors"] == {PIN: "secret_not_allowed"}
    result = await answer(hass, flow, {PIN: "271828"})
    assert result["reason"] == "reconfigure_successful"
    await set_value(hass, "text", f"{OPEN}/note", "x")
    await press(hass, OPEN)
    assert cloud.executed == [
        ("device-1", "open", {"pinCode": "271828", "note": "x", "times": 3})
    ]
    assert not [state for state in hass.states.async_all() if "271828" in str(state)]
    flow = await change(hass, entry)
    assert "271828" not in str(flow)
    assert "271828" not in str(shown(flow))
    result = await answer(hass, flow, {PIN: ""})
    assert result["reason"] == "reconfigure_successful"
    await press(hass, OPEN)
    assert len(cloud.executed) == 2


async def test_stored_values_are_not_suggested(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """The field of the choice is called like what is stored, and shows none of it."""
    entry = await set_up_safe(
        hass, cloud, secret_inputs={"open": {"pinCode": "271828"}}
    )
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    assert shown(flow)["secret_inputs"] == ["open/pinCode"]
    assert "271828" not in str(shown(flow))
    result = await answer(hass, flow, shown(flow) | {"devices": []})
    assert result["errors"] == {"devices": "no_devices_chosen"}
    assert shown(result)["secret_inputs"] == ["open/pinCode"]
    assert "271828" not in str(shown(result))


async def test_becomes_secret(hass: HomeAssistant, cloud: Cloud) -> None:
    """A text that is chosen loses its entity with what that showed."""
    entry = await set_up_safe(hass, cloud)
    entity_id = text_entity(hass, "note")
    assert entity_id
    await set_value(hass, "text", f"{OPEN}/note", "3141592")
    flow = await change(hass, entry, secret_inputs=["open/pinCode", "open/note"])
    assert flow["data_schema"].schema.keys() == {PIN, NOTE}
    await answer(hass, flow, {PIN: "271828", NOTE: "secret note"})
    assert text_entity(hass, "note") is None
    assert hass.states.get(entity_id) is None
    remembered = restore_state.async_get(hass).async_get_stored_states()
    assert "3141592" not in str([item.as_dict() for item in remembered])
    await press(hass, OPEN)
    inputs = {"pinCode": "271828", "note": "secret note", "times": 3}
    assert cloud.executed == [("device-1", "open", inputs)]


async def test_becomes_plain(hass: HomeAssistant, cloud: Cloud) -> None:
    """A text that is taken out gets an entity, and its stored value is deleted."""
    entry = await set_up_safe(
        hass, cloud, secret_inputs={"open": {"pinCode": "271828"}}
    )
    result = await change(hass, entry, secret_inputs=[])
    assert result["reason"] == "reconfigure_successful"
    assert stored(entry) == {"secret": [], "plain": ["open/note", "open/pinCode"]}
    assert state_of(hass, "text", f"{OPEN}/pinCode").state == ""
    assert not [state for state in hass.states.async_all() if "271828" in str(state)]
    await set_value(hass, "text", f"{OPEN}/note", "x")
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, OPEN)
    assert raised.value.translation_key == "inputs_needed"
    # What is chosen stays chosen, whatever the words say.
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    assert shown(flow)["secret_inputs"] == []


async def test_declared_later(hass: HomeAssistant, cloud: Cloud) -> None:
    """What the template gets later is judged by words until the dialog is confirmed."""
    entry = await set_up_safe(hass, cloud)
    await answer(hass, await change(hass, entry, secret_inputs=["open/note"]), {})
    assert text_entity(hass, "pinCode")
    assert text_entity(hass, "note") is None
    later = open_safe(text("pwd", "PIN of the bank"), text("id", "密码id"))
    change_template(cloud, "SAFE", later)
    await refresh(hass)
    assert text_entity(hass, "pwd") is None
    assert text_entity(hass, "id")
    assert text_entity(hass, "pinCode")
    assert text_entity(hass, "note") is None
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    assert shown(flow)["secret_inputs"] == ["open/note", "open/pwd"]
    chosen = ["open/id", "open/pinCode"]
    flow = await answer(hass, flow, shown(flow) | {"secret_inputs": chosen})
    await answer(hass, flow, {})
    assert stored(entry) == {"secret": chosen, "plain": ["open/note", "open/pwd"]}
    assert text_entity(hass, "pwd")
    assert text_entity(hass, "id") is None


async def test_what_is_not_asked_about_stays(hass: HomeAssistant, cloud: Cloud) -> None:
    """A choice that belongs to something else, or to an action that is gone, is kept."""
    others = ["event:alarm/code", "fetch/code", "property:pin"]
    entry = await set_up_safe(hass, cloud, secret=others, plain=["fetch/note"])
    await answer(hass, await change(hass, entry), {})
    assert stored(entry) == {
        "secret": [*others[:2], "open/pinCode", "property:pin"],
        "plain": ["fetch/note", "open/note"],
    }


async def test_no_text(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product without texts has nothing to choose, and values of none are not kept."""
    change_template(cloud, "SAFE", action("close", "Close"))
    entry = await set_up_safe(
        hass, cloud, secret_inputs={"open": {"pinCode": "271828"}}
    )
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    assert "secret_inputs" not in flow["data_schema"].schema
    result = await answer(hass, flow, shown(flow))
    assert result["reason"] == "reconfigure_successful"
    assert stored(entry) == {"secret": ["open/pinCode"], "plain": []}


async def test_value_that_is_not_allowed_any_more(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A stored value that the template forbids since is refused, without naming it."""
    entry = await set_up_safe(
        hass, cloud, secret_inputs={"open": {"pinCode": "271828"}}
    )
    shorter = action("open", "Open", [text("pinCode", "PIN", min="1", max="4")])
    change_template(cloud, "SAFE", shorter)
    await refresh(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, OPEN)
    assert raised.value.translation_key == "value_wrong_length"
    assert "271828" not in str(raised.value.translation_placeholders)
    assert cloud.executed == []
    flow = await change(hass, entry)
    result = await answer(hass, flow, {})
    assert result["errors"] == {PIN: "secret_not_allowed"}
    result = await answer(hass, flow, {PIN: "4711"})
    assert result["reason"] == "reconfigure_successful"
    await press(hass, OPEN)
    assert cloud.executed == [("device-1", "open", {"pinCode": "4711"})]


async def test_value_of_what_is_no_text_any_more(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Where a secret has become a number, its old value is not sent in secret."""
    entry = await set_up_safe(
        hass, cloud, secret_inputs={"open": {"pinCode": "271828"}}
    )
    number = action("open", "Open", [parameter("pinCode", "PIN", type="int")])
    change_template(cloud, "SAFE", number)
    await refresh(hass)
    assert state_of(hass, "number", f"{OPEN}/pinCode").state == "unknown"
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, OPEN)
    assert raised.value.translation_key == "inputs_needed"
    assert cloud.executed == []
    assert stored(entry)["secret_inputs"]


async def test_chosen_secret_is_hidden(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a person chose is hidden in errors, and what was taken out is not."""
    cloud.expect("Mystery")
    await set_up_safe(hass, cloud, secret=["open/note"], plain=["open/pinCode"])
    cloud.emulator.faults.append(Fault(code="Mystery", message="3141592 or 27182"))
    inputs = {"note": "3141592", "pinCode": "27182", "times": 1}
    with pytest.raises(HomeAssistantError) as raised:
        await hass.services.async_call(
            DOMAIN,
            "safe_open",
            {"device_id": "SAFE/device-1", **inputs},
            blocking=True,
        )
    assert raised.value.translation_placeholders
    assert raised.value.translation_placeholders["message"] == "… or 27182"
