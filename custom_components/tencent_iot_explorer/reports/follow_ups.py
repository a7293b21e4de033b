"""When a device is read because something was done to it."""

from collections.abc import Hashable, Set as AbstractSet
from dataclasses import dataclass
import math

# Most devices report within seconds, those that a motor turns later.
AFTER = (2, 5, 10, 20)


@dataclass(kw_only=True, slots=True)
class _FollowUp:
    """The times at which a device is read, and the last report before it all.

    A read that started before `began_at` shows nothing.
    """

    began_at: float
    times: tuple[float, ...]
    newest: int | None
    needs_report: bool


class FollowUps[KeyT: Hashable]:
    """The devices that are read until it shows what came of what was done to them."""

    def __init__(self) -> None:
        """Begin with nothing that was done."""
        self._pending: dict[KeyT, _FollowUp] = {}

    @property
    def next_at(self) -> float:
        """Return when the next device is to be read, infinity if none is."""
        times = (item.times[0] for item in self._pending.values())
        return min(times, default=math.inf)

    def begin(
        self, key: KeyT, newest: int | None, now: float, *, needs_report: bool
    ) -> None:
        """Read a device some times from now on, whatever was done before.

        What was written shows when it is confirmed; of all else, any report later than
        the newest must do.
        """
        before = self._pending.get(key)
        self._pending[key] = _FollowUp(
            began_at=now,
            times=tuple(now + seconds for seconds in AFTER),
            newest=newest,
            needs_report=needs_report or (before is not None and before.needs_report),
        )

    def take(self, now: float) -> KeyT | None:
        """Return a device that is to be read now."""
        for key, item in self._pending.items():
            if item.times[0] <= now:
                item.times = tuple(time for time in item.times if time > now)
                if not item.times:
                    del self._pending[key]
                return key
        return None

    def note_read(
        self, key: KeyT, newest: int | None, started_at: float, *, is_held: bool
    ) -> None:
        """Take in what a device was read to have reported; it may be all."""
        item = self._pending.get(key)
        if item is None or is_held or started_at < item.began_at:
            return
        if not item.needs_report or newest != item.newest:
            del self._pending[key]

    def keep(self, keys: AbstractSet[KeyT]) -> None:
        """Let go of devices that nobody wants any more."""
        for key in self._pending.keys() - keys:
            del self._pending[key]
