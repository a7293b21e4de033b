"""A storm: whatever the cloud does to a thousand calls, each one ends, and truly so."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
import gc
import os
import random
from types import SimpleNamespace

import aiohttp
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .entities import add_product
from .helpers import Cloud, product, set_up, with_both_keys
from .storm_faults import CODES, kinds
from custom_components.tencent_iot_explorer import errors
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import Fault, JournalEntry
from emulator.products import action, parameter

CALLS = int(os.environ.get("TENCENT_IOT_STORM_CALLS", "1000"))
DEVICES = 50
AT_ONCE = 40
SEED = 20261125
NUMBER = parameter("number", "Number", type="int", min="0", max="1000000")
# So many calls go as they should, beside one of each kind that does not.
HEALTHY = 30


@dataclass
class Ends:
    """How calls ended, by their number."""

    receipts: dict[int, str] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    unknown: set[int] = field(default_factory=set)


async def call(hass: HomeAssistant, number: int, chance: random.Random) -> str:
    """Run one numbered call, and return the RequestId of its receipt."""
    device = f"STORM/device-{chance.randint(1, DEVICES)}"
    response = await hass.services.async_call(
        DOMAIN,
        "storm_do",
        {
            "device_id": device,
            "number": number,
            "wait_for_reply": chance.random() < 0.5,
        },
        blocking=True,
        return_response=True,
    )
    assert response
    (receipt,) = response.values()
    assert isinstance(receipt, dict)
    return str(receipt["request_id"])


async def run_calls(hass: HomeAssistant, chance: random.Random) -> Ends:
    """Run all calls, so many at once, and return how they ended."""
    ends = Ends()
    events = {item.text: item.event for item in errors._TREATMENTS.values()}
    numbers = iter(range(CALLS))

    async def work() -> None:
        """Run one call after the other."""
        for number in numbers:
            try:
                ends.receipts[number] = await call(hass, number, chance)
            except HomeAssistantError as err:
                failed = events[str(err.translation_key)] == "failed"
                (ends.failed if failed else ends.unknown).add(number)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return ends


def open_ends(hass: HomeAssistant) -> Counter[str]:
    """Return what is open, of which an application that is unloaded may leave nothing."""
    gc.collect()
    loop = asyncio.get_running_loop()
    callbacks = [
        handle._callback for handle in loop._scheduled if not handle.cancelled()
    ]
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    counted = Counter(
        f"timer {callback.__qualname__}"
        for callback in callbacks
        # Those of aiohttp belong to connections that are kept, here and in the cloud;
        # what sleeps is a task, too.
        if not callback.__module__.startswith(("aiohttp", "asyncio.futures"))
    )
    counted.update(
        f"task {task}" for task in tasks if "RequestHandler" not in str(task)
    )
    for event, listeners in hass.bus.async_listeners().items():
        counted[f"listener {event}"] = listeners
    counted["session"] = sum(
        isinstance(item, aiohttp.ClientSession) for item in gc.get_objects()
    )
    return counted


@with_both_keys
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
async def test_storm(
    hass: HomeAssistant, cloud: Cloud, time_limits: SimpleNamespace, seed: int
) -> None:
    """Each call ends as receipt, failure or unknown, and the cloud's journal agrees."""
    chance = random.Random(seed)
    cloud.expect(*CODES)
    faults: list[Fault | None] = [None] * HEALTHY + kinds(cloud.access)
    time_limits.hand_over = time_limits.reply = 2
    names = add_product(cloud, "STORM", action("do", "Do", [NUMBER]), devices=DEVICES)
    entry = await set_up(hass, cloud, product("STORM", names))
    # A key pair that is refused makes Home Assistant ask for another, and save that it does.
    entry.async_start_reauth(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    before = open_ends(hass)

    def choose(entry: JournalEntry) -> Fault | None:
        """Return what happens to a request; what is left of others happens as well."""
        if chance.random() < 0.2:
            cloud.emulator.surplus.send_idle()
        return chance.choice(faults) if "ActionId" in entry.parameters else None

    cloud.emulator.choose_fault = choose
    ends = await run_calls(hass, chance)
    await hass.async_block_till_done(wait_background_tasks=True)
    cloud.emulator.choose_fault = None

    assert len(ends.receipts) + len(ends.failed) + len(ends.unknown) == CALLS
    assert min(len(ends.receipts), len(ends.failed), len(ends.unknown)) > CALLS / 20
    ran = Counter(item.inputs["number"] for item in cloud.emulator.executed)
    assert max(ran.values()) == 1
    assert not ran.keys() & ends.failed
    assert ends.receipts.keys() <= ran.keys()
    assert ran.keys() - ends.receipts.keys() <= ends.unknown
    request_ids = {
        item.inputs["number"]: item.request_id for item in cloud.emulator.executed
    }
    assert all(request_ids[number] == sent for number, sent in ends.receipts.items())
    assert open_ends(hass) <= before

    sent = len(cloud.emulator.journal)
    for _ in range(20):
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert open_ends(hass) <= before
    assert len(cloud.emulator.executed) == len(ran)
    assert len(cloud.emulator.journal) > sent
