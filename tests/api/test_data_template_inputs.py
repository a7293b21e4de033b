"""Inputs in data templates: types, limits and choices, however they are written."""

from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    Array,
    Choice,
    DataType,
    Integer,
    Json,
    Parameter,
    Struct,
    Timestamp,
)
from tests.api.helpers import MISSING, parse_input


@pytest.mark.parametrize(
    ("declared", "data_type"),
    [
        pytest.param("Int", Integer, id="capital"),
        pytest.param("TIMESTAMP", Timestamp, id="capitals"),
        pytest.param("struct", Struct, id="struct"),
        pytest.param("Array", Array, id="array"),
        pytest.param("int32", Json, id="unknown"),
        pytest.param("", Json, id="empty"),
        pytest.param(None, Json, id="null"),
        pytest.param(7, Json, id="number"),
        pytest.param(["int"], Json, id="list"),
    ],
)
def test_type(declared: object, data_type: type[DataType]) -> None:
    """A type that nobody knows is passed on as JSON."""
    parameter = parse_input({"type": declared, "specs": [{"id": "day"}]})
    assert type(parameter.type) is data_type
    assert (parameter.id, parameter.name) == ("level", "Level")


@pytest.mark.parametrize(
    "define",
    [
        pytest.param(MISSING, id="missing"),
        pytest.param(None, id="null"),
        pytest.param({}, id="empty"),
        pytest.param("int", id="text"),
        pytest.param([{"type": "int"}], id="list"),
    ],
)
def test_no_definition(define: object) -> None:
    """An input that is not defined is passed on as JSON."""
    assert parse_input(define) == Parameter(id="level", name="Level", type=Json())


NO_LIMIT = [
    pytest.param(MISSING, id="missing"),
    pytest.param(None, id="null"),
    pytest.param("", id="empty"),
    pytest.param("undefined", id="undefined"),
    pytest.param("NaN", id="nan-text"),
    pytest.param("Infinity", id="infinity-text"),
    pytest.param("-inf", id="inf-text"),
    pytest.param("1e400", id="overflow-text"),
    pytest.param(float("nan"), id="nan"),
    pytest.param(float("inf"), id="infinity"),
    pytest.param(float("-inf"), id="minus-infinity"),
    pytest.param("9" * 5000, id="endless-text"),
    pytest.param(10**400, id="endless"),
    pytest.param("9" * 30, id="long-text"),
    pytest.param(2**63, id="beyond-64-bits"),
    pytest.param("0x10", id="hexadecimal"),
    pytest.param("1_000", id="underscore"),
    pytest.param("１０", id="full-width"),
    pytest.param("10 kg", id="with-unit"),
    pytest.param(True, id="bool"),
    pytest.param([5], id="list"),
    pytest.param({"value": 5}, id="object"),
]


@pytest.mark.parametrize("limit", NO_LIMIT)
@pytest.mark.parametrize("key", ["min", "max", "start", "step"])
@pytest.mark.parametrize("data_type", ["int", "float"])
def test_senseless_limit_is_no_limit(key: str, limit: object, data_type: str) -> None:
    """What is no finite number of a usable size limits nothing."""
    define = {"type": data_type, "min": 1, "max": 9, "start": 5, "step": 2}
    del define[key]
    parameter = parse_input(define if limit is MISSING else define | {key: limit})
    expected = {
        "min": (None, 9, 5, 2),
        "max": (1, None, 5, 2),
        "start": (1, 9, None, 2),
        "step": (1, 9, 5, 1 if data_type == "int" else None),
    }[key]
    assert expected == (
        parameter.type.minimum,
        parameter.type.maximum,
        parameter.type.start,
        parameter.type.step,
    )


@pytest.mark.parametrize("limit", NO_LIMIT)
@pytest.mark.parametrize("key", ["min", "max"])
def test_senseless_length_is_no_limit(key: str, limit: object) -> None:
    """The length of a text is limited by finite numbers alone."""
    define = {"type": "string", "min": 1, "max": 9}
    del define[key]
    parameter = parse_input(define if limit is MISSING else define | {key: limit})
    expected = (None, 9) if key == "min" else (1, None)
    assert (parameter.type.minimum, parameter.type.maximum) == expected


