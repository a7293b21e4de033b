"""What is pushed is where it belongs: through the webhook, as the cloud forwards it."""

import asyncio
import random
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from .entities import press, record_events, state_of
from .events import OPENED, add_doors, entity_of
from .helpers import FEEDER, Cloud, product, set_up
from .property_entities import declare, device, shown
from .pushes import WEBHOOK_ID, call_webhook, console_rule, message, set_up_pushed
from .test_push_webhook import today
from custom_components.tencent_iot_explorer.push.seen_messages import SeenMessages
from custom_components.tencent_iot_explorer.push.traffic import MessageOutcome, Traffic
from emulator import EmulatedDevice
from emulator.products import property_

pytestmark = pytest.mark.usefixtures("home_address")

LEVEL = property_("x", "Level", "r", type="int", min="0", max="100", step="1")
ODD = product("ODD", ["device-1", "device-2"], use_properties=True)
START = "2026-11-25 20:00:00+00:00"


def rule_for(
    hass: HomeAssistant, cloud: Cloud, product_id: str, **changes: Any
) -> None:
    """Let the cloud forward what the devices of a product send."""
    address = f"{hass.config.external_url}/api/webhook/{WEBHOOK_ID}"
    console_rule(cloud, address, product_id, **changes)


async def set_up_odd(
    hass: HomeAssistant, cloud: Cloud, *properties: dict[str, Any]
) -> MockConfigEntry:
    """Set up two devices with properties, which have reported nothing."""
    declare(cloud, *properties)
    devices = cloud.emulator.products["ODD"].devices
    devices.setdefault("device-2", EmulatedDevice(name="device-2"))
    entry = await set_up_pushed(hass, cloud, ODD)
    rule_for(hass, cloud, "ODD")
    cloud.emulator.journal.clear()
    return entry


async def forwarded(hass: HomeAssistant, cloud: Cloud) -> None:
    """Wait until all that devices sent was forwarded and taken."""
    await cloud.emulator.forwarder.done()
    await hass.async_block_till_done()


async def push(hass: HomeAssistant, payload: Any, **changes: Any) -> int:
    """Push a message of device-1, and return how it is answered."""
    changes = {"product_id": "ODD", "device": "device-1", **changes}
    status, _, _ = await call_webhook(hass, data=message(payload, **changes))
    await hass.async_block_till_done()
    return status


def report(value: Any, at: int | None = None) -> dict[str, Any]:
    """Return what a device sends that reports a value."""
    moment = {} if at is None else {"timestamp": at}
    return {"method": "report", "clientToken": "t", "params": {"x": value}, **moment}


async def test_report(hass: HomeAssistant, cloud: Cloud) -> None:
    """A report is shown at once, and nothing is asked of the cloud for it."""
    entry = await set_up_odd(hass, cloud, LEVEL)
    device(cloud).report(x=41)
    await forwarded(hass, cloud)
    assert shown(hass, "sensor").state == "41"
    assert today(hass, entry) == {"taken": 1}
    assert not cloud.emulator.journal


async def test_status(hass: HomeAssistant, cloud: Cloud) -> None:
    """Who comes and goes is shown at once; who reports is online."""
    cloud.emulator.forwarder.forwards_status = True
    entry = await set_up_odd(hass, cloud, LEVEL)
    assert state_of(hass, "binary_sensor", "ODD/device-1").state == "on"
    device(cloud).disconnect()
    await forwarded(hass, cloud)
    assert state_of(hass, "binary_sensor", "ODD/device-1").state == "off"
    assert shown(hass, "sensor").state == "unavailable"
    later = int(time.time() * 1000) + 5000
    await push(hass, report(42, later), seq=99, timestamp=later // 1000)
    assert state_of(hass, "binary_sensor", "ODD/device-1").state == "on"
    assert shown(hass, "sensor").state == "42"
    assert today(hass, entry) == {"taken": 2}


async def test_event(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """An event is shown at once, with its parameters."""
    freezer.move_to(START)
    (door,) = add_doors(cloud, OPENED)
    entry = await set_up_pushed(
        hass, cloud, product("DOOR", ["device-1"], use_properties=True)
    )
    rule_for(hass, cloud, "DOOR")
    freezer.tick(5)
    door.raise_event("opened", "info", {"by": 1, "times": 2})
    await forwarded(hass, cloud)
    state = hass.states.get(entity_of(hass, "opened"))
    assert state
    assert state.attributes["event_type"] == "info"
    assert state.attributes["times"] == 2
    assert today(hass, entry) == {"taken": 1}
    # One that no template declares is of no use.
    door.raise_event("broken", "info")
    await forwarded(hass, cloud)
    assert today(hass, entry) == {"taken": 1, "ignored": 1}


async def test_reply(hass: HomeAssistant, cloud: Cloud) -> None:
    """A device's answer completes the outcome, also where properties are not used."""
    entry = await set_up_pushed(hass, cloud, FEEDER)
    rule_for(hass, cloud, "FEEDER2026")
    events = record_events(hass)
    await press(hass, "FEEDER2026/kitchen-feeder/feed")
    await forwarded(hass, cloud)
    types = [state.attributes["event_type"] for state in events]
    assert types == ["accepted", "replied"]
    assert today(hass, entry)["taken"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"product_id": "NOTOURS"},
        {"device": "device-9"},
        {"payload": report("many")},
        {"payload": report(None)},
        {"payload": report([1])},
        {"payload": report({"a": 1})},
        {"payload": {"method": "report", "params": {"undeclared": 1}}},
        {"payload": {"method": "event_post", "eventId": "no", "params": {}}},
        {"payload": {"method": "mystery"}},
        {"payload": 7},
    ],
)
async def test_ignored(
    hass: HomeAssistant, cloud: Cloud, changes: dict[str, Any]
) -> None:
    """What is of no use here is counted, and changes nothing."""
    entry = await set_up_odd(hass, cloud, LEVEL)
    await push(hass, report(41))
    payload = changes.pop("payload", report(43))
    assert await push(hass, payload, seq=2, **changes) == 200
    assert shown(hass, "sensor").state == "41"
    assert today(hass, entry) == {"taken": 1, "ignored": 1}


