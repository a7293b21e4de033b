"""Choices by label and by key: what a service, an entity and a voice mean by them."""

from typing import Any

from hypothesis import assume, given, strategies as st
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_all_descriptions

from .api.helpers import MILLISECONDS, make_action
from .api.strategies import DEFINES, parse_parameter
from .entities import (
    action_reference,
    add_product,
    press,
    set_up_input,
    set_value,
    state_of,
)
from .helpers import DOMAIN, Cloud, product, set_up
from .voice import expose, name_device, say, set_up_assist
from custom_components.tencent_iot_explorer.actions.fields import labels_to_keys
from custom_components.tencent_iot_explorer.api.data_template import Choice
from custom_components.tencent_iot_explorer.api.values import to_wire
from custom_components.tencent_iot_explorer.presentation.labels import option_value
from emulator.products import action, parameter

TURNED = {"0": "3", "1": "2", "2": "1"}
CHAIN = {"1": "2", "2": "3", "3": "four"}
TWINS = {"1": "Same", "2": "Same", "3": "1"}
WOKE_MODE = {"disarmed": "撤防", "arm": "布防", "home": "在家"}


async def call(hass: HomeAssistant, value: object, service: str = "odd_do") -> None:
    """Call the action with a value."""
    data: dict[str, Any] = {"device_id": "ODD/device-1"}
    if service == "call_action":
        data |= {"action_id": "do", "inputs": {"x": value}}
    else:
        data["x"] = value
    await hass.services.async_call(DOMAIN, service, data, blocking=True)


async def options(hass: HomeAssistant) -> dict[str, str]:
    """Return what the selector of the service stores, by what it shows."""
    descriptions = await async_get_all_descriptions(hass)
    selector = descriptions[DOMAIN]["odd_do"]["fields"]["x"]["selector"]["select"]
    return {option["label"]: option["value"] for option in selector["options"]}


@pytest.mark.parametrize("service", ["odd_do", "call_action"])
@pytest.mark.parametrize("data_type", ["enum", "stringenum"])
@pytest.mark.parametrize(
    ("mapping", "value", "key"),
    [
        (TURNED, "1", "2"),
        (TURNED, "3", "0"),
        (TURNED, 1, "2"),
        (TURNED, 1.0, "2"),
        (TURNED, "0", "0"),
        (CHAIN, "2", "1"),
        (CHAIN, "3", "2"),
        (CHAIN, "1", "1"),
        (CHAIN, "four", "3"),
        (TWINS, "1", "3"),
        (TWINS, "2", "2"),
        (TWINS, "Same (1)", "1"),
        ({"0": "Off", "1": "On"}, "1", "1"),
        ({"0": "Off", "1": "On"}, "On", "1"),
    ],
)
async def test_label_before_key(
    hass: HomeAssistant,
    cloud: Cloud,
    data_type: str,
    mapping: dict[str, str],
    value: object,
    key: str,
    service: str,
) -> None:
    """What a service is called with is a label if it is that of one choice, else a key."""
    await set_up_input(hass, cloud, type=data_type, mapping=mapping)
    await call(hass, value, service)
    sent = int(key) if data_type == "enum" else key
    assert cloud.executed == [("device-1", "do", {"x": sent})]


async def test_label_of_two(hass: HomeAssistant, cloud: Cloud) -> None:
    """A label that two choices have chooses neither."""
    await set_up_input(hass, cloud, type="enum", mapping=TWINS)
    with pytest.raises(ServiceValidationError) as raised:
        await call(hass, "Same")
    assert raised.value.translation_key == "value_not_a_choice"
    assert cloud.executed == []


@pytest.mark.parametrize("mapping", [TURNED, CHAIN, TWINS, {"0": "Off", "1": "On"}])
async def test_selector(
    hass: HomeAssistant, cloud: Cloud, mapping: dict[str, str]
) -> None:
    """What is chosen in the editor of an automation is what runs, whatever it is called."""
    await set_up_input(hass, cloud, type="stringenum", mapping=mapping)
    for value in (await options(hass)).values():
        await call(hass, value)
    assert [inputs["x"] for _, _, inputs in cloud.executed] == list(mapping)


