"""Which inputs have an entity of their own, and of which kind."""

from collections.abc import Container, Iterator

from homeassistant.const import Platform

from ..api import DataType, DeviceAction, Parameter, shortest_text

LONGEST_STATE = 255
INPUT_PLATFORMS = (Platform.NUMBER, Platform.SELECT, Platform.TEXT, Platform.DATETIME)
_PLATFORMS = {
    DataType.INT: Platform.NUMBER,
    DataType.FLOAT: Platform.NUMBER,
    DataType.BOOL: Platform.SELECT,
    DataType.ENUM: Platform.SELECT,
    DataType.STRINGENUM: Platform.SELECT,
    DataType.STRING: Platform.TEXT,
    DataType.TIMESTAMP: Platform.DATETIME,
}


def has_button(action: DeviceAction) -> bool:
    """Return whether all inputs of an action can be set without calling its service."""
    return all(
        parameter.is_secret or input_platform(parameter) for parameter in action.inputs
    )


def missing_inputs(action: DeviceAction, values: Container[str]) -> list[Parameter]:
    """Return the inputs that have no value and no start to fall back on."""
    return [
        parameter
        for parameter in action.inputs
        if parameter.id not in values and parameter.start is None
    ]


def input_platform(parameter: Parameter) -> Platform | None:
    """Return the kind of entity that holds an input, none if no entity can."""
    if parameter.is_secret:
        return None
    if parameter.type is DataType.STRING and shortest_text(parameter) > LONGEST_STATE:
        return None
    return _PLATFORMS.get(parameter.type)


def entity_inputs(action: DeviceAction, platform: Platform) -> Iterator[Parameter]:
    """Yield the inputs of an action that have an entity of one kind."""
    if not has_button(action):
        return
    for parameter in action.inputs:
        if input_platform(parameter) is platform:
            yield parameter
