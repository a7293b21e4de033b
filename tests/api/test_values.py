"""All inputs of an action together, and the outputs that come back."""

import pytest

from custom_components.tencent_iot_explorer.api.data_template import Parameter, Problem
from custom_components.tencent_iot_explorer.api.values import (
    InvalidValueError,
    from_wire,
    to_wire,
)
from tests.api.helpers import (
    ALL_TYPES,
    MILLISECONDS,
    SWITCH,
    declare,
    make_action,
    refuse,
)


@pytest.mark.parametrize("data_type", ALL_TYPES)
@pytest.mark.parametrize("values", [{}, {"x": None}], ids=["missing", "null"])
def test_missing(data_type: str, values: dict[str, object]) -> None:
    """Nothing nobody chose is ever sent."""
    parameter = declare(data_type, choices={"0": "a", "1": "b"})
    with pytest.raises(InvalidValueError) as raised:
        to_wire(make_action(parameter), values, MILLISECONDS)
    assert raised.value.problem is Problem.MISSING
    assert raised.value.parameter == "x"
    assert raised.value.allowed == parameter.type.allowed


@pytest.mark.parametrize("data_type", ["int", "float"])
def test_start(data_type: str) -> None:
    """A number that is left out takes its start; one that is null does not."""
    parameter = declare(data_type, minimum=0, maximum=9, start=0)
    assert to_wire(make_action(parameter), {}, MILLISECONDS) == {"x": 0}
    assert to_wire(make_action(parameter), {"x": 4}, MILLISECONDS) == {"x": 4}
    assert refuse(parameter, None).problem is Problem.MISSING


@pytest.mark.parametrize("data_type", ALL_TYPES)
def test_no_start(data_type: str) -> None:
    """What has no start must be given."""
    parameter = declare(data_type, choices={"0": "a"})
    with pytest.raises(InvalidValueError) as raised:
        to_wire(make_action(parameter), {}, MILLISECONDS)
    assert raised.value.problem is Problem.MISSING


@pytest.mark.parametrize("identifier", ["y", "X", "device_id", ""])
def test_undeclared(identifier: str) -> None:
    """An unknown input is refused, naming those that the action has."""
    action = make_action(declare("int"), declare("string", "文字"))
    values = {"x": 1, "文字": "a", identifier: 2}
    with pytest.raises(InvalidValueError) as raised:
        to_wire(action, values, MILLISECONDS)
    assert raised.value.problem is Problem.UNDECLARED
    assert raised.value.parameter == identifier
    assert raised.value.allowed == "x, 文字"


def test_undeclared_where_nothing_is_declared() -> None:
    """An action without inputs takes none and sends none."""
    assert to_wire(make_action(), {}, MILLISECONDS) == {}
    with pytest.raises(InvalidValueError) as raised:
        to_wire(make_action(), {"x": 1}, MILLISECONDS)
    assert raised.value.problem is Problem.UNDECLARED
    assert raised.value.allowed == ""


def test_every_input_is_sent_in_order() -> None:
    """All inputs are sent, in the template's order."""
    action = make_action(
        declare("string", "b"), declare("int", "a", start=1), declare("raw", "c")
    )
    wire = to_wire(action, {"c": [], "b": "text"}, MILLISECONDS)
    assert list(wire.items()) == [("b", "text"), ("a", 1), ("c", [])]


def test_first_problem_is_reported() -> None:
    """Of several bad inputs the template's first one is reported."""
    action = make_action(declare("int", "b"), declare("int", "a"))
    with pytest.raises(InvalidValueError) as raised:
        to_wire(action, {"a": "bad", "b": "bad"}, MILLISECONDS)
    assert raised.value.parameter == "b"


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        pytest.param(declare("int"), "", id="number"),
        pytest.param(declare("int", minimum=1, maximum=10), "1 – 10", id="range"),
        pytest.param(
            declare("float", minimum=0, maximum=1.5, unit="℃"), "0 – 1.5 ℃", id="unit"
        ),
        pytest.param(declare("int", minimum=0, unit="g"), "≥ 0 g", id="minimum"),
        pytest.param(declare("int", maximum=-1), "≤ -1", id="maximum"),
        pytest.param(declare("int", unit="g"), "g", id="unit-alone"),
        pytest.param(
            declare("float", minimum=5e-05, maximum=1e-04),
            "0.00005 – 0.0001",
            id="tiny",
        ),
        pytest.param(
            declare("string", minimum=0, maximum=20), "maximum length 20", id="length"
        ),
        pytest.param(declare("string", maximum=20), "maximum length 20", id="longest"),
        pytest.param(
            declare("string", minimum=1.5, maximum=3.5), "2 to 3 characters", id="odd"
        ),
        pytest.param(
            declare("string", minimum=6, maximum=6), "exactly 6 characters", id="same"
        ),
        pytest.param(
            declare("string", minimum=1, maximum=1), "exactly 1 character", id="one"
        ),
        pytest.param(declare("string", minimum=3), "at least 3 characters", id="least"),
        pytest.param(declare("string", minimum=1), "at least 1 character", id="text"),
        pytest.param(declare("string"), "any length", id="any-text"),
        pytest.param(SWITCH, "0 (Off), 1 (Running)", id="labels"),
        pytest.param(
            declare("enum", choices={"0": "0", "1": "一"}), "0, 1 (一)", id="keys"
        ),
        pytest.param(declare("timestamp"), "", id="time"),
        pytest.param(declare("raw"), "", id="raw"),
    ],
)
def test_allowed_values(parameter: Parameter, text: str) -> None:
    """What is accepted is described in figures and in the template's own words."""
    assert parameter.type.allowed == text


@pytest.mark.parametrize(
    ("data_type", "sent", "value"),
    [
        ("bool", 0, False),
        ("bool", 1, True),
        ("bool", "0", False),
        ("bool", "1", True),
        ("bool", 1.0, True),
        ("bool", False, False),
        ("bool", True, True),
        ("bool", 2, 2),
        ("bool", "on", "on"),
        ("bool", [1], [1]),
        ("int", 5, 5),
        ("int", "5", 5),
        ("int", 5.0, 5),
        ("int", "5.5", 5.5),
        ("int", "much", "much"),
        ("int", True, True),
        ("float", "0.5", 0.5),
        ("float", None, None),
        ("enum", "2", 2),
        ("enum", "Red", "Red"),
        ("timestamp", "1546315200123", 1546315200123),
        ("timestamp", "2019-01-01", "2019-01-01"),
        ("string", "5", "5"),
        ("string", 5, 5),
        ("stringenum", "1", "1"),
        ("raw", {"a": ["1"]}, {"a": ["1"]}),
    ],
    ids=repr,
)
def test_output(data_type: str, sent: object, value: object) -> None:
    """An output gets its declared type where it fits, else it stays as sent."""
    outputs = from_wire(make_action(outputs=(declare(data_type),)), {"x": sent})
    assert outputs == {"x": value}
    assert isinstance(outputs, dict)
    assert type(outputs["x"]) is type(value)


def test_undeclared_outputs() -> None:
    """Outputs are kept that the template does not know, and none is invented."""
    action = make_action(declare("int", "y"), outputs=(declare("int"),))
    assert from_wire(action, {"y": "1", "z": None}) == {"y": "1", "z": None}
    assert from_wire(action, {}) == {}


def test_outputs_that_are_a_text() -> None:
    """What a device said in place of outputs stays its own words."""
    assert from_wire(make_action(outputs=(declare("int"),)), "broken") == "broken"