@pytest.mark.parametrize(
    ("declared", "limit"),
    [
        ("10", 10),
        (10, 10),
        (10.0, 10),
        ("10.0", 10),
        ("24.5", 24.5),
        (24.5, 24.5),
        ("+7", 7),
        (" 7 ", 7),
        ("1e3", 1000),
        ("0", 0),
        ("2222222222", 2_222_222_222),
        ("4300000000", 4_300_000_000),
        (4_300_000_000, 4_300_000_000),
        ("9007199254740992", 2**53),
        (-(2.0**53), -(2**53)),
    ],
    ids=repr,
)
def test_limit(declared: object, limit: float) -> None:
    """Limits come as texts and as numbers, whole ones become exact integers."""
    parameter = parse_input({"type": "float", "max": declared})
    assert parameter.type.maximum == limit
    assert type(parameter.type.maximum) is type(limit)


@pytest.mark.parametrize("data_type", ["int", "float", "string"])
@pytest.mark.parametrize("limit", [2**53 + 1, "9223372036854775807", 10**30, 1e300])
def test_limit_beyond_all(data_type: str, limit: float | str) -> None:
    """What cannot be shown and set exactly is no limit, step or start."""
    below = limit if isinstance(limit, str) else -limit
    for key, value in (
        ("min", below),
        ("max", limit),
        ("step", limit),
        ("start", limit),
    ):
        parameter = parse_input({"type": data_type, key: value})
        assert (
            parameter.type.minimum,
            parameter.type.maximum,
            parameter.type.start,
        ) == (None,) * 3
        assert getattr(parameter.type, "step", None) == (
            1 if data_type == "int" else None
        )
    parameter = parse_input({"type": data_type, "min": 3, "max": limit})
    assert (parameter.type.minimum, parameter.type.maximum) == (3, None)


def test_step_beyond_the_range() -> None:
    """A step that leads out of the range at once is none."""
    limits = {"min": 0, "max": 10}
    assert parse_input({"type": "float", "step": 11, **limits}).type.step is None
    assert parse_input({"type": "int", "step": 11, **limits}).type.step == 1
    assert parse_input({"type": "int", "step": 10, **limits}).type.step == 10


@pytest.mark.parametrize("data_type", ["int", "float", "string"])
def test_crossed_limits(data_type: str) -> None:
    """A minimum above the maximum drops both; an equal one is kept."""
    crossed = parse_input({"type": data_type, "min": "10", "max": "9"})
    assert (crossed.type.minimum, crossed.type.maximum) == (None, None)
    equal = parse_input({"type": data_type, "min": "9", "max": "9"})
    assert (equal.type.minimum, equal.type.maximum) == (9, 9)


@pytest.mark.parametrize(
    ("data_type", "start", "expected"),
    [
        ("int", "1", 1),
        ("int", "10", 10),
        ("int", "0", None),
        ("int", "11", None),
        ("int", "1.5", None),
        ("int", "2.0", 2),
        ("float", "1.5", 1.5),
        ("float", "10.1", None),
        ("float", "0.9", None),
    ],
)
def test_start(data_type: str, start: str, expected: float | None) -> None:
    """A start is kept only where it is a value that would be accepted."""
    define = {"type": data_type, "min": "1", "max": "10", "start": start}
    assert parse_input(define).type.start == expected


@pytest.mark.parametrize(
    ("data_type", "step", "expected"),
    [
        ("int", "2", 2),
        ("int", "0", 1),
        ("int", "-1", 1),
        ("int", "0.5", 1),
        ("float", "0.5", 0.5),
        ("float", "0", None),
        ("float", "-0.1", None),
        ("float", "1e-9", 1e-9),
    ],
)
def test_step(data_type: str, step: str, expected: float | None) -> None:
    """A step is above zero; that of an integer is whole and 1 by default."""
    assert parse_input({"type": data_type, "step": step}).type.step == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("%", "%"), (" oC ", "oC"), ("undefined", ""), (None, ""), (5, ""), ([], "")],
    ids=repr,
)
def test_unit(unit: object, expected: str) -> None:
    """A unit is a text, and not the word that stands for none."""
    assert parse_input({"type": "int", "unit": unit}).type.unit == expected


