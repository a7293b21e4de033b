"""How many requests of each kind everything makes, and not one more."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant

from .entities import add_product, change_template, press
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
from .voice import expose, say, set_up_assist
from emulator.products import action, parameter

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
