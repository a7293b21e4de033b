"""How often something may be done in a second."""

import asyncio
from collections import deque
import time


class Pace:
    """Lets what waits go on in order, and no more than so many a second."""

    def __init__(self, per_second: int) -> None:
        """Begin with nothing that was done lately."""
        self._lately: deque[float] = deque(maxlen=per_second)
        self._order = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next may be done."""
        async with self._order:
            if len(self._lately) == self._lately.maxlen:
                await asyncio.sleep(self._lately[0] + 1 - time.monotonic())
            self._lately.append(time.monotonic())
