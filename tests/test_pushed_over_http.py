"""Events and replies that the emulated rule engine forwards over a real socket."""

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.core import HomeAssistant

from .entities import press, record_events
from .events import OPENED, add_doors
from .helpers import FEEDER, Cloud, product
from .pushes import WEBHOOK_ID, console_rule, open_home, set_up_pushed

DOOR = product("DOOR", ["device-1"], use_properties=True)


async def test_event(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """An event is shown before anything is read, and not again when it is."""
    (door,) = add_doors(cloud, OPENED)
    address = await open_home(hass, hass_client_no_auth)
    console_rule(cloud, f"{address}/api/webhook/{WEBHOOK_ID}", "DOOR")
    entry = await set_up_pushed(hass, cloud, DOOR)
    events = record_events(hass)
    cloud.emulator.forwarder.twice = True
    door.raise_event("opened", "info", {"by": 2, "times": 3})
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()
    assert [state.attributes["by"] for state in events] == [2]
    (pushed,) = entry.runtime_data.products.values()
    await pushed.event_reader.async_read(pushed, "device-1")
    await hass.async_block_till_done()
    assert len(events) == 1


@pytest.mark.parametrize(("code", "kind"), [(0, "replied"), (7, "failed")])
async def test_reply(
    hass: HomeAssistant,
    cloud: Cloud,
    hass_client_no_auth: ClientSessionGenerator,
    code: int,
    kind: str,
) -> None:
    """What a device answers to a press is shown behind what the cloud says."""
    address = await open_home(hass, hass_client_no_auth)
    console_rule(cloud, f"{address}/api/webhook/{WEBHOOK_ID}", "FEEDER2026")
    await set_up_pushed(hass, cloud, FEEDER)
    device = cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"]
    device.reply_code = code
    events = record_events(hass)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()
    assert [state.attributes["event_type"] for state in events] == ["accepted", kind]
    assert events[1].attributes["code"] == code
