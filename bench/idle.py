"""An hour in which nobody does anything, in simulated time: requests, and time per poll."""

import asyncio
import selectors
import sys
import time
from typing import override

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.runner import configure_event_loop

from .blocks import watch_blocks
from .fleet import DOOR_DEVICES, DOORS, LARGE, LARGE_DEVICES, device_names
from .home import add_application, product, run
from .process import output_of
from .report import Row, rows_from_text, rows_to_text
from .setup_once import ask

HOUR = 3600
PAGES = LARGE_DEVICES // 100
ALL = "all"
WITH_PROPERTIES = "properties"
# How many requests a poll may take, by how many devices are chosen.
CASES = {"1": 1, "10": 10, str(LARGE_DEVICES): PAGES, ALL: PAGES, WITH_PROPERTIES: 1}
# Each minute properties, each other minute events.
READINGS = DOOR_DEVICES * (HOUR // 60 + HOUR // 120)


class Warp(selectors.DefaultSelector):
    """Lets time jump to the next timer whenever nothing is under way."""

    def __init__(self) -> None:
        """Begin with the true time."""
        super().__init__()
        self.session_of: HomeAssistant | None = None
        self._monotonic = time.monotonic
        self._ahead = 0.0

    def now(self) -> float:
        """Return the time, which runs ahead of the true one."""
        return self._monotonic() + self._ahead

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, without waiting for timers if time may jump."""
        if timeout is None or timeout <= 0 or not self._may_jump():
            return super().select(timeout)
        # Executors and other processes get a moment for what they are about to send.
        ready = super().select(min(timeout, 0.002))
        if not ready and self._may_jump():
            self._ahead += max(0.0, timeout - 0.002)
        return ready

    def _may_jump(self) -> bool:
        """Return whether no request is under way."""
        if self.session_of is None:
            return False
        connector = async_get_clientsession(self.session_of).connector
        return connector is not None and not connector._acquired


async def measure(hass: HomeAssistant, warp: Warp, case: str, cloud: str) -> list[Row]:
    """Return what an hour and a poll of one product take."""
    entry = await add_application(hass, f"{cloud}/0/api", settings(case))
    (configured,) = entry.runtime_data.products.values()
    coordinator = configured.devices
    async with watch_blocks() as blocks:
        await coordinator.async_refresh()
    await ask(hass, cloud, "counts")
    polls = 0
    update_listeners = coordinator.async_update_listeners

    def count() -> None:
        """Count a poll."""
        nonlocal polls
        polls += 1
        update_listeners()

    coordinator.async_update_listeners = count
    warp.session_of = hass
    await asyncio.sleep(HOUR)
    await hass.async_block_till_done()
    warp.session_of = None
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
    busy = Row(
        group="idle hour",
        name=f"{name_of(case)}: event loop per poll",
        value=blocks.busy * 1000,
        unit="ms",
    )
    return [requests, busy]


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


def once(cloud: str, case: str) -> list[Row]:
    """Return the rows of one case."""
    warp = Warp()
    time.monotonic = warp.now

    def loop() -> asyncio.AbstractEventLoop:
        """Return an event loop of which the time can jump."""
        made = asyncio.SelectorEventLoop(warp)
        configure_event_loop(made)
        # Home Assistant has put the true time in its place.
        made.time = warp.now
        return made

    return run(lambda hass: measure(hass, warp, case, cloud), loop_factory=loop)


def main(cloud: str) -> None:
    """Print the rows, each measured in a process of its own."""
    rows: list[Row] = []
    for case in CASES:
        rows += rows_from_text(output_of("idle", cloud, case))
    print(rows_to_text(rows))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(rows_to_text(once(sys.argv[1], sys.argv[2])))
    else:
        main(sys.argv[1])
