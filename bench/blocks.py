"""How long the event loop is blocked at a time, and by whom: by us, or by Home Assistant.

The garbage collector's pauses are apart from both.
"""

import asyncio
from asyncio.events import Handle
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
import gc
import time
from typing import Any

from .home import DOMAIN


@dataclass(kw_only=True)
class Blocks:
    """The longest blocks and the longest pause, in seconds, and the time of all of each.

    `longest_of_ours` is of callbacks and tasks that run code of the integration, with all
    that they let Home Assistant do; `longest_of_others` is of all the rest.
    """

    longest_of_ours: float = 0
    longest_of_others: float = 0
    longest_pause: float = 0
    busy: float = 0
    paused: float = 0

    @property
    def longest(self) -> float:
        """Return the longest block, whosever it is."""
        return max(self.longest_of_ours, self.longest_of_others)

    def note(self, taken: float, *, is_ours: bool) -> None:
        """Note a block."""
        self.busy += taken
        if is_ours:
            self.longest_of_ours = max(self.longest_of_ours, taken)
        else:
            self.longest_of_others = max(self.longest_of_others, taken)


@asynccontextmanager
async def watch_blocks(
    clock: Callable[[], float] = time.perf_counter,
) -> AsyncIterator[Blocks]:
    """Yield what the event loop does from now on, each callback a block of its own.

    By the clock of the processor nothing counts that another process was in the way of.
    """
    blocks = Blocks()
    pause_began = 0.0
    run = Handle._run

    def note_pause(phase: str, info: dict[str, Any]) -> None:
        """Note a pause of the garbage collector."""
        nonlocal pause_began
        now = clock()
        if phase == "start":
            pause_began = now
            return
        blocks.paused += now - pause_began
        blocks.longest_pause = max(blocks.longest_pause, now - pause_began)

    def timed_run(handle: Handle) -> None:
        """Run a callback and note how long that took."""
        # Afterwards a task may have nothing left of what it ran.
        is_ours = _is_ours(handle)
        paused, start = blocks.paused, clock()
        run(handle)
        if Handle._run is timed_run:
            taken = clock() - start - (blocks.paused - paused)
            blocks.note(taken, is_ours=is_ours)

    gc.callbacks.append(note_pause)
    Handle._run = timed_run
    try:
        # What comes before and after in the same callback is not part of it.
        await asyncio.sleep(0)
        yield blocks
        await asyncio.sleep(0)
    finally:
        Handle._run = run
        gc.callbacks.remove(note_pause)


def _is_ours(handle: Any) -> bool:
    """Return whether a callback runs code of the integration, at any depth of a task."""
    target = handle._callback
    while isinstance(target, partial):
        target = target.func
    owner = getattr(target, "__self__", None)
    if not isinstance(owner, asyncio.Task):
        modules = (type(owner).__module__, getattr(target, "__module__", None))
        return any(module and DOMAIN in module for module in modules)
    waiting: Any = owner.get_coro()
    while waiting is not None:
        code = getattr(waiting, "cr_code", None)
        if code and DOMAIN in code.co_filename:
            return True
        waiting = getattr(waiting, "cr_await", None)
    return False
