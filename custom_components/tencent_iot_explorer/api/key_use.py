"""What all clients that use one key share, however often they are made anew."""

import time

from .clock import Clock
from .limiter import ActionLimiter
from .pace import MOST_PER_SECOND, Pace
from .request_ids import RequestIds


class KeyUse:
    """The limits of one key, and the clock of the cloud that it is used with.

    `reads_resume_at` is until when the cloud wants to be left alone, by the monotonic
    clock.
    """

    def __init__(self, request_ids: RequestIds | None = None) -> None:
        """Begin with nothing under way.

        Keys whose requests may go over the same connections must share their
        `request_ids`.
        """
        self.request_ids = request_ids or RequestIds()
        self.actions = ActionLimiter()
        self.clock = Clock()
        self.reads_resume_at = 0.0
        self._paces: dict[str, Pace] = {}

    def leave_alone(self, seconds: float) -> None:
        """Read nothing for so long; what was wished for before stays in force."""
        until = time.monotonic() + seconds
        self.reads_resume_at = max(self.reads_resume_at, until)

    async def keep_pace(self, call: str) -> None:
        """Return when a call may be made, as far as those of its name have a limit."""
        if per_second := MOST_PER_SECOND.get(call):
            await self._paces.setdefault(call, Pace(per_second)).wait()
