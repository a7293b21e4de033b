"""The fields of a service made from a data template: names, selectors, values."""

from collections.abc import Iterable, Mapping

from ..api import Choice, DeviceAction, Parameter, is_of
from ..const import ATTR_WAIT_FOR_REPLY, DOMAIN, SERVICE_CALL_ACTION
from ..presentation.data_types import allowed_in_words, selector
from ..presentation.labels import key_of_label
from .selection import TARGET_KEYS

# `device` is a key of Home Assistant's own targets, too.
_RESERVED = TARGET_KEYS | {"device", ATTR_WAIT_FOR_REPLY}


def field_names(action: DeviceAction) -> list[tuple[Parameter, str]]:
    """Return each input with its field: its id, unless that key has another meaning."""
    ids = {parameter.id for parameter in action.inputs}
    names: list[tuple[Parameter, str]] = []
    for parameter in action.inputs:
        name = parameter.id
        while name in _RESERVED or (name != parameter.id and name in ids):
            name = f"input_{name}"
        names.append((parameter, name))
    return names


def service_fields(
    action: DeviceAction, texts: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    """Return the description of all fields, our own in the language of `texts`."""
    own = f"component.{DOMAIN}.services.{SERVICE_CALL_ACTION}.fields"
    fields = {
        name: _input_field(parameter, texts) for parameter, name in field_names(action)
    }
    fields[ATTR_WAIT_FOR_REPLY] = {
        "name": texts[f"{own}.{ATTR_WAIT_FOR_REPLY}.name"],
        "description": texts[f"{own}.{ATTR_WAIT_FOR_REPLY}.description"],
        "default": False,
        "selector": {"boolean": {}},
    }
    return fields


def labels_to_keys(
    parameters: Iterable[Parameter], values: Mapping[str, object]
) -> dict[str, object]:
    """Return what a service was called with, with the key of each choice for its label.

    Whoever knows the key, such as a select, must not come here.
    """
    return dict(values) | {
        parameter.id: key_of_label(parameter.type, values[parameter.id])
        for parameter in parameters
        if is_of(parameter, Choice) and parameter.id in values
    }


def _input_field(parameter: Parameter, texts: Mapping[str, str]) -> dict[str, object]:
    """Return the description of one input; a choice shows its labels anyway."""
    is_described = not is_of(parameter, Choice)
    field: dict[str, object] = {
        "name": parameter.name,
        "description": allowed_in_words(parameter.type, texts) if is_described else "",
        "required": parameter.type.start is None,
        "selector": selector(parameter.type),
    }
    if parameter.type.start is not None:
        field["default"] = parameter.type.start
    return field
