"""The cheapest way to read the states of a product's devices."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
import math

from ..account.request_counts import Origin
from ..api import (
    PAGE_SIZE,
    Device,
    DevicePage,
    TencentIotClient,
    TencentIotError,
    UnknownDeviceError,
)

_MOST_AT_ONCE = 5


def pages_of(total: int) -> int:
    """Return how many requests list a product that has so many devices, at least one."""
    return max(1, math.ceil(total / PAGE_SIZE))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Devices by name; if it is complete, one that is missing does not exist.

    `unusable` are the names of listed devices whose name is no DeviceName.
    """

    devices: Mapping[str, Device]
    is_complete: bool
    unusable: tuple[str, ...] = ()

    def applied_to(self, known: Mapping[str, Device]) -> Mapping[str, Device]:
        """Return what is known of the devices after what was known before."""
        return {**({} if self.is_complete else known), **self.devices}


class DeviceReader:
    """Reads the devices of one product by as few requests as can be."""

    def __init__(
        self, client: TencentIotClient, product_id: str, total: int | None
    ) -> None:
        """Begin with how many devices the product had at last, if anybody knows."""
        self._client = client
        self._product_id = product_id
        self.total = total

    async def async_read_all(self, first: DevicePage | None = None) -> Reading:
        """Return all devices."""
        listed = await self._client.get_device_list(
            self._product_id, first=first, origin=Origin.POLL
        )
        self.total = listed.total
        return Reading(
            devices=listed.devices,
            is_complete=listed.is_complete,
            unusable=listed.unusable,
        )

    async def async_read(self, names: Sequence[str]) -> Reading:
        """Return those of the named devices that exist.

        Costs one request for each device or one for each 100 devices of the product,
        whichever is less; while nobody knows how many it has, a page is read first, and
        only what is not on it costs more.
        """
        first: DevicePage | None = None
        listed: dict[str, Device] = {}
        if self.total is None and len(names) > 1:
            first = await self._client.get_device_list_page(
                self._product_id, origin=Origin.POLL
            )
            self.total = first.total
            listed = {
                device.name: device for device in first.devices if device.name in names
            }
        others = [name for name in names if name not in listed]
        if len(others) <= pages_of(self.total or 0) - (first is not None):
            results = await async_describe(
                self._client, self._product_id, others, Origin.POLL
            )
            for name, result in results.items():
                if isinstance(result, Device):
                    listed[name] = result
                elif not isinstance(result, UnknownDeviceError):
                    raise result
            return Reading(devices=listed, is_complete=True)
        reading = await self.async_read_all(first)
        devices = {
            name: reading.devices[name] for name in names if name in reading.devices
        }
        return Reading(devices=devices, is_complete=reading.is_complete)


async def async_describe(
    client: TencentIotClient, product_id: str, names: Iterable[str], origin: Origin
) -> Mapping[str, Device | TencentIotError]:
    """Return each device by a request of its own, or why it cannot be read."""
    slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def async_try(name: str) -> tuple[str, Device | TencentIotError]:
        """Return one device with its name."""
        async with slots:
            try:
                return name, await client.describe_device(
                    product_id, name, origin=origin
                )
            except TencentIotError as err:
                return name, err

    return dict(await asyncio.gather(*map(async_try, names)))
