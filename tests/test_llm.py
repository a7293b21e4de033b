"""Tools for language models: what they are shown, may say, and get back."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    llm as llm_helper,
)
from homeassistant.setup import async_setup_component

from .entities import ECHO_ON_THE_WIRE, add_product, record_events, set_value
from .helpers import ASYNC, FEEDER, LAMP, SYNC, Cloud, device_id, product, set_up
from .language_model import (
    BALCONY,
    BLINK,
    ECHO,
    ECHO_ARGUMENTS,
    FEED,
    KITCHEN,
    listen,
    sent,
    set_up_exposed,
)
from .voice import expose, name_device
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from emulator.products import action, parameter


async def test_good_and_bad_call(hass: HomeAssistant, cloud: Cloud) -> None:
    """An agent lists the tools, gets outputs for a good call, a reason for a bad one."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN, BALCONY)
    assert [tool.name for tool in agent.tools] == [FEED]
    assert await agent.call(FEED, device="balcony-feeder", portions=3) == {
        "success": True,
        "status": "action execute success!",
        "outputs": {"remaining": 85},
    }
    assert cloud.executed == [("balcony-feeder", "feed", {"portions": 3})]
    assert sent(cloud) == [SYNC]
    (calls,) = request_counts(hass).of_product("FEEDER2026").values()
    assert calls[f"Service{SYNC}"] == {"voice": 1}
    reason = await agent.refused(FEED, device="balcony-feeder", portions=11)
    assert reason == (
        "份数 (portions) of 喂食 (feed) on balcony-feeder is out of range. "
        "Allowed: 1 – 10 份"
    )
    assert sent(cloud) == [SYNC]


async def test_named_by_its_owner(hass: HomeAssistant, cloud: Cloud) -> None:
    """A model reads of a device by the name that it knows it by."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN, BALCONY)
    await name_device(hass, KITCHEN, name_by_user="喂食器")
    reason = await agent.refused(FEED, device="喂食器", portions=11)
    assert "喂食 (feed) on 喂食器 is out of range" in reason
    await name_device(hass, BALCONY, name_by_user="喂食器")
    both = "喂食器 (balcony-feeder)"
    reason = await agent.refused(FEED, device=both, portions=11)
    assert f"喂食 (feed) on {both} is out of range" in reason
    cloud.expect("FailedOperation.ActionUnreachable")
    cloud.emulator.products["FEEDER2026"].devices["balcony-feeder"].status = 0
    reason = await agent.refused(FEED, device=both, portions=1)
    assert f"喂食 (feed) on {both} was not executed" in reason


async def test_who_called(hass: HomeAssistant, cloud: Cloud) -> None:
    """The outcome shows who spoke to the model."""
    await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    events = record_events(hass)
    user = MockUser(is_owner=True).add_to_hass(hass)
    context = Context(user_id=user.id)
    agent = await listen(hass, context=context)
    await agent.call(FEED, device="kitchen-feeder", portions=1)
    await hass.async_block_till_done()
    assert [event.context.id for event in events] == [context.id]
    assert events[0].context.user_id == user.id


async def test_what_a_model_is_shown(hass: HomeAssistant, cloud: Cloud) -> None:
    """The tool says what it is, what it returns, and that nobody knows its effect."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    tool = agent.tool(FEED)
    assert tool.title == "宠物喂食器: 喂食"
    assert tool.description == (
        "Device action 喂食 (feed) of 宠物喂食器.\n"
        "Waits for the device and returns its outputs: 余粮 (remaining): 0 – 100 %."
    )
    assert tool.integration == "tencent_iot_explorer"
    assert tool.annotations == llm_helper.ToolAnnotations(
        read_only=False, destructive=True, idempotent=False, open_world=True
    )


