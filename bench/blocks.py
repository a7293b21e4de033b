"""How long the event loop is blocked at a time, the garbage collector's pauses apart."""

import asyncio
from asyncio.events import Handle
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
import gc
import time
from typing import Any


@dataclass(kw_only=True)
class Blocks:
    """The longest block and the longest pause, in seconds, and the time of all blocks."""

    longest: float = 0
    longest_pause: float = 0
    busy: float = 0


@asynccontextmanager
async def watch_blocks(
    clock: Callable[[], float] = time.perf_counter,
) -> AsyncIterator[Blocks]:
    """Yield what the event loop does from now on, each callback a block of its own.

    By the clock of the processor nothing counts that another process was in the way of.
    """
    blocks = Blocks()
    paused = 0.0
    pause_began = 0.0
    run = Handle._run

    def note_pause(phase: str, info: dict[str, Any]) -> None:
        """Note a pause of the garbage collector."""
        nonlocal paused, pause_began
        now = clock()
        if phase == "start":
            pause_began = now
            return
        paused += now - pause_began
        blocks.longest_pause = max(blocks.longest_pause, now - pause_began)

    def timed_run(handle: Handle) -> None:
        """Run a callback and note how long that took."""
        nonlocal paused
        paused = 0.0
        start = clock()
        run(handle)
        if Handle._run is not timed_run:
            return
        taken = clock() - start - paused
        blocks.busy += taken
        blocks.longest = max(blocks.longest, taken)

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
