"""The cloud's clock, which requests are stamped by where this machine's is wrong."""

import time

from .headers import parse_date

_BELIEVED = 60
_NEGLIGIBLE = 120
_REPLIES_UNTIL_WRONG = 3


class Clock:
    """What time it is for the cloud, learnt from the `Date` of its replies.

    This machine's clock is used until the cloud refuses it. From then on the time runs
    on from the cloud's last reply, so that it does not matter when this machine's clock
    is put right, and ends as soon as a reply shows that it was.
    """

    def __init__(self) -> None:
        """Begin with this machine's clock."""
        self._last_reply: float | None = None
        self._cloud = 0.0
        self._seen_at = 0.0
        self._corrected = False
        self._replies = 0

    @property
    def offset(self) -> int:
        """Return by how many seconds this machine's clock is behind, 0 while it is used."""
        return self.now() - int(time.time()) if self._corrected else 0

    @property
    def difference(self) -> int | None:
        """Return by how many seconds this machine's clock is behind the cloud's.

        None before a reply had the cloud's time.
        """
        if not self._seen_at:
            return None
        return round(self._running() - time.time())

    @property
    def is_wrong(self) -> bool:
        """Return whether three replies in a row needed a correction."""
        return self._corrected and self._replies >= _REPLIES_UNTIL_WRONG

    def now(self) -> int:
        """Return the time in seconds since 1970, as the cloud wants it."""
        if self._corrected:
            return int(self._running())
        return int(time.time())

    def cloud_now(self) -> float:
        """Return the cloud's time in seconds since 1970, this machine's before a reply."""
        return self._running() if self._seen_at else time.time()

    def note(self, date: str | None) -> None:
        """Take in the `Date` of a reply; one that makes no sense changes nothing."""
        self._last_reply = parse_date(date)
        if self._last_reply is None:
            return
        self._cloud, self._seen_at = self._last_reply, time.monotonic()
        if self._corrected:
            self._replies += 1
            self._corrected = abs(self._cloud - time.time()) >= _NEGLIGIBLE

    def explains(self, timestamp: int) -> bool:
        """Return whether the last reply shows that a time stamp was wrong.

        If so, the next one is right. A difference of up to a minute explains nothing.
        """
        if self._last_reply is None or abs(self._last_reply - timestamp) <= _BELIEVED:
            return False
        if not self._corrected:
            self._replies = 1
        self._corrected = abs(self._cloud - time.time()) >= _NEGLIGIBLE
        return True

    def _running(self) -> float:
        """Return the cloud's time, which runs on from its last reply."""
        return self._cloud + time.monotonic() - self._seen_at
