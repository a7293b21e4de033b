"""What a device sends shows at once: no poll, no request and no clock has any part in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant, State

from .entities import press, record_events, state_of
from .helpers import ASYNC, Cloud, product, with_both_keys
from .pushes import console_rule
from .rules import address_at, set_up_pushed
from custom_components.tencent_iot_explorer.const import Access
from emulator import EmulatedDevice

FEEDER = product("FEEDER2026", ["kitchen-feeder"], use_properties=True)
LOCK = product("DOORLOCK01", ["front-door"], use_properties=True)
FOOD = "FEEDER2026/kitchen-feeder/property:food_level"


@pytest.fixture(autouse=True)
async def _home_is_pushed_to(
    hass: HomeAssistant, cloud: Cloud, home_address: str, freezer: FrozenDateTimeFactory
) -> None:
    """Let the clock stand still in a home that the cloud pushes to."""
    cloud.expect("ResourceNotFound.TopicRuleNotExist")
    if cloud.access is Access.APPLICATION:
        for product_id in ("FEEDER2026", "DOORLOCK01"):
            console_rule(cloud, address_at(home_address), product_id)
    await set_up_pushed(hass, cloud, FEEDER, LOCK)
    freezer.tick(5)


@contextmanager
def no_requests(hass: HomeAssistant, cloud: Cloud, *calls: str) -> Iterator[None]:
    """Insist that nothing is asked meanwhile but what is said, and no time passes."""
    cloud.emulator.journal.clear()
    now = hass.loop.time()
    yield
    assert [item.call for item in cloud.emulator.journal] == list(calls)
    assert hass.loop.time() == now


async def pushed(hass: HomeAssistant, cloud: Cloud) -> None:
    """Wait until what devices sent was taken."""
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()
    sent = cloud.emulator.forwarder.sent
    assert sent
    assert all(item.statuses == [200] for item in sent)


def device(cloud: Cloud, product_id: str, name: str) -> EmulatedDevice:
    """Return an emulated device."""
    return cloud.emulator.products[product_id].devices[name]


@with_both_keys
async def test_report(hass: HomeAssistant, cloud: Cloud) -> None:
    """A report is a state."""
    with no_requests(hass, cloud):
        device(cloud, "FEEDER2026", "kitchen-feeder").report(food_level=42)
        await pushed(hass, cloud)
        assert state_of(hass, "sensor", FOOD).state == "42"


@with_both_keys
async def test_event(hass: HomeAssistant, cloud: Cloud) -> None:
    """An event is a state of its entity."""
    events: list[State] = record_events(hass)
    with no_requests(hass, cloud):
        device(cloud, "DOORLOCK01", "front-door").raise_event(
            "unlocked", "info", {"mode": 1}
        )
        await pushed(hass, cloud)
        (state,) = events
    assert state.attributes["mode"] == 1
    assert state == state_of(hass, "event", "DOORLOCK01/front-door/event:unlocked")


@with_both_keys
@pytest.mark.parametrize("replies_first", [False, True])
@pytest.mark.parametrize(("code", "kind"), [(0, "replied"), (7, "failed")])
async def test_reply(
    hass: HomeAssistant, cloud: Cloud, code: int, kind: str, replies_first: bool
) -> None:
    """A reply completes the outcome, whether it or the cloud's answer comes first."""
    feeder = device(cloud, "FEEDER2026", "kitchen-feeder")
    feeder.reply_code, feeder.replies_first = code, replies_first
    events = record_events(hass)
    with no_requests(hass, cloud, ASYNC):
        await press(hass, "FEEDER2026/kitchen-feeder/cleanBowl")
        await pushed(hass, cloud)
        assert [state.attributes["event_type"] for state in events] == [
            "accepted",
            kind,
        ]
    assert events[1].attributes["code"] == code
    tokens = {state.attributes["client_token"] for state in events}
    assert len(tokens) == 1


@with_both_keys
async def test_all_of_one_press(hass: HomeAssistant, cloud: Cloud) -> None:
    """What an action does, what it leads to and its end show together."""
    feeder = device(cloud, "FEEDER2026", "kitchen-feeder")
    feeder.report(food_level=21)
    await pushed(hass, cloud)
    events = record_events(hass)
    with no_requests(hass, cloud, ASYNC):
        await press(hass, "FEEDER2026/kitchen-feeder/feed")
        await pushed(hass, cloud)
        assert state_of(hass, "sensor", FOOD).state == "16"
        assert sorted(state.attributes["event_type"] for state in events) == [
            "accepted",
            "alert",
            "replied",
        ]
