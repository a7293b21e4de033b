"""When what of which device is read: evenly spread, and never for nothing."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
import math

from ..api import MOST_PER_SECOND

# Of properties: how often each device is read at most, and how many in a second.
INTERVAL = 60
PER_SECOND = MOST_PER_SECOND["DescribeDeviceData"]
# How often each device is read whose reports are pushed.
PUSHED_INTERVAL = 900
_LONGEST_SLOW_INTERVAL = 300
_LONGEST_INTERVAL = 900
_LONGEST_PUSHED_INTERVAL = 3600
_UNMOVED_AFTER = 3600
_CLEAN_ROUNDS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A device whose properties somebody wants, as the cloud listed it last.

    One that `sleeps` may report while it is called offline. What `is_pushed` is new
    without being read, as far as no push is lost.
    """

    is_online: bool
    sleeps: bool = False
    is_pushed: bool = False
    login_time: int | None = None


@dataclass(kw_only=True, slots=True)
class _Device:
    """What is known of one device; `turn` is its part of each interval, from 0 to 1.

    `due` is none for one that is not to be read, and while it is. One that is `owed` a
    read is read also while it is offline.
    """

    wanted: Wanted
    changed_at: float
    due: float | None = None
    is_owed: bool = False
    turn: float = 0
    read_at: float = -math.inf
    newest: int | None = None

    @property
    def is_seldom(self) -> bool:
        """Return whether it is read in turn only in case a push was lost."""
        return self.wanted.is_pushed and not self.is_owed


def usual_interval(
    shortest: float, per_second: float, polled: float, pushed: float
) -> float:
    """Return how long one round takes of what is polled, so that the pace is kept.

    What is pushed is read so much less often that it has a small share in the pace.
    """
    share = shortest / PUSHED_INTERVAL
    return max(shortest, (polled + pushed * share) / per_second)


