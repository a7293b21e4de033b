"""Values of inputs: checked, and converted to what devices expect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
import json

from .choices import find_key
from .data_template import DataType, DeviceAction, Parameter
from .lengths import allowed_length, is_allowed_text
from .numbers import as_text, parse_number, round_number, write_json
from .texts import clean_text, decode_json, is_too_deep, readable

type WireValue = int | float | str | bool | list[object] | dict[str, object]

LARGEST_INPUTS = 65536
_ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TimestampUnit(StrEnum):
    """What the product's devices count a time stamp in."""

    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeSettings:
    """How a date and time becomes a time stamp."""

    unit: TimestampUnit
    time_zone: tzinfo


class Problem(StrEnum):
    """Why a value is not accepted."""

    MISSING = "missing"
    UNDECLARED = "undeclared"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_TEXT = "not_a_text"
    WRONG_LENGTH = "wrong_length"
    NOT_A_TIME = "not_a_time"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_LIST = "not_a_list"
    TOO_LARGE = "too_large"


class InvalidValueError(Exception):
    """A value that the data template does not allow.

    `allowed` says what would be accepted, in figures and in the template's own words.
    """

    def __init__(self, problem: Problem, parameter: str, allowed: str = "") -> None:
        """Keep what is wrong with which input."""
        super().__init__(f"{parameter}: {problem}")
        self.problem = problem
        self.parameter = parameter
        self.allowed = allowed


def allowed_values(parameter: Parameter) -> str:
    """Return what a parameter accepts: `1 – 10 g`, `0 (off), 1 (on)`, `1 to 9 characters`.

    Only what is said of texts is English, the rest is the same in all languages.
    """
    if parameter.choices:
        return ", ".join(
            key if key == label else f"{key} ({label})"
            for key, label in parameter.choices.items()
        )
    if parameter.type is DataType.STRING:
        return allowed_length(parameter)
    minimum, maximum = (as_text(x) for x in (parameter.minimum, parameter.maximum))
    if minimum and maximum:
        text = f"{minimum} – {maximum}"
    elif minimum:
        text = f"≥ {minimum}"
    elif maximum:
        text = f"≤ {maximum}"
    else:
        return parameter.unit
    return f"{text} {parameter.unit}".strip()


def to_wire(
    action: DeviceAction, values: Mapping[str, object], times: TimeSettings
) -> dict[str, WireValue]:
    """Return every declared input of an action as its devices expect it.

    bool 0 or 1, int and enum integers, float a number, string and stringenum texts,
    timestamp an integer in the product's unit, anything else as it is. A number that is
    not given takes its `start`. Raises InvalidValueError for the first input that is
    unknown, missing, null or not allowed, or for the largest if all together are more
    than 64 KiB, which no device takes.
    Sources: Tencent's device SDK for Java and its H5 panel, see the data template; the
    limits of MQTT messages in the documentation of IoT Explorer.
    """
    declared = {parameter.id: parameter for parameter in action.inputs}
    for identifier in values:
        if identifier not in declared:
            raise InvalidValueError(
                Problem.UNDECLARED, readable(identifier), ", ".join(declared)
            )
    wire: dict[str, WireValue] = {}
    for parameter in action.inputs:
        value = values.get(parameter.id, parameter.start)
        if value is None:
            raise InvalidValueError(
                Problem.MISSING, parameter.id, allowed_values(parameter)
            )
        wire[parameter.id] = to_wire_value(parameter, value, times)
    _refuse_too_large(wire)
    return wire


def _refuse_too_large(wire: Mapping[str, WireValue]) -> None:
    """Raise InvalidValueError if no message could hold the inputs."""
    sizes = {
        key: len(write_json(value))
        for key, value in wire.items()
        if not isinstance(value, int | float)
    }
    if sum(sizes.values()) > LARGEST_INPUTS:
        raise InvalidValueError(
            Problem.TOO_LARGE, max(sizes, key=lambda key: sizes[key])
        )


