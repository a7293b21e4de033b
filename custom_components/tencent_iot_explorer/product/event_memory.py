"""Which events of a device are known, so that none is new twice."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from ..api import EventHistory, EventRecord

# In milliseconds. Nothing older is found, because devices keep events for a day.
KEPT_FOR = 25 * 3600 * 1000
# The cloud refuses times of devices that are further off.
_DAY = 24 * 3600 * 1000
_MOST_KEPT = 1000
_OVERLAP = 120

type KeyOf = Callable[[EventRecord], str]


@dataclass(kw_only=True, slots=True)
class EventMemory:
    """The events of one type that a device was known to have, by their keys.

    All times are in milliseconds since 1970, by the clock of the cloud or the device.
    What was before `since` is never new; it is the time of the first reading, or later
    where more than can be kept was forgotten.
    """

    since: int
    seen: dict[str, int] = field(default_factory=dict)
    read_at: int = 0

    @classmethod
    def of_first(cls, history: EventHistory, key_of: KeyOf) -> Self:
        """Return what is known after the first reading, by which nothing is new.

        A device whose clock is fast does not put off what comes.
        """
        newest = max((event.occurred_at for event in history.events), default=None)
        read_at = history.read_at
        memory = cls(
            since=read_at if newest is None else min(newest, read_at), read_at=read_at
        )
        memory._keep({key_of(event): event for event in history.events})
        return memory

    @property
    def start(self) -> int:
        """Return since when to read on, in seconds; 0 stands for the last day."""
        newest = max(
            (moment for moment in self.seen.values() if moment <= self.read_at),
            default=self.since,
        )
        newest = max(newest, self.since)
        if newest < self.read_at - KEPT_FOR:
            return 0
        return newest // 1000 - _OVERLAP

    def take(self, history: EventHistory, key_of: KeyOf) -> Mapping[str, EventRecord]:
        """Remember what was read, and return what of it is new, the oldest first."""
        self.read_at = history.read_at
        self.since = min(self.since, history.read_at + _DAY)
        first = max(self.since, history.read_at - KEPT_FOR)
        events = sorted(history.events, key=lambda event: event.occurred_at)
        new = {
            key: event
            for event in events
            for key in [key_of(event)]
            if event.occurred_at >= first and key not in self.seen
        }
        self._keep(new)
        return new

    def forget(self, keys: Iterable[str]) -> None:
        """Let events be new again."""
        for key in keys:
            self.seen.pop(key, None)

    def _keep(self, new: Mapping[str, EventRecord]) -> None:
        """Remember events, and forget those that are too old or too many.

        What is forgotten must not be new again, whatever time the cloud says it is.
        """
        self.seen |= {key: event.occurred_at for key, event in new.items()}
        by_age = sorted(self.seen.items(), key=lambda item: item[1])
        most = len(by_age) - _MOST_KEPT
        for number, (key, moment) in enumerate(by_age):
            if number >= most and moment >= self.read_at - KEPT_FOR:
                break
            del self.seen[key]
            self.since = max(self.since, moment + 1)
