"""Inputs follow a data template that changes, at a reload and at the hourly refresh."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .entities import (
    change_template,
    find,
    press,
    registered,
    set_up_input,
    set_value,
    state_of,
    unset_state,
)
from .helpers import Cloud, refresh
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter

X = "ODD/device-1/do/x"
DO = "ODD/device-1/do"
INT = {"type": "int", "min": "1", "max": "10"}
FISH = {"type": "stringenum", "mapping": {"fish": "Fish", "beef": "Beef"}}
ENUM = {"type": "enum", "mapping": {"1": "One", "2": "Two", "3": "Three"}}

pytestmark = pytest.mark.parametrize("at", ["reload", "refresh"])


async def change(
    hass: HomeAssistant, cloud: Cloud, at: str, name: str = "X", **define: Any
) -> None:
    """Declare the input in another way, or not at all, and let it be noticed."""
    inputs = [parameter("x", name, **define)] if define else []
    change_template(cloud, "ODD", action("do", "Do", inputs))
    if at == "refresh":
        await refresh(hass)
        return
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_limits(hass: HomeAssistant, cloud: Cloud, at: str) -> None:
    """Other limits, steps and units show; a value within them stays."""
    await set_up_input(hass, cloud, **INT)
    await set_value(hass, "number", X, 7)
    await change(
        hass, cloud, at, type="int", min="0", max="900", step="3", unit="g", start="6"
    )
    state = state_of(hass, "number", X)
    assert state.state == "7"
    assert state.attributes["min"] == 0
    assert state.attributes["max"] == 900
    assert state.attributes["step"] == 3
    assert state.attributes["mode"] == "box"
    assert state.attributes["unit_of_measurement"] == "g"
    await press(hass, DO)
    assert cloud.executed == [("device-1", "do", {"x": 7})]


async def call(hass: HomeAssistant) -> None:
    """Call the service of the action without its input."""
    data = {"device_id": "ODD/device-1"}
    await hass.services.async_call(DOMAIN, "odd_do", data, blocking=True)


async def test_start(hass: HomeAssistant, cloud: Cloud, at: str) -> None:
    """A number that shows the start follows it, and button and service send the same."""
    await set_up_input(hass, cloud, **INT, start="2")
    assert state_of(hass, "number", X).state == "2"
    for start in ("5", "9"):
        await change(hass, cloud, at, **INT, start=start)
        assert state_of(hass, "number", X).state == start
        await press(hass, DO)
        await call(hass)
    assert [inputs["x"] for _, _, inputs in cloud.executed] == [5, 5, 9, 9]
    await change(hass, cloud, at, **INT)
    assert state_of(hass, "number", X).state == "unknown"
    await change(hass, cloud, at, **INT, start="3")
    assert state_of(hass, "number", X).state == "3"


@pytest.mark.parametrize("value", [2, 7])
async def test_start_and_a_choice(
    hass: HomeAssistant, cloud: Cloud, at: str, value: int
) -> None:
    """A number that somebody chose stays, also one that was like the start."""
    await set_up_input(hass, cloud, **INT, start="2")
    await set_value(hass, "number", X, value)
    for start in ("5", "9"):
        await change(hass, cloud, at, **INT, start=start)
        assert state_of(hass, "number", X).state == str(value)
    await press(hass, DO)
    assert cloud.executed == [("device-1", "do", {"x": value})]
    await change(hass, cloud, at, type="int", min="8", max="10", start="9")
    assert state_of(hass, "number", X).state == "9"
    await change(hass, cloud, at, type="int", min="8", max="10", start="10")
    assert state_of(hass, "number", X).state == "10"


@pytest.mark.parametrize(
    ("platform", "before", "value", "after"),
    [
        ("number", INT, 7, {"type": "int", "max": "6"}),
        ("number", {"type": "float"}, 0.5, {"type": "int"}),
        ("select", FISH, "Beef", {"type": "stringenum", "mapping": {"fish": "Fish"}}),
        ("select", ENUM, "Three", {"type": "enum", "mapping": {"1": "One"}}),
        ("select", ENUM, "Three", FISH),
        ("text", {"type": "string"}, "Hello", {"type": "string", "max": "4"}),
        ("text", {"type": "string", "min": "0"}, "", {"type": "string", "min": "1"}),
    ],
)
async def test_value_that_is_not_allowed_any_more(
    hass: HomeAssistant,
    cloud: Cloud,
    at: str,
    platform: str,
    before: dict[str, Any],
    value: object,
    after: dict[str, Any],
) -> None:
    """It becomes unset, so that the button sends nothing."""
    await set_up_input(hass, cloud, **before)
    entity_id = find(hass, platform, X)
    await set_value(hass, platform, X, value)
    assert state_of(hass, platform, X).state == str(value)
    await change(hass, cloud, at, **after)
    assert find(hass, platform, X) == entity_id
    assert state_of(hass, platform, X).state == unset_state(platform)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, DO)
    assert raised.value.translation_key == "inputs_needed"
    assert cloud.executed == []


async def test_labels(hass: HomeAssistant, cloud: Cloud, at: str) -> None:
    """A select keeps its key and shows the new label of it."""
    await set_up_input(hass, cloud, **FISH)
    await set_value(hass, "select", X, "Beef")
    mapping = {"soup": "Beef", "beef": "牛肉", "fish": "鱼肉"}
    await change(hass, cloud, at, type="stringenum", mapping=mapping)
    state = state_of(hass, "select", X)
    assert state.state == "牛肉"
    assert state.attributes["options"] == ["Beef", "牛肉", "鱼肉"]
    await press(hass, DO)
    assert cloud.executed == [("device-1", "do", {"x": "beef"})]


@pytest.mark.parametrize(
    ("platform", "before", "value", "other", "after"),
    [
        ("select", ENUM, "Two", "number", INT),
        ("number", INT, 2, "select", ENUM),
        ("text", {"type": "string"}, "2", "number", INT),
        ("select", FISH, "Fish", "text", {"type": "string"}),
        (
            "datetime",
            {"type": "timestamp"},
            "2026-11-23T12:00:00+00:00",
            "number",
            {"type": "int"},
        ),
    ],
)
async def test_other_platform(
    hass: HomeAssistant,
    cloud: Cloud,
    at: str,
    platform: str,
    before: dict[str, Any],
    value: object,
    other: str,
    after: dict[str, Any],
) -> None:
    """An input of another kind loses its entity and its value, and gets a new entity."""
    await set_up_input(hass, cloud, **before)
    old = registered(hass, platform, X).entity_id
    await set_value(hass, platform, X, value)
    await change(hass, cloud, at, **after)
    assert find(hass, platform, X) is None
    assert hass.states.get(old) is None
    assert state_of(hass, other, X).state == unset_state(other)
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, DO)
    assert raised.value.translation_key == "inputs_needed"
    await change(hass, cloud, at, **before)
    assert find(hass, other, X) is None
    assert state_of(hass, platform, X)


async def test_gone(hass: HomeAssistant, cloud: Cloud, at: str) -> None:
    """An input that is gone loses its entity, and the button asks for it no more."""
    await set_up_input(hass, cloud, **INT)
    old = registered(hass, "number", X).entity_id
    await set_value(hass, "number", X, 7)
    await change(hass, cloud, at)
    assert find(hass, "number", X) is None
    assert hass.states.get(old) is None
    await press(hass, DO)
    assert cloud.executed == [("device-1", "do", {})]


async def test_becomes_secret(hass: HomeAssistant, cloud: Cloud, at: str) -> None:
    """A text that turns out to be a secret vanishes from the states."""
    await set_up_input(hass, cloud, type="string")
    old = registered(hass, "text", X).entity_id
    await set_value(hass, "text", X, "1234")
    await change(hass, cloud, at, "密码", type="string")
    assert find(hass, "text", X) is None
    assert hass.states.get(old) is None
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, DO)
    assert raised.value.translation_key == "inputs_needed_secret"


async def test_becomes_needed(hass: HomeAssistant, cloud: Cloud, at: str) -> None:
    """An input that is new has an entity and is asked for."""
    await set_up_input(hass, cloud, **INT)
    await change(hass, cloud, at)
    await change(hass, cloud, at, **FISH)
    assert state_of(hass, "select", X).state == "unknown"
    with pytest.raises(ServiceValidationError) as raised:
        await press(hass, DO)
    assert raised.value.translation_key == "inputs_needed"
    assert cloud.executed == []
