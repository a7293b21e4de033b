"""What is pushed and what is read of a device, in any order, are one."""

import asyncio
from dataclasses import dataclass, field
import time
from types import SimpleNamespace
from typing import Any, cast

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from .entities import set_value
from .helpers import Cloud, set_up
from .plugs import PLUG, add_plugs, pass_time, plugs, read_devices, set_up_plugs, shown
from .property_entities import record_states
from custom_components.tencent_iot_explorer.api import Report
from custom_components.tencent_iot_explorer.product.values import PropertyValues
from custom_components.tencent_iot_explorer.runtime import Product
from emulator import JournalEntry

LEVEL = f"{PLUG}/a/property:level"
SECOND = 1000


def product_of(entry: MockConfigEntry) -> Product:
    """Return the one product of an entry."""
    (product,) = entry.runtime_data.products.values()
    return cast(Product, product)


def now() -> int:
    """Return the time in milliseconds."""
    return int(time.time() * 1000)


def rounded(value: object, at: int, sequence: int | None = None) -> Report:
    """Return a report as a message has it that knows whole seconds."""
    return Report(
        value=value,
        reported_at=at // SECOND * SECOND,
        resolution=SECOND,
        sequence=sequence,
    )


def values_of(hass: HomeAssistant | None = None) -> PropertyValues:
    """Return the values of a product of which somebody shows the level of `a`."""
    values = PropertyValues(hass or cast(HomeAssistant, SimpleNamespace()))
    values.async_listen("a", ["level"], lambda: None)
    return values


def take(values: PropertyValues, *reports: Report, pushes: int | None = None) -> object:
    """Read or be pushed each report, and return what is shown then.

    Those that are rounded are pushed.
    """
    for report in reports:
        if report.resolution > 1:
            values.async_take_pushed("a", {"level": report})
        else:
            since = values.pushes if pushes is None else pushes
            values.async_take("a", {"level": report}, since)
    return values.value("a", "level")


