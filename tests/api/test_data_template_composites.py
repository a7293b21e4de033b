"""Structures and lists in data templates: their members, as far as they can be used."""

from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.data_template import (
    TYPES,
    Array,
    Bool,
    Integer,
    Json,
    Parameter,
    Struct,
    Text,
)
from tests.api.helpers import parse_input, send

LEVEL = {"id": "level", "name": "亮度", "dataType": {"type": "int", "max": "9"}}
PARSED_LEVEL = Parameter(id="level", name="亮度", type=Integer(maximum=9, step=1))


def test_members() -> None:
    """A structure has its members in the template's order, each with its type."""
    inner = {"type": "struct", "specs": [LEVEL]}
    specs = [LEVEL, {"id": "on", "dataType": {"type": "bool"}}]
    specs.append({"id": "inner", "name": "Inner", "dataType": inner})
    assert parse_input({"type": "struct", "specs": specs}).type == Struct(
        members=(
            PARSED_LEVEL,
            Parameter(id="on", name="on", type=Bool(choices={"0": "0", "1": "1"})),
            Parameter(id="inner", name="Inner", type=Struct(members=(PARSED_LEVEL,))),
        )
    )


@pytest.mark.parametrize(
    ("info", "item"),
    [
        pytest.param({"type": "int", "max": "9"}, Integer(maximum=9, step=1), id="int"),
        pytest.param({"type": "string", "max": "9"}, Text(maximum=9), id="text"),
        pytest.param(
            {"type": "struct", "specs": [LEVEL]},
            Struct(members=(PARSED_LEVEL,)),
            id="struct",
        ),
        pytest.param({"type": "enum", "mapping": {}}, Json(), id="no-choices"),
        pytest.param({"type": "int32"}, Json(), id="unknown"),
        pytest.param([LEVEL], Json(), id="list"),
        pytest.param(None, Json(), id="null"),
    ],
)
def test_items(info: object, item: object) -> None:
    """All items of a list are of one type, of any where that cannot be read."""
    assert parse_input({"type": "array", "arrayInfo": info}).type == Array(item=item)


@pytest.mark.parametrize(
    "member",
    [
        pytest.param(None, id="null"),
        pytest.param("level", id="text"),
        pytest.param({"dataType": {"type": "int"}}, id="no-id"),
        pytest.param({"id": "a b", "dataType": {"type": "int"}}, id="bad-id"),
        pytest.param({"id": "a", "dataType": {"type": "enum"}}, id="no-choices"),
        pytest.param({"id": "level", "dataType": {"type": "bool"}}, id="twice"),
    ],
)
def test_broken_member(member: object) -> None:
    """A member that cannot be used is left out, and takes nothing else away."""
    define = {"type": "struct", "specs": [LEVEL, member]}
    assert parse_input(define).type == Struct(members=(PARSED_LEVEL,))


def test_most_members() -> None:
    """A structure of very many members has the first of them."""
    specs = [{"id": str(number)} for number in range(200)]
    kind = parse_input({"type": "struct", "specs": specs}).type
    assert isinstance(kind, Struct)
    assert [member.id for member in kind.members] == [str(x) for x in range(100)]


@pytest.mark.parametrize(
    ("define", "value"),
    [
        ({"type": "struct", "specs": [LEVEL]}, {"level": 99, "other": [None]}),
        ({"type": "struct", "specs": [LEVEL]}, {}),
        ({"type": "array", "arrayInfo": {"type": "int", "max": "9"}}, ["text", 99]),
    ],
)
def test_any_value_is_sent(define: dict[str, Any], value: object) -> None:
    """What an object or a list has inside is for the device to judge."""
    assert send(parse_input(define), value) == value


def test_names_of_types() -> None:
    """A type is found by the name that it has."""
    mapping = {"0": "a", "1": "b"}
    for name, kind in TYPES.items():
        parsed = parse_input({"type": name, "mapping": mapping}).type
        assert type(parsed) is kind
        assert parsed.name == name