@pytest.mark.usefixtures("all_enabled")
async def test_part_of_a_report(hass: HomeAssistant, cloud: Cloud) -> None:
    """Of a report, what fits is shown, and a structure is taken as a whole or not."""
    members = [
        {"id": "a", "name": "A", "dataType": {"type": "int", "min": "0", "max": "9"}},
        {"id": "b", "name": "B", "dataType": {"type": "int", "min": "0", "max": "9"}},
    ]
    pair = property_("pair", "Pair", "r", type="struct", specs=members)
    entry = await set_up_odd(hass, cloud, LEVEL, pair)
    await push(hass, {"method": "report", "params": {"x": 1, "pair": {"a": 1, "b": 2}}})
    assert shown(hass, "sensor", "property:pair/b").state == "2"
    spoilt = {"x": 2, "pair": {"a": 5, "b": "five"}, "other": 1}
    await push(hass, {"method": "report", "params": spoilt}, seq=2)
    assert shown(hass, "sensor").state == "2"
    assert shown(hass, "sensor", "property:pair/b").state == "2"
    assert shown(hass, "sensor", "property:pair/a").state == "1"
    assert today(hass, entry) == {"taken": 2}


async def test_properties_are_not_used(hass: HomeAssistant, cloud: Cloud) -> None:
    """Where they have no entities, reports and events are of no use; all else is."""
    cloud.emulator.forwarder.forwards_status = True
    declare(cloud, LEVEL, actions=[])
    entry = await set_up_pushed(hass, cloud, product("ODD", ["device-1"]))
    rule_for(hass, cloud, "ODD")
    device(cloud).report(x=41)
    await forwarded(hass, cloud)
    assert today(hass, entry) == {"ignored": 1}
    device(cloud).disconnect()
    await forwarded(hass, cloud)
    assert state_of(hass, "binary_sensor", "ODD/device-1").state == "off"
    assert today(hass, entry) == {"ignored": 1, "taken": 1}


async def test_product_of_another_entry(hass: HomeAssistant, cloud: Cloud) -> None:
    """Whoever knows the address of one entry can say nothing of another's devices."""
    declare(cloud, LEVEL)
    await set_up(hass, cloud, ODD)
    cloud.emulator.service_api.applications["Other"] = "Secret"
    entry = await set_up_pushed_other(hass, cloud)
    await push(hass, report(41))
    assert shown(hass, "sensor").state == "unknown"
    assert today(hass, entry) == {"ignored": 1}


async def set_up_pushed_other(hass: HomeAssistant, cloud: Cloud) -> MockConfigEntry:
    """Set up an entry with another key, to which messages come."""
    other = Cloud(cloud.emulator)
    entry_data = other.entry_data
    other.entry_data = lambda **data: entry_data(**data) | other.add_key()
    return await set_up_pushed(hass, other, FEEDER)


