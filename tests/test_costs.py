"""What keeping up to date costs, by the one formula, and how many devices are slowed."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from .documents import Documents, codes, each_language, rows, section
from .entities import add_product
from .events import START, pass_seconds
from .helpers import LIST, Cloud, product, set_up, with_both_keys
from .test_document_push import number
from custom_components.tencent_iot_explorer.api.pace import MOST_PER_SECOND
from custom_components.tencent_iot_explorer.reports.costs import Use, costs_of
from emulator import JournalEntry
from emulator.products import action

DAY = 24 * 60 * 60
ALL = Use(devices=1000, total=1000, properties=1000, events=1000)


def all_of(devices: int, **changes: bool) -> Use:
    """Return what all devices of a product with properties and one type of event need."""
    return replace(
        ALL,
        devices=devices,
        total=devices,
        properties=devices,
        events=devices,
        **changes,
    )


@pytest.mark.parametrize(
    ("devices", "polls", "properties", "events"),
    [
        (1, 1440, 1440, 720),
        (10, 1440, 14_400, 7_200),
        (100, 1440, 144_000, 72_000),
        # Ten pages are a second late, and the next minute begins then.
        (1000, 10 * DAY / 61, 432_000, 172_800),
        # A round of lists takes almost a minute, and nothing waits for another one.
        (30_000, 300 * DAY / 119, 432_000, 172_800),
    ],
)
def test_polled(devices: int, polls: float, properties: int, events: int) -> None:
    """Devices that are polled are read each minute, as far as the paces allow."""
    costs = costs_of(all_of(devices))
    assert (costs.polls, costs.properties, costs.events) == (
        round(polls),
        properties,
        events,
    )
    assert costs.per_day == 24 + round(polls) + properties + events


def test_pushed() -> None:
    """Devices that are pushed are read each quarter of an hour, or less often still."""
    costs = costs_of(all_of(1000, is_pushed=True))
    assert (costs.properties, costs.events) == (96_000, 96_000)
    assert not (costs.slows_properties or costs.slows_events)
    costs = costs_of(all_of(10_000, is_pushed=True))
    assert (costs.properties, costs.events) == (432_000, 172_800)


def test_chosen() -> None:
    """Of many devices a few are cheaper one by one."""
    assert costs_of(Use(devices=3, total=1000)).polls == 3 * 1440
    assert costs_of(Use(devices=30, total=1000)).use.poll == 10
    # Fifty devices of many take ten seconds.
    assert costs_of(Use(devices=50, total=10_000)).poll_interval == 69


def test_whole_list() -> None:
    """Who follows all devices reads the whole list, also while there is none on it."""
    assert costs_of(Use(devices=0, total=0, all_devices=True)).polls == 1440
    assert costs_of(Use(devices=0, total=0)).polls == 0
    assert costs_of(Use(devices=2, total=1000, all_devices=True)).use.poll == 10


def test_all_products_of_a_key() -> None:
    """The paces are those of a key: what its other products need slows all of them."""
    small, large = all_of(100), all_of(900)
    alone, together = costs_of(small), costs_of(small, [large])
    assert (alone.property_interval, together.property_interval) == (60, 200)
    assert (alone.event_interval, together.event_interval) == (120, 500)
    assert not (alone.slows_properties or alone.slows_events)
    assert together.slows_properties
    assert together.slows_events
    both = together.properties + costs_of(large, [small]).properties
    assert both == costs_of(all_of(1000)).properties
    # A product that is pushed has a small share.
    pushed = costs_of(small, [replace(large, is_pushed=True)])
    assert pushed.property_interval == 60
    pushed = costs_of(replace(small, is_pushed=True), [large])
    assert pushed.property_interval == pytest.approx(15 * (900 + 100 / 15) / 5)
    # Lists of many products share their pace, too.
    many = [all_of(10_000)] * 9
    assert costs_of(all_of(10_000), many).poll_interval == 200


@pytest.mark.parametrize(
    ("use", "slows_properties", "slows_events", "seconds"),
    [
        (all_of(240), False, False, 60),
        (all_of(241), False, True, 60),
        (all_of(301), True, True, 60.2),
        (Use(devices=300, total=300, properties=300), False, False, 60),
        (Use(devices=1000, total=1000, events=1000), False, True, 500),
        (Use(devices=1000, total=1000), False, False, 200),
    ],
)
def test_slowed(
    use: Use, slows_properties: bool, slows_events: bool, seconds: float
) -> None:
    """Only what is read can be read seldom."""
    costs = costs_of(use)
    assert costs.slows_properties is slows_properties
    assert costs.slows_events is slows_events
    assert use.properties + use.events == 0 or costs.read_interval == round(seconds)


@each_language
def test_table_of_costs(documents: Documents) -> None:
    """Each row of the table is what the formula says, for a day and for a year."""
    table = rows(section(documents, "A day and a year"))
    assert [number(cells[0]) for cells in table] == [1, 10, 100, 1000]
    for cells in table:
        devices, *numbers = map(number, cells)
        polled, pushed = (
            costs_of(all_of(devices, is_pushed=is_pushed)).per_day
            for is_pushed in (False, True)
        )
        assert numbers == [polled, polled * 365, pushed, pushed * 365]
    text = section(documents, "A day and a year")
    for devices in (100, 1000):
        alone = costs_of(Use(devices=devices, total=devices)).per_day
        assert f"{alone:,}" in text
    for is_pushed in (False, True):
        device = costs_of(all_of(1, is_pushed=is_pushed))
        assert f" {device.properties + device.events:,} " in text
    assert f"{costs_of(all_of(3)).per_day:,}" in text
    most = costs_of(all_of(100_000))
    assert f"{most.properties:,}" in text
    assert f"{most.events:,}" in text


@each_language
def test_table_of_fleets(documents: Documents) -> None:
    """Requests in a second of few and many devices stand beside the documented limits."""
    documented = {
        call: number(most)
        for calls, most, _ in rows(section(documents, "Limits of the cloud"))
        for call in codes(calls)
    }
    polled, pushed = (
        [costs_of(all_of(devices, is_pushed=way)) for devices in (1, 10, 100, 1000)]
        for way in (False, True)
    )
    expected = [
        ("GetDeviceList", [costs.polls for costs in polled]),
        ("DescribeDeviceData", [costs.properties for costs in polled]),
        ("DescribeDeviceData", [costs.properties for costs in pushed]),
        ("ListEventHistory", [costs.events for costs in polled]),
        ("ListEventHistory", [costs.events for costs in pushed]),
    ]
    table = rows(section(documents, "Many devices"))
    for (call, per_day), (shown, limit, *cells) in zip(expected, table, strict=True):
        assert codes(shown) == [call]
        assert number(limit) == documented[call]
        per_second = [round(requests / DAY, 2) for requests in per_day]
        assert cells == [f"{value:.2f}" if value else "< 0.01" for value in per_second]


@each_language
def test_table_of_limits(documents: Documents) -> None:
    """Each call has its row, and takes no more than half of what is documented."""
    table = rows(section(documents, "Limits of the cloud"))
    told: dict[str, int] = {}
    for calls, documented, most in table:
        told |= dict.fromkeys(codes(calls), number(most))
        assert number(most) <= number(documented) / 2
    assert told == MOST_PER_SECOND


@with_both_keys
async def test_poll_that_takes_long(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    time_limits: SimpleNamespace,
) -> None:
    """While a poll goes on no other one begins, and the next one is a minute after it."""
    time_limits.read = time_limits.reads = DAY
    freezer.move_to(START)
    add_product(cloud, "BIG", action("do", "Do"), devices=150)
    await set_up(hass, cloud, product("BIG", all_devices=True))
    journal = cloud.emulator.journal
    journal.clear()
    came, release = asyncio.Event(), asyncio.Event()

    async def hold(request: JournalEntry) -> None:
        """Keep a page back."""
        came.set()
        await release.wait()

    cloud.emulator.gate = hold
    freezer.tick(61)
    async_fire_time_changed(hass)
    await came.wait()
    for _ in range(4):
        freezer.tick(61)
        async_fire_time_changed(hass)
        # What would begin is on its way by then.
        for _ in range(50):
            await asyncio.sleep(0)
    assert [item.call for item in journal] == [LIST]
    release.set()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(journal) == 2
    await pass_seconds(hass, freezer, 55)
    assert len(journal) == 2
    await pass_seconds(hass, freezer, 10)
    assert len(journal) == 4
