"""Numbers and choices: what is accepted, what is sent for it, and what is refused."""

from decimal import Decimal

import pytest

from custom_components.tencent_iot_explorer.api.data_template import Parameter, Problem
from tests.api.helpers import SWITCH, declare, refuse, send

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


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (0.1 * 3, 0.3),
        ("0.30000000000000004", 0.3),
        (0.7999999999999999, 0.8),
        (2.9999999999999996, 3),
        (-1.2000000000000002, -1.2),
        (1e-7, 1e-7),
        (1.23456789012345678e-5, 1.23456789012346e-5),
        (123456789012345.6, 123456789012346),
    ],
)
def test_calculated_fraction(value: object, sent: float) -> None:
    """A fraction is sent as it was meant, to 15 significant digits."""
    found = send(declare("float", minimum=sent, maximum=sent), value)
    assert found == sent
    assert type(found) is type(sent)


@pytest.mark.parametrize(
    "value", [2**53 - 1, 2.0**53, str(2**53 + 1), 2**63 - 1, "1234567890123456.0"]
)
def test_whole_number_of_many_digits(value: object) -> None:
    """A whole number is never rounded."""
    for data_type in ("int", "float"):
        assert send(declare(data_type), value) == int(Decimal(str(value)))


def test_almost_whole() -> None:
    """An integer takes what a calculation leaves of one."""
    assert send(declare("int", maximum=3), 0.3 / 0.1) == 3
    assert refuse(declare("int"), 2.999).problem is Problem.NOT_AN_INTEGER


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
        ("yes", 1),
        ("No", 0),
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
    capital = declare("bool", choices={"0": "On", "1": "OFF"})
    for value in ("on", "ON", " On "):
        assert send(capital, value) == 0
    assert send(capital, "off") == 1
    assert send(capital, "yes") == 1
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


@pytest.mark.parametrize("data_type", ["enum", "stringenum"])
@pytest.mark.parametrize(
    "choices",
    [
        {"0": "off", "1": "on"},
        {"0": "OFF", "1": "On"},
        {"0": "no", "1": "Yes"},
        {"0": "False", "1": "True"},
    ],
)
def test_choice_called_on(data_type: str, choices: dict[str, str]) -> None:
    """Two choices that are called on and off take what YAML makes of these words."""
    parameter = declare(data_type, choices=choices)
    for value in (True, "on", "ON", "true", " yes "):
        assert str(send(parameter, value)) == "1"
    for value in (False, "off", "Off", "false", "no"):
        assert str(send(parameter, value)) == "0"


def test_key_called_on() -> None:
    """It may be the key that is called so."""
    parameter = declare("stringenum", choices={"ON": "开", "OFF": "关"})
    assert send(parameter, True) == "ON"
    assert send(parameter, False) == "OFF"
    assert send(parameter, "off") == "OFF"


def test_one_of_several_called_off() -> None:
    """Among several, `off` without quotation marks is the one that is called so."""
    fan = declare("stringenum", choices={"off": "Off", "low": "Low", "high": "High"})
    assert send(fan, False) == "off"
    assert send(fan, "Off") == "off"
    for value in (True, "OFF", "no", "false"):
        assert refuse(fan, value).problem is Problem.NOT_A_CHOICE


@pytest.mark.parametrize(
    "choices",
    [
        {"0": "Red", "1": "Green"},
        {"0": "关", "1": "开"},
        {"on": "off", "off": "on"},
        {"0": "on", "1": "yes"},
        {"0": "on", "1": "on"},
    ],
)
def test_neither_on_nor_off(choices: dict[str, str]) -> None:
    """True and false choose nothing where nothing, or more than one, is called so."""
    for data_type in ("enum", "stringenum"):
        if data_type == "stringenum" or choices.keys() == {"0", "1"}:
            parameter = declare(data_type, choices=choices)
            assert refuse(parameter, True).problem is Problem.NOT_A_CHOICE
            assert refuse(parameter, "true").problem is Problem.NOT_A_CHOICE


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (1.0, "a"),
        ("1.0", "a"),
        (1.5, "b"),
        (2, "c"),
        (2.0, "c"),
        (1, "1"),
        (3.0, "3.0"),
    ],
    ids=repr,
)
def test_choice_that_looks_like_a_number(value: object, sent: str) -> None:
    """A key or label that a template made a number of is still the same."""
    speed = declare(
        "stringenum",
        choices={"a": "1.0", "b": "1.5", "c": "2", "1": "one", "3.0": "three"},
    )
    assert send(speed, value) == sent


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
