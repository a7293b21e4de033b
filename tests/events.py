"""The events of emulated devices, and how tests let them be read."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from homeassistant.core import HomeAssistant

from .entities import registered
from .helpers import Cloud
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import event, parameter, template

HISTORY = "ListEventHistory"
START = "2026-11-25 20:00:00+00:00"
# A door with an event of each type.
OPENED = event(
    "opened",
    "Opened",
    "info",
    [
        parameter("by", "By", type="enum", mapping={"1": "Hand", "2": "Key"}),
        parameter("times", "Times", type="int", min="0", max="9", step="1"),
    ],
)
FORCED = event("forced", "Forced", "alert")
JAMMED = event("jammed", "Jammed", "fault", [parameter("code", "Code", type="int")])


def add_doors(
    cloud: Cloud,
    *events: dict[str, Any],
    product_id: str = "DOOR",
    devices: int = 1,
) -> list[EmulatedDevice]:
    """Put a product whose devices report events into the emulated cloud."""
    names = [f"device-{number}" for number in range(1, devices + 1)]
    product = EmulatedProduct(
        product_id=product_id,
        template=template(product_id, events=list(events)),
        devices={name: EmulatedDevice(name=name) for name in names},
    )
    cloud.emulator.products[product_id] = product
    return list(product.devices.values())


async def pass_seconds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float = 120
) -> None:
    """Let time pass, and what is due then happen."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


def searches(cloud: Cloud) -> list[tuple[str, str, int]]:
    """Return device, type and start of each search since the last time."""
    found = [
        (
            entry.parameters["DeviceName"],
            entry.parameters["Type"],
            entry.parameters["StartTime"],
        )
        for entry in cloud.emulator.journal
        if entry.call == HISTORY
    ]
    cloud.assert_flawless()
    cloud.emulator.journal.clear()
    return found


def entity_of(hass: HomeAssistant, event_id: str, device: str = "device-1") -> str:
    """Return the id of the entity of an event."""
    return registered(hass, "event", f"DOOR/{device}/event:{event_id}").entity_id
