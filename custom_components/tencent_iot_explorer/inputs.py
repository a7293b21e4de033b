"""Which inputs have an entity of their own, and of which kind."""

from collections.abc import Container, Iterator
from functools import lru_cache
import re

from homeassistant.const import Platform

from .api.data_template import DataType, DeviceAction, Parameter
from .api.lengths import shortest_text

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
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRET_WORDS = {"password", "pwd", "passcode", "pin", "secret", "token"}
_SECRET_CHARACTERS = ("密码", "口令", "验证码")


def is_secret(parameter: Parameter) -> bool:
    """Return whether an input is a text that must not stand in a state."""
    return parameter.type is DataType.STRING and _names_secret(
        parameter.id, parameter.name
    )


@lru_cache(maxsize=1024)
def _names_secret(identifier: str, name: str) -> bool:
    """Return whether id or name are those of a secret."""
    words = {word.lower() for word in _WORDS.findall(f"{identifier} {name}")}
    return bool(words & _SECRET_WORDS) or any(
        characters in name for characters in _SECRET_CHARACTERS
    )


def has_button(action: DeviceAction) -> bool:
    """Return whether all inputs of an action can be set without calling its service."""
    return all(
        is_secret(parameter) or input_platform(parameter) for parameter in action.inputs
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
    if is_secret(parameter):
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
