"""What Home Assistant makes of each data type: one row for each class that differs."""

from collections.abc import Mapping
from functools import singledispatch

from homeassistant.const import Platform

from ..api import Choice, DataType, LengthForm, Number, Text, Timestamp
from ..const import DOMAIN
from ..schema import vol
from .labels import choice_labels, option_value

LONGEST_STATE = 255
SMALLEST_STEP = 0.001
_MOST_SLIDER_STEPS = 200


@singledispatch
def platform_of(data_type: DataType) -> Platform | None:
    """Return the kind of entity that can hold a value, none if no entity can."""
    return None


@platform_of.register
def _(data_type: Number) -> Platform | None:
    return Platform.NUMBER


@platform_of.register
def _(data_type: Choice) -> Platform | None:
    return Platform.SELECT


@platform_of.register
def _(data_type: Text) -> Platform | None:
    return Platform.TEXT if data_type.shortest <= LONGEST_STATE else None


@platform_of.register
def _(data_type: Timestamp) -> Platform | None:
    return Platform.DATETIME


@singledispatch
def selector(data_type: DataType) -> dict[str, object]:
    """Return the selector that offers what is accepted, an object for any JSON."""
    return {"object": {}}


@selector.register
def _(data_type: Number) -> dict[str, object]:
    step: float | str = "any"
    if data_type.step is not None and data_type.step >= SMALLEST_STEP:
        step = data_type.step
    settings: dict[str, object] = {
        "step": step,
        "mode": "slider" if is_slider(data_type) else "box",
    }
    if data_type.minimum is not None:
        settings["min"] = data_type.minimum
    if data_type.maximum is not None:
        settings["max"] = data_type.maximum
    if data_type.unit:
        settings["unit_of_measurement"] = data_type.unit
    return {"number": settings}


@selector.register
def _(data_type: Choice) -> dict[str, object]:
    options = [
        {"value": option_value(data_type, key), "label": text}
        for key, text in choice_labels(data_type).items()
    ]
    return {"select": {"options": options, "mode": "dropdown"}}


@selector.register
def _(data_type: Text) -> dict[str, object]:
    return {"text": {}}


@selector.register
def _(data_type: Timestamp) -> dict[str, object]:
    return {"datetime": {}}


@singledispatch
def model_schema(data_type: DataType) -> object:
    """Return the type that a language model is shown; arguments are judged later."""
    return str


@model_schema.register
def _(data_type: Number) -> object:
    number = vol.Coerce(int if data_type.is_whole else float)
    if data_type.minimum is None and data_type.maximum is None:
        return number
    return vol.All(number, vol.Range(min=data_type.minimum, max=data_type.maximum))


@model_schema.register
def _(data_type: Choice) -> object:
    return vol.In(list(choice_labels(data_type).values()))


@singledispatch
def model_description(data_type: DataType) -> str:
    """Return what a language model reads about values, empty if nothing is known."""
    return data_type.allowed


@model_description.register
def _(data_type: Choice) -> str:
    return f"one of: {', '.join(choice_labels(data_type).values())}"


@model_description.register
def _(data_type: Text) -> str:
    return f"text, {data_type.allowed}"


@model_description.register
def _(data_type: Timestamp) -> str:
    return "date and time such as 2026-11-23 20:00:00"


@singledispatch
def allowed_in_words(data_type: DataType, texts: Mapping[str, str]) -> str:
    """Return what a value can be, lengths in the language of `texts`, by their keys."""
    return data_type.allowed


@allowed_in_words.register
def _(data_type: Text, texts: Mapping[str, str]) -> str:
    if data_type.length_form is LengthForm.FREE:
        return ""
    words = texts[f"component.{DOMAIN}.common.length{data_type.length_form}"]
    return words.format(**data_type.length_limits)


def is_slider(number: Number) -> bool:
    """Return whether a number has so few values that a slider can choose among them."""
    if number.minimum is None or number.maximum is None or not number.step:
        return False
    return (number.maximum - number.minimum) / number.step <= _MOST_SLIDER_STEPS
