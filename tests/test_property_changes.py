"""Data templates and settings that change, and what becomes of the entities of properties."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .entities import find, registered
from .helpers import Cloud, poll, refresh
from .property_entities import (
    DEVICE,
    ON_OFF,
    call,
    declare,
    device,
    read,
    record_states,
    report,
    set_up_with,
    shown,
    written,
)
from .test_gone_actions import answer, fix
from .test_property_lights import BRIGHTNESS, CONTROL, KELVIN, POSITION, POWER
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator.products import action, event, property_

ISSUE = "declarations_gone_ODD"
NUMBER = {"type": "int", "min": "0", "max": "100", "step": "1", "unit": "W"}
POWER_METER = property_("x", "功率", "r", **NUMBER)
OTHER = property_("other", "其他", **ON_OFF)


def unique_ids(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return platform and unique id of all entities of properties and events."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {
        f"{item.domain} {item.unique_id}"
        for item in entities
        if ":" in item.unique_id or item.domain in ("light", "cover")
    }


def issue(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the repair issue about what is gone."""
    return ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)


async def change(
    hass: HomeAssistant, cloud: Cloud, *properties: dict[str, Any], **more: Any
) -> None:
    """Let the data template be another one, and be read."""
    declare(cloud, *properties, **more)
    await refresh(hass)


async def test_unique_ids(hass: HomeAssistant, cloud: Cloud, all_enabled: None) -> None:
    """Unique ids tell properties from actions and inputs of the same ids."""
    specs = [{"id": "x", "name": "X", "dataType": {"type": "int"}}]
    entry = await set_up_with(
        hass,
        cloud,
        property_("x", "功率", "r", **NUMBER),
        property_("s", "S", type="struct", specs=specs),
        property_("light", "光照", "r", **NUMBER),
        POWER,
        BRIGHTNESS,
        CONTROL,
        actions=[action("x", "X"), action("light", "L"), action("cover", "C")],
    )
    assert unique_ids(hass, entry) == {
        "sensor ODD/device-1/property:x",
        "sensor ODD/device-1/property:s/x",
        "sensor ODD/device-1/property:light",
        "light ODD/device-1/light",
        "cover ODD/device-1/cover",
    }
    assert find(hass, "button", f"{DEVICE}/light")


async def test_new_property(hass: HomeAssistant, cloud: Cloud) -> None:
    """A new property has its entity without a restart, and is read."""
    await set_up_with(hass, cloud, OTHER)
    device(cloud).report(x=7)
    await change(hass, cloud, OTHER, POWER_METER)
    await poll(hass)
    assert shown(hass, "sensor").state == "7"


async def test_name_unit_and_labels(hass: HomeAssistant, cloud: Cloud) -> None:
    """What only reads otherwise now follows in place, without being away for a moment."""
    mode = {"type": "enum", "mapping": {"0": "一", "1": "二", "2": "三"}}
    await set_up_with(
        hass,
        cloud,
        POWER_METER,
        property_("mode", "模式", **mode),
        property_("level", "音量", **NUMBER | {"unit": "级"}),
        reported={"x": 5, "mode": 1, "level": 3},
    )
    before = shown(hass, "sensor").entity_id
    seen = async_capture_events(hass, EVENT_STATE_CHANGED)
    mode = {"type": "enum", "mapping": {"0": "一", "1": "两", "2": "三"}}
    await change(
        hass,
        cloud,
        property_("x", "总功率", "r", **NUMBER | {"unit": "kW"}),
        property_("mode", "模式", **mode),
        property_("level", "音量", **NUMBER | {"unit": "", "max": "20"}),
    )
    state = shown(hass, "sensor")
    assert state.entity_id == before
    assert state.name == "device-1 总功率"
    assert state.attributes["unit_of_measurement"] == "kW"
    assert state.attributes["device_class"] == "power"
    state = shown(hass, "select", "property:mode")
    assert (state.state, state.attributes["options"]) == ("两", ["一", "两", "三"])
    state = shown(hass, "number", "property:level")
    assert "unit_of_measurement" not in state.attributes
    assert state.attributes["max"] == 20
    assert {event.data["new_state"].state for event in seen} == {"两", "3", "5"}
    assert len(seen) == 3


