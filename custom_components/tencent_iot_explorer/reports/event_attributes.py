"""What the entity of an event shows of one: parameters by their id, each of its type."""

from collections.abc import Mapping
from typing import cast

from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from ..api import (
    Array,
    Choice,
    DataType,
    EventRecord,
    Parameter,
    Struct,
    TemplateEvent,
    is_of,
    shorten,
)
from ..presentation.data_types import LONGEST_STATE
from ..presentation.labels import choice_labels
from ..product.secret_words import names_secret

OCCURRED_AT = "occurred_at"
# What means something to Home Assistant where it is an attribute.
_RESERVED = frozenset(
    {
        "assumed_state",
        "attribution",
        "device_class",
        "editable",
        "entity_id",
        "entity_picture",
        "event_type",
        "event_types",
        "friendly_name",
        "group_entities",
        "hidden",
        "icon",
        OCCURRED_AT,
        "options",
        "restored",
        "state_class",
        "supported_features",
        "unit_of_measurement",
    }
)
_PREFIX = "param_"
_LABEL = "_label"
# In bytes of JSON. What has more is not recorded.
_LARGEST_VALUE = 2048
_LARGEST = 12288


def event_attributes(event: TemplateEvent, record: EventRecord) -> dict[str, object]:
    """Return the attributes for an event that has happened.

    What is secret or not declared is left out, and what there is no room for.
    """
    moment = dt_util.utc_from_timestamp(record.occurred_at / 1000)
    attributes: dict[str, object] = {
        OCCURRED_AT: moment.isoformat(timespec="milliseconds")
    }
    room = _LARGEST
    names = _attribute_names(event)
    for parameter in event.parameters:
        if parameter.is_secret or parameter.id not in record.parameters:
            continue
        name = names[parameter.id]
        raw = record.parameters[parameter.id]
        shown = {name: _shown(parameter.type, raw)}
        label = f"{name}{_LABEL}"
        if label not in names.values() and (text := _label(parameter, raw)):
            shown[label] = text
        room -= len(json_bytes(shown))
        if room >= 0:
            attributes |= shown
    return attributes


def _attribute_names(event: TemplateEvent) -> Mapping[str, str]:
    """Return what each parameter is called, which is not what has another meaning."""
    names = {parameter.id: parameter.id for parameter in event.parameters}
    for identifier in names.keys() & _RESERVED:
        name = identifier
        while name in _RESERVED or name in names.values():
            name = f"{_PREFIX}{name}"
        names[identifier] = name
    return names


def _label(parameter: Parameter, raw: object) -> str | None:
    """Return the label of a choice, none of what has no other name than its key."""
    if not is_of(parameter, Choice):
        return None
    key = parameter.type.find_key(raw)
    label = choice_labels(parameter.type).get(key or "")
    return None if label == key else label


def _shown(data_type: DataType, raw: object) -> object:
    """Return a value of a type as it is shown."""
    value = _declared(data_type, data_type.from_wire(raw))
    if isinstance(value, dict | list):
        text = json_bytes(value)
        if len(text) <= _LARGEST_VALUE:
            return value
        value = text.decode()
    return shorten(value, LONGEST_STATE) if isinstance(value, str) else value


def _declared(data_type: DataType, value: object) -> object:
    """Return an object without the members that are not declared, or read like secrets."""
    if isinstance(value, list):
        item_type = data_type.item if isinstance(data_type, Array) else None
        items = cast(list[object], value)
        return [_declared(item_type or data_type, item) for item in items]
    if not isinstance(value, dict):
        return value
    members = cast(dict[str, object], value)
    if isinstance(data_type, Struct) and data_type.members:
        return {
            member.id: _declared(member.type, members[member.id])
            for member in data_type.members
            if member.id in members
        }
    return {
        key: _declared(data_type, member)
        for key, member in members.items()
        if not names_secret(key, key)
    }
