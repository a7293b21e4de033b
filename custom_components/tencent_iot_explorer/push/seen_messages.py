"""Which messages were taken already: the cloud sends each at least once."""

from collections.abc import Hashable
import time

_SECONDS_KEPT = 600
_MOST_KEPT = 50_000


class SeenMessages:
    """Remembers messages for ten minutes, in which the cloud has long given up.

    Each for itself: that a later one came says nothing of an earlier one.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._taken: dict[Hashable, float] = {}

    def add(self, key: Hashable) -> bool:
        """Remember a message, and return whether it is new."""
        now = time.monotonic()
        oldest = now - _SECONDS_KEPT
        while self._taken:
            first = next(iter(self._taken))
            if self._taken[first] > oldest and len(self._taken) < _MOST_KEPT:
                break
            del self._taken[first]
        if key in self._taken:
            return False
        self._taken[key] = now
        return True

    def discard(self, key: Hashable) -> None:
        """Take a message the next time that it comes."""
        self._taken.pop(key, None)
