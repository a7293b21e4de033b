"""The counts of requests: what is counted as what, and for how long."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .dialogs import answer, key_pair, start
from .entities import press
from .helpers import FEEDER, LAMP, Cloud, poll, refresh, set_up, with_both_keys
from custom_components.tencent_iot_explorer.account.request_counts import (
    Origin,
    RequestCounts,
    request_counts,
)
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from emulator import Fault

FILE = f"{DOMAIN}.calls"


def today(hass: HomeAssistant, product_id: str) -> dict[str, dict[str, int]]:
    """Return what was counted today for a product."""
    day = dt_util.now().date().isoformat()
    return {
        call: dict(origins)
        for call, origins in request_counts(hass).of_product(product_id)[day].items()
    }


@with_both_keys
async def test_what_is_counted(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each request that was sent is counted once, for what it was made for."""
    cloud.expect("RequestLimitExceeded")
    await set_up(hass, cloud, FEEDER)
    await poll(hass)
    await refresh(hass)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    data = {"device_id": "FEEDER2026/kitchen-feeder", "wait_for_reply": True}
    await hass.services.async_call(DOMAIN, "feeder2026_feed", data, blocking=True)
    cloud.emulator.faults.append(Fault(code="RequestLimitExceeded", times=2))
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    counted = today(hass, "FEEDER2026")
    prefix = "" if cloud.access is Access.ACCOUNT else "Service"
    assert counted[f"{prefix}DescribeModelDefinition"] == {"template": 2}
    assert counted[f"{prefix}CallDeviceActionAsync"] == {"button": 4}
    assert counted[f"{prefix}CallDeviceActionSync"] == {"service": 1}
    assert list(counted[f"{prefix}GetDeviceList"]) == ["poll"]
    total = sum(sum(origins.values()) for origins in counted.values())
    assert total == len(cloud.emulator.journal) == request_counts(hass).today


async def test_both_kinds(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """What was counted of an application goes on beside what an account asks."""
    day = dt_util.now().date().isoformat()
    stored = {day: {"FEEDER2026": {"ServiceCallDeviceActionAsync": {"button": 7}}}}
    hass_storage[FILE] = {"version": 1, "minor_version": 1, "key": FILE, "data": stored}
    entry = await set_up(hass, cloud, FEEDER)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    cloud.access = Access.ACCOUNT
    hass.config_entries.async_update_entry(entry, data=cloud.entry_data())
    await hass.async_block_till_done(wait_background_tasks=True)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    counted = today(hass, "FEEDER2026")
    assert counted["ServiceCallDeviceActionAsync"] == {"button": 8}
    assert counted["CallDeviceActionAsync"] == {"button": 1}
    assert request_counts(hass).today == 7 + len(cloud.emulator.journal)


async def test_dialog(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a dialog asks is counted before there is any application."""
    await answer(hass, await start(hass), key_pair(cloud))
    assert today(hass, "FEEDER2026") == {
        "ServiceDescribeModelDefinition": {"dialog": 1},
        "ServiceGetDeviceList": {"dialog": 1},
        "ServiceDescribeDeviceData": {"dialog": 2},
    }


async def test_nothing_sent_is_nothing_counted(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Without a connection no quota is used; a request that was cut off may use some."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, LAMP)
    cloud.emulator.faults.append(Fault(drop=True))
    with pytest.raises(HomeAssistantError):
        await press(hass, "LAMP202611/desk-lamp/blink")
    await cloud.emulator.stop()
    with pytest.raises(HomeAssistantError):
        await press(hass, "LAMP202611/desk-lamp/blink")
    assert today(hass, "LAMP202611")["ServiceCallDeviceActionAsync"] == {"button": 1}


async def test_kept_over_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """Counts are written now and then, and a start goes on with them."""
    freezer.move_to("2026-11-25 20:00:00+00:00")
    counts = RequestCounts(hass)
    counts.count("P", "Call", Origin.POLL)
    await counts.async_load()
    for _ in range(2):
        counts.count("P", "Call", Origin.POLL)
    assert FILE not in hass_storage
    freezer.tick(timedelta(hours=2))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    day = dt_util.now().date().isoformat()
    assert hass_storage[FILE]["data"] == {day: {"P": {"Call": {"poll": 3}}}}

    again = RequestCounts(hass)
    again.count("P", "Call", Origin.POLL)
    await again.async_load()
    assert again.today == 4
    await again.async_remove()
    assert again.today == 0
    assert FILE not in hass_storage


async def test_a_month_is_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What is older than a month is let go."""
    counts = RequestCounts(hass)
    for _ in range(40):
        counts.count("P", "Call", Origin.POLL)
        freezer.tick(timedelta(days=1))
    days = list(counts.of_product("P"))
    assert len(days) == 31
    assert days == sorted(days)
    assert counts.today == 0


@pytest.mark.parametrize(
    "data", [[], {"day": 5}, {"day": {"P": {"Call": {"poll": "x"}}}}]
)
async def test_file_that_makes_no_sense(
    hass: HomeAssistant, hass_storage: dict[str, Any], data: Any
) -> None:
    """Counting begins anew."""
    hass_storage[FILE] = {"version": 1, "minor_version": 1, "key": FILE, "data": data}
    counts = RequestCounts(hass)
    await counts.async_load()
    assert counts.today == 0
