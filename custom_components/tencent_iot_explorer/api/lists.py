"""Lists that are read page by page, each with an end whatever the cloud says."""

from collections.abc import Awaitable, Callable, Mapping

from .clock import Clock
from .models import (
    Device,
    DeviceList,
    DevicePage,
    EventHistory,
    EventPage,
    EventRecord,
    Page,
    Product,
    Project,
)

PAGE_SIZE = 100
PAGE_SIZE_OF_ACCOUNT = 50

_MOST_PAGES = 1000
_MOST_PAGES_OF_ACCOUNT = 200
_MOST_PAGES_OF_EVENTS = 20


async def read_devices(
    read_page: Callable[[int], Awaitable[DevicePage]],
    *,
    enough: int | None = None,
    first: DevicePage | None = None,
    wanted: str | None = None,
) -> DeviceList:
    """Return the devices that a page has from each offset on.

    Ends with as many as are enough or with the wanted one, at `Total`, at a page that
    brings nothing new or after 1,000 pages.
    """
    devices: dict[str, Device] = {}
    unusable: dict[str, None] = {}
    for offset in range(0, _MOST_PAGES * PAGE_SIZE, PAGE_SIZE):
        known = len(devices) + len(unusable)
        page = first or await read_page(offset)
        first = None
        devices.update((device.name, device) for device in page.devices)
        unusable |= dict.fromkeys(page.unusable)
        end = page.total if enough is None else min(page.total, enough)
        if (
            offset + PAGE_SIZE >= end
            or len(devices) + len(unusable) == known
            or wanted in devices
        ):
            break
    return DeviceList(devices=devices, total=page.total, unusable=tuple(unusable))


async def read_items[ItemT: Product | Project](
    read_page: Callable[[int], Awaitable[Page[ItemT]]],
) -> Mapping[str, ItemT]:
    """Return what an account has in the pages from each offset on, by the ids.

    Ends at `Total`, at a page that brings nothing new or after 200 pages. How many items
    the cloud sends at most is not documented, so that a page begins where the one before
    it ended.
    """
    items: dict[str, ItemT] = {}
    others: set[str] = set()
    offset = 0
    for _ in range(_MOST_PAGES_OF_ACCOUNT):
        known = len(items) + len(others)
        page = await read_page(offset)
        items.update(page.items)
        others.update(page.others)
        offset += len(page.items) + len(page.others)
        if offset >= page.total or len(items) + len(others) == known:
            break
    return items


async def read_events(
    read_page: Callable[[str], Awaitable[EventPage]], clock: Clock
) -> EventHistory:
    """Return the events that a page has from each context on, the oldest first.

    Ends at `Total`, at a page that is not full, without a new context or after 20 pages.
    """
    events: dict[tuple[str, int, str], EventRecord] = {}
    contexts: set[str] = set()
    context, count, read_at = "", 0, 0
    for _ in range(_MOST_PAGES_OF_EVENTS):
        page = await read_page(context)
        # What the first page cannot have is later, whenever the others were read.
        read_at = read_at or int(clock.cloud_now() * 1000)
        for event in page.events:
            key = (event.event_id, event.occurred_at, event.data)
            events.setdefault(key, event)
        count += page.count
        contexts.add(context)
        context = page.context
        is_end = page.total is not None and count >= page.total
        if is_end or page.count < PAGE_SIZE or context in contexts:
            break
    ordered = sorted(events.values(), key=lambda event: event.occurred_at)
    return EventHistory(events=tuple(ordered), read_at=read_at)