async def test_pushed(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What is pushed is shown at once, and read later it is nothing new."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    states = record_states(hass)
    freezer.tick(5)
    device.report(level=70)
    _, at = device.reported["level"]
    product_of(entry).values.async_take_pushed("a", {"level": rounded(70, at, 7)})
    await hass.async_block_till_done()
    assert shown(hass, "number", "a", "level") == "70"
    product_of(entry).values.async_take_pushed("a", {"level": rounded(70, at, 7)})
    await pass_time(hass, freezer, 120, 10)
    assert read_devices(cloud)
    assert len(states) == 1


async def test_nobody_listens(hass: HomeAssistant, cloud: Cloud) -> None:
    """Nothing is kept of what is pushed of a device that nobody shows."""
    entry, _ = await set_up_plugs(hass, cloud, "a", use_properties=False)
    values = product_of(entry).values
    values.async_take_pushed("a", {"level": rounded(70, now())})
    assert list(values.reported) == []
    assert values.value("a", "level") is None


def test_order_of_pushes() -> None:
    """The latest counts; of one second it is the one with the highest number."""
    values = values_of()
    assert take(values, rounded(1, 12_000, 8)) == 1
    assert take(values, rounded(2, 11_000, 9)) == 1
    assert take(values, rounded(3, 12_000, 7), rounded(4, 12_000, 8)) == 1
    assert take(values, rounded(5, 12_000, 9)) == 5
    # The numbers of a rule begin anew when it is made anew.
    assert take(values, rounded(6, 13_000, 1)) == 6
    # Without any number the last that came counts.
    assert take(values, rounded(7, 13_000)) == 7
    assert take(values, rounded(8, 13_000), rounded(7, 13_000, 0)) == 7


def test_pushed_after_a_read() -> None:
    """A late push changes nothing that was read, unless it may be of later."""
    values = values_of()
    read = Report(value=1, reported_at=12_345)
    assert take(values, read, rounded(2, 11_999)) == 1
    assert take(values, rounded(1, 12_345, 5)) == 1
    # It was that or a later one, and no earlier.
    assert values.newest("a") == 12_345
    assert take(values, rounded(2, 12_100, 4)) == 1
    assert take(values, rounded(3, 12_800, 6)) == 3
    # What was read is known by the number of the push that said it first.
    assert take(values, rounded(4, 20_700, 9)) == 4
    assert take(values, Report(value=4, reported_at=20_700)) == 4
    assert take(values, rounded(3, 20_100, 8)) == 4


def test_read_after_a_push() -> None:
    """A read counts, unless it was under way when something later was pushed."""
    values = values_of()
    take(values, Report(value=1, reported_at=11_000))
    assert values.pushes == 0
    assert take(values, rounded(2, 12_900)) == 2
    assert take(values, Report(value=3, reported_at=12_100), pushes=0) == 2
    assert take(values, Report(value=1, reported_at=11_000), pushes=0) == 2
    # What was read has a report that was not pushed yet.
    assert take(values, Report(value=4, reported_at=13_000), pushes=0) == 4
    assert take(values, rounded(5, 14_000)) == 5
    # It may have been reported after that and in the same second.
    assert take(values, Report(value=6, reported_at=14_900)) == 6
    # What was only read may be of earlier: the device's clock was set back.
    assert take(values, Report(value=7, reported_at=2_000)) == 7


def test_fast_clock() -> None:
    """A device whose clock was far ahead does not put off what is read for long."""
    values = values_of()
    assert take(values, rounded(1, 9_000_000)) == 1
    late = Report(value=2, reported_at=20_000)
    assert take(values, late, pushes=0) == 1
    # The cloud may not have it yet.
    assert take(values, late) == 1
    assert take(values, late) == 2


def test_same_value_again() -> None:
    """A value that is pushed again may be a later report, which counts as one."""
    values = values_of()
    assert take(values, rounded(1, 12_100, 1), Report(value=1, reported_at=12_100)) == 1
    assert take(values, rounded(1, 12_300, 3), Report(value=1, reported_at=12_300)) == 1
    assert take(values, rounded(2, 12_200, 2)) == 1


async def test_read_under_way(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A read that is answered after a push shows nothing older."""
    (device,) = add_plugs(cloud, "a")
    entry = await set_up(hass, cloud, plugs("a"))
    product = product_of(entry)
    states = record_states(hass)
    arrived, release = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Let the read wait."""
        arrived.set()
        await release.wait()

    cloud.emulator.gate = hold
    reading = hass.async_create_task(product.reader.async_read(product, "a"))
    await arrived.wait()
    # It was reported in the same second as what the read will show, or later.
    at = device.reported["level"][1] // SECOND * SECOND
    product.values.async_take_pushed("a", {"level": rounded(90, at)})
    release.set()
    await reading
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, "number", "a", "level") == "90"
    assert len(states) == 1


@pytest.mark.parametrize("seconds", [0, 3])
@pytest.mark.parametrize(("level", "expected"), [(80, "80"), (60, "60")])
async def test_held(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    level: int,
    expected: str,
    seconds: float,
) -> None:
    """A push confirms what was written, or shows what the device made of it.

    That may be in the same second as what it reported before.
    """
    freezer.move_to("2026-11-25 20:00:00.100+00:00")
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    product = product_of(entry)
    device.holds_writes = True
    freezer.tick(seconds)
    await set_value(hass, "number", LEVEL, 80)
    read_devices(cloud)
    # That it was 50 before is not what became of it.
    at = device.reported["level"][1]
    product.values.async_take_pushed("a", {"level": rounded(50, at, 1)})
    product.reader.async_note_pushed(product, "a")
    assert product.values.value("a", "level") == 80
    device.report(level=level)
    report = rounded(level, device.reported["level"][1], 2)
    product.values.async_take_pushed("a", {"level": report})
    product.reader.async_note_pushed(product, "a")
    await hass.async_block_till_done()
    assert shown(hass, "number", "a", "level") == expected
    assert product.values.is_held("a") is (level != 80)
    await pass_time(hass, freezer, 12)
    # What is confirmed needs no more reads.
    assert len(read_devices(cloud)) == (0 if level == 80 else 3)


async def test_written_twice_in_a_second(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A late push of what was there before does not confirm the same value again."""
    entry, (device,) = await set_up_plugs(hass, cloud, "a")
    values = product_of(entry).values
    device.holds_writes = True
    for level in (80, 50):
        await set_value(hass, "number", LEVEL, level)
    at = device.reported["level"][1]
    values.async_take_pushed("a", {"level": rounded(50, at, 1)})
    assert values.is_held("a")


@dataclass
class World:
    """A device that reports, the cloud that pushes and is read, and who shows it."""

    values: PropertyValues
    reports: list[Report] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    delivered: list[int] = field(default_factory=list)
    reads: list[tuple[int, Report | None]] = field(default_factory=list)

    def report(self, pause: int, value: int) -> None:
        """Let the device report something new, which is to be pushed."""
        before = self.reports[-1].reported_at if self.reports else 0
        self.reports.append(Report(value=value, reported_at=before + 1 + pause))
        self.waiting.append(len(self.reports) - 1)

    def push(self, number: int) -> None:
        """Push what waits for it, in any order."""
        if self.waiting:
            self.delivered.append(self.waiting.pop(number % len(self.waiting)))
            self._deliver(self.delivered[-1])

    def repeat(self, number: int) -> None:
        """Push again what was pushed already."""
        if self.delivered:
            self._deliver(self.delivered[number % len(self.delivered)])

    def begin_read(self) -> None:
        """Read what the cloud has, once at a time; the answer takes its time."""
        if not self.reads:
            self.reads.append((self.values.pushes, None))

    def answer_read(self) -> None:
        """Let the cloud answer the oldest read, with what it has now."""
        for number, (pushes, report) in enumerate(self.reads):
            if report is None and self.reports:
                self.reads[number] = pushes, self.reports[-1]
                return

    def end_read(self) -> None:
        """Let the oldest answer arrive."""
        if self.reads and (report := self.reads[0][1]):
            pushes, _ = self.reads.pop(0)
            self.values.async_take("a", {"level": report}, pushes)

    def read(self) -> None:
        """Read what the cloud has, while nothing else happens."""
        if self.reports and not self.reads:
            self.begin_read()
            self.answer_read()
            self.end_read()

    def _deliver(self, index: int) -> None:
        """Push one report."""
        report = self.reports[index]
        message = rounded(report.value, report.reported_at, index)
        self.values.async_take_pushed("a", {"level": message})


STEPS = st.one_of(
    st.tuples(st.just("report"), st.sampled_from((0, 1, 300, 2000)), st.integers(0, 3)),
    st.tuples(st.just("push"), st.integers(0, 5)),
    st.tuples(st.just("repeat"), st.integers(0, 5)),
    st.tuples(st.sampled_from(("read", "begin_read", "answer_read", "end_read"))),
)


@given(
    steps=st.lists(STEPS, min_size=1, max_size=40),
    rest=st.lists(st.integers(0, 5), max_size=10),
)
@settings(max_examples=1000)
def test_any_order(steps: list[tuple[Any, ...]], rest: list[int]) -> None:
    """However pushes and reads follow each other, the last report is shown in the end."""
    world = World(values_of())
    for name, *arguments in steps:
        getattr(world, name)(*arguments)
    for number in rest:
        world.push(number)
        world.repeat(number)
    while world.waiting:
        world.push(0)
    while world.reads and world.reports:
        world.answer_read()
        world.end_read()
    if world.reports:
        assert world.values.value("a", "level") == world.reports[-1].value
