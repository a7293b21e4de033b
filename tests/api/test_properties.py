"""Promises that hold for every data template and for whatever an action is called with."""

from dataclasses import asdict
from datetime import datetime
import json
import math
import re

from hypothesis import assume, example, given, strategies as st
import pytest

from homeassistant.helpers.json import json_bytes

from custom_components.tencent_iot_explorer.api.data_template import (
    Array,
    Bool,
    Choice,
    DataTemplate,
    DataType,
    DeviceAction,
    Enum,
    EventType,
    Number,
    Parameter,
    Problem,
    Struct,
    Text,
    TimeSettings,
    Timestamp,
    parse_data_template,
)
from custom_components.tencent_iot_explorer.api.device_client import _action_parameters
from custom_components.tencent_iot_explorer.api.errors import InvalidDataTemplateError
from custom_components.tencent_iot_explorer.api.values import InvalidValueError, to_wire
from tests.api.helpers import (
    MILLISECONDS,
    SECONDS,
    declare,
    declare_input,
    make_action,
    parse_actions,
    parse_input,
    send,
)
from tests.api.strategies import (
    ACTIONS,
    CIRCLE,
    DEFINES,
    EVENTS,
    PROPERTIES,
    TEMPLATE_TEXTS,
    TEMPLATES,
    Endless,
    Huge,
    calls,
    double,
    nearly,
    nest,
    parse_parameter,
    write,
)

GOOD = {"id": "good", "name": "Good", "input": [declare_input({"type": "int"})]}
ALL_TIMES = st.sampled_from((MILLISECONDS, SECONDS))
LARGEST = 2**63 - 1
TOO_MANY = {str(number): "x" * 500 for number in range(1001)}


def one_action(**parts: object) -> str:
    """Return a data template with one action."""
    return write({"actions": [{"id": "go", **parts}]})


def assert_sound_parameter(parameter: Parameter) -> None:
    """Insist on an id, a name and a type that makes sense."""
    assert re.fullmatch("[A-Za-z0-9_-]{1,128}", parameter.id)
    assert 0 < len(parameter.name) <= 255
    assert_sound_type(parameter.type)


def assert_sound_type(kind: DataType) -> None:
    """Insist on limits that leave something to choose."""
    if isinstance(kind, Number):
        assert len(kind.unit) <= 128
        for limit in (kind.start, kind.step):
            assert limit is None or abs(limit) <= 2**53
        assert kind.step is None or kind.step > 0
    if isinstance(kind, Number | Text):
        minimum = -math.inf if kind.minimum is None else kind.minimum
        maximum = math.inf if kind.maximum is None else kind.maximum
        assert minimum <= maximum
        assert kind.start is None or minimum <= kind.start <= maximum
        for limit in (kind.minimum, kind.maximum):
            assert limit is None or abs(limit) <= 2**53
    if isinstance(kind, Choice):
        assert not isinstance(kind, Bool) or [*kind.choices] == ["0", "1"]
        assert 0 < len(kind.choices) <= 1000
        for text in (*kind.choices, *kind.choices.values()):
            assert 0 < len(text) <= 1024
    if isinstance(kind, Array):
        assert_sound_type(kind.item)
    if isinstance(kind, Struct):
        assert len({member.id for member in kind.members}) == len(kind.members) <= 100
        for member in kind.members:
            assert_sound_parameter(member)


def assert_sound_parameters(*parameters: Parameter) -> None:
    """Insist on a few parameters with different ids."""
    assert len({parameter.id for parameter in parameters}) == len(parameters) <= 100
    for parameter in parameters:
        assert_sound_parameter(parameter)


def assert_sound(template: DataTemplate) -> None:
    """Insist on what the rest of the integration relies on."""
    for kind in (template.actions, template.properties, template.events):
        assert len(kind) <= 1000
        for identifier, item in kind.items():
            assert identifier == item.id
            assert re.fullmatch("[A-Za-z0-9_-]{1,128}", item.id)
            assert 0 < len(item.name) <= 255
    for action in template.actions.values():
        assert len(action.description) <= 1024
        assert_sound_parameters(*action.inputs)
        assert_sound_parameters(*action.outputs)
    for declared in template.properties.values():
        assert_sound_type(declared.type)
    for event in template.events.values():
        assert event.type in EventType
        assert_sound_parameters(*event.parameters)
    for unusable in (
        template.unusable,
        template.unusable_properties,
        template.unusable_events,
    ):
        for name, reason in unusable.items():
            assert 0 < len(name) <= 300
            assert 0 < len(reason) <= 400
    json_bytes(asdict(template))
    json.dumps(asdict(template), allow_nan=False, ensure_ascii=False).encode()


