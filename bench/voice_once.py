"""One home whose buttons are exposed to Assist, in a process of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
import json
import sys
import time

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .blocks import Blocks, watch_blocks
from .fleet import SPOKEN, SPOKEN_ACTIONS, device_names
from .home import add_application, product, run

_ENGLISH = ("red", "green", "blue", "amber", "violet", "silver", "maple", "cedar")
_CHINESE = "东南西北红橙黄绿"
_ACTIONS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """What exposing cost: processor seconds, and blocks of the event loop in seconds."""

    making: float
    making_block: float
    first_block: float
    later_block: float
    missed_block: float
    one_more: float
    reload: float


def _device(language: str, number: int) -> str:
    """Return a name of a device that is like no other."""
    digits = (number // 64, number // 8 % 8, number % 8)
    if language == "Chinese":
        return f"{''.join(_CHINESE[digit] for digit in digits)}喂食器"
    return f"{' '.join(_ENGLISH[digit] for digit in digits)} feeder"


async def _measure(
    hass: HomeAssistant, work: Callable[[], Awaitable[object]]
) -> tuple[float, Blocks]:
    """Return the processor seconds of something with all that follows, and its blocks."""
    begun = time.process_time()
    async with watch_blocks(time.thread_time) as blocks:
        await work()
        await hass.async_block_till_done(wait_background_tasks=True)
    return time.process_time() - begun, blocks


async def _add(
    hass: HomeAssistant, cloud: str, language: str, count: int
) -> tuple[ConfigEntry, list[str]]:
    """Add an application with named devices, and return it with its buttons."""
    devices, registry = dr.async_get(hass), er.async_get(hass)
    names = device_names(count // _ACTIONS)
    entry = await add_application(hass, f"{cloud}/0/", product(SPOKEN[language], names))
    await hass.async_block_till_done(wait_background_tasks=True)
    for number, device in enumerate(
        dr.async_entries_for_config_entry(devices, entry.entry_id)
    ):
        devices.async_update_device(device.id, name_by_user=_device(language, number))
    await hass.async_block_till_done(wait_background_tasks=True)
    entities = er.async_entries_for_config_entry(registry, entry.entry_id)
    return entry, [item.entity_id for item in entities if item.domain == "button"]


async def _voice(hass: HomeAssistant, cloud: str, language: str, count: int) -> Voice:
    """Return what exposing all buttons but one costs, then one more, then a reload."""
    entry, buttons = await _add(hass, cloud, language, count)
    device, name = _device(language, 0), SPOKEN_ACTIONS[language][2]
    code = "zh-CN" if language == "Chinese" else "en"
    hit = f"让{device}{name}" if language == "Chinese" else f"run {name} on {device}"
    missed = "讲个故事" if language == "Chinese" else "tell a story"

    async def expose(*entity_ids: str) -> None:
        """Expose buttons."""
        for entity_id in entity_ids:
            async_expose_entity(hass, "conversation", entity_id, True)

    async def say(text: str) -> None:
        """Say something to Assist."""
        await conversation.async_converse(hass, text, None, Context(), language=code)

    making, blocks = await _measure(hass, lambda: expose(*buttons[1:]))
    _, first = await _measure(hass, lambda: say(hit))
    _, later = await _measure(hass, lambda: say(hit))
    # The first time Home Assistant reads what it needs for what it does not understand.
    await say(missed)
    _, miss = await _measure(hass, lambda: say(missed))
    one_more, _ = await _measure(hass, lambda: expose(buttons[0]))
    reload, _ = await _measure(
        hass, lambda: hass.config_entries.async_reload(entry.entry_id)
    )
    return Voice(
        making=making,
        making_block=blocks.longest,
        first_block=first.longest,
        later_block=later.longest,
        missed_block=miss.longest,
        one_more=one_more,
        reload=reload,
    )


def main(cloud: str, language: str, count: str) -> None:
    """Print what voice costs in a home."""
    found = run(
        lambda hass: _voice(hass, cloud, language, int(count)), "conversation:\n"
    )
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(*sys.argv[1:])
