"""A product's data template: which actions its devices have, parsed and never trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
import re
from typing import cast

from .errors import InvalidDataTemplateError
from .identifiers import is_identifier
from .limits import distance, parse_limit, parse_limits
from .texts import DEEPEST, clean_text, decode_json, is_too_deep, readable, shorten

_MOST_ACTIONS = 1000
_MOST_PARAMETERS = 100
_MOST_CHOICES = 1000
_LONGEST_NAME = 255
_LONGEST_UNIT = 128
_LONGEST_CHOICE = 1024
_LONGEST_DESCRIPTION = 1024
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)
# How a bool may spell its two keys.
_TRUTHS = {"0": "0", "1": "1", "false": "0", "true": "1"}


class DataType(StrEnum):
    """The types of inputs and outputs; RAW stands for any other, passed on as JSON."""

    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    STRING = "string"
    ENUM = "enum"
    STRINGENUM = "stringenum"
    TIMESTAMP = "timestamp"
    STRUCT = "struct"
    ARRAY = "array"
    RAW = "raw"


NUMBERS = (DataType.INT, DataType.FLOAT)
CHOICES = (DataType.BOOL, DataType.ENUM, DataType.STRINGENUM)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """An input or output of a device action.

    `minimum` and `maximum` bound a number's value or a text's length, `choices` are the
    labels of a choice by its key; each is empty where the template states none that is
    usable. `is_secret` says that a value must not be shown, which no template tells.
    """

    id: str
    name: str
    type: DataType
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    start: float | None = None
    unit: str = ""
    is_secret: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the name together with the id."""
        return _label(self.name, self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceAction:
    """Something that each device of the product can be told to do."""

    id: str
    name: str
    description: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]

    @property
    def label(self) -> str:
        """Return the name together with the id."""
        return _label(self.name, self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class DataTemplate:
    """The actions of a product by their id, and the unusable ones with the reason.

    Of several that have one id the first counts, also if it is unusable.
    """

    actions: Mapping[str, DeviceAction]
    unusable: Mapping[str, str]


class _UnusableError(Exception):
    """A part of the data template cannot be used; the text says why."""


def parse_data_template(model_define: str) -> DataTemplate:
    """Return the actions that a ModelDefine declares.

    A limit that makes no sense is no limit, an action that makes none is left out and
    stands in `unusable`. Raises InvalidDataTemplateError if nothing can be read at all.
    Source: Tencent Cloud document 1081/44921 and the templates of its device SDKs.
    """
    try:
        document = decode_json(model_define)
    except ValueError as err:
        raise InvalidDataTemplateError("the data template is not JSON") from err
    if not isinstance(document, dict):
        raise InvalidDataTemplateError("the data template is not a JSON object")
    actions: dict[str, DeviceAction] = {}
    unusable: dict[str, str] = {}
    for position, raw in enumerate(_list(document.get("actions")), start=1):
        if position > _MOST_ACTIONS:
            unusable[f"number {position} and all after it"] = (
                f"a product may have {_MOST_ACTIONS} at most"
            )
            break
        name = _name_for_log(raw, position)
        if name in actions or name in unusable:
            unusable.setdefault(name, "another action has the same id")
            continue
        try:
            actions[name] = _parse_action(_mapping(raw, "it is not an object"))
        except _UnusableError as err:
            unusable[name] = str(err)
    return DataTemplate(actions=actions, unusable=unusable)


def _label(name: str, identifier: str) -> str:
    """Return a name together with an id that is another."""
    return name if name == identifier else f"{name} ({identifier})"


def _name_for_log(raw: object, position: int) -> str:
    """Return what an unusable action is called: its id, or its place in the list."""
    identifier = raw.get("id") if isinstance(raw, dict) else None
    if is_identifier(identifier):
        return identifier
    if isinstance(identifier, str) and identifier:
        return f"number {position} ({readable(identifier)})"
    return f"number {position}"


def _parse_action(raw: Mapping[str, object]) -> DeviceAction:
    """Return one action."""
    if is_too_deep(raw):
        raise _UnusableError(f"it is nested more than {DEEPEST} levels deep")
    identifier = _identifier(raw)
    return DeviceAction(
        id=identifier,
        name=_name(raw, identifier),
        description=_short(raw.get("desc"), _LONGEST_DESCRIPTION),
        inputs=_parse_parameters(raw.get("input")),
        outputs=_parse_parameters(raw.get("output")),
    )


def _parse_parameters(raw: object) -> tuple[Parameter, ...]:
    """Return the inputs or outputs of an action, in the template's order."""
    parameters: dict[str, Parameter] = {}
    items = _list(raw)
    if len(items) > _MOST_PARAMETERS:
        raise _UnusableError(f"it has more than {_MOST_PARAMETERS} inputs or outputs")
    for item in items:
        parameter = _parse_parameter(_mapping(item, "an input or output is no object"))
        if parameter.id in parameters:
            raise _UnusableError(f"'{parameter.id}' is declared twice")
        parameters[parameter.id] = parameter
    return tuple(parameters.values())


def _parse_parameter(raw: Mapping[str, object]) -> Parameter:
    """Return one input or output."""
    identifier = _identifier(raw)
    name = _name(raw, identifier)
    define = raw.get("define")
    define = cast(Mapping[str, object], define) if isinstance(define, dict) else {}
    declared = str(define.get("type")).lower()
    data_type = DataType(declared) if declared in DataType else DataType.RAW
    if data_type in CHOICES:
        data_type, choices = _choices(data_type, define.get("mapping"), identifier)
        return Parameter(id=identifier, name=name, type=data_type, choices=choices)
    if data_type in NUMBERS or data_type is DataType.STRING:
        return _with_limits(identifier, name, data_type, define)
    return Parameter(id=identifier, name=name, type=data_type)


def _with_limits(
    identifier: str, name: str, data_type: DataType, define: Mapping[str, object]
) -> Parameter:
    """Return a number or a text with those of its limits that make sense."""
    minimum, maximum = parse_limits(define)
    if data_type is DataType.STRING:
        if maximum is not None and maximum < 1:
            minimum = maximum = None
        if minimum is not None and minimum < 0:
            minimum = None
        return Parameter(
            id=identifier, name=name, type=data_type, minimum=minimum, maximum=maximum
        )
    step, start = parse_limit(define.get("step")), parse_limit(define.get("start"))
    if step is not None and (step <= 0 or step > distance(minimum, maximum)):
        step = None
    if data_type is DataType.INT:
        step = step if isinstance(step, int) else 1
        start = start if isinstance(start, int) else None
    if start is not None and (
        (minimum is not None and start < minimum)
        or (maximum is not None and start > maximum)
    ):
        start = None
    return Parameter(
        id=identifier,
        name=name,
        type=data_type,
        minimum=minimum,
        maximum=maximum,
        step=step,
        start=start,
        unit=""
        if define.get("unit") == "undefined"
        else _short(define.get("unit"), _LONGEST_UNIT),
    )


def _choices(
    data_type: DataType, mapping: object, identifier: str
) -> tuple[DataType, Mapping[str, str]]:
    """Return the labels by key, of those keys that can be sent, and what is sent.

    A bool that has other keys than those of a bool is a choice of texts.
    """
    mapping = mapping if isinstance(mapping, dict) else {}
    if len(mapping) > _MOST_CHOICES:
        raise _UnusableError(f"'{identifier}' has more than {_MOST_CHOICES} choices")
    choices = {
        key: _short(label, _LONGEST_CHOICE) or key
        for key, label in cast(Mapping[str, object], mapping).items()
        if 0 < len(key) <= _LONGEST_CHOICE and key.isprintable()
    }
    if data_type is DataType.BOOL:
        truths = {_TRUTHS.get(key.lower()): label for key, label in choices.items()}
        if None in truths:
            return DataType.STRINGENUM, choices
        return DataType.BOOL, {key: truths.get(key, key) for key in ("0", "1")}
    if data_type is DataType.ENUM:
        choices = {
            key: text for key, text in choices.items() if _INTEGER.fullmatch(key)
        }
    if not choices:
        raise _UnusableError(f"'{identifier}' has no choices")
    return data_type, choices


def _identifier(raw: Mapping[str, object]) -> str:
    """Return an id byte for byte."""
    identifier = raw.get("id")
    if is_identifier(identifier):
        return identifier
    if identifier in (None, ""):
        raise _UnusableError("an id is missing")
    raise _UnusableError(
        f"'{readable(identifier)}' is no id: it must be a text of at most 128 letters, "
        "digits, _ and -"
    )


def _name(raw: Mapping[str, object], identifier: str) -> str:
    """Return a name; one that is cut has the id, which tells it apart from others."""
    name = clean_text(raw.get("name")).strip() or identifier
    if len(name) <= _LONGEST_NAME:
        return name
    mark = f" ({identifier})"
    return f"{shorten(name, _LONGEST_NAME - len(mark))}{mark}"


def _short(value: object, most: int) -> str:
    """Return a text that is not too long to be shown, empty for anything else."""
    return shorten(clean_text(value).strip(), most)


def _mapping(value: object, problem: str) -> Mapping[str, object]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise _UnusableError(problem)
    return cast(Mapping[str, object], value)


def _list(value: object) -> list[object]:
    """Return a list, an empty one for anything else."""
    return cast(list[object], value) if isinstance(value, list) else []
