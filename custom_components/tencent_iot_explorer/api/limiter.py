"""When actions and writes may be sent: in order per device, few at once, never late."""

import asyncio
from collections import defaultdict
from functools import partial
import time
from types import TracebackType

from .errors import TooLateError

_SLOTS = 10


class _Turn:
    """A device's turn and a slot among all devices, held while its context lasts."""

    def __init__(
        self, device: asyncio.Semaphore, slots: asyncio.Semaphore, seconds: float
    ) -> None:
        """Hold nothing yet."""
        self._device = device
        self._slots = slots
        self._seconds = seconds

    async def __aenter__(self) -> float:
        """Return until when it may be sent, by the monotonic clock."""
        deadline = time.monotonic() + self._seconds
        if not self._device.locked() and not self._slots.locked():
            # The usual case, in which nothing is waited for that had to be timed.
            await self._device.acquire()
            await self._slots.acquire()
            return deadline
        try:
            async with asyncio.timeout(self._seconds):
                await self._wait()
        except TimeoutError as err:
            raise TooLateError("others were before it for too long") from err
        return deadline

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let the next ones have turn and slot."""
        self._slots.release()
        self._device.release()

    async def _wait(self) -> None:
        """Take the turn, then the slot; without the slot the turn is given back."""
        await self._device.acquire()
        try:
            await self._slots.acquire()
        except asyncio.CancelledError:
            self._device.release()
            raise


class ActionLimiter:
    """The turns of one key's actions and writes.

    Those of one device go one at a time, first come first served. Ten asynchronous ones,
    which all writes are, and, apart from them, ten synchronous ones may be under way at
    once, so that devices that keep others waiting for their answer hold up no quick tap.
    """

    def __init__(self) -> None:
        """Begin with all slots free."""
        self._asynchronous = asyncio.Semaphore(_SLOTS)
        self._synchronous = asyncio.Semaphore(_SLOTS)
        self._devices: defaultdict[str, asyncio.Semaphore] = defaultdict(
            partial(asyncio.Semaphore, 1)
        )

    def turn(self, device: str, seconds: float, *, waits: bool) -> _Turn:
        """Return a device's turn and a slot, to be held as a context.

        Entering it raises TooLateError after so many seconds of waiting. `waits` says
        that the action is a synchronous one.
        """
        slots = self._synchronous if waits else self._asynchronous
        return _Turn(self._devices[device], slots, seconds)
