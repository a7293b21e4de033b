"""A large product with properties in a process of its own, or as many template entities."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import batched
import json
import sys
import time
from typing import Any, cast

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .ask import ask
from .blocks import Blocks, watch_blocks
from .fleet import LARGE_DEVICES, METERS, device_names
from .home import add_application, lift_pace, product, run
from .setup_once import memory
from custom_components.tencent_iot_explorer.product.values import PropertyValues

# What an entry may have, but for the connectivity and the outcome event of each device.
SENSORS = 9500 - 2 * LARGE_DEVICES
_AT_ONCE = 4


@dataclass(frozen=True, kw_only=True)
class Poll:
    """What a set-up took, and what followed from a change of all that is shown.

    All times are those of the processor: `busy` of reading and showing, `taken` of showing
    alone, `raw` of as many bare writes of states.
    """

    setup_busy: float
    setup_block: float
    memory: int
    enabled: int
    requests: int
    changed: int
    busy: float
    block: float
    away_block: float = 0
    taken: float = 0
    raw: float = 0


def templates() -> dict[str, Any]:
    """Return the configuration of as many entities as the product has enabled."""
    devices = range(LARGE_DEVICES)
    return {
        "template": [
            {
                "sensor": [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"sensor_{number}",
                        "state": f"{{{{ states('sensor.source_{number % LARGE_DEVICES}') }}}}",
                        "unit_of_measurement": "W",
                        "device_class": "power",
                        "state_class": "measurement",
                    }
                    for number in range(SENSORS)
                ],
                "binary_sensor": [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"binary_{number}",
                        "state": "{{ true }}",
                    }
                    for number in devices
                ],
                "event": [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"event_{number}",
                        "event_type": "{{ 'accepted' }}",
                        "event_types": "{{ ['accepted', 'failed'] }}",
                    }
                    for number in devices
                ],
            }
        ]
    }


def set_sources(hass: HomeAssistant, value: int) -> Iterator[None]:
    """Change what template entities show, that of one device after the other."""
    for number in range(LARGE_DEVICES):
        hass.states.async_set(f"sensor.source_{number}", str(value))
        yield


async def read_all(entry: ConfigEntry) -> None:
    """Read the properties of all devices, as many at once as usual."""
    (configured,) = entry.runtime_data.products.values()
    for names in batched(configured.devices.names, _AT_ONCE, strict=False):
        await asyncio.gather(
            *(configured.reader.async_read(configured, name) for name in names)
        )


def take_all(values: PropertyValues) -> float:
    """Return how long it takes to show another value of each property."""
    reports = {
        name: {
            key: replace(report, value=(cast(int, report.value) + 1) % 2)
            for key, report in values.reports(name).items()
        }
        for name in values.reported
    }
    start = time.thread_time()
    for name, changed in reports.items():
        values.async_take(name, changed, values.pushes)
    return time.thread_time() - start


def shown(hass: HomeAssistant) -> dict[str, str]:
    """Return all states."""
    return {state.entity_id: state.state for state in hass.states.async_all()}


def write_raw(hass: HomeAssistant, states: Mapping[str, str]) -> float:
    """Return how long as many bare writes of states take that change each of them."""
    copies = [hass.states.get(entity_id) for entity_id in states]
    seconds = 0.0
    for value in ("before", "after"):
        start = time.thread_time()
        for number, state in enumerate(copies):
            assert state
            hass.states.async_set(f"sensor.raw_{number}", value, state.attributes)
        seconds = time.thread_time() - start
    return seconds


async def measure(hass: HomeAssistant, kind: str, cloud: str) -> Poll:
    """Return what the product takes, or with `template` the same of template entities."""
    await ask(hass, cloud, "counts")
    entry: ConfigEntry | None = None
    known = set(er.async_get(hass).entities)
    if kind == "template":
        for _ in set_sources(hass, 0):
            pass
    before = memory()
    async with watch_blocks(time.thread_time) as setup_blocks:
        if kind == "template":
            assert await async_setup_component(hass, "template", templates())
            await hass.async_block_till_done()
        else:
            devices = product(METERS, device_names(LARGE_DEVICES), use_properties=True)
            entry = await add_application(hass, f"{cloud}/0/api", devices)
    if entry:
        # Else a round would take as many seconds as it may.
        lift_pace()
        (configured,) = entry.runtime_data.products.values()
        while len(configured.values.reported) < LARGE_DEVICES:
            await asyncio.sleep(0.01)
    await hass.async_block_till_done()
    used = memory() - before
    requests = sum((await ask(hass, cloud, "counts")).values())
    await ask(hass, cloud, "report")
    first = shown(hass)
    async with watch_blocks(time.thread_time) as blocks:
        if entry:
            await read_all(entry)
        else:
            for _ in set_sources(hass, 1):
                await asyncio.sleep(0)
        await hass.async_block_till_done()
    changed = {
        entity_id: state
        for entity_id, state in shown(hass).items()
        if first.get(entity_id) != state and "source" not in entity_id
    }
    away, taken = Blocks(), 0.0
    if entry:
        taken = take_all(configured.values)
        await ask(hass, cloud, "flip")
        async with watch_blocks(time.thread_time) as away:
            await configured.devices.async_refresh()
            await hass.async_block_till_done()
        await ask(hass, cloud, "flip")
    entities = [
        entity
        for entity_id, entity in er.async_get(hass).entities.items()
        if entity_id not in known and entity.disabled_by is None
    ]
    return Poll(
        setup_busy=setup_blocks.busy,
        memory=used,
        enabled=len(entities),
        setup_block=setup_blocks.longest_of_ours,
        requests=requests,
        changed=len(changed),
        busy=blocks.busy,
        block=blocks.longest_of_ours,
        away_block=away.longest_of_ours,
        taken=taken,
        raw=write_raw(hass, changed),
    )


if __name__ == "__main__":
    found = run(lambda hass: measure(hass, sys.argv[2], sys.argv[1]))
    print(json.dumps(asdict(found)))