async def test_repeated(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """What comes again within ten minutes is dropped, each by its own number."""
    freezer.move_to(START)
    entry = await set_up_odd(hass, cloud, LEVEL)
    now = int(time.time())
    await push(hass, report(50), seq=5, timestamp=now)
    # An earlier number may come later.
    await push(hass, report(51), seq=3, timestamp=now + 1)
    assert shown(hass, "sensor").state == "51"
    freezer.tick(599)
    await push(hass, report(52, now + 599), seq=5, timestamp=now + 60)
    assert shown(hass, "sensor").state == "51"
    # Of another device, topic or rule it is another message.
    await push(hass, report(53), seq=5, timestamp=now + 60, device="device-2")
    assert state_of(hass, "sensor", "ODD/device-2/property:x").state == "53"
    freezer.tick(2)
    await push(hass, report(54), seq=5, timestamp=now + 60)
    assert shown(hass, "sensor").state == "54"
    assert today(hass, entry) == {"taken": 4, "repeated": 1}


async def test_fast_clock(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A device whose clock is fast puts off nothing, neither what it nor the cloud stamps."""
    freezer.move_to(START)
    declare(cloud, LEVEL)
    now = int(time.time())
    ahead = (now + 7200) * 1000
    device(cloud).reported["x"] = (40, ahead)
    entry = await set_up_pushed(hass, cloud, ODD)
    assert shown(hass, "sensor").state == "40"
    await push(hass, report(41, ahead + 1500), seq=1, timestamp=now + 1)
    assert shown(hass, "sensor").state == "41"
    await push(hass, report(42), seq=2, timestamp=now + 2)
    assert shown(hass, "sensor").state == "42"
    # Late, and older than that.
    await push(hass, report(39, ahead + 1000), seq=3, timestamp=now + 1)
    assert shown(hass, "sensor").state == "42"
    await push(hass, report(43, (now + 3) * 1000), seq=4, timestamp=now + 3)
    assert shown(hass, "sensor").state == "43"
    assert today(hass, entry) == {"taken": 4}


async def test_rule_made_anew(
    hass: HomeAssistant, cloud: Cloud, freezer: FrozenDateTimeFactory
) -> None:
    """A rule that is deleted and made anew begins with number 1, which is no repetition."""
    freezer.move_to(START)
    entry = await set_up_odd(hass, cloud, LEVEL)
    for value in (41, 42):
        freezer.tick(1)
        device(cloud).report(x=value)
    await forwarded(hass, cloud)
    cloud.emulator.rules.by_name.clear()
    rule_for(hass, cloud, "ODD")
    freezer.tick(61)
    device(cloud).report(x=43)
    await forwarded(hass, cloud)
    assert cloud.emulator.forwarder.sent[-1].message["seq"] == 1
    assert shown(hass, "sensor").state == "43"
    assert today(hass, entry) == {"taken": 3}


async def test_ignored_is_not_remembered(hass: HomeAssistant, cloud: Cloud) -> None:
    """What was of no use is taken when it comes again and is."""
    entry = await set_up_odd(hass, cloud, LEVEL)
    hass.config_entries.async_update_subentry(
        entry,
        next(iter(entry.subentries.values())),
        data={**ODD["data"], "devices": ["device-2"]},
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await push(hass, report(41))
    hass.config_entries.async_update_subentry(
        entry, next(iter(entry.subentries.values())), data=ODD["data"]
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await push(hass, report(41))
    assert shown(hass, "sensor").state == "41"
    assert today(hass, entry) == {"ignored": 1, "taken": 1}


def test_memory_is_bounded(freezer: FrozenDateTimeFactory) -> None:
    """However many messages come, only so many are remembered, the last ones."""
    taken = SeenMessages()
    assert all(taken.add(number, 0) for number in range(60_000))
    assert len(taken._taken) == 50_000
    assert not taken.add(59_999, 60_000)
    assert taken.add(1, 0)
    freezer.tick(601)
    assert taken.add(59_999, 0)
    assert len(taken._taken) == 1


def test_counts_of_a_day(freezer: FrozenDateTimeFactory) -> None:
    """Each day begins with nothing, whether a message comes or not."""
    freezer.move_to(START)
    traffic = Traffic()
    traffic.async_note(MessageOutcome.TAKEN)
    traffic.async_note(MessageOutcome.REFUSED)
    last = traffic.last_taken
    assert traffic.today == {"taken": 1, "repeated": 0, "ignored": 0, "refused": 1}
    freezer.tick(86_400)
    assert set(traffic.today.values()) == {0}
    assert traffic.last_taken == last
    traffic.async_note(MessageOutcome.IGNORED)
    assert traffic.today == {"taken": 0, "repeated": 0, "ignored": 1, "refused": 0}


async def test_many_messages(hass: HomeAssistant, cloud: Cloud) -> None:
    """Late, twice and spoilt ones among many leave the right states, and all goes on."""
    entry = await set_up_odd(hass, cloud, LEVEL)
    chosen = random.Random(18)
    start = int(time.time() * 1000)
    bodies = [
        message(
            report(number % 101, start + number),
            product_id="ODD",
            device=f"device-{number % 2 + 1}",
            seq=number,
            timestamp=start // 1000,
        )
        for number in range(1000)
    ]
    spoilt = [b"{", b"[" * 5000, message({"method": "report"}), b"\xff" * 900]
    sent = bodies + chosen.sample(bodies, 100) + spoilt * 25
    chosen.shuffle(sent)
    for number in range(0, len(sent), 50):
        answers = await asyncio.gather(
            *(call_webhook(hass, data=body) for body in sent[number : number + 50]),
            call_webhook(hass, "GET", headers={"Echostr": str(number)}),
        )
        assert {status for status, _, _ in answers} == {200}
        assert answers[-1][1] == str(number)
    await hass.async_block_till_done()
    assert shown(hass, "sensor").state == str(998 % 101)
    assert state_of(hass, "sensor", "ODD/device-2/property:x").state == str(999 % 101)
    assert today(hass, entry) == {"taken": 1000, "repeated": 100, "ignored": 100}
    assert not cloud.emulator.journal
