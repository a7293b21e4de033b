"""The properties and events of data templates, as far as they can be used."""

import json

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    Array,
    Choice,
    DataTemplate,
    EventType,
    Integer,
    Json,
    Parameter,
    Property,
    Struct,
    TemplateEvent,
    Text,
    parse_data_template,
)
from tests.api.helpers import declare_input

LEVEL = {"type": "int", "min": "0", "max": "9", "step": "1"}
PARSED_LEVEL = Integer(minimum=0, maximum=9, step=1)
NO_CHOICES = {"type": "enum", "mapping": {}}
LOW = {"id": "low", "name": "Low", "type": "alert", "params": []}


def parse_properties(*properties: object) -> DataTemplate:
    """Return what is read from a template with these properties."""
    return parse_data_template(json.dumps({"properties": properties}))


def parse_events(*events: object) -> DataTemplate:
    """Return what is read from a template with these events."""
    return parse_data_template(json.dumps({"events": events}))


def test_everything() -> None:
    """Actions, properties and events of one id are different things."""
    level = {"id": "low", "name": "级", "define": LEVEL}
    template = parse_data_template(
        json.dumps(
            {
                "actions": [{"id": "low", "name": "行"}],
                "properties": [{**level, "mode": "rw", "required": False}],
                "events": [LOW | {"params": [level], "required": True}],
            }
        )
    )
    parameter = Parameter(id="low", name="级", type=PARSED_LEVEL)
    declared = Property(id="low", name="级", type=PARSED_LEVEL, is_writable=True)
    event = TemplateEvent(
        id="low", name="Low", type=EventType.ALERT, parameters=(parameter,)
    )
    assert [*template.actions] == ["low"]
    assert template.properties == {"low": declared}
    assert template.events == {"low": event}
    assert declared.label == "级 (low)"
    assert event.label == "Low (low)"
    assert not template.unusable
    assert not template.unusable_properties
    assert not template.unusable_events


@pytest.mark.parametrize(
    ("mode", "is_writable"),
    [
        ("rw", True),
        ("RW", True),
        ("w", True),
        ("r", False),
        ("", False),
        (None, False),
        (["rw"], False),
    ],
)
def test_mode(mode: object, is_writable: bool) -> None:
    """What is not said to be writable is not written."""
    template = parse_properties({"id": "x", "define": LEVEL, "mode": mode})
    assert template.properties["x"].is_writable is is_writable


def test_without_mode() -> None:
    """A property of which nothing is said can be read, whatever it holds."""
    template = parse_properties({"id": "x"})
    assert template.properties == {"x": Property(id="x", name="x", type=Json())}


@pytest.mark.parametrize(
    ("define", "expected"),
    [
        (LEVEL, PARSED_LEVEL),
        ({"type": "string", "max": "64"}, Text(maximum=64)),
        (
            {"type": "stringenum", "mapping": {"cold": "制冷"}},
            Choice(choices={"cold": "制冷"}),
        ),
        (
            {"type": "struct", "specs": [{"id": "a", "name": "A", "dataType": LEVEL}]},
            Struct(members=(Parameter(id="a", name="A", type=PARSED_LEVEL),)),
        ),
        ({"type": "array", "arrayInfo": LEVEL}, Array(item=PARSED_LEVEL)),
        ({"type": "int", "step": "s", "max": "undefined"}, Integer(step=1)),
        ({"type": "complex"}, Json()),
        ("int", Json()),
    ],
)
def test_define(define: object, expected: object) -> None:
    """A property is of the same types as an input."""
    template = parse_properties({"id": "x", "define": define})
    assert template.properties["x"].type == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("info", EventType.INFO),
        ("alert", EventType.ALERT),
        ("fault", EventType.FAULT),
        ("Fault", EventType.FAULT),
    ],
)
def test_event_type(kind: str, expected: EventType) -> None:
    """An event is of one of three types."""
    assert parse_events(LOW | {"type": kind}).events["low"].type is expected


@pytest.mark.parametrize("kind", ["", "error", None, 1, ["info"], {"info": 1}])
def test_no_event_type(kind: object) -> None:
    """An event of no type cannot be searched for."""
    template = parse_events(LOW | {"type": kind}, LOW | {"id": "other"})
    assert [*template.events] == ["other"]
    assert template.unusable_events == {
        "low": "its type is none of info, alert and fault"
    }


