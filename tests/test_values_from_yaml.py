"""Values as people write them in YAML and in templates, and what arrives at a device."""

import json
from typing import Any, cast

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from .entities import add_product
from .helpers import FEEDER, Cloud, product, set_up
from custom_components.tencent_iot_explorer.errors import async_error_text
from emulator.products import action, parameter

TEXT = {"type": "string"}
STRUCT = {"type": "struct"}
SWITCH = {"0": "Off", "1": "On"}


async def run(hass: HomeAssistant, yaml: str) -> None:
    """Run a step that is written in YAML as a script."""
    sequence = [cast(dict[str, Any], parse_yaml(yaml))]
    config = {"script": {"test": {"sequence": sequence}}}
    assert await async_setup_component(hass, "script", config)
    await hass.services.async_call("script", "test", blocking=True)


async def set_up_do(hass: HomeAssistant, cloud: Cloud, **define: Any) -> None:
    """Set up a device with an action that has one input, `x`."""
    add_product(cloud, "ODD", action("do", "Do", [parameter("x", "X", **define)]))
    await set_up(hass, cloud, product("ODD", ["device-1"]))


async def do(hass: HomeAssistant, written: str, *, fixed: bool = False) -> None:
    """Call the action with what is written in YAML, by its own or the fixed service."""
    name, inputs = "odd_do", f"  x: {written}"
    if fixed:
        name, inputs = "call_action", f"  action_id: do\n  inputs:\n    x: {written}"
    yaml = f"action: tencent_iot_explorer.{name}\ndata:\n  device_id: ODD/device-1\n"
    await run(hass, yaml + inputs)


def sent(cloud: Cloud) -> str:
    """Return the InputParams of the only action that was sent."""
    (request,) = cloud.emulator.requests("CallDeviceActionAsync")
    return str(request.parameters["InputParams"])


both = pytest.mark.parametrize("fixed", [False, True], ids=["own", "call_action"])


@both
@pytest.mark.parametrize(
    ("define", "written", "arrives"),
    [
        ({"type": "float"}, "0.00005", "0.00005"),
        ({"type": "float"}, "5e-05", "0.00005"),
        ({"type": "float"}, "'{{ 1 / 20000 }}'", "0.00005"),
        ({"type": "float"}, "1.0e-7", "0.0000001"),
        ({"type": "float"}, "1.0e+16", "10000000000000000"),
        ({"type": "float"}, "1234567890.123456", "1234567890.12346"),
        ({"type": "int"}, "1.0e+16", "10000000000000000"),
        ({"type": "int"}, "9007199254740993", "9007199254740993"),
        ({"type": "int"}, "'9007199254740993'", "9007199254740993"),
        ({"type": "float", "max": "0.3"}, "'{{ 0.1 * 3 }}'", "0.3"),
        ({"type": "float", "min": "0.3", "max": "0.8"}, "0.7999999999999999", "0.8"),
        ({"type": "int", "max": "3"}, "'{{ 0.3 / 0.1 }}'", "3"),
        (STRUCT, "{a: 0.00005, b: [1.0e+16, 1.0e-7]}", None),
        ({"type": "array"}, "[0.00005]", "[0.00005]"),
        ({"type": "mystery"}, "0.00005", "0.00005"),
        ({"type": "mystery"}, "'[5e-05]'", "[0.00005]"),
        (STRUCT, "{a: '{{ 0.1 * 3 }}', b: '{{ 6 / 2 }}'}", '{"a":0.3,"b":3}'),
        (TEXT, "'{{ 1234 }}'", '"1234"'),
        (TEXT, "1234", '"1234"'),
        (TEXT, "'{{ \"12.5\" }}'", '"12.5"'),
        (TEXT, "'{{ 12.0 }}'", '"12.0"'),
        (TEXT, "'{{ \"0042\" }}'", '"0042"'),
        (TEXT, "0.00005", '"0.00005"'),
        # What YAML and templates have made of these is all that arrives, as is documented.
        (TEXT, "0123", '"83"'),
        (TEXT, "'0123'", '"0123"'),
        (TEXT, "20:30", '"1230"'),
        (TEXT, "'{{ \"1.50\" }}'", '"1.5"'),
        (TEXT, "'{{ \"+86\" }}'", '"86"'),
        (TEXT, "'{{ 12345678901234567890 }}'", '"12345678901234567890"'),
    ],
)
async def test_numbers(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    written: str,
    arrives: str | None,
    fixed: bool,
) -> None:
    """Numbers arrive as they were meant and without an exponent, texts as texts."""
    await set_up_do(hass, cloud, **define)
    await do(hass, written, fixed=fixed)
    arrives = arrives or '{"a":0.00005,"b":[10000000000000000,0.0000001]}'
    assert sent(cloud) == f'{{"x":{arrives}}}'


