"""Pushes instead of polling: what devices do is on the page at once."""

import asyncio
import time

from .home_assistant import INTEGRATION, HomeAssistant
from .requests import show
from emulator import Emulator

DOMAIN = INTEGRATION.name
FEEDER = "FEEDER2026/kitchen-feeder"
SENSOR = "SENSOR2026/bedroom-sensor"
_READS = ("DescribeDeviceData", "ListEventHistory")
_FIRST_OF_RULES = ("CreateTopicRule", "EnableTopicRule")
_ALERT = "food_low"


async def use_pushes(
    home: HomeAssistant, emulator: Emulator, entry_id: str
) -> list[str]:
    """Turn pushes on and see what comes; return what was not as expected."""
    print(
        "\nPushes are turned on: for each product a rule of the cloud sends what devices"
    )
    print("report to Home Assistant; this is the first, which is made and then enabled")
    seen = len(emulator.journal)
    await home.flow({"handler": entry_id}, {}, kind="options/flow")
    made = [item for item in emulator.journal[seen:] if item.call in _FIRST_OF_RULES]
    for request in made[:2]:
        show(request)
    rules = emulator.rules.by_name
    print(f"  the Sql in plain text: {next(iter(rules.values())).sql}")
    await _settle(emulator)
    problems = [
        *await _see_values(home, emulator),
        *await _see_events(home, emulator),
        *await _see_replies(home, emulator),
    ]
    if len(rules) != 3 or any(rule.is_disabled for rule in rules.values()):
        problems.append(f"the rules are {rules}")
    return problems


async def refill(home: HomeAssistant, emulator: Emulator) -> None:
    """Let somebody fill a feeder up."""
    level = await home.entity_id("sensor", f"{FEEDER}/property:food_level")
    await home.state(level)
    feeder = emulator.products["FEEDER2026"].devices["kitchen-feeder"]
    feeder.report(food_level=100)
    await home.state(level, "100")
    print(
        "  Somebody fills kitchen-feeder up, and 余粮 (food level) shows 100 %: pushes go on"
    )


async def _see_values(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Let a sensor measure something else, which nobody asks it for."""
    sensor = await home.entity_id("sensor", f"{SENSOR}/property:current_temp")
    before = await home.state(sensor)
    seen = len(emulator.journal)
    began_at = time.monotonic()
    emulator.products["SENSOR2026"].devices["bedroom-sensor"].report(current_temp=23.5)
    after = await home.changed_state(sensor, before["state"])
    _print_time(
        f"bedroom-sensor measures 23.5 °C: {sensor} shows {after['state']}", began_at
    )
    reads = [entry for entry in emulator.journal[seen:] if entry.call in _READS]
    problems = [f"it was read: {entry.call}" for entry in reads]
    if after["state"] != "23.5":
        problems.append(f"the pushed property shows {after}")
    return problems


async def _see_events(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Let a feeder report that there is little food left."""
    event = await home.entity_id("event", f"{FEEDER}/event:{_ALERT}")
    before = await home.get(f"/api/states/{event}")
    began_at = time.monotonic()
    feeder = emulator.products["FEEDER2026"].devices["kitchen-feeder"]
    feeder.raise_event(_ALERT, "alert", {"food_level": 12})
    after = await home.changed_state(event, before["state"])
    _print_time(
        "kitchen-feeder reports 余粮不足 (little food left): "
        f"{event} shows food_level {after['attributes']['food_level']}",
        began_at,
    )
    if after["attributes"]["food_level"] != 12:
        return [f"the pushed event shows {after}"]
    return []


async def _see_replies(home: HomeAssistant, emulator: Emulator) -> list[str]:
    """Run an action without waiting for it, and get to know what became of it."""
    outcome = await home.entity_id("event", FEEDER)
    await home.call(DOMAIN, "feeder2026_clean_bowl", {"device_id": FEEDER})
    async with asyncio.timeout(30):
        while True:
            shown = (await home.get(f"/api/states/{outcome}"))["attributes"]
            if shown["event_type"] != "accepted":
                break
            await asyncio.sleep(0.05)
    print(
        f"  清洗食盆 (clean the bowl) is called, and {outcome} shows how it ended: "
        f"{shown['event_type']}, code {shown.get('code')}"
    )
    if (shown["event_type"], shown.get("code")) != ("replied", 0):
        return [f"the outcome shows {shown}"]
    return []


async def _settle(emulator: Emulator) -> None:
    """Wait until nothing is read any more because of what was done before."""
    async with asyncio.timeout(60):
        seen = -1
        while seen != len(emulator.journal):
            seen = len(emulator.journal)
            await asyncio.sleep(2.5)


def _print_time(what: str, began_at: float) -> None:
    """Print how long it took until something was shown."""
    milliseconds = round((time.monotonic() - began_at) * 1000)
    print(f"  {what} after {milliseconds} ms")
