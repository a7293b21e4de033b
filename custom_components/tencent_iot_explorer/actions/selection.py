"""Which devices a service call selects: by themselves, by their entities, by where they are."""

from collections.abc import Iterator, Mapping

from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
    CONF_EXCLUDE,
    ENTITY_MATCH_NONE,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.helpers.target import (
    SelectedEntities,
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ..api import readable
from ..const import DOMAIN
from ..errors import refusal
from ..identifiers import own_identifier, parse_pair
from ..product.device_names import selected_device_label
from ..product.subentries import product_label
from .call_data import read_object
from .rights import Rights, Use

_ID_KEYS = frozenset(
    {ATTR_ENTITY_ID, ATTR_DEVICE_ID, ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID}
)
# Releases of Home Assistant before 2026.11 have no `exclude`.
TARGET_KEYS = _ID_KEYS | {CONF_EXCLUDE}


@callback
def devices_by_id(hass: HomeAssistant, device_ids: object, rights: Rights) -> list[str]:
    """Return `<ProductId>/<DeviceName>` of devices that are named by id or by that."""
    return [_named_device(hass, item, rights) for item in _as_list(device_ids)]


@callback
def devices_of_target(
    hass: HomeAssistant,
    target: Mapping[str, object],
    product_id: str,
    use: Use,
    rights: Rights,
) -> list[str]:
    """Return `<ProductId>/<DeviceName>` of a product's devices that a target means.

    What is named itself and is none of them is refused; in an area, on a floor and with
    a label others are left out. A target that means none is refused in words that say why.
    """
    selected = _expand(hass, target)
    named = devices_by_id(hass, target.get(ATTR_DEVICE_ID), rights)
    named += _devices_of_entities(hass, target, selected, rights)
    for identifier in named:
        if parse_pair(identifier)[0] != product_id:
            raise rights.refusal(
                "wrong_product",
                device=selected_device_label(hass, identifier),
                product=product_label(hass, product_id),
            )
    found = dict.fromkeys((*named, *_in_places(hass, selected, product_id, use)))
    excluded = _excluded(hass, target.get(CONF_EXCLUDE), product_id, use)
    left = [identifier for identifier in found if identifier not in excluded]
    if left:
        return left
    title = product_label(hass, product_id)
    if found:
        raise rights.refusal("all_excluded", product=title)
    if places := list(_places(hass, target)):
        raise rights.refusal("no_device_there", product=title, places=", ".join(places))
    return []


def _ids(target: Mapping[str, object], key: str) -> list[str]:
    """Return the ids that a target has of a kind.

    Those of entities may be capitals, and may have commas between.
    """
    value = target.get(key)
    if key != ATTR_ENTITY_ID:
        return _as_list(value)
    if isinstance(value, str):
        value = cv.ensure_list_csv(value)
    return [entity_id.lower() for entity_id in _as_list(value)]


def _as_list(value: object) -> list[str]:
    """Return ids that come alone or in a list."""
    values = value if isinstance(value, list) else [value]
    return [
        item if isinstance(item, str) else readable(item)
        for item in values
        if item not in (None, "", ENTITY_MATCH_NONE)
    ]


def _expand(hass: HomeAssistant, target: Mapping[str, object]) -> SelectedEntities:
    """Return what Home Assistant finds for all of a target but the devices named in it."""
    ids = {key: _ids(target, key) for key in _ID_KEYS - {ATTR_DEVICE_ID}}
    return async_extract_referenced_entity_ids(hass, TargetSelection(ids))


def _named_device(hass: HomeAssistant, device_id: str, rights: Rights) -> str:
    """Return the device that is named, in either way, if it is one of ours."""
    if identifier := _device_of_id(hass, device_id):
        return identifier
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        raise rights.refusal("device_not_found", device=readable(device_id))
    raise rights.refusal(
        "foreign_device",
        device=readable(device.name_by_user or device.name or device_id),
    )


def _devices_of_entities(
    hass: HomeAssistant,
    target: Mapping[str, object],
    selected: SelectedEntities,
    rights: Rights,
) -> list[str]:
    """Return the devices whose entities are named; any entity of a device will do.

    The members of a group are named by it.
    """
    registry = er.async_get(hass)
    for entity_id in (*_ids(target, ATTR_ENTITY_ID), *sorted(selected.referenced)):
        if not (registry.async_get(entity_id) or hass.states.get(entity_id)):
            raise rights.refusal("entity_not_found", entity=readable(entity_id))
    devices: list[str] = []
    for entity_id in sorted(selected.referenced):
        rights.require_entity(entity_id)
        identifier = _device_of_entity(hass, entity_id)
        if not identifier:
            raise refusal("foreign_entity", entity=entity_id)
        devices.append(identifier)
    return devices


def _in_places(
    hass: HomeAssistant, selected: SelectedEntities, product_id: str, use: Use
) -> list[str]:
    """Return the devices of a product in the areas, on the floors and with the labels.

    As everywhere in Home Assistant it is an entity that is in a place: the one whose
    rights count, thus the button of an action. A device without one that could be seen
    is itself where it is.
    """
    entities, devices = er.async_get(hass), dr.async_get(hass)
    entries = map(entities.async_get, selected.indirectly_referenced)
    device_ids = selected.referenced_devices | {
        entry.device_id for entry in entries if entry and entry.device_id
    }
    there: list[str] = []
    for device in map(devices.async_get, device_ids):
        if device is None or device.disabled_by:
            continue
        identifier = own_identifier(device.identifiers)
        if parse_pair(identifier)[0] != product_id:
            continue
        shown = [
            entity_id
            for entity_id in use.entity_ids(entities, identifier)
            if (entry := entities.async_get(entity_id))
            and not (entry.disabled_by or entry.hidden_by)
        ]
        if (
            not selected.indirectly_referenced.isdisjoint(shown)
            if shown
            else device.id in selected.referenced_devices
        ):
            there.append(identifier)
    return sorted(there)


def _excluded(
    hass: HomeAssistant, exclude: object, product_id: str, use: Use
) -> set[str]:
    """Return the devices that a target leaves out; what is none of ours does no harm."""
    selection = read_object(exclude, "exclude_not_understood")
    if not selection.keys() <= _ID_KEYS:
        raise refusal("exclude_not_understood")
    selected = _expand(hass, selection)
    return {
        *_in_places(hass, selected, product_id, use),
        *(_device_of_id(hass, item) for item in _ids(selection, ATTR_DEVICE_ID)),
        *(_device_of_entity(hass, entity_id) for entity_id in selected.referenced),
    }


def _device_of_id(hass: HomeAssistant, device_id: str) -> str:
    """Return which device of ours an id of the device registry is, empty if none."""
    if "/" in device_id:
        return device_id
    device = dr.async_get(hass).async_get(device_id)
    return own_identifier(device.identifiers) if device else ""


def _device_of_entity(hass: HomeAssistant, entity_id: str) -> str:
    """Return which device of ours an entity of ours belongs to, empty if it is none."""
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None or entry.platform != DOMAIN or entry.device_id is None:
        return ""
    return _device_of_id(hass, entry.device_id)


def _places(hass: HomeAssistant, target: Mapping[str, object]) -> Iterator[str]:
    """Yield what a target names beside devices, as people call it where it is known."""
    yield from map(readable, _ids(target, ATTR_ENTITY_ID))
    for key, find in (
        (ATTR_AREA_ID, ar.async_get(hass).async_get_area),
        (ATTR_FLOOR_ID, fr.async_get(hass).async_get_floor),
        (ATTR_LABEL_ID, lr.async_get(hass).async_get_label),
    ):
        for place_id in _ids(target, key):
            place = find(place_id)
            yield readable(place.name if place else place_id)
