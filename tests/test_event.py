"""The event entity shows how each run of a device's actions ended."""

import asyncio
from collections.abc import Awaitable, Callable
import json
from typing import Any

import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .entities import EVENT_TYPES, press, record_events, registered, reported, state_of
from .helpers import FEEDER, LAMP, Cloud, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Emulator, Fault

KITCHEN = "FEEDER2026/kitchen-feeder"
type Way = Callable[[HomeAssistant], Awaitable[Any]]


async def by_button(hass: HomeAssistant) -> None:
    """Feed by the button."""
    await press(hass, f"{KITCHEN}/feed")


async def by_service(hass: HomeAssistant, **data: Any) -> None:
    """Feed by the product's own service."""
    await hass.services.async_call(
        DOMAIN, "feeder2026_feed", {"device_id": KITCHEN} | data, blocking=True
    )


async def by_call_action(hass: HomeAssistant, **data: Any) -> None:
    """Feed by the fixed service."""
    await hass.services.async_call(
        DOMAIN,
        "call_action",
        {"device_id": KITCHEN, "action_id": "feed"} | data,
        blocking=True,
    )


WAYS = [by_button, by_service, by_call_action]


def last_request(emulator: Emulator) -> tuple[str, dict[str, Any]]:
    """Return the RequestId of the last request and what was answered to it."""
    entry = emulator.journal[-1]
    reply = json.loads(entry.reply) if entry.reply else {}
    return entry.parameters["RequestId"], reply.get("Response", reply)


async def test_before_all(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each device has one event entity, which has nothing to show yet."""
    await set_up(hass, cloud, FEEDER)
    state = state_of(hass, "event", KITCHEN)
    assert state.state == "unknown"
    assert state.name == "kitchen-feeder Device action"
    assert state.attributes["event_types"] == EVENT_TYPES
    button = registered(hass, "button", f"{KITCHEN}/feed")
    assert registered(hass, "event", KITCHEN).device_id == button.device_id


@pytest.mark.parametrize("way", WAYS)
async def test_accepted(hass: HomeAssistant, cloud: Cloud, way: Way) -> None:
    """A run that the cloud took over is reported once, at its own device."""
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    await way(hass)
    await hass.async_block_till_done()
    request_id, reply = last_request(cloud.emulator)
    (event,) = events
    assert event.entity_id == registered(hass, "event", KITCHEN).entity_id
    assert reported(event) == {
        "event_type": "accepted",
        "action_id": "feed",
        "request_id": request_id,
        "client_token": reply["ClientToken"],
        "status": "succ",
    }
    assert reply["ClientToken"].startswith("FEEDER2026::")
    await way(hass)
    await hass.async_block_till_done()
    assert len(events) == 2
    assert reported(events[0]) != reported(events[1])


@pytest.mark.parametrize("way", [by_service, by_call_action])
async def test_replied(hass: HomeAssistant, cloud: Cloud, way: Any) -> None:
    """A device's answer is reported, and neither inputs nor outputs are."""
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    await way(hass, wait_for_reply=True)
    await hass.async_block_till_done()
    request_id, reply = last_request(cloud.emulator)
    assert reply["OutputParams"] == '{"remaining": 95}'
    (event,) = events
    assert reported(event) == {
        "event_type": "replied",
        "action_id": "feed",
        "request_id": request_id,
        "client_token": reply["ClientToken"],
        "status": "action execute success!",
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("fault", "event_type", "status"),
    [
        (Fault(code="InvalidAction"), "failed", "InvalidAction"),
        (Fault(code="Mystery"), "unconfirmed", "Mystery"),
        (Fault(code="RequestLimitExceeded", times=3), "failed", "RequestLimitExceeded"),
        (
            Fault(code="InternalError.Timeout", execute=True),
            "unconfirmed",
            "InternalError.Timeout",
        ),
        (Fault(drop=True, execute=True), "unconfirmed", ""),
        (Fault(body="<html>"), "unconfirmed", ""),
    ],
)
async def test_no_success(
    hass: HomeAssistant,
    cloud: Cloud,
    way: Way,
    fault: Fault,
    event_type: str,
    status: str,
) -> None:
    """A failure and an unknown result are reported by the cloud's own code."""
    cloud.expect(fault.code)
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    with pytest.raises(HomeAssistantError):
        await way(hass)
    await hass.async_block_till_done()
    (event,) = events
    assert reported(event) == {
        "event_type": event_type,
        "action_id": "feed",
        "request_id": last_request(cloud.emulator)[0],
        "client_token": "",
        "status": status,
    }


async def test_silent_device(hass: HomeAssistant, cloud: Cloud) -> None:
    """Nobody knows whether a device that does not answer has done it."""
    cloud.expect("FailedOperation.Timeout")
    cloud.emulator.products["FEEDER2026"].devices["kitchen-feeder"].silent = True
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    with pytest.raises(HomeAssistantError):
        await by_service(hass, wait_for_reply=True)
    await hass.async_block_till_done()
    (event,) = events
    assert reported(event)["event_type"] == "unconfirmed"
    assert reported(event)["status"] == "FailedOperation.Timeout"


async def test_cloud_away(hass: HomeAssistant, cloud: Cloud) -> None:
    """A call that was surely not sent failed."""
    cloud.emulator.keep_alive = False
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    await cloud.emulator.stop()
    with pytest.raises(HomeAssistantError):
        await by_button(hass)
    await hass.async_block_till_done()
    assert [reported(event)["event_type"] for event in events] == ["failed"]


@pytest.mark.parametrize("data", [{"portions": 99}, {"colour": 1}, {"portions": None}])
async def test_refused_here(
    hass: HomeAssistant, cloud: Cloud, data: dict[str, Any]
) -> None:
    """What is refused before it is sent is no event."""
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    with pytest.raises(ServiceValidationError):
        await by_call_action(hass, inputs=data)
    with pytest.raises(ServiceValidationError):
        await press(hass, f"{KITCHEN}/setMeal")
    await hass.async_block_till_done()
    assert events == []


async def test_several_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each device shows its own outcome of a run on several."""
    await set_up(hass, cloud, LAMP, FEEDER)
    events = record_events(hass)
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            DOMAIN,
            "lamp202611_blink",
            {"device_id": ["LAMP202611/desk-lamp", "LAMP202611/hall-lamp"]},
            blocking=True,
        )
    await hass.async_block_till_done()
    ends = {event.entity_id: reported(event) for event in events}
    assert len(events) == len(ends) == 2
    desk = ends[registered(hass, "event", "LAMP202611/desk-lamp").entity_id]
    hall = ends[registered(hass, "event", "LAMP202611/hall-lamp").entity_id]
    assert (desk["event_type"], desk["status"]) == ("accepted", "succ")
    assert hall["event_type"] == "failed"
    assert hall["status"] == "FailedOperation.ActionUnreachable"
    assert desk["request_id"] != hall["request_id"]


@pytest.mark.parametrize("way", WAYS)
async def test_cancelled(hass: HomeAssistant, cloud: Cloud, way: Way) -> None:
    """The outcome of a run that was cancelled on its way is unknown."""
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    cloud.emulator.faults.append(Fault(delay=0.1))
    task = asyncio.ensure_future(way(hass))
    async with asyncio.timeout(10):
        while not cloud.emulator.requests("CallDeviceActionAsync"):
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await hass.async_block_till_done()
    (event,) = events
    assert reported(event)["event_type"] == "unconfirmed"
    assert reported(event)["action_id"] == "feed"
