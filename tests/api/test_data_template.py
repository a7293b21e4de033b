"""Data templates: what is read from them, and what is left out without harm."""

import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    DataTemplate,
    DataType,
    DeviceAction,
    Parameter,
    parse_data_template,
)
from custom_components.tencent_iot_explorer.api.errors import InvalidDataTemplateError

MISSING = object()


def parse(*actions: object) -> DataTemplate:
    """Return what is read from a template with these actions."""
    return parse_data_template(json.dumps({"version": "1.0", "actions": actions}))


def declare(define: object = MISSING, **changes: object) -> dict[str, object]:
    """Return the declaration of an input."""
    declared: dict[str, object] = {"id": "level", "name": "Level"} | changes
    return declared if define is MISSING else declared | {"define": define}


def parse_input(define: object = MISSING, **changes: object) -> Parameter:
    """Return the only input of the only action of a template."""
    template = parse({"id": "go", "input": [declare(define, **changes)]})
    assert not template.unusable
    (parameter,) = template.actions["go"].inputs
    return parameter


def reason(*inputs: object) -> str:
    """Return why an action with these inputs is left out; its neighbours are not."""
    template = parse(
        {"id": "before"}, {"id": "bad", "input": list(inputs)}, {"id": "after"}
    )
    assert list(template.actions) == ["before", "after"]
    assert list(template.unusable) == ["bad"]
    return template.unusable["bad"]


def test_every_type() -> None:
    """Inputs and outputs of the seven types come in the template's order."""
    declared = [
        {"id": "a", "name": "A", "define": {"type": "bool", "mapping": {"1": "开"}}},
        {
            "id": "b",
            "name": "B",
            "define": {
                "type": "int",
                "min": "1",
                "max": "10",
                "start": "2",
                "step": "3",
                "unit": "份",
            },
        },
        {
            "id": "c",
            "name": "C",
            "define": {
                "type": "float",
                "min": "-0.5",
                "max": "1.5",
                "start": "0",
                "step": "0.1",
                "unit": "℃",
                "unitDesc": "degrees",
            },
        },
        {"id": "d", "name": "D", "define": {"type": "string", "min": "0", "max": "20"}},
        {"id": "e", "name": "E", "define": {"type": "enum", "mapping": {"3": "红"}}},
        {
            "id": "f",
            "name": "F",
            "define": {"type": "stringenum", "mapping": {"x": "X", "y": "Y"}},
        },
        {"id": "g", "name": "G", "define": {"type": "timestamp"}},
    ]
    expected = (
        Parameter(id="a", name="A", type=DataType.BOOL, choices={"0": "0", "1": "开"}),
        Parameter(
            id="b",
            name="B",
            type=DataType.INT,
            minimum=1,
            maximum=10,
            start=2,
            step=3,
            unit="份",
        ),
        Parameter(
            id="c",
            name="C",
            type=DataType.FLOAT,
            minimum=-0.5,
            maximum=1.5,
            start=0,
            step=0.1,
            unit="℃",
        ),
        Parameter(id="d", name="D", type=DataType.STRING, minimum=0, maximum=20),
        Parameter(id="e", name="E", type=DataType.ENUM, choices={"3": "红"}),
        Parameter(
            id="f", name="F", type=DataType.STRINGENUM, choices={"x": "X", "y": "Y"}
        ),
        Parameter(id="g", name="G", type=DataType.TIMESTAMP),
    )
    template = parse(
        {
            "id": "echo",
            "name": "Echo",
            "desc": "Says it again",
            "input": declared,
            "output": declared[::-1],
            "required": False,
            "from": "custom",
        }
    )
    assert template == DataTemplate(
        actions={
            "echo": DeviceAction(
                id="echo",
                name="Echo",
                description="Says it again",
                inputs=expected,
                outputs=expected[::-1],
            )
        },
        unusable={},
    )


@pytest.mark.parametrize(
    ("declared", "data_type"),
    [
        pytest.param("Int", DataType.INT, id="capital"),
        pytest.param("TIMESTAMP", DataType.TIMESTAMP, id="capitals"),
        pytest.param("struct", DataType.RAW, id="struct"),
        pytest.param("array", DataType.RAW, id="array"),
        pytest.param("int32", DataType.RAW, id="unknown"),
        pytest.param("", DataType.RAW, id="empty"),
        pytest.param(None, DataType.RAW, id="null"),
        pytest.param(7, DataType.RAW, id="number"),
        pytest.param(["int"], DataType.RAW, id="list"),
    ],
)
def test_type(declared: object, data_type: DataType) -> None:
    """A type that is not one of the seven is passed on as JSON."""
    parameter = parse_input({"type": declared, "specs": [{"id": "day"}]})
    assert parameter == Parameter(id="level", name="Level", type=data_type, step=1) or (
        parameter == Parameter(id="level", name="Level", type=data_type)
    )


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
    assert parse_input(define) == Parameter(id="level", name="Level", type=DataType.RAW)


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
        parameter.minimum,
        parameter.maximum,
        parameter.start,
        parameter.step,
    )


