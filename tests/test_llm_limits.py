"""Tools for language models: what is not exposed, not allowed, or not to be shown."""

import pytest

from homeassistant.auth.models import Group, User
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    llm as llm_helper,
)
from homeassistant.setup import async_setup_component

from .entities import add_product, change_template
from .helpers import FEEDER, SYNC, Cloud, button, device_id, product, refresh, set_up
from .language_model import (
    BALCONY,
    FEED,
    KITCHEN,
    NOT_EXPOSED,
    listen,
    llm,
    sent,
    set_up_exposed,
)
from .voice import expose
from emulator import Fault
from emulator.products import action, parameter


async def test_nothing_is_exposed(hass: HomeAssistant, cloud: Cloud) -> None:
    """Without an exposed button there is no tool."""
    agent = await set_up_exposed(hass, cloud, FEEDER)
    assert agent.tools == []


async def test_other_assistant(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is exposed to Assist is not offered to any other assistant or API."""
    await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    agent = await listen(hass, assistant="cloud.alexa")
    assert agent.tools == []
    agent = await listen(hass)
    assert [tool.name for tool in agent.tools] == [FEED]
    tools = await llm.async_get_tools(hass, agent.api.llm_context, "other")
    assert FEED not in [tool.name for tool in tools.tools]


async def test_disabled_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """A button that is disabled offers nothing, exposed or not."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    er.async_get(hass).async_update_entity(
        button(hass, KITCHEN), disabled_by=er.RegistryEntryDisabler.USER
    )
    assert (await listen(hass)).tools == []
    reason = await agent.refused(FEED, device="kitchen-feeder")
    assert reason == NOT_EXPOSED.format("喂食 (feed)")
    assert sent(cloud) == []


async def test_hidden_while_held(hass: HomeAssistant, cloud: Cloud) -> None:
    """A tool that a chat holds runs nothing that has been hidden since."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN, BALCONY)
    expose(hass, KITCHEN, shown=False)
    assert await agent.refused(FEED, device="kitchen-feeder") == (
        "device of 喂食 (feed) on kitchen-feeder must be one of: balcony-feeder"
    )
    assert (await listen(hass)).schemas[FEED]["properties"]["device"]["enum"] == [
        "balcony-feeder"
    ]
    expose(hass, BALCONY, shown=False)
    for name in ("kitchen-feeder", "balcony-feeder"):
        reason = await agent.refused(FEED, device=name)
        assert reason == NOT_EXPOSED.format("喂食 (feed)")
    assert (await listen(hass)).tools == []
    assert sent(cloud) == []
    expose(hass, KITCHEN)
    await agent.call(FEED, device="kitchen-feeder")
    assert sent(cloud) == [SYNC]


async def test_renamed_while_held(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new name is the one that counts, at once."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry = await set_up(hass, cloud, FEEDER)
    expose(hass, KITCHEN)
    agent = await listen(hass)
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "kitchen-feeder"), name_by_user="Cat"
    )
    er.async_get(hass).async_update_entity(
        button(hass, KITCHEN), name="Serve dinner", aliases=["Give food"]
    )
    assert "must be one of: Cat" in await agent.refused(FEED, device="kitchen-feeder")
    agent = await listen(hass)
    assert agent.schemas[FEED]["properties"]["device"]["enum"] == ["Cat"]
    assert "Also called: Serve dinner, Give food." in agent.shown(FEED)
    await agent.call(FEED, device="Cat")
    assert [device for device, _, _ in cloud.executed] == ["kitchen-feeder"]


async def test_template_changed_while_held(hass: HomeAssistant, cloud: Cloud) -> None:
    """Arguments are judged by what the action is now."""
    add_product(cloud, "ODD", action("do", "Do", [parameter("x", "X", type="int")]))
    settings = product("ODD", ["device-1"])
    agent = await set_up_exposed(hass, cloud, settings, "ODD/device-1/do")
    name = "tencent_iot_explorer__odd_do"
    now = parameter("y", "Y", type="int")
    change_template(cloud, "ODD", action("do", "Do", [now]))
    await refresh(hass)
    reason = await agent.refused(name, device="device-1", x=1)
    assert "has no input x. It has: y" in reason
    await agent.call(name, device="device-1", y=1)
    change_template(cloud, "ODD", action("other", "Other"))
    await refresh(hass)
    reason = await agent.refused(name, device="device-1", y=1)
    assert reason == NOT_EXPOSED.format("Do (do)")
    assert cloud.executed == [("device-1", "do", {"y": 1})]


async def test_unloaded_while_held(hass: HomeAssistant, cloud: Cloud) -> None:
    """A tool of an application that is disabled meanwhile runs nothing."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    (entry,) = hass.config_entries.async_entries("tencent_iot_explorer")
    await hass.config_entries.async_unload(entry.entry_id)
    reason = await agent.refused(FEED, device="kitchen-feeder")
    assert reason == NOT_EXPOSED.format("喂食 (feed)")
    assert (await listen(hass)).tools == []


