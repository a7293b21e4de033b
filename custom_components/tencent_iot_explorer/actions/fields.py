"""The fields of a service made from a data template: names, selectors, values."""

from collections import Counter
from collections.abc import Mapping

from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
)

from ..api import (
    CHOICES,
    NUMBERS,
    DataType,
    DeviceAction,
    LengthForm,
    Parameter,
    allowed_values,
    length_form,
    length_limits,
    shorten,
    spellings,
)
from ..const import ATTR_WAIT_FOR_REPLY, DOMAIN, SERVICE_CALL_ACTION

# `device` and `exclude` are keys of Home Assistant's own targets, too.
_RESERVED = {
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_AREA_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
    "device",
    "exclude",
    ATTR_WAIT_FOR_REPLY,
}
_SMALLEST_STEP = 0.001
_MOST_SLIDER_STEPS = 200
# As a state can hold.
_LONGEST_LABEL = 255
_LONGEST_MARK = 100


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
    product_id: str, action: DeviceAction, texts: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    """Return the description of all fields, our own in the language of `texts`."""
    own = f"component.{DOMAIN}.services.{SERVICE_CALL_ACTION}.fields"
    fields: dict[str, dict[str, object]] = {
        ATTR_DEVICE_ID: {
            "name": texts[f"{own}.{ATTR_DEVICE_ID}.name"],
            "description": texts[f"{own}.{ATTR_DEVICE_ID}.description"],
            "required": True,
            "selector": {
                "device": {
                    "multiple": True,
                    "filter": [{"integration": DOMAIN, "model_id": product_id}],
                }
            },
        }
    }
    for parameter, name in field_names(action):
        fields[name] = _input_field(parameter, texts)
    fields[ATTR_WAIT_FOR_REPLY] = {
        "name": texts[f"{own}.{ATTR_WAIT_FOR_REPLY}.name"],
        "description": texts[f"{own}.{ATTR_WAIT_FOR_REPLY}.description"],
        "default": False,
        "selector": {"boolean": {}},
    }
    return fields


def is_slider(parameter: Parameter) -> bool:
    """Return whether a number has so few values that a slider can choose among them."""
    if parameter.minimum is None or parameter.maximum is None or not parameter.step:
        return False
    return (
        parameter.maximum - parameter.minimum
    ) / parameter.step <= _MOST_SLIDER_STEPS


def choice_labels(parameter: Parameter) -> dict[str, str]:
    """Return the labels of a choice by key, cut where a state ends.

    Equal ones are told apart by their key, or by their place if that does not help.
    """
    texts = {
        key: shorten(text, _LONGEST_LABEL) for key, text in parameter.choices.items()
    }
    labels = Counter(texts.values())
    marked = {key: _with_key(text, key) for key, text in texts.items()}
    told_apart = {
        key: text if labels[text] == 1 else marked[key] for key, text in texts.items()
    }
    numbered = {
        key: shorten(f"{number}. {text}", _LONGEST_LABEL)
        for number, (key, text) in enumerate(texts.items(), start=1)
    }
    return next(
        shown
        for shown in (told_apart, marked, numbered)
        if len(set(shown.values())) == len(shown)
    )


def _with_key(text: str, key: str) -> str:
    """Return a label with its key, both cut where that is too long for a state."""
    mark = f" ({shorten(key, _LONGEST_MARK)})"
    return f"{shorten(text, _LONGEST_LABEL - len(mark))}{mark}"


def option_value(parameter: Parameter, key: str) -> str:
    """Return what a service is called with for a key of a choice.

    That is the key, unless it is the label of another one: then it is its own label.
    """
    if _keys_by_label(parameter).get(key, key) == key:
        return key
    return choice_labels(parameter)[key]


def labels_to_keys(
    action: DeviceAction, values: Mapping[str, object]
) -> dict[str, object]:
    """Return what a service was called with, with the key of each choice for its label.

    A label comes before the key that is written like it, because labels are what people
    see. Whoever knows the key, such as a select, must not come here.
    """
    found = dict(values)
    for parameter in action.inputs:
        if parameter.type in CHOICES and parameter.id in values:
            keys = _keys_by_label(parameter)
            texts = spellings(values[parameter.id])
            found[parameter.id] = next(
                (keys[text] for text in texts if text in keys), values[parameter.id]
            )
    return found


def _keys_by_label(parameter: Parameter) -> dict[str, str]:
    """Return the keys by the labels that are shown, and by those of the template."""
    keys = {label: key for key, label in choice_labels(parameter).items()}
    count = Counter(parameter.choices.values())
    for key, label in parameter.choices.items():
        if count[label] == 1:
            keys.setdefault(label, key)
    return keys


def allowed_in_words(parameter: Parameter, texts: Mapping[str, str]) -> str:
    """Return what an input or output can be, lengths in the language of `texts`."""
    if parameter.type is not DataType.STRING:
        return allowed_values(parameter)
    form = length_form(parameter)
    if form is LengthForm.FREE:
        return ""
    words = texts[f"component.{DOMAIN}.common.length{form}"]
    return words.format(**length_limits(parameter))


def _input_field(parameter: Parameter, texts: Mapping[str, str]) -> dict[str, object]:
    """Return the description of one input; a choice shows its labels anyway."""
    described = parameter.type not in CHOICES
    field: dict[str, object] = {
        "name": parameter.name,
        "description": allowed_in_words(parameter, texts) if described else "",
        "required": parameter.start is None,
        "selector": _selector(parameter),
    }
    if parameter.start is not None:
        field["default"] = parameter.start
    return field


def _selector(parameter: Parameter) -> dict[str, object]:
    """Return the selector that offers what an input accepts."""
    if parameter.type in NUMBERS:
        return {"number": _number_selector(parameter)}
    if parameter.type in CHOICES:
        options = [
            {"value": option_value(parameter, key), "label": text}
            for key, text in choice_labels(parameter).items()
        ]
        return {"select": {"options": options, "mode": "dropdown"}}
    if parameter.type is DataType.STRING:
        return {"text": {}}
    if parameter.type is DataType.TIMESTAMP:
        return {"datetime": {}}
    return {"object": {}}


def _number_selector(parameter: Parameter) -> dict[str, object]:
    """Return the settings of a number's selector."""
    step: float | str = "any"
    if parameter.step is not None and parameter.step >= _SMALLEST_STEP:
        step = parameter.step
    selector: dict[str, object] = {
        "step": step,
        "mode": "slider" if is_slider(parameter) else "box",
    }
    if parameter.minimum is not None:
        selector["min"] = parameter.minimum
    if parameter.maximum is not None:
        selector["max"] = parameter.maximum
    if parameter.unit:
        selector["unit_of_measurement"] = parameter.unit
    return selector
