"""What the system page shows."""

from inspect import isawaitable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info
from yarl import URL

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .entities import press
from .helpers import FEEDER, LAMP, LOCK, Cloud, poll, set_up, with_both_keys
from custom_components.tencent_iot_explorer import system_health
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from emulator import Emulator

UNREACHABLE = {"type": "failed", "error": "unreachable"}


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is shown."""
    info = dict(await get_system_health_info(hass, DOMAIN))
    for key, value in info.items():
        if isawaitable(value):
            info[key] = await value
    return info


def host(cloud: Cloud) -> str:
    """Return the host of the emulated cloud."""
    return URL(cloud.emulator.endpoint).authority


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Set the system page up."""
    assert await async_setup_component(hass, "system_health", {})


@with_both_keys
async def test_all_is_well(hass: HomeAssistant, cloud: Cloud) -> None:
    """The cloud answers, its clock is ours, and each request of today is counted."""
    await set_up(hass, cloud, FEEDER)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    info = await health(hass)
    assert info[f"Reach {host(cloud)} (Home)"] == "ok"
    assert abs(info["clock_offset"]) <= 1
    assert info["calls_today"] == len(cloud.emulator.journal) == 3


@with_both_keys
async def test_wrong_clock(hass: HomeAssistant, cloud: Cloud) -> None:
    """By how much the clocks differ is shown before it becomes a matter for repairs."""
    cloud.emulator.clock_offset = 250
    await set_up(hass, cloud, FEEDER)
    assert abs((await health(hass))["clock_offset"] - 250) <= 1


@with_both_keys
async def test_cloud_away(hass: HomeAssistant, cloud: Cloud) -> None:
    """A cloud that cannot be reached says so."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, FEEDER)
    await cloud.emulator.stop()
    await poll(hass)
    assert (await health(hass))[f"Reach {host(cloud)} (Home)"] == UNREACHABLE


async def test_several_hosts(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each host is there once, with the titles of all that use it, in their language."""
    hass.config.language = "zh-Hans"
    await set_up(hass, cloud, FEEDER)
    cloud.access = Access.ACCOUNT
    entry = await set_up(hass, cloud, LAMP)
    hass.config_entries.async_update_entry(entry, title="ap-guangzhou")
    async with Emulator() as emulator:
        other = Cloud(emulator, Access.ACCOUNT)
        emulator.keep_alive = False
        entry = await set_up(hass, other, LOCK, region="ap-guangzhou")
        hass.config_entries.async_update_entry(entry, title="Away")
    info = await health(hass)
    assert list(info) == [
        f"连接 {host(cloud)}（Home, ap-guangzhou）",
        f"连接 {host(other)}（Away）",
        "clock_offset",
        "calls_today",
        "read_every",
        "read_events_every",
        "pushes_today",
        "last_push",
        "push_rules",
    ]
    assert list(info.values())[:2] == ["ok", UNREACHABLE]


async def test_nothing_loaded(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any entry the usual hosts of both kinds are tried."""
    assert [URL(endpoint).host for endpoint, _ in system_health._UNUSED] == [
        "iotexplorer.tencentcloudapi.com",
        "iot.cloud.tencent.com",
    ]
    entry = await set_up(hass, cloud, FEEDER)
    await hass.config_entries.async_unload(entry.entry_id)
    usual = [(cloud.emulator.endpoint, "–")]
    monkeypatch.setattr(system_health, "_UNUSED", usual)
    info = await health(hass)
    assert info[f"Reach {host(cloud)} (–)"] == "ok"
    assert info["clock_offset"] == "–"
    assert info["calls_today"] == 2
    pushes = [info[key] for key in ("pushes_today", "last_push", "push_rules")]
    assert pushes == [0, "–", "–"]
