"""Cards for a dashboard: for each device the inputs of an action above its button."""

from collections.abc import Iterable, Iterator

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..api import DeviceAction
from ..const import DOMAIN
from ..identifiers import entity_unique_id, parse_pair
from ..presentation.data_types import platform_of
from ..presentation.names import labelled
from ..product.device_names import device_label
from .inputs import entity_inputs, has_button
from .rights import Rights


def describe_cards(
    hass: HomeAssistant, devices: Iterable[str], action: DeviceAction, rights: Rights
) -> dict[str, object]:
    """Return the cards of an action by what people call the devices.

    A button that is disabled or that this person may not see has no card. Inputs that
    are missing because they are disabled are named beside the cards.
    """
    if not has_button(action):
        return {}
    cards: dict[str, object] = {}
    disabled: dict[str, object] = {}
    for device in devices:
        button = _entity(rights, Platform.BUTTON, device, action.id)
        if button is None or button.disabled:
            continue
        label = device_label(hass, *parse_pair(device))
        inputs = list(_inputs(rights, device, action))
        name = button.name or action.name
        rows = [row for entry, row in inputs if not entry.disabled]
        cards[label] = {
            "type": "entities",
            "title": labelled(label, name, hass.config.language),
            "entities": [*rows, _row(button, name)],
        }
        if missing := [entry.entity_id for entry, _ in inputs if entry.disabled]:
            disabled[label] = missing
    known = {"cards": cards, "disabled_inputs": disabled}
    return {key: value for key, value in known.items() if value}


def _inputs(
    rights: Rights, device: str, action: DeviceAction
) -> Iterator[tuple[er.RegistryEntry, dict[str, str]]]:
    """Yield the entity and the row of each input, by its own name.

    The entity's name has that of the action before it, which the card has as its title.
    """
    for parameter in entity_inputs(action):
        platform = platform_of(parameter.type)
        if platform and (
            entry := _entity(rights, platform, device, action.id, parameter.id)
        ):
            yield entry, _row(entry, entry.name or parameter.name)


def _entity(
    rights: Rights, platform: Platform, device: str, *ids: str
) -> er.RegistryEntry | None:
    """Return an entity that is there and that the person may see."""
    entity_id = rights.registry.async_get_entity_id(
        platform, DOMAIN, entity_unique_id(*parse_pair(device), *ids)
    )
    if entity_id is None or not rights.may_see_entity(entity_id):
        return None
    return rights.registry.async_get(entity_id)


def _row(entry: er.RegistryEntry, name: str) -> dict[str, str]:
    """Return how a card shows an entity.

    The fields of a date and time need more than the width of a phone. So it is shown as
    the text of a sensor is, and whoever touches it has the fields.
    """
    row = {"entity": entry.entity_id, "name": name}
    if entry.domain == Platform.DATETIME:
        row["type"] = "sensor-entity"
    return row