@both
@pytest.mark.parametrize(
    ("define", "value"),
    [
        (STRUCT, {"day": 1}),
        (STRUCT, {"day": 1, "on": True, "name": None}),
        (STRUCT, {"text": 'He said "no"', "deep": [{"a": 1.5}]}),
        (STRUCT, {}),
        ({"type": "array"}, [1, 2]),
        ({"type": "array"}, [True, None, "三"]),
        ({"type": "mystery"}, {"on": False}),
        ({"type": "mystery"}, [False]),
        ({}, {"on": False}),
    ],
)
async def test_structure_by_template(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    value: object,
    fixed: bool,
) -> None:
    """A structure arrives as one, whatever Home Assistant makes of its JSON text."""
    await set_up_do(hass, cloud, **define)
    text = json.dumps(value)
    await do(hass, json.dumps(f"{{{{ {text!r} | from_json | to_json }}}}"), fixed=fixed)
    assert cloud.executed == [("device-1", "do", {"x": value})]


@pytest.mark.parametrize(
    ("define", "written", "key"),
    [
        (TEXT, "'{{ true }}'", "not_a_text"),
        (TEXT, "on", "not_a_text"),
        (TEXT, "{a: 1}", "not_a_text"),
        (TEXT, "'{{ [1] }}'", "not_a_text"),
        (STRUCT, "text", "not_an_object"),
        (STRUCT, "[1]", "not_an_object"),
        (STRUCT, "5", "not_an_object"),
        ({"type": "array"}, "{a: 1}", "not_a_list"),
        ({"type": "array"}, "a,b", "not_a_list"),
        (STRUCT, "'{\"a\": tru}'", "not_json"),
        ({"type": "mystery"}, "'{\"a\": tru}'", "not_json"),
        ({"type": "float", "max": "0.3"}, "0.3001", "out_of_range"),
        ({"type": "float"}, "on", "not_a_number"),
    ],
)
async def test_refused(
    hass: HomeAssistant, cloud: Cloud, define: dict[str, Any], written: str, key: str
) -> None:
    """What is not of the declared type is refused by name."""
    await set_up_do(hass, cloud, **define)
    with pytest.raises(ServiceValidationError) as raised:
        await do(hass, written)
    assert raised.value.translation_key == f"value_{key}"
    assert "X (x) of Do (do) on device-1" in await async_error_text(hass, raised.value)
    assert cloud.executed == []


@both
@pytest.mark.parametrize(
    ("define", "written", "arrives"),
    [
        ({"type": "stringenum", "mapping": {"on": "开", "off": "关"}}, "on", "on"),
        ({"type": "stringenum", "mapping": {"on": "开", "off": "关"}}, "off", "off"),
        ({"type": "stringenum", "mapping": {"ON": "开", "OFF": "关"}}, "off", "OFF"),
        ({"type": "stringenum", "mapping": {"a": "No", "b": "Yes"}}, "yes", "b"),
        ({"type": "stringenum", "mapping": {"a": "No", "b": "Yes"}}, "No", "a"),
        ({"type": "enum", "mapping": SWITCH}, "on", 1),
        ({"type": "enum", "mapping": SWITCH}, "'{{ 1 > 2 }}'", 0),
        ({"type": "enum", "mapping": SWITCH}, "'ON'", 1),
        ({"type": "enum", "mapping": {"4": "on", "7": "off"}}, "off", 7),
        ({"type": "bool", "mapping": {"0": "关", "1": "开"}}, "yes", 1),
        ({"type": "bool", "mapping": {"0": "关", "1": "开"}}, "off", 0),
        ({"type": "bool", "mapping": {"on": "开", "off": "关"}}, "on", "on"),
        (
            {"type": "stringenum", "mapping": {"off": "Off", "1": "Low", "2": "High"}},
            "off",
            "off",
        ),
    ],
)
async def test_on_and_off(
    hass: HomeAssistant,
    cloud: Cloud,
    define: dict[str, Any],
    written: str,
    arrives: object,
    fixed: bool,
) -> None:
    """`on` and `off` choose what is called so, though YAML makes truths of them."""
    await set_up_do(hass, cloud, **define)
    await do(hass, written, fixed=fixed)
    assert cloud.executed == [("device-1", "do", {"x": arrives})]


@pytest.mark.parametrize("inputs", [{"portions": 3}, {"portions": "3"}])
async def test_inputs_by_template(
    hass: HomeAssistant, cloud: Cloud, inputs: dict[str, object]
) -> None:
    """All inputs together may be the result of a template."""
    await set_up(hass, cloud, FEEDER)
    await run(
        hass,
        f"""
        action: tencent_iot_explorer.call_action
        data:
          device_id: FEEDER2026/kitchen-feeder
          action_id: feed
          inputs: "{{{{ {inputs} | to_json }}}}"
        """,
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 3})]


