"""What is known of the rules of an entry in the cloud's rule engine."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from weakref import WeakValueDictionary

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..api import TencentIotError
from ..const import DOMAIN

# As long as anybody has or wants its turn, also while the entry is reloaded.
_TURNS: HassKey[WeakValueDictionary[tuple[str, str], asyncio.Lock]] = HassKey(
    f"{DOMAIN}.turns"
)


class RuleState(StrEnum):
    """How a rule was found, or left."""

    RIGHT = "right"
    # Nothing could be done yet; it is tried again.
    WAITING = "waiting"
    EDITED = "edited"
    FOREIGN = "foreign"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleStatus:
    """The state of a rule, and why it could not be made, mended or deleted."""

    state: RuleState
    failure: TencentIotError | None = None

    @property
    def in_short(self) -> str:
        """Return it as diagnostics show it."""
        if self.failure is None or self.state is not RuleState.FAILED:
            return self.state
        return f"{self.state}:{self.failure.code}"


def failed(err: TencentIotError) -> RuleStatus:
    """Return the status of a rule about which the cloud was asked in vain.

    Where the cloud has not answered, all that can be done is to wait.
    """
    return RuleStatus(
        state=RuleState.FAILED if err.code else RuleState.WAITING, failure=err
    )


@callback
def turns_of(hass: HomeAssistant, entry: ConfigEntry, work: str) -> asyncio.Lock:
    """Return what lets work of a kind be done for an entry by one after another."""
    turns = hass.data.setdefault(_TURNS, WeakValueDictionary())
    return turns.setdefault((entry.entry_id, work), asyncio.Lock())


@dataclass(kw_only=True)
class EntryRules:
    """The rules of a loaded entry by ProductId, and what keeps changes of them in order.

    `requested` and `done` number the requests to compare them with what they should be.
    """

    changes: asyncio.Lock
    requested: int = 0
    done: int = 0
    statuses: Mapping[str, RuleStatus] = field(default_factory=dict)
    retry: CALLBACK_TYPE | None = None

    @callback
    def async_cancel_retry(self) -> None:
        """Do not try again later."""
        if self.retry:
            self.retry()
            self.retry = None
