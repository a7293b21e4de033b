"""Places are shared fairly, in order at each device, and none is ever lost."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count, pairwise
from types import SimpleNamespace
from typing import override

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
import pytest

from custom_components.tencent_iot_explorer.api import places
from custom_components.tencent_iot_explorer.api.limiter import ActionLimiter
from custom_components.tencent_iot_explorer.api.places import Places, Share

PLACES = 10


@dataclass(eq=False)
class Wish:
    """Something that is to be done to a device."""

    limiter: ActionLimiter
    caller: str | None
    device: str
    waits: bool

    def __post_init__(self) -> None:
        """Wait for device and place."""
        self.turn = self.limiter.turn(
            self.caller, self.device, seconds=5, waits=self.waits
        )
        self.limiter.enter(self.turn)

    @property
    def is_placed(self) -> bool:
        """Return whether it is under way."""
        return self.turn.share.placed.is_set()

    @property
    def owner(self) -> object:
        """Return whom it shares places with."""
        return self.caller or self

    def end(self) -> None:
        """End it, or give it up."""
        self.limiter.leave(self.turn)


class Sharing(RuleBasedStateMachine):
    """Calls of all sizes that begin, end and are given up in any order."""

    def __init__(self) -> None:
        """Begin with nothing under way."""
        super().__init__()
        self.limiter = ActionLimiter()
        self.wishes: list[Wish] = []
        self.names = count()

    def ready(self, *, waits: bool) -> list[Wish]:
        """Return what waits for nothing but a place."""
        firsts: dict[str, Wish] = {}
        for wish in self.wishes:
            firsts.setdefault(wish.device, wish)
        return [
            wish
            for wish in firsts.values()
            if wish.waits == waits and not wish.is_placed
        ]

    def held(self, *, waits: bool) -> Counter[object]:
        """Return how many places each caller holds."""
        return Counter(
            wish.owner for wish in self.wishes if wish.waits == waits and wish.is_placed
        )

    @rule(
        caller=st.sampled_from([None, "a", "b", "c"]),
        devices=st.integers(1, 15),
        waits=st.booleans(),
    )
    def call_some(self, caller: str | None, devices: int, waits: bool) -> None:
        """Begin a call to devices that nothing else is done to."""
        for _ in range(devices):
            device = f"device-{next(self.names)}"
            self.wishes.append(Wish(self.limiter, caller, device, waits))

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), caller=st.sampled_from([None, "a", "b"]), waits=st.booleans())
    def call_busy(self, data: st.DataObject, caller: str | None, waits: bool) -> None:
        """Begin a call to a device that something is done to."""
        device = data.draw(st.sampled_from(self.wishes)).device
        self.wishes.append(Wish(self.limiter, caller, device, waits))

    @precondition(lambda self: any(not wish.is_placed for wish in self.wishes))
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        """Give something up that waits."""
        waiting = [wish for wish in self.wishes if not wish.is_placed]
        wish = data.draw(st.sampled_from(waiting))
        self.wishes.remove(wish)
        wish.end()

    @precondition(lambda self: any(wish.is_placed for wish in self.wishes))
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        """End something; its place goes to a caller that holds the fewest."""
        under_way = [wish for wish in self.wishes if wish.is_placed]
        ended = data.draw(st.sampled_from(under_way))
        self.wishes.remove(ended)
        held = self.held(waits=ended.waits)
        ready = self.ready(waits=ended.waits)
        ended.end()
        placed = [wish for wish in ready if wish.is_placed]
        if not ready:
            assert placed == []
            return
        (next_one,) = placed
        fewest = min(held[wish.owner] for wish in ready)
        candidates = {wish.owner for wish in ready if held[wish.owner] == fewest}
        assert next_one.owner in candidates
        if len(candidates) > 1:
            # Others have waited longer than who has just given a place back.
            assert next_one.owner != ended.owner

    @invariant()
    def nothing_is_lost(self) -> None:
        """All places are used as long as something waits for one, and never more."""
        for waits in (False, True):
            used = self.held(waits=waits).total()
            assert used <= PLACES
            if self.ready(waits=waits):
                assert used == PLACES

    @invariant()
    def devices_are_in_order(self) -> None:
        """Of a device only what came first is under way."""
        seen: set[str] = set()
        for wish in self.wishes:
            assert not (wish.is_placed and wish.device in seen)
            seen.add(wish.device)

    @override
    def teardown(self) -> None:
        """See that all places are free in the end."""
        while self.wishes:
            self.wishes.pop().end()
        for waits in (False, True):
            wishes = [
                Wish(self.limiter, None, f"device-{index} {waits}", waits)
                for index in range(PLACES + 1)
            ]
            assert [wish.is_placed for wish in wishes] == [True] * PLACES + [False]


TestSharing = Sharing.TestCase
TestSharing.settings = settings(max_examples=100, stateful_step_count=40)


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self) -> None:
        """Begin at some time."""
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return what it shows."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let places be timed by a clock of the test."""
    clock = Clock()
    monkeypatch.setattr(places, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


def share(
    places_: Places, clock: Clock, caller: str, *, is_first: bool = True
) -> Share:
    """Let a share wait that may do so for five seconds."""
    share = Share(caller, 5)
    places_.enter(share, is_first=is_first)
    clock.now += 0.001
    return share


def test_siblings_take_no_time(clock: Clock) -> None:
    """However long a call takes, its last devices have their seconds."""
    one = Places(1)
    shares = [share(one, clock, "large") for _ in range(100)]
    for earlier, later in pairwise(shares):
        clock.now += 4
        assert one.seconds_left(later) == 5
        one.leave(earlier)
        assert later.placed.is_set()
        assert later.deadline == clock.now + 5


def test_others_take_time(clock: Clock) -> None:
    """What waits for others does so for its seconds, and is then sent within them."""
    one = Places(1)
    other = share(one, clock, "other")
    entered_at = clock.now
    tap = share(one, clock, "tap")
    clock.now = entered_at + 3
    assert one.seconds_left(tap) == pytest.approx(2)
    one.leave(other)
    assert tap.deadline == pytest.approx(entered_at + 5)


def test_seconds_of_a_call_that_got_on(clock: Clock) -> None:
    """A call that waits for others again has as many seconds as at first."""
    one = Places(1)
    first, second = share(one, clock, "large"), share(one, clock, "large")
    other = share(one, clock, "other")
    clock.now += 60
    one.leave(first)
    assert other.placed.is_set()
    assert one.seconds_left(second) == 5
    clock.now += 4
    assert one.seconds_left(second) == 1


def test_seconds_of_a_busy_device(clock: Clock) -> None:
    """What waits for its device has its seconds from when its siblings pass it over."""
    one = Places(1)
    first = share(one, clock, "large")
    busy = share(one, clock, "large", is_first=False)
    share(one, clock, "large")
    clock.now += 60
    assert one.seconds_left(busy) == 5
    one.leave(first)
    clock.now += 4
    assert one.seconds_left(busy) == 1
    one.hurry(busy)
    # Now it waits for a sibling.
    assert one.seconds_left(busy) == 5


async def test_given_up_when_placed() -> None:
    """A place that comes in the moment in which its wish is given up goes on to the next."""
    limiter = ActionLimiter()
    async with AsyncExitStack() as others, AsyncExitStack() as first:
        await first.enter_async_context(limiter.turn(None, "0", 5, waits=False))
        for index in range(1, PLACES):
            turn = limiter.turn(None, str(index), 5, waits=False)
            await others.enter_async_context(turn)

        async def hold(device: str) -> None:
            """Wait for a turn, and end it at once."""
            async with limiter.turn(None, device, 5, waits=False):
                pass

        given_up = asyncio.create_task(hold("late"))
        waiting = asyncio.create_task(hold("later"))
        await asyncio.sleep(0)
        await first.aclose()
        given_up.cancel()
        async with asyncio.timeout(30):
            await waiting
            await hold("late")
        assert given_up.cancelled()
