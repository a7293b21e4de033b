"""Which events of a device are known, so that none is new twice."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import itemgetter

from ..api import EventHistory, EventRecord

# In milliseconds. Nothing older is found, because devices keep events for a day.
KEPT_FOR = 25 * 3600 * 1000
# The cloud refuses times of devices that are further off.
LATEST = 24 * 3600 * 1000
_MOST_KEPT = 1000
_OVERLAP = 120
# By how much the times may differ that a push and the cloud's list give one event.
_ALIKE = 30 * 1000

type KeyOf = Callable[[EventRecord], str]


@dataclass(kw_only=True, slots=True)
class EventMemory:
    """The events of one type that a device was known to have, by their keys.

    All times are in milliseconds since 1970, by the clock of the cloud or the device.
    What was before `since` is never new; it is the time of the first reading, or later
    where more than can be kept was forgotten, and 0 before the first reading.

    `seen` are those that were read. A push that came for one of them has its time in
    `matched`, by the same key; those that nothing read stands for yet are `pushed`, by
    their key without a time, because several may be alike. A push by a device's clock has
    the time of its message in `sent`, by its own: nobody knows which of them the cloud
    keeps. `turn` is for whoever shows some of them.
    """

    since: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    matched: dict[str, int] = field(default_factory=dict)
    pushed: dict[str, list[int]] = field(default_factory=dict)
    sent: dict[int, int] = field(default_factory=dict, compare=False)
    read_at: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False)

    @property
    def is_read(self) -> bool:
        """Return whether there was a first reading."""
        return self.since > 0

    @property
    def count(self) -> int:
        """Return how many events are kept."""
        return len(self.seen) + sum(map(len, self.pushed.values()))

    @property
    def start(self) -> int:
        """Return since when to read on, in seconds; 0 stands for the last day."""
        newest = max(
            (moment for moment in self.seen.values() if moment <= self.read_at),
            default=self.since,
        )
        newest = max(newest, self.since)
        if not self.is_read or newest < self.read_at - KEPT_FOR:
            return 0
        return newest // 1000 - _OVERLAP

    def take(self, history: EventHistory, key_of: KeyOf) -> Mapping[str, EventRecord]:
        """Remember what was read, and return what of it is new, the oldest first.

        By the first reading nothing is, nor does a device whose clock is fast put off what
        comes.
        """
        self.read_at = history.read_at
        is_first = not self.is_read
        if is_first:
            newest = (event.occurred_at for event in history.events)
            self.since = min(max(newest, default=self.read_at), self.read_at)
        self.since = min(self.since, self.read_at + LATEST)
        first = 0 if is_first else max(self.since, self.read_at - KEPT_FOR)
        new: dict[str, EventRecord] = {}
        for event in sorted(history.events, key=lambda event: event.occurred_at):
            key = key_of(event)
            if event.occurred_at >= first and key not in self.seen:
                self.seen[key] = event.occurred_at
                if not self._was_pushed(key, event, key_of) and not is_first:
                    new[key] = event
        self._keep_bounded()
        return new

    def take_pushed(
        self, event: EventRecord, key_of: KeyOf
    ) -> Mapping[str, EventRecord]:
        """Remember what was pushed, and return it if it is new."""
        at = event.occurred_at
        sent_at = at if event.sent_at is None else event.sent_at
        if sent_at != at:
            self.sent[at] = sent_at
        if max(at, sent_at) < self.since - _ALIKE or self._pair(event, key_of):
            return {}
        key = _undated(event, key_of)
        self.pushed.setdefault(key, []).append(at)
        self._keep_bounded()
        return {key: event}

    def forget(self, events: Mapping[str, EventRecord]) -> None:
        """Let events be new again, but for pushed ones that were read meanwhile."""
        for key, event in events.items():
            self._drop_seen(key)
            self._drop_pushed(key, event.occurred_at)

    def _was_pushed(self, key: str, event: EventRecord, key_of: KeyOf) -> bool:
        """Return whether a push was for an event that is read now for the first time.

        If so, there is one for each of those alike that had one before, too.
        """
        undated = _undated(event, key_of)
        if not (free := self.pushed.get(undated)):
            return False
        matched = sorted(
            (moment, item)
            for item, push in self.matched.items()
            for moment in self._moments_of(push)
        )
        before: dict[str, str | None] = {}
        takers: list[tuple[str, str | None]] = [(key, None)]
        for taker, other in takers:
            before[taker] = other
            at = self.seen[taker]
            distance, push = min((self._distance(push, at), push) for push in free)
            if distance <= _ALIKE:
                self._drop_pushed(undated, push)
                self._hand_on(push, taker, before)
                return True
            takers += [
                (item, taker)
                for _, item in _take_near(matched, at)
                if item not in before
                and key_of(replace(event, occurred_at=self.seen[item])) == item
            ]
        return False

    def _pair(self, push: EventRecord, key_of: KeyOf) -> bool:
        """Find one that was read for a push, and return whether there is one.

        If all that it could be for have a push, one of them may have another instead: of
        two in half a minute that are alike, nobody can say which is which.
        """
        read = sorted((moment, key) for key, moment in self.seen.items())
        before: dict[str, str | None] = {}
        pushes: list[tuple[int, str | None]] = [(push.occurred_at, None)]
        for one, holder in pushes:
            for moment, key in self._take_near_push(read, one):
                if key_of(replace(push, occurred_at=moment)) != key:
                    continue
                before[key] = holder
                if key in self.matched:
                    pushes.append((self.matched[key], key))
                    continue
                while holder is not None:
                    self.matched[key] = self.matched[holder]
                    key, holder = holder, before[holder]
                self.matched[key] = push.occurred_at
                return True
        return False

    def _moments_of(self, push: int) -> Iterator[int]:
        """Yield when an event was that was pushed, by one clock and the other."""
        yield push
        if push in self.sent:
            yield self.sent[push]

    def _distance(self, push: int, at: int) -> int:
        """Return how far a push is from some time, by the clock that is nearer."""
        return min(abs(moment - at) for moment in self._moments_of(push))

    def _take_near_push(
        self, read: list[tuple[int, str]], push: int
    ) -> list[tuple[int, str]]:
        """Take what is near a push out of sorted moments."""
        return [
            item
            for moment in self._moments_of(push)
            for item in _take_near(read, moment)
        ]

    def _hand_on(
        self, push: int, key: str | None, before: Mapping[str, str | None]
    ) -> None:
        """Give a push to one that was read, and the one it had to the one before it."""
        while key is not None:
            had = self.matched.get(key, push)
            self.matched[key] = push
            push, key = had, before[key]

    def _drop_seen(self, key: str) -> None:
        """Forget one that was read, and the push for it."""
        self.seen.pop(key, None)
        self.matched.pop(key, None)

    def _drop_pushed(self, undated: str, moment: int) -> None:
        """Forget one push."""
        moments = self.pushed.get(undated, [])
        if moment in moments:
            moments.remove(moment)
        if not moments:
            self.pushed.pop(undated, None)

    def _keep_bounded(self) -> None:
        """Forget events that are too old or too many, each with the push for it.

        What is forgotten must not be new again, whatever time the cloud says it is.
        """
        oldest = self.read_at - KEPT_FOR
        for key, moment in _surplus(list(self.seen.items()), oldest):
            self._drop_seen(key)
            self.since = max(self.since, moment + 1)
        pushed = [
            (undated, moment)
            for undated, moments in self.pushed.items()
            for moment in moments
        ]
        for undated, moment in _surplus(pushed, oldest - _ALIKE):
            self._drop_pushed(undated, moment)
            self.since = max(self.since, moment + _ALIKE + 1)
        if self.sent:
            kept = {*self.matched.values(), *(moment for _, moment in pushed)}
            self.sent = {push: at for push, at in self.sent.items() if push in kept}


def _surplus(events: list[tuple[str, int]], oldest: int) -> Iterator[tuple[str, int]]:
    """Yield what of events is too old or too many, the oldest first."""
    events.sort(key=lambda event: event[1])
    most = len(events) - _MOST_KEPT
    for number, event in enumerate(events):
        if number >= most and event[1] >= oldest:
            return
        yield event


def _take_near(moments: list[tuple[int, str]], at: int) -> list[tuple[int, str]]:
    """Take what is near some time out of sorted moments, the nearest first."""
    start = bisect_left(moments, at - _ALIKE, key=itemgetter(0))
    end = bisect_right(moments, at + _ALIKE, key=itemgetter(0))
    near = moments[start:end]
    del moments[start:end]
    return sorted(near, key=lambda item: abs(item[0] - at))


def _undated(event: EventRecord, key_of: KeyOf) -> str:
    """Return what all events are known by that differ in nothing but their time."""
    return key_of(replace(event, occurred_at=0))
