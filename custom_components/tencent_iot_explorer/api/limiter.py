"""When actions and writes may be sent: in order per device, few at once, never late."""

import asyncio
from collections import deque
from contextlib import suppress
from types import TracebackType

from .errors import TooLateError
from .places import Places, Share

_PLACES = 10


class _Turn:
    """What is done to a device in its turn: with a place, while the context lasts."""

    def __init__(
        self, limiter: ActionLimiter, places: Places, device: str, share: Share
    ) -> None:
        """Hold nothing yet."""
        self._limiter = limiter
        self.places = places
        self.device = device
        self.share = share

    async def __aenter__(self) -> float:
        """Return until when it may be sent, by the monotonic clock."""
        self._limiter.enter(self)
        try:
            await self._wait()
        except asyncio.CancelledError, TooLateError:
            # It may have been placed in this very moment.
            self._limiter.leave(self)
            raise
        return self.share.deadline

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the next ones have device and place."""
        self._limiter.leave(self)

    async def _wait(self) -> None:
        """Return when it has its place; raises TooLateError if others have it too long."""
        while not self.share.placed.is_set():
            left = self.places.seconds_left(self.share)
            if left <= 0:
                raise TooLateError("others were before it for too long")
            # By then it may have more, for its caller has got on.
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self.share.placed.wait()


class ActionLimiter:
    """The turns of one key's actions and writes.

    Those of one device go one at a time, first come first served. Ten asynchronous ones,
    which all writes are, and, apart from them, ten synchronous ones may be under way at
    once, so that devices that keep others waiting for their answer hold up no quick tap.
    Callers share these places fairly, as `Places` says. What waits for its device holds
    none.
    """

    def __init__(self) -> None:
        """Begin with all places free."""
        self._asynchronous = Places(_PLACES)
        self._synchronous = Places(_PLACES)
        self._devices: dict[str, deque[_Turn]] = {}

    def turn(
        self, caller: str | None, device: str, seconds: float, *, waits: bool
    ) -> _Turn:
        """Return a turn at a device, to be held as a context.

        What has the same caller shares its places; without one it is by itself. Entering
        it raises TooLateError after so many seconds of waiting for others. `waits` says
        that the action is a synchronous one.
        """
        places = self._synchronous if waits else self._asynchronous
        share = Share(object() if caller is None else caller, seconds)
        return _Turn(self, places, device, share)

    def enter(self, turn: _Turn) -> None:
        """Let a turn wait for its device and a place."""
        turns = self._devices.setdefault(turn.device, deque())
        turns.append(turn)
        first = turns[0]
        turn.places.enter(turn.share, is_first=first is turn)
        if first is not turn:
            first.places.hurry(first.share)

    def leave(self, turn: _Turn) -> None:
        """Let those behind a turn go on, whether it has ended or was given up."""
        turns = self._devices[turn.device]
        was_first = turns[0] is turn
        turns.remove(turn)
        if not turns:
            del self._devices[turn.device]
        elif was_first:
            turns[0].places.hurry(turns[0].share)
        turn.places.leave(turn.share)
