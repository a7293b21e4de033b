"""The outcome of a run shows who started it, as all states of Home Assistant do."""

import asyncio
from collections.abc import Awaitable, Callable

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component

from .entities import press, record_events, reported
from .helpers import ASYNC, FEEDER, LAMP, Cloud, button, set_up
from .voice import expose, say, set_up_assist
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault, JournalEntry

BLINK = "LAMP202611/desk-lamp/blink"
DESK = "LAMP202611/desk-lamp"
type Way = Callable[[HomeAssistant, Context], Awaitable[object]]


async def by_button(hass: HomeAssistant, context: Context) -> None:
    """Press the button."""
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": button(hass, BLINK)},
        blocking=True,
        context=context,
    )


async def by_service(hass: HomeAssistant, context: Context) -> None:
    """Call the action's own service."""
    await hass.services.async_call(
        DOMAIN, "lamp202611_blink", {"device_id": DESK}, blocking=True, context=context
    )


async def by_reply(hass: HomeAssistant, context: Context) -> None:
    """Call the action's own service and wait for the reply."""
    data = {"device_id": DESK, "wait_for_reply": True}
    await hass.services.async_call(
        DOMAIN, "lamp202611_blink", data, blocking=True, context=context
    )


async def by_call_action(hass: HomeAssistant, context: Context) -> None:
    """Call the fixed service."""
    data = {"device_id": DESK, "action_id": "blink"}
    await hass.services.async_call(
        DOMAIN, "call_action", data, blocking=True, context=context
    )


async def by_voice(hass: HomeAssistant, context: Context) -> None:
    """Say it."""
    assert "Sent" in await say(hass, "run blink on the desk-lamp", context=context)


# A language model has a test of its own, where Home Assistant has tools for it.
WAYS = [by_button, by_service, by_reply, by_call_action, by_voice]


def somebody(hass: HomeAssistant, name: str = "Ada") -> Context:
    """Return the context of a person whose doing has a cause of its own."""
    user = MockUser(name=name, is_owner=True).add_to_hass(hass)
    return Context(user_id=user.id, parent_id="01PARENT")


@pytest.mark.parametrize("way", WAYS)
async def test_who_called(hass: HomeAssistant, cloud: Cloud, way: Way) -> None:
    """The outcome has the context of the call, whichever way it was made."""
    await set_up_assist(hass)
    await set_up(hass, cloud, LAMP)
    expose(hass, BLINK)
    await hass.async_block_till_done()
    events = record_events(hass)
    for name in ("Ada", "Bob"):
        context = somebody(hass, name)
        await way(hass, context)
        await hass.async_block_till_done()
        assert events[-1].context is not None
        assert events[-1].context.id == context.id
        assert events[-1].context.user_id == context.user_id
        assert events[-1].context.parent_id == "01PARENT"
    assert len(events) == 2


@pytest.mark.parametrize("way", [by_button, by_service, by_call_action])
@pytest.mark.parametrize(
    "fault",
    [Fault(code="Mystery"), Fault(drop=True), Fault(code="InternalError")],
    ids=["refused", "dropped", "fault"],
)
async def test_who_called_in_vain(
    hass: HomeAssistant, cloud: Cloud, way: Way, fault: Fault
) -> None:
    """So has the outcome of a run that failed, or whose result is unknown."""
    cloud.expect(fault.code)
    await set_up(hass, cloud, LAMP)
    events = record_events(hass)
    cloud.emulator.faults.append(Fault(**vars(fault)))
    context = somebody(hass)
    with pytest.raises(HomeAssistantError):
        await way(hass, context)
    await hass.async_block_till_done()
    (event,) = events
    assert event.context.user_id == context.user_id


@pytest.mark.parametrize("way", [by_button, by_service, by_reply])
async def test_long_call(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory, way: Way
) -> None:
    """A call that takes longer than Home Assistant keeps a context has it all the same.

    A second press that is refused meanwhile does not change whose the first one is.
    """
    await set_up(hass, cloud, LAMP)
    events = record_events(hass)
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait(entry: JournalEntry) -> None:
        """Let the cloud take its time over an action."""
        if "ActionId" in entry.parameters:
            arrived.set()
            await go_on.wait()

    cloud.emulator.gate = wait
    context = somebody(hass)
    call = hass.async_create_task(way(hass, context))
    await arrived.wait()
    if way is by_button:
        with pytest.raises(ServiceValidationError):
            await by_button(hass, somebody(hass, "Bob"))
    freezer.tick(6)
    go_on.set()
    await call
    await hass.async_block_till_done()
    (event,) = events
    assert event.context.user_id == context.user_id


async def test_several_devices(hass: HomeAssistant, cloud: Cloud) -> None:
    """All devices of one call show the same."""
    cloud.emulator.products["LAMP202611"].devices["hall-lamp"].status = 1
    await set_up(hass, cloud, LAMP)
    events = record_events(hass)
    context = somebody(hass)
    data = {"device_id": [DESK, "LAMP202611/hall-lamp"]}
    await hass.services.async_call(
        DOMAIN, "lamp202611_blink", data, blocking=True, context=context
    )
    await hass.async_block_till_done()
    assert [event.context.id for event in events] == [context.id] * 2


async def test_cause_and_effect(hass: HomeAssistant, cloud: Cloud) -> None:
    """An automation's press leads to an outcome with the automation's own context."""
    await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    automation = {
        "triggers": [{"trigger": "event", "event_type": "hungry"}],
        "actions": [
            {
                "action": "button.press",
                "target": {"entity_id": button(hass, "FEEDER2026/kitchen-feeder/feed")},
            }
        ],
    }
    assert await async_setup_component(hass, "automation", {"automation": [automation]})
    hungry = Context()
    hass.bus.async_fire("hungry", context=hungry)
    await hass.async_block_till_done()
    (event,) = events
    assert event.context.parent_id == hungry.id
    # A press by nobody in particular is not shown as the automation's.
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    await hass.async_block_till_done()
    assert events[-1].context.parent_id is None
    assert reported(events[-1])["event_type"] == "accepted"
    assert len(cloud.emulator.requests(ASYNC)) == 2
