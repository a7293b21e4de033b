"""What concerns many entities is done in slices of time, and survives what happens between."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
import json
import logging
from types import SimpleNamespace
from typing import Any
from weakref import finalize

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .entities import add_product, change_template, find, state_of
from .helpers import Cloud, ItemClock, device_id, poll, product, refresh, set_up
from .test_diagnostics import of_entry
from .test_gone_actions import answer, fix
from .test_gone_devices import issues, names
from custom_components.tencent_iot_explorer import (
    async_remove_config_entry_device,
    time_slices,
)
from custom_components.tencent_iot_explorer.api.models import ModelDefinition
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.entity import TencentIotEntity
from custom_components.tencent_iot_explorer.product.store import TEMPLATE_STORE
from custom_components.tencent_iot_explorer.setup import budget
from custom_components.tencent_iot_explorer.time_slices import async_in_slices
from emulator import Fault
from emulator.products import action, parameter, template

DEVICES = 200
# Of a kind between two returns to the event loop: each item takes a fifth of a slice, and
# up to two of a kind may follow from it.
MOST_AT_ONCE = 12
NOTE = parameter("note", "Note", type="string", min="0", max="20")
ACTIONS = (action("clean", "Clean"), action("feed", "Feed", [NOTE]))
WATCHED = (
    EVENT_STATE_CHANGED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
)

pytestmark = pytest.mark.usefixtures("slow_items")

type Change = Callable[[HomeAssistant, Cloud, MockConfigEntry], Awaitable[None]]


@pytest.fixture
def slow_items(item_clock: ItemClock) -> None:
    """Let each item take a fifth of a slice."""
    item_clock.items = 5


class Turns:
    """How much happens of each kind between two returns to the event loop."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Count from now on."""
        self._hass = hass
        self._turn = 0
        self.counts: Counter[tuple[str, int]] = Counter()
        for event_type in WATCHED:
            hass.bus.async_listen(event_type, self._count)
        self._next()

    @callback
    def _next(self) -> None:
        """Begin another turn of the event loop."""
        self._turn += 1
        self._hass.loop.call_soon(self._next)

    @callback
    def count(self, kind: str) -> None:
        """Count something in this turn."""
        self.counts[kind, self._turn] += 1

    @callback
    def _count(self, event: Event[Any]) -> None:
        """Count what happens in this turn, entities by their platform."""
        platform = event.data.get("entity_id", "").partition(".")[0]
        self.count(f"{event.event_type} {platform}")

    def of_kind(self, kind: str) -> int:
        """Return how often something happened in all."""
        return sum(count for (name, _), count in self.counts.items() if kind in name)


async def refresh_template(hass: HomeAssistant, cloud: Cloud, *actions: Any) -> None:
    """Let the data template be another one, and be read."""
    change_template(cloud, "BIG", *actions)
    cloud.emulator.products["BIG"].update_time += 1
    await refresh(hass)


def change_settings(
    hass: HomeAssistant, entry: MockConfigEntry, **changes: Any
) -> None:
    """Change the settings of the only product, as its dialog does."""
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, **changes}
    )


