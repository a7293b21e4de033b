"""How many requests of each kind everything makes, and not one more."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant

from .entities import add_product, change_template, press, set_value
from .events import FORCED, HISTORY, OPENED, START, pass_seconds
from .helpers import (
    ASYNC,
    DETAIL,
    DOMAIN,
    FEEDER,
    LAMP,
    LIST,
    LOCK,
    SYNC,
    TEMPLATE,
    Cloud,
    make_entry,
    poll,
    product,
    refresh,
    set_up,
    with_both_keys,
)
from .plugs import PLUG_PROPERTIES, READ, WRITE
from .voice import expose, say, set_up_assist
from custom_components.tencent_iot_explorer.reports.costs import costs_of, use_of
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import action, parameter, template

HOUR = 3600
NAMES = [f"device-{number}" for number in range(1, 251)]

type Requests = dict[str, int]


@contextmanager
def requests(cloud: Cloud, expected: Requests) -> Iterator[None]:
    """Insist on which requests are made meanwhile."""
    before = len(cloud.emulator.journal)
    yield
    made = Counter(entry.call for entry in cloud.emulator.journal[before:])
    assert made == cloud.requests(**expected)


def chosen(count: int) -> ConfigSubentryData:
    """Return the product of 250 devices with so many of them chosen."""
    return product("BIG", NAMES[:count])


@with_both_keys
@pytest.mark.parametrize(
    ("products", "first", "later"),
    [
        ([product("FEEDER2026", ["kitchen-feeder"])], {DETAIL: 1}, {DETAIL: 1}),
        ([FEEDER], {LIST: 1}, {LIST: 1}),
        ([FEEDER, LAMP, LOCK], {LIST: 2, DETAIL: 1}, {LIST: 2, DETAIL: 1}),
        ([product("FEEDER2026", all_devices=True)], {LIST: 1}, {LIST: 1}),
        ([chosen(1)], {DETAIL: 1}, {DETAIL: 1}),
        # The first page says how many there are, and of a hundred how they are.
        ([chosen(2)], {LIST: 1}, {DETAIL: 2}),
        ([chosen(3)], {LIST: 1}, {DETAIL: 3}),
        ([chosen(4)], {LIST: 1}, {LIST: 3}),
        ([product("BIG", NAMES[99:101])], {LIST: 1, DETAIL: 1}, {DETAIL: 2}),
        ([product("BIG", NAMES[100:103])], {LIST: 3}, {DETAIL: 3}),
        ([chosen(250)], {LIST: 3}, {LIST: 3}),
        ([product("BIG", all_devices=True)], {LIST: 3}, {LIST: 3}),
    ],
)
async def test_life_of_an_application(
    hass: HomeAssistant,
    cloud: Cloud,
    products: list[ConfigSubentryData],
    first: Requests,
    later: Requests,
) -> None:
    """Setup reads template and devices, a poll devices, a refresh both, the end nothing."""
    add_product(cloud, "BIG", action("clean", "Clean"), devices=250)
    templates = {TEMPLATE: len(products)}
    with requests(cloud, templates | first):
        entry = await set_up(hass, cloud, *products)
    with requests(cloud, later):
        await poll(hass)
    with requests(cloud, templates | later):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {}):
        assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {}):
        await poll(hass)
        await refresh(hass)


@with_both_keys
async def test_changed_template(hass: HomeAssistant, cloud: Cloud) -> None:
    """A data template that changed costs nothing more than one that did not.

    Polling is off: which of two timers that are due at once comes first is anybody's
    guess, and a refresh cancels the poll that has not come yet.
    """
    add_product(cloud, "BIG", action("clean", "Clean"), devices=2)
    entry = make_entry(cloud, chosen(2))
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {TEMPLATE: 1, LIST: 1}):
        await refresh(hass)
    change_template(cloud, "BIG", action("clean", "Clean"), action("rinse", "Rinse"))
    with requests(cloud, {TEMPLATE: 1, LIST: 1}):
        await refresh(hass)
    assert hass.services.has_service(DOMAIN, "big_rinse")


@with_both_keys
async def test_use(hass: HomeAssistant, cloud: Cloud) -> None:
    """A press, a service, a sentence: one request each, and nothing before or after."""
    await set_up_assist(hass)
    portions = parameter("portions", "Portions", type="int", start="1")
    add_product(cloud, "BIG", action("feed", "Feed", [portions]), devices=2)
    await set_up(hass, cloud, chosen(2))
    expose(hass, "BIG/device-1/feed")
    await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {ASYNC: 1}):
        await press(hass, "BIG/device-1/feed")
        await hass.async_block_till_done(wait_background_tasks=True)
    data = {"device_id": ["BIG/device-1", "BIG/device-2"]}
    with requests(cloud, {ASYNC: 2}):
        await hass.services.async_call(DOMAIN, "big_feed", data, blocking=True)
        await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {SYNC: 2}):
        data["wait_for_reply"] = True
        await hass.services.async_call(DOMAIN, "big_feed", data, blocking=True)
        await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {ASYNC: 1}):
        await say(hass, "feed 3 on the device 1")
        await hass.async_block_till_done(wait_background_tasks=True)


def add_locks(cloud: Cloud, devices: int) -> ConfigSubentryData:
    """Put locks with a switch, a level and events of two types into the cloud."""
    declared = template("LOCKS", properties=PLUG_PROPERTIES, events=[OPENED, FORCED])
    names = NAMES[:devices]
    cloud.emulator.products["LOCKS"] = EmulatedProduct(
        product_id="LOCKS",
        template=declared,
        devices={name: EmulatedDevice(name=name) for name in names},
    )
    for device in cloud.emulator.products["LOCKS"].devices.values():
        device.report(power=0, level=50)
    return product("LOCKS", names, use_properties=True)


@with_both_keys
@pytest.mark.parametrize("count", [1, 7])
async def test_start_with_properties(
    hass: HomeAssistant, cloud: Cloud, count: int
) -> None:
    """A start and a reload read each device once, and each type of its events once."""
    settings = add_locks(cloud, count)
    devices = {DETAIL: 1} if count == 1 else {LIST: 1}
    first = {TEMPLATE: 1, READ: count, HISTORY: 2 * count, **devices}
    with requests(cloud, first):
        entry = await set_up(hass, cloud, settings)
    with requests(cloud, first):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {}):
        assert await hass.config_entries.async_unload(entry.entry_id)
        await poll(hass)
        await refresh(hass)


@with_both_keys
@pytest.mark.parametrize("moves", [True, False])
async def test_hour_with_properties(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, moves: bool
) -> None:
    """An hour costs what the formula says; where nothing is new, half of the properties."""
    freezer.move_to(START)
    count = 3
    entry = await set_up(hass, cloud, add_locks(cloud, count))
    devices = cloud.emulator.products["LOCKS"].devices.values()

    async def pass_hour() -> Counter[str]:
        """Let an hour pass, and return what was asked for."""
        cloud.emulator.journal.clear()
        for _ in range(HOUR // 10):
            for device in devices:
                if moves:
                    device.report(level=50)
            await pass_seconds(hass, freezer, 10)
        return Counter(entry.call for entry in cloud.emulator.journal)

    await pass_hour()
    made = await pass_hour()
    (own,) = entry.runtime_data.products.values()
    costs = costs_of(use_of(own))
    assert costs.use.events == 2 * count
    assert made[READ] == costs.properties / 24 / (1 if moves else 2)
    assert made[HISTORY] == costs.events / 24
    assert set(made) == {READ, HISTORY, LIST, TEMPLATE}


@with_both_keys
async def test_hour_offline(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An offline device costs one reading an hour for each type of event."""
    freezer.move_to(START)
    settings = add_locks(cloud, 3)
    for device in cloud.emulator.products["LOCKS"].devices.values():
        device.status = 0
    await set_up(hass, cloud, settings)
    cloud.emulator.journal.clear()
    for _ in range(4 * HOUR // 60):
        await pass_seconds(hass, freezer, 60)
    made = Counter(entry.call for entry in cloud.emulator.journal)
    assert made[HISTORY] == 4 * 2 * 3
    assert made[READ] == 0


@with_both_keys
async def test_hour_without_polling(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Without polling an hour costs one data template and one list."""
    freezer.move_to(START)
    entry = make_entry(cloud, add_locks(cloud, 3))
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.emulator.journal.clear()
    with requests(cloud, {TEMPLATE: 1, LIST: 1}):
        for _ in range(HOUR // 60):
            await pass_seconds(hass, freezer, 60)


@with_both_keys
async def test_writes(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A write is one request for each device, and one reading shows what came of it."""
    freezer.move_to(START)
    await set_up(hass, cloud, add_locks(cloud, 2))
    data = {
        "device_id": ["LOCKS/device-1", "LOCKS/device-2"],
        "properties": {"power": True, "level": 20, "word": "x"},
    }
    with requests(cloud, {WRITE: 2}):
        await hass.services.async_call(DOMAIN, "set_properties", data, blocking=True)
        await hass.async_block_till_done(wait_background_tasks=True)
    with requests(cloud, {READ: 2}):
        for _ in range(25):
            await pass_seconds(hass, freezer, 1)
    with requests(cloud, {WRITE: 1}):
        await set_value(hass, "number", "LOCKS/device-1/property:level", 30)
        await hass.async_block_till_done(wait_background_tasks=True)


@with_both_keys
async def test_write_without_a_report(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device that reports nothing of a write is read four times, and at its turn."""
    freezer.move_to(START)
    await set_up(hass, cloud, add_locks(cloud, 1))
    (device,) = cloud.emulator.products["LOCKS"].devices.values()
    device.holds_writes = True
    await pass_seconds(hass, freezer, 61)
    await set_value(hass, "number", "LOCKS/device-1/property:level", 30)
    with requests(cloud, {READ: 4}):
        for _ in range(25):
            await pass_seconds(hass, freezer, 1)


@with_both_keys
async def test_services_of_properties(hass: HomeAssistant, cloud: Cloud) -> None:
    """Properties that are asked for are read once for each device."""
    await set_up(hass, cloud, add_locks(cloud, 2))
    data = {"device_id": ["LOCKS/device-1", "LOCKS/device-2"]}
    with requests(cloud, {READ: 2}):
        await hass.services.async_call(
            DOMAIN, "get_properties", data, blocking=True, return_response=True
        )
        await hass.async_block_till_done(wait_background_tasks=True)
