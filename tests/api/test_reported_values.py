"""What devices report, as the states that it stands for."""

from datetime import UTC, datetime
import json

from hypothesis import given
import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api.data_template import (
    Array,
    Integer,
    Struct,
    TimestampUnit,
    reported_unit,
)
from custom_components.tencent_iot_explorer.api.texts import storable
from tests.api.helpers import ALL_TYPES, SWITCH, declare, parse_input
from tests.api.strategies import JSON

CHOICES = {
    "bool": {"0": "Off", "1": "Running"},
    "enum": {"0": "自动"},
    "stringenum": {"cold": "制冷", "0": "自动"},
}
MOMENT = datetime(2019, 3, 18, 10, 26, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data_type", "raw", "expected"),
    [
        ("bool", 0, False),
        ("bool", 1, True),
        ("bool", 1.0, True),
        ("bool", "0", False),
        ("bool", "1", True),
        ("bool", False, False),
        ("bool", True, True),
        ("bool", "false", False),
        ("bool", "true", True),
        ("bool", 2, None),
        ("bool", -1, None),
        ("bool", "2", None),
        ("bool", "", None),
        ("bool", "Running", None),
        ("bool", [1], None),
        ("enum", 0, "0"),
        ("enum", "0", "0"),
        ("enum", 0.0, "0"),
        ("enum", 9, None),
        ("enum", 0.5, None),
        ("enum", "cold", None),
        ("enum", False, None),
        ("enum", {"0": 0}, None),
        ("stringenum", "cold", "cold"),
        ("stringenum", "0", "0"),
        ("stringenum", 0, "0"),
        ("stringenum", 0.0, "0"),
        ("stringenum", "制冷", None),
        ("stringenum", "warm", None),
        ("stringenum", False, None),
        ("stringenum", ["cold"], None),
        ("int", 23, 23),
        ("int", "23", 23),
        ("int", 23.0, 23),
        ("int", -400, -400),
        ("int", 40_000, 40_000),
        ("int", "", None),
        ("int", True, None),
        ("int", [], None),
        ("float", 3.487172, 3.487172),
        ("float", "22.5", 22.5),
        ("float", -273.2, -273.2),
        ("float", "NaN", None),
        ("float", float("nan"), None),
        ("float", float("inf"), None),
        ("float", "Infinity", None),
        ("float", 10**30, None),
        ("string", "", ""),
        ("string", "x" * 300, "x" * 300),
        ("string", [86, 32, 92], "[86,32,92]"),
        ("string", {"名": "灯"}, '{"名":"灯"}'),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("timestamp", 1552904784552, MOMENT.replace(microsecond=552_000)),
        ("timestamp", 1552904784, MOMENT),
        ("timestamp", "1552904784", MOMENT),
        ("timestamp", 1552904784.0, MOMENT),
        ("timestamp", 0, None),
        ("timestamp", "0", None),
        ("timestamp", -1, None),
        ("timestamp", "now", None),
        ("timestamp", True, None),
        ("timestamp", 10**15, None),
        ("timestamp", 10**17, None),
        ("struct", {"x": 1}, {}),
        ("struct", [1], None),
        ("struct", "{}", None),
        ("array", [1, "a"], [1, "a"]),
        ("array", {"0": 1}, None),
        ("raw", {"a": [None]}, {"a": [None]}),
        *((data_type, None, None) for data_type in ALL_TYPES),
    ],
)
def test_state(data_type: str, raw: object, expected: object) -> None:
    """What can be no state is none, and nothing is hidden for being out of range."""
    declared = declare(
        data_type, choices=CHOICES.get(data_type, {}), minimum=0, maximum=100
    )
    state = declared.type.from_report(storable(raw))
    assert state == expected
    assert type(state) is type(expected)


def test_parts() -> None:
    """The members of a struct and the items of an array are states, the others nothing."""
    night = Struct(members=(SWITCH, declare("timestamp", "start")))
    assert night.from_report({"x": 1, "start": 0, "y": 5}) == {"x": True, "start": None}
    assert night.from_report({}) == {}
    assert Array(item=night).from_report([{"x": 2}, 5]) == [{"x": None}, None]
    assert Array(item=Integer()).from_report(["5", "a", 5.0]) == [5, None, 5]


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        (1, TimestampUnit.SECONDS),
        (10**11 - 1, TimestampUnit.SECONDS),
        ("1552904784", TimestampUnit.SECONDS),
        (10**11, TimestampUnit.MILLISECONDS),
        (1552904784552, TimestampUnit.MILLISECONDS),
        (0, None),
        (-5, None),
        ("", None),
        (None, None),
        (True, None),
        ({"Value": 1}, None),
    ],
)
def test_unit(raw: object, unit: TimestampUnit | None) -> None:
    """The size of a reported time stamp says what it counts in."""
    assert reported_unit(raw) is unit


@given(JSON)
def test_anything(raw: object) -> None:
    """Whatever was reported of whatever type is a state, and Home Assistant can write it."""
    for data_type in ALL_TYPES:
        define = {"type": data_type, "mapping": {"0": "a"}}
        define |= {"specs": [{"id": "a", "dataType": {"type": "int"}}]}
        define |= {"arrayInfo": {"type": "float"}}
        state = parse_input(define).type.from_report(storable(raw))
        if not isinstance(state, datetime):
            assert json.loads(json_bytes(state)) == state
