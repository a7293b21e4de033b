"""A scripted language model: it is shown the tools, and calls some of them.

Where Home Assistant has no such tools yet, tests that import this are skipped.
"""

from dataclasses import dataclass, field
import importlib
import json
from typing import Any

import pytest

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm as llm_helper
from homeassistant.setup import async_setup_component

from .helpers import ASYNC, SYNC, Cloud, set_up
from .voice import expose

llm = pytest.importorskip(
    "homeassistant.components.llm",
    reason="tools of integrations exist since Home Assistant 2026.8",
)
# What those releases describe a tool's parameters with; the oldest release has none.
probatio = importlib.import_module("probatio")

KITCHEN = "FEEDER2026/kitchen-feeder/feed"
BALCONY = "FEEDER2026/balcony-feeder/feed"
FEED = "tencent_iot_explorer__feeder2026_feed"
ECHO = "tencent_iot_explorer__lamp202611_echo"
BLINK = "tencent_iot_explorer__lamp202611_blink"
ECHO_ARGUMENTS: dict[str, Any] = {
    "device": "desk-lamp",
    "power": "On",
    "brightness": 80,
    "warmth": 0.7,
    "text": "晚上好",
    "colour": "Blue",
    "effect": "Calm sea",
    "moment": "2026-11-23 20:00:00+08:00",
}
NOT_EXPOSED = "{} was not sent: it is not exposed to Assist on any device."
ACTION_REQUESTS = (SYNC, ASYNC)


@dataclass
class Agent:
    """What stands for a language model: it is shown the tools, and calls some."""

    api: llm_helper.APIInstance
    schemas: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        """Take over the tools in the form that providers of models are sent."""
        self.schemas = {
            tool.name: probatio.to_openapi(
                tool.parameters,
                custom_serializer=self.api.custom_serializer,
                openapi_version="3.1.0",
            )
            for tool in self.tools
        }

    @property
    def tools(self) -> list[llm_helper.Tool]:
        """Return the tools of this integration."""
        prefix = "tencent_iot_explorer__"
        return [tool for tool in self.api.tools if tool.name.startswith(prefix)]

    def tool(self, name: str) -> llm_helper.Tool:
        """Return a tool."""
        return next(tool for tool in self.tools if tool.name == name)

    def shown(self, name: str) -> str:
        """Return everything that a model is shown of a tool."""
        tool = self.tool(name)
        return json.dumps(
            [tool.name, tool.title, tool.description, self.schemas[name]],
            ensure_ascii=False,
        )

    async def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool that must succeed, and return the result."""
        result = await self._call(name, arguments)
        assert result.error is False
        assert result.data["success"] is True
        return dict(result.data)

    async def refused(self, name: str, **arguments: Any) -> str:
        """Call a tool that must fail, and return the reason."""
        result = await self._call(name, arguments)
        assert result.error is True
        assert result.data.keys() == {"success", "error"}
        assert result.data["success"] is False
        reason = result.data["error"]
        assert isinstance(reason, str)
        assert "{" not in reason
        return reason

    async def _call(
        self, name: str, arguments: dict[str, Any]
    ) -> llm_helper.ToolResult:
        """Call a tool as Home Assistant lets a model do it."""
        tool_input = llm_helper.ToolInput(tool_name=name, tool_args=arguments)
        result = await self.api.async_call_tool(tool_input)
        json.dumps(result.data)
        return result


async def listen(
    hass: HomeAssistant,
    *,
    language: str = "en",
    assistant: str = "conversation",
    context: Context | None = None,
) -> Agent:
    """Return an agent that was just given the tools."""
    assert await async_setup_component(hass, "llm", {})
    llm_context = llm_helper.LLMContext(
        platform="test",
        context=context or Context(),
        language=language,
        assistant=assistant,
        device_id=None,
    )
    return Agent(await llm_helper.async_get_api(hass, "assist", llm_context))


async def set_up_exposed(
    hass: HomeAssistant, cloud: Cloud, settings: ConfigSubentryData, *unique_ids: str
) -> Agent:
    """Set up a product, expose some of its buttons, and return an agent."""
    assert await async_setup_component(hass, "homeassistant", {})
    await set_up(hass, cloud, settings)
    expose(hass, *unique_ids)
    return await listen(hass)


def sent(cloud: Cloud) -> list[str]:
    """Return which requests for an action the cloud received."""
    return [
        entry.call for entry in cloud.emulator.journal if entry.call in ACTION_REQUESTS
    ]
