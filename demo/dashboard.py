"""A dashboard of the cards that the reference of actions has, and of properties."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .chinese import word
from .home_assistant import INTEGRATION, HomeAssistant

PATH = "devices-at-home"
_SERVICES = {
    "number": ("set_value", "value"),
    "select": ("select_option", "option"),
    "text": ("set_value", "value"),
    "datetime": ("set_value", "datetime"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A device on the dashboard: some properties, and inputs with the values to show."""

    identifier: str
    properties: tuple[tuple[str, str], ...] = ()
    inputs: dict[str, tuple[str, Any]] = field(default_factory=dict)


FEEDER = Shown(
    identifier="FEEDER2026/kitchen-feeder",
    properties=(("sensor", "property:food_level"), ("switch", "property:child_lock")),
    inputs={
        "feed/portions": ("number", 3),
        "setMeal/food": ("select", "鱼肉"),
        "setMeal/time": ("datetime", "2026-12-24 18:00:00"),
        "setMeal/note": ("text", "Wet food"),
    },
)
_LOCK = Shown(
    identifier="DOORLOCK01/front-door",
    properties=(
        ("sensor", "property:battery_percentage"),
        ("binary_sensor", "property:contact_state"),
    ),
    inputs={"openDoor/mode": ("select", "常规"), "openDoor/userid": ("text", "Anna")},
)
_THERMOMETER = Shown(
    identifier="SENSOR2026/bedroom-sensor",
    properties=(
        ("sensor", "property:current_temp"),
        ("sensor", "property:current_humidity"),
        ("sensor", "property:battery_percentage"),
    ),
)
_LAMP = Shown(
    identifier="LAMP202611/desk-lamp",
    properties=(("light", "light"),),
    inputs={
        "echo/power": ("select", "On"),
        "echo/text": ("text", "Good evening"),
        "echo/colour": ("select", "Blue"),
        "echo/effect": ("select", "Calm sea"),
        "echo/moment": ("datetime", "2026-12-24 20:00:00"),
    },
)
COLUMNS = ((FEEDER,), (_LOCK, _THERMOMETER), (_LAMP,))


async def set_up_dashboard(
    home: HomeAssistant, columns: Sequence[Sequence[Shown]] = COLUMNS
) -> None:
    """Give the inputs a value, and let everybody who logs in see the dashboard."""
    reference = await _reference(home)
    names = await _device_names(home)
    sections = [
        {
            "type": "grid",
            "cards": [
                card
                for device in column
                for card in await _cards(
                    home, device, names[device.identifier], reference
                )
            ],
        }
        for column in columns
    ]
    title = word("Devices at home", home.language)
    await home.command(
        "lovelace/dashboards/create",
        url_path=PATH,
        title=title,
        icon="mdi:paw",
        mode="storage",
        show_in_sidebar=True,
        require_admin=False,
    )
    view = {"title": title, "type": "sections", "sections": sections}
    await home.command("lovelace/config/save", url_path=PATH, config={"views": [view]})
    await home.command(
        "frontend/set_system_data", key="core", value={"default_panel": PATH}
    )


async def _cards(
    home: HomeAssistant, device: Shown, name: str, reference: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return what the dashboard shows of a device."""
    for path, (domain, value) in device.inputs.items():
        service, key = _SERVICES[domain]
        entity_id = await home.entity_id(domain, f"{device.identifier}/{path}")
        if isinstance(value, str):
            value = word(value, home.language)
        data = {"entity_id": entity_id, key: value}
        await home.call(domain, service, data)
    tiles = [
        {
            "type": "tile",
            "name": {"type": "entity"},
            "entity": await home.entity_id(domain, f"{device.identifier}/{path}"),
        }
        for domain, path in device.properties
    ]
    product_id = device.identifier.partition("/")[0]
    cards = [
        action["cards"][name]
        for action in reference[product_id]["actions"].values()
        if "cards" in action
    ]
    return [{"type": "heading", "heading": name}, *tiles, *cards]


async def _reference(home: HomeAssistant) -> dict[str, Any]:
    """Return what the service returns that describes all actions."""
    service = "get_action_reference"
    reply = await home.call(INTEGRATION.name, service, {}, response=True)
    return dict(reply["service_response"])


async def _device_names(home: HomeAssistant) -> dict[str, str]:
    """Return what people call our devices."""
    return {
        identifier: device["name_by_user"] or device["name"]
        for device in await home.command("config/device_registry/list")
        for domain, identifier in device["identifiers"]
        if domain == INTEGRATION.name
    }