@pytest.mark.parametrize("is_chosen", [False, True])
@pytest.mark.parametrize(
    ("now", "reported", "state", "unit"),
    [
        (NUMBER | {"unit": "V"}, 5, "5", "V"),
        (NUMBER | {"unit": "K"}, 300, "300", "K"),
        ({"type": "enum", "mapping": {"0": "一", "1": "二", "2": "三"}}, 1, "二", None),
        ({"type": "timestamp"}, 1795435200, "2026-11-23T12:00:00+00:00", None),
        ({"type": "string", "min": "0", "max": "9"}, "好", "好", None),
    ],
)
async def test_unit_that_was_shown_converted(
    hass: HomeAssistant,
    cloud: Cloud,
    now: dict[str, Any],
    reported: object,
    state: str,
    unit: str | None,
    is_chosen: bool,
) -> None:
    """A unit that was chosen for what was measured before is not shown for anything else."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    celsius = property_("x", "温度", "r", **NUMBER | {"unit": "℃"})
    await set_up_with(hass, cloud, celsius, reported={"x": 20})
    await read(hass)
    assert shown(hass, "sensor").state == "68.0"
    entity_id = shown(hass, "sensor").entity_id
    if is_chosen:
        er.async_get(hass).async_update_entity_options(
            entity_id, "sensor", {"unit_of_measurement": "K"}
        )
        await hass.async_block_till_done()
    await change(hass, cloud, property_("x", "温度", "r", **now))
    await report(hass, cloud, x=reported)
    assert (found := shown(hass, "sensor")).entity_id == entity_id
    assert found.state == state
    assert found.attributes.get("unit_of_measurement") == unit
    await change(hass, cloud, celsius)
    await report(hass, cloud, x=20)
    assert shown(hass, "sensor").state == ("293.15" if is_chosen else "68.0")


async def test_change_that_concerns_others(hass: HomeAssistant, cloud: Cloud) -> None:
    """Nothing is written of a property that the new data template declares as before."""
    await set_up_with(hass, cloud, POWER_METER, OTHER, reported={"x": 5})
    seen = record_states(hass)
    await change(
        hass, cloud, POWER_METER, OTHER, property_("y", "Y", **NUMBER | {"unit": ""})
    )
    new = registered(hass, "number", f"{DEVICE}/property:y").entity_id
    button_and_others = {registered(hass, "binary_sensor", DEVICE).entity_id}
    button_and_others.add(registered(hass, "event", DEVICE).entity_id)
    assert set(seen) - button_and_others == {new}


@pytest.mark.parametrize(
    ("declared", "platform"),
    [
        (property_("x", "功率", **ON_OFF), "switch"),
        (property_("x", "功率", "rw", type="string", max="20"), "text"),
        (property_("x", "功率上限", **NUMBER), "number"),
        (property_("x", "功率", type="array"), None),
        (property_("x", "Password", type="string", max="20"), None),
    ],
)
async def test_other_platform(
    hass: HomeAssistant,
    cloud: Cloud,
    declared: dict[str, Any],
    platform: str | None,
) -> None:
    """A property that became something else loses its old entity, unasked."""
    entry = await set_up_with(hass, cloud, POWER_METER)
    old = registered(hass, "sensor", f"{DEVICE}/property:x").entity_id
    await change(hass, cloud, declared)
    expected = {f"{platform} {DEVICE}/property:x"} if platform else set()
    assert unique_ids(hass, entry) == expected
    assert hass.states.get(old) is None
    assert issue(hass) is None


async def test_gone_and_back(hass: HomeAssistant, cloud: Cloud) -> None:
    """A property that is gone stays, unavailable, until it is back."""
    entry = await set_up_with(hass, cloud, POWER_METER, OTHER, reported={"x": 5})
    before = unique_ids(hass, entry)
    await change(hass, cloud, OTHER)
    assert unique_ids(hass, entry) == before
    assert shown(hass, "sensor").state == "unavailable"
    found = issue(hass)
    assert found
    assert found.translation_placeholders == {
        "product": "ODD",
        "plain_product": "ODD",
        "actions": "–",
        "properties": "功率 \\(x\\)",
        "events": "–",
        "uses": "–",
    }
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert unique_ids(hass, entry) == before
    assert shown(hass, "sensor").state == "unavailable"
    assert issue(hass)
    await change(hass, cloud, OTHER, POWER_METER)
    await poll(hass)
    assert shown(hass, "sensor").state == "5"
    assert issue(hass) is None


async def test_confirmed(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """Once confirmed, the entities of what is gone go, and no others."""
    await async_setup_component(hass, "homeassistant", {})
    entry = await set_up_with(
        hass,
        cloud,
        POWER_METER,
        OTHER,
        actions=[action("a", "A"), action("b", "B")],
        events=[event("e", "E"), event("f", "F")],
    )
    registry = er.async_get(hass)
    for key in ("e", "f"):
        registry.async_get_or_create(
            "event",
            DOMAIN,
            f"{DEVICE}/event:{key}",
            config_entry=entry,
            config_subentry_id=next(iter(entry.subentries)),
        )
    await change(
        hass, cloud, OTHER, actions=[action("b", "B")], events=[event("f", "F")]
    )
    flow = await fix(hass, ISSUE)
    assert flow["step_id"] == "confirm"
    words = flow["description_placeholders"]
    assert [words[key] for key in ("actions", "properties", "events")] == [
        "A \\(a\\)",
        "功率 \\(x\\)",
        "E \\(e\\)",
    ]
    result = await answer(hass, flow, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert issue(hass) is None
    assert unique_ids(hass, entry) == {
        f"switch {DEVICE}/property:other",
        f"event {DEVICE}/event:f",
    }
    assert find(hass, "button", f"{DEVICE}/a") is None
    assert find(hass, "button", f"{DEVICE}/b")
    assert "gone" not in hass_storage[DOMAIN]["data"]["templates"]["ODD"]


async def test_uses_are_named(hass: HomeAssistant, cloud: Cloud) -> None:
    """Automations and scripts that use the entity of what is gone are named."""
    await set_up_with(hass, cloud, POWER_METER, OTHER, POWER, BRIGHTNESS)
    trigger = {
        "trigger": "state",
        "entity_id": registered(hass, "sensor", f"{DEVICE}/property:x").entity_id,
    }
    dim = {
        "action": "light.turn_off",
        "target": {"entity_id": registered(hass, "light", f"{DEVICE}/light").entity_id},
    }
    automations = [{"alias": "Meter", "triggers": [trigger], "actions": []}]
    assert await async_setup_component(hass, "automation", {"automation": automations})
    scripts = {"dim": {"sequence": [dim]}}
    assert await async_setup_component(hass, "script", {"script": scripts})
    await change(hass, cloud, OTHER, POWER)
    found = issue(hass)
    assert found
    assert found.translation_placeholders
    assert found.translation_placeholders["uses"] == (
        "Meter, [dim](/config/script/edit/dim)"
    )
    assert found.translation_placeholders["properties"] == (
        "功率 \\(x\\), 亮度 \\(brightness\\)"
    )


async def test_gone_without_an_entity(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """Nobody is asked about what had no entity, and nothing of it is kept."""
    await set_up_with(hass, cloud, OTHER, property_("x", "X", type="array"))
    await change(hass, cloud, OTHER)
    assert issue(hass) is None
    assert "gone" not in hass_storage[DOMAIN]["data"]["templates"]["ODD"]


async def test_light_that_lost_a_part(hass: HomeAssistant, cloud: Cloud) -> None:
    """A light without its brightness stays until confirmed; its switch is one already."""
    entry = await set_up_with(hass, cloud, POWER, BRIGHTNESS)
    await change(hass, cloud, POWER)
    light, switch = f"light {DEVICE}/light", f"switch {DEVICE}/property:power_switch"
    assert unique_ids(hass, entry) == {light, switch}
    assert shown(hass, "light", "light").state == "unavailable"
    await answer(hass, await fix(hass, ISSUE), {})
    assert unique_ids(hass, entry) == {switch}
    assert issue(hass) is None


async def test_light_that_is_none_any_more(hass: HomeAssistant, cloud: Cloud) -> None:
    """A light whose parts are all there, but prove none any more, is replaced by them."""
    entry = await set_up_with(hass, cloud, POWER, BRIGHTNESS)
    await change(
        hass,
        cloud,
        POWER,
        BRIGHTNESS,
        property_("brightness_2", "夜间亮度", **NUMBER | {"unit": "%"}),
    )
    assert unique_ids(hass, entry) == {
        f"switch {DEVICE}/property:power_switch",
        f"number {DEVICE}/property:brightness",
        f"number {DEVICE}/property:brightness_2",
    }
    assert issue(hass) is None


async def test_light_with_another_part(hass: HomeAssistant, cloud: Cloud) -> None:
    """A light of more parts than before is the same light, and follows all of them."""
    entry = await set_up_with(
        hass, cloud, POWER, BRIGHTNESS, reported={"power_switch": 1}
    )
    before = shown(hass, "light", "light").entity_id
    await change(hass, cloud, POWER, BRIGHTNESS, KELVIN)
    assert unique_ids(hass, entry) == {f"light {DEVICE}/light"}
    assert shown(hass, "light", "light").entity_id == before
    device(cloud).report(kelvin=3000)
    await poll(hass)
    assert shown(hass, "light", "light").attributes["color_temp_kelvin"] == 3000
    await call(hass, "light.turn_on", "light", color_temp_kelvin=4000)
    assert written(cloud) == [{"power_switch": 1, "kelvin": 4000}]


async def test_use_is_turned_off_and_on(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who wants no properties any more has no entity of theirs, and nothing is read."""
    parts = (POWER_METER, POWER, BRIGHTNESS, CONTROL, POSITION, OTHER)
    entry = await set_up_with(hass, cloud, *parts, actions=[action("a", "A")])
    before = unique_ids(hass, entry)
    assert len(before) == 4
    (subentry,) = entry.subentries.values()
    for is_used in (False, True):
        data = {**subentry.data, "use_properties": is_used}
        hass.config_entries.async_update_subentry(entry, subentry, data=data)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert unique_ids(hass, entry) == (before if is_used else set())
        assert find(hass, "button", f"{DEVICE}/a")
        requests = len(cloud.emulator.journal)
        await poll(hass)
        calls = {item.call for item in cloud.emulator.journal[requests:]}
        assert ("DescribeDeviceData" in calls) is is_used
    assert issue(hass) is None


