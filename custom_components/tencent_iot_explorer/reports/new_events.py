"""Shows those events of what was read or pushed that are new, each once and in order."""

from collections.abc import Mapping
import time

from ..api import EventHistory, EventRecord, EventType
from ..const import APART
from ..product.event_memory import KEPT_FOR, LATEST, EventMemory
from ..product.event_store import EventStore
from ..runtime import Product


async def async_show_new(
    store: EventStore,
    product: Product,
    path: tuple[str, str, EventType],
    history: EventHistory,
    since: float,
) -> None:
    """Show the events that are new, the oldest first, but for those before some time."""
    memory = store.memory(*path)
    if memory is None or not memory.is_read:
        memory = memory or EventMemory()
        memory.take(history, store.key_of)
        store.begin(*path, memory)
        return
    listeners, device_name = product.event_listeners, path[1]
    new = memory.take(history, store.key_of)
    due = {
        key: event
        for key, event in new.items()
        if event.occurred_at >= since and listeners.of(device_name, event.event_id)
    }
    if due:
        if not since:
            product.push.async_note_missed()
        await _async_show(store, product, device_name, memory, due)
    elif new:
        store.async_save_later()


async def async_show_pushed(
    store: EventStore, product: Product, device_name: str, record: EventRecord
) -> None:
    """Show an event that was pushed, unless it is known or nobody listens for it.

    What a reading would not show, because it was long before anybody wanted it or has a
    time that makes no sense, is not shown either, and left to the readings.
    """
    event = product.events.get(record.event_id)
    if event is None or not product.event_listeners.of(device_name, record.event_id):
        return
    now = product.client.clock.cloud_now() * 1000
    since = product.event_reader.first_shown(product, device_name, event.type, now)
    if not max(since, now - KEPT_FOR) <= record.occurred_at <= now + LATEST:
        return
    path = (product.product_id, device_name, event.type)
    memory = store.memory(*path)
    if memory is None:
        memory = EventMemory()
        store.begin(*path, memory)
    if due := memory.take_pushed(record, store.key_of):
        await _async_show(store, product, device_name, memory, due)
    else:
        store.async_save_later()


async def _async_show(
    store: EventStore,
    product: Product,
    device_name: str,
    memory: EventMemory,
    due: Mapping[str, EventRecord],
) -> None:
    """Show events that are new, those of one type of a device in the order they came.

    They are on disk as known before. Should all end in between, some are never shown, but
    none is shown twice.
    """
    hidden = dict(due)
    try:
        async with memory.turn:
            await store.async_save()
            for key, event in due.items():
                if showing := product.event_listeners.of(device_name, event.event_id):
                    del hidden[key]
                    for listener in showing:
                        listener(event)
                    await product.hass.async_add_executor_job(time.sleep, APART)
    finally:
        # What is not shown, because the entry is unloaded meanwhile, is new after that.
        memory.forget(hidden)
