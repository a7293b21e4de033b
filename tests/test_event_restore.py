"""The last event of a device lives through restarts, and has words in each language."""

import json
from pathlib import Path

import pytest

from homeassistant.core import HomeAssistant

from .entities import EVENT_TYPES, press, record_events, reported, restore, state_of
from .helpers import FEEDER, Cloud, set_up
import custom_components.tencent_iot_explorer as integration

KITCHEN = "FEEDER2026/kitchen-feeder"


async def test_restart(hass: HomeAssistant, cloud: Cloud) -> None:
    """After a restart the last event is still shown and not reported again."""
    attributes = {
        "action_id": "feed",
        "request_id": "5-6-7",
        "client_token": "FEEDER2026::8",
        "status": "succ",
    }
    extra = {"last_event_type": "accepted", "last_event_attributes": attributes}
    restore(hass, "event", KITCHEN, "2026-11-20T12:00:00.000+00:00", extra)
    await set_up(hass, cloud, FEEDER)
    state = state_of(hass, "event", KITCHEN)
    assert state.state == "2026-11-20T12:00:00.000+00:00"
    assert reported(state) == {"event_type": "accepted"} | attributes
    assert state_of(hass, "event", "FEEDER2026/balcony-feeder").state == "unknown"


async def test_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """A reload does not report the last event again, and the next one is reported once."""
    entry = await set_up(hass, cloud, FEEDER)
    await press(hass, f"{KITCHEN}/feed")
    await hass.async_block_till_done()
    before = state_of(hass, "event", KITCHEN)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    after = state_of(hass, "event", KITCHEN)
    assert (after.state, reported(after)) == (before.state, reported(before))
    events = record_events(hass)
    await press(hass, f"{KITCHEN}/feed")
    await hass.async_block_till_done()
    assert len(events) == 1


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_words(language: str) -> None:
    """Each type of event has words of its own in both languages."""
    path = Path(integration.__file__).parent / "translations" / f"{language}.json"
    words = json.loads(path.read_text())["entity"]["event"]["device_action"]
    types = words["state_attributes"]["event_type"]["state"]
    assert set(types) == set(EVENT_TYPES)
    assert len({text for text in types.values() if text}) == 4