async def test_every_type(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each type of input is offered as what it is, and reaches the device."""
    agent = await set_up_exposed(hass, cloud, LAMP, "LAMP202611/desk-lamp/echo")
    schema = agent.schemas[ECHO]
    assert schema["properties"] == {
        "device": {
            "type": "string",
            "enum": ["desk-lamp"],
            "description": "The device to run it on.",
        },
        "power": {
            "type": "string",
            "enum": ["Off", "On"],
            "description": "Power (power): one of: Off, On",
        },
        "brightness": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "description": "Brightness (brightness): 0 – 100 %",
        },
        "warmth": {
            "type": "number",
            "minimum": 0,
            "maximum": 1.5,
            "description": "Warmth (warmth): 0 – 1.5",
        },
        "text": {
            "type": "string",
            "description": "Text (text): text, maximum length 64",
        },
        "colour": {
            "type": "string",
            "enum": ["Red", "Green", "Blue"],
            "description": "Colour (colour): one of: Red, Green, Blue",
        },
        "effect": {
            "type": "string",
            "enum": ["Calm sea", "Fireplace"],
            "description": "Effect (effect): one of: Calm sea, Fireplace",
        },
        "moment": {
            "type": "string",
            "description": "Moment (moment): date and time such as 2026-11-23 20:00:00",
        },
    }
    assert set(schema["required"]) == schema["properties"].keys() - {
        "brightness",
        "warmth",
    }
    result = await agent.call(ECHO, **ECHO_ARGUMENTS)
    assert cloud.executed == [("desk-lamp", "echo", ECHO_ON_THE_WIRE)]
    assert result["outputs"] == ECHO_ON_THE_WIRE | {"power": True}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"brightness": 101}, "Brightness (brightness) of Echo (echo) on desk-lamp is"),
        ({"brightness": "much"}, "must be a number. Allowed: 0 – 100 %"),
        ({"brightness": 3.5}, "must be a whole number. Allowed: 0 – 100 %"),
        ({"colour": "Pink"}, "must be one of: 0 (Red), 1 (Green), 2 (Blue)"),
        ({"colour": ["Red"]}, "must be one of: 0 (Red), 1 (Green), 2 (Blue)"),
        (
            {"text": "x" * 65},
            "is too long (maximum length 64).",
        ),
        ({"moment": "tomorrow"}, "must be a date and time, such as 2026-11-23"),
        (
            {"effect": None},
            "Echo (echo) on desk-lamp needs a value for Effect (effect)",
        ),
        (
            {"speed": 1},
            "no input speed. It has: power, brightness, warmth, text, colour, effect, m",
        ),
        (
            {"device": "hall-lamp"},
            "device of Echo (echo) on hall-lamp must be one of: desk-lamp",
        ),
        ({"device": ["desk-lamp"]}, "must be one of: desk-lamp"),
        (
            {"device": None},
            "Echo (echo) on – needs a value for device. Allowed: desk-lamp",
        ),
    ],
)
async def test_bad_arguments(
    hass: HomeAssistant, cloud: Cloud, changes: dict[str, Any], reason: str
) -> None:
    """What is wrong is reported in words that help, and nothing is sent."""
    agent = await set_up_exposed(hass, cloud, LAMP, "LAMP202611/desk-lamp/echo")
    assert reason in await agent.refused(ECHO, **ECHO_ARGUMENTS | changes)
    assert sent(cloud) == []


async def test_missing_arguments(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without a device nothing is sent, and without a value that is nowhere else."""
    agent = await set_up_exposed(hass, cloud, LAMP, "LAMP202611/desk-lamp/echo")
    for name, words in (("device", "a value for device"), ("text", "for Text (text)")):
        arguments = {key: ECHO_ARGUMENTS[key] for key in ECHO_ARGUMENTS if key != name}
        assert words in await agent.refused(ECHO, **arguments)
    assert sent(cloud) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "is out of range"),
        ("zh-CN", "超出"),
        ("zh-TW", "超出"),
        ("*", "超出"),
        (None, "超出"),
    ],
)
async def test_language(
    hass: HomeAssistant, cloud: Cloud, language: Any, words: str
) -> None:
    """The reason is in the language of the request, else in that of Home Assistant."""
    hass.config.language = "zh-Hans"
    await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    agent = await listen(hass, language=language)
    reason = await agent.refused(FEED, device="kitchen-feeder", portions=11)
    assert words in reason


async def test_without_outputs(hass: HomeAssistant, cloud: Cloud) -> None:
    """An action that declares no outputs is not waited for, and the tool says so."""
    agent = await set_up_exposed(hass, cloud, LAMP, "LAMP202611/desk-lamp/blink")
    assert "outputs" not in agent.shown(BLINK)
    reason = await agent.refused(BLINK, device="desk-lamp", speed=1)
    assert reason == "Blink (blink) on desk-lamp has no input speed. It has: –"
    assert sent(cloud) == []
    result = await agent.call(BLINK, device="desk-lamp")
    assert result.keys() == {"success", "status", "note"}
    assert result["status"] == "succ"
    assert "Nobody knows yet whether the device executed it" in result["note"]
    assert sent(cloud) == [ASYNC]


