"""Nothing is lost while something else is added, changed, renamed or removed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
import gc
from types import MappingProxyType, SimpleNamespace
import weakref

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant import config_entries
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util

from .entities import add_product, find, press, registered, restore, set_value, state_of
from .helpers import (
    ASYNC,
    DOMAIN,
    FEEDER,
    LAMP,
    LOCK,
    Cloud,
    device_id,
    held_reads,
    make_entry,
    poll,
    product,
    set_up,
    with_both_keys,
)
from custom_components.tencent_iot_explorer.actions import targets
from custom_components.tencent_iot_explorer.coordinator import UPDATE_INTERVAL
from emulator.products import action, parameter

PRESSED = "FEEDER2026/kitchen-feeder/cleanBowl"
AFTER_A_CHANGE = 10


@asynccontextmanager
async def pressing(hass: HomeAssistant, cloud: Cloud) -> AsyncIterator[None]:
    """Press a button again and again while something is changed, and some times after.

    Each press that Home Assistant answers with success must have been executed.
    """
    before = len(cloud.executed)
    pressed = 0
    is_changed = asyncio.Event()

    async def async_press() -> None:
        """Press as often as the cloud answers."""
        nonlocal pressed
        left = AFTER_A_CHANGE
        while left:
            await press(hass, PRESSED)
            pressed += 1
            left -= is_changed.is_set()

    # A task of its own, in which a change is met at any of its steps.
    task = asyncio.create_task(async_press())
    try:
        yield
    finally:
        is_changed.set()
        await task
    executed = cloud.executed[before:]
    assert executed == [("kitchen-feeder", "cleanBowl", {})] * pressed


def subentry(entry: MockConfigEntry, product_id: str) -> ConfigSubentry:
    """Return the subentry of a product."""
    return next(
        item for item in entry.subentries.values() if item.unique_id == product_id
    )


def change(
    hass: HomeAssistant, entry: MockConfigEntry, product_id: str, **changes: object
) -> None:
    """Change the settings of a product, as its dialog does."""
    item = subentry(entry, product_id)
    hass.config_entries.async_update_subentry(
        entry, item, data={**item.data, **changes}
    )


def add_subentry(
    hass: HomeAssistant, entry: MockConfigEntry, item: ConfigSubentryData
) -> None:
    """Add a product, as its dialog does."""
    hass.config_entries.async_add_subentry(
        entry, ConfigSubentry(**{**item, "data": MappingProxyType({**item["data"]})})
    )


async def add(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Add a product."""
    add_subentry(hass, entry, LOCK)


