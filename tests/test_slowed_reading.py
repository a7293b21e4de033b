"""A fleet that is read less often says so, where a person decides about it or looks."""

from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .dialogs import answer as answer_config, key_pair, start as start_config
from .helpers import Cloud, product, set_up, with_both_keys
from .rules import set_up_pushed
from .test_product_flow import answer, start
from .test_properties_question import asked, set_up_old
from .test_property_settings import ALL, BLINK, LEVEL, RING, choose_product, declare
from .test_system_health import health


def said(flow: Any) -> str:
    """Return what a dialog says of the product."""
    text: str = flow["description_placeholders"]["declared"]
    return text


async def test_new_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who adds many devices reads how seldom they are read, and what helps."""
    declare(cloud, properties=[LEVEL], events=[RING], devices=400)
    flow = await start_config(hass)
    result = await answer_config(hass, flow, key_pair(cloud, product_id="ODD"))
    assert result["step_id"] == "devices"
    text = said(result)
    assert "Devices of this product: 400" in text
    assert "properties of each device every 80 seconds, instead of every 60" in text
    assert "events of each device every 200 seconds, instead of every 120" in text
    assert "turn on pushes" in text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hans", "每个设备的属性每 80 秒读取一次"),
        ("zh-Hant", "每個裝置的屬性每 80 秒讀取一次"),
    ],
)
async def test_language(
    hass: HomeAssistant, cloud: Cloud, language: str, expected: str
) -> None:
    """It is said in the language of Home Assistant, without what there is not."""
    hass.config.language = language
    declare(cloud, properties=[LEVEL], devices=400)
    text = said(await choose_product(hass, cloud))
    assert expected in text
    assert "200" not in text


async def test_few_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Nothing is said where each device is read each minute, nor where none is read."""
    declare(cloud, properties=[LEVEL], devices=300)
    assert "instead of" not in said(await choose_product(hass, cloud))
    declare(cloud, BLINK, devices=400)
    entry = (await set_up(hass, cloud)).entry_id
    flow = await start(hass, hass.config_entries.async_get_entry(entry))
    flow = await answer(hass, flow, {"product_id": "ODD"})
    assert "instead of" not in said(flow)


async def test_changed_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """The devices that are chosen count, and those of other products of the key."""
    declare(cloud, properties=[LEVEL], devices=400)
    cloud.emulator.products["MORE"] = cloud.emulator.products["ODD"]
    names = [f"device-{number}" for number in range(1, 251)]
    odd = product("ODD", names[:200], use_properties=True)
    entry = await set_up(hass, cloud, odd)
    (subentry_id,) = entry.subentries
    flow = await start(hass, entry, subentry_id)
    assert "instead of" not in said(flow)
    hass.config_entries.subentries.async_abort(flow["flow_id"])
    flow = await answer(hass, await start(hass, entry), {"product_id": "MORE"})
    assert "properties of each device every 120 seconds" in said(flow)
    more = {**ALL, "all_devices": False, "devices": names, "use_properties": True}
    await answer(hass, flow, more)
    text = said(await start(hass, entry, subentry_id))
    assert "Devices of this product: 200" in text
    assert "properties of each device every 90 seconds, instead of every 60" in text


@with_both_keys
async def test_pushed_product(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where the cloud pushes what is new nothing is late."""
    declare(cloud, properties=[LEVEL], devices=400)
    entry = await set_up_pushed(hass, cloud)
    flow = await answer(hass, await start(hass, entry), {"product_id": "ODD"})
    assert "instead of" not in said(flow)


async def test_question(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who is asked whether to show properties reads how often they would be read."""
    declare(cloud, BLINK, properties=[LEVEL], devices=600)
    await set_up_old(hass, cloud)
    found = asked(hass)
    assert (found["requests_before"], found["interval"]) == ("8,522", "120")
    assert found["requests"] == "440,522"


async def test_system_information(hass: HomeAssistant, cloud: Cloud) -> None:
    """The system page shows how often devices are read by now."""
    assert await async_setup_component(hass, "system_health", {})
    devices = declare(cloud, properties=[LEVEL], devices=400)
    entry = await set_up(hass, cloud)
    assert (await health(hass))["read_every"] == "–"
    await hass.config_entries.async_remove(entry.entry_id)
    entry = await set_up(
        hass, cloud, product("ODD", all_devices=True, use_properties=True)
    )
    assert (await health(hass))["read_every"] == "Home: 80"
    for device in devices[100:]:
        device.status = 0
    (own,) = entry.runtime_data.products.values()
    await own.devices.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (await health(hass))["read_every"] == "Home: 60"


async def test_system_information_of_events(hass: HomeAssistant, cloud: Cloud) -> None:
    """The events of a product without properties are a line of their own."""
    assert await async_setup_component(hass, "system_health", {})
    declare(cloud, events=[RING], devices=250)
    await set_up(hass, cloud, product("ODD", all_devices=True, use_properties=True))
    found = await health(hass)
    assert (found["read_every"], found["read_events_every"]) == ("–", "Home: 125")
