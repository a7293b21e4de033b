"""Data templates: what is read from them, and what is left out without harm."""

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    Bool,
    Choice,
    DataTemplate,
    DeviceAction,
    Enum,
    Integer,
    Number,
    Parameter,
    Text,
    Timestamp,
    parse_data_template,
)
from custom_components.tencent_iot_explorer.api.errors import InvalidDataTemplateError
from tests.api.helpers import MISSING, declare_input, parse_actions, parse_input


def reason(*inputs: object) -> str:
    """Return why an action with these inputs is left out; its neighbours are not."""
    template = parse_actions(
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
        Parameter(id="a", name="A", type=Bool(choices={"0": "0", "1": "开"})),
        Parameter(
            id="b",
            name="B",
            type=Integer(minimum=1, maximum=10, start=2, step=3, unit="份"),
        ),
        Parameter(
            id="c",
            name="C",
            type=Number(minimum=-0.5, maximum=1.5, start=0, step=0.1, unit="℃"),
        ),
        Parameter(id="d", name="D", type=Text(minimum=0, maximum=20)),
        Parameter(id="e", name="E", type=Enum(choices={"3": "红"})),
        Parameter(id="f", name="F", type=Choice(choices={"x": "X", "y": "Y"})),
        Parameter(id="g", name="G", type=Timestamp()),
    )
    template = parse_actions(
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
    assert reason(declare_input(define)) == "'level' has no choices"


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
    assert (
        reason(declare_input(define), declare_input(define))
        == "'level' is declared twice"
    )


def test_output_makes_action_unusable() -> None:
    """What cannot be read among the outputs is treated as among the inputs."""
    template = parse_actions({"id": "bad", "output": [5]}, {"id": "good"})
    assert list(template.actions) == ["good"]
    assert list(template.unusable) == ["bad"]


@pytest.mark.parametrize("item", BAD_IDENTIFIERS)
def test_action_without_identifier(item: object) -> None:
    """An action that cannot be called is left out and counted, not named."""
    template = parse_actions({"id": "good"}, item, {"id": "fine"})
    assert list(template.actions) == ["good", "fine"]
    assert len(template.unusable) == 1


@pytest.mark.parametrize("item", [None, True, 5, "action", ["action"]], ids=repr)
def test_action_is_no_object(item: object) -> None:
    """What is no object among the actions is left out and called by its position."""
    template = parse_actions({"id": "good"}, item)
    assert list(template.actions) == ["good"]
    assert template.unusable == {"number 2": "it is not an object"}


def test_action_declared_twice() -> None:
    """Of two actions with one id the first counts; ids differ by their case."""
    template = parse_actions(
        {"id": "go", "name": "First"}, {"id": "go", "name": "Second"}, {"id": "Go"}
    )
    assert template.actions["go"].name == "First"
    assert list(template.actions) == ["go", "Go"]
    assert template.unusable == {"go": "another action has the same id"}


def test_unusable_action_declared_twice() -> None:
    """Also an action that cannot be used is the first of its id."""
    broken = {"id": "go", "input": [{"id": "x", "define": {"type": "enum"}}]}
    template = parse_actions(broken, {"id": "go", "name": "Second"}, {"id": "stop"})
    assert list(template.actions) == ["stop"]
    assert template.unusable == {"go": "'x' has no choices"}


@pytest.mark.parametrize(
    "identifier",
    ["x/reboot", "喂食", "Open Door", " a ", "a.b", "é", "a:b", "x" * 129, "a\n", 5],
)
def test_identifier_is_refused(identifier: object) -> None:
    """An action with an id that the platform does not give is named and left out."""
    named = {"id": "named", "name": "Named"}
    template = parse_actions({"id": identifier}, named)
    assert list(template.actions) == ["named"]
    ((name, reason),) = template.unusable.items()
    assert name.startswith("number 1")
    assert str(identifier).strip() in reason
    assert "no id: it must be a text of at most 128 letters, digits, _ and -" in reason
    for part in ("input", "output"):
        template = parse_actions(named | {part: [{"id": identifier}]})
        assert template.unusable == {"named": reason}


def test_long_names() -> None:
    """Long names that are equal up to their end stay different, by their ids."""
    inputs = [{"id": key, "name": f"{'长' * 300}{key}"} for key in ("a", "b")]
    action = parse_actions({"id": "go", "name": "长" * 300, "input": inputs}).actions[
        "go"
    ]
    names = [action.name, *(item.name for item in action.inputs)]
    assert names == [
        f"{'长' * (255 - len(end))}{end}" for end in ("… (go)", "… (a)", "… (b)")
    ]


@pytest.mark.parametrize(
    "identifier",
    ["openDoor", "_sys_pre_next", "a-b", "-", "5", "x" * 128],
)
def test_identifier_is_kept(identifier: str) -> None:
    """An id is kept byte for byte, and an input may have the id of its action."""
    declared = [{"id": identifier, "define": {"type": "timestamp"}}]
    template = parse_actions({"id": identifier, "input": declared})
    action = template.actions[identifier]
    assert action.id == action.name == identifier
    assert [(item.id, item.name) for item in action.inputs] == [
        (identifier, identifier)
    ]


@pytest.mark.parametrize("name", [None, "", "  ", 5, ["Go"]], ids=repr)
def test_nameless(name: object) -> None:
    """Actions and inputs without a name are called by their id."""
    action = parse_actions({"id": "go", "name": name, "desc": name}).actions["go"]
    assert (action.name, action.description) == ("go", "")
    assert parse_input({"type": "int"}, name=name).name == "level"


def test_name_is_made_presentable() -> None:
    """A name can be stored and shown, whatever was sent."""
    action = parse_actions(
        {"id": "go", "name": " 开\ud800 ", "desc": "\udfff"}
    ).actions["go"]
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
    action = parse_actions(declared).actions["go"]
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
    template = parse_data_template(document)
    assert (template.actions, template.unusable) == ({}, {})


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
    """An action with a deeply nested part is left out, and harms no other."""
    deep = "[" * 5000 + "]" * 5000
    template = parse_data_template(
        '{"actions": [{"id": "good"}, {"id": "deep", "input":'
        f' [{{"id": "level", "define": {{"type": "int", "{key}": {deep}}}}}]}}]}}'
    )
    assert list(template.actions) == ["good"]
    assert template.unusable == {"deep": "it is nested more than 32 levels deep"}
