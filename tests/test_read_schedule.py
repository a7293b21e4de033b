"""When the properties of which device are read, by a clock that costs no time."""

from collections import Counter, defaultdict
from itertools import pairwise
import math
import random
import time

import pytest

from custom_components.tencent_iot_explorer.reports.follow_ups import AFTER, FollowUps
from custom_components.tencent_iot_explorer.reports.schedule import Schedule, Wanted

HOUR = 3600
DAY = 24 * HOUR
ONLINE = Wanted(is_online=True)
OFFLINE = Wanted(is_online=False)
PUSHED = Wanted(is_online=True, is_pushed=True)


def fleet(online: int, offline: int = 0) -> dict[str, Wanted]:
    """Return devices by their names."""
    wanted = {f"online-{number}": ONLINE for number in range(online)}
    return wanted | {f"offline-{number}": OFFLINE for number in range(offline)}


def run(
    schedule: Schedule[str],
    start: float,
    end: float,
    reports_each: float = 60,
) -> list[tuple[float, str]]:
    """Read whatever is due from one time to another, and return what was read when.

    Devices report something new so often.
    """
    read: list[tuple[float, str]] = []
    while (now := max(start, schedule.next_at)) < end:
        key = schedule.take(now)
        assert key is not None
        read.append((now, key))
        schedule.note_read(key, int(now // reports_each), now)
    return read


@pytest.mark.parametrize(
    ("online", "interval"), [(0, 60), (1, 60), (300, 60), (301, 60.2), (1000, 200)]
)
def test_interval(online: int, interval: float) -> None:
    """The more are online, the longer a round takes; the others cost nothing."""
    schedule = Schedule[str]()
    schedule.update(fleet(online, offline=50), 0)
    assert schedule.interval == interval


@pytest.mark.parametrize("online", [1, 7, 100, 1000])
def test_spread(online: int) -> None:
    """After the first sweep devices follow each other at equal distances."""
    schedule = Schedule[str]()
    schedule.update(fleet(online, offline=3), 0)
    assert {key for _, key in run(schedule, 0, 0.1)} == set(fleet(online))
    interval = schedule.interval
    read = run(schedule, 0.1, 10 * interval)
    distances = [after - before for (before, _), (after, _) in pairwise(read)]
    assert min(distances) > 0.9 * interval / online
    by_device: defaultdict[str, list[float]] = defaultdict(list)
    for now, key in read:
        by_device[key].append(now)
    for times in by_device.values():
        assert len(times) in (9, 10)
        for before, after in pairwise(times):
            assert after - before == pytest.approx(interval)


def test_week() -> None:
    """A week of a hundred devices is as many reads as the formula says."""
    schedule = Schedule[str]()
    start = time.process_time()
    schedule.update(fleet(50, offline=50), 0)
    read = run(schedule, 0, 7 * DAY)
    assert time.process_time() - start < 10
    counted = Counter(key for _, key in read)
    assert set(counted) == set(fleet(50))
    for count in counted.values():
        assert count == pytest.approx(7 * DAY / 60, abs=2)
    assert len(schedule._queue) <= 100


def test_coming_and_going() -> None:
    """What was planned before devices came or went does not pile up."""
    schedule = Schedule[str](per_second=0.1)
    devices = fleet(100)
    for minute in range(120):
        devices["online-0"] = ONLINE if minute % 2 else OFFLINE
        schedule.update(devices, minute * 60)
        run(schedule, minute * 60, (minute + 1) * 60)
        assert len(schedule._queue) <= 2 * len(devices)


@pytest.mark.parametrize("per_second", [1, 5, 50])
def test_others_that_come_and_go(per_second: float) -> None:
    """They put off nobody by more than half a round, and cost nothing."""
    chance = random.Random(3)
    schedule = Schedule[str](per_second=per_second)
    devices = fleet(300)
    read: defaultdict[str, list[float]] = defaultdict(list)
    intervals: list[float] = []
    for minute in range(180):
        for number in chance.sample(range(1, 300, 2), 20):
            devices[f"online-{number}"] = chance.choice((ONLINE, OFFLINE))
        schedule.update(devices, minute * 60)
        intervals.append(schedule.interval)
        for now, key in run(schedule, minute * 60, (minute + 1) * 60):
            read[key].append(now)
    for number in range(0, 300, 2):
        times = read[f"online-{number}"]
        assert max(b - a for a, b in pairwise(times)) <= 1.5 * max(intervals)
        assert len(times) <= 180 * 60 / min(intervals) + 2


def test_still_device() -> None:
    """What reports nothing new for an hour is read half as often, until it does again."""
    schedule = Schedule[str]()
    schedule.update({"still": ONLINE}, 0)
    first = [now for now, _ in run(schedule, 0, HOUR, math.inf)]
    assert len(first) in (60, 61)
    later = [now for now, _ in run(schedule, HOUR, 2 * HOUR, math.inf)]
    assert len(later) in (30, 31)
    again = [now for now, _ in run(schedule, 2 * HOUR, 3 * HOUR)]
    assert len(again) in (59, 60)


@pytest.mark.parametrize(
    ("online", "normal", "slow"), [(600, 120, 240), (1000, 200, 300), (2000, 400, 400)]
)
def test_most_seconds_of_a_still_device(
    online: int, normal: float, slow: float
) -> None:
    """No device that is online waits for more than five minutes, unless all do."""
    schedule = Schedule[str]()
    schedule.update(fleet(online), 0)
    assert schedule.interval == normal
    run(schedule, 0, 2 * HOUR, math.inf)
    read = run(schedule, 2 * HOUR, 4 * HOUR, math.inf)
    times = [now for now, key in read if key == "online-0"]
    assert times[-1] - times[-2] == pytest.approx(slow)


def test_coming_online() -> None:
    """An offline device is read when it comes online, and no more when it has gone."""
    schedule = Schedule[str]()
    schedule.update({"x": OFFLINE}, 0)
    assert schedule.next_at == math.inf
    schedule.update({"x": ONLINE}, 100)
    assert schedule.next_at == 100
    assert len(run(schedule, 100, 400)) in (5, 6)
    schedule.update({"x": OFFLINE}, 400)
    assert schedule.next_at == math.inf


@pytest.mark.parametrize("is_online", [True, False])
def test_login(is_online: bool) -> None:
    """A device that logged in anew is read once, also if it has gone again."""
    schedule = Schedule[str]()
    schedule.update({"x": Wanted(is_online=is_online, login_time=1)}, 0)
    run(schedule, 0, 30)
    schedule.update({"x": Wanted(is_online=is_online, login_time=1)}, 31)
    assert schedule.next_at > 31
    schedule.update({"x": Wanted(is_online=is_online, login_time=2)}, 32)
    assert schedule.next_at == 32
    assert run(schedule, 32, 33) == [(32, "x")]
    assert schedule.next_at > 33


def test_sleeping() -> None:
    """A device that sleeps is read at the start, and when it shows itself."""
    schedule = Schedule[str]()
    schedule.update({"x": Wanted(is_online=False, sleeps=True, login_time=1)}, 0)
    assert run(schedule, 0, DAY) == [(0, "x")]
    schedule.update({"x": Wanted(is_online=False, sleeps=True, login_time=2)}, DAY)
    assert run(schedule, DAY, 2 * DAY) == [(DAY, "x")]


def test_failure_while_offline() -> None:
    """What could not be read at the start is tried again at each turn."""
    schedule = Schedule[str]()
    schedule.update({"x": Wanted(is_online=False, sleeps=True)}, 0)
    assert schedule.take(0) == "x"
    schedule.note_failure("x", 0)
    assert 30 <= schedule.next_at <= 90
    assert len(run(schedule, 60, DAY)) == 1


def test_failure_out_of_turn() -> None:
    """What somebody asked for and nobody reads in turn is not tried again."""
    schedule = Schedule[str]()
    schedule.update({"x": Wanted(is_online=False)}, 0)
    schedule.note_failure("x", 0)
    assert schedule.next_at == math.inf
    schedule.postpone("x", 100)
    assert schedule.take(100) == "x"
    schedule.note_failure("x", 100)
    assert schedule.next_at < 200
    schedule = Schedule[str](polls=False)
    schedule.update({"x": Wanted(is_online=True)}, 0)
    assert schedule.take(0) == "x"
    schedule.note_failure("x", 0)
    assert len(run(schedule, 30, DAY)) == 1
    schedule.note_failure("x", DAY)
    assert schedule.next_at == math.inf


def test_limits() -> None:
    """What is refused for rate doubles the interval once, and ten clean rounds halve it."""
    schedule = Schedule[str]()
    schedule.update(fleet(10), 0)
    run(schedule, 0, 100)
    for started_at in (90, 95, 100):
        # All of them were under way when the first was refused.
        schedule.note_limit(started_at, 100)
    assert schedule.interval == 120
    for now in (200, 300, 400, 500, 600):
        schedule.note_limit(now, now)
    assert schedule.interval == 900
    run(schedule, 600, 600 + 9 * 900)
    assert schedule.interval == 900
    run(schedule, 600 + 9 * 900, 600 + 11 * 900)
    assert schedule.interval == 480
    run(schedule, 600 + 11 * 900, 2 * DAY)
    assert schedule.interval == 60


def test_limit_takes_effect_at_once() -> None:
    """Those that were due at the old pace wait for the new one."""
    schedule = Schedule[str]()
    schedule.update(fleet(60), 0)
    run(schedule, 0, 61)
    schedule.note_limit(61, 61)
    read = run(schedule, 61, 121)
    assert len(read) <= 30


def test_without_polling() -> None:
    """Without polling each device is read once, and no more."""
    schedule = Schedule[str](polls=False)
    schedule.update(fleet(3, offline=1), 0)
    assert len(run(schedule, 0, DAY)) == 3
    schedule.update(fleet(4), DAY)
    assert len(run(schedule, DAY, 2 * DAY)) == 1


def test_unwanted() -> None:
    """What nobody wants any more is not read, not even what is due."""
    schedule = Schedule[str]()
    schedule.update(fleet(3), 0)
    schedule.update({}, 0)
    assert schedule.take(0) is None
    schedule.note_read("online-1", 1, 0)
    schedule.note_failure("online-2", 0)
    assert schedule.next_at == math.inf


@pytest.mark.parametrize("online", [1, 7, 100, 1000])
def test_pushed(online: int) -> None:
    """What is pushed is read each 15 minutes, one after the other, however still it is."""
    schedule = Schedule[str]()
    schedule.update(dict.fromkeys(fleet(online), PUSHED), 0)
    assert schedule.pushed_interval == 900
    assert {key for _, key in run(schedule, 0, 0.1)} == set(fleet(online))
    read = run(schedule, 0.1, 900 + 4 * HOUR, math.inf)
    distances = [after - before for (before, _), (after, _) in pairwise(read)]
    assert min(distances) > 0.9 * 900 / online
    counted = Counter(key for now, key in read if now >= 900)
    assert set(counted.values()) == {16}


@pytest.mark.parametrize(
    ("usual", "pushed", "interval", "pushed_interval"),
    [
        (0, 4500, 60, 900),
        (0, 9000, 120, 1800),
        (300, 150, 62, 930),
        (600, 1500, 140, 2100),
    ],
)
def test_pace_with_pushes(
    usual: int, pushed: int, interval: float, pushed_interval: float
) -> None:
    """Those that are pushed count by their share, and all keep the pace together."""
    schedule = Schedule[str]()
    schedule.update(fleet(usual) | {f"pushed-{n}": PUSHED for n in range(pushed)}, 0)
    assert schedule.interval == pytest.approx(interval)
    assert schedule.pushed_interval == pytest.approx(pushed_interval)
    run(schedule, 0, 2 * pushed_interval)
    read = run(schedule, 2 * pushed_interval, 4 * pushed_interval)
    assert len(read) / (2 * pushed_interval) <= 5.01
    counted = Counter(key.partition("-")[0] for _, key in read)
    assert counted["pushed"] == 2 * pushed


def test_pushes_begin_and_end() -> None:
    """Reads are put off when pushes come, and brought forward without a burst."""
    schedule = Schedule[str]()
    schedule.update(fleet(100), 0)
    run(schedule, 0, HOUR)
    schedule.update(dict.fromkeys(fleet(100), PUSHED), HOUR)
    assert len(run(schedule, HOUR, HOUR + 400)) <= 1
    read = run(schedule, HOUR + 400, 2 * HOUR)
    assert 300 <= len(read) <= 400
    schedule.update(fleet(100), 2 * HOUR)
    read = run(schedule, 2 * HOUR, 2 * HOUR + 91)
    assert {key for _, key in read} == set(fleet(100))
    distances = [after - before for (before, _), (after, _) in pairwise(read)]
    assert min(distances) > 0.5
    assert len(read) <= 91 / 60 * 100 + 1
    # Coming and going of pushes does not pile up what was planned.
    for number in range(100):
        wanted = PUSHED if number % 2 else ONLINE
        schedule.update(dict.fromkeys(fleet(100), wanted), 3 * HOUR + number)
        run(schedule, 3 * HOUR + number, 3 * HOUR + number + 1)
        assert len(schedule._queue) <= 100


def test_some_are_pushed() -> None:
    """The devices of another product are read as ever."""
    schedule = Schedule[str]()
    wanted = fleet(10) | {f"pushed-{number}": PUSHED for number in range(10)}
    schedule.update(wanted, 0)
    run(schedule, 0, HOUR)
    counted = Counter(key for _, key in run(schedule, HOUR, 2 * HOUR))
    for key, count in counted.items():
        assert count == (60 if wanted[key] is ONLINE else 4)


def test_pushed_device_comes_online() -> None:
    """It is read at once, and tried again soon if that fails; so is one that logged in."""
    schedule = Schedule[str]()
    schedule.update({"x": Wanted(is_online=False, is_pushed=True)}, 0)
    assert schedule.next_at == math.inf
    online = Wanted(is_online=True, is_pushed=True, login_time=1)
    schedule.update({"x": online}, 100)
    assert schedule.take(100) == "x"
    schedule.note_failure("x", 100)
    assert 130 <= schedule.next_at <= 190
    (first, _), *_ = run(schedule, 100, HOUR)
    assert schedule.next_at - first >= 450
    online = Wanted(is_online=True, is_pushed=True, login_time=2)
    schedule.update({"x": online}, HOUR)
    assert schedule.next_at == HOUR
    # What is due stays due when pushes end.
    schedule.update({"x": Wanted(is_online=True, login_time=2)}, HOUR)
    assert schedule.next_at == HOUR


def test_pushed_without_polling() -> None:
    """Without polling nothing is read in turn, whether pushes come or not."""
    schedule = Schedule[str](polls=False)
    schedule.update({"x": PUSHED}, 0)
    assert len(run(schedule, 0, DAY)) == 1
    for number, wanted in enumerate((ONLINE, PUSHED, ONLINE)):
        schedule.update({"x": wanted}, DAY + number)
        assert schedule.next_at == math.inf


def test_limits_of_what_is_pushed() -> None:
    """What is refused for rate is read half as often, also where it is pushed."""
    schedule = Schedule[str]()
    schedule.update(dict.fromkeys(fleet(10), PUSHED), 0)
    run(schedule, 0, 100)
    schedule.note_limit(100, 100)
    assert schedule.pushed_interval == 1800
    for now in (200, 300, 400, 500, 600):
        schedule.note_limit(now, now)
    assert schedule.pushed_interval == 3600


def follow(follow_ups: FollowUps[str], start: float, end: float) -> list[float]:
    """Return when a device is read that shows nothing new."""
    times: list[float] = []
    while (now := max(start, follow_ups.next_at)) < end:
        assert follow_ups.take(now) == "x"
        follow_ups.note_read("x", 1, now, is_held=True)
        times.append(now)
    return times


def test_follow_ups() -> None:
    """A device is read some times, those of a burst once for all."""
    follow_ups = FollowUps[str]()
    follow_ups.begin("x", 1, 0, needs_report=False)
    assert follow(follow_ups, 0, HOUR) == list(AFTER)
    for now in (0, 0.5, 1):
        follow_ups.begin("x", 1, now, needs_report=False)
    assert follow(follow_ups, 0, HOUR) == [1 + seconds for seconds in AFTER]


@pytest.mark.parametrize("needs_report", [True, False])
def test_follow_ups_end(needs_report: bool) -> None:
    """A value that is confirmed is enough, or anything new that was reported."""
    follow_ups = FollowUps[str]()
    follow_ups.begin("x", 1, 0, needs_report=needs_report)
    follow_ups.note_read("x", 1, 1, is_held=True)
    assert follow_ups.next_at == AFTER[0]
    # It was under way when something was done to the device.
    follow_ups.note_read("x", 2, -1, is_held=False)
    assert follow_ups.next_at == AFTER[0]
    follow_ups.note_read("x", 1, 1, is_held=False)
    assert (follow_ups.next_at == AFTER[0]) is needs_report
    follow_ups.note_read("x", 2, 1, is_held=False)
    assert follow_ups.next_at == math.inf


def test_events_of_a_week() -> None:
    """Those of 100 devices with two types each cost as many requests as was promised."""
    schedule = Schedule[int](interval=120, per_second=2, slows_down=False)
    wanted = dict.fromkeys(range(200), Wanted(is_online=True))
    schedule.update(wanted, 0)
    now, count = 0.0, 0
    while now < 604800:
        if (key := schedule.take(now)) is None:
            now = schedule.next_at
            continue
        count += 1
        schedule.note_read(key, None, now)
    assert schedule.interval == 120
    assert abs(count - 200 * 604800 / 120) <= 2 * 200
