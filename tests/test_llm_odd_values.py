"""Whatever a language model passes to a tool, it is refused in words and soon."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes

from .entities import add_product
from .helpers import Cloud, product
from .language_model import Agent, set_up_exposed
from custom_components.tencent_iot_explorer.assist import spoken
from emulator.products import action, parameter

TOOL = "tencent_iot_explorer__odd_go"
MOST_HEARD = 20_000
ODD = [
    " " * 30_000,
    f"a{' ' * 30_000}b",
    "长" * 100_000,
    "9" * 100_000,
    "\ud800",
    "\x00",
    2**70,
    1e300,
    float("nan"),
    [[]],
    [2**70],
]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many characters were listened to, text by text."""
    counts: list[int] = []
    hear = spoken.hear

    def count(text: str) -> spoken.Heard:
        """Count the characters of a text."""
        counts.append(len(text))
        return hear(text)

    monkeypatch.setattr(spoken, "hear", count)
    return counts


async def set_up_odd(hass: HomeAssistant, cloud: Cloud) -> Agent:
    """Set up a product with an input of each kind, and return an agent."""
    modes = {str(number): f"Mode {number}" for number in range(10)}
    inputs = [
        parameter("number", "Number", type="int", min=str(-(2**63)), max=str(2**63)),
        parameter("choice", "Choice", type="enum", mapping=modes),
        parameter("text", "Text", type="string", max="2048"),
    ]
    add_product(cloud, "ODD", action("go", "Go", inputs), devices=2)
    devices = product("ODD", ["device-1", "device-2"])
    return await set_up_exposed(
        hass, cloud, devices, "ODD/device-1/go", "ODD/device-2/go"
    )


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
async def test_odd_values(
    hass: HomeAssistant, cloud: Cloud, heard: list[int], value: Any
) -> None:
    """Each argument is refused if it is of no use, and not listened to for long."""
    agent = await set_up_odd(hass, cloud)
    json_bytes(agent.schemas)
    right = {"device": "device-1", "number": 5, "choice": "Mode 1", "text": "a"}
    heard.clear()
    for name in ("device", "number", "choice", "missing"):
        reason = await agent.refused(TOOL, **right | {name: value})
        json_bytes(reason)
        assert sum(heard) < MOST_HEARD
    assert cloud.executed == []


async def test_schema(hass: HomeAssistant, cloud: Cloud) -> None:
    """No limit that a model is shown is beyond what JSON holds."""
    agent = await set_up_odd(hass, cloud)
    number = agent.schemas[TOOL]["properties"]["number"]
    assert "minimum" not in number
    assert "maximum" not in number