@pytest.mark.parametrize("params", [None, "none", {}, 5, [None, "a", {}, [LOW]]])
def test_odd_parameters(params: object) -> None:
    """An event without usable parameters is an event."""
    assert parse_events(LOW | {"params": params}).events["low"].parameters == ()


def test_some_parameters() -> None:
    """What cannot be used of an event is left out, and takes nothing else away."""
    bad = declare_input(NO_CHOICES, id="bad")
    good = declare_input(LEVEL, id="good")
    template = parse_events(LOW | {"params": [{"id": "a b"}, bad, good]})
    (parameter,) = template.events["low"].parameters
    assert parameter.id == "good"


def test_parameter_declared_twice() -> None:
    """Of two parts with one id the first counts, also if it is unusable."""
    parts = [
        declare_input(LEVEL, id="a"),
        declare_input({"type": "string"}, id="a"),
        declare_input(NO_CHOICES, id="b"),
        declare_input(LEVEL, id="b"),
    ]
    (parameter,) = parse_events(LOW | {"params": parts}).events["low"].parameters
    assert parameter.type == PARSED_LEVEL
    specs = [{"id": part["id"], "dataType": part["define"]} for part in parts]
    struct = parse_properties({"id": "x", "define": {"type": "struct", "specs": specs}})
    assert struct.properties["x"].type == Struct(
        members=(Parameter(id="a", name="a", type=PARSED_LEVEL),)
    )


def test_most_parameters() -> None:
    """An event of very many parameters has the first of them."""
    params = [{"id": str(number)} for number in range(200)]
    parameters = parse_events(LOW | {"params": params}).events["low"].parameters
    assert [parameter.id for parameter in parameters] == [str(x) for x in range(100)]


def test_declared_twice() -> None:
    """Of several that have one id the first counts, also if it is unusable."""
    first = {"id": "a", "name": "First", "define": LEVEL}
    unusable = {"id": "b", "define": NO_CHOICES}
    template = parse_properties(
        first, unusable, first | {"name": "Second"}, unusable | {"define": LEVEL}
    )
    assert [item.name for item in template.properties.values()] == ["First"]
    assert template.unusable_properties == {
        "a": "another property has the same id",
        "b": "'b' has no choices",
    }
    template = parse_events(
        LOW, LOW | {"name": "Again"}, {"id": "b"}, LOW | {"id": "b"}
    )
    assert [item.name for item in template.events.values()] == ["Low"]
    assert template.unusable_events == {
        "low": "another event has the same id",
        "b": "its type is none of info, alert and fault",
    }


@pytest.mark.parametrize("kind", ["properties", "events"])
@pytest.mark.parametrize(
    ("declared", "name", "reason"),
    [
        (None, "number 1", "it is not an object"),
        ("x", "number 1", "it is not an object"),
        ([], "number 1", "it is not an object"),
        ({"type": "info"}, "number 1", "an id is missing"),
        ({"id": "a b", "type": "info"}, "number 1 (a b)", "'a b' is no id"),
        ({"id": 5, "type": "info"}, "number 1", "'5' is no id"),
        ({"id": "x" * 129, "type": "info"}, "number 1 (x", "is no id"),
    ],
)
def test_unusable(kind: str, declared: object, name: str, reason: str) -> None:
    """What cannot be used is left out with the reason, and takes nothing else away."""
    good = {"id": "good", "type": "info"}
    template = parse_data_template(json.dumps({kind: [declared, good]}))
    assert [*getattr(template, kind)] == ["good"]
    ((found_name, found_reason),) = getattr(template, f"unusable_{kind}").items()
    assert found_name.startswith(name)
    assert reason in found_reason


@pytest.mark.parametrize("kind", ["properties", "events"])
@pytest.mark.parametrize("raw", [None, {}, "none", 5, [], [[]], [None]])
def test_nothing(kind: str, raw: object) -> None:
    """Whatever stands in the place of one kind, the others can be used."""
    document = {"actions": [{"id": "go"}], kind: raw}
    template = parse_data_template(json.dumps(document))
    assert [*template.actions] == ["go"]
    assert not getattr(template, kind)


@pytest.mark.parametrize("kind", ["properties", "events"])
def test_most(kind: str) -> None:
    """A product has at most 1000 of a kind."""
    declared = [{"id": str(number), "type": "info"} for number in range(1001)]
    template = parse_data_template(json.dumps({kind: declared}))
    assert len(getattr(template, kind)) == 1000
    assert getattr(template, f"unusable_{kind}") == {
        "number 1001 and all after it": "a product may have 1000 at most"
    }
