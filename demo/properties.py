"""What devices report, what is written to them, and what has happened to them."""

import asyncio
import json
from typing import Any

from .home_assistant import INTEGRATION, HomeAssistant
from .requests import show
from emulator import Emulator

DOMAIN = INTEGRATION.name
FEEDER = "FEEDER2026/kitchen-feeder"
LAMP = "LAMP202611/desk-lamp"
SENSOR = "SENSOR2026/bedroom-sensor"
_WRITTEN = [
    ("desk-lamp", {"power_switch": 1, "brightness": 40}),
    ("kitchen-feeder", {"child_lock": 1}),
]


async def use_properties(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Use a light, a sensor, a switch and an event; return what was not as expected."""
    problems = [
        *await _use_light(home, emulator),
        *await _read_sensors(home),
        *await _notice_little_food(home, emulator),
        *await _use_services(home),
    ]
    written = [(item.device_name, item.values) for item in emulator.written]
    if written != _WRITTEN:
        problems.append(f"written was {written}, wanted {_WRITTEN}")
    return problems


async def _use_light(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Turn a light on with a brightness, which is one request."""
    print("\nThe light of desk-lamp is turned on, with a brightness of 40 %")
    light = await home.entity_id("light", f"{LAMP}/light")
    before = await home.state(light, "off")
    seen = len(emulator.journal)
    await home.call("light", "turn_on", {"entity_id": light, "brightness_pct": 40})
    after = await home.state(light, "on")
    requests = [
        entry for entry in emulator.journal[seen:] if entry.call == "ControlDeviceData"
    ]
    for request in requests:
        show(request)
    level = after["attributes"]["brightness"]
    print(f"  {light} was {before['state']} and is on, its brightness {level} of 255")
    problems = []
    if len(requests) != 1:
        problems.append(f"the light needed {len(requests)} requests")
    if level != 102:
        problems.append(f"the brightness is {level}")
    return problems


async def _read_sensors(home: HomeAssistant) -> list[str]:
    """Read what a product without any action measures."""
    print("\nbedroom-sensor has no action, and shows what it measures")
    found = {}
    for identifier in ("current_temp", "current_humidity", "battery_percentage"):
        sensor = await home.entity_id("sensor", f"{SENSOR}/property:{identifier}")
        state = await home.state(sensor)
        unit = state["attributes"]["unit_of_measurement"]
        found[state["attributes"]["device_class"]] = f"{state['state']} {unit}"
        print(f"  {sensor}: {state['state']} {unit}")
    wanted = {"temperature": "22.5 °C", "humidity": "48 %", "battery": "91 %"}
    return [] if found == wanted else [f"the sensor shows {found}"]


async def _notice_little_food(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Feed until there is little food, which the feeder reports by an event."""
    print(
        "\nThe food level of kitchen-feeder falls with what it feeds: 余粮 (food level)"
    )
    level = await home.entity_id("sensor", f"{FEEDER}/property:food_level")
    event = await home.entity_id("event", f"{FEEDER}/event:food_low")
    # Whatever happened before the first reading of its events is not shown.
    async with asyncio.timeout(30):
        while not any(
            entry.parameters["DeviceName"] == "kitchen-feeder"
            for entry in emulator.requests("ListEventHistory")
        ):
            await asyncio.sleep(0.2)
    for portions, wanted in ((10, "35"), (4, "15")):
        await home.call(
            DOMAIN, "feeder2026_feed", {"device_id": FEEDER, "portions": portions}
        )
        await home.state(level, wanted)
        print(f"  after {portions} portions: {wanted} %")
    print("Its events are read now, not in two minutes: 余粮不足 (little food left)")
    await home.call("homeassistant", "update_entity", {"entity_id": event})
    state = await home.state(event)
    shown = state["attributes"]
    print(f"  {event}: {shown['event_type']}, food_level {shown['food_level']}")
    if (shown["event_type"], shown["food_level"]) != ("alert", 15):
        return [f"the event shows {shown}"]
    return []


async def _use_services(home: HomeAssistant) -> list[str]:
    """Write and read properties by services."""
    print("\nA service writes: 童锁 (child lock) of kitchen-feeder is turned on")
    reply = await home.call(
        DOMAIN,
        "set_properties",
        {"device_id": FEEDER, "properties": {"child_lock": True}},
        response=True,
    )
    (sent,) = reply["service_response"].values()
    _print(sent)
    lock = await home.entity_id("switch", f"{FEEDER}/property:child_lock")
    await home.state(lock, "on")
    print("And one reads")
    reply = await home.call(
        DOMAIN, "get_properties", {"device_id": FEEDER}, response=True
    )
    (read,) = reply["service_response"].values()
    _print(read)
    problems = []
    if not sent["sent"]:
        problems.append("what was written did not arrive")
    values = {identifier: item["value"] for identifier, item in read.items()}
    if values != {"food_level": 15, "child_lock": True}:
        problems.append(f"the service read {values}")
    return problems


def _print(response: Any) -> None:
    """Print what a service returned."""
    text = json.dumps(response, ensure_ascii=False, indent=2)
    print(f"  the service returned: {text}")
