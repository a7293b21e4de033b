"""Which device actions may be used by voice, and what people call them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from homeassistant.components.homeassistant.exposed_entities import async_should_expose
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.util.hass_dict import HassKey

from ..actions.inputs import has_button
from ..actions.targets import Target
from ..api import DeviceAction
from ..const import DOMAIN
from ..identifiers import parse_button_unique_id
from ..runtime import TencentIotConfigEntry

# What Home Assistant calls the conversation assistant in its settings of exposure.
ASSISTANT = "conversation"
# Assist reads all sentences again after each change of one, and blocks the event loop
# meanwhile: up to a fifth of a second for so many buttons, more for more.
MOST_BUTTONS_WITH_SENTENCES = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class ExposedAction:
    """An action of a device whose button is exposed to Assist.

    `names` are those of the button, `area_names` those of the area it is in, `device_name`
    is what the device is called when it is said; errors that are read have its label.
    """

    target: Target
    action: DeviceAction
    device_name: str
    names: tuple[str, ...]
    area_names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A sentence for an action that Home Assistant itself understands, without names."""

    exposed: ExposedAction
    shape: str


@callback
def buttons_without_sentences(hass: HomeAssistant) -> int:
    """Return how many exposed buttons are too many for sentences of ours."""
    return max(0, len(async_exposed_buttons(hass)) - MOST_BUTTONS_WITH_SENTENCES)


LEFT_OUT: HassKey[list[LeftOut]] = HassKey(f"{DOMAIN}.left_out_sentences")


@callback
def async_exposed_actions(hass: HomeAssistant) -> list[ExposedAction]:
    """Return all actions that may be used by voice at this moment."""
    return async_actions_of(hass, async_exposed_buttons(hass))


@callback
def async_exposed_buttons(hass: HomeAssistant) -> list[er.RegistryEntry]:
    """Return all buttons that are exposed, in the order in which they were registered."""
    registry = er.async_get(hass)
    return [
        entity
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
        if async_is_exposed(hass, entity)
    ]


@callback
def async_actions_of(
    hass: HomeAssistant, buttons: Iterable[er.RegistryEntry]
) -> list[ExposedAction]:
    """Return the actions of exposed buttons, but for those that have gone."""
    return [exposed for button in buttons for exposed in _of_button(hass, button)]


@callback
def async_is_exposed(hass: HomeAssistant, entity: er.RegistryEntry) -> bool:
    """Return whether an entity is a button that is exposed to Assist.

    Home Assistant stores an answer for each entity that it is asked about, which is much
    to write for a large product. A button is never exposed without a decision.
    """
    return (
        entity.domain == Platform.BUTTON
        and entity.disabled_by is None
        and ASSISTANT in entity.options
        and async_should_expose(hass, ASSISTANT, entity.entity_id)
    )


def _of_button(
    hass: HomeAssistant, button: er.RegistryEntry
) -> Iterator[ExposedAction]:
    """Yield the action of a button, if its device and the action are there."""
    entry: TencentIotConfigEntry | None = hass.config_entries.async_get_entry(
        button.config_entry_id or ""
    )
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return
    product = entry.runtime_data.products.get(button.config_subentry_id or "")
    if product is None:
        return
    _, device_name, action_id = parse_button_unique_id(button.unique_id)
    action = product.actions.get(action_id)
    if action and has_button(action) and device_name in product.devices.names:
        yield _exposed(hass, Target(product, device_name), action, button)


def _exposed(
    hass: HomeAssistant, target: Target, action: DeviceAction, entity: er.RegistryEntry
) -> ExposedAction:
    """Return an exposed action with the names that its button, device and area have."""
    device = (
        dr.async_get(hass).async_get(entity.device_id) if entity.device_id else None
    )
    device_name = target.device_name
    area_id = entity.area_id
    if device is not None:
        device_name = device.name_by_user or device.name or device_name
        area_id = area_id or device.area_id
    area = ar.async_get(hass).async_get_area(area_id) if area_id else None
    aliases = [alias for alias in entity.aliases if isinstance(alias, str)]
    return ExposedAction(
        target=target,
        action=action,
        device_name=device_name,
        names=tuple(dict.fromkeys((entity.name or action.name, *sorted(aliases)))),
        area_names=(area.name, *sorted(area.aliases)) if area else (),
    )
