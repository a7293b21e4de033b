"""Days of many devices in simulated time: what they cost, show, write and leave behind."""

from collections import Counter
import math
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.const import (
    EVENT_STATE_CHANGED,
    EVENT_STATE_REPORTED,
    STATE_UNAVAILABLE,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .events import FORCED, HISTORY, OPENED, START
from .helpers import Cloud, poll, product, set_up, with_both_keys
from .plugs import PLUG_PROPERTIES, READ
from custom_components.tencent_iot_explorer.api import (
    EventHistory,
    EventRecord,
    EventType,
)
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.product.event_memory import EventMemory
from custom_components.tencent_iot_explorer.product.event_store import EVENT_STORE
from custom_components.tencent_iot_explorer.reports import event_reader
from custom_components.tencent_iot_explorer.reports.costs import Use, costs_of
from custom_components.tencent_iot_explorer.reports.schedule import Schedule, Wanted
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import property_, template

HOUR = 3600
DAY = 24 * HOUR
NOW = 1_795_636_800_000
STEP = 20
STEPS = 180
DEVICES = 6
# The others come and go.
ALWAYS_ONLINE = 3
BUSY = "BUSY"
PROPERTIES = (
    *PLUG_PROPERTIES,
    property_("again", "Again", type="enum", mapping={"1": "Again"}),
)


def key_of(event: EventRecord) -> str:
    """Return what an event is known by."""
    return event.data


class Written:
    """What Home Assistant was given of the entities of properties and events."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Note each state from now on."""
        self._registry = er.async_get(hass)
        self.changed = 0
        self.same: list[str] = []
        self.shown: list[int] = []
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._async_note_change)
        hass.bus.async_listen(
            EVENT_STATE_REPORTED,
            self._async_note_report,
            event_filter=self._async_is_own,
        )

    def _path(self, entity_id: str) -> str:
        """Return what an entity shows, nothing for one of another kind."""
        entry = self._registry.async_get(entity_id)
        return entry.unique_id if entry and ":" in entry.unique_id else ""

    @callback
    def _async_is_own(self, data: Any) -> bool:
        """Return whether something happened to a property or an event."""
        return bool(self._path(data["entity_id"]))

    @callback
    def _async_note_change(self, event: Event[Any]) -> None:
        """Note a state that changed, and the number of an event that is shown."""
        path = self._path(event.data["entity_id"])
        old, new = event.data["old_state"], event.data["new_state"]
        if not path or old is None or new is None:
            return
        self.changed += 1
        if "/event:" in path and STATE_UNAVAILABLE not in (old.state, new.state):
            self.shown.append(new.attributes["times"])

    @callback
    def _async_note_report(self, event: Event[Any]) -> None:
        """Note a state that was written and did not change."""
        self.same.append(self._path(event.data["entity_id"]))


class Fleet:
    """Devices that report, come, go and repeat themselves as it comes."""

    def __init__(self, cloud: Cloud, chance: random.Random) -> None:
        """Put them into the emulated cloud."""
        self.devices = [EmulatedDevice(name=f"device-{n}") for n in range(DEVICES)]
        for device in self.devices:
            device.report(power=0, level=50, used=3.5, again=1)
        cloud.emulator.products[BUSY] = EmulatedProduct(
            product_id=BUSY,
            template=template(BUSY, properties=PROPERTIES, events=[OPENED, FORCED]),
            devices={device.name: device for device in self.devices},
        )
        self.number = 0
        self._chance = chance
        self._history = cloud.emulator.history

    def live(self) -> None:
        """Let something happen, perhaps."""
        chance = self._chance
        self._history.oldest_first = chance.random() < 0.5
        for number, device in enumerate(self.devices):
            if number >= ALWAYS_ONLINE and chance.random() < 0.02:
                if device.status:
                    device.status = 0
                else:
                    device.connect()
            if device.status:
                device.report(level=chance.choice((50, 50, 50, 60)), power=0)
                if chance.random() < 0.05:
                    self._raise_event(device)

    def _raise_event(self, device: EmulatedDevice) -> None:
        """Let a device raise an event, late or again, or such as nobody declared."""
        chance, now = self._chance, int(dt_util.utcnow().timestamp() * 1000)
        self.number += 1
        device.raise_event(
            "opened",
            "info",
            {"times": self.number},
            at=now - chance.choice((0, 0, 15_000, 100_000)),
        )
        if chance.random() < 0.3:
            device.events.append(device.events[-1])
        if chance.random() < 0.3:
            device.raise_event("undeclared", "info", {"times": -1})
        chance.shuffle(device.events)


