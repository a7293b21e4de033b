"""The examples of the README, as a person would copy them."""

from pathlib import Path
import re
from typing import Any

import pytest
import yaml

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .helpers import FEEDER, Cloud, set_up
from .voice import say, set_up_house

README = (Path(__file__).parents[1] / "README.md").read_text()


def yaml_examples() -> dict[str, dict[str, Any]]:
    """Return the YAML examples by the bold words that introduce them."""
    pattern = re.compile(r"\*\*([^*]+)\*\*[^*]*?```yaml\n(.*?)```", re.DOTALL)
    return {name: yaml.safe_load(text) for name, text in pattern.findall(README)}


async def test_button(hass: HomeAssistant, cloud: Cloud) -> None:
    """The button of the card is there and does what the card says."""
    await set_up(hass, cloud, FEEDER)
    tap = yaml_examples()["A button"]["tap_action"]
    domain, service = tap["perform_action"].split(".")
    await hass.services.async_call(domain, service, tap["target"], blocking=True)
    assert cloud.executed == [("kitchen-feeder", "cleanBowl", {})]


async def test_automation(hass: HomeAssistant, cloud: Cloud) -> None:
    """The automation feeds three portions."""
    await set_up(hass, cloud, FEEDER)
    config = {"automation": [yaml_examples()["An automation"]]}
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
    config = {"script": {"feed": yaml_examples()["A script"]}}
    assert await async_setup_component(hass, "script", config)
    await hass.services.async_call("script", "feed", blocking=True)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 2})]
    assert told == ["90 % of the food is left."]


async def test_call_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """The fixed service runs the action by its id."""
    await set_up(hass, cloud, FEEDER)
    example = yaml_examples()["Any action of any product"]
    domain, service = example["action"].split(".")
    await hass.services.async_call(domain, service, example["data"], blocking=True)
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


@pytest.mark.parametrize(
    ("house", "column", "languages", "count"),
    [
        ("EN", 0, ["en"], 5),
        ("HANS", 0, ["zh-CN"], 6),
        ("HANT", 1, ["zh-HK", "zh-TW"], 6),
    ],
)
async def test_voice(
    hass: HomeAssistant,
    cloud: Cloud,
    house: str,
    column: int,
    languages: list[str],
    count: int,
) -> None:
    """Each sentence of the tables runs one action."""
    await set_up_house(hass, cloud, house, exposed=["clean", "feed"])
    tables = README.partition("## Voice")[2].partition("\n- ")[0]
    rows = [re.findall(r"`([^`]+)`", line) for line in tables.splitlines()]
    examples = [row[column] for row in rows if len(row) == (1 if house == "EN" else 2)]
    assert len(examples) == count
    for language in languages:
        for text in examples:
            before = len(cloud.executed)
            await say(hass, text, language)
            assert len(cloud.executed) == before + 1, text
