"""Data templates that change: nothing goes before a person confirms it."""

from typing import Any

import pytest

from homeassistant.components.repairs import DOMAIN as REPAIRS_DOMAIN
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component

from .helpers import FEEDER, LAMP, Cloud, button, refresh, services, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, parameter

ISSUE = "declarations_gone_FEEDER2026"


def actions(cloud: Cloud, product_id: str = "FEEDER2026") -> list[dict[str, Any]]:
    """Return the actions of a product's data template, to be changed."""
    template = cloud.emulator.products[product_id].template
    assert isinstance(template, dict)
    return list(template["actions"])


def set_actions(cloud: Cloud, *changed: dict[str, Any]) -> None:
    """Change the feeder's data template."""
    product = cloud.emulator.products["FEEDER2026"]
    assert isinstance(product.template, dict)
    product.template = {**product.template, "actions": list(changed)}
    product.update_time += 1


async def fix(hass: HomeAssistant, issue_id: str) -> Any:
    """Open the question of a repair issue."""
    assert await async_setup_component(hass, REPAIRS_DOMAIN, {})
    manager = hass.data[REPAIRS_DOMAIN]["flow_manager"]
    return await manager.async_init(DOMAIN, data={"issue_id": issue_id})


async def answer(hass: HomeAssistant, flow: Any, data: dict[str, Any]) -> Any:
    """Answer the question of a repair issue."""
    manager = hass.data[REPAIRS_DOMAIN]["flow_manager"]
    result = await manager.async_configure(flow["flow_id"], data)
    await hass.async_block_till_done(wait_background_tasks=True)
    return result


