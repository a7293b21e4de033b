"""What a device answers to an asynchronous run, where the cloud pushes it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.const import CONF_ADDRESS, CONF_WEBHOOK_ID
from homeassistant.core import Context, HomeAssistant, State

from .entities import add_product, press, record_events, reported
from .helpers import ASYNC, FEEDER, Cloud, make_entry, product
from .rules import held
from custom_components.tencent_iot_explorer.api import PushedReply
from custom_components.tencent_iot_explorer.const import CONF_PUSH, DOMAIN
from emulator import Fault, JournalEntry
from emulator.products import action, parameter

P = "FEEDER2026"
DEVICE = "kitchen-feeder"
FEED = f"{P}/{DEVICE}/feed"


async def set_up(
    hass: HomeAssistant,
    cloud: Cloud,
    *products: ConfigSubentryData,
    is_pushed: bool = True,
) -> MockConfigEntry:
    """Return an entry with pushes."""
    entry = make_entry(cloud, *products)
    entry.add_to_hass(hass)
    if is_pushed:
        options = {
            CONF_PUSH: True,
            CONF_WEBHOOK_ID: "4e5f" * 16,
            CONF_ADDRESS: "https://home.example.org/api/webhook/4e5f",
        }
        hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def reply(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    token: str,
    code: int = 0,
    status: str = "done",
    path: str = f"{P}/{DEVICE}",
) -> None:
    """Let a device's answer come."""
    entry.runtime_data.replies.async_take(
        *path.split("/"), PushedReply(client_token=token, code=code, status=status)
    )
    await hass.async_block_till_done()


def ended(states: list[State]) -> list[tuple[str, Any]]:
    """Return how runs ended, with the code of the device."""
    return [
        (state.attributes["event_type"], state.attributes.get("code"))
        for state in states
        if state.state != "unknown"
    ]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [(0, "done", "replied"), (0, "", "replied"), (404, "bowl is full", "failed")],
)
async def test_reply(
    hass: HomeAssistant, cloud: Cloud, code: int, status: str, kind: str
) -> None:
    """The outcome is completed by what the device says, once."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    user = MockUser(name="Ada", is_owner=True).add_to_hass(hass)
    context = Context(user_id=user.id)
    await hass.services.async_call(
        DOMAIN,
        "feeder2026_feed",
        {"device_id": f"{P}/{DEVICE}", "portions": 2},
        blocking=True,
        context=context,
    )
    (accepted,) = events
    own = reported(accepted)
    assert own["event_type"] == "accepted"
    assert "code" not in own
    for _ in range(3):
        await reply(hass, entry, own["client_token"], code, status)
    _, completed = events
    assert reported(completed) == own | {
        "event_type": kind,
        "status": status,
        "code": code,
    }
    assert completed.context.user_id == user.id
    assert completed.state > accepted.state


def answer(cloud: Cloud, token: str) -> None:
    """Let the cloud take the next action over with some ClientToken."""
    payload = {"ClientToken": token, "Status": "succ"}
    cloud.emulator.faults.append(Fault(call=ASYNC, payload=payload))


async def press_while(
    hass: HomeAssistant, cloud: Cloud, happens: Callable[[], Awaitable[None]]
) -> None:
    """Press a button, and let something happen before the call's own answer comes."""

    async def wait(entry: JournalEntry) -> None:
        """Let the cloud take its time over an action."""
        if entry.call == ASYNC:
            await happens()

    cloud.emulator.gate = wait
    answer(cloud, "T::1")
    await press(hass, FEED)
    await hass.async_block_till_done()
    cloud.emulator.gate = None


@pytest.mark.parametrize("code", [0, 7])
async def test_reply_before_answer(
    hass: HomeAssistant, cloud: Cloud, code: int
) -> None:
    """A reply may come before the call's own answer; that is shown first all the same."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)

    async def come() -> None:
        """Let the reply come, among those of others."""
        replies = entry.runtime_data.replies
        replies.async_take(P, DEVICE, PushedReply(client_token="T", code=9, status=""))
        for token in ("T::1", "T::1", "T::2"):
            reply_ = PushedReply(client_token=token, code=code, status="early")
            replies.async_take(P, DEVICE, reply_)

    await press_while(hass, cloud, come)
    kind = "failed" if code else "replied"
    assert ended(events) == [("accepted", None), (kind, code)]
    assert events[1].state > events[0].state
    assert events[1].attributes["status"] == "early"
    await reply(hass, entry, "T::1", 1)
    assert len(events) == 2


async def test_many_before_answer(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """Replies that nobody expects are kept for a while, and never many of them."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    replies = entry.runtime_data.replies

    def flood(prefix: str, number: int) -> None:
        """Let replies to nothing come."""
        for index in range(number):
            token = f"{prefix}{index}"
            taken = PushedReply(client_token=token, code=0, status="")
            replies.async_take(P, DEVICE, taken)

    async def come_in_vain() -> None:
        """Let the reply come, and so many others that it is forgotten."""
        flood("T::", 2)
        flood("x", 1000)

    async def come_not() -> None:
        """Let no reply come."""

    async def come() -> None:
        """Let the reply come, behind all others."""
        flood("x", 1000)
        flood("T::", 2)

    await press_while(hass, cloud, come_in_vain)
    assert ended(events) == [("accepted", None)]
    await reply(hass, entry, "T::1")
    await hass.async_block_till_done(wait_background_tasks=True)
    freezer.tick(601)
    flood("T::", 2)
    freezer.tick(61)
    await press_while(hass, cloud, come_not)
    await press_while(hass, cloud, come)
    assert [kind for kind, _ in ended(events)] == [
        "accepted",
        "replied",
        "accepted",
        "accepted",
        "replied",
    ]


