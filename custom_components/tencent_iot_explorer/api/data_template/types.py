"""All types by name, and those made of others: `struct`, `array` and any unknown one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
import json
from typing import Self, cast, override

from ..identifiers import is_identifier
from ..numbers import round_number
from ..texts import decode_json, is_too_deep
from .base import (
    LARGEST_INPUTS,
    DataType,
    Problem,
    RefusedValueError,
    TimeSettings,
    UnusableError,
    WireValue,
)
from .choices import Bool, Choice, Enum
from .model import Parameter
from .numbers import Integer, Number, Timestamp
from .reading import read_identifier, read_list, read_mapping, read_name
from .texts import Text

_MOST_PARTS = 100
_ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Json(DataType):
    """Any value that is JSON: what a type that nobody knows is passed on as."""

    name: str = field(init=False, default="raw")

    @property
    @override
    def example(self) -> object:
        """Return an empty object."""
        return {}

    @override
    def to_wire(self, value: object, times: TimeSettings) -> WireValue:
        """Return any value that is JSON, and neither nested too deep nor too large.

        A text that holds an object or a list is that: no device expects JSON inside JSON.
        """
        if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
            try:
                value = decode_json(value)
            except ValueError as err:
                raise RefusedValueError(Problem.NOT_JSON) from err
        if is_too_deep(value):
            raise RefusedValueError(Problem.NOT_JSON)
        parts: list[str] = []
        left = LARGEST_INPUTS
        try:
            # Part by part: a list that holds another twice, and so on, would never end.
            for part in _ENCODER.iterencode(value):
                parts.append(part)
                left -= len(part)
                if left < 0:
                    raise RefusedValueError(Problem.TOO_LARGE)
            converted: WireValue = json.loads(
                "".join(parts).encode(), parse_float=_round_digits
            )
        except (TypeError, ValueError, RecursionError) as err:
            raise RefusedValueError(Problem.NOT_JSON) from err
        return converted


@dataclass(frozen=True, kw_only=True, slots=True)
class Struct(Json):
    """An object; `members` are the parts that the template declares, as far as usable.

    They say what a device sends. Whether a value has them is for the device to judge.
    """

    name: str = field(init=False, default="struct")
    members: tuple[Parameter, ...] = ()

    @classmethod
    @override
    def parse(cls, define: Mapping[str, object]) -> Self:
        """Return the members of `specs` that can be used."""
        return cls(members=parse_usable(define.get("specs"), "dataType"))

    @override
    def to_wire(self, value: object, times: TimeSettings) -> WireValue:
        """Return an object, which may also be given as its JSON text."""
        converted = super().to_wire(value, times)
        if not isinstance(converted, dict):
            raise RefusedValueError(Problem.NOT_AN_OBJECT)
        return converted

    @override
    def from_report(self, value: object) -> dict[str, object] | None:
        """Return the states of those members that are declared and were reported."""
        if not isinstance(value, dict):
            return None
        reported = cast(dict[str, object], value)
        return {
            member.id: member.type.from_report(reported[member.id])
            for member in self.members
            if member.id in reported
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Array(Json):
    """A list; each of its items is of the type `item`."""

    name: str = field(init=False, default="array")
    item: DataType = Json()

    @classmethod
    @override
    def parse(cls, define: Mapping[str, object]) -> Self:
        """Return the type of the items that `arrayInfo` declares, any if it is unusable."""
        try:
            return cls(item=parse_type(define.get("arrayInfo")))
        except UnusableError:
            return cls()

    @property
    @override
    def example(self) -> object:
        """Return an empty list."""
        return []

    @override
    def to_wire(self, value: object, times: TimeSettings) -> WireValue:
        """Return a list, which may also be given as its JSON text."""
        converted = super().to_wire(value, times)
        if not isinstance(converted, list):
            raise RefusedValueError(Problem.NOT_A_LIST)
        return converted

    @override
    def from_report(self, value: object) -> list[object] | None:
        """Return the state that each item is."""
        if not isinstance(value, list):
            return None
        return [self.item.from_report(item) for item in cast(list[object], value)]


TYPES: Mapping[str, type[DataType]] = {
    "bool": Bool,
    "int": Integer,
    "float": Number,
    "string": Text,
    "enum": Enum,
    "stringenum": Choice,
    "timestamp": Timestamp,
    "struct": Struct,
    "array": Array,
}


def parse_type(define: object) -> DataType:
    """Return the type that a `define` declares, `Json` if it is none that is known.

    Raises UnusableError if no value could ever be sent.
    """
    define = read_mapping(define)
    return TYPES.get(str(define.get("type")).lower(), Json).parse(define)


def parse_parameter(raw: Mapping[str, object], key: str = "define") -> Parameter:
    """Return what has an id, a name, and a type that is declared under a key.

    Raises UnusableError if it has no usable id, or if no value could ever be sent.
    """
    identifier = read_identifier(raw)
    try:
        data_type = parse_type(raw.get(key))
    except UnusableError as err:
        raise UnusableError(f"'{identifier}' {err}") from err
    return Parameter(id=identifier, name=read_name(raw, identifier), type=data_type)


def parse_usable(raw: object, key: str = "define") -> tuple[Parameter, ...]:
    """Return what can be used of up to 100 declarations.

    Of several that have one id the first counts, also if it is unusable.
    """
    found: dict[str, Parameter | None] = {}
    for item in map(read_mapping, read_list(raw)[:_MOST_PARTS]):
        identifier = item.get("id")
        if not is_identifier(identifier) or identifier in found:
            continue
        try:
            found[identifier] = parse_parameter(item, key)
        except UnusableError:
            found[identifier] = None
    return tuple(filter(None, found.values()))


def _round_digits(digits: str) -> int | float:
    """Return the number that digits with a point or an exponent stand for."""
    return round_number(float(digits))