async def test_new_action(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new action brings service, button and inputs without a restart."""
    await set_up(hass, cloud, FEEDER)
    new = action("dance", "跳舞", [parameter("turns", "圈数", type="int", start="2")])
    set_actions(cloud, *actions(cloud), new)
    await refresh(hass)
    assert hass.services.has_service(DOMAIN, "feeder2026_dance")
    entity_id = button(hass, "FEEDER2026/kitchen-feeder/dance")
    await hass.services.async_call(
        "button", "press", {"entity_id": entity_id}, blocking=True
    )
    assert cloud.executed == [("kitchen-feeder", "dance", {"turns": 2})]


async def test_nothing_changed(hass: HomeAssistant, cloud: Cloud) -> None:
    """A refresh that finds the same template registers nothing anew."""
    await set_up(hass, cloud, FEEDER)
    registered: list[str] = []
    hass.bus.async_listen(
        "service_registered", lambda event: registered.append(event.data["service"])
    )
    await refresh(hass)
    assert registered == []


async def test_action_goes_and_comes_back(hass: HomeAssistant, cloud: Cloud) -> None:
    """A gone action keeps its service, which raises, and its button, unavailable."""
    await set_up(hass, cloud, FEEDER)
    feed, *others = actions(cloud)
    entity_id = button(hass, "FEEDER2026/kitchen-feeder/feed")
    set_actions(cloud, *others)
    await refresh(hass)
    data = {"device_id": "FEEDER2026/kitchen-feeder"}
    for service, more in (
        ("feeder2026_feed", {}),
        ("call_action", {"action_id": "feed"}),
    ):
        with pytest.raises(HomeAssistantError) as raised:
            await hass.services.async_call(
                DOMAIN, service, {**data, **more}, blocking=True
            )
        assert raised.value.translation_key == "action_gone"
    state = hass.states.get(entity_id)
    assert state
    assert state.state == "unavailable"
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert issue
    assert issue.translation_placeholders == {
        "product": "宠物喂食器",
        "plain_product": "宠物喂食器",
        "actions": "喂食 \\(feed\\)",
        "properties": "–",
        "events": "–",
        "uses": "–",
    }
    set_actions(cloud, feed, *others)
    await refresh(hass)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    await hass.services.async_call(
        "button", "press", {"entity_id": entity_id}, blocking=True
    )
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 1})]


async def test_confirmed(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """Once confirmed, service and entities of a gone action go, and no others."""
    entry = await set_up(hass, cloud, FEEDER)
    before = services(hass)
    _, *others = actions(cloud)
    set_actions(cloud, *others)
    await refresh(hass)
    assert services(hass) == before
    flow = await fix(hass, ISSUE)
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"]["actions"] == "喂食 \\(feed\\)"
    result = await answer(hass, flow, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert services(hass) == before - {"feeder2026_feed"}
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    unique_ids = {entity.unique_id for entity in entities}
    assert "FEEDER2026/kitchen-feeder/cleanBowl" in unique_ids
    assert not [key for key in unique_ids if "/feed" in key]
    assert "gone" not in hass_storage[DOMAIN]["data"]["templates"]["FEEDER2026"]
    assert "FEEDER2026/feed" in hass_storage[DOMAIN]["data"]["service_names"]


async def test_all_actions_gone(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product that was emptied keeps all its services until that is confirmed."""
    entry = await set_up(hass, cloud, FEEDER)
    before = services(hass)
    set_actions(cloud)
    await refresh(hass)
    assert services(hass) == before
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert services(hass) == before
    state = hass.states.get(button(hass, "FEEDER2026/kitchen-feeder/feed"))
    assert state
    assert state.state == "unavailable"
    await answer(hass, await fix(hass, ISSUE), {})
    assert services(hass) == set()


async def test_action_that_cannot_be_parsed_any_more(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """An action that makes no sense any more is as gone as one that is not there."""
    await set_up(hass, cloud, FEEDER)
    feed, *others = actions(cloud)
    set_actions(cloud, {**feed, "input": ["nonsense"]}, *others)
    await refresh(hass)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert hass.services.has_service(DOMAIN, "feeder2026_feed")


async def test_unreadable_template_changes_nothing(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A template that cannot be read at all leaves everything as it was."""
    await set_up(hass, cloud, FEEDER)
    before = services(hass)
    cloud.emulator.products["FEEDER2026"].template = "nonsense"
    await refresh(hass)
    assert services(hass) == before
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "product_FEEDER2026")
    assert issue
    assert issue.translation_key == "invalid_data_template"
    state = hass.states.get(button(hass, "FEEDER2026/kitchen-feeder/feed"))
    assert state
    assert state.state == "unknown"


async def test_uses_are_named(hass: HomeAssistant, cloud: Cloud) -> None:
    """Automations and scripts that use a gone action are named, once all have started."""
    hass.set_state(CoreState.starting)
    await set_up(hass, cloud, FEEDER, LAMP)
    entity_id = button(hass, "FEEDER2026/kitchen-feeder/feed")
    feed = {
        "action": "tencent_iot_explorer.feeder2026_feed",
        "data": {"device_id": "FEEDER2026/kitchen-feeder"},
    }
    press = {"action": "button.press", "target": {"entity_id": entity_id}}
    other = {"action": "tencent_iot_explorer.feeder2026_clean_bowl", "data": {}}
    trigger = {"trigger": "event", "event_type": "never"}
    _, *others = actions(cloud)
    set_actions(cloud, *others)
    await refresh(hass)
    automations = [
        {
            "alias": "By service",
            "triggers": [trigger],
            "actions": [{"if": [], "then": [feed]}],
        },
        {"alias": "By button", "triggers": [trigger], "actions": [press]},
        {"alias": "Other", "triggers": [trigger], "actions": [other]},
    ]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    scripts = {"feed": {"sequence": [feed]}, "other": {"sequence": [other]}}
    assert await async_setup_component(hass, "script", {"script": scripts})
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["uses"] == (
        "By button, By service, [feed](/config/script/edit/feed)"
    )


async def test_question_while_not_loaded(hass: HomeAssistant, cloud: Cloud) -> None:
    """A question that is answered after the application was unloaded does nothing."""
    entry = await set_up(hass, cloud, FEEDER)
    set_actions(cloud)
    await refresh(hass)
    assert await async_setup_component(hass, REPAIRS_DOMAIN, {})
    await hass.config_entries.async_unload(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE) is None
    await hass.config_entries.async_setup(entry.entry_id)
    assert ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]


@pytest.mark.parametrize(
    ("before", "after"),
    [("feed", "Feed"), ("feed1", "feed_1")],
)
async def test_ids_of_any_kind(
    hass: HomeAssistant, cloud: Cloud, before: str, after: str
) -> None:
    """Ids are compared byte for byte: another case is another action."""
    set_actions(cloud, action(before, "Any"))
    await set_up(hass, cloud, FEEDER)
    set_actions(cloud, action(after, "Any"))
    await refresh(hass)
    assert len(services(hass)) == 2
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["actions"] == f"Any \\({before}\\)"
    for name, key in ((before, True), (after, False)):
        state = hass.states.get(button(hass, f"FEEDER2026/kitchen-feeder/{name}"))
        assert state
        assert (state.state == "unavailable") is key
