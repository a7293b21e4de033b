"""What all clients of one application share, however often they are made anew."""

import time

from .clock import Clock
from .limiter import ActionLimiter
from .pace import Pace
from .request_ids import RequestIds

_LISTS_PER_SECOND = 5


class Application:
    """An application's limits, and the clock of the cloud that it talks to.

    `reads_resume_at` is until when the cloud wants to be left alone, by the monotonic
    clock.
    """

    def __init__(self, request_ids: RequestIds | None = None) -> None:
        """Begin with nothing under way.

        Applications whose requests may go over the same connections must share their
        `request_ids`.
        """
        self.request_ids = request_ids or RequestIds()
        self.actions = ActionLimiter()
        self.lists = Pace(_LISTS_PER_SECOND)
        self.clock = Clock()
        self.reads_resume_at = 0.0

    def leave_alone(self, seconds: float) -> None:
        """Read nothing for so long; what was wished for before stays in force."""
        until = time.monotonic() + seconds
        self.reads_resume_at = max(self.reads_resume_at, until)
