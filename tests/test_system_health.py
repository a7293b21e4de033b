"""What the system page shows."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .entities import press
from .helpers import FEEDER, Cloud, poll, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is shown."""
    info = dict(await get_system_health_info(hass, DOMAIN))
    info["can_reach_cloud"] = await info["can_reach_cloud"]
    return info


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Set the system page up."""
    assert await async_setup_component(hass, "system_health", {})


async def test_all_is_well(hass: HomeAssistant, cloud: Cloud) -> None:
    """The cloud answers, its clock is ours, and each request of today is counted."""
    await set_up(hass, cloud, FEEDER)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    info = await health(hass)
    assert info["can_reach_cloud"] == "ok"
    assert abs(info["clock_offset"]) <= 1
    assert info["calls_today"] == len(cloud.emulator.journal) == 3


async def test_wrong_clock(hass: HomeAssistant, cloud: Cloud) -> None:
    """By how much the clocks differ is shown before it becomes a matter for repairs."""
    cloud.emulator.clock_offset = 250
    await set_up(hass, cloud, FEEDER)
    assert abs((await health(hass))["clock_offset"] - 250) <= 1


async def test_cloud_away(hass: HomeAssistant, cloud: Cloud) -> None:
    """A cloud that cannot be reached says so."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, FEEDER)
    await cloud.emulator.stop()
    await poll(hass)
    info = await health(hass)
    assert info["can_reach_cloud"] == {"type": "failed", "error": "unreachable"}


async def test_nothing_loaded(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any application the usual address of the cloud is tried."""
    entry = await set_up(hass, cloud, FEEDER)
    await hass.config_entries.async_unload(entry.entry_id)
    monkeypatch.setattr(
        "custom_components.tencent_iot_explorer.system_health.SERVICE_API_ENDPOINT",
        cloud.emulator.endpoint,
    )
    info = await health(hass)
    assert info["can_reach_cloud"] == "ok"
    assert info["clock_offset"] == "–"
    assert info["calls_today"] == 2
