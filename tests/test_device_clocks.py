"""A device's clock is wrong by any time up to a day: the newest report counts all the same."""

from dataclasses import dataclass, field
import json
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings, strategies as st
import pytest

from homeassistant.core import HomeAssistant

from custom_components.tencent_iot_explorer.api import (
    EventHistory,
    EventRecord,
    PushedReports,
    Report,
    parse_push,
)
from custom_components.tencent_iot_explorer.product.event_memory import EventMemory
from custom_components.tencent_iot_explorer.product.values import PropertyValues

START = 1_764_150_000_000
SECOND = 1000
HOUR = 3600 * SECOND
DAY = 24 * HOUR


@dataclass
class World:
    """A device with a clock of its own, the cloud with another, and who shows a value.

    The device is `fast` by some milliseconds. The cloud keeps the device's own time of a
    report that has one, or with `keeps_own_time` false its own.
    """

    keeps_own_time: bool = True
    fast: int = 0
    now: int = START
    reports: list[tuple[Report, bytes]] = field(default_factory=list)
    values: PropertyValues = field(init=False)

    def __post_init__(self) -> None:
        """Let somebody show the value."""
        self.values = PropertyValues(cast(HomeAssistant, SimpleNamespace()))
        self.values.async_listen("a", ["x"], lambda: None)

    def shows(self, value: int) -> bool:
        """Return whether a value is shown."""
        return self.values.value("a", "x") == value

    def report(self, value: int, *, pause: int = 60 * SECOND, own: bool = True) -> None:
        """Let the device report a value some time later, stamped or not."""
        self.now += pause
        at = self.now + self.fast
        payload: dict[str, Any] = {"method": "report", "params": {"x": value}}
        if own:
            payload["timestamp"] = at
        message = {
            "payload": payload,
            "seq": len(self.reports) + 1,
            "timestamp": self.now // SECOND,
            "topic": "$thing/up/property/P/a",
            "devicename": "a",
            "productid": "P",
        }
        kept = at if own and self.keeps_own_time else self.now
        self.reports.append(
            (Report(value=value, reported_at=kept), json.dumps(message).encode())
        )

    def push(self, number: int = -1) -> None:
        """Push a report, once more or for the first time."""
        parsed = parse_push(self.reports[number][1], self.now + 500)
        assert parsed
        assert isinstance(parsed.content, PushedReports)
        self.values.async_take_pushed("a", parsed.content.reports)

    def read(self) -> None:
        """Read the last report."""
        if self.reports:
            report, _ = self.reports[-1]
            self.values.async_take("a", {"x": report}, self.values.pushes)


@pytest.mark.parametrize("keeps_own_time", [True, False])
@pytest.mark.parametrize(
    "fast", [120 * SECOND, 2 * HOUR, -120 * SECOND, 2 * HOUR - DAY]
)
def test_pushed_after_a_read(fast: int, *, keeps_own_time: bool) -> None:
    """What is pushed is shown at once, whatever clock the cloud kept for what was read."""
    world = World(fast=fast, keeps_own_time=keeps_own_time)
    world.report(1)
    world.read()
    for value in (2, 3):
        world.report(value, pause=2 * SECOND)
        world.push()
        assert world.shows(value)
    world.read()
    world.read()
    world.report(4, pause=2 * SECOND)
    world.push()
    assert world.shows(4)
    # One from before, which comes late, changes nothing.
    if keeps_own_time:
        world.push(2)
        assert world.shows(4)


def test_corrected_clock() -> None:
    """What was reported by a fast clock puts off nothing that is sent later."""
    world = World(fast=2 * HOUR)
    world.report(1)
    world.push()
    world.report(2, own=False)
    world.push()
    assert world.shows(2)
    world.report(3)
    world.push()
    world.fast = 0
    world.report(4)
    world.push()
    assert world.shows(4)
    # Each comes again.
    for number in (0, 1, 2, 3):
        world.push(number)
        assert world.shows(4)


