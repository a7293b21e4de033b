"""Values of inputs: what is accepted, what is sent for it, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    DataType,
    DeviceAction,
    Parameter,
)
from custom_components.tencent_iot_explorer.api.values import (
    InvalidValueError,
    Problem,
    TimeSettings,
    TimestampUnit,
    allowed_values,
    default_value,
    from_wire,
    to_wire,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MILLISECONDS = TimeSettings(unit=TimestampUnit.MILLISECONDS, time_zone=SHANGHAI)
SECONDS = TimeSettings(unit=TimestampUnit.SECONDS, time_zone=SHANGHAI)


def declare(data_type: str, identifier: str = "x", **limits: Any) -> Parameter:
    """Return a parameter."""
    return Parameter(id=identifier, name=identifier, type=DataType(data_type), **limits)


def make_action(
    *inputs: Parameter, outputs: tuple[Parameter, ...] = ()
) -> DeviceAction:
    """Return a device action."""
    return DeviceAction(
        id="go", name="Go", description="", inputs=inputs, outputs=outputs
    )


def send(
    parameter: Parameter, value: object, times: TimeSettings = MILLISECONDS
) -> object:
    """Return what is sent for a value."""
    wire = to_wire(make_action(parameter), {parameter.id: value}, times)
    assert list(wire) == [parameter.id]
    return wire[parameter.id]


def refuse(
    parameter: Parameter, value: object, times: TimeSettings = MILLISECONDS
) -> InvalidValueError:
    """Return the error that a value raises, which always names the input."""
    with pytest.raises(InvalidValueError) as raised:
        send(parameter, value, times)
    assert raised.value.parameter == parameter.id
    assert raised.value.allowed == allowed_values(parameter)
    assert str(raised.value) == f"{parameter.id}: {raised.value.problem}"
    return raised.value


SWITCH = declare("bool", choices={"0": "Off", "1": "Running"})
COLOUR = declare("enum", choices={"0": "Red", "1": "Green", "-2": "Same", "3": "Same"})
EFFECT = declare("stringenum", choices={"calm": "Calm sea", "1": "2", "2": "other"})


@pytest.mark.parametrize("data_type", ["int", "float"])
@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (3, 3),
        (3.0, 3),
        ("3", 3),
        ("3.0", 3),
        (" 3 ", 3),
        ("+3", 3),
        ("3.", 3),
        ("3e0", 3),
        ("-3", -3),
        (0, 0),
        (-0.0, 0),
        (2**31, 2**31),
        ("4300000000", 4_300_000_000),
        ("9007199254740993", 9_007_199_254_740_993),
        (2**63 - 1, 2**63 - 1),
    ],
    ids=repr,
)
def test_whole_number(data_type: str, value: object, sent: int) -> None:
    """Whole numbers are sent as integers, exactly."""
    found = send(declare(data_type), value)
    assert found == sent
    assert type(found) is int


@pytest.mark.parametrize(
    ("value", "sent"), [(0.5, 0.5), ("0.5", 0.5), (".5", 0.5), ("-1.25e-1", -0.125)]
)
def test_fraction(value: object, sent: float) -> None:
    """A float takes fractions, which an integer refuses."""
    assert send(declare("float"), value) == sent
    assert refuse(declare("int"), value).problem is Problem.NOT_AN_INTEGER


@pytest.mark.parametrize("data_type", ["int", "float"])
@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        float("nan"),
        float("inf"),
        float("-inf"),
        2**63,
        -(2**63),
        1e300,
        "",
        " ",
        "unknown",
        "unavailable",
        "None",
        "nan",
        "inf",
        "Infinity",
        "true",
        "on",
        "1,5",
        "1_000",
        "0x10",
        "１",
        "1e999",
        "1e1000",
        "3 %",
        "- 3",
        ".",
        Decimal(3),
        [3],
        {"value": 3},
        b"3",
    ],
    ids=repr,
)
def test_no_number(data_type: str, value: object) -> None:
    """What is not plainly a number is refused."""
    assert refuse(declare(data_type), value).problem is Problem.NOT_A_NUMBER


def test_endless_number() -> None:
    """Digits without end are refused before anything counts them."""
    assert refuse(declare("int"), "9" * 100_000).problem is Problem.NOT_A_NUMBER
    assert refuse(declare("int"), 10**400).problem is Problem.NOT_A_NUMBER


@pytest.mark.parametrize("data_type", ["int", "float"])
@pytest.mark.parametrize(
    ("limits", "accepted", "refused"),
    [
        pytest.param(
            {"minimum": 1, "maximum": 10}, [1, "10", 5.0], [0, "11"], id="both"
        ),
        pytest.param({"minimum": -5}, [-5, 2**40], [-6, "-1e3"], id="minimum"),
        pytest.param({"maximum": 0}, [0, -(2**40)], [1], id="maximum"),
        pytest.param({"minimum": 7, "maximum": 7}, [7], [6, 8], id="one-value"),
        pytest.param({"minimum": 0, "step": 5}, [3, 5], [-5], id="off-step"),
    ],
)
def test_range(
    data_type: str,
    limits: dict[str, float],
    accepted: list[object],
    refused: list[object],
) -> None:
    """Limits belong to the range, and steps are only a hint."""
    parameter = declare(data_type, **limits)
    for value in accepted:
        assert send(parameter, value) == float(str(value))
    for value in refused:
        assert refuse(parameter, value).problem is Problem.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (True, 1),
        (False, 0),
        (1, 1),
        (0, 0),
        (1.0, 1),
        ("1", 1),
        ("0", 0),
        ("true", 1),
        ("True", 1),
        (" ON ", 1),
        ("on", 1),
        ("off", 0),
        ("FALSE", 0),
        ("Off", 0),
        ("Running", 1),
    ],
    ids=repr,
)
def test_bool(value: object, sent: int) -> None:
    """A bool is sent as 0 or 1, given by key, label or any usual word."""
    found = send(SWITCH, value)
    assert found == sent
    assert type(found) is int


@pytest.mark.parametrize(
    "value",
    [2, -1, 0.5, "2", "", " ", "running", "maybe", "01", [], {}, [True]],
    ids=repr,
)
def test_no_bool(value: object) -> None:
    """Anything else is neither true nor false."""
    assert refuse(SWITCH, value).problem is Problem.NOT_A_CHOICE


def test_label_of_bool_comes_before_the_usual_word() -> None:
    """A label counts even where its word usually says the opposite."""
    inverted = declare("bool", choices={"0": "on", "1": "off"})
    assert send(inverted, "on") == 0
    assert send(inverted, "off") == 1
    assert send(inverted, True) == 1
    same = declare("bool", choices={"0": "on", "1": "on"})
    assert refuse(same, "on").problem is Problem.NOT_A_CHOICE


@pytest.mark.parametrize(
    ("value", "sent"),
    [(0, 0), (1.0, 1), ("1", 1), ("Green", 1), ("-2", -2), (-2, -2), (3, 3)],
    ids=repr,
)
def test_enum(value: object, sent: int) -> None:
    """An enum is sent as an integer, given by key or label."""
    found = send(COLOUR, value)
    assert found == sent
    assert type(found) is int


@pytest.mark.parametrize(
    ("value", "sent"),
    [("calm", "calm"), ("Calm sea", "calm"), ("other", "2"), (1, "1"), (2.0, "2")],
    ids=repr,
)
def test_stringenum(value: object, sent: str) -> None:
    """A stringenum is sent as its key, given by key or label."""
    assert send(EFFECT, value) == sent


def test_key_comes_before_label() -> None:
    """What is a key is never taken for the label of another key."""
    assert send(EFFECT, "2") == "2"


@pytest.mark.parametrize("parameter", [COLOUR, EFFECT], ids=["enum", "stringenum"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "Same",
        "green",
        "Calm Sea",
        " calm",
        "unknown",
        "1.0",
        9,
        0.5,
        True,
        False,
        float("nan"),
        10**400,
        [],
        ["calm"],
        {"0": "Red"},
    ],
    ids=lambda value: repr(value)[:20],
)
def test_no_choice(parameter: Parameter, value: object) -> None:
    """Ambiguous labels, other spellings and truth values choose nothing."""
    assert refuse(parameter, value).problem is Problem.NOT_A_CHOICE


@pytest.mark.parametrize(
    ("limits", "accepted", "refused"),
    [
        pytest.param({}, ["a", " ", "unknown", "好" * 5000], [""], id="no-limits"),
        pytest.param({"minimum": 0}, ["", "a"], [], id="empty-is-allowed"),
        pytest.param({"minimum": 1}, ["a"], [""], id="minimum-1"),
        pytest.param(
            {"minimum": 2, "maximum": 3}, ["ab", "abc"], ["a", "abcd"], id="both"
        ),
        pytest.param({"maximum": 2}, ["好的"], ["好的吧", ""], id="maximum"),
        pytest.param({"minimum": 1.5}, ["ab"], ["a"], id="fraction"),
        pytest.param({"maximum": 2}, ["🐈"], ["🐈a"], id="utf-16-units"),
    ],
)
def test_text(
    limits: dict[str, float], accepted: list[str], refused: list[str]
) -> None:
    """A text is sent untouched; an empty one only where the template says so."""
    parameter = declare("string", **limits)
    for value in accepted:
        assert send(parameter, value) == value
    for value in refused:
        assert refuse(parameter, value).problem is Problem.WRONG_LENGTH


@pytest.mark.parametrize("value", [5, 5.0, True, [], {}, b"text", "\ud800"], ids=repr)
def test_no_text(value: object) -> None:
    """Nothing is turned into a text that is none."""
    assert refuse(declare("string"), value).problem is Problem.NOT_A_TEXT


EIGHT_HOURS = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        pytest.param(datetime(2019, 1, 1, 12), 1_546_315_200_000, id="naive"),
        pytest.param(
            datetime(2019, 1, 1, 4, tzinfo=UTC), 1_546_315_200_000, id="aware"
        ),
        pytest.param(
            datetime(2019, 1, 1, 12, tzinfo=EIGHT_HOURS), 1_546_315_200_000, id="offset"
        ),
        pytest.param("2019-01-01 12:00:00", 1_546_315_200_000, id="text"),
        pytest.param(" 2019-01-01T12:00 ", 1_546_315_200_000, id="iso-text"),
        pytest.param("2019-01-01T04:00:00Z", 1_546_315_200_000, id="text-in-utc"),
        pytest.param("2019-01-01T12:00:00+08:00", 1_546_315_200_000, id="text-offset"),
        pytest.param("2019-01-01", 1_546_272_000_000, id="day"),
        pytest.param(
            datetime(2019, 1, 1, 4, 0, 0, 999_000, tzinfo=UTC),
            1_546_315_200_999,
            id="fraction",
        ),
        pytest.param("1970-01-01T08:00:00", 0, id="epoch"),
        pytest.param("2106-02-07T06:28:16Z", 2**32 * 1000, id="beyond-32-bits"),
        pytest.param(datetime.max, 253_402_272_000_000, id="last"),
    ],
)
def test_time(value: object, milliseconds: int) -> None:
    """A date and time is sent in the product's unit; a naive one is local."""
    parameter = declare("timestamp")
    for times, sent in (
        (MILLISECONDS, milliseconds),
        (SECONDS, pytest.approx(milliseconds / 1000, abs=1)),
    ):
        found = send(parameter, value, times)
        assert found == sent
        assert type(found) is int


