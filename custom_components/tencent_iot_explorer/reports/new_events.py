"""Shows those events of what was read that are new, each once and in order."""

import time

from ..api import EventHistory, EventType
from ..product.event_memory import EventMemory
from ..product.event_store import EventStore
from ..runtime import Product

# In seconds: more than what tells two states apart.
_APART = 0.002


async def async_show_new(
    store: EventStore,
    product: Product,
    path: tuple[str, str, EventType],
    history: EventHistory,
    since: float,
) -> None:
    """Show the events that are new, the oldest first, but for those before some time.

    They are on disk as known before. Should all end in between, some are never shown, but
    none is shown twice.
    """
    memory = store.memory(*path)
    if memory is None:
        store.begin(*path, EventMemory.of_first(history, store.key_of))
        return
    listeners, device_name = product.event_listeners, path[1]
    new = memory.take(history, store.key_of)
    due = {
        key: event
        for key, event in new.items()
        if event.occurred_at >= since and listeners.of(device_name, event.event_id)
    }
    if new and not due:
        store.async_save_later()
    if not due:
        return
    try:
        await store.async_save()
        for key, event in list(due.items()):
            if showing := listeners.of(device_name, event.event_id):
                del due[key]
                for listener in showing:
                    listener(event)
                await product.hass.async_add_executor_job(time.sleep, _APART)
    finally:
        # What is not shown, because the entry is unloaded meanwhile, is new after that.
        memory.forget(due)
