"""Lists that are read page by page, each with an end whatever the cloud says."""

from collections.abc import Awaitable, Callable, Mapping

from .models import Device, DeviceList, DevicePage, Page, Product, Project

PAGE_SIZE = 100
PAGE_SIZE_OF_ACCOUNT = 50

_MOST_PAGES = 1000
_MOST_PAGES_OF_ACCOUNT = 200


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
