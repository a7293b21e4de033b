"""A week with pushes, of which some are lost: readings mend that, and little is kept."""

import random

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from .entities import press, record_events, state_of
from .events import OPENED
from .helpers import Cloud, product
from .plugs import PLUG_PROPERTIES
from .pushes import console_rule
from .rules import address_at, issues, set_up_pushed
from custom_components.tencent_iot_explorer.api import EventType
from custom_components.tencent_iot_explorer.product.event_store import EVENT_STORE
from custom_components.tencent_iot_explorer.push.webhook import _WEBHOOKS
from custom_components.tencent_iot_explorer.reports.schedule import PUSHED_INTERVAL
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import action, template

HOUR = 3600
DAY = 24 * HOUR
# What was lost is found within the shortest of these.
PAUSES = (PUSHED_INTERVAL, PUSHED_INTERVAL, HOUR / 2, HOUR)
NAMES = ("a", "b")
SEED = 7


def level(hass: HomeAssistant, name: str) -> str:
    """Return the state of the property of a device."""
    return state_of(hass, "number", f"GATE/{name}/property:level").state


@pytest.mark.usefixtures("all_enabled")
async def test_week(
    hass: HomeAssistant,
    cloud: Cloud,
    home_address: str,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is pushed shows at once, what is lost by the next reading, all of it once."""
    chance = random.Random(SEED)
    gates = {name: EmulatedDevice(name=name) for name in NAMES}
    for gate in gates.values():
        gate.report(level=0)
    cloud.emulator.products["GATE"] = EmulatedProduct(
        product_id="GATE",
        template=template(
            "GATE",
            action("reset", "Reset"),
            properties=PLUG_PROPERTIES,
            events=[OPENED],
        ),
        devices=gates,
    )
    console_rule(cloud, address_at(home_address), "GATE")
    entry = await set_up_pushed(
        hass, cloud, product("GATE", NAMES, use_properties=True)
    )
    forwarder, outbound = cloud.emulator.forwarder, cloud.emulator.outbound
    # The last of its tries is the first.
    forwarder.retry_after = ()
    shown = record_events(hass)
    raised = lost = rounds = 0
    end = hass.loop.time() + 7 * DAY
    while hass.loop.time() < end:
        rounds += 1
        freezer.tick(5)
        is_lost = chance.random() < 0.2
        if is_lost:
            outbound.unreachable.add("127.0.0.1")
        for gate in gates.values():
            if chance.random() < 0.7:
                gate.report(level=rounds % 101)
            if chance.random() < 0.3:
                raised += 1
                gate.raise_event("opened", "info", {"times": raised})
        if rounds % 48 == 0:
            await press(hass, "GATE/a/reset")
        await forwarder.done()
        await hass.async_block_till_done()
        outbound.unreachable.clear()
        lost += sum(item.statuses == [None] for item in forwarder.sent)
        forwarder.sent.clear()
        if not is_lost:
            for name, gate in gates.items():
                assert level(hass, name) == str(gate.reported["level"][0])
        freezer.tick(chance.choice(PAUSES) - 5)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
        for name, gate in gates.items():
            assert level(hass, name) == str(gate.reported["level"][0])
    assert lost > rounds * 0.1
    times = [item.attributes["times"] for item in shown if "times" in item.attributes]
    assert sorted(times) == list(range(1, raised + 1))
    (pushed,) = entry.runtime_data.products.values()
    assert pushed.push.is_active
    assert issues(hass) == {}
    # Of the last ten minutes, of the last hours and of each device is kept what it takes.
    taken = hass.data[_WEBHOOKS][entry.entry_id]._receiver._taken._taken
    assert len(taken) <= 2 * len(NAMES) + 1
    memories = [
        hass.data[EVENT_STORE].memory("GATE", name, EventType.INFO) for name in NAMES
    ]
    assert sum(memory.count for memory in memories if memory) < raised / 4
    assert set(pushed.values.reported) == set(NAMES)
    assert len(pushed.reader._schedule._queue) <= 4 * len(NAMES)
    assert len(pushed.event_reader._schedule._queue) <= 4 * len(NAMES)
    replies = entry.runtime_data.replies
    assert len(replies._expected) + len(replies._early) <= 1
