"""The events of devices: each is shown once, in order, whatever happens in between."""

import asyncio
from collections import Counter
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .entities import find, record_events, registered, state_of
from .events import (
    FORCED,
    HISTORY,
    JAMMED,
    OPENED,
    START,
    add_doors,
    entity_of,
    pass_seconds,
    searches,
)
from .helpers import Cloud, poll, product, refresh, set_up, with_both_keys
import custom_components.tencent_iot_explorer as integration
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from custom_components.tencent_iot_explorer.diagnostics import (
    async_get_config_entry_diagnostics,
)
from custom_components.tencent_iot_explorer.product.event_store import (
    EVENT_STORE,
    EventStore,
)
from emulator import Fault, Naming
from emulator.accounts import SECRET_ID, Denial
from emulator.products import action, event, template

DOOR = product("DOOR", ["device-1"], use_properties=True)
NOW = int(dt_util.parse_datetime(START, raise_on_error=True).timestamp())


@pytest.fixture(autouse=True)
def _time_stands_still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only where a test lets it."""
    freezer.move_to(START)


def shown(states: list[Any]) -> list[tuple[str, str]]:
    """Return which entity showed what that had happened when, in order."""
    return [
        (state.entity_id, state.attributes["occurred_at"][11:23]) for state in states
    ]


@with_both_keys
async def test_each_event_has_an_entity(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """It has the template's name and type, and shows what comes along."""
    (door,) = add_doors(cloud, OPENED, FORCED, JAMMED)
    await set_up(hass, cloud, DOOR)
    for event_id, kind, category in (
        ("opened", "info", None),
        ("forced", "alert", None),
        ("jammed", "fault", "diagnostic"),
    ):
        entry = registered(hass, "event", f"DOOR/device-1/event:{event_id}")
        assert entry.entity_category == category
        state = state_of(hass, "event", entry.unique_id)
        assert state.name == f"device-1 {event_id.capitalize()}"
        assert state.state == "unknown"
        assert state.attributes["event_types"] == [kind]
        assert "device_class" not in state.attributes
    events = record_events(hass)
    freezer.tick(60)
    door.raise_event("opened", "info", {"by": 2, "times": "3", "more": 1})
    await pass_seconds(hass, freezer, 60)
    (state,) = events
    assert state.entity_id == entity_of(hass, "opened")
    assert state.state == "2026-11-25T20:02:00.000+00:00"
    own = {key: state.attributes[key] for key in state.attributes if key != "device"}
    assert own == {
        "event_types": ["info"],
        "event_type": "info",
        "friendly_name": "device-1 Opened",
        "occurred_at": "2026-11-25T20:01:00.000+00:00",
        "by": 2,
        "by_label": "Key",
        "times": 3,
    }


