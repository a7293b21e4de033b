"""Products of earlier releases: whether they get properties and events is asked once."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir

from .entities import find
from .helpers import LIST, Cloud, poll, product, refresh, set_up
from .test_gone_actions import answer, fix
from .test_product_flow import answer as answer_dialog
from .test_property_settings import BLINK, LEVEL, RING, change_product, declare, stored
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.setup.properties_question import (
    async_ask_about_properties,
)
from emulator.products import event, property_, template

ISSUE = "properties_ODD"
SWITCH = property_("power_switch", "电源开关", "rw", type="bool")
CHILD_LOCK = property_("child_lock", "童锁", "rw", type="bool")
LONG_TEXT = property_("note", "Note", "rw", type="string")
NUMBER = property_("level", "Level", "rw", type="int", min="0", max="9")
LEVELS = "ODD/device-1/property:level"


def issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the question, if it is asked."""
    return ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)


def asked(hass: HomeAssistant) -> dict[str, str]:
    """Return what the question names."""
    found = issue(hass)
    assert found
    return found.translation_placeholders or {}


async def set_up_old(hass: HomeAssistant, cloud: Cloud) -> Any:
    """Set up the product as an earlier release has stored it."""
    odd = product("ODD", all_devices=True, title="*Odd*", use_properties=None)
    return await set_up(hass, cloud, odd)


def change_declared(cloud: Cloud, **declared: Any) -> None:
    """Let the data template declare something else."""
    odd = cloud.emulator.products["ODD"]
    odd.template = template("ODD", BLINK, **declared)
    odd.update_time += 1


async def test_asked_once(hass: HomeAssistant, cloud: Cloud) -> None:
    """The question names what would come and what it costs; until then nothing is there."""
    alert = event("low", "Low", "alert")
    properties = [NUMBER, SWITCH, CHILD_LOCK, LONG_TEXT]
    declare(cloud, BLINK, properties=properties, events=[RING, alert], devices=3)
    entry = await set_up_old(hass, cloud)
    assert asked(hass) == {
        "product": "\\*Odd\\*",
        "plain_product": "*Odd*",
        "devices": "3",
        "properties": "4",
        "events": "2",
        # A text without limits.
        "disabled": "1",
        # A switch that is a setting is not exposed.
        "exposed": "1",
        # Each minute a list, each hour the data template, and on top of that each minute
        # the properties, every two minutes two types of events.
        "requests_before": "1,464",
        "requests": "10,104",
        "interval": "60",
    }
    assert stored(entry).keys() == {
        "product_id",
        "all_devices",
        "devices",
        "timestamp_unit",
    }
    assert find(hass, "number", LEVELS) is None
    calls = {request.call for request in cloud.emulator.journal}
    assert not calls & {"DescribeDeviceData", "ListEventHistory"}


async def test_no_devices_yet(hass: HomeAssistant, cloud: Cloud) -> None:
    """The list is asked for each minute also while no device is on it."""
    declare(cloud, BLINK, properties=[NUMBER], devices=0)
    await set_up_old(hass, cloud)
    assert asked(hass)["devices"] == "0"
    assert asked(hass)["requests_before"] == asked(hass)["requests"] == "1,464"
    before = len(cloud.emulator.journal)
    await poll(hass)
    assert [item.call for item in cloud.emulator.journal[before:]] == [LIST]


@pytest.mark.parametrize(("chosen", "is_used"), [("use", True), ("leave", False)])
async def test_decided(
    hass: HomeAssistant, cloud: Cloud, chosen: str, is_used: bool
) -> None:
    """What is decided is stored and followed at once, and not asked again."""
    declare(cloud, BLINK, properties=[NUMBER])
    entry = await set_up_old(hass, cloud)
    flow = await fix(hass, ISSUE)
    assert (flow["type"], flow["step_id"]) == (FlowResultType.MENU, "init")
    assert flow["menu_options"] == ["use", "leave"]
    assert flow["description_placeholders"] == asked(hass)
    result = await answer(hass, flow, {"next_step_id": chosen})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert stored(entry)["use_properties"] is is_used
    assert (find(hass, "number", LEVELS) is not None) is is_used
    assert issue(hass) is None
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass) is None
    assert (find(hass, "number", LEVELS) is not None) is is_used


@pytest.mark.parametrize(
    "declared", [{}, {"properties": [property_("n", "N", type="array")]}]
)
async def test_nothing_to_decide(
    hass: HomeAssistant, cloud: Cloud, declared: dict[str, Any]
) -> None:
    """A product of which only actions become anything is not asked about."""
    declare(cloud, BLINK, **declared)
    await set_up_old(hass, cloud)
    assert issue(hass) is None


async def test_template_changes(hass: HomeAssistant, cloud: Cloud) -> None:
    """The question comes and goes with what the data template declares."""
    declare(cloud, BLINK)
    await set_up_old(hass, cloud)
    assert issue(hass) is None
    change_declared(cloud, events=[RING])
    await refresh(hass)
    assert asked(hass)["events"] == "1"
    change_declared(cloud, events=[RING], properties=[LEVEL])
    await refresh(hass)
    assert asked(hass)["properties"] == "1"
    change_declared(cloud)
    await refresh(hass)
    assert issue(hass) is None


async def test_product_that_is_removed(hass: HomeAssistant, cloud: Cloud) -> None:
    """The question goes with its product."""
    declare(cloud, BLINK, events=[RING])
    entry = await set_up_old(hass, cloud)
    assert issue(hass)
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass) is None


async def test_product_that_is_stopped_meanwhile(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Nothing is asked of a product that was stopped while it was looked at."""
    declare(cloud, BLINK, events=[RING])
    entry = await set_up_old(hass, cloud)
    (odd,) = entry.runtime_data.products.values()
    await hass.config_entries.async_unload(entry.entry_id)
    async_ask_about_properties(odd)
    assert issue(hass) is None


async def test_decided_in_the_dialog(hass: HomeAssistant, cloud: Cloud) -> None:
    """What the dialog of the product decides is asked no more, nor changed by an old page."""
    declare(cloud, BLINK, events=[RING])
    entry, dialog = await change_product(hass, cloud, use_properties=None)
    flow = await fix(hass, ISSUE)
    chosen = {"product_name": "Odd", "all_devices": True, "use_properties": False}
    await answer_dialog(hass, dialog, chosen)
    assert issue(hass) is None
    result = await answer(hass, flow, {"next_step_id": "use"})
    assert (result["type"], result["reason"]) == ("abort", "decided")
    assert stored(entry)["use_properties"] is False


async def test_question_of_a_product_that_is_gone(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A page that is still open ends in words."""
    declare(cloud, BLINK, events=[RING])
    entry = await set_up_old(hass, cloud)
    flow = await fix(hass, ISSUE)
    (subentry_id,) = entry.subentries
    hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    result = await answer(hass, flow, {"next_step_id": "use"})
    assert (result["type"], result["reason"]) == ("abort", "product_removed")


async def test_question_that_opens_too_late(hass: HomeAssistant, cloud: Cloud) -> None:
    """A page that opens when the entry is not loaded says so."""
    declare(cloud, BLINK, events=[RING])
    entry = await set_up_old(hass, cloud)
    found = issue(hass)
    assert found
    await hass.config_entries.async_unload(entry.entry_id)
    assert issue(hass) is None
    ir.async_create_issue(
        hass,
        DOMAIN,
        ISSUE,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="properties",
        translation_placeholders=found.translation_placeholders,
        data=found.data,
    )
    result = await fix(hass, ISSUE)
    assert (result["type"], result["reason"]) == ("abort", "not_loaded")