async def test_inputs_by_template_that_stay_a_text(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """So may be those that Home Assistant leaves as a text, for `true` and `null`."""
    await set_up_do(hass, cloud, **STRUCT)
    await run(
        hass,
        """
        action: tencent_iot_explorer.call_action
        data:
          device_id: "{{ ['ODD/device-1'] }}"
          action_id: "{{ 'do' }}"
          wait_for_reply: "{{ 'no' }}"
          inputs: "{{ {'x': {'on': true, 'name': none}} | to_json }}"
        """,
    )
    value = {"on": True, "name": None}
    assert cloud.executed == [("device-1", "do", {"x": value})]


@pytest.mark.parametrize(
    ("changes", "key", "words"),
    [
        ({"inputs": "portions=3"}, "inputs_not_an_object", "must be an object"),
        ({"inputs": ""}, "inputs_not_an_object", "must be an object"),
        ({"inputs": '{"portions": tru}'}, "inputs_not_an_object", "must be an object"),
        ({"inputs": "[3]"}, "inputs_not_an_object", "must be an object"),
        ({"inputs": [3]}, "inputs_not_an_object", "must be an object"),
        ({"inputs": 3}, "inputs_not_an_object", "must be an object"),
        ({"inputs": True}, "inputs_not_an_object", "must be an object"),
        ({"inputs": {3: 3}}, "value_undeclared", "has no input 3. It has: portions"),
        (
            {"action_id": None},
            "action_not_found",
            "no device action None. It has: feed",
        ),
        ({"action_id": ["feed"]}, "action_not_found", "It has: feed, cleanBowl"),
        ({"action_id": {"feed": 1}}, "action_not_found", "It has: feed, cleanBowl"),
        ({"action_id": 5}, "action_not_found", "no device action 5. It has: feed"),
        ({"wait_for_reply": "perhaps"}, "not_true_or_false", "false, not perhaps."),
        ({"wait_for_reply": [True]}, "not_true_or_false", "true or false, not [True]."),
        ({"device_id": {"a": 1}}, "device_not_found", "{'a': 1}"),
        ({"device_id": [["a"]]}, "device_not_found", "['a']"),
        ({"device_id": 5}, "device_not_found", "5"),
        ({"device_id": None}, "no_device", "No device"),
    ],
)
async def test_odd_types(
    hass: HomeAssistant, cloud: Cloud, changes: dict[str, Any], key: str, words: str
) -> None:
    """What is of no sensible type is refused in our own words."""
    await set_up(hass, cloud, FEEDER)
    data = {
        "device_id": "FEEDER2026/kitchen-feeder",
        "action_id": "feed",
        "inputs": {"portions": 3},
    }
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            "tencent_iot_explorer", "call_action", data | changes, blocking=True
        )
    assert raised.value.translation_key == key
    assert words in await async_error_text(hass, raised.value)
    assert cloud.executed == []


@pytest.mark.parametrize("missing", ["device_id", "action_id"])
async def test_left_out(hass: HomeAssistant, cloud: Cloud, missing: str) -> None:
    """So is a call that names no device or no action."""
    await set_up(hass, cloud, FEEDER)
    data = {"device_id": "FEEDER2026/kitchen-feeder", "action_id": "feed"}
    del data[missing]
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            "tencent_iot_explorer", "call_action", data, blocking=True
        )
    keys = {"device_id": "no_device", "action_id": "action_not_found"}
    assert raised.value.translation_key == keys[missing]


@pytest.mark.parametrize(
    ("value", "waits"),
    [
        (None, False),
        (True, True),
        ("on", True),
        ("false", False),
        (0, False),
        ("perhaps", None),
    ],
)
async def test_wait_for_reply(
    hass: HomeAssistant, cloud: Cloud, value: object, waits: bool | None
) -> None:
    """The services of data templates take the same for waiting, and refuse alike."""
    await set_up(hass, cloud, FEEDER)
    data = {"device_id": "FEEDER2026/kitchen-feeder", "wait_for_reply": value}
    call = hass.services.async_call(
        "tencent_iot_explorer", "feeder2026_feed", data, blocking=True
    )
    if waits is None:
        with pytest.raises(ServiceValidationError) as raised:
            await call
        assert raised.value.translation_key == "not_true_or_false"
        return
    await call
    name = "CallDeviceAction" + ("Sync" if waits else "Async")
    assert len(cloud.emulator.requests(name)) == 1
