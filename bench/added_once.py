"""One more product for an entry that has some or none, in a process of its own."""

from dataclasses import asdict, dataclass
import json
import sys
import time
from types import MappingProxyType

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .ask import ask
from .blocks import watch_blocks
from .fleet import ADDED, SMALL, SMALL_DEVICES, device_names
from .home import add_application, lift_pace, product, run


@dataclass(frozen=True, kw_only=True)
class Added:
    """What it took until the last entity was there, and what happened to all others."""

    seconds: float
    busy: float
    block: float
    entities: int
    requests: int
    touched: int


def add(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Add the product, as the dialog does."""
    made = product(ADDED, device_names(SMALL_DEVICES))
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            data=MappingProxyType(made["data"]),
            subentry_type=made["subentry_type"],
            title=made["title"],
            unique_id=made["unique_id"],
        ),
    )


async def measure(hass: HomeAssistant, cloud: str, count: str) -> Added:
    """Return what one more product takes beside so many."""
    # Else the lists of twenty take seconds.
    lift_pace()
    others = [
        product(name, device_names(SMALL_DEVICES)) for name in SMALL[: int(count)]
    ]
    entry = await add_application(hass, f"{cloud}/0/api", *others)
    await hass.async_block_till_done(wait_background_tasks=True)
    known = {
        *er.async_get(hass).entities,
        *(item.id for item in dr.async_get(hass).devices),
        *hass.states.async_entity_ids(),
    }
    first_states: list[float] = []
    touched: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        """Note a state that is new, or one that was there before."""
        if event.data["entity_id"] in known:
            touched.append(event.data["entity_id"])
        elif event.data["old_state"] is None:
            first_states.append(time.perf_counter())

    @callback
    def note_registered(event: Event) -> None:
        """Note a change of what was registered before."""
        if event.data.get("entity_id", event.data.get("device_id")) in known:
            touched.append(str(event.data))

    for kind, listener in (
        (EVENT_STATE_CHANGED, note),
        (er.EVENT_ENTITY_REGISTRY_UPDATED, note_registered),
        (dr.EVENT_DEVICE_REGISTRY_UPDATED, note_registered),
    ):
        hass.bus.async_listen(kind, listener)
    await ask(hass, cloud, "counts")
    began = time.perf_counter()
    async with watch_blocks(time.thread_time) as blocks:
        add(hass, entry)
        await hass.async_block_till_done(wait_background_tasks=True)
    return Added(
        seconds=max(first_states) - began,
        busy=blocks.busy,
        block=blocks.longest,
        entities=len(first_states),
        requests=sum((await ask(hass, cloud, "counts")).values()),
        touched=len(touched),
    )


if __name__ == "__main__":
    found = run(lambda hass: measure(hass, *sys.argv[1:]))
    print(json.dumps(asdict(found)))
