"""Devices with properties: set up, reporting, read, and what was written to them."""

from collections.abc import Iterable
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from .entities import registered, state_of
from .helpers import Cloud, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import template

DEVICE = "ODD/device-1"
ON_OFF = {"type": "bool", "mapping": {"0": "关", "1": "开"}}


def declare(cloud: Cloud, *properties: dict[str, Any], **more: Any) -> None:
    """Let a product of the emulated cloud declare properties and nothing else."""
    odd = cloud.emulator.products.get("ODD")
    if odd is None:
        odd = cloud.emulator.products["ODD"] = EmulatedProduct(
            product_id="ODD",
            template=None,
            devices={"device-1": EmulatedDevice(name="device-1")},
        )
    odd.template = template("ODD", *more.pop("actions", ()), properties=properties)
    odd.template |= more
    odd.update_time += 1


def device(cloud: Cloud, name: str = "device-1") -> EmulatedDevice:
    """Return an emulated device."""
    return cloud.emulator.products["ODD"].devices[name]


async def set_up_with(
    hass: HomeAssistant,
    cloud: Cloud,
    *properties: dict[str, Any],
    settings: dict[str, Any] | None = None,
    reported: dict[str, Any] | None = None,
    names: Iterable[str] = ("device-1",),
    **more: Any,
) -> MockConfigEntry:
    """Set up devices with properties, which have reported some values."""
    declare(cloud, *properties, **more)
    devices = cloud.emulator.products["ODD"].devices
    for name in names:
        devices.setdefault(name, EmulatedDevice(name=name))
    if reported:
        device(cloud).report(**reported)
    odd = product("ODD", list(names), use_properties=True)
    odd["data"] = {**odd["data"], **(settings or {})}
    return await set_up(hass, cloud, odd)


async def read(hass: HomeAssistant) -> None:
    """Read what devices report, by what Home Assistant has for that."""
    assert await async_setup_component(hass, "homeassistant", {})
    entity_ids = [
        item.entity_id
        for item in er.async_get(hass).entities.values()
        if item.platform == DOMAIN
        and ("/property:" in item.unique_id or item.domain in ("light", "cover"))
    ]
    await hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": entity_ids}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def report(hass: HomeAssistant, cloud: Cloud, **values: Any) -> None:
    """Let the device report values that are read."""
    device(cloud).report(**values)
    await read(hass)


def shown(hass: HomeAssistant, platform: str, path: str = "property:x") -> State:
    """Return the state of an entity of the device."""
    return state_of(hass, platform, f"{DEVICE}/{path}")


async def call(
    hass: HomeAssistant, service: str, path: str = "property:x", **data: Any
) -> None:
    """Call a service for an entity of the device."""
    domain, _, name = service.partition(".")
    entity_id = registered(hass, domain, f"{DEVICE}/{path}").entity_id
    await hass.services.async_call(
        domain, name, {"entity_id": entity_id, **data}, blocking=True
    )


def written(cloud: Cloud) -> list[dict[str, Any]]:
    """Return what was written to the device, request by request."""
    return [item.values for item in cloud.emulator.written]


@callback
def record_states(hass: HomeAssistant) -> list[str]:
    """Return a list that the entity of each state is added to that is written from now on."""
    entity_ids: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        """Note a state that was written, whether it is another one or not."""
        entity_ids.append(event.data["entity_id"])

    @callback
    def wants(data: Any) -> bool:
        """Return that each one counts."""
        return True

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=wants)
    return entity_ids