@with_both_keys
async def test_first_reading_shows_nothing(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What was before it was set up never is shown, and what comes then is, once."""
    (door,) = add_doors(cloud, OPENED)
    door.raise_event("opened", "info", at=(NOW - 3600) * 1000)
    door.raise_event("opened", "info", at=(NOW - 60) * 1000)
    events = record_events(hass)
    await set_up(hass, cloud, DOOR)
    assert searches(cloud) == [("device-1", "info", 0)]
    # A device sends late what is older than all that was there at first.
    door.raise_event("opened", "info", at=(NOW - 90) * 1000)
    await pass_seconds(hass, freezer)
    assert searches(cloud) == [("device-1", "info", NOW - 60 - 120)]
    assert [item for item in events if item.state != "unknown"] == []
    door.raise_event("opened", "info", at=(NOW - 59) * 1000)
    await pass_seconds(hass, freezer)
    for _ in range(50):
        await pass_seconds(hass, freezer)
    assert shown([item for item in events if item.state != "unknown"]) == [
        (entity_of(hass, "opened"), "19:59:01.000")
    ]


@with_both_keys
async def test_first_reading_without_events(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Where there is no event, it is the time of the cloud that counts."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    door.raise_event("opened", "info", at=NOW * 1000 - 1)
    door.raise_event("opened", "info", {"times": 1}, at=NOW * 1000)
    searches(cloud)
    await pass_seconds(hass, freezer)
    assert searches(cloud) == [("device-1", "info", NOW - 120)]
    assert shown(events) == [(entity_of(hass, "opened"), "20:00:00.000")]


async def test_several_events_of_one_reply(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """They are shown one after the other, the oldest first, each for itself."""
    (door,) = add_doors(cloud, OPENED, FORCED)
    await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    for second, times in ((3, 1), (1, 2), (2, 3), (2, 4)):
        at = (NOW + second) * 1000
        door.raise_event("opened", "info", {"times": times}, at=at)
    # The same again is the same, and nobody shows what is not declared.
    door.raise_event("opened", "info", {"times": 1}, at=(NOW + 3) * 1000)
    door.raise_event("undeclared", "info", at=(NOW + 2) * 1000)
    await pass_seconds(hass, freezer)
    assert [item.entity_id for item in events] == [entity_of(hass, "opened")] * 4
    moments = [item.attributes["occurred_at"][17:19] for item in events]
    assert moments == ["01", "02", "02", "03"]
    assert [item.attributes["times"] for item in events][0::3] == [2, 1]


async def test_pages(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """All of many events are shown."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    for number in range(230):
        door.raise_event("opened", "info", {"times": number}, at=NOW * 1000 + number)
    await pass_seconds(hass, freezer)
    assert [item.attributes["times"] for item in events] == list(range(230))
    await pass_seconds(hass, freezer)
    assert len(events) == 230


def times_of(states: list[State]) -> list[int]:
    """Return what each event brought, however often the same state was written."""
    # Older releases of Home Assistant do not tell events of one millisecond apart.
    by_moment = {
        (state.state, state.attributes["occurred_at"]): state.attributes["times"]
        for state in states
        if state.state not in ("unknown", "unavailable")
    }
    return list(by_moment.values())


async def restart(
    hass: HomeAssistant, entry: MockConfigEntry, minutes: int = 0
) -> None:
    """Start anew with what is on disk, as after a crash."""
    await hass.config_entries.async_unload(entry.entry_id)
    store = EventStore(hass)
    await store.async_load()
    hass.data[EVENT_STORE] = store
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("crashes", [False, True])
async def test_thirty_starts(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    crashes: bool,
) -> None:
    """However often it starts anew, each event is shown once."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    await pass_seconds(hass, freezer, 600)
    events = record_events(hass)
    for number in range(30):
        door.raise_event("opened", "info", {"times": number})
        if number % 3 == 0:
            await pass_seconds(hass, freezer)
        freezer.tick(40)
        if crashes:
            await restart(hass, entry)
        else:
            await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await pass_seconds(hass, freezer, 1)
    assert times_of(events) == list(range(30))


async def test_what_happened_while_it_was_off(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """After a start only what is not older than ten minutes is shown, and the rest never."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    await hass.config_entries.async_unload(entry.entry_id)
    for minute in (5, 50, 51):
        at = (NOW + minute * 60) * 1000
        door.raise_event("opened", "info", {"times": minute}, at=at)
    events = record_events(hass)
    freezer.tick(3600 + 1)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for _ in range(70):
        await pass_seconds(hass, freezer)
    assert times_of(events) == [51]


async def test_first_reading_may_take_long(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What happens after a start is shown, however late the cloud can be read."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    await pass_seconds(hass, freezer, 3600)
    await hass.config_entries.async_unload(entry.entry_id)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 1})
    await pass_seconds(hass, freezer, 660)
    cloud.emulator.faults = [Fault(call=HISTORY, drop=True, times=99)]
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    door.raise_event("opened", "info", {"times": 2})
    for _ in range(30):
        await pass_seconds(hass, freezer, 60)
    cloud.emulator.faults = []
    door.raise_event("opened", "info", {"times": 3})
    for _ in range(4):
        await pass_seconds(hass, freezer)
    assert times_of(events) == [2, 3]


