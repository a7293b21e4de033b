"""What is remembered of events, so that none is new twice, and none is kept for ever."""

import random

import pytest

from custom_components.tencent_iot_explorer.api import EventHistory, EventRecord
from custom_components.tencent_iot_explorer.product.event_memory import (
    KEPT_FOR,
    EventMemory,
)

NOW = 1_795_636_800_000
HOUR = 3_600_000


def record(at: int, data: str = "") -> EventRecord:
    """Return an event."""
    return EventRecord(
        event_id="e", type="info", occurred_at=at, data=data, parameters={}
    )


def key_of(event: EventRecord) -> str:
    """Return what an event is known by."""
    return f"{event.occurred_at}/{event.data}"


def history(read_at: int, *moments: int) -> EventHistory:
    """Return what the cloud lists."""
    return EventHistory(events=tuple(map(record, moments)), read_at=read_at)


def read_first(read: EventHistory) -> EventMemory:
    """Return what is known after the first reading, by which nothing is new."""
    memory = EventMemory()
    assert new(memory, read) == []
    return memory


def new(memory: EventMemory, read: EventHistory) -> list[int]:
    """Return when what is new was."""
    return [event.occurred_at for event in memory.take(read, key_of).values()]


@pytest.mark.parametrize(
    ("moments", "since"),
    [
        ((), NOW),
        ((NOW - 5000, NOW - 9000), NOW - 5000),
        # By a device's clock that is fast.
        ((NOW - 5000, NOW + HOUR), NOW),
    ],
)
def test_first(moments: tuple[int, ...], since: int) -> None:
    """By the first reading nothing is new, nor what was before."""
    memory = read_first(history(NOW, *moments))
    assert memory.since == since
    assert new(memory, history(NOW, *moments)) == []
    assert new(memory, history(NOW, since - 1, since + 1)) == [since + 1]


def test_order_and_repetition() -> None:
    """The oldest is first, and what was there before is not new."""
    memory = read_first(history(NOW))
    assert new(memory, history(NOW + 9, NOW + 3, NOW + 1)) == [NOW + 1, NOW + 3]
    assert new(memory, history(NOW + 9, NOW + 3, NOW + 2)) == [NOW + 2]
    other = EventHistory(events=(record(NOW + 3, "other"),), read_at=NOW + 9)
    assert len(memory.take(other, key_of)) == 1


def test_start() -> None:
    """It goes on two minutes before the last that is known, or reads a day."""
    memory = read_first(history(NOW))
    assert memory.start == NOW // 1000 - 120
    new(memory, history(NOW + HOUR, NOW + 1000, NOW + 3 * HOUR))
    assert memory.start == NOW // 1000 + 1 - 120
    new(memory, history(NOW + 48 * HOUR))
    assert memory.start == 0


def test_long_ago() -> None:
    """What is older than a day is not new, and forgotten."""
    memory = read_first(history(NOW - 48 * HOUR))
    assert new(memory, history(NOW, NOW - KEPT_FOR - 1, NOW - HOUR)) == [NOW - HOUR]
    assert new(memory, history(NOW + 30 * HOUR, NOW + 29 * HOUR)) == [NOW + 29 * HOUR]
    assert memory.seen.keys() == {f"{NOW + 29 * HOUR}/"}


def test_wrong_time_of_the_cloud() -> None:
    """A time that makes no sense makes nothing new again."""
    memory = read_first(history(NOW))
    assert new(memory, history(NOW + 5, NOW + 1, NOW + 4)) == [NOW + 1, NOW + 4]
    assert new(memory, history(NOW + 99 * HOUR, NOW + 1, NOW + 4)) == []
    assert new(memory, history(NOW + 9, NOW + 1, NOW + 4, NOW + 7)) == [NOW + 7]


def test_many() -> None:
    """A flood is bounded, and none of it is new again."""
    memory = read_first(history(NOW))
    flood = range(NOW, NOW + 5000)
    assert new(memory, history(NOW + 5000, *flood)) == list(flood)
    assert len(memory.seen) == 1000
    assert new(memory, history(NOW + 5000, *flood)) == []
    assert memory.start == (NOW + 4999) // 1000 - 120


def test_week() -> None:
    """In a week of overlapping readings each event is new once, and little is kept."""
    chance = random.Random(1)
    memory = read_first(history(NOW))
    happened: list[tuple[int, int]] = []
    shown: list[int] = []
    largest = 0
    for read_at in range(NOW + 120_000, NOW + 7 * 24 * HOUR, 120_000):
        for _ in range(chance.choice((0, 0, 0, 1, 3))):
            late = chance.choice((0, 0, 0, 60_000, 5 * HOUR))
            moment = read_at - chance.randrange(120_000) - late
            if moment >= NOW:
                happened.append((read_at, moment))
        is_day = (read_at - NOW) % HOUR == 0
        start = read_at - 24 * HOUR if is_day else memory.start * 1000
        listed = [moment for _, moment in happened if moment >= start]
        shown += new(memory, history(read_at, *listed))
        largest = max(largest, len(memory.seen))
    assert len(shown) == len(set(shown))
    due = {moment for at, moment in happened if at < NOW + 7 * 24 * HOUR - HOUR}
    assert due <= set(shown)
    assert largest < 1000


def test_future() -> None:
    """What a file says to be known for longer than can be is new again within a day."""
    memory = EventMemory(since=2**53 - 1)
    assert new(memory, history(NOW, NOW - 1)) == []
    later = NOW + 24 * HOUR
    assert new(memory, history(later + 2, later + 1)) == [later + 1]
