"""Which messages were taken already: the cloud sends each at least once."""

from collections.abc import Hashable
import time

_SECONDS_KEPT = 600
_MOST_KEPT = 50_000
# In milliseconds. All tries of a message are within a quarter of that.
_APART = 60_000


class SeenMessages:
    """Remembers messages for ten minutes, in which the cloud has long given up.

    Each for itself: that a later one came says nothing of an earlier one. A rule that was
    made anew counts from 1 again, so that one that was sent at another time is another.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._taken: dict[Hashable, tuple[float, int]] = {}

    def add(self, key: Hashable, sent_at: int) -> bool:
        """Remember a message that was sent at some time in ms; return whether it is new."""
        now = time.monotonic()
        oldest = now - _SECONDS_KEPT
        while self._taken:
            first = next(iter(self._taken))
            if self._taken[first][0] > oldest and len(self._taken) < _MOST_KEPT:
                break
            del self._taken[first]
        known = self._taken.get(key)
        if known and abs(known[1] - sent_at) <= _APART:
            return False
        # It is the last one now.
        self.discard(key)
        self._taken[key] = now, sent_at
        return True

    def discard(self, key: Hashable) -> None:
        """Take a message the next time that it comes."""
        self._taken.pop(key, None)
