"""Ids that are joined of the cloud's ids, none of which has a `/` in it.

- `<ProductId>/<DeviceName>`: a device, its connectivity and its outcomes
- `<ProductId>/<DeviceName>/<ActionId>`: a button
- `<ProductId>/<DeviceName>/<ActionId>/<input id>`: the entity of an input
- `<ProductId>/<DeviceName>/property:<id>`, for a member of a structure `…/<member>`
- `<ProductId>/<DeviceName>/event:<id>`: the entity of an event
- `<ProductId>/<DeviceName>/light`, `…/cover`: what is made of several properties
- `<ProductId>/<DeviceName>/last_action`: the sensor of what ran last; an action may have
  that id, but its button is of another platform
- `<ProductId>/<ActionId>`: a device action, by which its service is stored
- `<ActionId>/<input id>`: an input, by which settings name it
"""

from collections.abc import Iterable
import re

from homeassistant.const import Platform
from homeassistant.util import slugify

from .api import DataTemplate
from .const import DOMAIN

# The end of the unique id of the sensor that shows what ran last.
LAST_ACTION = "last_action"
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def slug(identifier: str) -> str:
    """Return an id as names have it, `open_door` for `openDoor`, empty if nothing is left."""
    text = slugify(_INNER_CAPITAL.sub("_", identifier))
    return "" if text == "unknown" and text not in identifier.lower() else text


def device_identifier(product_id: str, device_name: str) -> str:
    """Return what a device is known by in the device registry and in `device_id`."""
    return f"{product_id}/{device_name}"


def entity_unique_id(product_id: str, device_name: str, *ids: str) -> str:
    """Return the unique id of an entity: of an action with its id, of an input with both."""
    return "/".join((product_id, device_name, *ids))


def parse_unique_id(unique_id: str) -> tuple[str, str, str]:
    """Return ProductId, DeviceName, and what follows: an ActionId, a path or nothing."""
    product_id, rest = parse_pair(unique_id)
    return product_id, *parse_pair(rest)


def parse_button_unique_id(unique_id: str) -> tuple[str, str, str]:
    """Return ProductId, DeviceName, which people may have given a `/`, and ActionId."""
    identifier, _, action_id = unique_id.rpartition("/")
    return *parse_pair(identifier), action_id


def object_id(*ids: str) -> str:
    """Return what an entity id ends in, by the same ids: `set_meal_remark` of an input.

    It is empty if they have no letter and no digit. It does not say what kind of thing it
    is, so Home Assistant puts a number behind it where an action and a property have one id.
    """
    plain = (item.rpartition(":")[2] for item in "/".join(ids).split("/"))
    return "_".join(filter(None, map(slug, plain)))


def property_path(property_id: str, member_id: str | None = None) -> str:
    """Return the end of the unique id of a property's entity, or of a member's.

    No id of the cloud has a `:`, so no action and no input has the same.
    """
    path = f"property:{property_id}"
    return path if member_id is None else f"{path}/{member_id}"


def event_path(event_id: str) -> str:
    """Return the end of the unique id of an event's entity."""
    return f"event:{event_id}"


def is_property_or_event(path: str) -> bool:
    """Return whether the end of a unique id is that of a property or an event."""
    return path.startswith(("property:", "event:"))


def is_last_action(domain: str, path: str) -> bool:
    """Return whether an entity is the sensor of what ran last, by the end of its id.

    There may be an action of that id, which has no sensor.
    """
    return (domain, path) == (Platform.SENSOR, LAST_ACTION)


def declared_keys(template: DataTemplate) -> set[str]:
    """Return by what unique ids name all that a data template declares.

    It is the first part of their end, see `parse_unique_id`.
    """
    return {
        *template.actions,
        *map(property_path, template.properties),
        *map(event_path, template.events),
    }


def own_identifier(identifiers: Iterable[tuple[str, ...]]) -> str:
    """Return which of the identifiers of a device is ours, empty if none is.

    Those of others may have more than two parts.
    """
    return next((item[1] for item in identifiers if item[0] == DOMAIN), "")


def action_key(product_id: str, action_id: str) -> str:
    """Return what a device action's service is stored by."""
    return f"{product_id}/{action_id}"


def input_path(action_id: str, input_id: str) -> str:
    """Return what an input is called in the settings of a product."""
    return f"{action_id}/{input_id}"


def parse_pair(joined: str) -> tuple[str, str]:
    """Return the two ids of a device or a device action, whatever the second holds."""
    first, _, second = joined.partition("/")
    return first, second
