"""What the cloud checks whatever interface is used: parameters of calls, inputs and data.

As strict as the documentation, and stricter where it is silent.
"""

from collections.abc import Mapping
import json
import re
from typing import Any

from .faults import Refusal
from .products import EmulatedProduct

_TRUTHS = {"0", "1", "false", "true"}
_EVENT_TYPES = ("alert", "fault", "info")
_LARGEST_PAGE = 100
# Later than any second, earlier than any millisecond of today.
_LATEST_SECOND = 10**11
_DEVICE_NAME = re.compile(r"[a-zA-Z0-9:_-]{1,48}")


def flaw(code: str, message: str) -> Refusal:
    """Return the refusal of something that no correct client sends."""
    return Refusal(code, message, flaw=True)


def check_types(parameters: Mapping[str, Any], expected: Mapping[str, type]) -> None:
    """Refuse parameters that are ill-typed or empty."""
    for key in parameters.keys() & expected.keys():
        kind = expected[key]
        if type(parameters[key]) is not kind or parameters[key] == "":
            raise flaw(
                "InvalidParameterValue", f"{key} is no {kind.__name__}, or empty"
            )


def check_limits(call: str, parameters: Mapping[str, Any]) -> None:
    """Refuse names that cannot be, and pages that are none."""
    if not _DEVICE_NAME.fullmatch(parameters.get("DeviceName", "any")):
        raise Refusal("InvalidParameterValue", "DeviceName cannot exist")
    if call == "GetDeviceList" and not (
        parameters.get("Offset", 0) >= 0 and 10 <= parameters.get("Limit", 10) <= 100
    ):
        raise flaw("InvalidParameterValue", "Offset or Limit is out of range")
    if call == "ListEventHistory":
        _check_search(parameters)


def _check_search(parameters: Mapping[str, Any]) -> None:
    """Refuse searches for events of no type, at no time or without a size."""
    start, end = parameters.get("StartTime", 0), parameters.get("EndTime", 0)
    if parameters.get("Type", "info") not in _EVENT_TYPES:
        raise flaw("InvalidParameterValue", "Type is no type of events")
    if not (0 <= start < _LATEST_SECOND and 0 <= end < _LATEST_SECOND):
        raise flaw("InvalidParameterValue", "StartTime or EndTime is in no seconds")
    if end and end < start:
        raise flaw("InvalidParameterValue", "EndTime is before StartTime")
    if not 1 <= parameters.get("Size", 1) <= _LARGEST_PAGE:
        raise flaw("InvalidParameterValue", "Size is out of range")


def check_inputs(
    product: EmulatedProduct, action_id: str, input_params: str
) -> dict[str, Any]:
    """Return the inputs of an action, each declared one and typed as devices want it."""
    declared = product.action(action_id)
    if declared is None:
        raise Refusal("InvalidParameterValue.ActionNilOrNotExist", action_id)
    invalid = "InvalidParameter.ActionInputParamsInvalid"
    inputs = _read_object(input_params, invalid)
    wanted = {item["id"]: item["define"] for item in declared.get("input", [])}
    if wanted.keys() != inputs.keys():
        raise flaw(invalid, f"wanted are {sorted(wanted)}, sent were {sorted(inputs)}")
    for key, value in inputs.items():
        if not _fits(wanted[key], value):
            raise flaw(invalid, f"{key} does not fit its type or limits")
    return inputs


def check_data(product: EmulatedProduct, data: str) -> dict[str, Any]:
    """Return what is to be written, each a declared property that can be."""
    invalid = "InvalidParameterValue"
    values = _read_object(data, invalid)
    if not values:
        raise flaw(invalid, "Data writes nothing")
    for key, value in values.items():
        declared = product.property_(key)
        if declared is None or declared["mode"] != "rw":
            raise flaw(f"{invalid}.ModelDefineEventPropNameError", key)
        if not _fits_whole(declared["define"], value):
            raise flaw(invalid, f"{key} does not fit its type or limits")
    return values


def _read_object(text: str, invalid: str) -> dict[str, Any]:
    """Return the JSON object that a parameter holds."""
    try:
        read = json.loads(
            text, object_pairs_hook=_once_each, parse_float=_without_exponent
        )
    except (ValueError, RecursionError) as err:
        raise flaw(invalid, "no JSON") from err
    if not isinstance(read, dict):
        raise flaw(invalid, "no JSON object")
    return read


def _without_exponent(text: str) -> float:
    """Return a number; devices take an exponent for the end of it."""
    if set(text) & set("eE"):
        raise ValueError("a number has an exponent")
    return float(text)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of which no key stands twice."""
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _fits(define: dict[str, Any], value: Any) -> bool:
    """Return whether a value is what a device expects."""
    kind = define.get("type")
    if kind == "bool" and {*(define.get("mapping") or ())} - _TRUTHS:
        return type(value) is str and value in define["mapping"]
    if kind == "bool":
        return type(value) is int and value in (0, 1)
    if kind == "enum":
        return type(value) is int and str(value) in define["mapping"]
    if kind == "stringenum":
        return type(value) is str and value in define["mapping"]
    if kind == "timestamp":
        return type(value) is int and value >= 0
    if kind == "string":
        return type(value) is str and _within(
            define, len(value.encode("utf-16-le", "surrogatepass")) // 2
        )
    if kind == "int":
        return type(value) is int and _within(define, value)
    if kind == "float":
        return type(value) in (int, float) and _within(define, value)
    if kind == "struct":
        return type(value) is dict
    if kind == "array":
        return type(value) is list
    return value is not None


def _fits_whole(define: dict[str, Any], value: Any) -> bool:
    """Return whether a value is what a device expects, and so is all that is in it.

    Nothing documents that a part of a structure can be written.
    """
    if not _fits(define, value):
        return False
    if specs := define.get("specs"):
        members = {item["id"]: item["dataType"] for item in specs}
        return members.keys() == value.keys() and all(
            _fits_whole(members[key], value[key]) for key in members
        )
    if items := define.get("arrayInfo"):
        return all(_fits_whole(items, item) for item in value)
    return True


def _within(define: dict[str, Any], value: float) -> bool:
    """Return whether a number keeps the limits, where they are numbers."""
    for key, sign in (("min", 1), ("max", -1)):
        try:
            limit = float(str(define.get(key)))
        except ValueError:
            continue
        if sign * value < sign * limit:
            return False
    return True