@given(TEMPLATE_TEXTS)
@example("[" * 100_000)
@example(write({"actions": "<too deep>"}))
@example(write({"version": "<deep>", "actions": [GOOD, {"id": "a", "b": "<deep>"}]}))
@example(write({"actions": ["<endless digits>"]}))
@example(one_action(name="<digits>", input=[declare_input({"max": "<digits>"})]))
@example(write(float("nan")))
@example(one_action(input=[declare_input({"type": "<deep>", "min": "<deep>"})]))
@example(one_action(input=[declare_input({"type": "int", "min": float("nan")})]))
@example(one_action(input=[declare_input({"type": "float", "max": float("inf")})]))
@example(one_action(input=[declare_input({"type": "int", "max": 5, "start": 6})]))
@example(one_action(input=[declare_input({"type": "int", "min": 5, "start": 4})]))
@example(one_action(name="\ud800", desc="\ud800"))
@example(one_action(id="\ud800"))
@example(one_action(id="x" * 129))
@example(one_action(name="x" * 100_000, desc="x" * 100_000))
@example(write({"actions": [{"id": str(number)} for number in range(1001)]}))
@example(one_action(input=[declare_input({}, id=f"i{n}") for n in range(101)]))
@example(one_action(input=[declare_input({"type": "enum", "mapping": TOO_MANY})]))
@example(write({"properties": "<too deep>", "events": [{"id": "a"}]}))
@example(write({"properties": [{"id": "a", "define": "<deep>"}], "events": "<deep>"}))
@example(write({"properties": [{"id": "a", "name": "<digits>", "mode": "<digits>"}]}))
@example(write({"properties": [{"id": "a", "name": "\ud800", "mode": "\ud800"}]}))
@example(write({"properties": [{"id": str(number)} for number in range(1001)]}))
@example(write({"events": [{"id": "a", "type": "\ud800"}, {"id": "b", "type": []}]}))
@example(write({"events": [{"id": "a", "type": "info", "params": "<deep>"}]}))
def test_template(text: str) -> None:
    """A data template is read as far as it is usable, always alike, or refused."""
    try:
        template = parse_data_template(text)
    except InvalidDataTemplateError:
        return
    assert_sound(template)
    assert parse_data_template(text) == template


@given(TEMPLATES)
def test_nearly_right_template(document: object) -> None:
    """A data template that is an object is never refused for a part of it."""
    assert_sound(parse_data_template(write(document)))


@given(st.lists(nearly(ACTIONS), max_size=3), st.lists(nearly(ACTIONS), max_size=3))
@example([{"id": "go", "input": "<deep>"}], [{"id": "x" * 129}])
@example([{"id": "go", "input": [{"id": "\ud800"}]}], [None, [], "good"])
def test_broken_action(before: list[object], after: list[object]) -> None:
    """Nothing that stands beside a good action changes it or takes it away."""
    others = [*before, *after]
    assume(not any(isinstance(raw, dict) and raw.get("id") == "good" for raw in others))
    template = parse_data_template(write({"actions": [*before, GOOD, *after]}))
    assert template.actions["good"] == parse_actions(GOOD).actions["good"]
    assert "good" not in template.unusable


@given(
    st.sampled_from(("properties", "events")),
    st.lists(nearly(PROPERTIES) | nearly(EVENTS), max_size=3),
    st.lists(nearly(PROPERTIES) | nearly(EVENTS), max_size=3),
)
@example("properties", ["<deep>"], [{"id": "x" * 129, "define": "<deep>"}])
@example("events", [{"id": "a", "type": "info", "params": "<deep>"}], [None, []])
def test_broken_report(kind: str, before: list[object], after: list[object]) -> None:
    """Nothing that stands beside a good property or event takes it away."""
    others = [*before, *after]
    assume(not any(isinstance(raw, dict) and raw.get("id") == "good" for raw in others))
    good = {"id": "good", "name": "Good", "type": "info", "define": {"type": "int"}}
    alone = parse_data_template(write({kind: [good]}))
    template = parse_data_template(write({kind: [*before, good, *after]}))
    assert getattr(template, kind)["good"] == getattr(alone, kind)["good"]
    assert "good" not in getattr(template, f"unusable_{kind}")