async def test_values_of_the_entities(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is not given is what the device's page shows at the moment of the call."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    await set_value(hass, "number", f"{KITCHEN}/portions", 4)
    await agent.call(FEED, device="kitchen-feeder")
    await set_value(hass, "number", f"{KITCHEN}/portions", 5)
    await agent.call(FEED, device="kitchen-feeder")
    await agent.call(FEED, device="kitchen-feeder", portions=2)
    assert [inputs["portions"] for _, _, inputs in cloud.executed] == [4, 5, 2]


async def test_required(hass: HomeAssistant, cloud: Cloud) -> None:
    """An input without a start must be given until every device has a value for it."""
    add_product(
        cloud,
        "ODD",
        action("do", "Do", [parameter("x", "X", type="string", min="1", max="9")]),
        devices=2,
    )
    settings = product("ODD", ["device-1", "device-2"])
    ids = ["ODD/device-1/do", "ODD/device-2/do"]
    agent = await set_up_exposed(hass, cloud, settings, *ids)
    name = "tencent_iot_explorer__odd_do"
    assert agent.schemas[name]["required"] == ["device", "x"]
    await set_value(hass, "text", "ODD/device-1/do/x", "one")
    agent = await listen(hass)
    assert agent.schemas[name]["required"] == ["device", "x"]
    await set_value(hass, "text", "ODD/device-2/do/x", "two")
    agent = await listen(hass)
    assert agent.schemas[name]["required"] == ["device"]
    await agent.call(name, device="device-2")
    assert cloud.executed == [("device-2", "do", {"x": "two"})]


async def test_empty_text(hass: HomeAssistant, cloud: Cloud) -> None:
    """An empty text is sent where a person has set it, not where a model writes it."""
    add_product(cloud, "ODD", action("do", "Do", [parameter("x", "X", type="string")]))
    agent = await set_up_exposed(
        hass, cloud, product("ODD", ["device-1"]), "ODD/device-1/do"
    )
    name = "tencent_iot_explorer__odd_do"
    words = "needs values for: X (x)"
    assert words in await agent.refused(name, device="device-1", x="")
    await set_value(hass, "text", "ODD/device-1/do/x", "one")
    assert words in await agent.refused(name, device="device-1", x="")
    assert cloud.executed == []
    await set_value(hass, "text", "ODD/device-1/do/x", "")
    await agent.call(name, device="device-1", x="")
    await agent.call(name, device="device-1")
    assert cloud.executed == [("device-1", "do", {"x": ""})] * 2


async def test_start(hass: HomeAssistant, cloud: Cloud) -> None:
    """An input with a start may be left out also where it has no entity."""
    er.async_get(hass).async_get_or_create(
        "number",
        "tencent_iot_explorer",
        f"{KITCHEN}/portions",
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    assert agent.schemas[FEED]["required"] == ["device"]
    await agent.call(FEED, device="kitchen-feeder")
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


async def test_order(hass: HomeAssistant, cloud: Cloud) -> None:
    """The tools always come in the same order, whatever the template's is."""
    buttons = [f"LAMP202611/desk-lamp/{item}" for item in ("echo", "blink")]
    agent = await set_up_exposed(hass, cloud, LAMP, *buttons)
    assert [tool.name for tool in agent.tools] == [BLINK, ECHO]


async def test_two_devices_of_one_name(hass: HomeAssistant, cloud: Cloud) -> None:
    """Devices that people call the same are distinguished by their DeviceName."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry = await set_up(hass, cloud, FEEDER)
    for name in ("kitchen-feeder", "balcony-feeder"):
        dr.async_get(hass).async_update_device(
            device_id(hass, entry, name), name_by_user="Feeder"
        )
    expose(hass, KITCHEN, BALCONY)
    agent = await listen(hass)
    assert agent.schemas[FEED]["properties"]["device"]["enum"] == [
        "Feeder (kitchen-feeder)",
        "Feeder (balcony-feeder)",
    ]
    assert "must be one of" in await agent.refused(FEED, device="Feeder")
    await agent.call(FEED, device="Feeder (balcony-feeder)")
    assert [device for device, _, _ in cloud.executed] == ["balcony-feeder"]


async def test_name_that_seems_distinct(hass: HomeAssistant, cloud: Cloud) -> None:
    """A name that reads like another one with its DeviceName hides no device."""
    add_product(cloud, "ODD", action("do", "Do"), devices=3)
    names = ["device-1", "device-2", "device-3"]
    assert await async_setup_component(hass, "homeassistant", {})
    entry = await set_up(hass, cloud, product("ODD", names))
    for name, shown in zip(names, ["A", "A", "A (device-1)"], strict=True):
        dr.async_get(hass).async_update_device(
            device_id(hass, entry, name), name_by_user=shown
        )
    expose(hass, *(f"ODD/{name}/do" for name in names))
    agent = await listen(hass)
    tool = "tencent_iot_explorer__odd_do"
    assert agent.schemas[tool]["properties"]["device"]["enum"] == [
        "A (device-1)",
        "A (device-2)",
        "A (device-1) (device-3)",
    ]
    await agent.call(tool, device="A (device-1)")
    assert [device for device, _, _ in cloud.executed] == ["device-1"]


async def test_labels_that_mislead(hass: HomeAssistant, cloud: Cloud) -> None:
    """Equal labels are distinguished, and a label that is another one's key is a label."""
    choices = {"0": "Slow", "1": "Slow", "2": "3", "3": "2"}
    add_product(
        cloud,
        "ODD",
        action("do", "Do", [parameter("x", "X", type="enum", mapping=choices)]),
    )
    settings = product("ODD", ["device-1"])
    agent = await set_up_exposed(hass, cloud, settings, "ODD/device-1/do")
    name = "tencent_iot_explorer__odd_do"
    offered = ["Slow (0)", "Slow (1)", "3", "2"]
    assert agent.schemas[name]["properties"]["x"]["enum"] == offered
    for label in offered:
        await agent.call(name, device="device-1", x=label)
    assert [inputs["x"] for _, _, inputs in cloud.executed] == [0, 1, 2, 3]
    assert "must be one of" in await agent.refused(name, device="device-1", x="Slow")


async def test_names_of_parameters(hass: HomeAssistant, cloud: Cloud) -> None:
    """Parameters are slugs of the ids, each another one, and none is `device`."""
    text = {"type": "string", "min": "0", "max": "9"}
    ids = ["device", "a-b", "a_b", "x" * 90, "x" * 91, "userId"]
    inputs = [parameter(item, f"Name of {item}", **text) for item in ids]
    add_product(cloud, "ODD", action("do", "Do", inputs))
    settings = product("ODD", ["device-1"])
    agent = await set_up_exposed(hass, cloud, settings, "ODD/device-1/do")
    name = "tencent_iot_explorer__odd_do"
    names = list(agent.schemas[name]["properties"])
    assert names == [
        "device",
        "device_2",
        "a_b",
        "a_b_2",
        "x" * 40,
        f"{'x' * 40}_2",
        "userid",
    ]
    given = {item: str(index) for index, item in enumerate(names[1:])}
    await agent.call(name, device="device-1", **given)
    on_the_wire = {item: str(index) for index, item in enumerate(ids)}
    assert cloud.executed == [("device-1", "do", on_the_wire)]


async def test_long_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """Whatever the ids are like, a tool's name is short enough, and no other one's."""
    ids = ["a" * 100, "a" * 101, f"{'a' * 32}b", f"{'a' * 32}c"]
    actions = [action(item, "Do") | {"desc": "d" * 1024} for item in ids]
    product_id = "LONGNAMED1"
    add_product(cloud, product_id, *actions)
    settings = product(product_id, ["device-1"])
    buttons = [f"{product_id}/device-1/{item}" for item in ids]
    agent = await set_up_exposed(hass, cloud, settings, *buttons)
    names = [tool.name for tool in agent.tools]
    assert len(set(names)) == 4
    assert all(len(name) <= 64 for name in names)
    assert any(len(name) == 64 for name in names)
    assert names == [tool.name for tool in (await listen(hass)).tools]
    assert all(len(tool.description or "") <= 1024 for tool in agent.tools)
    for name in names:
        await agent.call(name, device="device-1")
    assert sorted(item for _, item, _ in cloud.executed) == sorted(ids)