def test_zero_is_no_length() -> None:
    """A text that could only be empty has no limits."""
    parameter = parse_input({"type": "string", "min": "0", "max": "0"})
    assert (parameter.type.minimum, parameter.type.maximum) == (None, None)


@pytest.mark.parametrize(
    "mapping",
    [
        pytest.param(MISSING, id="missing"),
        pytest.param(None, id="null"),
        pytest.param({}, id="empty"),
        pytest.param("0:off", id="text"),
        pytest.param(["off", "on"], id="list"),
    ],
)
def test_bool_without_mapping(mapping: object) -> None:
    """A bool has its two values even where the template names none."""
    define: dict[str, object] = {"type": "bool"}
    if mapping is not MISSING:
        define["mapping"] = mapping
    assert parse_input(define).type.choices == {"0": "0", "1": "1"}


@pytest.mark.parametrize(
    ("data_type", "mapping", "choices"),
    [
        pytest.param("bool", {"1": "On"}, {"0": "0", "1": "On"}, id="bool-half"),
        pytest.param(
            "bool",
            {"1": "On", "0": "Off", "": "?"},
            {"0": "Off", "1": "On"},
            id="bool-no-key",
        ),
        pytest.param(
            "bool", {"True": "On", "false": "Off"}, {"0": "Off", "1": "On"}, id="truths"
        ),
        pytest.param(
            "enum",
            {"2": "Blue", "0": "Red"},
            {"2": "Blue", "0": "Red"},
            id="order-is-kept",
        ),
        pytest.param("enum", {"0": "Only"}, {"0": "Only"}, id="single"),
        pytest.param("enum", {"-1": "Back"}, {"-1": "Back"}, id="negative"),
        pytest.param(
            "enum",
            {"a": "A", "1.5": "B", "": "C", "1": "D"},
            {"1": "D"},
            id="no-digits",
        ),
        pytest.param(
            "stringenum", {"": "None", "a\n": "A", "b": "B"}, {"b": "B"}, id="no-key"
        ),
        pytest.param(
            "stringenum",
            {"a": "", "b": None, "c": 5, "红": "红色"},
            {"a": "a", "b": "b", "c": "c", "红": "红色"},
            id="no-label",
        ),
    ],
)
def test_choices(data_type: str, mapping: Any, choices: dict[str, str]) -> None:
    """Choices are those keys that can be sent; one without a label is its own."""
    parsed = parse_input({"type": data_type, "mapping": mapping}).type.choices
    assert list(parsed.items()) == list(choices.items())


@pytest.mark.parametrize(
    "mapping",
    [
        {"disarmed": "撤防", "arm": "布防", "home": "在家"},
        {"on": "On", "off": "Off"},
        {"0": "Off", "1": "On", "2": "Auto"},
        {"0": "Off", "auto": "Auto"},
        {"2": "Auto"},
    ],
)
def test_bool_with_other_keys(mapping: dict[str, str]) -> None:
    """A bool that has more to choose from than two values is a choice of texts."""
    parsed = parse_input({"type": "bool", "mapping": mapping})
    assert type(parsed.type) is Choice
    assert list(parsed.type.choices.items()) == list(mapping.items())


@pytest.mark.parametrize("limit", ["min", "max", "step", "start"])
def test_calculated_limit(limit: str) -> None:
    """A limit is rounded as values are, so that it allows itself."""
    parameter = parse_input({"type": "float", limit: 0.1 * 3})
    name = {"min": "minimum", "max": "maximum"}.get(limit, limit)
    assert getattr(parameter.type, name) == 0.3


def test_negative_length_limits_nothing() -> None:
    """An empty text needs a template that says so, and -1 says nothing."""
    parameter = parse_input({"type": "string", "min": "-1", "max": "5"})
    assert (parameter.type.minimum, parameter.type.maximum) == (None, 5)
