"""Values that properties shall be set to."""

from datetime import datetime

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    Parameter,
    Problem,
    Property,
    TimeSettings,
)
from custom_components.tencent_iot_explorer.api.models import Report
from custom_components.tencent_iot_explorer.api.values import (
    InvalidValueError,
    to_wire_values,
)
from tests.api.helpers import ALL_TYPES, MILLISECONDS, SECONDS, SWITCH, declare

MOMENT = datetime(2026, 11, 26, 8)
MOMENT_IN_SECONDS = 1795651200
CHOICES = {"0": "Off", "1": "On"}


def as_property(parameter: Parameter, *, is_writable: bool = True) -> Property:
    """Return a property of the same type."""
    return Property(
        id=parameter.id,
        name=parameter.name,
        type=parameter.type,
        is_writable=is_writable,
    )


def properties(*parameters: Parameter) -> dict[str, Property]:
    """Return writable properties by their id, and one that is not."""
    found = {item.id: as_property(item) for item in parameters}
    fact = as_property(declare("int", "fact"), is_writable=False)
    return {**found, "fact": fact}


def refuse(
    values: dict[str, object], *parameters: Parameter
) -> tuple[Problem, str, str]:
    """Return why values are refused, of which property, and what would be right."""
    with pytest.raises(InvalidValueError) as raised:
        to_wire_values(properties(*parameters), values, MILLISECONDS, {})
    return raised.value.problem, raised.value.parameter, raised.value.allowed


def test_some() -> None:
    """What is not given is not written, not even what has a start."""
    level = declare("float", "level", minimum=0, maximum=9, start=5)
    declared = properties(SWITCH, level, declare("string", "text"))
    values = {"level": "2.5", "x": "on"}
    assert to_wire_values(declared, values, SECONDS, {}) == {"level": 2.5, "x": 1}
    assert to_wire_values(declared, {}, SECONDS, {}) == {}


@pytest.mark.parametrize("identifier", ["y", "X", "", "action"])
def test_undeclared(identifier: str) -> None:
    """An unknown property is refused, naming those that can be written."""
    level = declare("int", "level")
    values = {"x": 1, identifier: 1}
    assert refuse(values, SWITCH, level) == (
        Problem.UNDECLARED,
        identifier,
        "x, level",
    )


def test_read_only() -> None:
    """A property that can only be read is refused, whatever the value."""
    for value in (1, None, "text"):
        assert refuse({"fact": value}, SWITCH) == (Problem.READ_ONLY, "fact", "x")


@pytest.mark.parametrize("data_type", ALL_TYPES)
def test_null(data_type: str) -> None:
    """Nothing is no value."""
    parameter = declare(data_type, choices=CHOICES)
    problem, identifier, allowed = refuse({"x": None}, parameter)
    assert (problem, identifier) == (Problem.MISSING, "x")
    assert allowed == parameter.type.allowed


def test_not_allowed() -> None:
    """A wrong value is refused as one of an input is."""
    level = declare("int", "level", minimum=0, maximum=9)
    assert refuse({"x": 1, "level": 10}, SWITCH, level) == (
        Problem.OUT_OF_RANGE,
        "level",
        "0 – 9",
    )


def test_too_large() -> None:
    """What no message can hold is refused, naming the largest."""
    texts = [declare("string", identifier) for identifier in "ab"]
    values: dict[str, object] = {"a": "x" * 40_000, "b": "x" * 30_000}
    problem, identifier, _ = refuse(values, *texts)
    assert (problem, identifier) == (Problem.TOO_LARGE, "a")


@pytest.mark.parametrize("times", [MILLISECONDS, SECONDS])
@pytest.mark.parametrize(
    ("reported", "factor"),
    [
        (1552904784552, 1000),
        (1552904784, 1),
        ("1552904784", 1),
        (0, None),
        ("never", None),
        (None, None),
    ],
)
def test_unit_of_report(
    times: TimeSettings, reported: object, factor: int | None
) -> None:
    """A time is written as the device reported one, else as the product says."""
    declared = properties(declare("timestamp", "start"), declare("timestamp", "end"))
    reports = {"start": Report(value=reported, reported_at=0)}
    written = to_wire_values(declared, {"start": MOMENT, "end": MOMENT}, times, reports)
    usual = 1000 if times is MILLISECONDS else 1
    assert written == {
        "start": MOMENT_IN_SECONDS * (factor or usual),
        "end": MOMENT_IN_SECONDS * usual,
    }
