"""How often the file of known events is written."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from custom_components.tencent_iot_explorer.api import EventType
from custom_components.tencent_iot_explorer.product.event_memory import EventMemory
from custom_components.tencent_iot_explorer.product.event_store import EventStore

FILE = "tencent_iot_explorer.events"


async def keep(hass: HomeAssistant, known: int) -> tuple[EventStore, EventMemory]:
    """Return a store that knows some events and was written."""
    store = EventStore(hass)
    await store.async_load()
    seen = {str(number): 1 for number in range(known)}
    memory = EventMemory(since=0, seen=seen)
    store.begin("P", "device", EventType.INFO, memory)
    await store.async_save()
    return store, memory


def stored(hass_storage: dict[str, Any]) -> int:
    """Return how many events the file has."""
    return len(hass_storage[FILE]["data"]["P"]["device"]["info"]["seen"])


@pytest.mark.parametrize("known", [1, 900])
async def test_few(
    hass: HomeAssistant, hass_storage: dict[str, Any], known: int
) -> None:
    """A small file is written for each new event, before anybody hears of it."""
    store, memory = await keep(hass, known)
    memory.seen["new"] = 1
    await store.async_save()
    assert stored(hass_storage) == known + 1


async def test_many(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """A large one has a rest after it was written, the longer the larger it is."""
    store, memory = await keep(hass, 10_000)
    for number in range(30):
        memory.seen[f"new {number}"] = 1
        await store.async_save()
        store.async_save_later()
        assert stored(hass_storage) == 10_000
        freezer.tick(1)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
    freezer.tick(11)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert stored(hass_storage) == 10_030
    memory.seen["another"] = 1
    freezer.tick(60)
    await store.async_save()
    assert stored(hass_storage) == 10_031