async def test_use_is_turned_off_with_a_question_open(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """Who wants no properties any more is not asked about those that are gone either."""
    entry = await set_up_with(hass, cloud, POWER_METER, POWER, BRIGHTNESS)
    await change(hass, cloud, POWER)
    assert len(unique_ids(hass, entry)) == 3
    assert issue(hass)
    (subentry,) = entry.subentries.values()
    data = {**subentry.data, "use_properties": False}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert unique_ids(hass, entry) == set()
    assert issue(hass) is None


async def test_sleeping_is_a_setting(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who says that devices sleep sees their last values at once."""
    entry = await set_up_with(hass, cloud, POWER_METER, reported={"x": 5})
    device(cloud).status = 0
    await poll(hass)
    assert shown(hass, "sensor").state == "unavailable"
    (subentry,) = entry.subentries.values()
    data = {**subentry.data, "sleeps": True}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, "sensor").state == "5"


@pytest.mark.parametrize("count", [50, 51])
async def test_settings_of_many_devices(
    hass: HomeAssistant, cloud: Cloud, count: int
) -> None:
    """With more than fifty devices what is only set now and then is disabled at first."""
    names = [f"device-{number}" for number in range(1, count + 1)]
    lock, speed = (
        property_("lock", "童锁", **ON_OFF),
        property_("speed", "速度", **NUMBER | {"unit": ""}),
    )
    await set_up_with(hass, cloud, lock, speed, names=names)
    assert registered(hass, "switch", f"{DEVICE}/property:lock").disabled is (
        count > 50
    )
    assert not registered(hass, "number", f"{DEVICE}/property:speed").disabled
    assert not registered(hass, "number", f"{DEVICE}/property:speed").entity_category
    assert (
        registered(hass, "switch", f"{DEVICE}/property:lock").entity_category
        == "config"
    )


async def test_all_platforms_of_one_product_are_removed_with_it(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A device that goes takes its entities along."""
    entry = await set_up_with(
        hass, cloud, POWER_METER, POWER, BRIGHTNESS, names=("device-1", "device-2")
    )
    (subentry,) = entry.subentries.values()
    data = {**subentry.data, "devices": ["device-2"]}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert unique_ids(hass, entry) == {
        "sensor ODD/device-2/property:x",
        "light ODD/device-2/light",
    }
    assert hass.states.async_entity_ids("light") == ["light.device_2_light"]