@with_both_keys
@pytest.mark.usefixtures("all_enabled")
async def test_hour(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """In an hour of coming and going nothing is read, shown, written or kept in vain."""
    freezer.move_to(START)
    fleet = Fleet(cloud, random.Random(7))
    names = [device.name for device in fleet.devices]
    entry = await set_up(hass, cloud, product(BUSY, names, use_properties=True))
    # What happened before that is known and not shown.
    freezer.tick(200)
    await poll(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    listeners = dict(hass.bus.async_listeners())
    cloud.emulator.journal.clear()
    written = Written(hass)
    for _ in range(STEPS):
        fleet.live()
        freezer.tick(STEP)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    made = Counter(
        (item.call, item.parameters.get("DeviceName"))
        for item in cloud.emulator.journal
    )
    for name in names[:ALWAYS_ONLINE]:
        assert made[READ, name] == pytest.approx(STEPS * STEP / 60, abs=1)
        # One of each type that is declared.
        assert made[HISTORY, name] == pytest.approx(2 * STEPS * STEP / 120, abs=2)
    for device in fleet.devices[ALWAYS_ONLINE:]:
        assert made[READ, device.name] <= STEPS * STEP / 60 + 1
        device.connect()
    for _ in range(HOUR // 120 + 2):
        freezer.tick(120)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert sorted(written.shown) == list(range(1, fleet.number + 1))
    assert written.same == []
    assert written.changed > 100
    (own,) = entry.runtime_data.products.values()
    memories = [
        hass.data[EVENT_STORE].memory(BUSY, name, kind)
        for name in names
        for kind in (EventType.INFO, EventType.ALERT)
    ]
    assert sum(len(memory.seen) for memory in memories if memory) <= 2 * fleet.number
    assert set(own.values.reported) == set(names)
    assert len(own.reader._schedule._queue) <= 4 * DEVICES
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    after = dict(hass.bus.async_listeners())
    del after[EVENT_STATE_CHANGED], after[EVENT_STATE_REPORTED]
    assert after.items() <= listeners.items()
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


def test_week() -> None:
    """A week of a hundred devices costs what the formula says, and each event shows once.

    They come late, again and in any order, and little of them is kept.
    """
    chance = random.Random(17)
    schedule = Schedule[int](
        interval=event_reader.INTERVAL,
        per_second=event_reader.PER_SECOND,
        slows_down=False,
    )
    schedule.update({number: Wanted(is_online=True) for number in range(100)}, 0)
    memories: dict[int, EventMemory] = {}
    day_at = dict.fromkeys(range(100), -math.inf)
    arrived: dict[int, list[EventRecord]] = {n: [] for n in range(100)}
    shown: Counter[str] = Counter()
    raised = reads = 0
    while (now := schedule.next_at) < 7 * DAY:
        number = schedule.take(now)
        assert number is not None
        reads += 1
        at = NOW + round(now * 1000)
        if chance.random() < 0.005:
            late = chance.choice((0, 0, 100, 5 * 3600))
            event = EventRecord(
                event_id="e",
                type="info",
                occurred_at=max(NOW, at - late * 1000),
                data=str(raised),
                parameters={},
            )
            arrived[number] += [event] * chance.choice((1, 1, 2))
            raised += 1
        memory = memories.get(number)
        is_day = memory is None or now - day_at[number] >= HOUR
        start = at - DAY * 1000 if memory is None or is_day else memory.start * 1000
        if is_day:
            # Nobody asks for what is older than a day.
            day_at[number] = now
            arrived[number] = [
                event for event in arrived[number] if event.occurred_at >= start
            ]
        found = [event for event in arrived[number] if event.occurred_at >= start]
        chance.shuffle(found)
        history = EventHistory(events=tuple(found), read_at=at)
        if memory is None:
            memories[number] = EventMemory()
            assert not memories[number].take(history, key_of)
            shown.update({event.data for event in found})
        else:
            shown.update(memory.take(history, key_of).keys())
        schedule.note_read(number, None, now)
    costs = costs_of(Use(devices=100, total=100, events=100))
    assert reads == pytest.approx(7 * costs.events, abs=100)
    assert set(shown.values()) == {1}
    # What came late in the last hour may not have been found yet.
    assert len(shown) > raised * 0.99
    assert max(len(memory.seen) for memory in memories.values()) < 100
    assert len(schedule._queue) == 100
