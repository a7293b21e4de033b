"""When whatever reads devices comes back to what is due."""

from datetime import datetime
import math

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later


class Alarm:
    """Calls `come` at the time that it was set to last, by the clock of the loop.

    `now` is not before any time that it was set to and that has come: the timers of the
    loop may be early by a moment.
    """

    def __init__(self, hass: HomeAssistant, name: str, come: CALLBACK_TYPE) -> None:
        """Be set to nothing."""
        self._hass = hass
        self._come = come
        self._latest = 0.0
        self._at = math.inf
        self._cancel: CALLBACK_TYPE | None = None
        self._job = HassJob(self._async_come, name, cancel_on_shutdown=True)

    @property
    def now(self) -> float:
        """Return the time in seconds."""
        self._latest = max(self._latest, self._hass.loop.time())
        return self._latest

    @callback
    def async_set(self, at: float) -> None:
        """Come at another time, never if it is infinity."""
        self.async_cancel()
        if math.isfinite(at):
            self._at = at
            self._cancel = async_call_later(self._hass, at - self.now, self._job)

    @callback
    def async_cancel(self) -> None:
        """Do not come."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _async_come(self, now: datetime) -> None:
        """Come."""
        self._cancel = None
        self._latest = max(self._latest, self._at)
        self._come()
