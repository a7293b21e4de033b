"""The cheapest way to read what the cloud tells of a product's devices."""

import asyncio
from collections.abc import Mapping, Sequence
import math

from .api.client import PAGE_SIZE, TencentIotClient
from .api.errors import BrokenReplyError, TencentIotError, UnknownDeviceError
from .api.models import Device, DeviceList

_MOST_AT_ONCE = 5


class DeviceReader:
    """Reads the devices of one product by as few requests as can be."""

    def __init__(self, client: TencentIotClient, product_id: str) -> None:
        """Begin without knowing how many devices the product has."""
        self._client = client
        self._product_id = product_id
        self._total: int | None = None

    async def async_read_all(self) -> Mapping[str, Device]:
        """Return all devices; a list that is not complete is a broken reply."""
        listed = await self._async_list()
        if not listed.is_complete:
            raise BrokenReplyError("the device list is not complete")
        return listed.devices

    async def async_read(self, names: Sequence[str]) -> Mapping[str, Device]:
        """Return those of the named devices that exist.

        Costs one request for each device or one for each 100 devices of the product,
        whichever is less; while nobody knows how many it has, more than one is listed.
        """
        pages = 1 if self._total is None else max(1, math.ceil(self._total / PAGE_SIZE))
        if len(names) <= pages:
            return await self._async_describe(names)
        devices = await self.async_read_all()
        return {name: devices[name] for name in names if name in devices}

    async def _async_list(self) -> DeviceList:
        """Return the product's list and keep how many devices it has."""
        listed = await self._client.get_device_list(self._product_id)
        self._total = listed.total
        return listed

    async def _async_describe(self, names: Sequence[str]) -> Mapping[str, Device]:
        """Return each device by a request of its own; the first failure is raised."""
        places = asyncio.Semaphore(_MOST_AT_ONCE)

        async def async_describe(name: str) -> Device | TencentIotError:
            """Return one device, or why it cannot be read."""
            async with places:
                try:
                    return await self._client.describe_device(self._product_id, name)
                except TencentIotError as err:
                    return err

        results = await asyncio.gather(*(async_describe(name) for name in names))
        devices: dict[str, Device] = {}
        for name, result in zip(names, results, strict=True):
            if isinstance(result, Device):
                devices[name] = result
            elif not isinstance(result, UnknownDeviceError):
                raise result
        return devices
