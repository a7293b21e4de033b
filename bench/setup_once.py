"""One setup in a process of its own: its time, memory, requests and blocks."""

from dataclasses import asdict, dataclass
import gc
import json
import os
from pathlib import Path
import sys
import time
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component

from .blocks import watch_blocks
from .fleet import LARGE, LARGE_DEVICES, PLAIN, SMALL, SMALL_DEVICES, device_names
from .home import add_application, product, run

ACTIONS = 5


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What one setup took, and a poll after it in which all devices changed."""

    seconds: float
    memory: int
    enabled: int
    disabled: int
    requests: dict[str, int]
    block: float
    pause: float
    poll_block: float = 0
    poll_busy: float = 0


def memory() -> int:
    """Return how many bytes this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def templates() -> dict[str, Any]:
    """Return the configuration of as many entities as the large product has enabled."""
    numbers = range(LARGE_DEVICES)
    return {
        "template": [
            {
                "button": [
                    {
                        "name": f"Bench {number} {action}",
                        "unique_id": f"button_{number}_{action}",
                        "press": [],
                    }
                    for number in numbers
                    for action in range(ACTIONS)
                ],
                "binary_sensor": [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"binary_{number}",
                        "state": "{{ true }}",
                    }
                    for number in numbers
                ],
                "event": [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"event_{number}",
                        "event_type": "{{ 'accepted' }}",
                        "event_types": "{{ ['accepted', 'failed'] }}",
                    }
                    for number in numbers
                ],
                "sensor": [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"sensor_{number}",
                        "state": "{{ 'Feed' }}",
                    }
                    for number in numbers
                ],
            }
        ]
    }


async def ask(hass: HomeAssistant, cloud: str, action: str) -> dict[str, int]:
    """Ask the emulated cloud for something that only measurements want."""
    session = async_get_clientsession(hass)
    async with session.post(f"{cloud}/0/api", json={"Action": action}) as response:
        return dict(await response.json())


async def measure(hass: HomeAssistant, kind: str, cloud: str) -> Setup:
    """Return what a setup takes: `large`, `plain`, `small` or `template`."""
    await ask(hass, cloud, "counts")
    products = {
        "large": [product(LARGE, device_names(LARGE_DEVICES))],
        "plain": [product(PLAIN, device_names(LARGE_DEVICES))],
        "small": [product(name, device_names(SMALL_DEVICES)) for name in SMALL],
    }
    before, known = memory(), set(er.async_get(hass).entities)
    start = time.perf_counter()
    async with watch_blocks() as blocks:
        if kind == "template":
            assert await async_setup_component(hass, "template", templates())
            await hass.async_block_till_done()
        else:
            entry = await add_application(hass, f"{cloud}/0/api", *products[kind])
    seconds = time.perf_counter() - start
    entities = [
        entity
        for entity_id, entity in er.async_get(hass).entities.items()
        if entity_id not in known
    ]
    enabled = [entity for entity in entities if entity.disabled_by is None]
    assert all(hass.states.get(entity.entity_id) for entity in enabled)
    setup = Setup(
        seconds=seconds,
        memory=memory() - before,
        enabled=len(enabled),
        disabled=len(entities) - len(enabled),
        requests=await ask(hass, cloud, "counts"),
        block=blocks.longest,
        pause=blocks.longest_pause,
    )
    if kind == "template":
        return setup
    await ask(hass, cloud, "flip")
    async with watch_blocks() as blocks:
        for configured in entry.runtime_data.products.values():
            await configured.devices.async_refresh()
        await hass.async_block_till_done()
    await ask(hass, cloud, "flip")
    return Setup(
        **asdict(setup) | {"poll_block": blocks.longest, "poll_busy": blocks.busy}
    )


if __name__ == "__main__":
    found = run(lambda hass: measure(hass, sys.argv[2], sys.argv[1]))
    print(json.dumps(asdict(found)))
