"""What all clients of one application share, however often they are made anew."""

import time

from .clock import Clock
from .limiter import ActionLimiter
from .pace import Pace

_LISTS_PER_SECOND = 5


class Application:
    """An application's limits, and the clock of the cloud that it talks to.

    `reads_resume_at` is until when the cloud wants to be left alone, by the monotonic
    clock.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self.actions = ActionLimiter()
        self.lists = Pace(_LISTS_PER_SECOND)
        self.clock = Clock()
        self.reads_resume_at = 0.0

    def leave_alone(self, seconds: float) -> None:
        """Read nothing for so long; what was wished for before stays in force."""
        until = time.monotonic() + seconds
        self.reads_resume_at = max(self.reads_resume_at, until)
