"""One setup in a process of its own: what it took, and how long others had to wait."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
import gc
import json
import os
from pathlib import Path
import sys
import time
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, registry
from homeassistant.setup import async_setup_component

from .ask import ask
from .blocks import watch_blocks
from .fleet import (
    ALL_ENABLED,
    FEW_ENABLED,
    LARGE,
    LARGE_DEVICES,
    SMALL,
    SMALL_DEVICES,
    device_names,
)
from .home import add_application, lift_pace, product, run
from .other_page import other_page
from .page import Answers

ACTIONS = 5
# Home Assistant saves its registries that many seconds after the last change, else ten.
_SAVE_DELAY = 1
_MOST_SECONDS = 60
_WITH_PROPERTIES = {LARGE: False, FEW_ENABLED: True, ALL_ENABLED: True}
# What each kind of template entity needs besides its name and its unique id.
_TEMPLATES: dict[str, dict[str, Any]] = {
    "button": {"press": []},
    "binary_sensor": {"state": "{{ true }}"},
    "event": {
        "event_type": "{{ 'accepted' }}",
        "event_types": "{{ ['accepted', 'failed'] }}",
    },
    "sensor": {"state": "{{ 'Feed' }}"},
    "switch": {"state": "{{ true }}", "turn_on": [], "turn_off": []},
    "number": {"state": "{{ 1 }}", "set_value": [], "min": 0, "max": 100},
    "select": {
        "state": "{{ 'Calm' }}",
        "options": "{{ ['Calm', 'Wild'] }}",
        "select_option": [],
    },
}


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What one setup took, and a poll after it in which all devices changed.

    `cost` and the blocks are times of the processor, that of the garbage collector among
    the first; `seconds` are those until all was there and all devices were read.
    """

    seconds: float
    cost: float
    memory: int
    enabled: dict[str, int]
    disabled: int
    requests: dict[str, int]
    own_block: float
    other_block: float
    pause: float
    answers: Answers | None
    poll_block: float = 0


def setup_from_text(text: str) -> Setup:
    """Return what another process measured."""
    found = json.loads(text)
    answers = found["answers"]
    return Setup(**found | {"answers": answers and Answers(**answers)})


def memory() -> int:
    """Return how many bytes this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def templates(counts: Mapping[str, int]) -> dict[str, Any]:
    """Return the configuration of so many template entities of each kind."""
    return {
        "template": [
            {
                domain: [
                    {
                        "name": f"Bench {number}",
                        "unique_id": f"{domain}_{number}",
                        **_TEMPLATES[domain],
                    }
                    for number in range(count)
                ]
            }
            for domain, count in counts.items()
        ]
    }


async def read(entry: ConfigEntry) -> None:
    """Wait until the cloud was asked for the devices of each product, in background."""
    async with asyncio.timeout(_MOST_SECONDS):
        while not all(
            configured.devices.is_read
            for configured in entry.runtime_data.products.values()
        ):
            await asyncio.sleep(0.01)


async def saved(hass: HomeAssistant, since: float) -> None:
    """Wait until the registry of entities, the largest, was saved after a moment."""
    path = Path(hass.config.path(".storage", "core.entity_registry"))

    def is_saved() -> bool:
        """Return whether it was."""
        return path.exists() and path.stat().st_mtime >= since

    async with asyncio.timeout(_MOST_SECONDS):
        while not is_saved():
            await asyncio.sleep(0.01)


async def add(hass: HomeAssistant, kind: str, cloud: str) -> ConfigEntry | None:
    """Add one large product, all small ones, or template entities by their counts."""
    if kind.startswith("{"):
        assert await async_setup_component(
            hass, "template", templates(json.loads(kind))
        )
        await hass.async_block_till_done()
        return None
    products = [product(name, device_names(SMALL_DEVICES)) for name in SMALL]
    if kind in _WITH_PROPERTIES:
        names, use_properties = device_names(LARGE_DEVICES), _WITH_PROPERTIES[kind]
        products = [product(kind, names, use_properties=use_properties)]
    entry = await add_application(hass, f"{cloud}/0/api", *products)
    await read(entry)
    await hass.async_block_till_done()
    return entry


@asynccontextmanager
async def page_if(hass: HomeAssistant, is_open: bool) -> AsyncIterator[list[Answers]]:
    """Let another page ask or not; yield what says afterwards how long it had to wait."""
    answers: list[Answers] = []
    if not is_open:
        yield answers
        return
    async with other_page(hass) as page:
        await page.begin()
        yield answers
        answers.append(await page.end())


async def measure(
    hass: HomeAssistant, cloud: str, kind: str, *, is_watched: bool
) -> Setup:
    """Return what a setup takes, with another page of Home Assistant open or not."""
    registry.SAVE_DELAY = _SAVE_DELAY
    await ask(hass, cloud, "counts")
    before, known = memory(), set(er.async_get(hass).entities)
    async with (
        page_if(hass, is_watched) as answers,
        watch_blocks(time.thread_time) as blocks,
    ):
        start, began_at = time.perf_counter(), time.time()
        entry = await add(hass, kind, cloud)
        seconds = time.perf_counter() - start
        if is_watched:
            await saved(hass, began_at)
    used = memory() - before
    entities = [
        entity
        for entity_id, entity in er.async_get(hass).entities.items()
        if entity_id not in known
    ]
    enabled = [entity for entity in entities if entity.disabled_by is None]
    assert all(hass.states.get(entity.entity_id) for entity in enabled)
    setup = Setup(
        seconds=seconds,
        cost=blocks.busy + blocks.paused,
        memory=used,
        enabled=dict(Counter(entity.domain for entity in enabled)),
        disabled=len(entities) - len(enabled),
        requests=await ask(hass, cloud, "counts"),
        own_block=blocks.longest_of_ours,
        other_block=blocks.longest_of_others,
        pause=blocks.longest_pause,
        answers=next(iter(answers), None),
    )
    if entry is None or is_watched:
        return setup
    # Else a list would take as many seconds as it may.
    lift_pace()
    await ask(hass, cloud, "flip")
    async with watch_blocks(time.thread_time) as blocks:
        for configured in entry.runtime_data.products.values():
            await configured.devices.async_refresh()
        await hass.async_block_till_done()
    await ask(hass, cloud, "flip")
    return Setup(**vars(setup) | {"poll_block": blocks.longest_of_ours})


if __name__ == "__main__":
    found = run(
        lambda hass: measure(
            hass, sys.argv[1], sys.argv[2], is_watched="watched" in sys.argv
        )
    )
    print(json.dumps(asdict(found)))
