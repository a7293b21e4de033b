"""A quota that is used up, or a bill that nobody paid."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .entities import press
from .helpers import LAMP, Cloud, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault

ISOLATED = "UnsupportedOperation.InstanceIsolated"
ISSUE = "product_LAMP202611"


async def pass_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, minutes: int
) -> None:
    """Let the time pass minute by minute, as clocks do."""
    for _ in range(minutes):
        freezer.tick(timedelta(minutes=1, seconds=1))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)


async def test_polling_slows_down(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """The cloud is asked hourly, a repair issue says so, and both go when it is over."""
    cloud.expect(ISOLATED)
    await set_up(hass, cloud, LAMP)
    await pass_minutes(hass, freezer, 5)
    usual = len(cloud.emulator.journal)
    assert usual >= 6
    cloud.emulator.choose_fault = lambda _: Fault(code=ISOLATED, message="请续费")
    await pass_minutes(hass, freezer, 2)
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert issue
    assert issue.translation_key == "quota_exceeded"
    assert issue.translation_placeholders
    assert issue.translation_placeholders["code"] == ISOLATED
    asked = len(cloud.emulator.journal)
    await pass_minutes(hass, freezer, 55)
    assert len(cloud.emulator.journal) - asked <= 1
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, "LAMP202611/desk-lamp/blink")
    assert raised.value.translation_key == "quota_exceeded"
    assert hass.config_entries.flow.async_progress() == []

    cloud.emulator.choose_fault = None
    await pass_minutes(hass, freezer, 62)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    asked = len(cloud.emulator.journal)
    await pass_minutes(hass, freezer, 5)
    assert len(cloud.emulator.journal) - asked >= 4
