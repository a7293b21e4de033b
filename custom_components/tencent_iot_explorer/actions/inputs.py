"""Which inputs have an entity of their own."""

from collections.abc import Container, Iterator

from homeassistant.const import Platform

from ..api import DeviceAction, Parameter
from ..presentation.data_types import platform_of

INPUT_PLATFORMS = (Platform.NUMBER, Platform.SELECT, Platform.TEXT, Platform.DATETIME)


def has_button(action: DeviceAction) -> bool:
    """Return whether all inputs of an action can be set without calling its service."""
    return all(
        parameter.is_secret or platform_of(parameter.type)
        for parameter in action.inputs
    )


def missing_inputs(action: DeviceAction, values: Container[str]) -> list[Parameter]:
    """Return the inputs that have no value and no start to fall back on."""
    return [
        parameter
        for parameter in action.inputs
        if parameter.id not in values and parameter.type.start is None
    ]


def entity_inputs(action: DeviceAction) -> Iterator[Parameter]:
    """Yield the inputs of an action that have an entity, which are there for its button."""
    if has_button(action):
        yield from (item for item in action.inputs if not item.is_secret)
