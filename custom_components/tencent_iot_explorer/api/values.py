"""Values of inputs, outputs and properties, as devices expect and send them."""

from collections.abc import Mapping
from dataclasses import replace

from .data_template import (
    LARGEST_INPUTS,
    DeviceAction,
    Parameter,
    Problem,
    Property,
    RefusedValueError,
    TimeSettings,
    WireValue,
    reported_unit,
)
from .models import Report
from .numbers import write_json
from .texts import readable


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
        value = values.get(parameter.id, parameter.type.start)
        if value is None:
            raise InvalidValueError(
                Problem.MISSING, parameter.id, parameter.type.allowed
            )
        wire[parameter.id] = to_wire_value(parameter, value, times)
    _refuse_too_large(wire)
    return wire


def to_wire_value(
    parameter: Parameter, value: object, times: TimeSettings
) -> WireValue:
    """Return one value as it is sent; raises InvalidValueError if it is not allowed."""
    try:
        return parameter.type.to_wire(value, times)
    except RefusedValueError as err:
        raise InvalidValueError(
            err.problem, parameter.id, parameter.type.allowed
        ) from err


def to_wire_values(
    properties: Mapping[str, Property],
    values: Mapping[str, object],
    times: TimeSettings,
    reports: Mapping[str, Report],
) -> dict[str, WireValue]:
    """Return what some of the properties shall be set to, as their devices expect it.

    As `to_wire` otherwise; also one that can only be read is refused. The unit in which
    a device reported a time stamp last counts more than that of the product.
    """
    writable = ", ".join(key for key, item in properties.items() if item.is_writable)
    wire: dict[str, WireValue] = {}
    for identifier, value in values.items():
        declared = properties.get(identifier)
        if declared is None:
            raise InvalidValueError(Problem.UNDECLARED, readable(identifier), writable)
        if not declared.is_writable:
            raise InvalidValueError(Problem.READ_ONLY, identifier, writable)
        if value is None:
            raise InvalidValueError(Problem.MISSING, identifier, declared.type.allowed)
        report = reports.get(identifier)
        unit = reported_unit(report.value) if report else None
        own_times = replace(times, unit=unit) if unit else times
        wire[identifier] = to_wire_value(declared, value, own_times)
    _refuse_too_large(wire)
    return wire


def from_wire(
    action: DeviceAction, outputs: Mapping[str, object] | str
) -> Mapping[str, object] | str:
    """Return the outputs that a device sent, typed as the data template declares them.

    A bool becomes true or false; int, float, enum and timestamp become numbers where a
    device sent digits. What does not fit its type, or is not declared, stays as sent.
    """
    if isinstance(outputs, str):
        return outputs
    types = {parameter.id: parameter.type for parameter in action.outputs}
    return {
        identifier: types[identifier].from_wire(value) if identifier in types else value
        for identifier, value in outputs.items()
    }


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