def test_seconds_are_whole() -> None:
    """A fraction of a second is dropped, so that the time never lies ahead."""
    moment = datetime(2019, 1, 1, 4, 0, 0, 999_999, tzinfo=UTC)
    assert send(declare("timestamp"), moment, SECONDS) == 1_546_315_200


@pytest.mark.parametrize("times", [MILLISECONDS, SECONDS], ids=["ms", "s"])
@pytest.mark.parametrize(
    ("value", "sent"),
    [(1546315200, 1546315200), (1.0, 1), ("1546315200123", 1546315200123), (0, 0)],
    ids=repr,
)
def test_integer_as_time(times: TimeSettings, value: object, sent: int) -> None:
    """An integer is a time stamp already, whatever the unit is."""
    found = send(declare("timestamp"), value, times)
    assert found == sent
    assert type(found) is int


@pytest.mark.parametrize(
    "value",
    [
        True,
        -1,
        1.5,
        "-1",
        "1.5",
        2**63,
        float("nan"),
        "",
        "now",
        "unknown",
        "12:00",
        "2019-02-30",
        "1969-12-31T23:59:59Z",
        datetime(1969, 12, 31, tzinfo=UTC),
        datetime.min,
        "0001-01-01T00:00:00+14:00",
        date(2019, 1, 1),
        timedelta(seconds=5),
        [],
        {},
    ],
    ids=repr,
)
def test_no_time(value: object) -> None:
    """What is no time after 1969 is refused."""
    assert refuse(declare("timestamp"), value).problem is Problem.NOT_A_TIME


