"""Keeping actions and writes waiting in the emulated cloud."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Container
from typing import Any

from homeassistant.core import HomeAssistant

from .helpers import ASYNC, SYNC, Cloud, button
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, JournalEntry

WRITE = "ControlDeviceData"
# What has not arrived by then never will.
_MOST_SECONDS = 30


class Gate:
    """Keeps what is done to devices of a product waiting until it is let through."""

    def __init__(
        self,
        cloud: Cloud,
        product_id: str = "LAMP202611",
        calls: Container[str] = (ASYNC, SYNC, WRITE),
    ) -> None:
        """Let nothing through yet."""
        self._product_id = product_id
        self._calls = calls
        self._is_open = False
        self._arrived: asyncio.Queue[str] = asyncio.Queue()
        self._kept: defaultdict[str, deque[asyncio.Event]] = defaultdict(deque)
        cloud.emulator.gate = self._wait

    async def _wait(self, entry: JournalEntry) -> None:
        """Note what arrives, and keep it waiting if it is for the product."""
        if entry.call not in self._calls:
            return
        name = entry.parameters["DeviceName"]
        if self._is_open or entry.parameters["ProductId"] != self._product_id:
            self._arrived.put_nowait(name)
            return
        self._kept[name].append(kept := asyncio.Event())
        self._arrived.put_nowait(name)
        await kept.wait()

    async def arrival(self, count: int = 1) -> list[str]:
        """Return the next devices for which something arrives."""
        async with asyncio.timeout(_MOST_SECONDS):
            return [await self._arrived.get() for _ in range(count)]

    def let(self, name: str) -> None:
        """Let through what has waited the longest for a device."""
        self._kept[name].popleft().set()

    def open(self) -> None:
        """Let all through, now and later."""
        self._is_open = True
        for waiting in self._kept.values():
            for kept in waiting:
                kept.set()


def call(
    hass: HomeAssistant, action: str, *devices: str, waits: bool = False
) -> asyncio.Task[Any]:
    """Begin to call a service."""
    product_id = "LAMP202611" if action in ("blink", "echo") else "FEEDER2026"
    data = {
        "device_id": [f"{product_id}/{name}" for name in devices],
        "wait_for_reply": waits,
    }
    return hass.async_create_task(
        hass.services.async_call(
            DOMAIN, f"{product_id.lower()}_{action}", data, blocking=True
        )
    )


def add_lamps(cloud: Cloud, count: int, name: str = "lamp") -> list[str]:
    """Add lamps to the emulated cloud and return their names."""
    names = [f"{name}-{index}" for index in range(count)]
    lamps = cloud.emulator.products["LAMP202611"].devices
    lamps |= {name: EmulatedDevice(name=name) for name in names}
    return names


def tap(hass: HomeAssistant) -> asyncio.Task[Any]:
    """Begin to press the button of a feeder."""
    feed = button(hass, "FEEDER2026/kitchen-feeder/feed")
    return hass.async_create_task(
        hass.services.async_call("button", "press", {"entity_id": feed}, blocking=True)
    )
