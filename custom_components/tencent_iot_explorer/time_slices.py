"""Work on many items in slices of time, between which all others have their turn."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from time import monotonic

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

# In seconds. More would hold up all of Home Assistant for too long.
SLICE = 0.005


class _TimeSlice:
    """What all work of this integration together may take of one turn of the event loop."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with a turn in which nothing has been done yet."""
        self._loop = hass.loop
        self._ends_at: float | None = None

    @callback
    def is_over(self) -> bool:
        """Return whether others should have their turn; it begins when asked first."""
        now = monotonic()
        if self._ends_at is None:
            self._ends_at = now + SLICE
            self._loop.call_soon(self._end)
        return now >= self._ends_at

    @callback
    def _end(self) -> None:
        """Begin anew in the next turn."""
        self._ends_at = None


_TIME_SLICE: HassKey[_TimeSlice] = HassKey(f"{DOMAIN}.time_slice")


async def async_in_slices[ItemT](
    hass: HomeAssistant, items: Iterable[ItemT]
) -> AsyncIterator[ItemT]:
    """Yield items; whenever a slice of time is over, others have their turn first.

    Whatever was true of an item when this began may have changed since.
    """
    if (time_slice := hass.data.get(_TIME_SLICE)) is None:
        time_slice = hass.data[_TIME_SLICE] = _TimeSlice(hass)
    for item in items:
        if time_slice.is_over():
            await asyncio.sleep(0)
            # The next slice begins now, so that this item is part of it.
            time_slice.is_over()
        yield item
