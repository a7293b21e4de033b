"""Structures are written as a whole, never late, and their secrets stand in no error."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .helpers import Cloud, set_up, with_both_keys
from .plugs import PLUG, READ, WRITE, add_plugs, call_service, plugs, written
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault, JournalEntry
from emulator.products import property_

A = f"{PLUG}/a"
PASSWORD = "secret-31415926"
COLOUR = property_(
    "colour",
    "Colour",
    type="struct",
    specs=[
        {"id": key, "name": key, "dataType": {"type": "int", "min": "0", "max": "255"}}
        for key in ("red", "green", "blue")
    ],
)
_MEMBERS = [
    {"id": key, "name": key, "dataType": {"type": "string", "min": "0", "max": "64"}}
    for key in ("ssid", "password")
]
WIFI = property_("wifi", "Wi-Fi", type="struct", specs=_MEMBERS)
KEYS = property_(
    "keys", "Keys", type="array", arrayInfo={"type": "struct", "specs": _MEMBERS}
)


def colour(**parts: int) -> dict[str, Any]:
    """Return the data of a call that sets parts of a colour."""
    return {"device_id": A, "properties": {"colour": parts}}


@with_both_keys
async def test_parts_one_after_the_other(hass: HomeAssistant, cloud: Cloud) -> None:
    """What was written a moment ago is kept, though the device has not reported it yet."""
    (device,) = add_plugs(cloud, "a", properties=(COLOUR,))
    device.report(colour={"red": 9, "green": 8, "blue": 7})
    device.holds_writes = True
    await set_up(hass, cloud, plugs("a"))
    await call_service(hass, "set_properties", colour(red=1))
    await call_service(hass, "set_properties", colour(green=2))
    assert [values["colour"] for _, values in written(cloud)] == [
        {"red": 1, "green": 8, "blue": 7},
        {"red": 1, "green": 2, "blue": 7},
    ]


@with_both_keys
async def test_never_late(
    hass: HomeAssistant, cloud: Cloud, time_limits: SimpleNamespace
) -> None:
    """What is read for a structure counts among the seconds until it must be sent."""
    (device,) = add_plugs(cloud, "a", properties=(COLOUR,))
    device.report(colour={"red": 9, "green": 8, "blue": 7})
    time_limits.turn = 0.2
    await set_up(hass, cloud, plugs("a"))

    async def hold(request: JournalEntry) -> None:
        """Let reads take longer than a write may wait."""
        if request.call == READ:
            await asyncio.sleep(0.3)

    cloud.emulator.gate = hold
    with pytest.raises(HomeAssistantError) as raised:
        await call_service(hass, "set_properties", colour(red=1))
    assert raised.value.translation_key == "write_too_late"
    assert written(cloud) == []


@with_both_keys
@pytest.mark.parametrize("as_list", [True, False])
async def test_secret_members(
    hass: HomeAssistant, cloud: Cloud, caplog: pytest.LogCaptureFixture, as_list: bool
) -> None:
    """What is secret of a structure, or of one in a list, is shown by nothing."""
    caplog.set_level(logging.DEBUG, f"custom_components.{DOMAIN}")
    cloud.expect("InvalidParameterValue")
    add_plugs(cloud, "a", properties=(WIFI, KEYS))
    await set_up(hass, cloud, plugs("a"))
    value = {"ssid": "home", "password": PASSWORD}
    cloud.emulator.faults.append(
        Fault(call=WRITE, code="InvalidParameterValue", message=f"{PASSWORD} is bad")
    )
    properties = {"keys": [value]} if as_list else {"wifi": value}
    data = {"device_id": A, "properties": properties}
    with pytest.raises(HomeAssistantError) as raised:
        await call_service(hass, "set_properties", data)
    assert "is bad" in str(raised.value)
    assert PASSWORD not in f"{raised.value} {raised.value.translation_placeholders}"
    assert PASSWORD not in caplog.text
    response = await call_service(hass, "get_properties", {"device_id": A})
    assert list(response.values()) == [{}]