async def test_cloud_away(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What happens while the cloud cannot be read is shown once it can be again."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    cloud.emulator.faults = [Fault(call=HISTORY, drop=True, times=9999)]
    for number in range(1, 6):
        door.raise_event("opened", "info", {"times": number})
        for _ in range(30):
            await pass_seconds(hass, freezer)
    assert events == []
    cloud.emulator.faults = []
    await pass_seconds(hass, freezer)
    assert times_of(events) == [1, 2, 3, 4, 5]
    assert "events cannot be read" not in caplog.text


async def test_late_events(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What a device kept for hours is shown within an hour after it was sent."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    for _ in range(36):
        await pass_seconds(hass, freezer, 600)
    door.raise_event("opened", "info", {"times": 1})
    await pass_seconds(hass, freezer)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 2}, at=(NOW + 3600) * 1000)
    searches(cloud)
    for _ in range(30):
        await pass_seconds(hass, freezer)
    assert times_of(events) == [2]
    assert events[0].attributes["occurred_at"] == "2026-11-25T21:00:00.000+00:00"
    starts = [start for _, _, start in searches(cloud)]
    assert starts.count(0) == 1
    assert set(starts) == {0, NOW + 6 * 3600 - 120}


@with_both_keys
async def test_requests(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Each type of each device is read every two minutes, and a day of it each hour."""
    add_doors(cloud, OPENED, FORCED, devices=5)
    names = [f"device-{number}" for number in range(1, 5)]
    entry = await set_up(hass, cloud, product("DOOR", names, use_properties=True))
    assert sorted(searches(cloud)) == sorted(
        (name, kind, 0) for name in names for kind in ("info", "alert")
    )
    await pass_seconds(hass, freezer, 0)
    assert searches(cloud) == []
    moments: list[int] = []
    found: Counter[tuple[str, str, bool]] = Counter()
    for second in range(0, 2 * 3600, 5):
        await pass_seconds(hass, freezer, 5)
        new = searches(cloud)
        moments += [second] * len(new)
        found.update((name, kind, start == 0) for name, kind, start in new)
    # Never two at once: they are spread.
    assert max(Counter(moments).values()) == 1
    for name in names:
        for kind in ("info", "alert"):
            assert found[name, kind, True] in (1, 2)
            assert 59 <= found[name, kind, True] + found[name, kind, False] <= 60
    origins = {
        origin
        for calls in request_counts(hass).of_product("DOOR").values()
        for call, counted in calls.items()
        if call.endswith(HISTORY)
        for origin in counted
    }
    assert origins == {"events"}
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["products"][0]["events"] == {
        "devices_read": 4,
        "interval": 120,
        "failure": None,
        "failure_code": None,
    }


async def test_nobody_shows_them(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Only types of which an entity is enabled are read."""
    add_doors(cloud, OPENED, FORCED, devices=2)
    settings = product("DOOR", ["device-1", "device-2"], use_properties=True)
    entry = await set_up(hass, cloud, settings)
    registry = er.async_get(hass)
    for device, event_id in (
        ("device-1", "opened"),
        ("device-2", "opened"),
        ("device-2", "forced"),
    ):
        registry.async_update_entity(
            entity_of(hass, event_id, device), disabled_by=er.RegistryEntryDisabler.USER
        )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    searches(cloud)
    await pass_seconds(hass, freezer)
    assert [item[:2] for item in searches(cloud)] == [("device-1", "alert")]


async def test_products_that_do_not_use_them(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A product that is used for its actions alone has no events, and costs nothing."""
    add_doors(cloud, OPENED)
    await set_up(hass, cloud, product("DOOR", ["device-1"]))
    await pass_seconds(hass, freezer)
    assert searches(cloud) == []
    assert find(hass, "event", "DOOR/device-1/event:opened") is None


@pytest.mark.parametrize("status", [0, 3])
async def test_offline_device(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, status: int
) -> None:
    """It is read once more, then each hour, and at once when it comes back."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    await pass_seconds(hass, freezer)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 1})
    door.status = status
    searches(cloud)
    for _ in range(30):
        await pass_seconds(hass, freezer)
    # Once more may be before the cloud's list of devices says so.
    assert len(searches(cloud)) <= 2
    assert times_of(events) == [1]
    assert state_of(hass, "event", "DOOR/device-1/event:opened").state != "unavailable"
    for _ in range(60):
        await pass_seconds(hass, freezer)
    assert searches(cloud) == [("device-1", "info", 0)] * 2
    door.status = 1
    await poll(hass)
    await pass_seconds(hass, freezer, 1)
    assert len(searches(cloud)) == 1
    await pass_seconds(hass, freezer, 180)
    assert len(searches(cloud)) == 1


async def test_offline_device_that_was_online(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What connects between two polls, reports and goes is read by then, and only once."""
    (door,) = add_doors(cloud, OPENED)
    door.status = 0
    await set_up(hass, cloud, DOOR)
    await pass_seconds(hass, freezer)
    searches(cloud)
    events = record_events(hass)
    door.login_time += 1000
    door.raise_event("opened", "info", {"times": 1})
    await poll(hass)
    await pass_seconds(hass, freezer, 1)
    assert times_of(events) == [1]
    for _ in range(20):
        await poll(hass)
        await pass_seconds(hass, freezer, 60)
    assert len(searches(cloud)) == 1


async def test_sleeping_devices(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What the cloud calls offline while it sleeps is read as anything else."""
    (door,) = add_doors(cloud, OPENED)
    door.status = 0
    settings = product("DOOR", ["device-1"], use_properties=True)
    settings = ConfigSubentryData(
        **{**settings, "data": {**settings["data"], "sleeps": True}}
    )
    await set_up(hass, cloud, settings)
    searches(cloud)
    for _ in range(10):
        await pass_seconds(hass, freezer)
    assert len(searches(cloud)) == 10


async def test_limits(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Where the cloud refuses for its rate, all is read half as often."""
    cloud.expect("RequestLimitExceeded")
    add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    cloud.emulator.faults = [Fault(call=HISTORY, code="RequestLimitExceeded", times=3)]
    await pass_seconds(hass, freezer)
    searches(cloud)
    (door,) = entry.runtime_data.products.values()
    state = door.event_reader.state(door)
    assert (state["interval"], state["failure"]) == (240, "rate_limited")
    for _ in range(10):
        await pass_seconds(hass, freezer)
    assert len(searches(cloud)) == 5
    for _ in range(20):
        await pass_seconds(hass, freezer)
    state = door.event_reader.state(door)
    assert (state["interval"], state["failure"]) == (120, None)


@pytest.mark.parametrize("access", [Access.ACCOUNT], indirect=True)
async def test_denied(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What no policy allows is asked for once an hour, and is one repair."""
    cloud.expect(*Denial)
    account = cloud.emulator.cloud_api.accounts[SECRET_ID]
    account.denied = {HISTORY}
    (door, _) = add_doors(cloud, OPENED, FORCED, devices=2)
    settings = product("DOOR", ["device-1", "device-2"], use_properties=True)
    entry = await set_up(hass, cloud, settings)
    for _ in range(62):
        await pass_seconds(hass, freezer)
    assert len(searches(cloud)) == 3
    issue = (DOMAIN, f"operation_denied_{entry.entry_id}_{HISTORY}")
    assert issue in ir.async_get(hass).issues
    account.denied = set()
    for _ in range(31):
        await pass_seconds(hass, freezer)
    assert issue not in ir.async_get(hass).issues
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 1})
    await pass_seconds(hass, freezer, 180)
    assert times_of(events) == [1]


async def test_strange_error(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What nobody else reports is logged once, and that it works again."""
    cloud.expect("Mystery")
    add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    cloud.emulator.faults = [Fault(call=HISTORY, code="Mystery", times=5)]
    for _ in range(8):
        await pass_seconds(hass, freezer)
    assert caplog.text.count("Product DOOR: events cannot be read") == 1
    assert caplog.text.count("Product DOOR: events can be read again") == 1


async def update(
    hass: HomeAssistant, *event_ids: str, device: str = "device-1"
) -> None:
    """Let the events of a device be read now."""
    data = {"entity_id": [entity_of(hass, item, device) for item in event_ids]}
    await async_setup_component(hass, "homeassistant", {})
    await hass.services.async_call(
        "homeassistant", "update_entity", data, blocking=True
    )


@with_both_keys
async def test_update_entity(hass: HomeAssistant, cloud: Cloud) -> None:
    """A person can have the events of a device read now, all its types."""
    (door, _) = add_doors(cloud, OPENED, FORCED, devices=2)
    settings = product("DOOR", ["device-1", "device-2"], use_properties=True)
    await set_up(hass, cloud, settings)
    searches(cloud)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 1})
    await update(hass, "forced", "opened")
    asked = [item[:2] for item in searches(cloud)]
    assert sorted(asked) == [("device-1", "alert"), ("device-1", "info")]
    assert times_of(events) == [1]


async def test_polling_disabled(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A person who disables polling has events read at a start, and on demand."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    searches(cloud)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 1})
    for _ in range(60):
        await pass_seconds(hass, freezer)
    assert searches(cloud) == []
    await update(hass, "opened")
    assert times_of(events) == [1]


@with_both_keys
@pytest.mark.parametrize("offset", [-3 * 3600, 3 * 3600])
async def test_wrong_clock(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, offset: int
) -> None:
    """It is the cloud's time that counts, and no search has an end."""
    cloud.expect_wrong("Timestamp", Naming.CODES)
    cloud.emulator.clock_offset = offset
    (door,) = add_doors(cloud, OPENED)
    now = (NOW + offset) * 1000
    door.raise_event("opened", "info", {"times": 1}, at=now - 5000)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 2}, at=now + 60_000)
    # The clock of the device is fast.
    door.raise_event("opened", "info", {"times": 3}, at=now + 3_600_000)
    await pass_seconds(hass, freezer)
    assert times_of(events) == [2]
    for minute in (3, 15):
        at = now + minute * 60_000
        door.raise_event("opened", "info", {"times": minute}, at=at)
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(20 * 60)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert times_of(events) == [2, 15]
    for _ in range(40):
        await pass_seconds(hass, freezer)
    assert times_of(events) == [2, 15, 3]
    assert {
        entry.parameters["EndTime"]
        for entry in cloud.emulator.journal
        if entry.call == HISTORY
    } == {0}


async def test_unloaded_while_it_is_saved(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What could not be shown before the entry was unloaded is shown after."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    save = EventStore.async_save
    release = asyncio.Event()

    async def hang(store: EventStore) -> None:
        """Write nothing yet."""
        await release.wait()

    monkeypatch.setattr(EventStore, "async_save", hang)
    door.raise_event("opened", "info", {"times": 1})
    events = record_events(hass)
    freezer.tick(120)
    async_fire_time_changed(hass)
    while not cloud.emulator.requests(HISTORY)[1:]:
        await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)
    await hass.config_entries.async_unload(entry.entry_id)
    assert times_of(events) == []
    monkeypatch.setattr(EventStore, "async_save", save)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_seconds(hass, freezer)
    assert times_of(events) == [1]


async def test_entity_goes_while_it_is_saved(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What nobody is there to show, as in an unload, is shown when somebody is again."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    registry, entity_id = er.async_get(hass), entity_of(hass, "opened")
    save = EventStore.async_save

    async def remove(store: EventStore) -> None:
        """Let the entity go meanwhile."""
        registry.async_update_entity(
            entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
        for _ in range(20):
            await asyncio.sleep(0)

    monkeypatch.setattr(EventStore, "async_save", remove)
    door.raise_event("opened", "info", {"times": 1})
    await pass_seconds(hass, freezer)
    assert times_of(events) == []
    monkeypatch.setattr(EventStore, "async_save", save)
    registry.async_update_entity(entity_id, disabled_by=None)
    for _ in range(3):
        await pass_seconds(hass, freezer, 40)
    assert times_of(events) == [1]


async def test_same_event_in_other_words(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """The order in which parameters are written makes no other event."""
    (door,) = add_doors(cloud, OPENED)
    await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    door.raise_event("opened", "info", {"times": 1, "by": 2}, at=NOW * 1000)
    await pass_seconds(hass, freezer)
    door.events.clear()
    door.raise_event("opened", "info", {"by": 2, "times": 1}, at=NOW * 1000)
    await pass_seconds(hass, freezer)
    assert len(events) == 1


async def test_template_changes(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Events that come, go or change follow the data template."""
    add_doors(cloud, OPENED, FORCED)
    await set_up(hass, cloud, DOOR)
    changed = event("opened", "Door opened", "alert")
    emulated = cloud.emulator.products["DOOR"]
    emulated.template = template("DOOR", events=[changed, JAMMED])
    emulated.update_time += 1
    await refresh(hass)
    state = state_of(hass, "event", "DOOR/device-1/event:opened")
    assert state.attributes["event_types"] == ["alert"]
    assert state.name == "device-1 Door opened"
    gone = state_of(hass, "event", "DOOR/device-1/event:forced")
    assert gone.state == "unavailable"
    assert state_of(hass, "event", "DOOR/device-1/event:jammed").state == "unknown"
    searches(cloud)
    await pass_seconds(hass, freezer, 180)
    assert {item[1] for item in searches(cloud)} == {"alert", "fault"}


@pytest.mark.parametrize(
    ("identifier", "name", "is_doorbell"),
    [
        ("doorbell", "门铃呼叫", True),
        ("e1", "门铃", True),
        ("e1", "門鈴", True),
        ("DoorBell", "Call", True),
        ("door_bell", "Call", True),
        ("e1", "Door bell", True),
        ("doorbell_battery", "门铃电量低", False),
        ("e1", "Bell", False),
    ],
)
async def test_doorbell(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    identifier: str,
    name: str,
    is_doorbell: bool,
) -> None:
    """What is a doorbell by its id or name rings, and nothing else does."""
    (door,) = add_doors(cloud, event(identifier, name, "info"))
    await set_up(hass, cloud, DOOR)
    door.raise_event(identifier, "info")
    await pass_seconds(hass, freezer)
    state = state_of(hass, "event", f"DOOR/device-1/event:{identifier}")
    kind = "ring" if is_doorbell else "info"
    assert state.attributes["event_types"] == [kind]
    assert state.attributes["event_type"] == kind
    device_class = state.attributes.get("device_class")
    assert device_class == ("doorbell" if is_doorbell else None)


async def test_equal_names(hass: HomeAssistant, cloud: Cloud) -> None:
    """Whatever has a name that something before it has shows its id as well."""
    add_doors(cloud, event("a", "Bell"), event("b", "Bell"), event("c", "Open"))
    emulated = cloud.emulator.products["DOOR"]
    assert isinstance(emulated.template, dict)
    emulated.template["actions"] = [action("open", "Open")]
    await set_up(hass, cloud, DOOR)
    assert [
        state_of(hass, "event", f"DOOR/device-1/event:{identifier}").name
        for identifier in "abc"
    ] == ["device-1 Bell", "device-1 Bell (b)", "device-1 Open (c)"]


async def test_events_of_the_system(hass: HomeAssistant, cloud: Cloud) -> None:
    """Those that no person declared are disabled."""
    add_doors(cloud, event("_sys_upgrade", "Upgrade"))
    await set_up(hass, cloud, DOOR)
    entry = registered(hass, "event", "DOOR/device-1/event:_sys_upgrade")
    assert entry.disabled_by is er.RegistryEntryDisabler.INTEGRATION


async def test_forgotten(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
) -> None:
    """What is known of events goes with its device, its product and the last entry."""
    key = f"{DOMAIN}.events"
    add_doors(cloud, OPENED, devices=2)
    add_doors(cloud, OPENED, product_id="GATE")
    entry = await set_up(
        hass,
        cloud,
        product("DOOR", ["device-1", "device-2"], use_properties=True),
        product("GATE", ["device-1"], use_properties=True),
    )
    await pass_seconds(hass, freezer, 301)
    assert hass_storage[key]["data"] == {
        "DOOR": {
            name: {"info": {"since": NOW * 1000, "seen": {}}}
            for name in ("device-1", "device-2")
        },
        "GATE": {"device-1": {"info": {"since": NOW * 1000, "seen": {}}}},
    }
    door, gate = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry, door, data={**door.data, "devices": ["device-2"]}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_seconds(hass, freezer, 301)
    assert hass_storage[key]["data"]["DOOR"].keys() == {"device-2"}
    hass.config_entries.async_remove_subentry(entry, gate.subentry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_seconds(hass, freezer, 301)
    assert hass_storage[key]["data"].keys() == {"DOOR"}
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert key not in hass_storage


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_words(language: str) -> None:
    """Each type of event has words of its own in each language."""
    path = Path(integration.__file__).parent / "translations" / f"{language}.json"
    words = json.loads(path.read_text())["entity"]["event"]["device_event"]
    types = words["state_attributes"]["event_type"]["state"]
    assert types.keys() == {"info", "alert", "fault", "ring"}
    assert len(set(types.values())) == 4