def test_one_second() -> None:
    """Of reports by two clocks in one second the number of the message decides."""
    world = World(fast=2 * HOUR)
    world.report(1, pause=0, own=False)
    world.report(2, pause=0)
    world.report(3, pause=0, own=False)
    for number in (0, 1, 0, 2, 1):
        world.push(number)
    assert world.shows(3)


STEPS = st.one_of(
    st.tuples(
        st.just("report"),
        st.integers(0, 3),
        st.sampled_from((1, 300, 2 * SECOND, HOUR)),
        st.booleans(),
    ),
    st.tuples(st.just("push"), st.integers(0, 9)),
    st.tuples(st.just("read")),
)


@given(
    steps=st.lists(STEPS, min_size=1, max_size=30),
    order=st.randoms(use_true_random=False),
    fast=st.integers(-DAY + SECOND, DAY - SECOND),
    keeps_own_time=st.booleans(),
    stamps=st.sampled_from((True, False, None)),
)
@settings(max_examples=1000)
def test_any_order(
    steps: list[tuple[Any, ...]],
    order: Any,
    fast: int,
    *,
    keeps_own_time: bool,
    stamps: bool | None,
) -> None:
    """After all messages, in any order, and two reads the last report is shown."""
    world = World(fast=fast, keeps_own_time=keeps_own_time)
    for name, *arguments in steps:
        if name == "report":
            value, pause, own = arguments
            world.report(value, pause=pause, own=own if stamps is None else stamps)
        elif name == "read":
            world.read()
        elif world.reports:
            world.push(arguments[0] % len(world.reports))
    if not world.reports:
        return
    rest = list(range(len(world.reports))) * 2
    order.shuffle(rest)
    for number in rest:
        world.push(number)
    if stamps is not None and not any(name == "read" for name, *_ in steps):
        # One clock for all is enough without any read.
        assert world.shows(world.reports[-1][0].value)
    world.read()
    world.read()
    assert world.shows(world.reports[-1][0].value)


def key_of(event: EventRecord) -> str:
    """Return what an event is known by."""
    return f"{event.event_id}/{event.occurred_at}/{event.data}"


def occurrence(at: int, sent_at: int | None = None, data: str = "x") -> EventRecord:
    """Return an event, which was pushed if it was sent."""
    return EventRecord(
        event_id="opened",
        type="info",
        occurred_at=at,
        data=data,
        parameters={},
        sent_at=sent_at,
    )


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 90), st.sampled_from("ab"), st.integers(0, 6)),
        min_size=1,
        max_size=20,
    ),
    fast=st.integers(-DAY + HOUR, DAY - HOUR),
    delay=st.integers(-20, 20),
    keeps_own_time=st.booleans(),
)
@settings(max_examples=500)
def test_events(
    steps: list[tuple[int, str, int]], fast: int, delay: int, *, keeps_own_time: bool
) -> None:
    """An event that is pushed and read is one, whichever of two clocks the list goes by."""
    memory = EventMemory()
    memory.take(EventHistory(events=(), read_at=START), key_of)
    now, new = START + DAY, 0
    listed: list[EventRecord] = []
    waiting: list[EventRecord] = []
    for pause, data, turn in steps:
        now += pause * SECOND
        own = now + fast
        kept = (own if keeps_own_time else now) + delay * SECOND
        listed.append(occurrence(kept, data=data))
        waiting.append(occurrence(own, now, data))
        if turn in (0, 1, 2):
            new += sum(len(memory.take_pushed(item, key_of)) for item in waiting)
            waiting.clear()
        if turn in (2, 3):
            history = EventHistory(events=tuple(listed), read_at=now + 30 * SECOND)
            new += len(memory.take(history, key_of))
    history = EventHistory(events=tuple(listed), read_at=now + 30 * SECOND)
    new += len(memory.take(history, key_of))
    new += sum(len(memory.take_pushed(item, key_of)) for item in waiting)
    assert new == len(steps)
    assert len(memory.sent) <= len(steps)
