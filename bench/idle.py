"""An hour in which nobody does anything, in simulated time: requests, and time per poll."""

import asyncio
from statistics import median
import sys
import time
from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .ask import ask
from .blocks import watch_blocks
from .fleet import DOOR_DEVICES, DOORS, LARGE, LARGE_DEVICES, device_names
from .home import add_application, product
from .process import output_of
from .report import Row, rows_from_text, rows_to_text
from .warp import Warp
from custom_components.tencent_iot_explorer.account.session import cloud_session

HOUR = 3600
PAGES = LARGE_DEVICES // 100
ALL = "all"
WITH_PROPERTIES = "properties"
# How many requests a poll may take, by how many devices are chosen.
CASES = {"1": 1, "10": 10, str(LARGE_DEVICES): PAGES, ALL: PAGES, WITH_PROPERTIES: 1}
# In milliseconds of the processor: what a poll may hold up all else for.
MOST_BUSY = {"1": 1, "10": 4, str(LARGE_DEVICES): 20, ALL: 20, WITH_PROPERTIES: 4}
POLLS = 5
# Each minute properties, each other minute events.
READINGS = DOOR_DEVICES * (HOUR // 60 + HOUR // 120)


async def measure(hass: HomeAssistant, warp: Warp, cloud: str, case: str) -> str:
    """Return the rows of what an hour and a poll of one product take."""
    warp.sessions = (cloud_session(hass), async_get_clientsession(hass))
    entry = await add_application(hass, f"{cloud}/0/api", settings(case))
    (configured,) = entry.runtime_data.products.values()
    coordinator = configured.devices
    # Else entities are still being added meanwhile.
    await hass.async_block_till_done(wait_background_tasks=True)
    busy = [await busy_of_poll(coordinator) for _ in range(POLLS)]
    await ask(hass, cloud, "counts")
    polls = 0
    update_listeners = coordinator.async_update_listeners

    def count() -> None:
        """Count a poll."""
        nonlocal polls
        polls += 1
        update_listeners()

    coordinator.async_update_listeners = count
    await asyncio.sleep(HOUR)
    await hass.async_block_till_done()
    warp.sessions = ()
    counts = await ask(hass, cloud, "counts")
    expected = polls * CASES[case] + 1
    against = f"{polls} polls of {CASES[case]} and one template"
    if case == WITH_PROPERTIES:
        expected += READINGS
        against += f", {READINGS} readings"
    requests = Row(
        group="idle hour",
        name=f"{name_of(case)}: requests",
        value=sum(counts.values()),
        unit="",
        ratio=sum(counts.values()) / expected,
        against=against,
        # After the start each device is read once more.
        target=1.02 if case == WITH_PROPERTIES else 1.0,
    )
    per_poll = Row(
        group="idle hour",
        name=f"{name_of(case)}: processor time per poll",
        value=median(busy) * 1000,
        unit="ms",
        target=MOST_BUSY[case],
    )
    return rows_to_text([requests, per_poll])


async def busy_of_poll(coordinator: DataUpdateCoordinator[Any]) -> float:
    """Return the processor seconds of the event loop in which a poll is made."""
    async with watch_blocks(time.thread_time) as blocks:
        await coordinator.async_refresh()
    return blocks.busy


def settings(case: str) -> ConfigSubentryData:
    """Return the configured product of a case."""
    if case == WITH_PROPERTIES:
        return product(DOORS, device_names(DOOR_DEVICES), use_properties=True)
    if case == ALL:
        return product(LARGE, all_devices=True)
    return product(LARGE, device_names(int(case)))


def name_of(case: str) -> str:
    """Return how a case is called in the table."""
    if case == WITH_PROPERTIES:
        return f"{DOOR_DEVICES} devices with properties and an event"
    chosen = "all devices" if case == ALL else f"{case} chosen"
    return f"{chosen} of {LARGE_DEVICES}"


def main(cloud: str) -> None:
    """Print the rows, each measured in a process of its own."""
    rows: list[Row] = []
    for case in CASES:
        rows += rows_from_text(output_of("warp", "idle", cloud, case))
    print(rows_to_text(rows))


if __name__ == "__main__":
    main(sys.argv[1])
