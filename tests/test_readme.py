"""The examples of the README, as a person would copy them."""

from pathlib import Path
import re
from typing import Any

import yaml

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .helpers import FEEDER, Cloud, set_up

README = (Path(__file__).parents[1] / "README.md").read_text()


def examples() -> dict[str, dict[str, Any]]:
    """Return the YAML examples by the bold words that introduce them."""
    pattern = re.compile(r"\*\*([^*]+)\*\*[^*]*?```yaml\n(.*?)```", re.DOTALL)
    return {name: yaml.safe_load(text) for name, text in pattern.findall(README)}


async def test_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """The button of the card is there and does what the card says."""
    await set_up(hass, cloud, FEEDER)
    tap = examples()["A button"]["tap_action"]
    domain, service = tap["perform_action"].split(".")
    await hass.services.async_call(domain, service, tap["target"], blocking=True)
    assert cloud.executed == [("kitchen-feeder", "cleanBowl", {})]


async def test_automation(hass: HomeAssistant, cloud: Cloud) -> None:
    """The automation feeds three portions."""
    await set_up(hass, cloud, FEEDER)
    config = {"automation": [examples()["An automation"]]}
    assert await async_setup_component(hass, "automation", config)
    breakfast = {"entity_id": "automation.breakfast"}
    await hass.services.async_call("automation", "trigger", breakfast, blocking=True)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 3})]
    await hass.services.async_call("automation", "turn_off", breakfast, blocking=True)


async def test_script(hass: HomeAssistant, cloud: Cloud) -> None:
    """The script tells what the device answered."""
    await set_up(hass, cloud, FEEDER)
    told: list[str] = []
    hass.services.async_register(
        "persistent_notification",
        "create",
        lambda call: told.append(call.data["message"]),
    )
    config = {"script": {"feed": examples()["A script"]}}
    assert await async_setup_component(hass, "script", config)
    await hass.services.async_call("script", "feed", blocking=True)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 2})]
    assert told == ["90 % of the food is left."]


async def test_call_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """The fixed service runs the action by its id."""
    await set_up(hass, cloud, FEEDER)
    example = examples()["Any action of any product"]
    domain, service = example["action"].split(".")
    await hass.services.async_call(domain, service, example["data"], blocking=True)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]
