"""Products with properties as tests set them up, read and write them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant

from .entities import registered
from .helpers import Cloud, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import action, property_, template

READ = "DescribeDeviceData"
WRITE = "ControlDeviceData"
PLUG = "PLUG"
OFF_ON = {"0": "Off", "1": "On"}
PLUG_PROPERTIES = (
    property_("power", "Power", type="bool", mapping=OFF_ON),
    property_("level", "Level", type="int", min="0", max="100", step="2", unit="%"),
    property_("used", "Used", "r", type="float", step="0.1", unit="W"),
    property_("mode", "Mode", type="enum", mapping={"1": "Calm", "2": "Wild"}),
    property_("word", "Word", type="string", min="0", max="8"),
    property_("password", "Password", type="string", min="0", max="64"),
)


def add_plugs(
    cloud: Cloud, *names: str, properties: tuple[dict[str, Any], ...] = PLUG_PROPERTIES
) -> list[EmulatedDevice]:
    """Put plugs into the emulated cloud that have reported all but a word and a mode."""
    devices = [EmulatedDevice(name=name) for name in names]
    for device in devices:
        device.report(power=0, level=50, used=3.5)
    cloud.emulator.products[PLUG] = EmulatedProduct(
        product_id=PLUG,
        template=template(PLUG, action("reset", "Reset"), properties=properties),
        devices={device.name: device for device in devices},
    )
    return devices


def plugs(*names: str, **settings: object) -> ConfigSubentryData:
    """Return the settings of a product whose properties have entities."""
    configured = product(PLUG, names, use_properties=True)
    data = {**configured["data"], **settings}
    return ConfigSubentryData(**{**configured, "data": data})


async def set_up_plugs(
    hass: HomeAssistant, cloud: Cloud, *names: str, **settings: object
) -> tuple[MockConfigEntry, list[EmulatedDevice]]:
    """Set up plugs, which are read once then."""
    devices = add_plugs(cloud, *names)
    return await set_up(hass, cloud, plugs(*names, **settings)), devices


async def pass_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float, step: float = 1
) -> None:
    """Let time pass, in steps."""
    for _ in range(round(seconds / step)):
        freezer.tick(timedelta(seconds=step))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)


def read_devices(cloud: Cloud) -> list[str]:
    """Return the devices whose properties were read since the last time, and forget it."""
    read = [
        entry.parameters["DeviceName"]
        for entry in cloud.emulator.journal
        if entry.call == READ
    ]
    cloud.emulator.journal.clear()
    return read


def written(cloud: Cloud) -> list[tuple[str, dict[str, Any]]]:
    """Return what was written to which device, in order."""
    return [(item.device_name, item.values) for item in cloud.emulator.written]


def shown(hass: HomeAssistant, platform: str, device: str, property_id: str) -> str:
    """Return the state that is shown of a property of a plug."""
    path = f"{PLUG}/{device}/property:{property_id}"
    state = hass.states.get(registered(hass, platform, path).entity_id)
    assert state
    return state.state


async def call_service(
    hass: HomeAssistant, service: str, data: Mapping[str, object], **more: Any
) -> dict[str, Any]:
    """Call a service of this integration, and return its response."""
    response = await hass.services.async_call(
        DOMAIN, service, dict(data), blocking=True, return_response=True, **more
    )
    assert response is not None
    return dict(response)
