"""What a few devices have reported, as far as it suggests settings of their product."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from homeassistant.util import dt as dt_util

from ..account.request_counts import Origin
from ..api import (
    DataTemplate,
    Device,
    DeviceStatus,
    Report,
    TencentIotClient,
    TencentIotError,
    Timestamp,
    TimestampUnit,
    is_of,
    reported_unit,
)
from ..const import CONF_SLEEPS, CONF_TIMESTAMP_UNIT

_MOST_READ_OF_EACH_STATUS = 2
# The cloud takes longer to notice that a device was only switched off: one and a half times
# the four minutes in which devices show that they are there.
_JUST_REPORTED = timedelta(minutes=5)


async def async_suggest(
    client: TencentIotClient,
    product_id: str,
    template: DataTemplate,
    devices: Mapping[str, Device],
) -> dict[str, Any]:
    """Return settings by what devices show, of which few are read.

    A failure shows nothing. Devices by LoRa always sleep.
    """

    async def async_read(device: Device) -> Mapping[str, Report]:
        """Return what a device reported last."""
        try:
            data = await client.describe_device_data(
                product_id, device.name, origin=Origin.DIALOG
            )
        except TencentIotError:
            return {}
        return data.reports

    chosen = list(_to_read(devices.values()))
    reports = await asyncio.gather(*map(async_read, chosen))
    return {
        CONF_TIMESTAMP_UNIT: _unit(template, reports).value,
        CONF_SLEEPS: any(device.is_lora for device in devices.values())
        or any(
            device.status is DeviceStatus.OFFLINE and _has_just_reported(reported)
            for device, reported in zip(chosen, reports, strict=True)
        ),
    }


def _to_read(devices: Collection[Device]) -> Iterator[Device]:
    """Yield a few devices that can have reported something."""
    for status in (DeviceStatus.ONLINE, DeviceStatus.OFFLINE):
        having = (device for device in devices if device.status is status)
        yield from islice(having, _MOST_READ_OF_EACH_STATUS)


def _unit(
    template: DataTemplate, reports: Iterable[Mapping[str, Report]]
) -> TimestampUnit:
    """Return the unit of the first time stamp that was reported, else the usual one."""
    declared = [item for item in template.properties.values() if is_of(item, Timestamp)]
    units = (
        reported_unit(reported[item.id].value)
        for reported in reports
        for item in declared
        if item.id in reported
    )
    return next(filter(None, units), TimestampUnit.SECONDS)


def _has_just_reported(reported: Mapping[str, Report]) -> bool:
    """Return whether a device was there a moment ago."""
    since = dt_util.utcnow() - _JUST_REPORTED
    return any(
        report.reported_at >= since.timestamp() * 1000 for report in reported.values()
    )
