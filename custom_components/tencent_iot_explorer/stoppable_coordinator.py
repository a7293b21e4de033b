"""A coordinator that can end while the entry that it belongs to goes on."""

import asyncio
from datetime import timedelta
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator


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

    @callback
    def async_read(self) -> None:
        """Read what is due, in background: a cloud that hangs holds up nobody."""
        assert self.config_entry
        if self._reading:
            self._reading.cancel()
        self._reading = self.config_entry.async_create_background_task(
            self.hass, self.async_refresh(), f"{self.name} - reading"
        )