@pytest.mark.parametrize("limit", NO_LIMIT)
@pytest.mark.parametrize("key", ["min", "max"])
def test_senseless_length_is_no_limit(key: str, limit: object) -> None:
    """The length of a text is limited by finite numbers alone."""
    define = {"type": "string", "min": 1, "max": 9}
    del define[key]
    parameter = parse_input(define if limit is MISSING else define | {key: limit})
    expected = (None, 9) if key == "min" else (1, None)
    assert (parameter.minimum, parameter.maximum) == expected


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
        ("9007199254740993", 9_007_199_254_740_993),
        (2**63 - 1, 2**63 - 1),
    ],
    ids=repr,
)
def test_limit(declared: object, limit: float) -> None:
    """Limits come as texts and as numbers, whole ones become exact integers."""
    parameter = parse_input({"type": "float", "max": declared})
    assert parameter.maximum == limit
    assert type(parameter.maximum) is type(limit)


@pytest.mark.parametrize("data_type", ["int", "float", "string"])
def test_crossed_limits(data_type: str) -> None:
    """A minimum above the maximum drops both; an equal one is kept."""
    crossed = parse_input({"type": data_type, "min": "10", "max": "9"})
    assert (crossed.minimum, crossed.maximum) == (None, None)
    equal = parse_input({"type": data_type, "min": "9", "max": "9"})
    assert (equal.minimum, equal.maximum) == (9, 9)


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
    assert parse_input(define).start == expected


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
    assert parse_input({"type": data_type, "step": step}).step == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("%", "%"), (" oC ", "oC"), ("undefined", ""), (None, ""), (5, ""), ([], "")],
    ids=repr,
)
def test_unit(unit: object, expected: str) -> None:
    """A unit is a text, and not the word that stands for none."""
    assert parse_input({"type": "int", "unit": unit}).unit == expected


def test_zero_is_no_length() -> None:
    """A text that could only be empty has no limits."""
    parameter = parse_input({"type": "string", "min": "0", "max": "0"})
    assert (parameter.minimum, parameter.maximum) == (None, None)


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
    assert parse_input(define).choices == {"0": "0", "1": "1"}