@pytest.mark.parametrize(("seconds", "count"), [(595, 2), (605, 1)])
async def test_too_late(
    hass: HomeAssistant,
    cloud: Cloud,
    freezer: FrozenDateTimeFactory,
    seconds: int,
    count: int,
) -> None:
    """After ten minutes a reply says nothing of a run any more."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    await press(hass, FEED)
    # No request is under way whose time stamp would be wrong then.
    await hass.async_block_till_done(wait_background_tasks=True)
    freezer.tick(seconds)
    await reply(hass, entry, events[0].attributes["client_token"])
    assert len(events) == count
    # Nor is any of those that the time has started when the clock goes back.
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_of_nobody(hass: HomeAssistant, cloud: Cloud) -> None:
    """Replies to runs that waited themselves, of other devices or to nothing are ignored."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    data = {"device_id": f"{P}/{DEVICE}", "portions": 1, "wait_for_reply": True}
    ended_ = await hass.services.async_call(
        DOMAIN, "feeder2026_feed", data, blocking=True, return_response=True
    )
    assert ended_
    (state,) = events
    await reply(hass, entry, state.attributes["client_token"], 5)
    await reply(hass, entry, "", 5)
    await reply(hass, entry, "x", 5)
    assert ended(events) == [("replied", None)]
    await press(hass, FEED)
    token = events[1].attributes["client_token"]
    await reply(hass, entry, token, path=f"{P}/balcony-feeder")
    await reply(hass, entry, token, path=f"LAMP202611/{DEVICE}")
    assert len(events) == 2
    await reply(hass, entry, token)
    assert ended(events)[2:] == [("replied", 0)]


async def test_several(hass: HomeAssistant, cloud: Cloud) -> None:
    """Each of several runs has its own reply, in whatever order they come."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    names = [f"{P}/{name}" for name in (DEVICE, "balcony-feeder")]
    for _ in range(3):
        await hass.services.async_call(
            DOMAIN,
            "feeder2026_feed",
            {"device_id": names, "portions": 1},
            blocking=True,
        )
    accepted = list(events)
    assert len(accepted) == 6
    for number, state in reversed(list(enumerate(accepted))):
        name = next(name for name in names if name.split("/")[1] in state.name)
        token = state.attributes["client_token"]
        await reply(hass, entry, token, number, path=name)
    assert [
        (state.entity_id, state.attributes["client_token"], state.attributes["code"])
        for state in reversed(events[6:])
    ] == [
        (state.entity_id, state.attributes["client_token"], number)
        for number, state in enumerate(accepted)
    ]


async def test_reload(hass: HomeAssistant, cloud: Cloud) -> None:
    """A run that began before a reload is completed after it; nothing outlives the entry."""
    entry = await set_up(hass, cloud, FEEDER)
    events = record_events(hass)
    await press(hass, FEED)
    token = events[0].attributes["client_token"]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    events.clear()
    await reply(hass, entry, token, 3)
    assert ended(events) == [("failed", 3)]
    before = entry.runtime_data.replies
    await hass.config_entries.async_remove(entry.entry_id)
    entry = await set_up(hass, cloud, FEEDER)
    assert entry.runtime_data.replies is not before


@pytest.mark.parametrize("how", ["unload", "remove"])
async def test_gone_before_the_answer(
    hass: HomeAssistant, cloud: Cloud, how: str
) -> None:
    """A run that outlasts its entry ends as the cloud says."""
    entry = await set_up(hass, cloud, FEEDER)
    with held(cloud, ASYNC) as (came, release):
        pressing = asyncio.create_task(press(hass, FEED))
        await came.wait()
        await getattr(hass.config_entries, f"async_{how}")(entry.entry_id)
        release.set()
        await pressing
    assert cloud.executed == [(DEVICE, "feed", {"portions": 1})]


async def test_without_pushes(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where pushes are off nothing is expected, and a run ends as it always did."""
    entry = await set_up(hass, cloud, FEEDER, is_pushed=False)
    events = record_events(hass)
    await press(hass, FEED)
    await reply(hass, entry, events[0].attributes["client_token"])
    assert ended(events) == [("accepted", None)]


@pytest.mark.parametrize(
    ("pin", "code", "shown", "said"),
    [
        ("314159", 0, 0, "opened by …"),
        ("314159", 314159, None, "opened by …"),
        ("4711", 11, 11, "opened by …"),
    ],
)
async def test_secret_inputs(
    hass: HomeAssistant,
    cloud: Cloud,
    pin: str,
    code: int,
    shown: int | None,
    said: str,
) -> None:
    """What was secret of a run stands nowhere, whatever the device says."""
    text = parameter("pinCode", "PIN", type="string", min="4", max="8")
    add_product(cloud, "SAFE", action("open", "Open", [text]))
    settings = product("SAFE", ["device-1"])
    entry = await set_up(
        hass,
        cloud,
        {**settings, "data": {**settings["data"], "secret": ["open/pinCode"]}},
    )
    events = record_events(hass)
    await hass.services.async_call(
        DOMAIN,
        "call_action",
        {"device_id": "SAFE/device-1", "action_id": "open", "inputs": {"pinCode": pin}},
        blocking=True,
    )
    token = events[0].attributes["client_token"]
    await reply(hass, entry, token, code, f"opened by {pin}", "SAFE/device-1")
    assert events[1].attributes["status"] == said
    assert events[1].attributes.get("code") == shown
    assert not [
        state for state in hass.states.async_all() if pin in str(state.as_dict())
    ]
