"""A Home Assistant in which time jumps to the next timer whenever nothing is under way.

A module that is measured in it has `measure`, which gets that Home Assistant, the `Warp`
and the arguments, and returns what is printed. The process is begun here: time must be
ours before anything else is imported.
"""

import asyncio
from collections.abc import Awaitable
from importlib import import_module
import selectors
import sys
import time
from typing import TYPE_CHECKING, override

if TYPE_CHECKING:
    import aiohttp

    from homeassistant.core import HomeAssistant

# In seconds. Executors and other processes get it for what they are about to send.
_MOMENT = 0.0005


class Warp(selectors.DefaultSelector):
    """Lets time jump as long as it has `sessions` and none of them has a request."""

    def __init__(self) -> None:
        """Begin with the true time."""
        super().__init__()
        self.sessions: tuple[aiohttp.ClientSession, ...] = ()
        self._monotonic = time.monotonic
        self._ahead = 0.0

    def now(self) -> float:
        """Return the time, which runs ahead of the true one."""
        return self._monotonic() + self._ahead

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, without waiting for timers if time may jump."""
        if timeout is None or timeout <= 0 or not self._may_jump():
            return super().select(timeout)
        ready = super().select(min(timeout, _MOMENT))
        if not ready and self._may_jump():
            self._ahead += max(0.0, timeout - _MOMENT)
        return ready

    def _may_jump(self) -> bool:
        """Return whether no request is under way."""
        connectors = [session.connector for session in self.sessions]
        return bool(connectors) and not any(
            connector is None or connector._acquired for connector in connectors
        )


def main(module: str, *arguments: str) -> None:
    """Print what a module measures in a Home Assistant in which time can jump."""
    warp = Warp()
    time.monotonic = warp.now
    # Not before, so that all that take this function for their own take this one.
    home, measured = (import_module(f"bench.{name}") for name in ("home", module))
    manager = import_module("homeassistant.runner")

    def loop() -> asyncio.AbstractEventLoop:
        """Return an event loop of which the time can jump."""
        made = asyncio.SelectorEventLoop(warp)
        manager.configure_event_loop(made)
        # Home Assistant has put the true time in its place.
        made.time = warp.now
        return made

    def work(hass: HomeAssistant) -> Awaitable[str]:
        """Measure it."""
        return measured.measure(hass, warp, *arguments)

    print(home.run(work, loop_factory=loop))


if __name__ == "__main__":
    main(*sys.argv[1:])