def assert_sent(parameter: Parameter, value: object) -> None:
    """Insist on a value as the devices expect it."""
    assert value is not None
    match parameter.type:
        case Bool():
            assert type(value) is int
            assert value in (0, 1)
        case Choice():
            assert type(value) is (int if isinstance(parameter.type, Enum) else str)
            assert str(value) in parameter.type.choices
        case Text():
            assert type(value) is str
        case Struct():
            assert type(value) is dict
        case Array():
            assert type(value) is list
        case Timestamp():
            assert type(value) is int
            assert value >= 0
        case Number(minimum=minimum, maximum=maximum, is_whole=is_whole):
            assert type(value) in (int, float)
            assert not is_whole or type(value) is int
            assert math.isfinite(value)
            assert minimum is None or value >= minimum
            assert maximum is None or value <= maximum


def tuples(levels: int) -> tuple[object, ...]:
    """Return so many tuples inside each other."""
    return (tuples(levels - 1),) if levels else ()


RAW = make_action(declare("raw"))
NUMBER = make_action(declare("int"))
TEXT = make_action(declare("string"), declare("string", "y"))


@given(calls(), ALL_TIMES)
@example((RAW, {"x": Endless([nest(1, 100_000)])}), SECONDS)
@example((RAW, {"x": double(31)}), SECONDS)
@example((RAW, {"x": double(60)}), SECONDS)
@example((RAW, {"x": CIRCLE}), SECONDS)
@example((RAW, {"x": tuples(33)}), SECONDS)
@example((RAW, {"x": Huge(10**5000)}), SECONDS)
@example((RAW, {"x": {float("nan"): float("inf")}}), SECONDS)
@example((RAW, {"x": {"\ud800": ["\ud800"]}}), SECONDS)
@example((RAW, {"x": {1: 2, "1": -0.0}}), SECONDS)
@example((NUMBER, {"x": Huge(10**5000)}), SECONDS)
@example((NUMBER, {"x": float("nan")}), SECONDS)
@example((NUMBER, {"x": "9" * 5000}), SECONDS)
@example((NUMBER, {"\ud800": 1}), SECONDS)
@example((TEXT, {"x": "\ud800", "y": "a"}), SECONDS)
@example((TEXT, {"x": "a" * 65_536, "y": "a"}), SECONDS)
def test_call(
    call: tuple[DeviceAction, dict[str, object]], times: TimeSettings
) -> None:
    """An action gets exactly its inputs, as its devices expect them, or none is sent."""
    action, values = call
    try:
        wire = to_wire(action, values, times)
    except InvalidValueError:
        return
    assert list(wire) == [parameter.id for parameter in action.inputs]
    for parameter in action.inputs:
        assert_sent(parameter, wire[parameter.id])
    text = json.dumps(wire, allow_nan=False, ensure_ascii=False)
    assert len(text.encode()) < 2 * 65_536
    assert json.dumps(to_wire(action, wire, times), ensure_ascii=False) == text


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5), st.integers(0, 4))
def test_too_much(texts: list[str], position: int) -> None:
    """Inputs that no message can hold are refused, and the largest is named."""
    largest = position % len(texts)
    texts[largest] = "x" * 65_535
    inputs = [declare("string", f"i{number}") for number in range(len(texts))]
    values = {item.id: text for item, text in zip(inputs, texts, strict=True)}
    with pytest.raises(InvalidValueError) as raised:
        to_wire(make_action(*inputs), values, MILLISECONDS)
    assert raised.value.problem is Problem.TOO_LARGE
    assert raised.value.parameter == f"i{largest}"


def spellings(number: float) -> list[object]:
    """Return all ways in which people and templates give a number."""
    found: list[object] = [number, str(number), f" {number} "]
    if abs(number) <= 2**53:
        found += [float(number), str(float(number))]
    return found


@given(
    st.lists(st.integers(-LARGEST, LARGEST), min_size=3, max_size=3),
    st.sampled_from(("int", "float")),
    st.booleans(),
)
@example([-LARGEST, 0, LARGEST], "int", True)
@example([2**53 - 1, 2**53, 2**53 + 1], "float", False)
def test_whole_number(numbers: list[int], data_type: str, as_text: bool) -> None:
    """A whole number within the limits is accepted in every spelling, and sent alike."""
    low, number, high = sorted(numbers)
    limits = map(str, (low, high)) if as_text else (low, high)
    define = dict(zip(("min", "max"), limits, strict=True), type=data_type)
    parameter = parse_input(define)
    for value in spellings(number):
        found = send(parameter, value)
        assert type(found) is int
        assert found == number