@pytest.mark.parametrize(
    "value",
    [
        {"day": 1, "hours": [1, 2.5, "三", None, True]},
        [],
        {},
        "",
        "text",
        0,
        2.5,
        False,
    ],
    ids=repr,
)
def test_raw(value: object) -> None:
    """Any JSON is sent as it is."""
    found = send(declare("raw"), value)
    assert found == value
    assert type(found) is type(value)


CIRCLE: list[object] = []
CIRCLE.append(CIRCLE)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({1, 2}, id="set"),
        pytest.param(b"bytes", id="bytes"),
        pytest.param(datetime(2019, 1, 1, tzinfo=UTC), id="time"),
        pytest.param({"a": float("nan")}, id="nan"),
        pytest.param([float("inf")], id="infinity"),
        pytest.param({(1, 2): 3}, id="key"),
        pytest.param(["\ud800"], id="half-a-character"),
        pytest.param(CIRCLE, id="circle"),
    ],
)
def test_no_json(value: object) -> None:
    """What is not JSON is refused."""
    assert refuse(declare("raw"), value).problem is Problem.NOT_JSON


@pytest.mark.parametrize("data_type", DataType)
@pytest.mark.parametrize("values", [{}, {"x": None}], ids=["missing", "null"])
def test_missing(data_type: str, values: dict[str, object]) -> None:
    """Nothing nobody chose is ever sent."""
    parameter = declare(data_type, choices={"0": "a", "1": "b"})
    with pytest.raises(InvalidValueError) as raised:
        to_wire(make_action(parameter), values, MILLISECONDS)
    assert raised.value.problem is Problem.MISSING
    assert raised.value.parameter == "x"
    assert raised.value.allowed == allowed_values(parameter)


