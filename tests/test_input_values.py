"""Values that are set by the services of the inputs' platforms."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .entities import ECHO, INPUTS, set_up_input, set_value, state_of
from .helpers import LAMP, Cloud, set_up


@pytest.mark.parametrize(
    ("platform", "key", "value", "state"),
    [
        ("number", "brightness", 100, "100"),
        ("number", "brightness", 7.0, "7"),
        ("number", "warmth", 0.75, "0.75"),
        ("number", "warmth", 0.7999999999999999, "0.8"),
        ("number", "warmth", 0.1 * 3, "0.3"),
        ("number", "warmth", 0.00005, "5e-05"),
        ("number", "warmth", 1, "1.0"),
        ("select", "power", "On", "On"),
        ("select", "colour", "Blue", "Blue"),
        ("select", "effect", "Calm sea", "Calm sea"),
        ("text", "text", "晚上好", "晚上好"),
        ("text", "text", "", ""),
        (
            "datetime",
            "moment",
            "2026-11-23T20:00:00+08:00",
            "2026-11-23T12:00:00+00:00",
        ),
        ("datetime", "moment", "2026-11-23 20:00:00", "2026-11-24T04:00:00+00:00"),
    ],
)
async def test_set(
    hass: HomeAssistant,
    cloud: Cloud,
    platform: str,
    key: str,
    value: object,
    state: str,
) -> None:
    """A value that is set shows, at that device and input alone, and sends nothing."""
    await set_up(hass, cloud, LAMP)
    await hass.config.async_set_time_zone("America/Los_Angeles")
    others = {
        (kind, unique_id): state_of(hass, kind, unique_id)
        for device in ("desk-lamp", "hall-lamp")
        for kind, name, _ in INPUTS
        if (unique_id := f"LAMP202611/{device}/echo/{name}") != f"{ECHO}/{key}"
    }
    await set_value(hass, platform, f"{ECHO}/{key}", value)
    assert state_of(hass, platform, f"{ECHO}/{key}").state == state
    assert len(others) == 13
    for (kind, unique_id), before in others.items():
        assert state_of(hass, kind, unique_id) is before
    assert cloud.executed == []


@pytest.mark.parametrize(
    ("platform", "define", "good", "value", "error"),
    [
        ("number", {"type": "int"}, 3, 3.5, "value_not_an_integer"),
        ("number", {"type": "int"}, 3, float("nan"), "value_not_a_number"),
        ("number", {"type": "float", "max": "9"}, 3, 9.5, "out_of_range"),
        ("number", {"type": "int", "min": "0"}, 3, -1, "out_of_range"),
        ("select", {"type": "bool"}, "1", "2", "not_valid_option"),
        (
            "datetime",
            {"type": "timestamp"},
            "2026-11-23T20:00:00+00:00",
            "1969-12-31T23:59:59+00:00",
            "value_not_a_time",
        ),
        (
            "text",
            {"type": "string", "min": "2"},
            "ab",
            "a",
            "value_wrong_length_at_least",
        ),
        (
            "text",
            {"type": "string", "min": "1"},
            "ab",
            "",
            "value_wrong_length_not_empty",
        ),
        (
            "text",
            {"type": "string", "max": "3"},
            "ab",
            "a\U0001f600b",
            "value_wrong_length_at_most",
        ),
    ],
)
async def test_refused(
    hass: HomeAssistant,
    cloud: Cloud,
    platform: str,
    define: dict[str, Any],
    good: object,
    value: object,
    error: str,
) -> None:
    """A value that the template does not allow is refused, and the one before stays."""
    unique_id = await set_up_input(hass, cloud, **define)
    await set_value(hass, platform, unique_id, good)
    before = state_of(hass, platform, unique_id).state
    assert before != "unknown"
    with pytest.raises(ServiceValidationError) as raised:
        await set_value(hass, platform, unique_id, value)
    assert raised.value.translation_key == error
    if error.startswith("value_"):
        placeholders = raised.value.translation_placeholders
        assert placeholders
        assert placeholders["device"] == "device-1"
        assert placeholders["action"] == "Do (do)"
        assert placeholders["input"] == "X (x)"
    assert state_of(hass, platform, unique_id).state == before


async def test_refused_length(hass: HomeAssistant, cloud: Cloud) -> None:
    """Home Assistant itself refuses a text that is longer than it may be."""
    unique_id = await set_up_input(hass, cloud, type="string", min="2", max="3")
    with pytest.raises(ValueError, match="too long"):
        await set_value(hass, "text", unique_id, "abcd")
    assert state_of(hass, "text", unique_id).state == ""
