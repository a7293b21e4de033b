"""Values of inputs live through restarts, reloads and changes of the data template."""

from typing import Any

import pytest

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.restore_state import async_get

from .entities import find, press, restore, set_up_input, set_value, state_of
from .helpers import Cloud

X = "ODD/device-1/do/x"
INT = {"type": "int", "min": "1", "max": "10"}
FISH = {"type": "stringenum", "mapping": {"fish": "Fish", "beef": "Beef"}}
ENUM = {"type": "enum", "mapping": {"1": "One", "2": "Two", "3": "Three"}}
NOON = "2026-11-23T12:00:00+00:00"


@pytest.mark.parametrize(
    ("platform", "define", "value", "state"),
    [
        ("number", INT, 7, "7"),
        ("number", INT | {"start": "2"}, 7, "7"),
        ("number", {"type": "float"}, -0.5, "-0.5"),
        ("number", {"type": "float"}, 0.7999999999999999, "0.8"),
        ("select", FISH, "beef", "Beef"),
        ("select", ENUM, "3", "Three"),
        ("select", {"type": "bool", "mapping": {"0": "Off", "1": "On"}}, "0", "Off"),
        ("text", {"type": "string"}, "晚上好", "晚上好"),
        ("text", {"type": "string", "min": "0"}, "", ""),
        ("datetime", {"type": "timestamp"}, "2026-11-23T20:00:00+08:00", NOON),
    ],
)
async def test_restart(
    hass: HomeAssistant,
    cloud: Cloud,
    platform: str,
    define: dict[str, Any],
    value: object,
    state: str,
) -> None:
    """A value is there again after a restart, and is what the button sends."""
    restore(hass, platform, X, "other", {"value": value})
    await set_up_input(hass, cloud, **define)
    assert state_of(hass, platform, X).state == state
    await press(hass, "ODD/device-1/do")
    assert len(cloud.executed) == 1


@pytest.mark.parametrize(
    ("platform", "define", "value", "state"),
    [
        pytest.param("number", INT, 11, "unknown", id="too-large"),
        pytest.param("number", INT, 0, "unknown", id="too-small"),
        pytest.param("number", INT, 2.5, "unknown", id="fraction"),
        pytest.param("number", INT, True, "unknown", id="true"),
        pytest.param("number", INT, "7", "unknown", id="text-for-number"),
        pytest.param("number", INT, None, "unknown", id="no-number"),
        pytest.param("number", INT | {"start": "2"}, None, "2", id="start-for-none"),
        pytest.param("number", INT | {"start": "2"}, "7", "2", id="start-for-text"),
        pytest.param("number", INT | {"start": "2"}, 11, "2", id="start-for-too-large"),
        pytest.param("select", FISH, "soup", "unknown", id="key-gone"),
        pytest.param("select", FISH, "Fish", "unknown", id="label"),
        pytest.param("select", ENUM, 1, "unknown", id="number-for-key"),
        pytest.param("select", {"type": "bool"}, "true", "unknown", id="true-for-key"),
        pytest.param("text", {"type": "string", "min": "1"}, "", "", id="empty"),
        pytest.param("text", {"type": "string"}, 5, "", id="number-for-text"),
        pytest.param("text", {"type": "string", "max": "3"}, "abcd", "", id="long"),
        pytest.param(
            "text", {"type": "string", "max": "999"}, "a" * 256, "", id="endless"
        ),
        pytest.param("text", {"type": "string"}, "\ud800", "", id="surrogate"),
        pytest.param(
            "datetime", {"type": "timestamp"}, NOON[:-6], "unknown", id="naive"
        ),
        pytest.param(
            "datetime", {"type": "timestamp"}, "tomorrow", "unknown", id="no-date"
        ),
        pytest.param(
            "datetime",
            {"type": "timestamp"},
            "1969-07-20T12:00:00+00:00",
            "unknown",
            id="too-early",
        ),
        pytest.param(
            "datetime", {"type": "timestamp"}, 1795435200, "unknown", id="number"
        ),
    ],
)
async def test_restart_with_another_template(
    hass: HomeAssistant,
    cloud: Cloud,
    platform: str,
    define: dict[str, Any],
    value: object,
    state: str,
) -> None:
    """What today's template does not allow is unset, or a number's start."""
    restore(hass, platform, X, "other", {"value": value})
    await set_up_input(hass, cloud, **define)
    assert state_of(hass, platform, X).state == state


@pytest.mark.parametrize(
    ("extra", "state"),
    [
        pytest.param({"value": None, "is_chosen": False}, "3", id="start"),
        pytest.param({"value": 2, "is_chosen": True}, "2", id="chosen"),
        pytest.param({"value": 3, "is_chosen": True}, "3", id="chosen-like-start"),
        pytest.param({"value": 3}, "3", id="0.1.0-start"),
        pytest.param({"value": 2}, "2", id="0.1.0"),
    ],
)
async def test_restart_with_a_start(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_storage: dict[str, Any],
    extra: dict[str, Any],
    state: str,
) -> None:
    """Whether somebody chose a number is known after a restart, and kept for the next."""
    restore(hass, "number", X, "other", extra)
    await set_up_input(hass, cloud, **INT, start="3")
    assert state_of(hass, "number", X).state == state
    await press(hass, "ODD/device-1/do")
    assert cloud.executed == [("device-1", "do", {"x": int(state)})]
    await async_get(hass).async_dump_states()
    (stored,) = [
        item["extra_data"]
        for item in hass_storage["core.restore_state"]["data"]
        if item["state"]["entity_id"].startswith("number.")
    ]
    is_chosen = extra.get("is_chosen", state != "3")
    assert stored == {
        "value": int(state) if is_chosen else None,
        "is_chosen": is_chosen,
    }


@pytest.mark.parametrize("extra", [None, {}, {"native_value": 5}])
async def test_restart_with_nothing_stored(
    hass: HomeAssistant, cloud: Cloud, extra: dict[str, Any] | None
) -> None:
    """A state alone, as another integration may have left it, restores nothing."""
    restore(hass, "number", X, "5", extra)
    await set_up_input(hass, cloud, **INT)
    assert state_of(hass, "number", X).state == "unknown"


@pytest.mark.parametrize(
    ("platform", "define", "value"),
    [
        ("number", INT | {"start": "2"}, 7),
        ("select", FISH, "Beef"),
        ("text", {"type": "string"}, "Hi"),
        ("datetime", {"type": "timestamp"}, NOON),
    ],
)
async def test_reload(
    hass: HomeAssistant,
    cloud: Cloud,
    platform: str,
    define: dict[str, Any],
    value: object,
) -> None:
    """A value is there again after a reload, however often."""
    await set_up_input(hass, cloud, **define)
    await set_value(hass, platform, X, value)
    (entry,) = hass.config_entries.async_entries("tencent_iot_explorer")
    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert state_of(hass, platform, X).state == str(value)
    await press(hass, "ODD/device-1/do")
    assert len(cloud.executed) == 1


async def test_inputs_are_there_before_buttons(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """No button can be pressed before the values that it sends are restored."""
    restore(hass, "number", X, "other", {"value": 7})
    shown: list[State | None] = []

    @callback
    def note_number(event: Event[EventStateChangedData]) -> None:
        """Note what the number shows when the button appears."""
        if event.data["entity_id"].startswith("button."):
            number = find(hass, "number", X)
            shown.append(hass.states.get(number) if number else None)

    hass.bus.async_listen(EVENT_STATE_CHANGED, note_number)
    await set_up_input(hass, cloud, **INT)
    await hass.async_block_till_done()
    assert [state.state for state in shown if state] == ["7"]