@pytest.mark.parametrize(
    ("data_type", "mapping", "choices"),
    [
        pytest.param(
            "bool", {"1": "On", "2": "?"}, {"0": "0", "1": "On"}, id="bool-third"
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
    parsed = parse_input({"type": data_type, "mapping": mapping}).choices
    assert list(parsed.items()) == list(choices.items())


@pytest.mark.parametrize("data_type", ["enum", "stringenum"])
@pytest.mark.parametrize(
    "mapping",
    [pytest.param(MISSING, id="missing"), None, {}, [], "text", {"": "empty"}],
)
def test_no_choices(data_type: str, mapping: object) -> None:
    """An action with a choice between nothing is left out, the others are not."""
    define: dict[str, object] = {"type": data_type}
    if mapping is not MISSING:
        define["mapping"] = mapping
    assert reason(declare(define)) == "'level' has no choices"


BAD_IDENTIFIERS = [
    pytest.param({"name": "no id"}, id="missing"),
    pytest.param({"id": ""}, id="empty"),
    pytest.param({"id": None}, id="null"),
    pytest.param({"id": 5}, id="number"),
    pytest.param({"id": "a\nb"}, id="line-break"),
    pytest.param({"id": "a\u200bb"}, id="invisible"),
    pytest.param({"id": "a\ud800"}, id="half-a-character"),
]


@pytest.mark.parametrize("item", BAD_IDENTIFIERS)
def test_input_without_identifier(item: object) -> None:
    """An action with an input that cannot be named is left out."""
    assert "id" in reason(item)


@pytest.mark.parametrize("item", [None, 5, "level", ["level"]], ids=repr)
def test_input_is_no_object(item: object) -> None:
    """An action with an input that is no object is left out."""
    assert "object" in reason(item)


def test_input_declared_twice() -> None:
    """An action with two inputs of one id is left out."""
    define = {"type": "int"}
    assert reason(declare(define), declare(define)) == "'level' is declared twice"


def test_output_makes_action_unusable() -> None:
    """What cannot be read among the outputs is treated as among the inputs."""
    template = parse({"id": "bad", "output": [5]}, {"id": "good"})
    assert list(template.actions) == ["good"]
    assert list(template.unusable) == ["bad"]


@pytest.mark.parametrize("item", BAD_IDENTIFIERS)
def test_action_without_identifier(item: object) -> None:
    """An action that cannot be called is left out and counted, not named."""
    template = parse({"id": "good"}, item, {"id": "fine"})
    assert list(template.actions) == ["good", "fine"]
    assert len(template.unusable) == 1


@pytest.mark.parametrize("item", [None, True, 5, "action", ["action"]], ids=repr)
def test_action_is_no_object(item: object) -> None:
    """What is no object among the actions is left out and called by its place."""
    template = parse({"id": "good"}, item)
    assert list(template.actions) == ["good"]
    assert template.unusable == {"number 2": "it is not an object"}


def test_action_declared_twice() -> None:
    """Of two actions with one id the first counts; ids differ by their case."""
    template = parse(
        {"id": "go", "name": "First"}, {"id": "go", "name": "Second"}, {"id": "Go"}
    )
    assert template.actions["go"].name == "First"
    assert list(template.actions) == ["go", "Go"]
    assert template.unusable == {"go": "another action has the same id"}


@pytest.mark.parametrize(
    "identifier",
    ["喂食", "openDoor", "Open Door", " a ", "_sys_pre_next", "a.b-c/d", "é"],
)
def test_identifier_is_kept(identifier: str) -> None:
    """An id is kept byte for byte, and an input may have the id of its action."""
    declared = [{"id": identifier, "define": {"type": "timestamp"}}]
    template = parse({"id": identifier, "input": declared})
    action = template.actions[identifier]
    assert action.id == action.name == identifier
    assert [(item.id, item.name) for item in action.inputs] == [
        (identifier, identifier)
    ]


@pytest.mark.parametrize("name", [None, "", "  ", 5, ["Go"]], ids=repr)
def test_nameless(name: object) -> None:
    """Actions and inputs without a name are called by their id."""
    action = parse({"id": "go", "name": name, "desc": name}).actions["go"]
    assert (action.name, action.description) == ("go", "")
    assert parse_input({"type": "int"}, name=name).name == "level"


def test_name_is_made_presentable() -> None:
    """A name can be stored and shown, whatever was sent."""
    action = parse({"id": "go", "name": " 开\ud800 ", "desc": "\udfff"}).actions["go"]
    assert (action.name, action.description) == ("开?", "?")


@pytest.mark.parametrize(
    "value",
    [pytest.param(MISSING, id="missing"), None, {}, "", 5, {"0": {"id": "level"}}],
)
@pytest.mark.parametrize("key", ["input", "output"])
def test_no_inputs_or_outputs(key: str, value: object) -> None:
    """An action without a list of inputs or outputs has none."""
    declared: dict[str, object] = {"id": "go"}
    if value is not MISSING:
        declared[key] = value
    action = parse(declared).actions["go"]
    assert (action.inputs, action.outputs) == ((), ())


@pytest.mark.parametrize(
    "document",
    [
        "{}",
        '{"actions": null}',
        '{"actions": {}}',
        '{"actions": "none"}',
        '{"actions": []}',
        '{"version": "1.0", "properties": [{"id": "power"}], "events": []}',
    ],
)
def test_no_actions(document: str) -> None:
    """A template without actions is a template."""
    assert parse_data_template(document) == DataTemplate(actions={}, unusable={})


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("", id="empty"),
        pytest.param("12", id="number"),
        pytest.param("model", id="word"),
        pytest.param("null", id="null"),
        pytest.param("[]", id="list"),
        pytest.param('"{}"', id="text"),
        pytest.param('{"actions": [', id="truncated"),
        pytest.param("[" * 200_000 + "]" * 200_000, id="deep"),
        pytest.param('{"a": ' + "1" * 5000 + "}", id="endless-number"),
    ],
)
def test_no_template(document: str) -> None:
    """What is no JSON object is no template."""
    with pytest.raises(InvalidDataTemplateError):
        parse_data_template(document)


@pytest.mark.parametrize("key", ["type", "mapping", "min", "unit", "specs"])
def test_deep_definition(key: str) -> None:
    """A deeply nested part of a definition does no harm."""
    deep = "[" * 5000 + "]" * 5000
    template = parse_data_template(
        '{"actions": [{"id": "good"}, {"id": "deep", "input":'
        f' [{{"id": "level", "define": {{"type": "int", "{key}": {deep}}}}}]}}]}}'
    )
    assert list(template.actions) == ["good", "deep"]