async def add_unknown(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Add a product that the cloud has no more."""
    cloud.expect("ResourceNotFound.StudioProductNotExist")
    del cloud.emulator.products["DOORLOCK01"]
    await add(hass, cloud, entry)


async def rename_product(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Rename another product."""
    hass.config_entries.async_update_subentry(
        entry, subentry(entry, "LAMP202611"), title="Lights"
    )


async def rename_own_product(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Rename the product itself."""
    hass.config_entries.async_update_subentry(
        entry, subentry(entry, "FEEDER2026"), title="Feeders"
    )


async def rename_entry(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Rename the application."""
    hass.config_entries.async_update_entry(entry, title="Home")


async def remove_product(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Remove another product."""
    hass.config_entries.async_remove_subentry(
        entry, subentry(entry, "LAMP202611").subentry_id
    )


async def unpick_device(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Pick one device less of the same product."""
    change(hass, entry, "FEEDER2026", devices=["kitchen-feeder"])


async def follow_all(hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry) -> None:
    """Follow all devices of the same product."""
    change(hass, entry, "FEEDER2026", all_devices=True, devices=[])


async def change_unit(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Change the unit of the same product's time stamps."""
    change(hass, entry, "FEEDER2026", timestamp_unit="seconds")


async def add_and_remove(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    """Remove a product that has just been added."""
    await add(hass, cloud, entry)
    hass.config_entries.async_remove_subentry(
        entry, subentry(entry, "DOORLOCK01").subentry_id
    )


@pytest.mark.parametrize(
    "what",
    [
        add,
        add_unknown,
        rename_product,
        rename_own_product,
        rename_entry,
        remove_product,
        unpick_device,
        follow_all,
        change_unit,
        add_and_remove,
    ],
    ids=lambda what: what.__name__,
)
async def test_no_press_is_lost(
    hass: HomeAssistant,
    cloud: Cloud,
    what: Callable[[HomeAssistant, Cloud, MockConfigEntry], Awaitable[None]],
) -> None:
    """Whatever is changed, each press in the meantime runs, also if the cloud hangs."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    with held_reads(cloud) as release:
        async with pressing(hass, cloud):
            await what(hass, cloud, entry)
        async with pressing(hass, cloud):
            release.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    names = {item.title for item in entry.subentries.values()}
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert {device.model for device in devices} == names


async def test_requests_of_a_further_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """A further product costs what it takes to read it, whatever else there is."""
    names = [f"P{number}" for number in range(12)]
    for name in names:
        add_product(cloud, name, action("go", "Go"))
    entry = await set_up(hass, cloud, *(product(name, ["device-1"]) for name in names))
    before = len(cloud.emulator.journal)
    await add(hass, cloud, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [
        (item.call, item.parameters["ProductId"])
        for item in cloud.emulator.journal[before:]
    ] == [
        ("DescribeModelDefinition", "DOORLOCK01"),
        ("DescribeDevice", "DOORLOCK01"),
    ]


@pytest.mark.parametrize(
    "what",
    [rename_product, rename_own_product, rename_entry, remove_product, change_unit],
    ids=lambda what: what.__name__,
)
async def test_changes_that_cost_no_request(
    hass: HomeAssistant,
    cloud: Cloud,
    what: Callable[[HomeAssistant, Cloud, MockConfigEntry], Awaitable[None]],
) -> None:
    """Names and settings are not the cloud's business."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    before = len(cloud.emulator.journal)
    await what(hass, cloud, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert cloud.emulator.journal[before:] == []


async def test_values_stay(hass: HomeAssistant, cloud: Cloud) -> None:
    """What is set for a press stays set, whatever changes around it."""
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    portions = "FEEDER2026/kitchen-feeder/feed/portions"
    await set_value(hass, "number", portions, 4)
    await rename_own_product(hass, cloud, entry)
    change(hass, entry, "FEEDER2026", devices=["kitchen-feeder"])
    await add(hass, cloud, entry)
    await remove_product(hass, cloud, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "number", portions).state == "4"
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    assert cloud.executed == [("kitchen-feeder", "feed", {"portions": 4})]


async def test_device_that_is_picked_again(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device that is un-picked and picked again is there as at first."""
    entry = await set_up(hass, cloud, FEEDER)
    both = ["kitchen-feeder", "balcony-feeder"]
    pressed = "FEEDER2026/balcony-feeder/cleanBowl"
    for names in (["kitchen-feeder"], both, ["balcony-feeder"], both):
        change(hass, entry, "FEEDER2026", devices=names)
        await hass.async_block_till_done(wait_background_tasks=True)
        there = "balcony-feeder" in names
        assert (find(hass, "button", pressed) is not None) is there
        assert (find(hass, "event", "FEEDER2026/balcony-feeder") is not None) is there
    assert (
        state_of(hass, "binary_sensor", "FEEDER2026/balcony-feeder").state
        != STATE_UNAVAILABLE
    )
    await press(hass, PRESSED)
    assert len(cloud.executed) == 1


async def test_product_that_is_added_again(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product that is removed while it is read, and added again, works."""
    entry = await set_up(hass, cloud, FEEDER)
    with held_reads(cloud) as release:
        for _ in range(3):
            await add_and_remove(hass, cloud, entry)
        await add(hass, cloud, entry)
        release.set()
        await hass.async_block_till_done(wait_background_tasks=True)
    await press(hass, "DOORLOCK01/front-door/ring")
    assert [name for name, _, _ in cloud.executed] == ["front-door"]


async def test_renamed_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """The new name stands at devices and at services at once."""
    entry = await set_up(hass, cloud, LAMP)
    await rename_product(hass, cloud, entry)
    await hass.async_block_till_done()
    device = dr.async_get(hass).async_get(device_id(hass, entry, "desk-lamp"))
    assert device
    assert device.model == "Lights"


async def test_entity_renamed_before_a_change(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    """An entity under another id is not added a second time."""
    entry = await set_up(hass, cloud, FEEDER)
    portions = registered(hass, "number", "FEEDER2026/kitchen-feeder/feed/portions")
    er.async_get(hass).async_update_entity(
        portions.entity_id, new_entity_id="number.portions"
    )
    await hass.async_block_till_done()
    change(hass, entry, "FEEDER2026", all_devices=True, devices=[])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "unique ID" not in caplog.text
    assert hass.states.get("number.portions")


async def test_input_renamed(hass: HomeAssistant, cloud: Cloud) -> None:
    """What somebody chose is sent and shown also while and after its entity is renamed."""
    await set_up(hass, cloud, FEEDER)
    unique_id = "FEEDER2026/kitchen-feeder/feed/portions"
    await set_value(hass, "number", unique_id, 4)
    pressed: list[asyncio.Task[None]] = []

    @callback
    def press_at_once(event: Event[EventStateChangedData]) -> None:
        """Press the button when the state of the input goes, and when it comes."""
        if event.data["entity_id"].startswith("number."):
            pressed.append(
                hass.async_create_task(press(hass, "FEEDER2026/kitchen-feeder/feed"))
            )

    remove = hass.bus.async_listen(EVENT_STATE_CHANGED, press_at_once)
    er.async_get(hass).async_update_entity(
        registered(hass, "number", unique_id).entity_id, new_entity_id="number.portions"
    )
    await hass.async_block_till_done()
    remove()
    await asyncio.gather(*pressed, return_exceptions=True)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    assert state_of(hass, "number", unique_id).state == "4"
    assert {inputs["portions"] for _, _, inputs in cloud.executed} == {4}
    assert pressed


async def test_inputs_come_before_their_buttons(
    hass: HomeAssistant, cloud: Cloud
) -> None:
    """A button that comes sends at once what its input showed before."""
    entry = await set_up(hass, cloud, FEEDER)
    add_product(
        cloud, "ODD", action("do", "Do", [parameter("x", "X", type="int", max="9")])
    )
    stored = {"value": 7, "is_chosen": True}
    restore(hass, "number", "ODD/device-1/do/x", "7", stored)

    @callback
    def press_at_once(event: Event[EventStateChangedData]) -> None:
        """Press a button that comes."""
        if event.data["entity_id"].startswith("button."):
            remove()
            hass.async_create_task(press(hass, "ODD/device-1/do"))

    remove = hass.bus.async_listen(EVENT_STATE_CHANGED, press_at_once)
    add_subentry(hass, entry, product("ODD", ["device-1"]))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert cloud.executed == [("device-1", "do", {"x": 7})]


async def test_start_asks_nothing_first(hass: HomeAssistant, cloud: Cloud) -> None:
    """With stored templates all entities are there before the cloud answers anything."""
    entry = await set_up(hass, cloud, FEEDER, product("LAMP202611", all_devices=True))
    before = {state.entity_id for state in hass.states.async_all()}
    assert await hass.config_entries.async_unload(entry.entry_id)
    asked = len(cloud.emulator.journal)
    answered: list[int] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        """Note how much was asked when an entity came."""
        answered.append(len(cloud.emulator.journal))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    with held_reads(cloud):
        assert await hass.config_entries.async_setup(entry.entry_id)
        assert {state.entity_id for state in hass.states.async_all()} == before
        assert set(answered) == {asked}
        await press(hass, PRESSED)
    assert len(cloud.executed) == 1


@pytest.mark.parametrize("is_enabled", [True, False], ids=["enabled", "by-hand"])
async def test_reload_asks_nothing_and_waits_for_nothing(
    hass: HomeAssistant, cloud: Cloud, is_enabled: bool
) -> None:
    """Home Assistant's own reloads are as short as can be, also while the cloud hangs.

    Between the first entity that goes and the last one that comes back there is no
    request, and what is under way is given up.
    """
    entry = await set_up(hass, cloud, FEEDER, LAMP)
    blink = registered(hass, "button", "LAMP202611/desk-lamp/blink").entity_id
    entities = {state.entity_id for state in hass.states.async_all()}
    registry = er.async_get(hass)
    registry.async_update_entity(blink, disabled_by=er.RegistryEntryDisabler.USER)
    asked: list[int] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        """Note how much was asked when an entity went or came."""
        asked.append(len(cloud.emulator.journal))

    with held_reads(cloud):
        if is_enabled:
            registry.async_update_entity(blink, disabled_by=None)
            hass.bus.async_listen(EVENT_STATE_CHANGED, note)
            delay = timedelta(seconds=config_entries.RELOAD_AFTER_UPDATE_DELAY)
            async_fire_time_changed(hass, dt_util.utcnow() + delay)
            await hass.async_block_till_done()
        else:
            # A poll that hangs.
            async_fire_time_changed(hass, dt_util.utcnow() + UPDATE_INTERVAL * 2)
            while cloud.emulator.at_once < 2:
                await asyncio.sleep(0)
            registry.async_update_entity(blink, disabled_by=None)
            hass.bus.async_listen(EVENT_STATE_CHANGED, note)
            assert await hass.config_entries.async_reload(entry.entry_id)
        assert len(asked) >= 2 * len(entities) - 1
        assert len(set(asked)) == 1
        assert {state.entity_id for state in hass.states.async_all()} == entities
        async with pressing(hass, cloud):
            pass


async def test_call_during_a_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """A service that is called during a reload waits for its end, then runs."""
    entry = await set_up(hass, cloud, FEEDER)
    async with entry.setup_lock:
        assert await hass.config_entries.async_unload(entry.entry_id, _lock=False)
        data = {"device_id": "FEEDER2026/kitchen-feeder"}
        call = hass.async_create_task(
            hass.services.async_call(DOMAIN, "feeder2026_clean_bowl", data, True)
        )
        await asyncio.sleep(0)
        assert await hass.config_entries.async_setup(entry.entry_id, _lock=False)
        assert cloud.executed == []
    await call
    assert cloud.executed == [("kitchen-feeder", "cleanBowl", {})]


async def test_call_during_a_long_reload(
    hass: HomeAssistant, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reload that takes longer than an action may wait is named as the reason."""
    monkeypatch.setattr(targets, "_RELOAD_SECONDS", 0)
    entry = await set_up(hass, cloud, FEEDER)
    async with entry.setup_lock:
        assert await hass.config_entries.async_unload(entry.entry_id, _lock=False)
        with pytest.raises(ServiceValidationError) as raised:
            await hass.services.async_call(
                DOMAIN,
                "feeder2026_clean_bowl",
                {"device_id": "FEEDER2026/kitchen-feeder"},
                blocking=True,
            )
    assert raised.value.translation_key == "being_reloaded"
    assert raised.value.translation_placeholders == {
        "device": "kitchen-feeder",
        "entry": "Home",
    }
    assert cloud.executed == []


async def test_first_device_of_all(hass: HomeAssistant, cloud: Cloud) -> None:
    """With all devices chosen and none there yet, the first one comes with a poll."""
    devices = cloud.emulator.products["LAMP202611"].devices
    first = devices.pop("desk-lamp")
    devices.clear()
    await set_up(hass, cloud, product("LAMP202611", all_devices=True))
    devices["desk-lamp"] = first
    await poll(hass)
    assert state_of(hass, "binary_sensor", "LAMP202611/desk-lamp").state == "on"
    await press(hass, "LAMP202611/desk-lamp/blink")


async def test_product_added_during_set_up(hass: HomeAssistant, cloud: Cloud) -> None:
    """A product that is added while the entry is being set up is not forgotten."""
    entry = make_entry(cloud, FEEDER)
    entry.add_to_hass(hass)
    with held_reads(cloud) as release:
        setting_up = hass.async_create_task(
            hass.config_entries.async_setup(entry.entry_id)
        )
        while not cloud.emulator.at_once:
            await asyncio.sleep(0)
        assert entry.state is ConfigEntryState.SETUP_IN_PROGRESS
        await add(hass, cloud, entry)
        release.set()
        assert await setting_up
        await hass.async_block_till_done(wait_background_tasks=True)
    await press(hass, "DOORLOCK01/front-door/ring")


@with_both_keys
async def test_key_is_changed(hass: HomeAssistant, cloud: Cloud) -> None:
    """Another key is used from then on, by a reload."""
    entry = await set_up(hass, cloud, FEEDER)
    other = cloud.add_key()
    hass.config_entries.async_update_entry(entry, data=entry.data | other)
    await hass.async_block_till_done(wait_background_tasks=True)
    await press(hass, PRESSED)
    assert {cloud.emulator.requests(ASYNC)[-1].credentials[0]} == set(other.values())


async def test_wait_counts_for_an_action(
    hass: HomeAssistant, cloud: Cloud, time_limits: SimpleNamespace
) -> None:
    """What was waited for a reload is not waited for a second time: nothing comes late."""
    time_limits.turn = 0.2
    entry = await set_up(hass, cloud, FEEDER)
    async with entry.setup_lock:
        assert await hass.config_entries.async_unload(entry.entry_id, _lock=False)
        data = {"device_id": "FEEDER2026/kitchen-feeder"}
        call = hass.async_create_task(
            hass.services.async_call(DOMAIN, "feeder2026_clean_bowl", data, True)
        )
        # As long as an action may wait: a slower machine waits longer still.
        await asyncio.sleep(0.2)
        assert await hass.config_entries.async_setup(entry.entry_id, _lock=False)
    with pytest.raises(HomeAssistantError) as raised:
        await call
    assert raised.value.translation_key == "too_late"
    assert cloud.executed == []


async def test_removed_products_are_let_go(hass: HomeAssistant, cloud: Cloud) -> None:
    """Products that come and go for a long time leave nothing behind in the entry."""
    entry = await set_up(hass, cloud, FEEDER)
    await add_and_remove(hass, cloud, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    gone: list[weakref.ref[object]] = []
    for _ in range(3):
        await add(hass, cloud, entry)
        subentry_id = subentry(entry, "DOORLOCK01").subentry_id
        configured = entry.runtime_data.products[subentry_id]
        parts = (configured, configured.template, configured.devices)
        gone += [weakref.ref(part) for part in parts]
        del configured, parts
        await hass.async_block_till_done(wait_background_tasks=True)
        hass.config_entries.async_remove_subentry(entry, subentry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    gc.collect()
    assert [part() for part in gone] == [None] * 9


async def test_failed_set_up_leaves_no_timer(hass: HomeAssistant, cloud: Cloud) -> None:
    """What a set-up began that failed does not go on beside the next try."""
    entry = make_entry(cloud, FEEDER)
    entry.add_to_hass(hass)
    await cloud.emulator.stop()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    await cloud.emulator.start()
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, config_entries.ConfigEntryDisabler.USER
    )
    await poll(hass)
    assert cloud.emulator.journal == []
