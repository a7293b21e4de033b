"""Places that callers share fairly."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from operator import attrgetter
import time


@dataclass(eq=False, slots=True)
class Share:
    """What a caller wants a place for: something that is done to one device.

    It may wait for others for so many `seconds`. It has its place when it is `placed`, and
    is then to be sent before `deadline`, by the monotonic clock.
    """

    caller: object
    seconds: float
    entered_at: float = 0
    passed_at: float | None = None
    placed: asyncio.Event = field(default_factory=asyncio.Event)
    deadline: float = 0


@dataclass(eq=False, slots=True)
class _Caller:
    """What one caller has and wants; `idle_since` is when it gave its last place back.

    In `line` are its shares in order, each with whether its device is free, as it is of
    so many that are `ready`. Those that are `urgent` go before.
    """

    shares: int = 0
    held: int = 0
    idle_since: float = 0
    ready: int = 0
    urgent: OrderedDict[Share, None] = field(default_factory=OrderedDict)
    line: OrderedDict[Share, bool] = field(default_factory=OrderedDict)

    def counts_from(self, share: Share) -> float:
        """Return since when a share has waited for others."""
        if share.passed_at is not None:
            return share.passed_at
        if self.held:
            return time.monotonic()
        return max(share.entered_at, self.idle_since)

    def next(self) -> Share:
        """Return the next share to be placed, and pass over those before it."""
        if self.urgent:
            return self.urgent.popitem(last=False)[0]
        share, is_ready = self.line.popitem(last=False)
        while not is_ready:
            share.passed_at = self.counts_from(share)
            share, is_ready = self.line.popitem(last=False)
        self.ready -= 1
        return share

    def forget(self, share: Share) -> None:
        """Let a share wait no more."""
        self.urgent.pop(share, None)
        self.ready -= self.line.pop(share, False)


class Places:
    """So many places, which callers share fairly.

    While nothing else waits, one caller may hold all of them. What becomes free goes to
    the waiting caller that holds the fewest, among equals to the one that has waited the
    longest; nothing is taken away from anybody.

    The shares of a caller go in order. One whose device is not free is passed over, and
    goes before the others as soon as it is; so does one that others wait for at its
    device. The seconds of a share are for waiting for others than its siblings: they run
    while its caller holds no place, or after it was passed over.
    """

    def __init__(self, count: int) -> None:
        """Begin with all places free."""
        self._free = count
        self._callers: dict[object, _Caller] = {}
        # Those that could use a place.
        self._waiting: OrderedDict[_Caller, None] = OrderedDict()

    def enter(self, share: Share, *, is_first: bool) -> None:
        """Let a share wait, the last of its caller's, or place it at once.

        It is only placed if it is the first at its device.
        """
        caller = self._callers.setdefault(share.caller, _Caller())
        caller.shares += 1
        share.entered_at = time.monotonic()
        caller.line[share] = is_first
        if is_first:
            caller.ready += 1
            self._waiting.setdefault(caller)
            self._hand_out()

    def hurry(self, share: Share) -> None:
        """Let a share go before its siblings, unless it has its place.

        It has become the first at its device, or others have come to wait for it there.
        """
        caller = self._callers[share.caller]
        if share.placed.is_set() or share in caller.urgent:
            return
        caller.forget(share)
        caller.urgent[share] = None
        share.passed_at = None
        self._waiting.setdefault(caller)
        self._hand_out()

    def leave(self, share: Share) -> None:
        """Take back the place of a share, or let one that waits go."""
        caller = self._callers[share.caller]
        caller.shares -= 1
        if not caller.shares:
            del self._callers[share.caller]
        if share.placed.is_set():
            self._free += 1
            caller.held -= 1
            if not caller.held:
                caller.idle_since = time.monotonic()
            if caller in self._waiting:
                # It goes behind those that hold as few and waited for this.
                self._waiting.move_to_end(caller)
            self._hand_out()
        else:
            caller.forget(share)
            if not (caller.urgent or caller.ready):
                self._waiting.pop(caller, None)

    def seconds_left(self, share: Share) -> float:
        """Return for how long a share that waits may do so at least."""
        caller = self._callers[share.caller]
        return caller.counts_from(share) + share.seconds - time.monotonic()

    def _hand_out(self) -> None:
        """Place whom the free places go to."""
        while self._free and self._waiting:
            caller = min(self._waiting, key=attrgetter("held"))
            share = caller.next()
            if not (caller.urgent or caller.ready):
                del self._waiting[caller]
            share.deadline = caller.counts_from(share) + share.seconds
            caller.held += 1
            self._free -= 1
            share.placed.set()