async def action_goes(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let an action go, and confirm that."""
    await refresh_template(hass, cloud, ACTIONS[1])
    await answer(hass, await fix(hass, "declarations_gone_BIG"), {})
    assert find(hass, "button", "BIG/device-1/clean") is None


async def input_becomes_another(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let an input become a number."""
    number = parameter("note", "Note", type="int", min="0", max="20", start="")
    await refresh_template(hass, cloud, ACTIONS[0], action("feed", "Feed", [number]))
    assert find(hass, "text", "BIG/device-1/feed/note") is None
    assert find(hass, "number", "BIG/device-1/feed/note")


async def devices_go(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Let half of the devices go, and confirm that."""
    await lose_half(hass, cloud)
    await answer(hass, await fix(hass, "devices_gone_BIG"), {})
    assert len(names(hass, entry)) == DEVICES // 2


async def lose_half(hass: HomeAssistant, cloud: Cloud) -> None:
    """Let half of the devices go."""
    devices = cloud.emulator.products["BIG"].devices
    for name in list(devices)[: DEVICES // 2]:
        del devices[name]
    for _ in range(2):
        await poll(hass)


async def devices_are_picked(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let a person choose a few of all devices."""
    change_settings(hass, entry, all_devices=False, devices=["device-1", "device-9"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert names(hass, entry) == {"device-1", "device-9"}


async def picked_devices_go(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let many devices go that a person has picked; each is asked about."""
    everyone = [f"device-{number}" for number in range(1, DEVICES + 1)]
    change_settings(hass, entry, all_devices=False, devices=everyone)
    await hass.async_block_till_done(wait_background_tasks=True)
    await lose_half(hass, cloud)
    assert len(issues(hass)) == DEVICES // 2


async def product_is_renamed(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let a person call the product something else."""
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(entry, subentry, title="Another")
    await hass.async_block_till_done(wait_background_tasks=True)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert {device.model for device in devices} == {"Another"}


async def cloud_is_away(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Let the cloud be away for a poll."""
    cloud.emulator.faults.append(Fault(call="GetDeviceList", times=9, status=503))
    await poll(hass)
    cloud.emulator.faults.clear()
    states = hass.states.async_all("binary_sensor")
    assert {state.state for state in states} == {"unavailable"}
    await poll(hass)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (action_goes, "entity_registry_updated button"),
        (input_becomes_another, "entity_registry_updated text"),
        (devices_go, "device_registry_updated"),
        (devices_are_picked, "device_registry_updated"),
        (picked_devices_go, "repairs_issue_registry_updated"),
        (product_is_renamed, "device_registry_updated"),
        (cloud_is_away, "state_changed binary_sensor"),
    ],
)
async def test_return_to_the_loop(
    hass: HomeAssistant, cloud: Cloud, change: Change, kind: str
) -> None:
    """Between few of a kind and the next, others have their turn."""
    add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    added = Turns(hass)
    entry = await set_up(hass, cloud, product("BIG", all_devices=True))
    assert added.of_kind("state_changed button") == 2 * DEVICES
    assert max(added.counts.values()) <= MOST_AT_ONCE
    turns = Turns(hass)
    await change(hass, cloud, entry)
    assert turns.of_kind(kind) >= DEVICES // 2
    assert max(turns.counts.values()) <= MOST_AT_ONCE


async def test_no_room_for_many(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entities are made, left out, freed and counted a few at a time."""
    turns = Turns(hass)
    make, leave_out = TencentIotEntity.__init__, TencentIotEntity.leave_out
    is_left_out = budget.is_left_out

    def count_made(self: TencentIotEntity, *arguments: Any) -> None:
        """Count what is made, and when it is freed."""
        turns.count("made")
        finalize(self, turns.count, "freed")
        make(self, *arguments)

    def count_left_out(self: TencentIotEntity) -> None:
        """Count what is left out."""
        turns.count("left out")
        leave_out(self)

    def count_asked(entity: er.RegistryEntry) -> bool:
        """Count what is looked at for the repair issue."""
        turns.count("asked about")
        return is_left_out(entity)

    monkeypatch.setattr(TencentIotEntity, "__init__", count_made)
    monkeypatch.setattr(TencentIotEntity, "leave_out", count_left_out)
    monkeypatch.setattr(budget, "is_left_out", count_asked)
    monkeypatch.setattr(budget, "MOST_ENABLED", DEVICES)
    add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    entry = await set_up(hass, cloud, product("BIG", all_devices=True))
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    disabled = len(entities) - DEVICES
    assert turns.of_kind("made") >= len(entities)
    for kind in ("left out", "freed", "asked about"):
        assert turns.of_kind(kind) >= disabled
    assert max(turns.counts.values()) <= MOST_AT_ONCE


async def test_work_at_the_same_time(hass: HomeAssistant) -> None:
    """Whatever goes on at the same time shares a slice, and each goes on in each turn."""
    turns = Turns(hass)

    async def work(name: str) -> None:
        """Work on many items."""
        async for _ in async_in_slices(hass, range(DEVICES)):
            turns.count("all")
            turns.count(name)

    names_of_all = [f"work {number}" for number in range(4)]
    await asyncio.gather(*map(work, names_of_all))
    assert turns.of_kind("all") == len(names_of_all) * DEVICES
    of_all = [count for (kind, _), count in turns.counts.items() if kind == "all"]
    assert max(of_all) < MOST_AT_ONCE
    first, *others = (
        {turn for kind, turn in turns.counts if kind == name} for name in names_of_all
    )
    for own in others:
        assert first - {min(first)} < own


async def test_each_item_counts(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the item with which a turn begins is part of its slice."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(time_slices, "monotonic", lambda: clock.now)
    turns = Turns(hass)
    async for _ in async_in_slices(hass, range(DEVICES)):
        turns.count("item")
        clock.now += 0.9 * time_slices.SLICE
    assert set(turns.counts.values()) == {2}


@callback
def at_the_first(
    hass: HomeAssistant,
    event_type: str,
    action_type: str,
    do: Callable[[], Coroutine[Any, Any, object]],
) -> None:
    """Do something as soon as a registry reports the first of many changes."""

    @callback
    def note(event: Event[Any]) -> None:
        """Do it once, after what is going on at this moment."""
        if event.data["action"] == action_type:
            remove()
            hass.loop.call_soon(hass.async_create_task, do())

    remove = hass.bus.async_listen(event_type, note)


async def test_unloaded_while_devices_are_removed(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """An application that is unloaded meanwhile ends that, and asks again later."""
    add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    entry = await set_up(hass, cloud, product("BIG", all_devices=True))
    await lose_half(hass, cloud)
    flow = await fix(hass, "devices_gone_BIG")
    at_the_first(
        hass,
        dr.EVENT_DEVICE_REGISTRY_UPDATED,
        "remove",
        partial(hass.config_entries.async_unload, entry.entry_id),
    )
    flow = await answer(hass, flow, {})
    assert flow["reason"] == "not_loaded"
    left = len(names(hass, entry))
    assert DEVICES // 2 < left < DEVICES
    assert issues(hass) == []
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(2):
        await poll(hass)
    assert len(names(hass, entry)) == left
    await answer(hass, await fix(hass, "devices_gone_BIG"), {})
    assert len(names(hass, entry)) == DEVICES // 2
    assert not [item for item in caplog.records if item.levelno >= logging.ERROR]


async def test_device_comes_back_while_others_are_removed(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A device that is seen again before it is its turn is not touched."""
    add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    entry = await set_up(hass, cloud, product("BIG", all_devices=True))
    await lose_half(hass, cloud)
    before = device_id(hass, entry, "device-100")
    (configured,) = entry.runtime_data.products.values()
    flow = await fix(hass, "devices_gone_BIG")

    async def come_back() -> None:
        """Let the device be seen, as a poll sees it."""
        configured.devices.watch.compare(["device-100"], is_complete=False)

    at_the_first(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED, "remove", come_back)
    await answer(hass, flow, {})
    assert device_id(hass, entry, "device-100") == before
    assert len(names(hass, entry)) == DEVICES // 2 + 1


async def test_action_comes_back_while_it_is_removed(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """An action that is in the data template again gets back what was removed."""
    add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    entry = await set_up(hass, cloud, product("BIG", all_devices=True))
    (configured,) = entry.runtime_data.products.values()
    await refresh_template(hass, cloud, ACTIONS[1])
    flow = await fix(hass, "declarations_gone_BIG")
    model = ModelDefinition(
        model_define=json.dumps(template("BIG", *ACTIONS)), update_time=9
    )
    removed: list[str] = []

    @callback
    def count(event: Event[Any]) -> None:
        """Count what is removed."""
        if event.data["action"] == "remove":
            removed.append(event.data["entity_id"])

    async def come_back() -> None:
        """Let the action be found again, as a refresh of the data template finds it."""
        store = hass.data[TEMPLATE_STORE]
        await store.async_update("BIG", model)
        configured.template.async_set_updated_data(store.templates["BIG"])

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, count)
    at_the_first(hass, er.EVENT_ENTITY_REGISTRY_UPDATED, "remove", come_back)
    flow = await answer(hass, flow, {})
    assert flow["reason"] == "declarations_back"
    assert 0 < len(removed) <= MOST_AT_ONCE
    for number in range(1, DEVICES + 1):
        assert state_of(hass, "button", f"BIG/device-{number}/clean").state == "unknown"
    assert hass.services.has_service(DOMAIN, "big_clean")
    assert issues(hass) == []


async def test_device_goes_while_others_come(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that a person deletes while many are added does not come back with them."""
    names_of_all = add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    entry = await set_up(hass, cloud)
    hass.config_entries.async_add_subentry(
        entry, ConfigSubentry(**product("BIG", names_of_all))
    )
    registry = dr.async_get(hass)
    created: list[str] = []

    @callback
    def note(event: Event[dr.EventDeviceRegistryUpdatedData]) -> None:
        """Note which devices come."""
        if event.data["action"] == "create":
            created.append(event.data["device_id"])

    hass.bus.async_listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, note)

    async def delete() -> None:
        """Delete the first device, whose button is not there yet."""
        device = registry.async_get(device_id(hass, entry, "device-1"))
        assert isinstance(device, dr.DeviceEntry)
        assert find(hass, "button", "BIG/device-1/clean") is None
        assert await async_remove_config_entry_device(hass, entry, device)
        registry.async_remove_device(device.id)

    at_the_first(hass, dr.EVENT_DEVICE_REGISTRY_UPDATED, "create", delete)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert names(hass, entry) == set(names_of_all) - {"device-1"}
    assert len(created) == DEVICES
    assert find(hass, "button", "BIG/device-1/clean") is None
    assert find(hass, "button", "BIG/device-2/clean")


@pytest.mark.parametrize("turns", [1, 30, 60])
async def test_unloaded_while_a_product_is_added(
    hass: HomeAssistant, cloud: Cloud, item_clock: ItemClock, turns: int
) -> None:
    """A product ends in silence if its application is unloaded before it is there."""
    item_clock.items = 1
    names_of_all = add_product(cloud, "BIG", *ACTIONS, devices=20)
    add_product(cloud, "OLD", *ACTIONS, devices=3)
    entry = await set_up(hass, cloud, product("OLD", all_devices=True))
    hass.config_entries.async_add_subentry(
        entry, ConfigSubentry(**product("BIG", names_of_all))
    )
    for _ in range(turns):
        await asyncio.sleep(0)
    assert find(hass, "button", "BIG/device-20/clean") is None
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == []
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "button", "BIG/device-20/clean").state == "unknown"


@pytest.mark.parametrize("turns", [1, 30])
async def test_unloaded_while_diagnostics_count(
    hass: HomeAssistant, cloud: Cloud, item_clock: ItemClock, turns: int
) -> None:
    """Diagnostics show what was there when a person asked for them."""
    names_of_all = add_product(cloud, "BIG", *ACTIONS, devices=20)
    entry = await set_up(hass, cloud, product("BIG", names_of_all))
    item_clock.items = 1
    diagnostics = hass.async_create_task(of_entry(hass, entry))
    for _ in range(turns):
        await asyncio.sleep(0)
    assert not diagnostics.done()
    assert await hass.config_entries.async_unload(entry.entry_id)
    (own,) = (await diagnostics)["products"]
    assert len(own["devices"]) == len(names_of_all)


async def test_product_is_removed_while_entities_are_added(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """A product that goes while its entities come leaves nothing behind."""
    names_of_all = add_product(cloud, "BIG", *ACTIONS, devices=DEVICES)
    entry = await set_up(hass, cloud)
    subentry = ConfigSubentry(**product("BIG", names_of_all))
    hass.config_entries.async_add_subentry(entry, subentry)

    async def remove() -> None:
        """Remove the product."""
        hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)

    at_the_first(hass, er.EVENT_ENTITY_REGISTRY_UPDATED, "create", remove)
    await hass.async_block_till_done(wait_background_tasks=True)
    registry = er.async_get(hass)
    assert er.async_entries_for_config_entry(registry, entry.entry_id) == []
    assert names(hass, entry) == set()
    assert issues(hass) == []
    assert not [item for item in caplog.records if item.levelno >= logging.ERROR]


async def test_unusable_actions(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """One line names a few of the actions that cannot be used, diagnostics all."""
    broken = [
        action(f"broken-{number:03}", "Broken", [{"id": "x"}, "x"])
        for number in range(900)
    ]
    add_product(cloud, "BIG", ACTIONS[0], *broken)
    entry = await set_up(hass, cloud, product("BIG", ["device-1"]))
    reason = "an input or output is no object"
    (line,) = [
        item.getMessage()
        for item in caplog.records
        if item.levelno >= logging.WARNING and "broken" in item.getMessage()
    ]
    assert line == (
        "Product BIG: 900 of its device actions are left out: "
        + "; ".join(f"broken-{number:03}, because {reason}" for number in range(5))
        + "; and 895 more, which diagnostics list"
    )
    (found,) = (await of_entry(hass, entry))["products"]
    assert found["actions_unusable"] == {item["id"]: reason for item in broken}
