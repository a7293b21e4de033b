"""When an action may be sent: in order per device, few at once, and never late."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
import time
from weakref import WeakValueDictionary

from .errors import TooLateError

_TURN_SECONDS = 5
_PLACES = 10


class ActionLimiter:
    """The turns of one application's actions.

    Actions of one device go one at a time, first come first served. Ten asynchronous
    and, apart from them, ten synchronous ones may be under way at once, so that devices
    that keep others waiting for their answer do not hold up a quick tap.
    """

    def __init__(self) -> None:
        """Begin with all places free."""
        self._asynchronous = asyncio.Semaphore(_PLACES)
        self._synchronous = asyncio.Semaphore(_PLACES)
        self._devices: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, device: str, *, waits: bool) -> AsyncIterator[float]:
        """Hold a device's turn and a place; raises TooLateError after 5 seconds of waiting.

        Yields until when the action may be sent, by the monotonic clock. `waits` tells a synchronous action from an asynchronous one.
        """
        deadline = time.monotonic() + _TURN_SECONDS
        lock = self._devices.setdefault(device, asyncio.Lock())
        places = self._synchronous if waits else self._asynchronous
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(_TURN_SECONDS):
                    await held.enter_async_context(lock)
                    await held.enter_async_context(places)
            except TimeoutError as err:
                raise TooLateError("others were before it for too long") from err
            yield deadline