@given(st.lists(st.floats(-1e15, 1e15), min_size=3, max_size=3))
@example([-0.0, 0.0, 5e-324])
@example([0.1 * 3, 0.1 * 3, 0.1 * 3])
@example([1.0, 2.0, 2.0000000000000004])
def test_fraction(numbers: list[float]) -> None:
    """A number within the limits is accepted in every spelling, and sent alike."""
    low, number, high = sorted(numbers)
    parameter = parse_input({"type": "float", "min": low, "max": high})
    (sent,) = {send(parameter, value) for value in spellings(number)}
    assert sent == (number if number.is_integer() else float(f"{number:.15g}"))


# A number as the parsers of small devices know it, which stop at anything else.
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(0.00005)
@example(1e-7)
@example(1e16)
@example(-1.5e300)
@example(5e-324)
@example(0.1 * 3)
def test_plain_number(number: float) -> None:
    """No device meets an exponent, and each reads the number that was meant."""
    inputs = [declare("float"), declare("raw", "y"), declare("struct", "z")]
    values = {"x": number, "y": number, "z": {"deep": [number]}}
    if abs(number) >= 2**63:
        del inputs[0], values["x"]
    wire = to_wire(make_action(*inputs), values, SECONDS)
    text = _action_parameters("P", "device", "go", wire)["InputParams"]
    assert isinstance(text, str)
    found = re.findall(r"[-+.\deE]*\d[-+.\deE]*", text)
    assert len(found) == len(values)
    assert len(set(found)) == 1
    assert PLAIN_NUMBER.fullmatch(found[0])
    assert math.isclose(float(found[0]), number, rel_tol=1e-14, abs_tol=5e-324)
    assert json.loads(text) == wire


@given(calls(), ALL_TIMES)
def test_written_call(
    call: tuple[DeviceAction, dict[str, object]], times: TimeSettings
) -> None:
    """What is written is compact JSON of what is sent, in ASCII."""
    action, values = call
    try:
        wire = to_wire(action, values, times)
    except InvalidValueError:
        return
    text = _action_parameters("P", "device", "go", wire)["InputParams"]
    assert isinstance(text, str)
    assert text.isascii()
    assert json.loads(text) == wire
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert not re.search(r"\s|\d[eE]", bare)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_text_that_became_a_number(number: float) -> None:
    """A text is the number that a template made of it, and has no exponent."""
    sent = send(declare("string"), number)
    assert isinstance(sent, str)
    assert PLAIN_NUMBER.fullmatch(sent)
    assert type(number)(sent) == number


@given(DEFINES, st.sampled_from(("bool", "enum", "stringenum")))
@example({"mapping": {"0": "on", "1": "off"}}, "bool")
@example({"mapping": {"0": "1", "1": "0"}}, "bool")
@example({"mapping": {"0": "1.0"}}, "bool")
@example({"mapping": {"1": "2", "2": "1", "true": "false"}}, "stringenum")
def test_choice(define: dict[str, object], data_type: str) -> None:
    """A choice is the same by its key and by a label of its own."""
    parameter = parse_parameter(declare_input(define | {"type": data_type}))
    assume(parameter)
    assert parameter
    assert isinstance(parameter.type, Choice)
    choices = parameter.type.choices
    labels = list(choices.values())
    for key, label in choices.items():
        sent = send(parameter, key)
        assert str(sent) == key
        if labels.count(label) == 1 and label not in choices:
            assert send(parameter, label) == sent
        if isinstance(parameter.type, Bool | Enum):
            assert send(parameter, int(key)) == sent
            # A label that is written like it comes first, as people see labels.
            written = str(float(key)) in labels
            assert int(key) > 2**53 or written or send(parameter, float(key)) == sent


@given(st.datetimes(datetime(1970, 1, 2), timezones=st.timezones()), ALL_TIMES)
def test_time(moment: datetime, times: TimeSettings) -> None:
    """A moment is sent alike as a time of any zone and as a text."""
    parameter = declare("timestamp")
    sent = send(parameter, moment, times)
    assert send(parameter, moment.isoformat(), times) == sent
    assert send(parameter, str(moment), times) == sent


@given(st.text(), st.integers(0, 20), st.integers(1, 20))
def test_text(text: str, less: int, more: int) -> None:
    """A text within its limits is sent untouched."""
    length = len(text.encode("utf-16-le")) // 2
    define = {"min": str(max(length - less, 0)), "max": str(length + more)}
    assert send(parse_input({"type": "string", **define}), text) == text
