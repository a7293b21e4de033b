"""A coordinator that can end while the entry that it belongs to goes on."""

import asyncio
from collections.abc import AsyncIterator, Container, Iterable
from datetime import timedelta
from itertools import batched
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

# More would hold up all of Home Assistant for too long.
_AT_ONCE = 50


class StoppableCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """Reads in background, and ends all that goes on for it when it is stopped."""

    def __init__(
        self,
        hass: HomeAssistant,
        logger: logging.Logger,
        *,
        config_entry: ConfigEntry,
        name: str,
        update_interval: timedelta,
    ) -> None:
        """Begin with nothing to end."""
        super().__init__(
            hass,
            logger,
            # The entry would keep each coordinator that it is given until it is unloaded.
            config_entry=None,
            name=name,
            update_interval=update_interval,
        )
        self.config_entry = config_entry
        self._on_stop: list[CALLBACK_TYPE] = []
        self._reading: asyncio.Task[None] | None = None

    @property
    def is_stopped(self) -> bool:
        """Return whether it has ended."""
        return self._shutdown_requested

    @callback
    def async_on_stop(self, job: CALLBACK_TYPE) -> None:
        """Do something when it is stopped."""
        self._on_stop.append(job)

    async def async_stop(self) -> None:
        """End all that goes on."""
        await self.async_shutdown()
        if self._reading:
            self._reading.cancel()
        while self._on_stop:
            self._on_stop.pop()()

    async def async_in_batches[ItemT](
        self, items: Iterable[ItemT], at_once: int | None = None
    ) -> AsyncIterator[tuple[ItemT, ...]]:
        """Yield batches until it is stopped; after each, others have their turn.

        Whatever was true of an item when this began may have changed since.
        """
        for batch in batched(items, at_once or _AT_ONCE, strict=False):
            if self.is_stopped:
                return
            yield batch
            await asyncio.sleep(0)

    @callback
    def async_tell(self, contexts: Container[object]) -> None:
        """Tell those who listen to one of these, if they still do when it is their turn."""
        assert self.config_entry
        due = [
            (key, update_callback)
            for key, (update_callback, context) in self._listeners.items()
            if context in contexts
        ]

        async def async_tell_all() -> None:
            """Tell one after the other."""
            async for batch in self.async_in_batches(due):
                for key, update_callback in batch:
                    if key in self._listeners:
                        update_callback()

        self.config_entry.async_create_task(self.hass, async_tell_all())

    @callback
    def async_read(self) -> None:
        """Read what is due, in background: a cloud that hangs holds up nobody."""
        assert self.config_entry
        if self._reading:
            self._reading.cancel()
        self._reading = self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{self.name} - reading"
        )
