"""What came of the messages that were pushed to an entry, whether it is loaded or not."""

import asyncio
from collections import Counter
from datetime import date, datetime
from enum import StrEnum

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN


class MessageOutcome(StrEnum):
    """What came of a message.

    A repeated one came before, an ignored one says nothing of use here, and a refused one
    is not signed as it must be, or no message at all.
    """

    TAKEN = "taken"
    REPEATED = "repeated"
    IGNORED = "ignored"
    REFUSED = "refused"


class Traffic:
    """How many messages of today, since the start, came to what.

    `reached` is set whenever the cloud reaches us, by a message or by its handshake.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.last_taken: datetime | None = None
        self.reached = asyncio.Event()
        self._day: date | None = None
        self._counts: Counter[MessageOutcome] = Counter()

    @property
    def today(self) -> dict[MessageOutcome, int]:
        """Return how many messages of today came to what."""
        is_today = self._day == dt_util.now().date()
        return {item: self._counts[item] if is_today else 0 for item in MessageOutcome}

    @callback
    def async_note(self, outcome: MessageOutcome) -> None:
        """Count a message."""
        now = dt_util.now()
        if now.date() != self._day:
            self._day = now.date()
            self._counts.clear()
        self._counts[outcome] += 1
        if outcome is MessageOutcome.TAKEN:
            self.last_taken = now
            self.reached.set()


_TRAFFIC: HassKey[dict[str, Traffic]] = HassKey(f"{DOMAIN}.push_traffic")


@callback
def async_traffic(hass: HomeAssistant, entry_id: str) -> Traffic:
    """Return what came of the messages to an entry."""
    return hass.data.setdefault(_TRAFFIC, {}).setdefault(entry_id, Traffic())


@callback
def async_forget_traffic(hass: HomeAssistant, entry_id: str) -> None:
    """Let go of it: the entry is removed."""
    hass.data.get(_TRAFFIC, {}).pop(entry_id, None)