async def test_selector_stores_keys(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key is stored, which new labels leave alone, unless it is another one's label."""
    await set_up_input(hass, cloud, type="enum", mapping=CHAIN)
    assert await options(hass) == {"2": "1", "3": "3", "four": "four"}


@pytest.mark.parametrize("mapping", [TURNED, CHAIN, TWINS])
async def test_entity(
    hass: HomeAssistant, cloud: Cloud, mapping: dict[str, str]
) -> None:
    """A select that shows a label sends the key of that label."""
    unique_id = await set_up_input(hass, cloud, type="stringenum", mapping=mapping)
    await press_all(hass, unique_id)
    assert [inputs["x"] for _, _, inputs in cloud.executed] == list(mapping)


async def press_all(hass: HomeAssistant, unique_id: str) -> None:
    """Choose each option of a select, and press the button."""
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError):
        await press(hass, "ODD/device-1/do")
    for label in state_of(hass, "select", unique_id).attributes["options"]:
        await set_value(hass, "select", unique_id, label)
        assert state_of(hass, "select", unique_id).state == label
        await press(hass, "ODD/device-1/do")


async def test_voice(hass: HomeAssistant, cloud: Cloud) -> None:
    """A key that a sentence led to is not read as the label of another choice."""
    await set_up_assist(hass)
    inputs = [parameter("x", "X", type="enum", mapping={"1": "low", "2": "1"})]
    add_product(cloud, "ODD", action("do", "Wind", inputs))
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    expose(hass, "ODD/device-1/do")
    await name_device(hass, "ODD/device-1/do", name_by_user="Fan")
    await hass.async_block_till_done()
    await say(hass, "wind low on Fan", "en")
    assert cloud.executed == [("device-1", "do", {"x": 1})]


async def test_example(hass: HomeAssistant, cloud: Cloud) -> None:
    """The reference's example runs the first choice."""
    await set_up_input(hass, cloud, type="enum", mapping={"2": "1", "1": "2"})
    described = (await action_reference(hass))["ODD"]
    assert "x: '1'\n" in described["actions"]["do"]["yaml"]
    await call(hass, "1")
    assert cloud.executed == [("device-1", "do", {"x": 2})]


async def test_bool_with_other_keys(hass: HomeAssistant, cloud: Cloud) -> None:
    """A bool with keys of its own shows their labels and sends the key."""
    mapped = {"type": "bool", "mapping": WOKE_MODE}
    inputs = [parameter("x", "X", **mapped)]
    outputs = [parameter("now", "Now", **mapped)]
    add_product(cloud, "ODD", action("do", "Do", inputs, outputs))
    cloud.emulator.products["ODD"].outputs["do"] = lambda values: {"now": values["x"]}
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    assert await options(hass) == {label: key for key, label in WOKE_MODE.items()}
    await press_all(hass, "ODD/device-1/do/x")
    await call(hass, "布防")
    await call(hass, "home")
    sent = [inputs["x"] for _, _, inputs in cloud.executed]
    assert sent == ["disarmed", "arm", "home", "arm", "home"]
    response: Any = await hass.services.async_call(
        DOMAIN,
        "odd_do",
        {"device_id": "ODD/device-1", "x": "arm", "wait_for_reply": True},
        blocking=True,
        return_response=True,
    )
    assert [item["outputs"] for item in response.values()] == [{"now": "arm"}]
    for value in (True, "1", 1, "撤"):
        with pytest.raises(ServiceValidationError) as raised:
            await call(hass, value)
        assert raised.value.translation_key == "value_not_a_choice"


@given(DEFINES, st.sampled_from(("bool", "enum", "stringenum")))
def test_option_of_any_choice(define: dict[str, Any], data_type: str) -> None:
    """Whatever keys and labels are, an option runs its own key."""
    declared = parse_parameter({"id": "x", "define": define | {"type": data_type}})
    assume(declared is not None)
    assert declared
    assert isinstance(declared.type, Choice)
    do = make_action(declared)
    for key in declared.type.choices:
        values = labels_to_keys(do.inputs, {"x": option_value(declared.type, key)})
        assert values == {"x": key}
        assert str(to_wire(do, values, MILLISECONDS)["x"]) == key
