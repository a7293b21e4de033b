"""What a day costs in requests, simulated and by the formula, and what that makes a year.

Half an hour is simulated of devices of which each has properties and one type of event,
polled or pushed, with each kind of key: all that is asked is asked more often than that, but
for the data template, which is read once an hour and left out. A thousand devices go through
a day of the true schedules alone.
"""

import asyncio
import sys

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .ask import ask
from .fleet import COSTS, device_names
from .home import add_account, add_application, product
from .process import output_of
from .report import Row, rows_from_text, rows_to_text
from .warp import Warp
from custom_components.tencent_iot_explorer.account.request_counts import request_counts
from custom_components.tencent_iot_explorer.account.session import cloud_session
from custom_components.tencent_iot_explorer.reports import event_reader
from custom_components.tencent_iot_explorer.reports.costs import (
    Costs,
    Use,
    costs_of,
    use_of,
)
from custom_components.tencent_iot_explorer.reports.schedule import Schedule, Wanted
from custom_components.tencent_iot_explorer.runtime import Product

HOUR = 3600
DAY = 24 * HOUR
# Who reports nothing for an hour is polled less often.
REPORTED_EACH = HOUR // 2
# What follows a start is no part of a day, until the turns of all devices have come.
FIRST_READINGS = 600
WAYS = ("polled", "pushed")
MANY = 1000
TEMPLATE = "DescribeModelDefinition"
NAMES = {name: f"{way}, key of an {key}" for name, key, way, _ in COSTS}
PUSHED = {name for name, _, way, _ in COSTS if way == "pushed"}


async def measure(hass: HomeAssistant, warp: Warp, cloud: str) -> str:
    """Return a row for each number of devices, way and kind of key, as text."""
    products: list[Product] = []
    for kind, add, path in (
        ("application", add_application, "0/api"),
        ("account", add_account, "0/"),
    ):
        chosen = [
            product(name, device_names(count), use_properties=True)
            for name, key, _, count in COSTS
            if key == kind
        ]
        entry = await add(hass, f"{cloud}/{path}", *chosen)
        products += entry.runtime_data.products.values()
    warp.sessions = (cloud_session(hass), async_get_clientsession(hass))
    for item in products:
        if item.product_id in PUSHED:
            item.push.async_note_message()
    await asyncio.sleep(FIRST_READINGS)
    before = {item.product_id: _requests(hass, item) for item in products}
    await ask(hass, cloud, "report")
    await asyncio.sleep(REPORTED_EACH)
    warp.sessions = ()
    rows: list[Row] = []
    for item in products:
        made = _requests(hass, item) - before[item.product_id]
        costs = costs_of(use_of(item))
        expected = costs.polls + costs.properties + costs.events
        name = f"{NAMES[item.product_id]}: lists and readings a day"
        rows.append(_row(name, made * DAY / REPORTED_EACH, costs, expected))
    return rows_to_text(rows)


def _requests(hass: HomeAssistant, item: Product) -> int:
    """Return how many requests were made for a product, but for its data template."""
    return sum(
        sum(origins.values())
        for calls in request_counts(hass).of_product(item.product_id).values()
        for call, origins in calls.items()
        if not call.endswith(TEMPLATE)
    )


def _row(name: str, made: float, costs: Costs, expected: int) -> Row:
    """Return the row of what was simulated, beside the formula."""
    devices = costs.use.devices
    return Row(
        group="costs",
        name=f"{devices} device{'s' * (devices > 1)}, {name}",
        value=made,
        unit="",
        ratio=made / expected,
        against=f"{expected:,} by the formula; all of a year: {costs.per_day * 365:,}",
        target=1.02,
    )


def scheduled(way: str) -> Row:
    """Return the row of so many devices that no network is simulated for them."""
    costs = costs_of(
        Use(
            devices=MANY,
            total=MANY,
            properties=MANY,
            events=MANY,
            is_pushed=way == "pushed",
        )
    )
    schedules = (
        Schedule[int](),
        Schedule[int](
            interval=event_reader.INTERVAL,
            per_second=event_reader.PER_SECOND,
            slows_down=False,
        ),
    )
    made = sum(_readings(item, is_pushed=costs.use.is_pushed) for item in schedules)
    name = f"{way}: readings a day, by the schedules alone"
    return _row(name, made, costs, costs.properties + costs.events)


def _readings(schedule: Schedule[int], *, is_pushed: bool) -> int:
    """Return how often all devices are read in a day in which each reports at times."""
    wanted = Wanted(is_online=True, is_pushed=is_pushed)
    schedule.update(dict.fromkeys(range(MANY), wanted), 0)
    made = 0
    while (now := schedule.next_at) < HOUR + DAY:
        device = schedule.take(now)
        assert device is not None
        made += now >= HOUR
        schedule.note_read(device, int(now / REPORTED_EACH), now)
    return made


def main(cloud: str) -> None:
    """Print the rows, those of the network measured in a process of its own."""
    rows = rows_from_text(output_of("warp", "costs", cloud))
    rows += [scheduled(way) for way in WAYS]
    print(rows_to_text(rows))


if __name__ == "__main__":
    main(sys.argv[1])