def to_wire_value(
    parameter: Parameter, value: object, times: TimeSettings
) -> WireValue:
    """Return one value as it is sent; raises InvalidValueError if it is not allowed."""
    match parameter.type:
        case DataType.INT | DataType.FLOAT:
            return _convert_number(parameter, value)
        case DataType.BOOL | DataType.ENUM:
            return int(_choose(parameter, value))
        case DataType.STRINGENUM:
            return _choose(parameter, value)
        case DataType.STRING:
            return _convert_text(parameter, value)
        case DataType.TIMESTAMP:
            return _convert_time(parameter, value, times)
        case DataType.STRUCT | DataType.ARRAY | DataType.RAW:
            return _convert_json(parameter, value)


def _refusal(problem: Problem, parameter: Parameter) -> InvalidValueError:
    """Return the error for a value that a parameter does not accept."""
    return InvalidValueError(problem, parameter.id, allowed_values(parameter))


def _convert_number(parameter: Parameter, value: object) -> int | float:
    """Return a number within its limits."""
    number = parse_number(value)
    if number is None:
        raise _refusal(Problem.NOT_A_NUMBER, parameter)
    number = round_number(number)
    if parameter.type is DataType.INT and not isinstance(number, int):
        raise _refusal(Problem.NOT_AN_INTEGER, parameter)
    if (parameter.minimum is not None and number < parameter.minimum) or (
        parameter.maximum is not None and number > parameter.maximum
    ):
        raise _refusal(Problem.OUT_OF_RANGE, parameter)
    return number


def _choose(parameter: Parameter, value: object) -> str:
    """Return the key of a choice."""
    key = find_key(parameter, value)
    if key is None:
        raise _refusal(Problem.NOT_A_CHOICE, parameter)
    return key


def _convert_text(parameter: Parameter, value: object) -> str:
    """Return a text within its limits; a template makes a number of one like 1234."""
    text = as_text(value)
    if text is None or clean_text(text) != text:
        raise _refusal(Problem.NOT_A_TEXT, parameter)
    if not is_allowed_text(parameter, text):
        raise _refusal(Problem.WRONG_LENGTH, parameter)
    return text


def _convert_time(parameter: Parameter, value: object, times: TimeSettings) -> int:
    """Return a time stamp: an integer as given, a date and time in the product's unit."""
    number = parse_number(value)
    if isinstance(number, int) and number >= 0:
        return number
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as err:
            raise _refusal(Problem.NOT_A_TIME, parameter) from err
    if not isinstance(value, datetime):
        raise _refusal(Problem.NOT_A_TIME, parameter)
    if value.tzinfo is None:
        value = value.replace(tzinfo=times.time_zone)
    seconds = (value - _EPOCH).total_seconds()
    if seconds < 0:
        raise _refusal(Problem.NOT_A_TIME, parameter)
    if times.unit is TimestampUnit.MILLISECONDS:
        return round(seconds * 1000)
    return int(seconds)


def _convert_json(parameter: Parameter, value: object) -> WireValue:
    """Return any value that is JSON, and neither nested too deep nor too large.

    A text that holds an object or a list is that: no device expects JSON inside JSON.
    """
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            value = decode_json(value)
        except ValueError as err:
            raise _refusal(Problem.NOT_JSON, parameter) from err
    if is_too_deep(value):
        raise _refusal(Problem.NOT_JSON, parameter)
    parts: list[str] = []
    room = LARGEST_INPUTS
    try:
        # Part by part: a list that holds another twice, and so on, would never end.
        for part in _ENCODER.iterencode(value):
            parts.append(part)
            room -= len(part)
            if room < 0:
                raise InvalidValueError(Problem.TOO_LARGE, parameter.id)
        converted: WireValue = json.loads(
            "".join(parts).encode(), parse_float=_round_digits
        )
    except (TypeError, ValueError, RecursionError) as err:
        raise _refusal(Problem.NOT_JSON, parameter) from err
    if parameter.type is DataType.STRUCT and not isinstance(converted, dict):
        raise _refusal(Problem.NOT_AN_OBJECT, parameter)
    if parameter.type is DataType.ARRAY and not isinstance(converted, list):
        raise _refusal(Problem.NOT_A_LIST, parameter)
    return converted


def _round_digits(digits: str) -> int | float:
    """Return the number that digits with a point or an exponent stand for."""
    return round_number(float(digits))
