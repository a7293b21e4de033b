"""Buttons."""

from homeassistant.core import HomeAssistant

from .helpers import FEEDER, Cloud, button, set_up


async def press(hass: HomeAssistant, unique_id: str) -> None:
    """Press a button."""
    await hass.services.async_call(
        "button", "press", {"entity_id": button(hass, unique_id)}, blocking=True
    )


async def test_press(hass: HomeAssistant, cloud: Cloud) -> None:
    """A press runs the action once, with start values."""
    await set_up(hass, cloud, FEEDER)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    await press(hass, "FEEDER2026/balcony-feeder/cleanBowl")
    assert cloud.executed == [
        ("kitchen-feeder", "feed", {"portions": 1}),
        ("balcony-feeder", "cleanBowl", {}),
    ]