class Schedule[KeyT: Hashable]:
    """The times at which devices are read, by a clock in seconds that never goes back.

    Each is read once when it is first wanted, and when it comes online or shows that it
    was; those that are online are read in each interval, at turns of their own, those that
    are pushed in each `pushed_interval`. What has not reported anything new for an hour is
    read half as often if it `slows_down`.
    """

    def __init__(
        self,
        *,
        interval: float = INTERVAL,
        per_second: float = PER_SECOND,
        slows_down: bool = True,
        polls: bool = True,
    ) -> None:
        """Begin with nothing that is wanted.

        A round takes `interval` seconds, or more where there would be more than
        `per_second` readings.
        """
        self._shortest = interval
        self._per_second = per_second
        self._slows_down = slows_down
        self._polls = polls
        self._began_at = 0.0
        self._devices: dict[KeyT, _Device] = {}
        self._online = self._pushed = 0
        self._queue: list[tuple[float, int, KeyT]] = []
        self._queued = 0
        self._factor = 1
        self._limited_at = -math.inf

    @property
    def interval(self) -> float:
        """Return how long one round of all that are online and not pushed takes."""
        return self._slowed(self._usual, _LONGEST_INTERVAL)

    @property
    def pushed_interval(self) -> float:
        """Return how long one round of all that are online and pushed takes."""
        usual = self._usual * PUSHED_INTERVAL / self._shortest
        return self._slowed(usual, _LONGEST_PUSHED_INTERVAL)

    @property
    def _usual(self) -> float:
        """Return the interval while nothing is refused for rate."""
        polled = self._online - self._pushed
        return usual_interval(self._shortest, self._per_second, polled, self._pushed)

    def _slowed(self, usual: float, longest: float) -> float:
        """Return an interval that is longer for what was refused for rate."""
        return max(usual, min(usual * self._factor, longest))

    @property
    def next_at(self) -> float:
        """Return when the next device is to be read, infinity if none is."""
        while self._queue:
            if self._is_planned(self._queue[0]):
                return self._queue[0][0]
            heappop(self._queue)
        return math.inf

    def update(self, wanted: Mapping[KeyT, Wanted], now: float) -> None:
        """Follow which devices are wanted, and what the cloud says of them."""
        for key in self._devices.keys() - wanted.keys():
            del self._devices[key]
        if not self._devices:
            self._began_at = now
        came_or_went = False
        changed: list[KeyT] = []
        for key, described in wanted.items():
            if device := self._devices.get(key):
                before, device.wanted = device.wanted, described
            else:
                before = None
                device = _Device(wanted=described, changed_at=now)
                self._devices[key] = device
            if before and before.is_online and not described.is_online:
                device.is_owed &= described.sleeps
                device.due = device.due if device.is_owed else None
            came_or_went |= described.is_online is not (before and before.is_online)
            if before and before.is_pushed is not described.is_pushed:
                changed.append(key)
            if _is_due(before, described) and (before is None or self._polls):
                device.is_owed = True
                self._set_due(key, device, now)
        online = [item for item in wanted.values() if item.is_online]
        if came_or_went or changed or len(online) != self._online:
            self._online = len(online)
            self._pushed = sum(item.is_pushed for item in online)
            self._give_turns()
        if changed:
            self._plan_anew(changed, now)

    def take(self, now: float) -> KeyT | None:
        """Return a device that is to be read now, which is not due before it was."""
        if self.next_at > now:
            return None
        key = heappop(self._queue)[2]
        self._devices[key].due = None
        return key

    def note_read(self, key: KeyT, newest: int | None, now: float) -> None:
        """Take in that a device was read, and when it had reported last."""
        if not (device := self._devices.get(key)):
            return
        if newest != device.newest:
            device.newest, device.changed_at = newest, now
        if self._factor > 1 and now - self._limited_at >= self.interval * _CLEAN_ROUNDS:
            self._factor //= 2
            self._limited_at = now
        device.read_at, device.is_owed = now, False
        if device.due is None and self._polls and device.wanted.is_online:
            self._set_due(key, device, self._next_turn(device, now))

    def note_failure(self, key: KeyT, now: float) -> None:
        """Take in that a device could not be read; it is tried again at its turn, if any."""
        device = self._devices.get(key)
        if device is None or device.due is not None:
            return
        if device.is_owed or (self._polls and device.wanted.is_online):
            device.read_at = now
            self._set_due(key, device, self._next_turn(device, now))

    def note_limit(self, started_at: float, now: float) -> None:
        """Read half as often from now on, because a read had come too soon after others.

        Those that were under way when that was first known say nothing new.
        """
        if started_at <= self._limited_at:
            return
        self._limited_at = now
        if self.interval < _LONGEST_INTERVAL:
            self._factor *= 2
            self._plan_anew(self._devices, now)

    def postpone(self, key: KeyT, until: float) -> None:
        """Read a device that is not online at some time all the same."""
        if device := self._devices.get(key):
            device.is_owed = True
            self._set_due(key, device, until)

    def _give_turns(self) -> None:
        """Give those that are online their turns, which count when each was read.

        What is planned stays: devices that come and go must not put off all others again
        and again.
        """
        for is_pushed in (False, True):
            online = [
                item
                for item in self._devices.values()
                if item.wanted.is_online and item.wanted.is_pushed is is_pushed
            ]
            for number, device in enumerate(online):
                device.turn = number / len(online)

    def _plan_anew(self, keys: Iterable[KeyT], now: float) -> None:
        """Let the times of what is not due yet follow from another interval."""
        for key in keys:
            device = self._devices[key]
            if device.wanted.is_online and device.due is not None and device.due > now:
                self._set_due(key, device, self._next_turn(device, now))
        self._queue = [item for item in self._queue if self._is_planned(item)]
        heapify(self._queue)

    def _next_turn(self, device: _Device, now: float) -> float:
        """Return when a device is to be read again, at least half a period after it was."""
        period = self.pushed_interval if device.is_seldom else self.interval
        if self._slows_down and now - device.changed_at >= _UNMOVED_AFTER:
            period = max(period, min(2 * period, _LONGEST_SLOW_INTERVAL))
        start = max(now, device.read_at + period / 2)
        first = self._began_at + device.turn * period
        return first + math.ceil((start - first) / period) * period

    def _set_due(self, key: KeyT, device: _Device, due: float) -> None:
        """Let a device be read at a time."""
        if due == device.due:
            return
        device.due = due
        self._queued += 1
        heappush(self._queue, (due, self._queued, key))

    def _is_planned(self, item: tuple[float, int, KeyT]) -> bool:
        """Return whether a device is still to be read when it was once planned."""
        due, _, key = item
        device = self._devices.get(key)
        return device is not None and device.due == due


def _is_due(before: Wanted | None, now: Wanted) -> bool:
    """Return whether what is known of a device says that it has something to read."""
    if before is None:
        return now.is_online or now.sleeps
    came_online = now.is_online and not before.is_online
    logins = (before.login_time, now.login_time)
    return came_online or (None not in logins and logins[0] != logins[1])
