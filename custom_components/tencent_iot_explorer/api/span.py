"""When a request may be sent, and how long is waited for it."""

from dataclasses import dataclass
from functools import lru_cache
import math
import time

import aiohttp

from .errors import TooLateError


@dataclass(slots=True)
class Span:
    """When something may be sent, by the monotonic clock.

    Nothing is sent after `deadline`, nothing sent again after `repeats_end`, and nothing
    waited for after `end`, nor longer than `each` time for so many seconds, of which
    `connect` may go by before there is a connection.
    """

    each: float
    connect: float
    deadline: float
    repeats_end: float
    end: float = math.inf

    @property
    def is_over(self) -> bool:
        """Return whether nothing may be sent any more."""
        return time.monotonic() > self.deadline

    def timeout(self) -> aiohttp.ClientTimeout:
        """Return how long a request may take; raises TooLateError for what is too late."""
        if self.is_over:
            raise TooLateError("its time was over before it could be sent")
        now = time.monotonic()
        return _timeout(
            min(self.each, self.end - now), min(self.connect, self.deadline - now)
        )


@lru_cache(maxsize=16)
def _timeout(total: float, connect: float) -> aiohttp.ClientTimeout:
    """Return a limit; not zero, which aiohttp takes for no limit."""
    return aiohttp.ClientTimeout(total=max(total, 0.001), connect=max(connect, 0.001))
