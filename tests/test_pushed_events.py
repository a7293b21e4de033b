"""Events that are pushed and read: each is shown once, whichever way it came first."""

import asyncio
from collections import Counter
from dataclasses import dataclass
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .entities import record_events, state_of
from .events import FORCED, HISTORY, OPENED, START, add_doors, entity_of, pass_seconds
from .helpers import Cloud, product, set_up
from custom_components.tencent_iot_explorer.api import (
    EventHistory,
    EventRecord,
    EventType,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.product.event_memory import EventMemory
from custom_components.tencent_iot_explorer.product.event_store import (
    EVENT_STORE,
    EventStore,
)
from custom_components.tencent_iot_explorer.reports.new_events import async_show_pushed
from custom_components.tencent_iot_explorer.runtime import Product
from emulator import Fault
from emulator.products import event, parameter

DOOR = product("DOOR", ["device-1"], use_properties=True)
NOW = int(dt_util.parse_datetime(START, raise_on_error=True).timestamp()) * 1000
ALIKE = 30_000


@pytest.fixture(autouse=True)
def _time_stands_still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only where a test lets it."""
    freezer.move_to(START)


def now() -> int:
    """Return the time in milliseconds."""
    return int(dt_util.utcnow().timestamp() * 1000)


def record(
    at: int, event_id: str = "opened", kind: str = "info", text: str = "", **data: Any
) -> EventRecord:
    """Return an event as a push brings it."""
    return EventRecord(
        event_id=event_id,
        type=kind,
        occurred_at=at,
        data=text or json.dumps(data),
        parameters=data,
    )


def only(entry: MockConfigEntry) -> Product:
    """Return the one product of an entry."""
    (found,) = entry.runtime_data.products.values()
    assert isinstance(found, Product)
    return found


async def push(
    hass: HomeAssistant, entry: MockConfigEntry, *events: EventRecord
) -> None:
    """Let events come, all in one moment."""
    store = hass.data[EVENT_STORE]
    await asyncio.gather(
        *(async_show_pushed(store, only(entry), "device-1", item) for item in events)
    )


def moments(states: list[State]) -> list[str]:
    """Return when what was shown had happened, in order."""
    return [
        state.attributes["occurred_at"][11:23]
        for state in states
        if state.state not in ("unknown", "unavailable")
    ]


async def test_pushed_and_read(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A pushed event is shown at once, by what the data template says, and not again."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(60)
    door.raise_event("opened", "info", {"by": 2, "times": 3})
    # The order and the spaces of JSON do not matter, nor what type the device says.
    await push(
        hass,
        entry,
        record(now() + 1700, kind="fault", text='{"times":3,"by":2}', times=3, by=2),
    )
    (state,) = events
    assert state.entity_id == entity_of(hass, "opened")
    assert state.state == "2026-11-25T20:01:00.000+00:00"
    assert state.attributes["event_type"] == "info"
    assert state.attributes["occurred_at"] == "2026-11-25T20:01:01.700+00:00"
    assert (state.attributes["by_label"], state.attributes["times"]) == ("Key", 3)
    for _ in range(40):
        await pass_seconds(hass, freezer)
    assert len(events) == 1


async def test_read_and_pushed(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A push that comes after its event was read shows nothing."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(60)
    door.raise_event("opened", "info", {"by": 1})
    await pass_seconds(hass, freezer, 60)
    assert moments(events) == ["20:01:00.000"]
    await push(hass, entry, record(NOW + 60_000 - ALIKE, by=1))
    assert len(events) == 1
    await push(hass, entry, record(NOW + 61_000, by=1))
    assert moments(events) == ["20:01:00.000", "20:01:01.000"]


@pytest.mark.parametrize(
    ("push_", "shown_"),
    [
        (record(NOW + 60_000 + ALIKE, by=1), 1),
        (record(NOW + 60_000 - ALIKE, by=1), 1),
        (record(NOW + 60_001 + ALIKE, by=1), 2),
        (record(NOW + 59_999 - ALIKE, by=1), 2),
        (record(NOW + 60_000, by=2), 2),
        (record(NOW + 60_000), 2),
        (record(NOW + 60_000, "closed", by=1), 2),
    ],
)
@pytest.mark.parametrize("is_pushed_first", [True, False])
async def test_what_is_one(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    push_: EventRecord,
    shown_: int,
    is_pushed_first: bool,
) -> None:
    """Two are one if event and data are equal and the times differ by half a minute."""
    (door,) = add_doors(cloud, OPENED, event("closed", "Closed", "info"))
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(60)
    door.raise_event("opened", "info", {"by": 1})
    if is_pushed_first:
        await push(hass, entry, push_)
    await pass_seconds(hass, freezer, 60)
    if not is_pushed_first:
        await push(hass, entry, push_)
    assert len(events) == shown_


async def test_two_alike(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Two alike that are pushed are two, also of one moment, and read as two."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    # States of one moment that are alike are one state, and here time stands still.
    events: list[EventRecord] = []
    only(entry).event_listeners.async_listen("device-1", "opened", events.append)
    freezer.tick(60)
    alike = record(NOW + 60_000, by=1)
    await push(hass, entry, alike, alike)
    assert len(events) == 2
    door.raise_event("opened", "info", {"by": 1}, at=NOW + 60_300)
    door.raise_event("opened", "info", {"by": 1}, at=NOW + 60_900)
    await pass_seconds(hass, freezer, 60)
    assert len(events) == 2
    door.raise_event("opened", "info", {"by": 1}, at=NOW + 61_000)
    await pass_seconds(hass, freezer)
    assert len(events) == 3


async def test_order(hass: HomeAssistant, cloud: Cloud) -> None:
    """What comes in one moment is shown in its order, no two states at one time."""
    add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    await push(
        hass, entry, *(record(NOW + number, times=number) for number in range(9))
    )
    assert [state.attributes["times"] for state in events] == list(range(9))


@pytest.mark.parametrize("is_pushed", [True, False])
async def test_nothing_old_at_first(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    is_pushed: bool,
) -> None:
    """A push before the first reading is shown, and that reading shows nothing."""
    (door,) = add_doors(cloud, OPENED)
    cloud.emulator.faults.append(Fault(call=HISTORY, code="InternalError", times=99))
    cloud.expect("InternalError")
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    store = hass.data[EVENT_STORE]
    assert store.memory("DOOR", "device-1", EventType.INFO) is None
    door.raise_event("opened", "info", at=NOW - 300_000)
    door.raise_event("opened", "info", {"by": 1}, at=NOW + 2000)
    door.raise_event("opened", "info", {"by": 2}, at=NOW + 3000)
    freezer.tick(10)
    if is_pushed:
        await push(hass, entry, record(NOW + 1000, by=1))
    cloud.emulator.faults.clear()
    for _ in range(5):
        await pass_seconds(hass, freezer)
    assert moments(events) == ["20:00:01.000"] * is_pushed
    door.raise_event("opened", "info", {"by": 1})
    await pass_seconds(hass, freezer)
    assert len(moments(events)) == 1 + is_pushed
    # Nor does a late copy of another sender show what was there at first.
    await push(hass, entry, record(NOW + 3500, by=2))
    assert len(moments(events)) == 1 + is_pushed


@pytest.mark.parametrize("is_reload", [True, False], ids=["reload", "restart"])
@pytest.mark.parametrize("is_pushed_first", [True, False])
async def test_known_after_start(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    is_reload: bool,
    is_pushed_first: bool,
) -> None:
    """What was shown is known after a start, of the one way and of the other."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(60)
    push_ = record(NOW + 61_000, by=1)
    if is_pushed_first:
        await push(hass, entry, push_)
        # That one was read before, and has its push.
        door.raise_event("opened", "info", {"by": 1}, at=NOW + 60_000)
    else:
        door.raise_event("opened", "info", {"by": 1})
        await pass_seconds(hass, freezer, 60)
    assert len(events) == 1
    if is_reload:
        await hass.config_entries.async_reload(entry.entry_id)
    else:
        await hass.config_entries.async_unload(entry.entry_id)
        text = json.dumps(hass_storage[f"{DOMAIN}.events"]["data"])
        assert "opened" not in text
        hass.data[EVENT_STORE] = EventStore(hass)
        await hass.data[EVENT_STORE].async_load()
        await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    events.clear()
    await pass_seconds(hass, freezer)
    if not is_pushed_first:
        await push(hass, entry, push_)
    await pass_seconds(hass, freezer)
    assert moments(events) == []
    await push(hass, entry, push_)
    assert moments(events) == ["20:01:01.000"]


async def test_told_apart_from_what_has_a_push(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """After a restart it is still known which of those that were read had a push."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(60)
    door.raise_event("opened", "info", {"by": 1})
    await pass_seconds(hass, freezer, 60)
    await push(hass, entry, record(NOW + 60_500, by=1))
    assert len(events) == 1
    await pass_seconds(hass, freezer, 301)
    hass.data[EVENT_STORE] = EventStore(hass)
    await hass.data[EVENT_STORE].async_load()
    await push(hass, entry, record(NOW + 60_900, by=1))
    assert len(events) == 2


@pytest.mark.parametrize(
    ("seconds", "is_shown"),
    [(-605, False), (-595, True), (3600, True), (24 * 3600 + 10, False)],
)
async def test_odd_times(
    hass: HomeAssistant, cloud: Cloud, seconds: int, is_shown: bool
) -> None:
    """What was long before anybody wanted it is not shown, nor what makes no sense."""
    (door,) = add_doors(cloud, OPENED)
    door.raise_event("opened", "info", at=NOW - 3_600_000)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    await push(hass, entry, record(NOW + seconds * 1000, by=1))
    assert len(events) == is_shown


async def test_late(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """One that was on its way for long is shown within a day, as a reading would."""
    add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(26 * 3600)
    await push(hass, entry, record(NOW + 1000, by=1), record(now() - 3_600_000, by=1))
    assert moments(events) == ["21:00:00.000"]


async def test_nobody_listens(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What nobody shows, or the template does not declare, is neither shown nor kept."""
    (door,) = add_doors(cloud, OPENED, FORCED)
    er.async_get(hass).async_get_or_create(
        "event",
        DOMAIN,
        "DOOR/device-1/event:forced",
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    door.raise_event("forced", "alert")
    await push(
        hass, entry, record(NOW, "forced"), record(NOW, "other"), record(NOW, "")
    )
    assert events == []
    assert hass.data[EVENT_STORE].memory("DOOR", "device-1", EventType.ALERT) is None
    er.async_get(hass).async_update_entity(entity_of(hass, "forced"), disabled_by=None)
    await pass_seconds(hass, freezer, 31)
    await pass_seconds(hass, freezer)
    assert state_of(hass, "event", "DOOR/device-1/event:forced").state == "unknown"


async def test_unloaded_meanwhile(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What could not be shown, because the entry was unloaded, is new after that."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    freezer.tick(60)
    door.raise_event("opened", "info", {"by": 1})
    store, save = hass.data[EVENT_STORE], hass.data[EVENT_STORE].async_save

    async def unload() -> None:
        """Save, while the entry is unloaded."""
        await save()
        monkeypatch.undo()
        await hass.config_entries.async_unload(entry.entry_id)

    monkeypatch.setattr(store, "async_save", unload)
    await push(hass, entry, record(now(), by=1))
    assert moments(events) == []
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert moments(events) == ["20:01:00.000"]


async def test_secret_parameters(
    hass: HomeAssistant, cloud: Cloud, hass_storage: dict[str, Any]
) -> None:
    """What is secret of a pushed event stands in no attribute and in no file."""
    used = event(
        "used",
        "Used",
        "info",
        [
            parameter("pwd", "Password", type="string", min="0", max="64"),
            parameter("times", "Times", type="int", min="0", max="9", step="1"),
        ],
    )
    add_doors(cloud, used)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    await push(hass, entry, record(NOW, "used", pwd="314159", times=1))
    (state,) = events
    assert state.attributes["times"] == 1
    assert "314159" not in str(state.as_dict())
    assert "314159" not in json.dumps(hass_storage[f"{DOMAIN}.events"])


def key_of(item: EventRecord) -> str:
    """Return what an event is known by."""
    return f"{item.event_id}/{item.occurred_at}/{item.data}"


@dataclass
class Occurrence:
    """An event as the two ways tell of it, and in which turns they do."""

    data: str
    pushed: int
    read: int
    push_turn: int
    read_turn: int


@st.composite
def occurrences(draw: st.DrawFn) -> list[Occurrence]:
    """Draw events, many of them alike, of which some are never pushed."""
    found: dict[tuple[str, int], Occurrence] = {}
    for _ in range(draw(st.integers(1, 24))):
        data = draw(st.sampled_from("ab"))
        read = NOW + 60_000 + draw(st.integers(0, 200)) * 1000
        pushed = read + draw(st.integers(-30, 30)) * 1000
        found[data, read] = Occurrence(
            data, pushed, read, draw(st.integers(0, 10)), draw(st.integers(0, 9))
        )
    return list(found.values())


@given(occurrences(), st.booleans())
def test_any_order(events: list[Occurrence], is_read_before: bool) -> None:
    """However pushes and readings follow each other, each event is new once."""
    memory = EventMemory()
    if is_read_before:
        memory.take(EventHistory(events=(), read_at=NOW), key_of)
    new: Counter[str] = Counter()
    listed: list[EventRecord] = []
    for turn in range(10):
        for item in events:
            if item.push_turn == turn:
                came = record(item.pushed, text=item.data)
                new.update(
                    event.data for event in memory.take_pushed(came, key_of).values()
                )
        listed += [
            record(item.read, text=item.data)
            for item in events
            if item.read_turn == turn
        ]
        if is_read_before or turn == 9:
            history = EventHistory(events=tuple(listed), read_at=NOW + 600_000)
            taken = memory.take(history, key_of)
            new.update(event.data for event in taken.values())
    pushed = [item for item in events if item.push_turn < 10]
    # By a first reading nothing is new.
    due = events if is_read_before else pushed
    assert new == Counter(item.data for item in due)
    assert memory.pushed == {}
    assert (len(memory.seen), len(memory.matched)) == (len(events), len(pushed))


def test_hours_of_the_same() -> None:
    """A device that says the same again and again has each shown once, and little kept."""
    memory = EventMemory()
    memory.take(EventHistory(events=(), read_at=NOW), key_of)
    shown_, listed = 0, []
    for number in range(8 * 180):
        at = NOW + 60_000 + number * 20_000
        # The cloud's own stamp is later than the device's.
        listed.append(record(at + 25_000, text="x"))
        shown_ += len(memory.take_pushed(record(at, text="x"), key_of))
        if number % 45 == 44:
            history = EventHistory(events=tuple(listed[-400:]), read_at=at + 25_000)
            shown_ += len(memory.take(history, key_of))
        assert shown_ == number + 1
    assert len(memory.seen) <= 1000
    assert sum(map(len, memory.pushed.values())) < 100


def test_flood() -> None:
    """A flood of pushes is bounded, and nothing that is read for it is new."""
    memory = EventMemory()
    memory.take(EventHistory(events=(), read_at=NOW), key_of)
    flood = [record(NOW + number * 10, text=str(number)) for number in range(4000)]
    assert sum(len(memory.take_pushed(item, key_of)) for item in flood) == 4000
    assert len(memory.pushed) <= 1000
    history = EventHistory(events=tuple(flood), read_at=NOW + 60_000)
    assert memory.take(history, key_of) == {}


@pytest.mark.parametrize("apart", [0, 29_000])
def test_many_alike(apart: int) -> None:
    """Of many that are alike, each that comes is compared with each other once at most."""
    compared = 0

    def counting_key_of(item: EventRecord) -> str:
        """Return a key, and count that."""
        nonlocal compared
        compared += 1
        return key_of(item)

    memory = EventMemory()
    memory.take(EventHistory(events=(), read_at=NOW), counting_key_of)
    moments = [NOW + 60_000 + number * 300 for number in range(100)]
    for moment in moments:
        assert memory.take_pushed(record(moment, text="x"), counting_key_of)
    listed = tuple(record(moment + apart, text="x") for moment in moments)
    history = EventHistory(events=listed, read_at=NOW + 200_000)
    assert memory.take(history, counting_key_of) == {}
    assert compared < 100 * 110
    assert len(memory.matched) == 100
    # One more than was read is another.
    compared = 0
    assert memory.take_pushed(record(moments[50] + 1, text="x"), counting_key_of)
    assert compared < 110
