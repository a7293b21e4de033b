"""More entities than Home Assistant holds: what comes first, and what is said of the rest.

A device of the product here has six: its connectivity, the button `clean`, the button
`feed` with the input `note`, the event, and the last action.
"""

import asyncio
from collections import Counter
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_DEVICES
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .entities import add_product, change_template, find, registered
from .helpers import Cloud, ItemClock, device_id, poll, product, refresh, set_up
from .test_diagnostics import of_entry
from .test_gone_actions import answer, fix
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.setup import budget as entity_budget
from emulator import EmulatedDevice
from emulator.products import action, parameter

BIG = product("BIG", all_devices=True, title="Big *one*")
NOTE = parameter("note", "Note", type="string", min="0", max="20")
FEED = action("feed", "Feed", [NOTE])
CLEAN = action("clean", "Clean")
KINDS = {
    "connectivity": ("binary_sensor", ""),
    "feed": ("button", "/feed"),
    "note": ("text", "/feed/note"),
    "clean": ("button", "/clean"),
    "outcome": ("event", ""),
    "last action": ("sensor", "/last_action"),
}
ALL = set(KINDS)
ENDED = ALL - {"last action"}


def enabled(
    hass: HomeAssistant, product_id: str = "BIG", devices: int = 10
) -> list[set[str]]:
    """Return what is enabled of each device; all of it is registered, and has a state."""
    found = []
    for number in range(1, devices + 1):
        own = set()
        for kind, (platform, key) in KINDS.items():
            entity = registered(hass, platform, f"{product_id}/device-{number}{key}")
            assert (hass.states.get(entity.entity_id) is None) is entity.disabled
            if not entity.disabled:
                own.add(kind)
        found.append(own)
    return found


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the repair issue about what was left out."""
    return ir.async_get(hass).async_get_issue(
        DOMAIN, f"entities_left_out_{entry.entry_id}"
    )


def words(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    """Return what the repair issue names."""
    found = issue(hass, entry)
    assert found
    assert found.translation_placeholders
    return found.translation_placeholders


def limit(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let this integration enable fewer than it does."""
    monkeypatch.setattr(entity_budget, "MOST_ENABLED", most)


async def set_up_ten(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, most: int
) -> MockConfigEntry:
    """Set up ten devices with sixty entities where there is room for fewer."""
    limit(monkeypatch, most)
    add_product(cloud, "BIG", FEED, CLEAN, devices=10)
    return await set_up(hass, cloud, BIG)


def pick(hass: HomeAssistant, entry: MockConfigEntry, *numbers: int) -> None:
    """Choose devices of the only product, as its dialog does."""
    (subentry,) = entry.subentries.values()
    data = {
        **subentry.data,
        "all_devices": False,
        CONF_DEVICES: [f"device-{number}" for number in numbers],
    }
    hass.config_entries.async_update_subentry(entry, subentry, data=data)


BUTTONS = {"connectivity", "feed", "note", "clean"}
ONLINE = {"connectivity"}


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (60, [ALL] * 10),
        (59, [ALL] * 9 + [ENDED]),
        (50, [ENDED] * 10),
        (49, [ENDED] * 9 + [BUTTONS]),
        (40, [BUTTONS] * 10),
        (25, [BUTTONS] * 5 + [ONLINE] * 5),
        (24, [BUTTONS] * 4 + [ONLINE | {"feed", "note"}] + [ONLINE] * 5),
        # A button is not torn from its inputs, and what fits in after it is used.
        (23, [BUTTONS] * 4 + [ONLINE | {"clean"}] + [ONLINE] * 5),
        (3, [ONLINE] * 3 + [set()] * 7),
    ],
)
async def test_what_comes_first(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    expected: list[set[str]],
) -> None:
    """Each device is seen to be online before any has buttons, and so on; also later."""
    entry = await set_up_ten(hass, cloud, monkeypatch, most)
    assert enabled(hass) == expected
    for _ in range(2):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert enabled(hass) == expected
    # More room alone changes nothing for those that are registered.
    limit(monkeypatch, most + 5)
    await poll(hass)
    await refresh(hass)
    assert enabled(hass) == expected


