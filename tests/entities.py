"""The entities of a device as tests find, set, press and restore them."""

from typing import Any

from pytest_homeassistant_custom_component.common import (
    mock_restore_cache_with_extra_data,
)

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er

from .helpers import Cloud, button, product, set_up
from custom_components.tencent_iot_explorer.const import DOMAIN
from emulator import EmulatedDevice, EmulatedProduct
from emulator.products import action, parameter, template

ECHO = "LAMP202611/desk-lamp/echo"
# What the lamp's `echo` is sent for On, 80, 0.7, 晚上好, Blue, calm and 20:00 in Shanghai.
ECHO_ON_THE_WIRE = {
    "power": 1,
    "brightness": 80,
    "warmth": 0.7,
    "text": "晚上好",
    "colour": 2,
    "effect": "calm",
    "moment": 1795435200000,
}
INPUTS = [
    ("select", "power", "Power"),
    ("number", "brightness", "Brightness"),
    ("number", "warmth", "Warmth"),
    ("text", "text", "Text"),
    ("select", "colour", "Colour"),
    ("select", "effect", "Effect"),
    ("datetime", "moment", "Moment"),
]
EVENT_TYPES = ["accepted", "replied", "failed", "unconfirmed"]
_SERVICES = {
    "number": ("set_value", "value"),
    "select": ("select_option", "option"),
    "text": ("set_value", "value"),
    "datetime": ("set_value", "datetime"),
}


def unset_state(platform: str) -> str:
    """Return the state of an input that nobody has set."""
    return "" if platform == "text" else "unknown"


def add_product(
    cloud: Cloud, product_id: str, *actions: dict[str, Any], devices: int = 1
) -> list[str]:
    """Put a product into the emulated cloud, and return its devices' names."""
    names = [f"device-{number}" for number in range(1, devices + 1)]
    cloud.emulator.products[product_id] = EmulatedProduct(
        product_id=product_id,
        template=template(product_id, *actions),
        devices={name: EmulatedDevice(name=name) for name in names},
    )
    return names


def change_template(cloud: Cloud, product_id: str, *actions: dict[str, Any]) -> None:
    """Give a product of the emulated cloud other actions."""
    cloud.emulator.products[product_id].template = template(product_id, *actions)


def find(hass: HomeAssistant, platform: str, unique_id: str) -> str | None:
    """Return the id of an entity, none if the registry does not know it."""
    return er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)


def registered(hass: HomeAssistant, platform: str, unique_id: str) -> er.RegistryEntry:
    """Return what the registry holds of an entity."""
    entity_id = find(hass, platform, unique_id)
    assert entity_id
    return er.async_get(hass).entities[entity_id]


def state_of(hass: HomeAssistant, platform: str, unique_id: str) -> State:
    """Return the state of an entity."""
    state = hass.states.get(registered(hass, platform, unique_id).entity_id)
    assert state
    return state


async def set_value(
    hass: HomeAssistant, platform: str, unique_id: str, value: object
) -> None:
    """Set an input by the service that its platform has for that."""
    service, field = _SERVICES[platform]
    entity_id = registered(hass, platform, unique_id).entity_id
    data = {"entity_id": entity_id, field: value}
    await hass.services.async_call(platform, service, data, blocking=True)


async def press(hass: HomeAssistant, unique_id: str) -> None:
    """Press a button."""
    data = {"entity_id": button(hass, unique_id)}
    await hass.services.async_call("button", "press", data, blocking=True)


async def action_reference(hass: HomeAssistant, **data: str) -> dict[str, Any]:
    """Return what the service that describes all actions returns."""
    response = await hass.services.async_call(
        DOMAIN, "get_action_reference", data, blocking=True, return_response=True
    )
    assert response is not None
    return dict(response)


def restore(
    hass: HomeAssistant, platform: str, unique_id: str, state: State | str, extra: Any
) -> None:
    """Let Home Assistant remember an entity from before the start."""
    entity = er.async_get(hass).async_get_or_create(platform, DOMAIN, unique_id)
    if isinstance(state, str):
        state = State(entity.entity_id, state)
    mock_restore_cache_with_extra_data(hass, [(state, extra)])


async def set_up_input(hass: HomeAssistant, cloud: Cloud, **define: Any) -> str:
    """Set up a product with one input, and return the unique id of its entity."""
    add_product(cloud, "ODD", action("do", "Do", [parameter("x", "X", **define)]))
    await set_up(hass, cloud, product("ODD", ["device-1"]))
    return "ODD/device-1/do/x"


@callback
def record_events(hass: HomeAssistant) -> list[State]:
    """Return a list that each event of any event entity is added to."""
    states: list[State] = []

    @callback
    def note(event: Event[Any]) -> None:
        """Note an event that is triggered."""
        if event.data["entity_id"].startswith("event."):
            assert event.data["new_state"]
            states.append(event.data["new_state"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return states


def reported(state: State) -> dict[str, Any]:
    """Return what an event reports, without what each one of them has."""
    assert state.attributes["event_types"] == EVENT_TYPES
    assert state.state != "unknown"
    own = {"event_types", "friendly_name"}
    return {key: value for key, value in state.attributes.items() if key not in own}