@pytest.mark.parametrize("data_type", ["int", "float"])
def test_start(data_type: str) -> None:
    """A number that is left out takes its start; one that is null does not."""
    parameter = declare(data_type, minimum=0, maximum=9, start=0)
    assert default_value(parameter) == 0
    assert to_wire(make_action(parameter), {}, MILLISECONDS) == {"x": 0}
    assert to_wire(make_action(parameter), {"x": 4}, MILLISECONDS) == {"x": 4}
    assert refuse(parameter, None).problem is Problem.MISSING


@pytest.mark.parametrize("data_type", DataType)
def test_no_start(data_type: str) -> None:
    """Nothing else has a default."""
    assert default_value(declare(data_type, choices={"0": "a"})) is None


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


def test_first_problem_is_told() -> None:
    """Of several bad inputs the template's first one is told."""
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
        pytest.param(declare("string", minimum=0, maximum=20), "0 – 20", id="length"),
        pytest.param(declare("string", maximum=20), "1 – 20", id="longest"),
        pytest.param(declare("string"), "≥ 1", id="text"),
        pytest.param(SWITCH, "0 (Off), 1 (Running)", id="labels"),
        pytest.param(
            declare("enum", choices={"0": "0", "1": "一"}), "0, 1 (一)", id="keys"
        ),
        pytest.param(declare("timestamp"), "", id="time"),
        pytest.param(declare("raw"), "", id="raw"),
    ],
)
def test_allowed_values(parameter: Parameter, text: str) -> None:
    """What is accepted is told in figures and in the template's own words."""
    assert allowed_values(parameter) == text


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