async def test_repair(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One issue says how many of what were left out, as long as any are."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 25)
    for _ in range(2):
        found = issue(hass, entry)
        assert found
        assert (found.translation_key, found.is_fixable) == ("entities_left_out", False)
        assert words(hass, entry) == {
            "entry": "Home",
            "plain_entry": "Home",
            "enabled": "25",
            "most": "25",
            "count": "35",
            "room": "0",
            "products": "Big \\*one\\*: 35",
        }
        await hass.config_entries.async_unload(entry.entry_id)
        assert issue(hass, entry) is None
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    pick(hass, entry, 1)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert words(hass, entry)["count"] == "2"
    registry = er.async_get(hass)
    for kind in ("outcome", "last action"):
        platform, key = KINDS[kind]
        entity = registered(hass, platform, f"BIG/device-1{key}")
        registry.async_update_entity(entity.entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issue(hass, entry) is None
    assert enabled(hass, devices=1) == [ALL]


async def test_no_repair(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where all fits in there is nothing to say."""
    add_product(cloud, "BIG", FEED, action("_sys_reset", "Reset"), devices=60)
    entry = await set_up(hass, cloud, BIG)
    assert issue(hass, entry) is None
    assert registered(hass, "button", "BIG/device-1/_sys_reset").disabled
    diagnostics = await of_entry(hass, entry)
    assert diagnostics["entities"] == {
        "enabled": 300,
        "most_enabled": 9500,
        "left_out": 0,
    }


async def test_choice_of_a_person(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person enables stays; what a person disables makes room for what is new."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 40)
    registry = er.async_get(hass)
    event = registered(hass, "event", "BIG/device-1").entity_id
    registry.async_update_entity(event, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert enabled(hass) == [ENDED] + [BUTTONS] * 9
    assert words(hass, entry)["count"] == "19"
    devices = cloud.emulator.products["BIG"].devices
    devices["device-11"] = EmulatedDevice(name="device-11")
    await poll(hass)
    assert enabled(hass, devices=11) == [ENDED] + [BUTTONS] * 9 + [set()]
    assert words(hass, entry)["count"] == "25"
    for number in range(1, 5):
        clean = registered(hass, "button", f"BIG/device-{number}/clean").entity_id
        registry.async_update_entity(clean, disabled_by=er.RegistryEntryDisabler.USER)
    devices["device-12"] = EmulatedDevice(name="device-12")
    await poll(hass)
    found = enabled(hass, devices=12)
    assert found[10:] == [set(), ONLINE | {"feed", "note"}]
    assert "clean" not in found[0]
    # Nobody misses what a person has disabled, or what belongs to a disabled device.
    assert words(hass, entry)["count"] == "28"
    dr.async_get(hass).async_update_device(
        device_id(hass, entry, "device-11"), disabled_by=dr.DeviceEntryDisabler.USER
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert words(hass, entry)["count"] == "22"
    limit(monkeypatch, 100)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await answer(
        hass, await fix(hass, f"entities_left_out_{entry.entry_id}"), {}
    )
    assert flow["type"] == "create_entry"
    found = enabled(hass, devices=12)
    assert found == [ALL - {"clean"}] * 4 + [ALL] * 6 + [set(), ALL]


async def test_room_is_given_by_a_repair(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When devices went, a person can let what fits in be enabled."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 25)
    pick(hass, entry, 5, 6, 7, 8, 9)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = issue(hass, entry)
    assert found
    assert (found.translation_key, found.is_fixable) == ("entities_fit", True)
    assert words(hass, entry)["room"] == "17"
    limit(monkeypatch, 22)
    flow = await fix(hass, found.issue_id)
    assert flow["description_placeholders"]["count"] == "22"
    assert flow["description_placeholders"]["room"] == "14"
    flow = await answer(hass, flow, {})
    assert flow["reason"] == "not_all"
    assert flow["description_placeholders"]["count"] == "8"
    found_enabled = [
        {
            kind
            for kind, (platform, key) in KINDS.items()
            if not registered(hass, platform, f"BIG/device-{number}{key}").disabled
        }
        for number in range(5, 10)
    ]
    assert found_enabled == [ENDED, ENDED, BUTTONS, BUTTONS, BUTTONS]
    assert hass.states.get(registered(hass, "button", "BIG/device-9/clean").entity_id)
    assert words(hass, entry)["count"] == "8"
    limit(monkeypatch, 60)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await answer(hass, await fix(hass, found.issue_id), {})
    assert flow["type"] == "create_entry"
    assert issue(hass, entry) is None


async def test_repair_that_does_nothing(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing fits in, is left out or loaded, that is what is said."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 40)
    found = issue(hass, entry)
    assert found
    for _ in range(2):
        limit(monkeypatch, 41)
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        flow = await fix(hass, found.issue_id)
        limit(monkeypatch, 40)
        assert (await answer(hass, flow, {}))["reason"] == "no_room"
    limit(monkeypatch, 41)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await fix(hass, found.issue_id)
    registry = er.async_get(hass)
    for number in range(1, 11):
        for kind in ("outcome", "last action"):
            platform, key = KINDS[kind]
            entity = registered(hass, platform, f"BIG/device-{number}{key}")
            registry.async_update_entity(entity.entity_id, disabled_by=None)
    assert (await answer(hass, flow, {}))["reason"] == "nothing_left_out"
    flow = await fix(hass, found.issue_id)
    assert flow["reason"] == "nothing_left_out"
    await hass.config_entries.async_unload(entry.entry_id)
    ir.async_create_issue(
        hass,
        DOMAIN,
        found.issue_id,
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="entities_fit",
        data={"entry_id": entry.entry_id},
    )
    assert (await fix(hass, found.issue_id))["reason"] == "not_loaded"


@pytest.mark.parametrize("at_once", [True, False])
async def test_products_share(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """All products of an application share the room; what came first keeps its own."""
    limit(monkeypatch, 26 if at_once else 31)
    add_product(cloud, "BIG", FEED, CLEAN, devices=5)
    add_product(cloud, "TWO", FEED, CLEAN, devices=5)
    names = [f"device-{number}" for number in range(1, 6)]
    big, two = product("BIG", names, title="Big"), product("TWO", names, title="Two")
    entry = await set_up(hass, cloud, big, *([two] if at_once else []))
    if not at_once:
        assert enabled(hass, devices=5) == [ALL] * 5
        assert issue(hass, entry) is None
        hass.config_entries.async_add_subentry(
            entry, ConfigSubentry(**{**two, "data": two["data"]})
        )
        await hass.async_block_till_done(wait_background_tasks=True)
        assert enabled(hass, devices=5) == [ALL] * 5
        assert enabled(hass, "TWO", 5) == [ONLINE] + [set()] * 4
        assert words(hass, entry)["products"] == "Two: 29"
        return
    assert enabled(hass, devices=5) == [BUTTONS] * 5
    assert enabled(hass, "TWO", 5) == [ONLINE | {"clean"}] + [ONLINE] * 4
    assert words(hass, entry)["products"] == "Big: 10, Two: 24"
    diagnostics = await of_entry(hass, entry)
    assert diagnostics["entities"] == {
        "enabled": 26,
        "most_enabled": 26,
        "left_out": 34,
    }
    assert [item["entities_left_out"] for item in diagnostics["products"]] == [10, 24]
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert words(hass, entry)["products"] == "Two: 24"
    devices = cloud.emulator.products["TWO"].devices
    devices["device-6"] = EmulatedDevice(name="device-6")
    (subentry,) = entry.subentries.values()
    data = {**subentry.data, CONF_DEVICES: [*names, "device-6"]}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert enabled(hass, "TWO", 6)[5] == ALL
    assert words(hass, entry)["products"] == "Two: 24"


async def test_new_input(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new input follows its button: none is enabled for one that was left out."""
    limit(monkeypatch, 4)
    add_product(cloud, "BIG", FEED, devices=2)
    entry = await set_up(hass, cloud, BIG)
    assert words(hass, entry)["count"] == "6"
    more = parameter("more", "More", type="string", min="0", max="20")
    limit(monkeypatch, 40)
    change_template(cloud, "BIG", action("feed", "Feed", [NOTE, more]))
    cloud.emulator.products["BIG"].update_time += 1
    await refresh(hass)
    assert not registered(hass, "text", "BIG/device-1/feed/more").disabled
    assert registered(hass, "text", "BIG/device-2/feed/more").disabled
    assert words(hass, entry)["count"] == "7"


async def test_new_entities_are_not_wanted(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wants new entities disabled does not read that there is no room for them."""
    limit(monkeypatch, 1)
    add_product(cloud, "BIG", FEED, CLEAN, devices=3)
    entry = await set_up(hass, cloud)
    hass.config_entries.async_update_entry(entry, pref_disable_new_entities=True)
    hass.config_entries.async_add_subentry(entry, ConfigSubentry(**BIG))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert enabled(hass, devices=3) == [set()] * 3
    assert issue(hass, entry) is None


async def test_device_that_comes_back(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A device that went and comes back finds the room that it left, or none."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 25)
    devices = cloud.emulator.products["BIG"].devices
    gone = devices.pop("device-1")
    for _ in range(2):
        await poll(hass)
    assert find(hass, "button", "BIG/device-1/clean") is None
    assert words(hass, entry)["room"] == "4"
    devices["device-1"] = gone
    await poll(hass)
    assert enabled(hass) == [BUTTONS] * 5 + [ONLINE] * 5
    total = Counter(
        entity.disabled_by
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    )
    assert total == {None: 25, er.RegistryEntryDisabler.INTEGRATION: 35}


async def test_action_that_is_gone(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left out of an action that is gone nobody can enable, so nobody misses it."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 25)
    change_template(cloud, "BIG", CLEAN)
    cloud.emulator.products["BIG"].update_time += 1
    await refresh(hass)
    assert words(hass, entry)["count"] == "25"
    limit(monkeypatch, 100)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await answer(
        hass, await fix(hass, f"entities_left_out_{entry.entry_id}"), {}
    )
    assert flow["type"] == "create_entry"
    assert issue(hass, entry) is None
    change_template(cloud, "BIG", FEED, CLEAN)
    cloud.emulator.products["BIG"].update_time += 1
    await refresh(hass)
    assert words(hass, entry)["count"] == "10"


async def test_repair_in_two_dialogs(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who confirms while another does does not read that nothing fits in."""
    entry = await set_up_ten(hass, cloud, monkeypatch, 25)
    limit(monkeypatch, 60)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    flows = [await fix(hass, f"entities_left_out_{entry.entry_id}") for _ in range(2)]
    answers = await asyncio.gather(*(answer(hass, flow, {}) for flow in flows))
    assert [item["type"] for item in answers] == ["create_entry"] * 2
    assert enabled(hass) == [ALL] * 10


@pytest.mark.parametrize("is_other_kind", [True, False])
async def test_new_input_of_enabled_button(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    is_other_kind: bool,
) -> None:
    """A button that is enabled keeps what it needs, until Home Assistant holds no more."""
    add_product(cloud, "BIG", FEED, devices=3)
    entry = await set_up(hass, cloud, BIG)
    limit(monkeypatch, 5)
    kept = 12 if is_other_kind else 15
    monkeypatch.setattr(entity_budget, "MOST_POSSIBLE", kept + 2)
    number = "note" if is_other_kind else "more"
    inputs = [parameter(number, "Number", type="int", min="0", max="20")]
    if not is_other_kind:
        inputs.insert(0, NOTE)
    change_template(cloud, "BIG", action("feed", "Feed", inputs), CLEAN)
    cloud.emulator.products["BIG"].update_time += 1
    await refresh(hass)
    assert [
        registered(hass, "number", f"BIG/device-{device}/feed/{number}").disabled
        for device in range(1, 4)
    ] == [False, False, True]
    assert registered(hass, "button", "BIG/device-1/clean").disabled
    assert words(hass, entry)["enabled"] == str(kept + 2)
    assert words(hass, entry)["count"] == "4"


async def test_unloaded_while_entities_are_counted(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    item_clock: ItemClock,
) -> None:
    """Nothing is said of an application that is unloaded before all are counted."""
    limit(monkeypatch, 20)
    add_product(cloud, "BIG", FEED, CLEAN, devices=10)
    entry = await set_up(hass, cloud, BIG)
    assert issue(hass, entry)
    item_clock.items = 1
    is_left_out = entity_budget.is_left_out
    unloading: list[asyncio.Task[bool]] = []

    def unload(entity: er.RegistryEntry) -> bool:
        """Unload the application with the first one that is counted."""
        if not unloading:
            unload = hass.config_entries.async_unload(entry.entry_id)
            unloading.append(hass.async_create_task(unload, eager_start=False))
        return is_left_out(entity)

    monkeypatch.setattr(entity_budget, "is_left_out", unload)
    hass.config_entries.async_update_entry(entry, title="Another")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await unloading[0]
    assert issue(hass, entry) is None


@pytest.mark.parametrize("turns", [1, 30, 70])
async def test_unloaded_while_a_repair_counts(
    hass: HomeAssistant,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    item_clock: ItemClock,
    turns: int,
) -> None:
    """A repair whose application is unloaded meanwhile says so, whatever it has done."""
    limit(monkeypatch, 20)
    add_product(cloud, "BIG", FEED, CLEAN, devices=10)
    entry = await set_up(hass, cloud, BIG)
    limit(monkeypatch, 30)
    hass.config_entries.async_update_entry(entry, title="Another")
    await hass.async_block_till_done(wait_background_tasks=True)
    flow = await fix(hass, f"entities_left_out_{entry.entry_id}")
    item_clock.items = 1
    answering = hass.async_create_task(answer(hass, flow, {}))
    for _ in range(turns):
        await asyncio.sleep(0)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert (await answering)["reason"] == "not_loaded"