async def test_offline(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that is offline is a reason, not a success."""
    cloud.expect("FailedOperation.ActionUnreachable")
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].status = 0
    reason = await agent.refused(FEED, device="kitchen-feeder")
    assert reason.startswith(
        "喂食 (feed) on kitchen-feeder was not executed: the device cannot be reached."
    )
    assert cloud.executed == []


async def test_unknown_fate(hass: HomeAssistant, cloud: Cloud) -> None:
    """When the connection breaks nobody claims that nothing happened."""
    agent = await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    cloud.emulator.faults.append(Fault(call=SYNC, drop=True, execute=True))
    reason = await agent.refused(FEED, device="kitchen-feeder")
    assert reason.startswith("喂食 (feed) on kitchen-feeder may have been executed:")
    assert sent(cloud) == [SYNC]
    assert len(cloud.executed) == 1


async def make_guest(hass: HomeAssistant) -> User:
    """Return a person who may only read."""
    await hass.auth.async_create_user("Owner")
    return await hass.auth.async_create_user("Guest", group_ids=["system-read-only"])


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "喂食 (feed) on kitchen-feeder was not sent: you may not control it."),
        ("zh-CN", "您没有控制它的权限"),
    ],
)
async def test_permission(
    hass: HomeAssistant, cloud: Cloud, language: str, reason: str
) -> None:
    """A person who may not press the button may not use the tool, and reads so."""
    await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    guest = await make_guest(hass)
    context = Context(user_id=guest.id)
    agent = await listen(hass, context=context, language=language)
    assert reason in await agent.refused(FEED, device="kitchen-feeder")
    stranger = await listen(hass, context=Context(user_id="nobody"), language=language)
    assert reason in await stranger.refused(FEED, device="kitchen-feeder")
    assert sent(cloud) == []
    owner = next(user for user in await hass.auth.async_get_users() if user.is_owner)
    agent = await listen(hass, context=Context(user_id=owner.id))
    await agent.call(FEED, device="kitchen-feeder")
    assert sent(cloud) == [SYNC]


async def test_permission_on_one_of_two(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that a person may not control is no more than one that is not there."""
    await set_up_exposed(hass, cloud, FEEDER, KITCHEN, BALCONY)
    guest = await make_guest(hass)
    rights = {button(hass, KITCHEN): {"control": True}}
    guest.groups.append(Group(name="", policy={"entities": {"entity_ids": rights}}))
    agent = await listen(hass, context=Context(user_id=guest.id))
    for name in ("balcony-feeder", "attic-feeder"):
        reason = await agent.refused(FEED, device=name)
        assert reason.endswith("must be one of: kitchen-feeder")
    assert sent(cloud) == []
    await agent.call(FEED, device="kitchen-feeder")
    assert sent(cloud) == [SYNC]


def lock_with_secret(password: str | None) -> ConfigSubentryData:
    """Return a product whose secret input may have a value in its settings."""
    settings = product("SAFE", ["device-1"])
    if password is None:
        return settings
    secrets = {"open": {"password": password}}
    return ConfigSubentryData(
        **{**settings, "data": {**settings["data"], "secret_inputs": secrets}}
    )


SAFE = "tencent_iot_explorer__safe_open"


def add_safe(cloud: Cloud) -> None:
    """Put a safe into the emulated cloud that repeats the password it is sent."""
    outputs = [
        parameter("echo", "Echo", type="struct"),
        parameter("code", "Code", type="int"),
    ]
    inputs = [
        parameter("password", "Password", type="string", min="1", max="64"),
        parameter("times", "Times", type="int", min="1", max="9", start="1"),
    ]
    add_product(cloud, "SAFE", action("open", "Open", inputs, outputs))
    cloud.emulator.products["SAFE"].outputs["open"] = lambda inputs: {
        "echo": [{"was": f"it was {inputs['password']}"}],
        "code": inputs["password"],
    }


async def test_secret_input(hass: HomeAssistant, cloud: Cloud) -> None:
    """A secret is sent, but no model is shown it, not even by the device."""
    password = "1618033988"
    add_safe(cloud)
    settings = lock_with_secret(password)
    agent = await set_up_exposed(hass, cloud, settings, "SAFE/device-1/open")
    assert agent.schemas[SAFE]["properties"].keys() == {"device", "times"}
    assert password not in agent.shown(SAFE)
    assert "assword" not in agent.shown(SAFE)
    result = await agent.call(SAFE, device="device-1")
    assert cloud.executed == [("device-1", "open", {"password": password, "times": 1})]
    assert result["outputs"] == {"echo": [{"was": "it was …"}], "code": "…"}
    reason = await agent.refused(SAFE, device="device-1", password="guess")
    assert reason.endswith("has no input password. It has: times")
    assert len(cloud.executed) == 1


async def test_secret_without_value(hass: HomeAssistant, cloud: Cloud) -> None:
    """A secret that nobody has set is asked for in the settings, not of the model."""
    add_safe(cloud)
    settings = lock_with_secret(None)
    agent = await set_up_exposed(hass, cloud, settings, "SAFE/device-1/open")
    reason = await agent.refused(SAFE, device="device-1", times=2)
    assert "Open (open) on device-1 needs values for: Password (password)." in reason
    assert "with the gear of the product" in reason
    assert sent(cloud) == []


async def test_before_annotations_and_results(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant 2026.8 and 2026.9 want plain objects and know no annotations."""
    await set_up_exposed(hass, cloud, FEEDER, KITCHEN)
    monkeypatch.delattr(llm_helper, "ToolResult")
    monkeypatch.delattr(llm_helper, "ToolAnnotations")
    agent = await listen(hass)
    tool = agent.tool(FEED)
    tool_input = llm_helper.ToolInput(tool_name=FEED, tool_args={"device": "nowhere"})
    result = await tool.async_call(hass, tool_input, agent.api.llm_context)
    assert result == {
        "success": False,
        "error": "device of 喂食 (feed) on nowhere must be one of: kitchen-feeder",
    }
    tool_input.tool_args = {"device": "kitchen-feeder", "portions": 2}
    result = await tool.async_call(hass, tool_input, agent.api.llm_context)
    assert result == {
        "success": True,
        "status": "action execute success!",
        "outputs": {"remaining": 90},
    }
