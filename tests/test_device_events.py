"""The events of devices: each is shown once, in order, whatever happens in between."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .entities import record_events, registered, state_of
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
from .helpers import Cloud, product, set_up, with_both_keys
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, Fault

DOOR = product("DOOR", ["device-1"], use_properties=True)
NOW = int(dt_util.parse_datetime(START).timestamp())  # type: ignore[union-attr]


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
    door.raise_event("undeclared", "info", at=(NOW + 2) * 1000)
    door.raise_event("opened", "alert", at=(NOW + 2) * 1000)
    await pass_seconds(hass, freezer)
    opened = [item for item in events if item.entity_id == entity_of(hass, "opened")]
    moments = [item.attributes["occurred_at"][17:19] for item in opened]
    assert moments[:4] == ["01", "02", "02", "03"]
    assert [item.attributes.get("times") for item in opened][0::3] == [2, 1]


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


@pytest.mark.parametrize("ways", ["reload", "restart"])
async def test_thirty_starts(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    ways: str,
) -> None:
    """However often it starts anew, each event is shown once."""
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up(hass, cloud, DOOR)
    events = record_events(hass)
    for number in range(30):
        door.raise_event("opened", "info", {"times": number})
        if number % 3 == 0:
            await pass_seconds(hass, freezer)
        freezer.tick(40)
        if ways == "reload":
            await hass.config_entries.async_reload(entry.entry_id)
        else:
            await restart(hass, entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await pass_seconds(hass, freezer, 1)
    times = [
        item.attributes["times"]
        for before, item in zip([None, *events], events, strict=False)
        if "times" in item.attributes and (before is None or item.state != before.state)
    ]
    fresh = [item for item in times]
    assert [number for number in dict.fromkeys(fresh)] == list(range(30))


async def restart(hass: HomeAssistant, entry_id: str) -> None:
    """Start anew with what is on disk, as after a crash."""
    await hass.config_entries.async_unload(entry_id)
    from custom_components.tencent_iot_explorer.product.event_store import (
        EVENT_STORE,
        EventStore,
    )

    store = EventStore(hass)
    await store.async_load()
    hass.data[EVENT_STORE] = store
    await hass.config_entries.async_setup(entry_id)
